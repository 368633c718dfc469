"""Differences of the inputs of two scenarios (参数差异): every value, from what to what, with its source.

>>> changed(load_scenario("baseline"), load_scenario("growth"))[["title", "before", "after"]]     # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pandas as pd

from ..adjustable import Adjustable, adjustables
from ..measure import LawValue, Measure, load_measure, parse_reform
from ..results.budget_table import EVERY
from ..scenario.model import ScenarioModel
from ..wording.labels import section, titles
from ..wording.source_words import source_words

COLUMNS = (
    "item", "path", "title", "title_en", "before", "after", "before_en", "after_en", "article", "source", "source_en",
    "mark", "part",
)  # fmt: skip
ABOUT = ("source", "mark")  # say where a number comes from, and change nothing
NAMES = ("name", "title", "title_en", "description", "extends", "measure")
NOTHING = ("未设", "not set")


def changed(before: ScenarioModel, after: ScenarioModel) -> pd.DataFrame:
    """Every value in which two scenarios differ: what was changed, from what to what, with its source.

    Returns:
        ``item, path, title, title_en, before, after, before_en, after_en, article, source, source_en, mark, part``;
        values are text with their unit. ``item`` is ``*`` for what belongs to no single one. ``part`` is that of an
        `Adjustable`, or ``reform`` for a number of the law that a reform moves; source and mark are those of the new
        value. A file's sources are quoted as they are written, in English with their kind before; a reform's title is
        in both languages.
    """
    rows = [*_reforms(before, after), *_values(before, after)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


# --- numbers of the law -----------------------------------------------------------------------------------------------


def _reforms(before: ScenarioModel, after: ScenarioModel) -> Iterator[tuple[Any, ...]]:
    old, new, titles = measure_of(before), measure_of(after), _reform_titles(after)
    if old.last_year != new.last_year:
        years = (f"{old.last_year}", f"{new.last_year}")
        about = (old.in_force_article, *titles, "", "reform")
        yield EVERY, "in_force.last_year", "有效期终止年", "last year in force", *years, *years, *about
    was = {(value.item, value.term): value for value in old.values()}
    for value in new.values():
        one = was[value.item, value.term]
        if dict(one.by_year) != dict(value.by_year):
            texts = (one.shown(), value.shown())
            item = EVERY if value.item == "oversight" else value.item
            about = (value.article, *titles, "", "reform")
            yield item, f"{value.item}.{value.term}", *_law_titles(value), *texts, *texts, *about


def _reform_titles(scenario: ScenarioModel) -> tuple[str, str]:
    """What a scenario's reform is called; neither where there is none."""
    if not scenario.reform_text:
        return "", ""
    reform = parse_reform(scenario.reform_text, f"{scenario.reform_name}.yaml", _unreformed(scenario))
    return reform.title or reform.name, reform.title_en or reform.name


def _law_titles(value: LawValue) -> tuple[str, str]:
    return f"{value.title or value.term}（办法）", f"{value.title_en or value.term} (law)"


def measure_of(scenario: ScenarioModel) -> Measure:
    """The measure a scenario stands under, its reform included."""
    law = _unreformed(scenario)
    if not scenario.reform_text:
        return law
    return law.reformed(parse_reform(scenario.reform_text, f"{scenario.reform_name}.yaml", law))


def _unreformed(scenario: ScenarioModel) -> Measure:
    name = scenario.raw.get("measure")
    return load_measure(name) if isinstance(name, str) else load_measure()


# --- numbers of a scenario --------------------------------------------------------------------------------------------


def _values(before: ScenarioModel, after: ScenarioModel) -> Iterator[tuple[Any, ...]]:
    old, new = (dict(_leaves(scenario.raw, ())) for scenario in (before, after))
    was, now = _known(before), _known(after)
    yield from _whole_items(before, after)
    items = {item.key for item in before.items} & {item.key for item in after.items}
    for path in dict.fromkeys([*old, *new]):
        is_item = path[0] == "items" and len(path) > 1
        if path[0] in NAMES or (is_item and path[1] not in items):
            continue
        key = ".".join(map(str, path))
        one = now.get(key) or was.get(key) or _dated(path, now)
        values = [_held(path, file, known) for file, known in ((old, was), (new, now))]
        if values[0] == values[1]:
            continue
        title, title_en = (one.title, one.title_en) if one else _titles_of(path)
        texts = [_text(value, one, is_english) for is_english in (False, True) for value in values]
        source, mark = _provenance(after.raw, path)
        where = source, source_words(source, "en"), mark
        about = (one.article if one else "", *where, one.part if one else "assumption")
        yield str(path[1]) if is_item else EVERY, key, title, title_en, *texts, *about


def _whole_items(before: ScenarioModel, after: ScenarioModel) -> Iterator[tuple[Any, ...]]:
    """An item that only one of the two has is one row."""
    there = [{item.key for item in scenario.items} for scenario in (before, after)]
    for item in (*before.items, *after.items):
        if item.key in there[0] and item.key in there[1]:
            continue
        is_new = item.key in there[1]
        chinese, english = ("没有", "有"), ("none", "there")
        texts = (*chinese, *english) if is_new else (*chinese[::-1], *english[::-1])
        title, title_en = f"{item.title}（整个方向）", f"{item.title_en or item.key} (the whole item)"
        yield item.key, f"items.{item.key}", title, title_en, *texts, "", "", "", "", "guide"


@dataclass(frozen=True)
class _Number:
    """A value without its source and mark, and its range."""

    value: Any
    span: tuple[float, ...] = ()

    @classmethod
    def of(cls, adjustable: Adjustable | None) -> _Number | None:
        """What holds where the file says nothing: the law's number, the mode's default."""
        return None if adjustable is None or adjustable.value is None else cls(adjustable.value)


def _leaves(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], _Number]]:
    """Every value below a node; one with a source stands at the path of the whole, a plain list is one value."""
    if isinstance(node, Mapping) and not isinstance(node.get("value", {}), Mapping):
        span = node.get("range")
        yield path, _Number(node["value"], tuple(span) if isinstance(span, list) else ())
        node = {key: part for key, part in node.items() if key not in ("value", "range")}
    if isinstance(node, Mapping):
        for key, part in node.items():
            if key not in ABOUT:
                yield from _leaves(part, (*path, *(() if key == "value" else (key,))))
    elif isinstance(node, list):
        for number, part in enumerate(node):
            yield from _leaves(part, (*path, number))
    elif node not in (None, "none"):
        yield path, _Number(node)


def _known(scenario: ScenarioModel) -> dict[str, Adjustable]:
    """The adjustable parameters by the path of their number, as `_leaves` gives it."""
    draft: Any = SimpleNamespace(law=_unreformed(scenario))  # all that is asked of one: its file need not be read again
    every = adjustables(draft, scenario, scenario.raw)
    whole = (one for one in every if one.end is None)  # an end of a doubt stands at the path of its number
    known = {".".join(part for part in one.path.split(".") if part != "value"): one for one in whole}
    for path, one in list(known.items()):  # of a guide's term that the file gives by year, the term itself as well
        term, _, year = path.rpartition(".")
        if ".guide." in term and year.isdigit():
            title, title_en = (words.removesuffix(f" · {year}") for words in (one.title, one.title_en))
            known.setdefault(term, replace(one, title=title, title_en=title_en))
    return known


def _dated(path: tuple[Any, ...], known: Mapping[str, Adjustable]) -> Adjustable | None:
    """The term that a path sets for one year, named with it; it holds the law's number where the guide is silent."""
    if len(path) != 5 or path[2] != "guide" or not str(path[-1]).isdigit():
        return None
    one = known.get(".".join(map(str, path[:-1])))
    if one is None:
        return None
    title, title_en = (f"{words} · {path[-1]}" for words in (one.title, one.title_en))
    return replace(one, title=title, title_en=title_en, value=one.law)


def _held(path: tuple[Any, ...], file: Mapping[Any, _Number], known: Mapping[str, Adjustable]) -> _Number | None:
    """What holds there: what the file says, for a year what it says of the latest before, else the law or the mode."""
    if path in file:
        return file[path]
    dated = _dated(path, known)
    if dated is None:
        return _Number.of(known.get(".".join(map(str, path))))
    years = [one[-1] for one in file if one[:-1] == path[:-1] and int(one[-1]) < int(path[-1])]
    at = (*path[:-1], max(years, key=int)) if years else path[:-1]
    return file.get(at) or _Number.of(dated)


def _titles_of(path: tuple[Any, ...]) -> tuple[str, str]:
    """What a value is called that nothing names: the words of its path."""
    silent = ("items", "guide", "assumptions", "columns", "item_columns")
    parts = [part for part in (path[2:] if path[0] == "items" else path) if part not in silent]
    named = [_named(str(part)) for part in parts]
    return " · ".join(one[0] for one in named), " · ".join(one[1] for one in named)


def _named(part: str) -> tuple[str, str]:
    found = section("parameters").get(part) or section("shapes").get(part)
    return found.titles if found else (part, part)


def _text(number: _Number | None, known: Adjustable | None, is_english: bool) -> str:
    """A value as a person reads it: ``20%``, ``110（80–140）``, ``按序立项，末项给余额``."""
    if number is None:
        return NOTHING[is_english]
    if number.span:
        low, high = (_amount(float(f"{end:.3g}"), known, is_english) for end in number.span)
        value = _amount(number.value, known, is_english)
        return f"{value} ({low}–{high})" if is_english else f"{value}（{low}–{high}）"
    return _amount(number.value, known, is_english)


def _amount(value: Any, known: Adjustable | None, is_english: bool) -> str:
    if isinstance(value, bool):
        return (("否", "是"), ("no", "yes"))[is_english][value]
    if isinstance(value, int | float):
        unit = known.unit if known else ""
        return f"{value * 100:.10g}%" if unit == "%" else f"{value:,.10g}{unit}"
    words = known.words if known else None
    if words:
        return words[value][is_english] if value in words else str(value)
    return titles(value, "choices")[is_english] if value in section("choices") else str(value)


def _provenance(raw: Any, path: tuple[Any, ...]) -> tuple[str, str]:
    """Source and mark of a value: its own, or those that stand around it."""
    found, node = ("", ""), raw
    for key in path:
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            break
        if isinstance(node, Mapping) and (node.get("source") or node.get("mark")):
            found = str(node.get("source") or ""), str(node.get("mark") or "")
    return found
