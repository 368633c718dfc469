"""Adjustable parameters of one item: the law's values, the guide's terms, the assumptions."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import param

from ..base.by_year import is_by_year
from ..measure import LawValue
from ..scenario.model import Item, ScenarioModel
from ..scenario_file.choices import SELECTION, WHEN_SHORT
from ..scenario_file.draft import Draft
from ..scenario_file.item_reader import MOST_ROWS
from ..scenario_file.terms import TRANCHES, terms_of
from ..wording.labels import titles
from .adjustable import Adjustable
from .bounds import Bounds
from .column_parameters import of_column
from .numbers import GROWTH, mapping, numbers_at, provenance_of
from .sliders import is_rate, number_like

COUNTS = ("applications", "claimants", "platforms")
IN_A_TIER = Bounds(0, 1000, is_whole=True)
BEYOND = 2.0  # how far beyond the law a reform's slider goes, times the law


def of_item(item: Item, scenario: ScenarioModel, data: Mapping[Any, Any], draft: Draft) -> Iterator[Adjustable]:
    """Adjustable parameters of one item: the law's values, the guide's terms, the assumptions."""
    raw = mapping(mapping(data.get("items")).get(item.key))
    yield from _terms(item, mapping(raw.get("guide")), scenario, draft)
    yield from _guide_words(item, mapping(raw.get("guide")), scenario)
    assumptions = mapping(raw.get("assumptions"))
    base = f"items.{item.key}.assumptions"
    for name, within in _bounds_of_counts(item, scenario).items():
        if assumptions.get(name) not in (None, "none"):
            unit = "" if name in COUNTS else "%"
            yield from numbers_at(
                f"{base}.{name}", assumptions, name, item.key, "assumption", titles(name, "parameters"), unit, within
            )
    for kind, drawn in (("columns", item.columns), ("item_columns", item.item_columns)):
        specs = mapping(assumptions.get(kind))
        for column in (each.column for each in drawn):
            if column.name in specs:
                yield from of_column(f"{base}.{kind}.{column.name}", column, mapping(specs[column.name]), item)
    tiers = mapping(assumptions.get("tiers"))
    for tier, (title, title_en) in _tier_titles(item).items():
        named = (f"{title}（个）", f"{title_en}: number")
        for one in numbers_at(f"{base}.tiers.{tier}", tiers, tier, item.key, "assumption", named, "", IN_A_TIER):
            yield replace(one, key=one.key.replace(".tiers.", ".tier_counts.", 1))  # the law's amount is tiers.…


def _bounds_of_counts(item: Item, scenario: ScenarioModel) -> dict[str, Bounds]:
    """The numbers that say how many apply, and how far each can go."""
    size = next((pool.size for pool in scenario.pools if pool.key == item.pool), MOST_ROWS)
    return {
        "applications": Bounds(0, MOST_ROWS),
        "growth": GROWTH,
        "quality_pass": Bounds(0, 1),
        "reapply": Bounds(0, 1),
        "claimants": Bounds(1, size, is_whole=True),
        "platforms": Bounds(1, MOST_ROWS, is_whole=True),
    }


def _tier_titles(item: Item) -> dict[str, tuple[str, str]]:
    mode = next(iter(item.modes.values()))
    named = getattr(mode, "tier_titles", {})
    return {tier: (named.get(tier, tier), tier) for tier in getattr(mode, "tiers", {})}


def _terms(item: Item, guide: Mapping[Any, Any], scenario: ScenarioModel, draft: Draft) -> Iterator[Adjustable]:
    """A mode's own parameters; the law's are marked with their article."""
    mode = item.modes[scenario.years[0]]
    law_item = draft.law.items.get(item.key)
    law = law_item.values if law_item else {}
    for term in terms_of(type(mode)):
        parameter, path = mode.param[term], f"items.{item.key}.guide.{term}"
        if (term in TRANCHES and not mode.is_project) or _lacks_its_column(term, item, mode):
            continue
        if isinstance(parameter, param.Number | param.Boolean | param.Selector):
            node, made = guide.get(term), partial(_term, term, path, item, law.get(term))
            source, mark = provenance_of(node)
            dated = [_of_year(made(year), year, mapping(node)) for year in _years(node, scenario)]
            for one in dated or [made(scenario.years[0])]:
                yield replace(one, source=source, mark=mark)
    for name, value in law.items():
        if "." in name:  # one tier of an award
            yield _fixed_amount(name, item, value, scenario.years[0], getattr(mode, name.partition(".")[0], {}))


def _years(node: Any, scenario: ScenarioModel) -> list[int]:
    """The years that a guide's term has values of its own for, the first one simulated among them; none where the file
    has one value for all.
    """
    by_year = node.get("value") if isinstance(node, Mapping) and "value" in node else node
    return sorted({scenario.years[0], *by_year} & {*scenario.years}) if is_by_year(by_year) else []


def _of_year(one: Adjustable, year: int, node: Mapping[Any, Any]) -> Adjustable:
    """A guide's term in the year from which its value holds: the other years keep theirs. No reform is tried on it."""
    is_explained = "value" in node
    return replace(
        one,
        key=f"{one.key}.{year}",
        path=f"{one.path}.value.{year}" if is_explained else f"{one.path}.{year}",
        title=f"{one.title} · {year}",
        title_en=f"{one.title_en} · {year}",
        law_term="",
        provenance_path=one.path if is_explained else "",
    )


def _term(term: str, path: str, item: Item, law: LawValue | None, year: int) -> Adjustable:
    mode = item.modes[year]
    parameter, value = mode.param[term], getattr(mode, term)
    names = (_without_unit(parameter.label or term), (parameter.doc or term.replace("_", " ")).strip().rstrip("."))
    limit = None if law is None else law.at(year)
    unit = _unit(parameter, term)
    made = copy.copy(parameter)
    if isinstance(parameter, param.Selector):
        words = {choice: titles(str(choice), "choices") for choice in parameter.objects}
        return Adjustable(f"{item.key}.{term}", path, item.key, "guide", *names, made, value, words=words)
    if isinstance(parameter, param.Number):
        made = number_like(parameter, value, unit, limit, _left_of_one(term, item))
    is_fixed = law is not None and law.kind == "fixed"
    return Adjustable(
        f"{item.key}.{term}", path, item.key, "law" if law is not None else "guide", *names, made, value, unit,
        article=law.article if law is not None else "", law=limit, law_term=term if law is not None else "",
        is_fixed=is_fixed,
    )  # fmt: skip


def _without_unit(title: str) -> str:
    return title.removesuffix("（万元）").removesuffix("（年）")


def _left_of_one(term: str, item: Item) -> float | None:
    """What the other tranche leaves of the commitment in the tightest year; None for what is no tranche."""
    if term not in TRANCHES:
        return None
    (other,) = (one for one in TRANCHES if one != term)
    return round(1 - max(getattr(mode, other) for mode in item.modes.values()), 9)


def _lacks_its_column(term: str, item: Item, mode: Any) -> bool:
    """Whether a term is a ceiling, not set, on a column that nothing draws: no value of it would be accepted."""
    if getattr(mode, term) is not None or item.registers:
        return False
    drawn = {one.column.name for one in (*item.columns, *item.item_columns)}
    return any(cap.term == term and cap.of and cap.of not in drawn for cap in mode.caps)


def _unit(parameter: param.Parameter, term: str) -> str:
    if is_rate(parameter, term):
        return "%"
    return next((unit for ending, unit in (("_wan", "万元"), ("_years", "年")) if term.endswith(ending)), "")


def _fixed_amount(name: str, item: Item, value: LawValue, year: int, amounts: Any) -> Adjustable:
    """An amount the law fixes for one tier: it moves in a reform alone."""
    term, _, part = name.partition(".")
    amount = value.at(year)
    now = amounts.get(part, amount) if isinstance(amounts, Mapping) else amount
    parameter = param.Number(now, bounds=(now, now), softbounds=(0, BEYOND * amount))  # a reform may have moved it
    return Adjustable(
        f"{item.key}.{name}", f"items.{item.key}.guide.{term}", item.key, "law", value.title or name,
        value.title_en or name, parameter, now, "万元" if value.unit == "万元" else "%", article=value.article,
        law=amount, law_term=name, is_fixed=True,
    )  # fmt: skip


def _guide_words(item: Item, guide: Mapping[Any, Any], scenario: ScenarioModel) -> Iterator[Adjustable]:
    base, year = f"items.{item.key}.guide", scenario.years[0]
    for name, words, value in (("when_short", WHEN_SHORT, item.when_short), ("selection", SELECTION, item.selection)):
        if name == "selection" and not item.modes[year].is_project:
            continue
        yield Adjustable(
            f"{item.key}.{name}", f"{base}.{name}", item.key, "guide", *titles(name, "parameters"),
            param.Selector(objects=list(words)), value, words={word: titles(word, "choices") for word in words},
        )  # fmt: skip
    if item.modes[year].is_project:
        node = guide.get("places")
        dated = [_of_year(_places(item, one), one, mapping(node)) for one in _years(node, scenario)]
        yield from dated or [_places(item, year)]


def _places(item: Item, year: int) -> Adjustable:
    places = item.places.get(year)
    top = max(50, 3 * (places or 0), math.ceil(2 * (item.applications.at(year) if item.applications else 0)))
    return Adjustable(
        f"{item.key}.places", f"items.{item.key}.guide.places", item.key, "guide", *titles("places", "parameters"),
        param.Integer(places, bounds=(0, None), softbounds=(0, top), allow_None=True), places, "",
        *item.sources.get("places", ("", "")),
    )  # fmt: skip
