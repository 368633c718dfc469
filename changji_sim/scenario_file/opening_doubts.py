"""An opening ledger (期初台账) and the fund: amounts that cannot belong together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..base.messages import Message, message
from ..modes.mode_guard import ModeFault
from ..modes.support_mode import Applications
from ..scenario.model import Item, ScenarioModel
from .item_checks import one_row

FACTOR = 100
YUAN_A_WAN = 10_000


def doubtful_ledger(scenario: ScenarioModel) -> Iterator[Message]:
    """What can hardly be right about the opening position of a scenario, one sentence each."""
    known = [wan for wan in scenario.envelopes.total_wan.values() if wan]
    there = {row.item for row in scenario.opening}
    typical = {item.key: typical_demand(item) for item in scenario.items if item.key in there}
    limits = [min([*known, *filter(None, [typical.get(row.item)])], default=0.0) for row in scenario.opening]
    rows = zip(scenario.opening, limits, strict=True)
    large = [row for row, limit in rows if limit and row.committed_wan >= FACTOR * limit]
    if large:
        yield message(
            "{count} of {all} rows are {factor} times what the fund or a typical application of the item has, or more, "
            "the first of '{name}' with {amount:,.10g} 万元: were yuan given? In 万元 it is {wan:,.10g}",
            count=len(large), all=len(scenario.opening), factor=FACTOR, name=large[0].applicant,
            amount=large[0].committed_wan, wan=large[0].committed_wan / YUAN_A_WAN,
        )  # fmt: skip
    if scenario.envelopes.refill:
        return
    for year in scenario.years:
        due, total = sum(row.due_wan.get(year, 0.0) for row in scenario.opening), scenario.envelopes.total_wan.get(year)
        if total is not None and due > total + 1e-6:
            yield message(
                "what falls due in {year}, {due:,.10g} 万元, is more than the total envelope, {total:,.10g}: "
                "compare the amounts",
                year=year, due=due, total=total,
            )  # fmt: skip
            return
    committed, fund = sum(row.committed_wan for row in scenario.opening), sum(known)
    if len(known) == len(scenario.years) and committed > fund:
        yield message(
            "the ledger's {committed:,.10g} 万元 are more than the fund has in all years together, {fund:,.10g}: "
            "compare the amounts",
            committed=committed, fund=fund,
        )  # fmt: skip


def typical_demand(item: Item) -> float:
    """What one application asks whose columns all have their means, 万元; 0 where no applications are drawn."""
    if item.applications is None or item.registers:
        return 0.0
    year = min(item.modes)
    try:
        with np.errstate(all="ignore"):
            return float(np.sum(item.modes[year].demand(Applications(one_row(item, year), year, 1))))
    except ModeFault:
        return 0.0
