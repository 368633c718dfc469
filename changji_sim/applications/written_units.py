"""Units that headers, titles and number formats name, and what a number in one of them is in the column's own.

>>> split_header("申请金额（元）")
Header(base='申请金额', unit='元')
>>> scale_of("元", "万元").of(50_000)
5.0
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ..base.spelling import plain_text
from ..base.units import YUAN_A_UNIT
from ..modes.support_mode import Column

WAN, SHARE, YEARS, MONTHS = "万元", "1", "年", "月"  # of a share: a number from 0 to 1
# unit -> kind, and how many of the kind's smallest there are in it
_MONEY = YUAN_A_UNIT | {"十万元": 100_000, "yuan": 1, "元整": 1}
_SHARES = {
    "1": 10_000,
    "%": 100,
    "百分比": 100,
    "百分数": 100,
    "百分点": 100,
    "‰": 10,
    "千分比": 10,
    "bp": 1,
    "基点": 1,
}
_TIMES = {"年": 12, "周年": 12, "月": 1, "个月": 1, "季": 3, "季度": 3, "个季度": 3, "半年": 6}
_FOREIGN = ("美元", "美金", "欧元", "港元", "港币", "英镑", "日元", "卢布", "坚戈", "usd", "eur", "hkd", "$", "€", "£")
_BRACKET = re.compile(r"\(([^()]*)\)$")
_ABOUT_MONEY = re.compile(
    r"^(?:单位|金额单位|计量单位|货币单位)?:?(?:人民币|rmb|cny)?:?|(?:人民币|\(人民币\)|/人民币)$"
)
_AS_UNIT = re.compile(r"以\s*(?:人民币)?([十百千万亿]*元)\s*为\s*(?:计量|货币|金额)?单位")
_TITLE = re.compile(r"(?:单位\s*[:：]?|金额\s*[:：])\s*([^\s:：;；。)]+(?:\s*[、,/]\s*[^\s:：;；。)]+)*)")


class Header(NamedTuple):
    """A header without its unit; ``unit`` is None where it names none."""

    base: str
    unit: str | None = None


class Scale(NamedTuple):
    """What a number in one unit is in another: so many times, then divided."""

    times: int = 1
    by: int = 1

    def of(self, value: float) -> float:
        """The number in the other unit."""
        return float(value) * self.times / self.by

    @property
    def is_plain(self) -> bool:
        return self.times == self.by


def unit_of(column: Column) -> str:
    """The unit that a column is computed in: 万元, 1 (a share), 年, 月; ``""`` for a pure number."""
    if column.name.endswith(("_rate", "_share")):
        return SHARE
    return column.unit or split_header(column.label).unit or ""


def scale_of(unit: str, own: str) -> Scale | None:
    """What a number in ``unit`` is in the unit of a column; None where they are of different kinds."""
    for kind in (_MONEY, _SHARES, _TIMES):
        if unit in kind and own in kind:
            return Scale(kind[unit], kind[own])
    return None


def is_money(unit: str) -> bool:
    return unit in _MONEY


def is_foreign(unit: str) -> bool:
    """Whether it is the money of another country, which no number here converts."""
    return unit.casefold().endswith(_FOREIGN)


def named_unit(text: str) -> str | None:
    """The unit that a text is, however it is put: ``人民币万元``, ``单位：元``; None if it is none."""
    word = re.sub(r"\s", "", plain_text(text)).casefold()
    for one in (word, _ABOUT_MONEY.sub("", word)):
        if one in _MONEY or (one in _SHARES and one != SHARE) or one in _TIMES or is_foreign(one):
            return one
    return None


@lru_cache(maxsize=2_000)
def split_header(header: str) -> Header:
    """A header as its words and its unit: ``申请金额（元）``, ``申请金额/元``, ``申请金额（含税）``.

    What stands in brackets at its end and is no unit is left out.
    """
    text = re.sub(r"\s", "", plain_text(header)).strip("*★☆:")
    bracket = _BRACKET.search(re.sub(r"[\[【〔]", "(", re.sub(r"[\]】〕]", ")", text)))
    if bracket:
        base = text[: bracket.start()]
        units = [unit for part in re.split(r"[,，、;；]", bracket[1]) if (unit := named_unit(part))]
        rest = split_header(base) if base else Header(text)  # another bracket may stand before it
        if units and rest.unit not in (None, units[0]):
            return Header(text)  # two units that contradict each other: nobody knows which holds
        return Header(rest.base, units[0]) if units else rest
    behind = re.fullmatch(r"(.+?)[/:_|,-](.+)", text)
    if behind and (unit := named_unit(behind[2])):
        return Header(behind[1], unit)
    for unit in ("百万元", "千万元", "万元", "千元", "亿元", "元", "%", "‰", "个月"):
        if text.endswith(unit) and len(text) > len(unit) + 1:
            return Header(text.removesuffix(unit), unit)
    return Header(text)


def units_of_title(text: str) -> list[str]:
    """The units of money that a line above a table says its amounts are in."""
    plain = plain_text(text)
    words = [part for found in _TITLE.finditer(plain) for part in re.split(r"[、,/\s]+", found[1])]
    words += [*re.findall(r"\(([^()]*)\)", plain), *_AS_UNIT.findall(plain)]
    units = [unit for word in words if (unit := named_unit(word))]
    return list(dict.fromkeys(unit for unit in units if is_money(unit) or is_foreign(unit)))
