"""Amounts and percentages as a person reads them."""

from __future__ import annotations

import math

NOTHING = "–"


def wan(amount: float) -> str:
    """万元 as a person reads it: whole above 10, one decimal below."""
    if math.isnan(amount):
        return NOTHING
    return f"{amount:,.0f}" if abs(amount) >= 10 else f"{amount:,.1f}"


def percent(probability: float) -> str:
    """A probability in whole percent; one that is possible is not shown as 0%, one that is not certain not as 100%."""
    if math.isnan(probability):
        return NOTHING
    if 0 < probability < 0.01:
        return "<1%"
    if 0.99 < probability < 1:
        return ">99%"
    return f"{probability:.0%}"
