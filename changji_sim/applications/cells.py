"""What a cell of an application may hold, and what it then means: numbers, flags, choices, days and names.

Every function takes the cell as it came and gives its value, or raises ValueError: what was found, what is allowed.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from typing import Any

from ..base.checks import number
from ..base.faults import same_choice
from ..base.messages import Message, joined, message
from ..base.spelling import number_of_text, plain_text
from ..modes.support_mode import Column
from ..tables.table import NOT_CALCULATED

FLAGS = {"是": 1.0, "否": 0.0, "true": 1.0, "false": 0.0, "1": 1.0, "0": 0.0, "yes": 1.0, "no": 0.0}
EXCEL_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
SERIAL_DAYS = (20_000, 80_000)  # 1954 to 2119: what Excel counts a day as
FIRST_DAY, LAST_DAY = datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)
EPOCH = datetime.date(1970, 1, 1)
EPOCH_1900, EPOCH_1904 = datetime.date(1899, 12, 30), datetime.date(1904, 1, 1)  # day 0 of Excel's two calendars
_CLOCK = r"(?:[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_DAY = re.compile(r"(\d{4})([-/.年])(\d{1,2})[-/.月](\d{1,2})日?" + _CLOCK, re.IGNORECASE)


def is_empty(cell: Any) -> bool:
    """Whether a cell holds nothing."""
    return cell is None or (cell is not NOT_CALCULATED and plain_text(cell) == "")


def parse_cell(cell: Any, column: Column, is_1904: bool = False) -> float:
    """A cell that is not empty as the number a mode computes with: flags 0 or 1, choices positions, days since 1970."""
    refuse_errors(cell)
    if column.kind == "flag":
        return parse_flag(cell)
    if column.kind == "choice":
        return parse_choice(cell, column.choices)
    if column.kind == "date":
        return float((parse_day(cell, is_1904) - EPOCH).days)
    return parse_number(cell, column)


def refuse_errors(cell: Any) -> None:
    """Raise ValueError for a formula that was never calculated, or one that failed."""
    if cell is NOT_CALCULATED:
        raise ValueError(
            message("found a formula without a saved value; open and save the file in Excel, or paste values")
        )
    if isinstance(cell, str) and cell.strip().upper() in EXCEL_ERRORS:
        raise ValueError(message("found the error {error}; mend the formula or write the value", error=cell.strip()))


def parse_number(cell: Any, column: Column) -> float:
    """A finite number within the column's bounds: ``1,234.5``, ``３５``; a rate also as ``3.45%``."""
    is_rate = column.name.endswith(("_rate", "_share"))
    value = cell if isinstance(cell, (int, float)) else _number_of_text(cell, column, is_rate)
    try:
        checked = number(value, *column.limits, column.kind == "whole")
    except ValueError as error:
        found = error.args[0]
        if is_rate and 0 < value <= 100:
            found = message("{found}; write {value:g}% or {share:g}", found=found, value=value, share=value / 100)
        raise ValueError(found) from None
    return float(checked)


def _number_of_text(cell: Any, column: Column, is_rate: bool) -> float:
    if isinstance(cell, (datetime.date, datetime.time, datetime.timedelta)):
        raise ValueError(message("found the date {day}; {wanted} is needed", day=str(cell), wanted=_wanted(column)))
    text = plain_text(cell)
    is_percent = text.endswith("%")
    bare = text.removesuffix("%").strip()
    value = number_of_text(bare)
    if value is not None:
        if not is_percent:
            return value
        if is_rate:
            return round(value / 100, 12)  # 3.45% is 0.0345, not 0.034500000000000003
        raise ValueError(
            message("found '{text}'; {wanted} is needed, not a percentage", text=_short(text), wanted=_wanted(column))
        )
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        raise ValueError(message("found '{text}'; a finite number is needed", text=text))
    needed = message("found '{text}'; {wanted} is needed", text=_short(text), wanted=_wanted(column))
    raise ValueError(joined([needed, _meant(text, column)], "", ""))


def _wanted(column: Column) -> Message:
    if column.unit == "万元":
        return message("an amount in 万元")
    return message("a whole number") if column.kind == "whole" else message("a number")


def _meant(text: str, column: Column) -> str:
    """A suggestion for a number with its unit behind it."""
    match = re.fullmatch(r"[¥￥]?([\d.,]+)(万元|万|元|个月|月|年)?", text)
    try:
        value = float(match.group(1).replace(",", "")) if match else math.nan
    except ValueError:
        return ""
    if match and column.unit == "万元" and match.group(2) == "元":
        value /= 10_000
    return message("; write {value:.10g}", value=value) if math.isfinite(value) else ""


def parse_flag(cell: Any) -> float:
    """是, 否, true, false, 1, 0, yes or no."""
    text = plain_text(int(cell) if isinstance(cell, float) and cell in (0.0, 1.0) else cell).lower()
    if text not in FLAGS:
        raise ValueError(message("found '{text}'; write 是 (yes) or 否 (no)", text=_short(text)))
    return FLAGS[text]


def parse_choice(cell: Any, choices: Mapping[str, str]) -> float:
    """The position of a choice, given by key or Chinese name."""
    text = plain_text(cell)
    for position, (key, title) in enumerate(choices.items()):
        if text in (key, plain_text(title)):
            return float(position)
    allowed = joined([message("{title} ({key})", title=title, key=key) for key, title in choices.items()])
    hint = same_choice(text, [*choices.values(), *choices])
    if not choices:
        raise ValueError(message("found '{text}'; the item has no choices here", text=_short(text)))
    raise ValueError(
        message("found '{text}'; allowed are {allowed}{hint}", text=_short(text), allowed=allowed, hint=hint)
    )


def parse_day(cell: Any, is_1904: bool = False) -> datetime.date:
    """A day: an Excel date or serial number, ``2026-03-01``, ``2026/3/1``, ``2026年3月1日``, ``20260301``."""
    day = cell.date() if isinstance(cell, datetime.datetime) else cell
    if not isinstance(day, datetime.date):
        day = _day_of(cell, is_1904)
    if day is None:
        raise ValueError(message("found '{text}'; a day such as 2026-03-01 is needed", text=_short(plain_text(cell))))
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(
            message(
                "found the day {day}; it must lie between {first} and {last}",
                day=str(day),
                first=str(FIRST_DAY),
                last=str(LAST_DAY),
            )
        )
    return day


def _day_of(cell: Any, is_1904: bool) -> datetime.date | None:
    text = plain_text(cell)
    match = _DAY.fullmatch(text) or re.fullmatch(r"(\d{4})()(\d{2})(\d{2})(?:\.0)?", text)
    try:
        if match:
            return datetime.date(int(match[1]), int(match[3]), int(match[4]))
        serial = float(text) if re.fullmatch(r"\d{5}(\.\d+)?", text) else math.nan
        if SERIAL_DAYS[0] <= serial <= SERIAL_DAYS[1]:
            return (EPOCH_1904 if is_1904 else EPOCH_1900) + datetime.timedelta(days=int(serial))
    except (ValueError, OverflowError):
        return None
    return None


def parse_name(cell: Any) -> str:
    """A text: trimmed, a whole number without its ``.0``, spaces within it made one."""
    refuse_errors(cell)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return re.sub(r"\s+", " ", str(cell)).strip()


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
