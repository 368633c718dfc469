"""Ticks of an axis along an adjustable value: at round numbers, 8,000 and 8,500, as a reader counts."""

from __future__ import annotations

import math

import param

from ..adjustable.adjustable import Adjustable
from ..whatif.seek import amount

STEPS = (1, 2, 5)  # times a power of ten


def round_ticks(least: float, most: float, one: Adjustable, count: int) -> list[tuple[float, str]]:
    """At most so many ticks from one end to the other, whole numbers where the value is one; the one end alone where
    the ends are the same.
    """
    if most <= least:
        return [(least, amount(least, one.unit))]
    power = math.floor(math.log10((most - least) / count))
    if isinstance(one.parameter, param.Integer):
        power = max(0, power)
    for step in (part * 10.0**at for at in range(power, power + 3) for part in STEPS):
        first, last = math.ceil(round(least / step, 9)), math.floor(round(most / step, 9))
        if last - first < count:
            break
    return [(at, amount(at, one.unit)) for at in (round(n * step, 12) for n in range(first, last + 1))]
