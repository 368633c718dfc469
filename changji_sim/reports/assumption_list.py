"""Every number and choice a scenario states (指南值与假设), each with its range, source, mark and line, to be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..adjustable.titles import NUMBERS, SHAPES, WORDS
from ..measure import load_measure
from ..scenario.model import READINGS, Item, ScenarioModel
from ..wording.language import CHANGED, NO_SOURCE, Translator, category_title, item_titles

GROUPS = {
    "whole": ("总体", "whole"),
    "pools": ("申报单位库", "pools of applicants"),
    "envelopes": ("预算额度", "envelopes"),
    "oversight": ("监督检查", "oversight"),
    "readings": ("条文理解", "readings"),
    "guide": ("指南", "guide"),
    "caps": ("自设上限", "caps of one's own"),
    "assumptions": ("假设", "assumptions"),
}
TITLES = {
    **NUMBERS,
    "economy": ("经济形势的波动", "swing of the economy"),
    "opening": ("期初台账", "opening position"),
    "in_force": ("施行期", "days in force"),
    "category": ("所属专项", "category"),
    "mode": ("支持方式", "mode"),
    "pool": ("申报单位库", "pool of applicants"),
    "count": ("申报数的分布", "how the number of applications varies"),
    "distinct": ("同一单位不重复申报", "nobody applies twice"),
    "economy_elasticity": ("随经济形势变动的程度", "elasticity to the economy"),
    "other_claimants": ("可能申报的买方", "possible applicants among buyers"),
    "platform_pool": ("平台库", "pool of platforms"),
    "tiers": ("各档数量", "number by tier"),
    "cases": ("个案", "named cases"),
    "registers": ("真实申报", "real applications"),
}
FORMS = {  # the words of a distribution, a pool, an envelope
    **SHAPES,
    "lognormal": ("对数正态", "lognormal"),
    "uniform": ("均匀", "uniform"),
    "triangular": ("三角", "triangular"),
    "normal": ("正态", "normal"),
    "beta": ("贝塔", "beta"),
    "mixture": ("混合", "mixture"),
    "choice": ("各类占比", "choice"),
    "waiting": ("等待年数", "waiting"),
    "month": ("月份", "month"),
    "share_of": ("乘以", "share of"),
    "added_to": ("加上", "added to"),
    "level": ("总体水平", "level"),
    "range": ("范围", "range"),
    "value": ("取值", "value"),
    "growth": ("年增长率", "growth a year"),
    "share": ("占总额度", "share of the total"),
    "size": ("家数", "size"),
    "kind": ("类型", "kind"),
    "groups": ("集团数", "groups"),
    "group_size": ("每个集团家数", "in each group"),
    "enterprise": ("企业", "enterprise"),
    "institute": ("事业单位", "institute"),
}
PROVENANCE = ("source", "mark", "range")  # what stands beside a value and is shown beside it
_FILES = ("opening", "registers")  # named, not located: a folder says nothing to a reader


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

    def everything(self) -> Iterator[StatedInput]:
        raw = self.scenario.raw
        for key in ("doubt", "growth", "economy", "tolerated_loss", "opening", "in_force"):
            if key in raw:
                yield self._row("whole", (key,), raw[key])
        for key, pool in _mapping(raw.get("pools")).items():
            title = str(_mapping(pool).get("title", key))
            rest = {k: v for k, v in pool.items() if k != "title"} if isinstance(pool, Mapping) else pool
            yield self._row("pools", ("pools", key), rest, title)
        yield from self._envelopes(_mapping(raw.get("envelopes")))
        for key, value in _mapping(raw.get("oversight")).items():
            yield self._row("oversight", ("oversight", key), value)
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

    def _readings(self) -> Iterator[StatedInput]:
        known = load_measure().readings
        for name in READINGS:
            reading, chosen = known[name], self.scenario.readings[name]
            choice = next((c for c in reading.choices if c.key == chosen), None)
            value = self.say(choice.title, choice.title_en) if choice else chosen
            row = self._row("readings", ("readings", name), value, self.say(reading.title, reading.title_en))
            default = self.say("默认理解", "the default")
            yield row if row.line else StatedInput(row.group, "", row.title, row.path, row.value, source=default)

    def _item(self, item: Item, raw: Mapping[Any, Any]) -> Iterator[StatedInput]:
        base = ("items", item.key)
        for key in ("category", "mode"):
            if key in raw:
                yield self._row("guide", (*base, key), raw[key], item=item)
        mode = next(iter(item.modes.values()))
        for term, value in _mapping(raw.get("guide")).items():
            label = mode.param[term].label if term in mode.param else None
            english = str(term).replace("_", " ")
            titles = TITLES[term] if term in TITLES else (str(label or term), english)
            yield self._row("guide", (*base, "guide", term), value, self.say(*titles), item)
        for key, cap in _mapping(raw.get("caps")).items():
            title = str(_mapping(cap).get("title", key))
            yield self._row("caps", (*base, "caps", key), cap, title, item)
        yield from self._assumptions(item, _mapping(raw.get("assumptions")))

    def _assumptions(self, item: Item, raw: Mapping[Any, Any]) -> Iterator[StatedInput]:
        base = ("items", item.key, "assumptions")
        drawn = {one.column.name: one.column for one in (*item.columns, *item.item_columns)}
        for key, value in raw.items():
            if key not in ("columns", "item_columns"):
                yield self._row("assumptions", (*base, key), value, item=item)
                continue
            for name, column in _mapping(value).items():
                label = drawn[name].header if name in drawn else str(name)
                title = self.say(label, str(name).replace("_", " "))
                yield self._row("assumptions", (*base, key, name), column, title, item)

    def _row(
        self, group: str, keys: tuple[Any, ...], node: Any, title: str = "", item: Item | None = None
    ) -> StatedInput:
        """One value with its birth certificate; a value, range, source or mark is taken out of a mapping."""
        about = _mapping(node)
        value = node
        if about:
            value = {key: part for key, part in about.items() if key not in PROVENANCE}
            value = next(iter(value.values())) if set(value) in ({"value"}, {"fixed"}) else value
        if keys[-1] in _FILES:
            value = _names_only(value)
        span, path = about.get("range"), ".".join(map(str, keys))
        is_changed = self.scenario.is_changed_at(path)
        return StatedInput(
            group=self.say(*GROUPS[group]),
            item=self.titles[item.key] if item else "",
            title=title or self.say(*TITLES.get(str(keys[-1]), (str(keys[-1]), str(keys[-1]).replace("_", " ")))),
            path=path,
            value=value if _is_number(value) else self._in_words(value),
            range=" – ".join(map(self._in_words, span)) if isinstance(span, list) else "",
            source=str(about.get("source") or (self.say(*NO_SOURCE) if is_changed else "")),
            mark=str(about.get("mark") or ""),
            line=self.say(*CHANGED) if is_changed else str(self.scenario.places.get(keys, "")),
        )

    def _in_words(self, value: Any) -> str:
        """A value of any form on one line: ``lognormal: median 200, sigma 0.8``, ``2026: 400, 2027: 350``."""
        if isinstance(value, bool):
            return self.say("是", "yes") if value else self.say("否", "no")
        if _is_number(value):
            return f"{value:.10g}"
        if isinstance(value, Mapping):
            return self.say("，", ", ").join(
                self._part(key, part) for key, part in value.items() if key not in ("source", "mark")
            )
        if isinstance(value, list):
            return self.say("；", "; ").join(map(self._in_words, value))
        if value in (None, "none"):
            return self.say("无", "none")
        words = WORDS.get(value) or FORMS.get(value) if isinstance(value, str) else None
        return self.say(*words) if words else str(value)

    def _part(self, key: Any, value: Any) -> str:
        name = self.say(*FORMS[key]) if key in FORMS else str(key)
        if isinstance(value, Mapping | list):
            return self.say(f"{name}（{self._in_words(value)}）", f"{name} ({self._in_words(value)})")
        return f"{name} {self._in_words(value)}"


def _names_only(value: Any) -> Any:
    """Files by their name alone."""
    if isinstance(value, Mapping):
        return {key: _names_only(part) for key, part in value.items()}
    return Path(value).name if isinstance(value, str) else value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _mapping(node: Any) -> Mapping[Any, Any]:
    return node if isinstance(node, Mapping) else {}
