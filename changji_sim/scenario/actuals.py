"""What is known of the first year up to a day (年中实际): applications received, decisions made, payments."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..base.units import year_fraction

DECIDED_SCORE = 200.0  # of an application with an amount approved: above every score of 100, so its place is its own


@dataclass(frozen=True)
class Actuals:
    """The real applications of a scenario's first year up to the end of a day (截至).

    Args:
        as_of: the day.
        rows: item -> its applications as a register gives them (`ScenarioModel.register_rows`): those with an amount
            approved first, then the others, each in order of submission. An item without any is left out.
        approved: item -> how many of them have an amount approved.
        approved_wan, paid_wan: item -> what was approved, and paid, in all, 万元.
        due_wan: item -> what of it falls due in the year, 万元: first tranches, or what is paid where that is more.
        paid_shares: item -> place of an application -> the part of what was approved that is paid.
        closed: items that take no more applications this year (申报已截止).
        unopened: items whose call is still to come (申报未开始), or of which nothing is known: all their applications
            come after the day.
        path: the file they were read from; ``sha256`` its hash.
    """

    as_of: datetime.date
    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    approved: Mapping[str, int] = field(default_factory=dict)
    paid_shares: Mapping[str, Mapping[int, float]] = field(default_factory=dict)
    approved_wan: Mapping[str, float] = field(default_factory=dict)
    paid_wan: Mapping[str, float] = field(default_factory=dict)
    due_wan: Mapping[str, float] = field(default_factory=dict)
    closed: tuple[str, ...] = ()
    unopened: tuple[str, ...] = ()
    path: Path | None = None
    sha256: str = ""

    @property
    def gone(self) -> float:
        """The part of the year gone at the end of the day, above 0 up to 1."""
        tomorrow = self.as_of + datetime.timedelta(days=1)
        return year_fraction(tomorrow.isoformat()) - self.as_of.year

    def arrived(self, item: str) -> float:
        """The part of an item's applications of the year that comes up to the day, by the calendar: days are alike."""
        return 1.0 if item in self.closed else 0.0 if item in self.unopened else self.gone

    def seen(self, item: str) -> int:
        """How many applications of an item there are."""
        return len(self.rows.get(item, ()))
