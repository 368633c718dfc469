"""Units: money in fen (分) and 万元, dates as parts of a year."""

from __future__ import annotations

import numpy as np

FEN_A_WAN = 1_000_000
MOST_WAN = 10_000_000.0  # 万元: beyond it whole yuan are no longer exact in floating 万元, and what is larger is a slip
YUAN_A_UNIT = {
    "元": 1, "百元": 100, "千元": 1_000, "万元": 10_000, "万": 10_000, "百万元": 1_000_000, "千万元": 10_000_000,
    "亿元": 100_000_000, "亿": 100_000_000,
}  # fmt: skip


def year_fraction(day: str) -> float:
    """An ISO date as a year with a fraction."""
    date = np.datetime64(day, "D")
    year = date.astype("datetime64[Y]")
    length = ((year + 1).astype("datetime64[D]") - year.astype("datetime64[D]")).astype(int)
    return float(1970 + year.astype(int) + (date - year.astype("datetime64[D]")).astype(int) / length)
