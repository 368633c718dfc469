"""The columns of an opening ledger (期初台账): their headers in Chinese or as code names, and their units."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..applications.known_columns import ReadAs
from ..applications.other_headers import OTHER_HEADERS
from ..applications.written_units import WAN, is_foreign, scale_of, split_header
from ..base.spelling import identity

HEADERS = {  # name in code -> header; a new one also needs a field of OpeningRow and an entry of MEANINGS
    "item": "支持方向",
    "applicant": "申报单位",
    "committed_wan": "立项金额（万元）",
    "paid_wan": "已拨金额（万元）",
    "acceptance_year": "验收年度",
    "rating": "绩效评价等级",
    "bar_until": "暂停申报至",
    "is_award_given": "已获一次性奖励",
    "platform": "平台名称",
    "credit_code": "统一社会信用代码",
}
NEEDED = ("item", "applicant", "committed_wan", "paid_wan")
NAMES = ("item", "applicant", "platform", "rating", "is_award_given")  # where 同上 may stand
_DUE = re.compile(
    r"due_(\d{4})(?:_wan)?|(\d{4})年?度?(?:应|待|拟|需|尚需|尚应|计划|预计)(?:拨付|拨|付)(?:金额|资金|款)?"
)
_BY_WORD = {
    **{identity(word): (name, 2) for name in HEADERS for word in OTHER_HEADERS.get(name, ())},
    **{identity(split_header(header).base): (name, 1) for name, header in HEADERS.items()},
}
_EXACT = {identity(word): name for name, header in HEADERS.items() for word in (name, header)}


def due_header(year: int) -> str:
    """The Chinese header of what falls due in a year."""
    return f"{year}年应拨（万元）"


def due_name(year: int) -> str:
    """The name of what falls due in a year."""
    return f"due_{year}"


def column_name(header: str) -> str | None:
    """The name of the column that a header stands for first of all; None where it is unknown."""
    return next((read.name for read in read_as(header)), None)


def read_as(header: str) -> list[ReadAs]:
    """What a header stands for; nothing where it is unknown."""
    return list(_meanings(header))


def _meanings(header: str) -> Iterator[ReadAs]:
    base, unit = split_header(header)
    due = _DUE.fullmatch(base)
    exact = _EXACT.get(identity(header))
    if due:
        is_named = due[1] is not None or unit == WAN
        name, own, rank = due_name(int(due[1] or due[2])), WAN, 0 if is_named else 1
        unit = WAN if due[1] else unit
    elif exact:
        name, own, rank = exact, WAN if exact.endswith("_wan") else "", 0
        unit = own
    elif identity(base) in _BY_WORD:
        name, rank = _BY_WORD[identity(base)]
        own = WAN if name.endswith("_wan") else ""
        unit = unit if own else ""
    else:
        return
    if not own or unit is None or scale_of(unit, own) or is_foreign(unit):
        yield ReadAs(name, unit, own, rank)
