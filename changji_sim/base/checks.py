"""Checks of one value of a file; each raises ValueError with what was found and what is allowed."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping
from typing import Any

from .by_year import is_by_year
from .faults import nearest
from .messages import Message, joined, message, titled
from .title_words import nearest_title
from .units import MOST_WAN


def number(value: Any, low: float = 0, high: float = MOST_WAN, whole: bool = False) -> float:
    """The number itself if it is one and lies between ``low`` and ``high``.

    Raises:
        ValueError: what was found and what is allowed.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(message("found {value}; a number is needed{hint}", value=shown(value), hint=_meant(value)))
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(message("found {value}; a finite number is needed", value=value))
    if value < low:
        raise ValueError(message("found {value}; at least {least} is allowed", value=shown(value), least=_limit(low)))
    if value > high:
        what = message("found {value}; at most {most} is allowed", value=shown(value), most=_limit(high))
        raise ValueError(joined((what, _too_much(value, high)), "", ""))
    if whole and value != int(value):
        raise ValueError(message("found {value}; a whole number is needed", value=shown(value)))
    return int(value) if whole else value


def _limit(value: float) -> str:
    return f"{value:,.10g}" if abs(value) >= 10_000 else f"{value:.10g}"  # 10,000,000, but 2029


def _too_much(value: float, high: float) -> str:
    """What a number above its limit was probably meant to be: percent for a share, yuan for 万元."""
    if high == 1 and value <= 100:
        return message("; for {percent:g}% write {share:g}", percent=value, share=value / 100)
    if high == MOST_WAN and value <= MOST_WAN * 10_000:
        return message("; did you give yuan? In 万元 it is {wan:,.10g}", wan=value / 10_000)
    return ""


def meant(value: Any) -> float | None:
    """The number meant by one written as people write it: 20%, 8,000, 400万; None where it is none."""
    if not isinstance(value, str):
        return None
    text = value.strip().replace(",", "").replace("，", "").removesuffix("元").removesuffix("万")
    try:
        found = float(text.rstrip("%％")) / (100 if text.endswith(("%", "％")) else 1)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _meant(value: Any) -> str:
    found = meant(value)
    return "" if found is None else message("; write {number:.10g}", number=found)


def one_of(value: Any, options: Iterable[str], titles: Mapping[str, str] | None = None) -> str:
    """``value`` if it is one of ``options``; raises ValueError with the nearest key or, of its titles, title."""
    options, titles = [str(option) for option in options], titles or {}
    if isinstance(value, str) and value in options:
        return value
    allowed = joined(titled(option, titles.get(option, "")) for option in options if option)
    if is_by_year(value):
        raise ValueError(
            message("found values by year; one holds for all years, allowed are {allowed}", allowed=allowed)
        )
    hint = nearest(value, options) or nearest_title(value, titles) if isinstance(value, str) else ""
    raise ValueError(
        message("found {value}; allowed are {allowed}{hint}", value=shown(value), allowed=allowed, hint=hint)
    )


def shown(value: Any) -> str:
    """What was found, as a fault quotes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return message("nothing")
    if isinstance(value, int) and value.bit_length() > 1000:
        return message("a number beyond all bounds")  # one of thousands of digits cannot even be printed
    if isinstance(value, str):
        return message("the text '{text}'", text=_short(value, 68))
    return _short(str(value), 80)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def iso_date(value: Any) -> str:
    """A day as ISO text, from a YAML date or text; raises ValueError."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    try:
        return datetime.date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise ValueError(message("found {value}; a day such as 2026-03-01 is needed", value=shown(value))) from None


def text(value: Any) -> str:
    """A value as text, a number or a day as it is written; raises ValueError."""
    if isinstance(value, str):
        if not all(c.isprintable() or c in "\n\t" for c in value):
            raise ValueError(message("found {value}; it holds characters that cannot be shown", value=shown(value)))
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float | datetime.date):
        raise ValueError(message("found {value}; text is needed", value=shown(value)))
    return str(value)


def flag(value: Any) -> bool:
    """True or false; raises ValueError."""
    if isinstance(value, bool):
        return value
    raise ValueError(message("found {value}; true or false is needed", value=shown(value)))


def value_range(value: Any, low: float, high: float) -> tuple[float, float]:
    """The two ends of ``[low, high]``; raises ValueError."""
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(message("found {value}; a range is [low, high]", value=shown(value)))
    least, most = (number(end, low, high) for end in value)
    if least > most:
        raise ValueError(message("found {value}; the low end of a range comes first", value=shown(value)))
    return least, most


def sentence_of(error: BaseException) -> str:
    """The sentence an exception carries: a `Message` where it was raised with one, else its text."""
    carried = error.args[0] if error.args else ""
    return carried if isinstance(carried, Message) else str(error)
