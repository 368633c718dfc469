"""Bounds, ends and steps of sliders."""

from __future__ import annotations

import math

import param

WIDE = 3.0  # how far a slider goes where nothing bounds it, times the value
STEPS = 200  # steps of a slider, about


def free(value: float, unit: str, is_whole: bool = False) -> param.Number:
    """A number that nothing but sense bounds."""
    if is_whole:
        return param.Integer(int(value), bounds=(0, None), softbounds=(0, max(5, int(WIDE * value))))
    if unit == "%":
        low, high = (-0.3, 0.6) if value < 0 else (0.0, 1.0)
        return param.Number(value, bounds=(min(low, value), max(high, value)), softbounds=(low, high), step=0.005)
    top = WIDE * abs(value) or 10.0
    return param.Number(value, bounds=(0, None), softbounds=(0, round_up(top)), step=nice_step(top))


def number_like(parameter: param.Number, value: float | None, unit: str, law: float | None) -> param.Number:
    """A mode's parameter, with the part of it that a slider shows."""
    low, high = parameter.bounds or (None, None)
    if law is not None:
        top = law
    elif high is not None:
        top = high
    else:
        top = round_up(WIDE * value) if value else 500.0 if unit == "万元" else 10.0
    kind = param.Integer if isinstance(parameter, param.Integer) else param.Number
    step = 1 if kind is param.Integer else 0.005 if unit == "%" else nice_step(top)
    return kind(
        value, bounds=(low, high), softbounds=(0 if low is None else min(low, 0) or 0, top), step=step, allow_None=True
    )


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
