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
    "arrears_wan": "应拨未拨（万元）",
    "cancelled_wan": "已取消金额（万元）",
    "commitment_year": "立项年度",
    "acceptance_year": "验收年度",
    "ended_year": "终止年度",
    "rating": "绩效评价等级",
    "bar_until": "暂停申报至",
    "is_award_given": "已获一次性奖励",
    "platform": "平台名称",
    "credit_code": "统一社会信用代码",
    "group": "所属集团",
    "may_apply_again": "可再次申报",
    "application_year": "申报年度",
    "application_row": "申报序号",
}
APPLIED = ("commitment_year", "application_year")  # where one stands, what the application stated is read too
NEEDED = ("item", "applicant", "committed_wan", "paid_wan")
NAMES = (
    "item",
    "applicant",
    "platform",
    "rating",
    "is_award_given",
    "group",
    "may_apply_again",
)  # where 同上 may stand
_DUE = re.compile(
    r"due_(\d{4})(?:_wan)?|(\d{4})年?度?(?:应|待|拟|需|尚需|尚应|计划|预计)(?:拨付|拨|付)(?:金额|资金|款)?"
)
_BY_YEAR = {  # other amounts of a year: how its name begins, its header
    "paid": re.compile(r"paid_(\d{4})(?:_wan)?|(\d{4})年?度?(?:已|实)(?:拨付|拨|付)(?:金额|资金|款)?"),
    "inflow": re.compile(r"inflow_(\d{4})(?:_wan)?|(\d{4})年?度?(?:应|待|拟|预计)收回(?:金额|资金|款)?"),
}
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


def paid_header(year: int) -> str:
    """The Chinese header of what was paid in a year."""
    return f"{year}年已拨（万元）"


def inflow_header(year: int) -> str:
    """The Chinese header of what comes back in a year."""
    return f"{year}年应收回（万元）"


def column_name(header: str) -> str | None:
    """The name of the column that a header stands for first of all; None where it is unknown."""
    return next((read.name for read in read_as(header)), None)


def read_as(header: str) -> list[ReadAs]:
    """What a header stands for; nothing where it is unknown."""
    return list(_meanings(header))


def _meanings(header: str) -> Iterator[ReadAs]:
    base, unit = split_header(header)
    kind, due = next(
        ((kind, found) for kind, pattern in (("due", _DUE), *_BY_YEAR.items()) if (found := pattern.fullmatch(base))),
        ("", None),
    )
    exact = _EXACT.get(identity(header))
    if due:
        is_named = due[1] is not None or unit == WAN
        name, own, rank = f"{kind}_{int(due[1] or due[2])}", WAN, 0 if is_named else 1
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
