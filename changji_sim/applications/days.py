"""Days and times of day as people and workbooks write them.

>>> parse_moment("2026年3月1日 星期日 下午2:30")
Moment(day=datetime.date(2026, 3, 1), clock=datetime.time(14, 30))
>>> parse_moment("2026-03-01T20:30:00Z").day  # Beijing is eight hours ahead
datetime.date(2026, 3, 2)
"""

from __future__ import annotations

import datetime
import re
from typing import Any, NamedTuple

from ..base.messages import message
from ..base.spelling import plain_text

SERIAL_DAYS = (20_000, 80_000)  # 1954 to 2119: what Excel counts a day as
FIRST_DAY, LAST_DAY = datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)
EPOCH_1900, EPOCH_1904 = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)  # day 0 of Excel's two calendars
BEIJING = datetime.timezone(datetime.timedelta(hours=8))

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−─", "-"))
_WEEKDAY = (
    r"[\s(,]*(?:(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天1-7])|(?P<english>mon|tue|wed|thu|fri|sat|sun)[a-z]*)\)?"
)
_HALVES = "上午|下午|早上|早晨|清晨|凌晨|中午|晚上|夜间|傍晚|am|pm|a\\.m\\.|p\\.m\\."
_CLOCK = (
    rf"[\st,]*(?P<before>{_HALVES})?\s*(?P<hour>\d{{1,2}})(?:\s*[:时点]\s*(?P<minute>\d{{1,2}}|半)?\s*分?"
    rf"(?:\s*:?\s*(?P<second>\d{{1,2}})(?:\.\d+)?\s*秒?)?)\s*(?P<after>{_HALVES})?"
)
_ZONE = r"\s*(?P<zone>z|(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?|\((?:utc|gmt)[+-]\d{1,2}(?::?\d{2})?\))"
_MOMENT = re.compile(
    rf"(?P<year>\d{{4}})\s*[-/.年]\s*(?P<month>\d{{1,2}})\s*[-/.月]\s*(?P<day>\d{{1,2}})\s*[日号.]?"
    rf"(?:{_WEEKDAY})?(?:{_CLOCK}(?:{_ZONE})?)?",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\s?(\d{2}):?(\d{2}):?(\d{2})?)?(?:\.0)?")
_CHINESE = re.compile(
    r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]?"
)
_ORDER = "一二三四五六日"
_ENGLISH = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Moment(NamedTuple):
    """A day and, where it was written, the time of day; in Beijing time."""

    day: datetime.date
    clock: datetime.time | None = None

    def without_midnight(self) -> Moment:
        """The moment with midnight as no time: so a day is kept and exported to which none was given."""
        return Moment(self.day) if self.clock == datetime.time() else self


def parse_day(cell: Any, is_1904: bool = False) -> datetime.date:
    """A day, whatever time stands beside it; see `parse_moment`."""
    return parse_moment(cell, is_1904).day


def parse_moment(cell: Any, is_1904: bool = False) -> Moment:
    """A day with the time of day, if there is one: an Excel date or serial number, ``2026-03-01 16:30``,
    ``2026/3/1``, ``2026年3月1日 下午4:30``, ``20260301``, ISO with a zone, a weekday behind it.

    Raises:
        ValueError: it is none, or its weekday is another one.
    """
    moment = _of_value(cell, is_1904)
    if moment is None:
        moment = _of_text(plain_text(cell).translate(_DASHES).rstrip("。,;、. "))
    if not FIRST_DAY <= moment.day <= LAST_DAY:
        raise ValueError(
            message(
                "found the day {day}; it must lie between {first} and {last}",
                day=str(moment.day),
                first=str(FIRST_DAY),
                last=str(LAST_DAY),
            )
        )
    return moment


def parse_clock(cell: Any) -> datetime.time | None:
    """A time of day that stands in a column of its own; None for midnight, which is how a day without one is kept.

    Raises:
        ValueError: it is none.
    """
    if isinstance(cell, datetime.datetime):
        return _clock(cell)
    if isinstance(cell, datetime.time):
        return _clock(datetime.datetime.combine(FIRST_DAY, cell))
    if isinstance(cell, float | int) and not isinstance(cell, bool) and 0 <= cell < 1:
        return _of_serial(SERIAL_DAYS[0] + cell, False).clock
    return _of_text(f"{FIRST_DAY} {plain_text(cell)}", plain_text(cell)).clock


def _of_value(cell: Any, is_1904: bool) -> Moment | None:
    """What Excel keeps as a day or a number; None for a text."""
    if isinstance(cell, datetime.datetime):
        return Moment(cell.date(), _clock(cell))
    if isinstance(cell, datetime.date):
        return Moment(cell)
    text = plain_text(cell)
    serial = float(text) if re.fullmatch(r"\d{5}(\.\d+)?", text) else 0.0
    return _of_serial(serial, is_1904) if SERIAL_DAYS[0] <= serial <= SERIAL_DAYS[1] else None


def _of_serial(serial: float, is_1904: bool) -> Moment:
    day = (EPOCH_1904 if is_1904 else EPOCH_1900) + datetime.timedelta(days=int(serial))
    seconds = min(round(serial % 1 * 86_400), 86_399)
    return Moment(day, _clock(datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(seconds=seconds)))


def _clock(moment: datetime.datetime) -> datetime.time | None:
    """Its time of day in whole seconds; Excel's fractions of a day are off by some millionths."""
    rounded = moment + datetime.timedelta(microseconds=500_000)
    exact = (rounded if rounded.date() == moment.date() else moment).time().replace(microsecond=0)
    return exact if exact != datetime.time() else None


def _of_text(text: str, shown: str = "") -> Moment:
    shown = shown or text
    if _PLAIN.fullmatch(text):
        try:
            return Moment(datetime.date.fromisoformat(text))
        except ValueError:
            raise ValueError(_no_day(text, shown)) from None
    found = _MOMENT.fullmatch(text)
    try:
        if found:
            return _of_parts(found, shown)
        digits = _DIGITS.fullmatch(text)
        if digits:
            day = datetime.date(*map(int, digits.group(1, 2, 3)))
            clock = datetime.time(int(digits[4] or 0), int(digits[5] or 0), int(digits[6] or 0))
            return Moment(day, clock).without_midnight()
        chinese = _CHINESE.fullmatch(text.replace("○", "〇"))
        if chinese:
            year = int("".join(str("〇一二三四五六七八九".find(c.replace("零", "〇"))) for c in chinese[1]))
            return Moment(datetime.date(year, _number(chinese[2]), _number(chinese[3])))
    except (ValueError, OverflowError) as error:
        if error.args and isinstance(error.args[0], str) and hasattr(error.args[0], "template"):
            raise
    raise ValueError(_no_day(text, shown))


def _of_parts(found: re.Match[str], shown: str) -> Moment:
    day = datetime.date(int(found["year"]), int(found["month"]), int(found["day"]))
    weekday = _weekday(found)
    if weekday is not None and weekday != day.weekday():
        raise ValueError(
            message(
                "found '{text}'; {day} is a 星期{right}, so one of the two is wrong",
                text=_short(shown),
                day=str(day),
                right=_ORDER[day.weekday()],
            )
        )
    if found["hour"] is None:
        return Moment(day)
    minute = 30 if found["minute"] == "半" else int(found["minute"] or 0)
    hour = _hour(int(found["hour"]), (found["before"] or found["after"] or "").lower())
    clock = datetime.time(hour, minute, int(found["second"] or 0))
    if found["zone"]:
        there = datetime.datetime.combine(day, clock, _zone(found["zone"])).astimezone(BEIJING)
        return Moment(there.date(), there.time()).without_midnight()
    return Moment(day, clock).without_midnight()


def _weekday(found: re.Match[str]) -> int | None:
    """0 for Monday; None where none is written."""
    if found["english"]:
        return _ENGLISH.index(found["english"].lower())
    if not found["weekday"]:
        return None
    written = found["weekday"].replace("天", "日")
    return int(written) - 1 if written.isdecimal() else _ORDER.index(written)


def _hour(hour: int, half: str) -> int:
    """The hour of 24 that an hour with 上午, 下午 and the like is."""
    if half in ("下午", "晚上", "夜间", "傍晚", "pm", "p.m.", "中午"):
        return hour + 12 if hour < (12 if half != "中午" else 4) else hour
    if half in ("上午", "凌晨", "am", "a.m.") and hour == 12:  # as Excel writes midnight
        return 0
    return hour


def _zone(written: str) -> datetime.timezone:
    offset = re.search(r"([+-])(\d{1,2}):?(\d{2})?", written)
    if offset is None:
        return datetime.UTC
    apart = datetime.timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return datetime.timezone(-apart if offset[1] == "-" else apart)


def _number(chinese: str) -> int:
    """一 to 三十一."""
    tens, ten, ones = chinese.rpartition("十")
    value = "一二三四五六七八九".find(ones) + 1 if len(ones) <= 1 else 99
    return value if not ten else ("一二三四五六七八九".find(tens) + 1 if tens else 1) * 10 + value


def _no_day(text: str, shown: str) -> str:
    """The sentence about a text that is no day, and what it lacks."""
    short = _short(shown)
    if re.fullmatch(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?", text):
        return message("found '{text}'; the day is missing: write it as 2026-03-01", text=short)
    if re.fullmatch(r"\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?", text):
        return message("found '{text}'; the year is missing: write it as 2026-03-01", text=short)
    if re.fullmatch(r"\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?", text):
        return message("found '{text}'; write the year with four digits, as in 2026-03-01", text=short)
    half = re.fullmatch(rf"(.*\S)\s*({_HALVES})", text, re.IGNORECASE)
    if half and _MOMENT.fullmatch(half[1]):
        return message(
            "found '{text}'; the hour is missing: write it as 2026-03-01 09:30, or the day alone", text=short
        )
    return message("found '{text}'; a day such as 2026-03-01 is needed", text=short)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
