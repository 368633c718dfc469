"""What can be turned in a scenario as a whole: envelopes, growth, the economy, oversight, readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import param

from ..scenario import READINGS, Scenario
from ..scenario_file.draft import Draft
from .adjustable import WHOLE, Adjustable
from .numbers import mapping, numbers_at
from .titles import NUMBERS, titles_of


def of_the_whole(scenario: Scenario, data: Mapping[Any, Any], draft: Draft) -> Iterator[Adjustable]:
    envelopes = mapping(data.get("envelopes"))
    yield from numbers_at("envelopes.total", envelopes, "total", WHOLE, "envelope", NUMBERS["total"], "万元")
    for category, title in scenario.categories.items():
        named = draft.law.categories.get(category)
        titles = (title, named.title_en if named else category)
        below = mapping(envelopes.get("categories"))
        if below.get(category) not in (None, "none"):
            yield from numbers_at(
                f"envelopes.categories.{category}", below, category, WHOLE, "envelope", titles, "万元"
            )
    for name in ("forward_cover", "pooling", "refill"):
        value = getattr(scenario.envelopes, name)
        yield _flag(f"envelopes.{name}", "envelope", name, value)
    yield from numbers_at(
        "growth", data, "growth", WHOLE, "assumption", ("申报年增长率", "growth of demand a year"), "%"
    )
    economy = mapping(data.get("economy"))
    yield from numbers_at("economy.log_sd", economy, "log_sd", WHOLE, "assumption", NUMBERS["log_sd"], "", economy)
    yield _flag("doubt", "assumption", "doubt", scenario.has_doubt)
    oversight = mapping(data.get("oversight"))
    for name in oversight:
        if name == "is_on":
            continue
        unit = "年" if name.endswith("_years") else "%"
        yield from numbers_at(f"oversight.{name}", oversight, name, WHOLE, "oversight", titles_of(name), unit)
    yield _flag("oversight.is_on", "oversight", "is_on", scenario.oversight.is_on)
    for name, choices in READINGS.items():
        reading = draft.law.readings[name]
        words = {choice.key: (choice.title, choice.title_en) for choice in reading.choices}
        yield Adjustable(
            f"readings.{name}", f"readings.{name}", WHOLE, "reading", reading.title, reading.title_en,
            param.Selector(objects=list(choices)), scenario.readings[name], words=words,
        )  # fmt: skip


def _flag(path: str, part: str, name: str, value: bool) -> Adjustable:
    return Adjustable(path, path, WHOLE, part, *titles_of(name), param.Boolean(value), value)
