"""Values by year (``{2026: 400, 2028: 350}``): which year takes which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard


def is_by_year(value: Any) -> TypeGuard[Mapping[int, Any]]:
    """Whether a value is written ``{2026: …, 2027: …}``."""
    return isinstance(value, Mapping) and bool(value) and all(isinstance(k, int) and k > 1900 for k in value)


def latest(by_year: Mapping[int, Any], year: int) -> Any:
    """The value of ``year``: its own, else that of the latest year before.

    A year before the first one named takes the first: a file that leaves such a year of the simulation without a value
    is refused, so this is asked of years that are not simulated only.
    """
    known = [y for y in by_year if y <= year]
    return by_year[max(known)] if known else by_year[min(by_year)]
