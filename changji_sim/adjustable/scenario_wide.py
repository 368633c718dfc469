"""Adjustable parameters of a scenario as a whole: envelopes, growth, the economy, oversight, readings."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import param

from ..scenario.model import READINGS, ScenarioModel
from ..scenario_file.draft import Draft
from ..wording.labels import titles
from .adjustable import WHOLE, Adjustable
from .bounds import Bounds
from .numbers import GROWTH, mapping, numbers_at
from .sliders import nice_step

NO_TOTAL = 10_000.0  # 万元: the end of a slider where nothing bounds it
ENDINGS = ("violation", "terminated", "closed_early"), ("excellent", "fail")  # of each, one at most comes to pass


def of_the_whole(scenario: ScenarioModel, data: Mapping[Any, Any], draft: Draft) -> Iterator[Adjustable]:
    envelopes = mapping(data.get("envelopes"))
    below = mapping(envelopes.get("categories"))
    amounts = [of for key, of in scenario.envelopes.category_wan.items() if "share" not in mapping(below.get(key))]
    within = Bounds(max(sum(of[year] or 0 for of in amounts) for year in scenario.years))  # at least what is given on
    yield from numbers_at(
        "envelopes.total", envelopes, "total", WHOLE, "envelope", titles("total", "parameters"), "万元", within
    )
    for category, title in scenario.categories.items():
        named = draft.law.categories.get(category)
        names = (title, named.title_en if named else category)
        if below.get(category) not in (None, "none"):
            within = Bounds(0, _left_to(category, scenario, "share" in mapping(below[category])))
            yield from numbers_at(
                f"envelopes.categories.{category}", below, category, WHOLE, "envelope", names, "万元", within
            )
        else:
            yield _no_envelope(category, names, _left_to(category, scenario, False))
    for name in ("forward_cover", "pooling", "refill"):
        value = getattr(scenario.envelopes, name)
        yield _flag(f"envelopes.{name}", "envelope", name, value)
    yield _priority(scenario)
    yield from numbers_at(
        "growth", data, "growth", WHOLE, "assumption", titles("growth_of_demand", "parameters"), "%", GROWTH
    )
    economy = mapping(data.get("economy"))
    yield from numbers_at(
        "economy.log_sd",
        economy,
        "log_sd",
        WHOLE,
        "assumption",
        titles("log_sd", "parameters"),
        "",
        Bounds(0, 3),
        economy,
    )
    yield _flag("doubt", "assumption", "doubt", scenario.has_doubt)
    oversight = mapping(data.get("oversight"))
    for name in oversight:
        if name == "is_on":
            continue
        unit = "年" if name.endswith("_years") else "%"
        within = Bounds(0, 10, is_whole=True) if unit == "年" else Bounds(0, _left_for(name, scenario))
        yield from numbers_at(
            f"oversight.{name}", oversight, name, WHOLE, "oversight", titles(name, "parameters"), unit, within
        )
    yield _flag("oversight.is_on", "oversight", "is_on", scenario.oversight.is_on)
    for name, choices in READINGS.items():
        reading = draft.law.readings[name]
        words = {choice.key: (choice.title, choice.title_en) for choice in reading.choices}
        yield Adjustable(
            f"readings.{name}", f"readings.{name}", WHOLE, "reading", reading.title, reading.title_en,
            param.Selector(objects=list(choices)), scenario.readings[name], words=words,
        )  # fmt: skip


def _no_envelope(category: str, names: tuple[str, str], left: float | None) -> Adjustable:
    """The envelope of a category that has none: it can be set up to what the others leave of the total."""
    path = f"envelopes.categories.{category}"
    top = left or NO_TOTAL
    amount = param.Number(None, bounds=(0, left), softbounds=(0, top), step=nice_step(top), allow_None=True)
    return Adjustable(path, path, WHOLE, "envelope", *names, amount, None, "万元")


def _priority(scenario: ScenarioModel) -> Adjustable:
    """The items in the order in which they are paid for where money is short."""
    order = [item.key for item in scenario.items]
    words = {item.key: (item.title, item.title_en or item.key) for item in scenario.items}
    named = titles("priority", "parameters")
    return Adjustable(
        "priority", "priority", WHOLE, "envelope", *named, param.List(order, item_type=str), order, words=words
    )


def _left_to(category: str, scenario: ScenarioModel, as_share: bool) -> float | None:
    """What the other categories leave of the total in the tightest year; None where there is no total."""
    envelopes, left = scenario.envelopes, []
    for year, total in envelopes.total_wan.items():
        if total is None:
            return None
        others = sum(of[year] or 0 for other, of in envelopes.category_wan.items() if other != category)
        left.append((total - others) / (total or 1) if as_share else total - others)
    return _rounded_down(min(left))


def _left_for(chance: str, scenario: ScenarioModel) -> float:
    """What the other ways in which a project may end leave of 1, in the tightest year."""
    others = [name for names in ENDINGS if chance in names for name in names if name != chance]
    chances = [getattr(scenario.oversight, name) for name in others]
    return _rounded_down(1 - max(sum(one.at(year) for one in chances) for year in scenario.years))


def _rounded_down(value: float) -> float:
    """Without the dust of binary fractions, which would be too much by a hair."""
    return math.floor(value * 1e6 + 1e-3) / 1e6


def _flag(path: str, part: str, name: str, value: bool) -> Adjustable:
    return Adjustable(path, path, WHOLE, part, *titles(name, "parameters"), param.Boolean(value), value)
