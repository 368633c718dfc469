"""Bounds, ends and steps of sliders."""

from __future__ import annotations

import math
from collections.abc import Callable

import param

from .bounds import ANY, Bounds

WIDE = 3.0  # how far a slider goes where nothing bounds it, times the value
STEPS = 200  # steps of a slider, about


def number_slider(value: float, unit: str, within: Bounds = ANY) -> param.Number:
    """A number that the file gives, of which a slider shows what makes sense and is accepted."""
    low, high, step = _usual(value, unit, within.is_whole)
    if within.least is not None and within.least > low:
        low = max(within.least, low + step)  # the first step of what must be above 0
    high = high if within.most is None else min(high, within.most)
    return _kind(within.is_whole)(
        int(value) if within.is_whole else value,
        bounds=(
            None if within.least is None else min(within.least, value),
            None if within.most is None else max(within.most, value),
        ),
        softbounds=(min(low, value), max(high, value)),
        step=step,
    )


def _usual(value: float, unit: str, is_whole: bool) -> tuple[float, float, float]:
    """Where a slider begins and ends if nothing bounds it, and its step."""
    if is_whole:
        return 0, max(5, int(WIDE * value)), 1
    if unit == "%":
        return (-0.3, 0.6, 0.005) if value < 0 else (0.0, 1.0, 0.005)
    top = WIDE * abs(value) or 10.0
    return 0 if value >= 0 else -round_up(top), round_up(top), nice_step(top)


def number_like(
    parameter: param.Number, value: float | None, unit: str, law: float | None, most: float | None = None
) -> param.Number:
    """A mode's parameter, with the part of it that a slider shows; it may end at ``most``."""
    low, high = parameter.bounds or (None, None)
    if law is not None:
        top = law
    elif high is not None:
        top = high
    else:
        top = round_up(WIDE * value) if value else 500.0 if unit == "万元" else 10.0
    top = top if most is None else min(top, most)
    is_whole = isinstance(parameter, param.Integer)
    step = 1 if is_whole else 0.005 if unit == "%" else nice_step(top)
    return _kind(is_whole)(value, bounds=(low, high), softbounds=(low or 0, top), step=step, allow_None=True)


def _kind(is_whole: bool) -> Callable[..., param.Number]:
    return param.Integer if is_whole else param.Number


def round_up(value: float) -> float:
    """To one or two leading digits, for the end of a slider."""
    size = 10 ** math.floor(math.log10(value)) if value > 0 else 1
    return float(math.ceil(value / size * 2) / 2 * size)


def nice_step(top: float) -> float:
    """A step of 1, 2 or 5 times a power of ten, about `STEPS` to the whole slider."""
    rough = top / STEPS if top > 0 else 1.0
    size = 10 ** math.floor(math.log10(rough))
    return next(size * part for part in (1, 2, 5, 10) if size * part >= rough * 0.999)


def is_rate(parameter: param.Parameter, term: str) -> bool:
    return term.endswith(("_rate", "_share", "_tranche", "_ceiling", "_threshold")) or isinstance(
        parameter, param.Magnitude
    )
