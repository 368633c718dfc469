"""Every number and choice a scenario states (指南值与假设), each with its range, source, mark and line, to be read."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..measure import load_measure
from ..modes.support_mode import SupportMode
from ..scenario.distributions import Distribution
from ..scenario.model import READINGS, Item, ScenarioModel
from ..scenario_file.mean_notes import likeliest_and_mean
from ..wording.amounts import decimal, percent
from ..wording.guide_standing import guide_standing
from ..wording.labels import label, section
from ..wording.language import Translator, category_title, item_titles
from ..wording.source_words import source_words

PROVENANCE = ("source", "mark", "range")  # what stands beside a value and is shown beside it
_FILES = ("opening", "registers")  # named, not located: a folder says nothing to a reader
LARGE_SWING = 0.3  # log sd


@dataclass(frozen=True)
class StatedInput:
    """One thing a scenario states. ``value`` is a number where it is one, else words; ``line`` is ``file:line``, or
    says that the value was changed since the file was read: no line has it then.
    """

    group: str
    item: str
    title: str
    path: str
    value: float | str
    range: str = ""
    source: str = ""
    mark: str = ""
    line: str = ""


def assumption_list(scenario: ScenarioModel, language: str = "zh") -> list[StatedInput]:
    """All a scenario states, in the order of a file: the whole, then item by item in order of priority.

    Readings the file does not name are there with their default, without a line.

    Raises:
        FaultyInput: there is no such language.
    """
    return list(_Reader(scenario, Translator(language)).everything())


class _Reader:
    def __init__(self, scenario: ScenarioModel, say: Translator):
        self.scenario, self.say = scenario, say
        self.titles = item_titles(scenario, say)
        self._words: Mapping[str, str] = {}  # what keys of the item that is read are called

    def everything(self) -> Iterator[StatedInput]:
        raw = self.scenario.raw
        for key in ("doubt", "growth", "economy", "tolerated_loss", "opening", "in_force"):
            if key in raw:
                yield self._row("whole", (key,), raw[key])
        if self.scenario.guide_life is not None:
            row = self._row("whole", ("guide",), "", label("guide", self.say, "parts"))
            yield replace(row, value=guide_standing(self.scenario, self.say))
        for key, pool in _mapping(raw.get("pools")).items():
            title = str(_mapping(pool).get("title", key))
            rest = {k: v for k, v in pool.items() if k != "title"} if isinstance(pool, Mapping) else pool
            yield self._row("pools", ("pools", key), rest, title)
        yield from self._envelopes(_mapping(raw.get("envelopes")))
        for key, value in _mapping(raw.get("oversight")).items():
            yield self._row("oversight", ("oversight", key), value)
        yield from self._payment_months(_mapping(raw.get("payment_months")))
        yield from self._readings()
        for item in self.scenario.items:
            yield from self._item(item, _mapping(_mapping(raw.get("items")).get(item.key)))

    def _envelopes(self, envelopes: Mapping[Any, Any]) -> Iterator[StatedInput]:
        for key, value in envelopes.items():
            if key != "categories":
                yield self._row("envelopes", ("envelopes", key), value)
        for key, value in _mapping(envelopes.get("categories")).items():
            title = category_title(self.scenario, key, self.say) if key in self.scenario.categories else str(key)
            yield self._row("envelopes", ("envelopes", "categories", key), value, title)

    def _payment_months(self, months: Mapping[Any, Any]) -> Iterator[StatedInput]:
        for key, value in months.items():
            if key != "by_item":
                yield self._row("payment_months", ("payment_months", key), value)
        for key, value in _mapping(months.get("by_item")).items():
            yield self._row("payment_months", ("payment_months", "by_item", key), value, self.titles.get(key, str(key)))

    def _readings(self) -> Iterator[StatedInput]:
        known = load_measure().readings
        for name in READINGS:
            reading, chosen = known[name], self.scenario.readings[name]
            choice = next((c for c in reading.choices if c.key == chosen), None)
            value = self.say(choice.title, choice.title_en) if choice else chosen
            row = self._row("readings", ("readings", name), value, self.say(reading.title, reading.title_en))
            default = self.say("默认口径", "the default")
            yield row if row.line else StatedInput(row.group, "", row.title, row.path, row.value, source=default)

    def _item(self, item: Item, raw: Mapping[Any, Any]) -> Iterator[StatedInput]:
        base, mode = ("items", item.key), next(iter(item.modes.values()))
        self._words = self._words_of(item, mode)
        for key in ("category", "mode"):
            if key in raw:
                yield self._row("guide", (*base, key), self._titled(key, raw[key]), item=item)
        for term, value in _mapping(raw.get("guide")).items():
            known, english = section("parameters").get(str(term)), str(term).replace("_", " ")
            chinese = mode.param[term].label if term in mode.param else None
            named = known.titles if known else (str(chinese or term), english)
            yield self._row("guide", (*base, "guide", term), value, self.say(*named), item)
        for key, cap in _mapping(raw.get("caps")).items():
            title = str(_mapping(cap).get("title", key))
            yield self._row("caps", (*base, "caps", key), cap, title, item)
        yield from self._assumptions(item, _mapping(raw.get("assumptions")))

    def _words_of(self, item: Item, mode: SupportMode) -> dict[str, str]:
        """What an item's columns, what may stand in them, and its tiers are called; modes name them in Chinese."""
        columns = (*mode.columns, *(drawn.column for drawn in (*item.columns, *item.item_columns)))
        named = {column.name: column.header for column in columns}
        named |= {key: title for column in columns for key, title in column.choices.items()}
        named |= getattr(mode, "tier_titles", {})
        return {key: self.say(title, _english(key)) for key, title in named.items()}

    def _titled(self, key: str, value: Any) -> Any:
        """The title of a category, a form of support or a pool; what has none as it stands."""
        if key == "category" and value in self.scenario.categories:
            return category_title(self.scenario, str(value), self.say)
        if key == "mode":
            modes = (mode for item in self.scenario.items for mode in item.modes.values())
            found = next((mode for mode in modes if mode.key == value), None)
            return self.say(found.title, found.title_en or found.key) if found else value
        if key == "pool":
            return _mapping(_mapping(self.scenario.raw.get("pools")).get(value)).get("title", value)
        return value

    def _assumptions(self, item: Item, raw: Mapping[Any, Any]) -> Iterator[StatedInput]:
        base = ("items", item.key, "assumptions")
        distributions = {one.column.name: one.distribution for one in (*item.columns, *item.item_columns)}
        for key, value in raw.items():
            if key not in ("columns", "item_columns"):
                yield self._row("assumptions", (*base, key), self._titled(key, value), item=item)
                continue
            for name, column in _mapping(value).items():
                row = self._row("assumptions", (*base, key, name), column, self._word(name), item)
                yield replace(row, range=self._range(column, distributions.get(name)))

    def _row(
        self, group: str, keys: tuple[Any, ...], node: Any, title: str = "", item: Item | None = None
    ) -> StatedInput:
        """One value with its provenance; a value, range, source or mark is taken out of a mapping."""
        about = _mapping(node)
        value = node
        if about:
            value = {key: part for key, part in about.items() if key not in PROVENANCE}
            value = next(iter(value.values())) if set(value) in ({"value"}, {"fixed"}) else value
        if keys[-1] in _FILES:
            value = _names_only(value)
        if keys[-1] == "cases" and isinstance(value, list):
            value = self.say("；", "; ").join(self._case(_mapping(case)) for case in value)
        path = ".".join(map(str, keys))
        is_changed = self.scenario.is_changed_at(path)
        source = source_words(str(about.get("source") or ""), self.say)
        return StatedInput(
            group=label(group, self.say, "parts"),
            item=self.titles[item.key] if item else "",
            title=title or label(str(keys[-1]), self.say, "parameters"),
            path=path,
            value=value if _is_number(value) else self._in_words(value),
            range=self._range(node),
            source=source or (label("no_source", self.say, "notes") if is_changed else ""),
            mark=str(about.get("mark") or ""),
            line=label("changed", self.say, "notes") if is_changed else str(self.scenario.places.get(keys, "")),
        )

    def _range(self, node: Any, distribution: Distribution | None = None) -> str:
        """The doubt about a number, with its likeliest value and the mean where they are not the same; of a column what
        is drawn on average.
        """
        say, span = self.say, _mapping(node).get("range")
        words = " – ".join(map(self._in_words, span)) if isinstance(span, list) else ""
        found = likeliest_and_mean(node) if self.scenario.has_doubt else None
        if found:
            value, mean = (f"{one:.4g}" for one in found)
            return words + say(f"（众数{value}，均值{mean}）", f" (mode {value}, mean {mean})")
        if distribution is not None and distribution.below_zero:
            share, mean = percent(distribution.below_zero), f"{distribution.mean:.4g}"
            return say(f"{share}低于0，按0计；均值{mean}", f"{share} below 0, taken as 0; mean {mean}")
        return words

    def _in_words(self, value: Any) -> str:
        """A value of any form on one line: ``lognormal: median 200, sigma 0.8``, ``2026: 400, 2027: 350``."""
        if isinstance(value, bool):
            return self.say("是", "yes") if value else self.say("否", "no")
        if _is_number(value):
            return f"{value:.10g}"
        if isinstance(value, Mapping) and "range" in value and _is_number(value.get("value", 1.0)):
            rest = {key: part for key, part in value.items() if key != "range"}
            return f"{self._in_words(rest)}{self.say('，', ', ')}{self._word('range')} {self._range(value)}"
        if isinstance(value, Mapping):
            return self.say("，", ", ").join(
                self._part(key, part) for key, part in value.items() if key not in ("source", "mark")
            )
        if isinstance(value, list):
            return self.say("；", "; ").join(map(self._in_words, value))
        if value in (None, "none"):
            return self.say("无", "none")
        return self._word(value)

    def _case(self, case: Mapping[Any, Any]) -> str:
        """A named case (个案) in words: ``中试平台，2027年，1,200万元，概率60%，承担单位…``."""
        say, amount = self.say, case.get("amount")
        chance = percent(float(case["probability"])) if _is_number(case.get("probability")) else ""
        amounts = f"{amount:,.10g}万元" if _is_number(amount) else self._in_words(amount) if amount is not None else ""
        parts = {
            "name": str(case.get("name", "")),
            "year": say(f"{case.get('year')}年", str(case.get("year"))) if "year" in case else "",
            "amount": amounts,
            "probability": say(f"概率{chance}", f"probability {chance}") if chance else "",
            "applicant": say(f"承担单位{case['applicant']}", f"by {case['applicant']}") if "applicant" in case else "",
        }
        rest = (self._part(key, value) for key, value in case.items() if key not in (*parts, "source", "mark"))
        return say("，", ", ").join(part for part in (*parts.values(), *rest) if part)

    def _word(self, value: Any) -> str:
        """A word of the file by its title; what has none as it stands."""
        if value in self._words:
            return self._words[value]
        for of in ("choices", "shapes", "forms"):
            if value in section(of):
                return label(value, self.say, of)
        return str(value)

    def _swing(self, log_sd: float) -> str:
        """How far a level swings: ``约±10%（对数标准差0.1）``; from 0.3 on by the factor, for ± no longer says it."""
        about = f"±{percent(log_sd)}"
        if log_sd >= LARGE_SWING:
            about = self.say("{}–{}倍", "{}–{} times").format(decimal(math.exp(-log_sd)), decimal(math.exp(log_sd)))
        return self.say(f"约{about}（对数标准差{log_sd:.10g}）", f"about {about} (log sd {log_sd:.10g})")

    def _part(self, key: Any, value: Any) -> str:
        if key == "log_sd" and _is_number(value):
            return self._swing(value)
        name = self._word(key)
        if isinstance(value, Mapping | list):
            return self.say(f"{name}（{self._in_words(value)}）", f"{name} ({self._in_words(value)})")
        return f"{name} {self._in_words(value)}"


def _english(key: str) -> str:
    """A key as English words, an amount with its unit."""
    words = key.removesuffix("_wan").replace("_", " ")
    return f"{words}, 万元" if key.endswith("_wan") else words


def _names_only(value: Any) -> Any:
    """Files by their name alone."""
    if isinstance(value, Mapping):
        return {key: _names_only(part) for key, part in value.items()}
    return Path(value).name if isinstance(value, str) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _mapping(node: Any) -> Mapping[Any, Any]:
    return node if isinstance(node, Mapping) else {}
