"""In which months of its year money is paid (拨付月份), so that it can be held against the time elapsed (序时进度)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .model import Item


@dataclass(frozen=True)
class PaymentMonths:
    """When money is paid within its year. No sum of a year depends on it.

    Args:
        lag: months from an application to its payment, where applications are taken in order of submission.
        ranked: the month, 1–12, of first payments of an item whose applications are ranked by score.
        carried: the month, 1–12, of what was promised or owed before the year.
        by_item: item -> the month, 1–12, of its first payments, whatever the day of the application.
    """

    lag: int
    ranked: int
    carried: int
    by_item: Mapping[str, int] = field(default_factory=dict)

    def month_of(self, item: Item) -> int | None:
        """The month of an item's first payments; None where they follow their applications."""
        is_ranked = item.selection == "by_score" and next(iter(item.modes.values())).is_project
        return self.by_item.get(item.key, self.ranked if is_ranked else None)
