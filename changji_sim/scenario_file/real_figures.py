"""A scenario with the real figures of its first year up to a day (年中实际), and without them."""

from __future__ import annotations

from dataclasses import replace

from ..modes.support_mode import CAP_ORDER, Cap
from ..scenario.actuals import Actuals
from ..scenario.input_files import APPROVED
from ..scenario.model import Item, RegisterRows, ScenarioModel

APPROVED_CAP = Cap(
    "approved", "application", "批准金额", of=APPROVED, level=1.0, article="立项决定", title_en="amount approved"
)


def with_approved(item: Item, rows: RegisterRows) -> Item:
    """The item with what was approved (批准金额) as a ceiling of each application, in years whose register says it."""
    caps = dict(item.caps)
    for year in caps:
        if any(APPROVED in row for row in rows.get((item.key, year), ())):
            caps[year] = tuple(sorted((*caps[year], APPROVED_CAP), key=lambda cap: CAP_ORDER.index(cap.per)))
    return replace(item, caps=caps)


def taken_in(scenario: ScenarioModel, actuals: Actuals) -> ScenarioModel:
    """The scenario with what is known of its first year, and what was approved as a ceiling of each application."""
    rows = {(key, scenario.years[0]): of_item for key, of_item in actuals.rows.items()}
    items = tuple(with_approved(item, rows) for item in scenario.items)
    read = {} if actuals.path is None else {actuals.path: actuals.sha256}
    return replace(scenario, items=items, actuals=actuals, read_hashes={**scenario.read_hashes, **read})


def taken_out(scenario: ScenarioModel) -> ScenarioModel:
    """The scenario without what is known of its first year: the one its file describes."""
    if scenario.actuals is None:
        return scenario
    year = scenario.years[0]
    items = tuple(
        replace(item, caps={**item.caps, year: tuple(cap for cap in item.caps[year] if cap != APPROVED_CAP)})
        if item.key in scenario.actuals.rows
        else item
        for item in scenario.items
    )
    return replace(scenario, items=items, actuals=None)


def as_known(scenario: ScenarioModel, before: ScenarioModel) -> ScenarioModel:
    """A scenario read anew, with what was known of the first year of the one before, and its names."""
    if before.actuals is None:
        return scenario
    return taken_in(replace(scenario, opening=before.opening), before.actuals)
