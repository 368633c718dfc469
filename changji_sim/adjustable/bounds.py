"""How far a number can go (两端): what the file accepts of it beside the numbers that it stands with."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..modes.support_mode import Column

ABOVE_ZERO = 1e-9
BELOW_ONE = 0.995
SIGMAS = 0.05, 5.0  # one of 0 is no distribution any more
WIDEST = 0.9  # of the sd that a beta of this mean stays below: at the end itself all lies at 0 and 1


class Bounds(NamedTuple):
    """The least and the most that is accepted; None where nothing bounds it."""

    least: float | None = 0
    most: float | None = None
    is_whole: bool = False


ANY = Bounds()


def bounds_of(keys: Sequence[Any], spec: Any, column: Column) -> Bounds:
    """The ends of one number of a column's distribution, which stands at ``keys`` of ``spec``."""
    beside = at(spec, keys[:-1])
    match tuple(keys[-2:]):
        case ("chance",):
            return Bounds(0, 1)
        case ("level",):
            return Bounds(0, 1000)
        case ("fixed",):
            return _of_values(spec, column)._replace(is_whole=column.kind == "whole")
        case ("uniform" | "triangular", int(place)):
            apart = (beside[-1] - beside[0]) / 100 if len(keys) > 2 else 0  # each part of a mixture has a density
            return _between(beside, place, *_of_values(spec, column)[:2], apart)
        case ("month", int(place)):
            return _between(beside, place, 1, 12)._replace(is_whole=True)
        case ("lognormal", "sigma"):
            return Bounds(*SIGMAS)
        case ("lognormal", _) | ("normal", "sd"):
            return Bounds(ABOVE_ZERO)
        case ("normal", "mean"):
            return Bounds(None)
        case ("beta", "mean"):
            return _mean_of_beta(beside["sd"])
        case ("beta", "sd"):
            mean = beside["mean"]
            return Bounds(ABOVE_ZERO, _down(WIDEST * math.sqrt(mean * (1 - mean))))
        case ("waiting", "within"):
            return Bounds(1, is_whole=True)
        case ("waiting", "probability"):
            return Bounds(0, BELOW_ONE)
        case ("choice", key):
            return _weight([weight for other, weight in beside.items() if other != key])
        case (int(place), "weight"):
            parts = at(spec, keys[:-2])
            return _weight([part["weight"] for number, part in enumerate(parts) if number != place])
    return ANY


def at(node: Any, keys: Sequence[Any]) -> Any:
    """What stands at these keys, one below the other."""
    for key in keys:
        node = node[key]
    return node


def _of_values(spec: Mapping[Any, Any], column: Column) -> Bounds:
    """What a value drawn may be: a share, an amount that others are added to, else what the column allows."""
    if spec.get("share_of"):
        return Bounds(0, 1)
    if spec.get("added_to") or spec.get("level"):
        return ANY
    if column.kind == "choice":
        return Bounds(0, len(column.choices) - 1, is_whole=True)
    return Bounds(*column.bounds)


def _between(values: Sequence[float], place: int, least: float | None, most: float | None, apart: float = 0) -> Bounds:
    """Values that ascend: each ends at its neighbours."""
    before = values[place - 1] + apart if place else least
    return Bounds(before, values[place + 1] - apart if place + 1 < len(values) else most)


def _mean_of_beta(sd: float) -> Bounds:
    away = math.sqrt(max(1 - 4 * (sd / WIDEST) ** 2, 0)) / 2  # from one half, where mean·(1−mean) is the square of sd
    return Bounds(1 - _down(0.5 + away), _down(0.5 + away))


def _weight(others: Sequence[float]) -> Bounds:
    """All weights together are more than 0."""
    return Bounds(0 if sum(others) > 0 else ABOVE_ZERO, 1)


def _down(share: float) -> float:
    return math.floor(share * 1000) / 1000
