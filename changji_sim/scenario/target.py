"""A performance target (绩效目标) as a scenario states it: what is to be reached, what of a run is held against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..base.by_year import latest

# The indicators of a form in order, each below its first level: outputs, benefits, satisfaction (第十八条（一）).
LEVELS = {
    "quantity": "outputs", "quality": "outputs", "timeliness": "outputs", "cost": "outputs",
    "economic": "benefits", "social": "benefits", "ecological": "benefits", "sustainable": "benefits",
    "satisfaction": "satisfaction",
}  # fmt: skip
SENSES = ("at_least", "at_most", "equal")
COUNTED = (  # quantities that are numbers of applications, applicants or projects
    "applications", "applicants", "selected", "entitled", "funded", "funded_applicants", "contracts", "inspections",
    "midterms", "acceptances", "accepted", "excellent", "failed",
)  # fmt: skip
DERIVED = ("execution", "own_per_yuan")  # shares and ratios


@dataclass(frozen=True)
class Target:
    """One indicator of the table of performance targets (绩效目标表).

    Attributes:
        level: one of `LEVELS`.
        by_year: the value from a year on; empty where none is set yet.
        sense: one of `SENSES`.
        quantity: what a run says of it: a flow of the ledger, one of `COUNTED` or of `DERIVED`; empty: nothing.
        item, category: of one item, or of one category; of everything if both are empty.
    """

    key: str
    level: str
    title: str
    title_en: str = ""
    by_year: Mapping[int, float] = field(default_factory=dict)
    sense: str = "at_least"
    unit: str = ""
    quantity: str = ""
    item: str = ""
    category: str = ""
    source: str = ""
    mark: str = ""
    line: str = ""

    def at(self, year: int) -> float | None:
        """The value to be reached in a year; None where none is set for it."""
        if not self.by_year or min(self.by_year) > year:
            return None
        return latest(self.by_year, year)
