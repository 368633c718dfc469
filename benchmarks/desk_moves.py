"""What is moved on the desk: the numbers of a scenario that a slider stands for, in steps that change what is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from changji_sim.adjustable import Adjustable, adjustables
from changji_sim.scenario_file.draft import Draft

STEPS = 8


class Goals(NamedTuple):
    """What a move of a slider is to take: of F, of what commit 2f721a0 takes, and milliseconds to the last pixel."""

    floor: float
    before: str
    pixels: int


CAP = Goals(0.10, "≤ 1/8", 250)
RATE = Goals(0.10, "≤ 1/8", 350)
FEW = Goals(0.15, "≤ 1/6", 350)
GROWTH = Goals(0.5, "≤ 1/2", 700)


@dataclass(frozen=True)
class Slider:
    """One slider of the desk.

    Args:
        what: what the reader of the table sees.
        scenario: in which it is moved; the baseline has no envelope of a category.
        key: of the thing it turns (`changji_sim.adjustable`).
        by: how much one step moves it.
        page, group: where on the desk it is: the page's key, and the entry of its list; without, in the sidebar.
    """

    what: str
    scenario: str
    key: str
    by: float
    goals: Goals
    page: str = "overview"
    group: str = ""

    def adjustable(self, draft: Draft) -> Adjustable:
        """The thing it turns."""
        return next(one for one in adjustables(draft) if one.key == self.key)

    def values(self, draft: Draft, steps: int = STEPS) -> list[float]:
        """Where it stands after each step, as the file has it left out."""
        value = self.adjustable(draft).value
        return [round(value + step * self.by, 6) for step in range(1, steps + 1)]

    def changes(self, draft: Draft, value: float) -> Mapping[str, Any]:
        """The changes of the file that put it there."""
        return self.adjustable(draft).change(value)


SLIDERS = (
    Slider("the 400万 limit", "baseline", "exchange.max_item_year_wan", -6, CAP),
    Slider("the total envelope", "baseline", "envelopes.total", -200, CAP),
    Slider(
        "a category's envelope",
        "tight_budget",
        "envelopes.categories.environment.share",
        -0.005,
        CAP,
        "assumptions",
        "*",
    ),
    Slider("the 20% rate", "baseline", "core_technology.max_investment_share", -0.005, RATE),
    Slider("growth of demand", "baseline", "growth", 0.005, GROWTH),
    Slider("applications of an item", "baseline", "exchange.applications", 1, FEW, "assumptions", "exchange"),
    Slider("a probability of oversight", "baseline", "oversight.fail", 0.005, FEW, "assumptions", "*"),
)
ON_THE_CALENDAR = Slider(
    "the 400万 limit, with its calendar", "baseline", "exchange.max_item_year_wan", -6, CAP, "caps"
)
