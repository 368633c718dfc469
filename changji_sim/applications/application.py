"""One real application (申报) as read from a file."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, eq=False)
class Application:
    """One application (申报).

    Args:
        year: that it counts in: its budget year (预算年度) where the file has one, else that of the day.
        values: what a mode computes with: 万元, rates, flags 0 or 1, positions, days.
        decision: what was decided on it (评分, 是否通过, 批准金额), by column name.
    """

    line: int
    application_id: str
    item: str
    applicant: str
    submitted: datetime.date
    year: int
    group: str
    platform: str
    values: Mapping[str, float]
    clock: datetime.time | None = None
    credit_code: str = ""
    decision: Mapping[str, float] = field(default_factory=dict)

    @property
    def order(self) -> tuple[datetime.date, datetime.time]:
        """What applications are put in order by: the day, and the time of day where it is given."""
        return self.submitted, self.clock or datetime.time()

    @property
    def day_in_year(self) -> datetime.date:
        """The day, moved into the year that it counts in if it is of another one."""
        first, last = datetime.date(self.year, 1, 1), datetime.date(self.year, 12, 31)
        return min(max(self.submitted, first), last)
