"""Which columns an application may have, and which of them its item needs: it all follows from what modes declare."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import numpy as np

from ..base.faults import item_hint
from ..base.messages import Message, joined, message, named
from ..base.spelling import identity
from ..modes.support_mode import Applications, Column, Commitments
from ..scenario.model import IS_ENTERPRISE, MEMO, Item, ScenarioModel
from ..wording.language import cap_title
from .other_headers import OTHER_HEADERS, SECOND_TO_OTHERS
from .written_units import MONTHS, SHARE, WAN, YEARS, is_foreign, is_money, scale_of, split_header, unit_of

COMMON = (  # columns that say who applies for what, when
    Column("application_id", "申报编号", kind="text"),
    Column("item", "支持方向", kind="text"),
    Column("applicant", "申报单位", kind="text"),
    Column("submitted", "申报日期", kind="date"),
    Column("credit_code", "统一社会信用代码", kind="text", optional=True),
    Column("group", "所属集团", kind="text", optional=True),
    Column("budget_year", "预算年度", kind="whole", bounds=(1990, 2100), optional=True),
)
CLOCK = Column("clock", "申报时间", kind="text", optional=True)
DECISIONS = (  # what was decided on real applications; a simulation takes it in the place of draws
    Column("score", "评分", bounds=(0, 100), optional=True, simulated=False),
    Column("is_passed", "是否通过", kind="flag", optional=True, simulated=False),
    Column("approved_wan", "批准金额", optional=True, simulated=False),
)
DECISIONS_TO_A_DAY = (  # the same in a ledger of the year so far, with what has been paid
    *DECISIONS[:2],
    replace(DECISIONS[2], also=("立项金额", "立项额", "批准资金", "批复资金")),
    Column("decided_on", "批准日期", kind="date", optional=True, simulated=False,
           also=("立项日期", "批复日期", "决定日期", "立项时间", "批复时间", "批准时间")),
    Column("paid_wan", "已拨金额", optional=True, simulated=False),
    Column("paid_on", "拨付日期", kind="date", optional=True, simulated=False,
           also=("付款日期", "支付日期", "拨款日期", "最近拨付日期", "拨付时间")),
)  # fmt: skip
_BRACKETS = re.compile(r"[（(].*")
PLATFORM = Column("platform", "平台名称", kind="text", optional=True, simulated=False)


@dataclass(frozen=True)
class ReadAs:
    """What a header may stand for.

    Args:
        name: of the column.
        unit: that the header names; None where it names none although the column has one.
        own: the unit that the column is computed in; ``""`` if it has none.
        rank: 0 where it is the very header or name, 1 where only the unit or a remark differs, 2 for another word, 3
            for one that is second to others.
    """

    name: str
    unit: str | None
    own: str
    rank: int


@dataclass(frozen=True, eq=False)
class ItemColumns:
    """The columns of one item in one year, beside `COMMON`.

    Args:
        columns: by name; choices are the item's own.
        needed: name -> why, a sentence, for those no row of the item may do without.
        conditions: name -> article, for those a condition of the item reads: the column may be missing, a cell may not.
        asked_for: names of those that matter to the item and that an applicant can know; others are not looked at.
    """

    columns: Mapping[str, Column]
    needed: Mapping[str, Message]
    conditions: Mapping[str, str]
    asked_for: tuple[str, ...]

    def missing_value(self, name: str) -> float:
        """What an empty cell of a column that is not needed counts as: the mode's fixed default, else NaN."""
        column = self.columns[name]
        if name in {memo.name for memo in MEMO}:
            return 0.0
        return float(column.default["fixed"]) if _has_fixed_default(column) else float("nan")


def item_columns(item: Item, scenario: ScenarioModel, year: int) -> ItemColumns:
    """The columns of an item under the guide of ``year``."""
    mode = item.modes[year]
    declared = [*mode.columns, *(memo for memo in MEMO if memo.name not in {c.name for c in mode.columns})]
    if item.once_per == "platform" and all(c.name != "platform" for c in declared):
        declared.append(PLATFORM)
    titles = _tier_titles(item, year)
    columns = {
        c.name: replace(c, choices=titles) if c.kind == "choice" and not c.choices else c
        for c in declared
        if not c.per_item
    }
    there = {name: c for name, c in columns.items() if not c.reading or scenario.readings[c.reading[0]] == c.reading[1]}
    read = columns_read(item, there, year)
    needed = dict(_needed(item, columns, read, scenario, year))
    conditions = {one.column: one.article for one in item.requires if one.column != IS_ENTERPRISE}
    matters = {*needed, *read, *conditions, *(memo.name for memo in MEMO)}
    if mode.is_project:
        matters.add("term_years")  # when it is paid and accepted
    asked = tuple(c.name for c in columns.values() if c.name in matters or _is_noted(c, scenario))
    return ItemColumns(columns, needed, conditions, asked)


def _needed(
    item: Item, columns: Mapping[str, Column], read: set[str], scenario: ScenarioModel, year: int
) -> Iterator[tuple[str, Message]]:
    """Columns without which the item cannot be worked out, with the reason."""
    mode = item.modes[year]
    title = named(mode.title, mode.title_en or mode.key)
    conditions = {condition.column for condition in item.requires}
    for column in columns.values():
        if column.reading and scenario.readings[column.reading[0]] != column.reading[1]:
            continue
        if not column.optional:
            yield column.name, message("{mode} needs it", mode=title)
        elif column.name in read and not _has_fixed_default(column) and column.name not in conditions:
            yield column.name, message("{mode} computes with it", mode=title)
    for cap in item.caps[year]:
        if cap.of is not None and cap.of in columns:
            yield (
                cap.of,
                message(
                    "the ceiling {cap} is a share of it, {article}",
                    cap=named(cap_title(cap), cap.key),
                    article=cap.article,
                ),
            )
    if item.once_per == "platform":
        yield "platform", message("it is given once a platform, {article}", article=item.article)


def columns_read(item: Item, columns: Mapping[str, Column], year: int) -> set[str]:
    """Names of the columns that the item's formula and schedule read, found by letting them compute one plain row."""
    values = {name: np.array([_plain_value(column, year)]) for name, column in columns.items()}
    read: set[str] = set()
    mode = item.modes[year]
    asked: tuple[tuple[Any, Any], ...] = ((Applications, mode.demand), (Commitments, mode.payments))
    for kind, compute in asked:
        noted = {name: _note(read, name, value) for name, value in values.items()}
        try:
            with np.errstate(all="ignore"):
                compute(kind({**noted, "is_enterprise": np.array([True])}, year, 1))
        except Exception:  # a mode that cannot do even this fails with a sentence on real rows
            continue
    return read


def _note(read: set[str], name: str, value: np.ndarray) -> Any:
    """A column made when it is first asked for, which is then known to be read."""

    def made() -> np.ndarray:
        read.add(name)
        return value

    return made


def _plain_value(column: Column, year: int) -> float:
    if column.kind == "date":
        return float((np.datetime64(f"{year}-07-01") - np.datetime64("1970-01-01")).astype(int))
    if column.kind in ("choice", "flag"):
        return 0.0
    low, high = column.bounds
    return float(min(max(1.0, low if low is not None else 1.0), high if high is not None else 1.0))


def _is_noted(column: Column, scenario: ScenarioModel) -> bool:
    """Whether a column no formula reads is asked for: a reading wants it, or real applications alone have it."""
    if column.reading:
        return scenario.readings[column.reading[0]] == column.reading[1]
    return not column.simulated and column.name != PLATFORM.name


def _has_fixed_default(column: Column) -> bool:
    return isinstance(column.default, Mapping) and "fixed" in column.default


def _tier_titles(item: Item, year: int) -> dict[str, str]:
    """The item's tiers (档次) with their Chinese names, best first."""
    mode = item.modes[year]
    titles = getattr(mode, "tier_titles", None) or {}
    return {tier: str(titles.get(tier, tier)) for tier in getattr(mode, "tiers", None) or {}}


class KnownColumns:
    """Every column that any item of a scenario knows, and the items themselves, found by key or Chinese name.

    Args:
        decisions: the columns of what was decided.
    """

    def __init__(self, scenario: ScenarioModel, decisions: tuple[Column, ...] = DECISIONS):
        self.scenario, self.decisions = scenario, decisions
        self.items = {item.key: item for item in scenario.items}
        self.of_item = {
            (item.key, year): item_columns(item, scenario, year) for item in scenario.items for year in scenario.years
        }
        found = {c.name: c for c in COMMON}
        for known in self.of_item.values():
            for column in known.columns.values():
                found.setdefault(column.name, column)
        found |= {column.name: column for column in decisions if column.name not in found}
        self.columns = found
        self._by_item = {identity(word): item.key for item in scenario.items for word in (item.title, item.key)}
        self._read_as: dict[str, tuple[ReadAs, ...]] = {}
        self._by_word: dict[str, list[tuple[Column, int]]] = {}
        for column in (*found.values(), CLOCK):
            words = {identity(split_header(column.header).base): 1}
            also = (*column.also, *OTHER_HEADERS.get(column.name, ()))
            words |= {identity(word): 2 + (word in SECOND_TO_OTHERS) for word in also if identity(word) not in words}
            for word, rank in words.items():
                self._by_word.setdefault(word, []).append((column, rank))
        self._exact = {identity(word): c for c in found.values() for word in (c.header, c.name)}

    def of(self, item: str, year: int) -> ItemColumns:
        """The columns of an item in ``year``; outside the measure's years those of the nearest."""
        years = self.scenario.years
        return self.of_item[item, min(max(year, years[0]), years[-1])]

    def name(self, header: str) -> str | None:
        """The code name of what a header stands for first of all; None where it is unknown."""
        found = self.read_as(header)
        return found[0].name if found else None

    def read_as(self, header: str) -> tuple[ReadAs, ...]:
        """Everything that a header may stand for, the likeliest first."""
        if header not in self._read_as:
            self._read_as[header] = tuple(sorted(self._meanings(header), key=lambda read: read.rank))
        return self._read_as[header]

    def _meanings(self, header: str) -> Iterator[ReadAs]:
        exact = self._exact.get(identity(header))
        if exact is not None:
            yield ReadAs(exact.name, unit_of(exact), unit_of(exact), 0)
        base, unit = split_header(header)
        for column, rank in self._by_word.get(identity(base), []):
            own = unit_of(column)
            fits = unit is None or not own or scale_of(unit, own) is not None or (is_foreign(unit) and is_money(own))
            if fits and column is not exact:
                yield ReadAs(column.name, unit or (SHARE if own == SHARE else None if own else ""), own, rank)

    def item(self, text: str) -> str | None:
        """The key of an item given by key or Chinese title; None where there is none."""
        return self._by_item.get(identity(text))

    def near(self, header: str, cutoff: float = 0.75) -> tuple[str, str] | None:
        """Name and header of the column that an unknown header may be meant as; None if nothing is near.

        A header is never said to be another whose numbers mean something else: another unit, 上年 for 本年.
        """
        base, unit = split_header(header)
        base = _BRACKETS.sub("", base)
        words = {identity(word): c for c in self.columns.values() for word in (c.name, split_header(c.header).base)}
        for close in get_close_matches(identity(base), words, 3, cutoff) if base else []:
            column = words[close]
            own = unit_of(column)
            if _means_another(identity(base), close) or (unit and scale_of(unit, own) is None):
                continue
            if own in ("", SHARE) or unit == own:
                return column.name, column.name if close == identity(column.name) else column.header
            return column.name, f"{split_header(column.header).base}（{unit}）" if unit else _either(column, own)
        return None

    def item_hint(self, text: str) -> str:
        """What would do in the place of a text that names no item."""
        titles = self.scenario.categories
        category = next((key for key, title in titles.items() if identity(text) in (identity(title), key)), None)
        if category is not None:
            items = joined([item.title for item in self.items.values() if item.category == category])
            return message("; it is a category (专项), write the item: {items}", items=items)
        hint = item_hint(text, {item.title: item.key for item in self.items.values()})
        return hint or message("; write its Chinese name or key")


def _means_another(one: str, other: str) -> bool:
    """Whether two headers differ in a character that makes them two things."""
    return any(
        {c for c in characters if c in one} != {c for c in characters if c in other}
        for characters in ("上本今去前", "年月日季")
    )


def _either(column: Column, own: str) -> str:
    """A header whose unit is open: it must be named before the numbers can be read."""
    base, other = split_header(column.header).base, {WAN: "元", YEARS: "月", MONTHS: "年"}.get(own, own)
    return f"{base}（{own}）/{base}（{other}）"
