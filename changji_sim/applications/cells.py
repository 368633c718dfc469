"""What a cell of an application may hold, and what it then means: numbers, flags, choices, days and names.

Every function takes the cell as it came and gives its value, or raises ValueError: what was found, what is allowed.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from ..base.checks import number
from ..base.faults import same_choice
from ..base.messages import Message, joined, message
from ..base.spelling import identity, number_of_text, plain_text
from ..modes.support_mode import Column
from ..tables.table import NOT_CALCULATED
from .days import parse_day
from .number_formats import contradicts, shown
from .written_units import SHARE, WAN, Scale, named_unit, scale_of, unit_of

_YES = ("是", "true", "1", "yes", "y", "有", "√", "✓", "通过", "立项", "予以立项", "同意", "推荐")
_NO = ("否", "false", "0", "no", "n", "无", "×", "✗", "不通过", "未通过", "不立项", "不予立项", "不同意", "不推荐")
FLAGS = dict.fromkeys(_YES, 1.0) | dict.fromkeys(_NO, 0.0)
EXCEL_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!")
EPOCH = datetime.date(1970, 1, 1)
NOTHING = {
    "",
    "无",
    "没有",
    "暂无",
    "不详",
    "未知",
    "/",
    "\\",
    "-",
    "--",
    "n/a",
    "na",
    "none",
    "nil",
    "null",
}  # put where no name is


class Written(NamedTuple):
    """How the numbers of a column are written: their unit, what is to be done to convert them, a cell's format."""

    unit: str = ""
    scale: Scale = Scale()
    number_format: str = ""


PLAIN = Written()


def is_empty(cell: Any) -> bool:
    """Whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and plain_text(cell) == "")


def parse_cell(cell: Any, column: Column, is_1904: bool = False, written: Written = PLAIN) -> float:
    """A cell that is not empty as the number a mode computes with: flags 0 or 1, choices positions, days since 1970."""
    refuse_errors(cell)
    if column.kind == "flag":
        return parse_flag(cell)
    if column.kind == "choice":
        return parse_choice(cell, column.choices)
    if column.kind == "date":
        return float((parse_day(cell, is_1904) - EPOCH).days)
    return parse_number(cell, column, written)


def refuse_errors(cell: Any) -> None:
    """Raise ValueError for a formula that was never calculated, or one that failed."""
    if cell is NOT_CALCULATED:
        raise ValueError(
            message("found a formula without a saved value; open and save the file in Excel, or paste values")
        )
    if isinstance(cell, str) and "#" in cell and cell.strip().upper() in EXCEL_ERRORS:
        raise ValueError(message("found the error {error}; mend the formula or write the value", error=cell.strip()))


def parse_number(cell: Any, column: Column, written: Written = PLAIN) -> float:
    """A finite number within the column's bounds: ``1,234.5``, ``３５``; a rate also as ``3.45%``.

    What is written in another unit is converted; a number format that shows another amount is refused.
    """
    own = unit_of(column)
    is_rate, scale = own == SHARE, written.scale
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        value: Any = cell
        seen = shown(cell, written.number_format) if written.number_format else None
        if seen is not None and is_rate and seen.unit == "%":
            scale = Scale()  # the cell holds 0.0345 and shows 3.45%
        elif seen is not None and contradicts(cell, seen, scale, own):
            raise ValueError(two_amounts(cell, seen.text, written))
    elif isinstance(cell, bool):
        value = cell
    else:
        value, is_percent = _number_of_text(cell, column, is_rate, written)
        scale = Scale() if is_percent else scale
    if scale.is_plain:
        return _within(value, column, is_rate)
    converted = round(scale.of(value), 12) if is_rate else scale.of(value)
    try:
        return _within(converted, column, False)
    except ValueError as error:
        text = message("'{text}' ({unit})", text=_short(plain_text(cell)), unit=written.unit)
        raise ValueError(joined([text, error.args[0]], "：", ": ")) from None


def _within(value: Any, column: Column, may_be_percent: bool) -> float:
    try:
        checked = number(value, *column.limits, column.kind == "whole")
    except ValueError as error:
        found = error.args[0]
        if may_be_percent and 0 < value <= 100:
            found = message("{found}; write {value:g}% or {share:g}", found=found, value=value, share=value / 100)
        raise ValueError(found) from None
    return float(checked)


def two_amounts(cell: float, seen: str, written: Written) -> Message:
    """The sentence about a cell whose number format shows another amount than it holds."""
    if not seen:
        return message(
            "the cell holds {value:.10g} and shows nothing (number format '{format}'); delete it or show it",
            value=cell, format=written.number_format,
        )  # fmt: skip
    return message(
        "the cell holds {value:.10g} and shows '{seen}' (number format '{format}'); write the number that is meant, in "
        "{unit}, without such a format",
        value=cell, seen=seen, format=written.number_format, unit=written.unit or message("the column's unit"),
    )  # fmt: skip


def _number_of_text(cell: Any, column: Column, is_rate: bool, written: Written) -> tuple[float, bool]:
    """The number of a text, and whether it is a rate with a per cent sign behind it."""
    wanted = _wanted(column, written)
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        raise ValueError(message("found the date {day}; {wanted} is needed", day=str(cell), wanted=wanted))
    text = plain_text(cell)
    is_percent = text.endswith("%")
    value = number_of_text(text.removesuffix("%").strip())
    if value is not None:
        if not is_percent:
            return value, False
        if is_rate:
            return round(value / 100, 12), True  # 3.45% is 0.0345, not 0.034500000000000003
        what = message("found '{text}'; {wanted} is needed, not a percentage", text=_short(text), wanted=wanted)
        raise ValueError(what)
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        raise ValueError(message("found '{text}'; a finite number is needed", text=text))
    needed = message("found '{text}'; {wanted} is needed", text=_short(text), wanted=wanted)
    raise ValueError(joined([needed, _meant(text, column, written)], "", ""))


def _wanted(column: Column, written: Written) -> Message:
    if column.unit == WAN:
        return message("an amount in {unit}", unit=written.unit or WAN)
    return message("a whole number") if column.kind == "whole" else message("a number")


def _meant(text: str, column: Column, written: Written) -> str:
    """A suggestion for a number with its unit behind it, in the unit of its header."""
    match = re.fullmatch(r"[¥￥]?([\d.,]+)([^\d.,]*)", text)
    try:
        value = float(match[1].replace(",", "")) if match else math.nan
    except ValueError:
        return ""
    own = unit_of(column)
    unit = named_unit(match[2]) if match and match[2] else ""
    scale = scale_of(unit, written.unit or own) if unit else Scale()
    if unit is None or scale is None or not math.isfinite(value):
        return ""
    return message("; write {value:.10g}", value=scale.of(value))


def parse_flag(cell: Any) -> float:
    """是, 否, true, false, 1, 0, yes, no and what else says so: 有, 无, 通过, 不通过."""
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


def names_nothing(cell: Any) -> bool:
    """Whether a cell is empty or holds what people put where there is no name: ``无``, ``/``."""
    return cell is None or (cell is not NOT_CALCULATED and _is_nothing(str(cell)))


@lru_cache(maxsize=100_000)
def _is_nothing(text: str) -> bool:
    name = identity(text)
    return name in NOTHING or not any(c.isalnum() for c in name)


def has_lost_digits(cell: Any) -> bool:
    """Whether a cell holds a number of more digits than the 15 that Excel keeps, or such a one as a csv shows it."""
    if isinstance(cell, str):
        return "+" in cell and re.fullmatch(r"\d(?:\.\d+)?E\+(?:1[5-9]|2\d)", cell.strip(), re.IGNORECASE) is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 1e15


def parse_name(cell: Any) -> str:
    """A text: trimmed, a whole number without its ``.0``, spaces within it made one."""
    refuse_errors(cell)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
