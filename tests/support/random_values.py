"""Values that a control of the desk could be set to."""

from __future__ import annotations

import random
from typing import Any

import param

from changji_sim.adjustable import Adjustable


def random_value(one: Adjustable, random_: random.Random) -> Any:
    """A value that a widget for this thing could be set to."""
    parameter = one.parameter
    if isinstance(parameter, param.Selector):
        return random_.choice(list(parameter.objects))
    if isinstance(parameter, param.Boolean):
        return random_.random() < 0.5
    if isinstance(parameter, param.List):
        return random_.sample(one.value, len(one.value))
    low, high = parameter.softbounds or parameter.bounds
    high = one.law if one.law is not None else high
    if isinstance(parameter, param.Integer):
        return random_.randint(int(low), int(high))
    return round(random_.uniform(low, high), 4)
