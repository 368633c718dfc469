"""A value that begins later: the years before keep what the file it extends says (``{2028: 300}`` over ``400``).

>>> overlaid(400, {2028: 300}, 2026)
{2026: 400, 2027: 400, 2028: 300}
>>> overlaid({"value": {2026: 20, 2027: 25}, "mark": "A"}, {"value": {2028: 30}, "source": "x"}, 2026)
{'value': {2026: 20, 2027: 25, 2028: 30}, 'source': 'x'}
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..base.by_year import is_by_year, latest
from ..base.units import MOST_WAN

YUAN_A_WAN = 10_000
PARTS = ("value", "share")  # under which a value by year stands beside its source
MOST_YEARS = 50  # so many are filled in at most: a later year is a slip, and is refused where it is read


def overlaid(old: Any, new: Any, first: int) -> Any:
    """``new`` in the place of ``old``: the years before the first that ``new`` names keep those of ``old``.

    Args:
        old: what the file it extends says, in the form of a scenario file: a number, one a year, ``{value: …}`` with
            its growth, ``{share: …}`` of the total.
        new: what takes its place; anything but values by year takes it whole.
        first: the first year of the measure.
    """
    if is_by_year(new):
        return {**_earlier(old, new, first), **new}
    if not isinstance(new, Mapping):
        return new
    part = next((key for key in PARTS if is_by_year(new.get(key))), None)
    if part is not None:
        return _explained(_earlier(old, new[part], first), new, part)
    if isinstance(old, Mapping) and not is_by_year(old):
        return {key: overlaid(old[key], value, first) if key in old else value for key, value in new.items()}
    return new


def _explained(earlier: Mapping[int, Any], new: Mapping[Any, Any], part: str) -> dict[Any, Any]:
    """A value by year with its source, and the earlier years; an amount beside a share makes all of them amounts."""
    if part == "value":
        return {**new, "value": {**earlier, **new["value"]}}
    if all(_is_share(entry) for entry in earlier.values()):
        return {**new, "share": {**{year: entry["share"] for year, entry in earlier.items()}, **new["share"]}}
    shares = {year: {"share": share} for year, share in new["share"].items()}
    return {"value": {**earlier, **shares}, **{key: about for key, about in new.items() if key != "share"}}


def _earlier(old: Any, new: Mapping[int, Any], first: int) -> dict[int, Any]:
    """What ``old`` says of each year before the first that ``new`` names."""
    years = range(first, min(min(new), first + MOST_YEARS))
    said = {year: entry_of(old, year, first) for year in years}
    return {year: copy.deepcopy(entry) for year, entry in said.items() if entry is not None}  # a file has no aliases


def entry_of(node: Any, year: int, first: int) -> Any:
    """What the value of a scenario file says of one year, ``{share: …}`` for a share; None where it says nothing."""
    if node is None or node == "none":
        return None
    if is_by_year(node):
        return latest(node, year) if min(node) <= year else None
    if isinstance(node, Mapping) and "share" in node:
        share = entry_of(node["share"], year, first)
        return None if share is None else {"share": share}
    if isinstance(node, Mapping) and "value" in node:
        value = entry_of(node["value"], year, first)
        since = max(y for y in node["value"] if y <= year) if value is not None and is_by_year(node["value"]) else first
        return _after_growth(value, node.get("growth"), year - since)
    return node


def _after_growth(value: Any, growth: Any, years: int) -> Any:
    """An amount that has grown; what is no amount is left as it is, and refused where it is read."""
    is_number = all(isinstance(n, int | float) and not isinstance(n, bool) for n in (value, growth))
    return grown(value, growth, years) if is_number and 0 <= value <= MOST_WAN and -1 <= growth <= 10 else value


def grown(amount: float, growth: float, years: int) -> float:
    """An envelope (预算额度) after so many years of growth, 万元, in whole yuan."""
    return min(whole_yuan(amount * (1 + growth) ** years), MOST_WAN)


def whole_yuan(wan: float) -> float:
    """An amount in 万元 rounded down to whole yuan; 29% of 100 yuan is 29."""
    return math.floor(wan * YUAN_A_WAN * (1 + 2**-49)) / YUAN_A_WAN


def _is_share(entry: Any) -> bool:
    return isinstance(entry, Mapping) and set(entry) == {"share"}


def filled(data: Any, keys: Sequence[Any], value: Any, first: int) -> Any:
    """What is written at ``keys`` of a file's data to change it to ``value``: the years before keep what it says."""
    if not isinstance(value, Mapping):
        return value
    if keys[-1] in PARTS:
        return overlaid(_at(data, keys[:-1]), {keys[-1]: value}, first).get(keys[-1], value)
    return overlaid(_at(data, keys), value, first)


def _at(node: Any, keys: Sequence[Any]) -> Any:
    for key in keys:
        if isinstance(node, Mapping):
            node = node.get(key)
        elif isinstance(node, list) and isinstance(key, int) and key < len(node):
            node = node[key]
        else:
            return None
    return node
