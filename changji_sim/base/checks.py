"""Checks of one value of a file; each raises ValueError with what was found and what is allowed."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from .units import MOST_WAN


def number(value: Any, low: float = 0, high: float = MOST_WAN, whole: bool = False) -> float:
    """The number itself if it is one and lies between ``low`` and ``high``.

    Raises:
        ValueError: what was found and what is allowed.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"found {shown(value)}; a number is needed{_meant(value)}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"found {value}; a finite number is needed")
    if value < low:
        raise ValueError(f"found {shown(value)}; at least {_limit(low)} is allowed")
    if value > high:
        as_share = f"; for {value:g}% write {value / 100:g}" if high == 1 and value <= 100 else ""
        raise ValueError(f"found {shown(value)}; at most {_limit(high)} is allowed{as_share}")
    if whole and value != int(value):
        raise ValueError(f"found {shown(value)}; a whole number is needed")
    return int(value) if whole else value


def _limit(value: float) -> str:
    return f"{value:,.10g}" if abs(value) >= 10_000 else f"{value:.10g}"  # 10,000,000, but 2029


def _meant(value: Any) -> str:
    """A suggestion for a number written as people write it: 20%, 8,000, 400万."""
    text = str(value).strip().replace(",", "").replace("，", "").removesuffix("元").removesuffix("万")
    try:
        meant = float(text.rstrip("%％")) / (100 if text.endswith(("%", "％")) else 1)
    except ValueError:
        return ""
    return f"; write {meant:.10g}" if math.isfinite(meant) and isinstance(value, str) else ""


def one_of(value: Any, options: Iterable[str]) -> str:
    """``value`` if it is one of ``options``; raises ValueError with the nearest."""
    options = [str(option) for option in options]
    if isinstance(value, str) and value in options:
        return value
    close = get_close_matches(str(value), options, 1) if isinstance(value, str) else []
    hint = f"; did you mean '{close[0]}'?" if close else ""
    raise ValueError(f"found {shown(value)}; allowed are {', '.join(o for o in options if o)}{hint}")


def shown(value: Any) -> str:
    """How a fault quotes what it found."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    if isinstance(value, int) and value.bit_length() > 1000:
        return "a number beyond all bounds"  # one of thousands of digits cannot even be printed
    text = f"the text '{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def iso_date(value: Any) -> str:
    """A day as ISO text, from a YAML date or text; raises ValueError."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ValueError(f"found {shown(value)}; a day such as 2026-03-01 is needed") from None


def _text(value: Any) -> str:
    if isinstance(value, str):
        if not all(c.isprintable() or c in "\n\t" for c in value):
            raise ValueError(f"found {shown(value)}; it holds characters that cannot be shown")
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float | datetime.date):
        raise ValueError(f"found {shown(value)}; text is needed")
    return str(value)


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"found {shown(value)}; true or false is needed")


def _range(value: Any, low: float, high: float) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"found {shown(value)}; a range is [low, high]")
    ends = tuple(number(end, low, high) for end in value)
    if ends[0] > ends[1]:
        raise ValueError(f"found {shown(value)}; the low end of a range comes first")
    return ends[0], ends[1]
