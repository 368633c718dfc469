"""Warnings about what can never happen in a scenario, and about amounts that are far from each other (check).

A warning is given only where it is certain, or where two amounts differ by `FACTOR` or more: yuan typed for 万元 differ
by 10,000.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from ..base.messages import Message, message
from ..modes.support_mode import SupportMode
from ..scenario.distributions import Distribution
from ..scenario.model import Envelopes, Item, NamedCase, ScenarioModel
from .opening_doubts import FACTOR, YUAN_A_WAN, doubtful_ledger, typical_demand
from .section import Section

A_HUNDRED_YUAN = 100 / YUAN_A_WAN


def note_improbable(top: Section, scenario: ScenarioModel) -> None:
    """Warn about everything of a scenario without faults that cannot be, or is hardly meant."""
    items = top.section("items")
    typical = {item.key: typical_demand(item) for item in scenario.items}
    for item in scenario.items:
        assumptions = items.section(item.key).section("assumptions")
        _note_cases(assumptions, item, scenario)
        _note_replaced(assumptions, item)
        _note_idle_count(assumptions, item)
        _note_large_rows(items, item, scenario.envelopes, typical[item.key])
    _note_opening(top, scenario)
    _note_large_envelope(top, scenario, typical)


# --- named cases -----------------------------------------------------------------------------------------------------


def _note_cases(assumptions: Section, item: Item, scenario: ScenarioModel) -> None:
    """A warning for each named case that no future commits, since its first tranche does not fit the envelope."""
    for position, case in enumerate(item.cases):
        needed = _least_needed(item, case, scenario)
        for title, envelope in _limits(item, case.year, scenario):
            if needed > envelope + A_HUNDRED_YUAN:  # a demand may be rounded down to that
                what = message(
                    "its first payment of {needed:,.10g} 万元 is more than the envelope of {title} in {year}, "
                    "{envelope:,.10g}: it is committed in no future",
                    needed=needed, title=title, year=case.year, envelope=envelope,
                )  # fmt: skip
                assumptions.warn(what, "cases", position)
                break


def _least_needed(item: Item, case: NamedCase, scenario: ScenarioModel) -> float:
    """What must fit in the year of a case for it to be committed, at least, 万元; 0 where that is not certain."""
    mode = item.modes[case.year]
    is_plain = item.when_short == "ranked" and type(mode).payments is SupportMode.payments
    ceilings = item.caps[case.year]
    if not is_plain or any(cap.per != "application" or cap.of or cap.less_public for cap in ceilings):
        return 0.0  # other applications, or another column, may leave less than the amount
    amount = min([least(case.amount), *(cap.level for cap in ceilings if cap.level is not None)])
    is_whole = scenario.readings["envelope_limits"] == "commitments" or not mode.is_project
    share = 1.0 if is_whole else mode.first_tranche
    return amount * share if math.isfinite(amount) else 0.0


def _limits(item: Item, year: int, scenario: ScenarioModel) -> Iterator[tuple[str, float]]:
    """The envelopes that limit an item in a year, with their titles: its category's, unless others help out."""
    envelopes = scenario.envelopes
    if envelopes.refill:  # what came back the year before is added
        return
    own, total = envelopes.category_wan.get(item.category, {}).get(year), envelopes.total_wan.get(year)
    if own is not None and not envelopes.pooling:
        yield scenario.categories[item.category], own
    if total is not None:
        yield message("the total"), total


def least(distribution: Distribution) -> float:
    """The least value a distribution can give; NaN where its form does not say."""
    kind: str = next(iter(distribution.spec), "")
    values: Any = distribution.spec.get(kind)
    if kind == "fixed":
        return distribution.mean
    if kind in ("uniform", "triangular"):
        return float(values[0])
    return min(map(float, values)) if kind == "choice" and isinstance(values, Mapping) else math.nan


def _note_replaced(assumptions: Section, item: Item) -> None:
    """A warning where a file's cases take the place of the ordinary applications of the file it extends."""
    number = _inherited_applications(assumptions)
    if not item.cases or item.applications is not None or not number:
        return
    mean = next((d.distribution.mean for d in item.columns if d.column.name == "requested_wan"), math.nan)
    what = message(
        "its named cases are all there is: the {number:g} ordinary applications a year of the scenario it "
        "extends{asked} are no longer drawn; what else is expected must stand here as cases too",
        number=number, asked=_asked(number * mean),
    )  # fmt: skip
    assumptions.warn(what, "cases")


def _asked(wan: float) -> Message | str:
    return message(", which ask {amount:,.10g} 万元 together,", amount=wan) if math.isfinite(wan) else ""


def _inherited_applications(assumptions: Section) -> float:
    """The expected applications a year of the scenario that the file extends; 0 where it has none."""
    node: Any = assumptions.sheet.inherited
    for key in (*assumptions.keys, "applications"):
        node = node.get(key) if isinstance(node, Mapping) else None
    while isinstance(node, Mapping):
        node = node.get("value", next(iter(node.values()), None))
    return float(node) if isinstance(node, int | float) else 0.0


# --- a share of a count that never limits ----------------------------------------------------------------------------


def _note_idle_count(assumptions: Section, item: Item) -> None:
    """A warning where this file gives a count (有效报名数) so high that its ceiling never cuts a winner."""
    winners = sum(rows for _, rows in item.tiers)
    for drawn in item.item_columns:
        name = drawn.column.name
        rates = [cap.level for caps in item.caps.values() for cap in caps if cap.per == "count" and cap.of == name]
        place = assumptions.sheet.place((*assumptions.keys, "item_columns", name))
        lowest = math.nan if drawn.level or drawn.share_of or drawn.added_to else least(drawn.distribution)
        is_here = place.path == assumptions.sheet.path
        rate = min((rate for rate in rates if rate), default=0.0)
        most = 0 if math.isnan(lowest) else math.floor(lowest * rate + 1e-9)
        if winners and is_here and most >= winners:
            what = message(
                "{share:g}% of {lowest:,.10g} is {most} winners, and only {winners} are proposed: the ceiling never "
                "cuts, and a larger number changes nothing",
                share=100 * rate, lowest=lowest, most=most, winners=winners,
            )  # fmt: skip
            assumptions.warn(what, "item_columns", name)


# --- amounts far from each other -------------------------------------------------------------------------------------


def _note_large_rows(items: Section, item: Item, envelopes: Envelopes, asked: float) -> None:
    """A warning where a typical application asks a hundred times its ceiling, or the whole fund, or more.

    ``asked``: what it asks, 万元.
    """
    year = min(item.modes)
    ceilings = [cap.level for cap in item.caps[year] if cap.per == "application" and not cap.of and cap.level]
    total = envelopes.total_wan.get(year)
    ceiling = min(ceilings, default=math.inf)
    if asked >= FACTOR * ceiling:
        what = message(
            "a typical application asks {asked:,.10g} 万元, {times:,.0f} times the ceiling of one, {limit:,.10g}: were "
            "yuan given?",
            asked=_rounded(asked), times=asked / ceiling, limit=ceiling,
        )  # fmt: skip
        _warn_where_changed(items, what, item.key)
    elif total and asked >= FACTOR * total:
        what = message(
            "a typical application asks {asked:,.10g} 万元, {times:,.0f} times the total envelope, {limit:,.10g}: were "
            "yuan given?",
            asked=_rounded(asked), times=asked / total, limit=total,
        )  # fmt: skip
        _warn_where_changed(items, what, item.key)


def _warn_where_changed(section: Section, what: Message, key: str) -> None:
    """A warning at the line of this file, if it has one, that changes something below the key."""
    keys = (*section.keys, key)
    section.sheet.fault(keys, what, place=section.sheet.place_of_change(keys), is_warning=True)


def _rounded(wan: float) -> float:
    """An amount to four digits, as an estimate is quoted."""
    return float(f"{wan:.4g}")


def _note_large_envelope(top: Section, scenario: ScenarioModel, typical: Mapping[str, float]) -> None:
    """A warning where the fund is a hundred times what all applications of a year ask, or more.

    ``typical``: what a typical application asks, 万元, by item.
    """
    year = scenario.years[0]
    total = scenario.envelopes.total_wan.get(year)
    if total is None or any(item.registers or item.cases for item in scenario.items):
        return
    asked = sum(item.applications.at(year) * typical[item.key] for item in scenario.items if item.applications)
    if asked and total >= FACTOR * asked:
        what = message(
            "{total:,.10g} 万元 in {year} is {times:,.0f} times what all applications ask, about {asked:,.10g}: were "
            "yuan given? In 万元 it is {wan:,.10g}",
            total=total, year=year, times=total / asked, asked=_rounded(asked), wan=total / YUAN_A_WAN,
        )  # fmt: skip
        _warn_where_changed(top.section("envelopes"), what, "total")


def _note_opening(top: Section, scenario: ScenarioModel) -> None:
    """Warnings where the opening ledger and the fund cannot belong together."""
    for what in doubtful_ledger(scenario):
        top.warn(what, "opening")
