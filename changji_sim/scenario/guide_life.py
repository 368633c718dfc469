"""How far a guide (申报指南) has come: drafted, sent, approved by the government (第二十条)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

STEPS = {"draft": "drafted", "sent": "sent", "approved": "approved"}  # status -> the key of its day, in order
APPROVAL_ARTICLE = "第二十条"


@dataclass(frozen=True)
class GuideLife:
    """The status of a guide and the days (ISO) on which it reached each, by the keys of `STEPS`.

    Args:
        document: number of the document that approved it, if the file says.
    """

    status: str
    days: Mapping[str, str] = field(default_factory=dict)
    document: str = ""

    @property
    def day(self) -> str:
        """The day of the status; empty for a draft without one."""
        return self.days.get(STEPS[self.status], "")
