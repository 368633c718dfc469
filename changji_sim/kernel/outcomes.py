"""How a project ends (docs/the-year.md, "Tranches, and how a project ends")."""

from __future__ import annotations

NO_END, VIOLATION, TERMINATED, CLOSED_EARLY, EXCELLENT, PASS, MENDED, NOT_MENDED = range(8)
OUTCOMES = 8
