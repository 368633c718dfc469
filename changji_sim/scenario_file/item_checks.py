"""Checks of an item as a whole: its parts agree, and its mode can compute one application."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..base.faults import Fault
from ..base.messages import message
from ..modes.mode_guard import ModeFault, file_of
from ..modes.support_mode import Applications, Cap, Column, Commitments
from ..scenario.distributions import Distribution
from ..scenario.model import IS_ENTERPRISE, Item
from .drawn_columns import Drawing, missing_columns
from .section import Section


def check_item(section: Section, item: Item, drawing: Drawing) -> None:
    """What several parts of an item must agree on."""
    assumptions = section.section("assumptions")
    if item.tiers and item.applications is not None:
        assumptions.misfit(message("found both tiers and applications; the rows of the tiers are all there are"))
    if item.cases and item.applications is not None:
        assumptions.misfit(
            message("found both cases and applications; only cases are drawn, so write 'applications: none'")
        )
    has_rows = item.applications is not None or item.tiers or item.cases
    if not has_rows or set(item.registers) >= set(section.sheet.years):
        return
    if item.once_per == "platform" and item.platforms is None and not item.platform_pool:
        what = message("it is given once a platform; 'platforms' must say how many there are")
        assumptions.misfit(what, item.article)
    given = {d.column.name for d in (*item.columns, *item.item_columns)} | ({"requested_wan"} if item.cases else set())
    for columns in (assumptions.section("columns"), assumptions.section("item_columns")):
        given |= {name for name in columns.data if name in columns}  # one that is at fault is not missing too
    for name in missing_columns(item.columns, drawing):
        if name not in given:
            assumptions.misfit(
                message("the column '{name}' is missing; {mode} needs it", name=name, mode=drawing.mode.title)
            )
    for needed in item.requires:
        if needed.column not in given and needed.column != IS_ENTERPRISE:
            what = message(
                "no application would be eligible: nothing draws '{column}', which must be {must_be}",
                column=needed.column, must_be=needed.must_be,
            )  # fmt: skip
            assumptions.misfit(what, needed.article)
    for cap in _caps_of_columns(item):
        if cap.of not in given:
            what = message("the ceiling '{cap}' needs the column '{column}'", cap=cap.key, column=cap.of)
            assumptions.misfit(what, cap.article)


def _caps_of_columns(item: Item) -> list[Cap]:
    return list({cap.key: cap for caps in item.caps.values() for cap in caps if cap.of}.values())


def try_out(item: Item) -> Sequence[Fault]:
    """Let the mode compute one application: a missing column or stages that do not add up are found before a run.

    It is asked twice: a mode that draws at random would bend every total, and no run could be repeated.
    """
    if item.applications is None or item.registers:
        return ()
    for year, mode in item.modes.items():
        row = one_row(item, year)
        try:
            with np.errstate(all="ignore"):
                demand = np.array(mode.demand(Applications(row, year, 1)))
                mode.payments(Commitments(row, year, 1))
                mode.stops(Commitments(row, year, 1))
                mode.exits(Commitments(row, year, 1))
                again = np.array(mode.demand(Applications(row, year, 1)))
        except ModeFault as error:
            return error.faults
        if not np.array_equal(demand, again) and mode.place:
            what = message(
                "{mode} ({key}, {file}): demand() answers the same question in two ways; a mode remembers nothing and "
                "draws nothing at random: what is uncertain is a column",
                mode=mode.title, key=mode.key, file=file_of(type(mode).demand),
            )  # fmt: skip
            return ModeFault(mode.place, what).faults
    return ()


def one_row(item: Item, year: int) -> dict[str, np.ndarray]:
    """One application whose drawn columns have their means, within their bounds."""
    values: dict[str, float] = {}
    for drawn in item.columns:
        value = _typical(drawn.distribution, drawn.column, year)
        value *= values.get(drawn.share_of or "", 1.0)
        values[drawn.column.name] = value + values.get(drawn.added_to or "", 0.0)
    return {name: np.array([value]) for name, value in values.items()} | {"is_enterprise": np.array([True])}


def _typical(distribution: Distribution, column: Column, year: int) -> float:
    if column.kind == "date":
        return float(np.datetime64(f"{year}-07-01").astype(np.int64))
    low, high = column.bounds
    value = 1.0 if np.isnan(distribution.mean) else distribution.mean
    value = min(max(value, -np.inf if low is None else low), np.inf if high is None else high)
    return value if column.kind == "number" else float(int(value))
