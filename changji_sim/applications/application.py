"""One real application (申报) as read from a file."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Application:
    """One application (申报). ``values`` is what a mode computes with: 万元, rates, flags 0 or 1, positions, days."""

    line: int
    application_id: str
    item: str
    applicant: str
    submitted: datetime.date
    group: str
    platform: str
    values: Mapping[str, float]
