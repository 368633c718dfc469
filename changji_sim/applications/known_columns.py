"""Which columns an application may have, and which of them its item needs: it all follows from what modes declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import numpy as np

from ..base.messages import Message, message, named
from ..base.spelling import identity
from ..modes.support_mode import Applications, Column, Commitments
from ..scenario.model import IS_ENTERPRISE, MEMO, Item, ScenarioModel
from ..wording.language import cap_title

COMMON = (  # columns that say who applies for what, when
    Column("application_id", "申报编号", kind="text"),
    Column("item", "支持方向", kind="text"),
    Column("applicant", "申报单位", kind="text"),
    Column("submitted", "申报日期", kind="date"),
    Column("group", "所属集团", kind="text", optional=True),
)
PLATFORM = Column("platform", "平台名称", kind="text", optional=True, simulated=False)


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
    """Every column that any item of a scenario knows, and the items themselves, found by key or Chinese name."""

    def __init__(self, scenario: ScenarioModel):
        self.scenario = scenario
        self.of_item = {
            (item.key, year): item_columns(item, scenario, year) for item in scenario.items for year in scenario.years
        }
        found = {c.name: c for c in COMMON}
        for known in self.of_item.values():
            for column in known.columns.values():
                found.setdefault(column.name, column)
        self.columns = found
        self._by_header = {identity(word): c.name for c in found.values() for word in (c.header, c.name)}
        self._by_item = {identity(word): item.key for item in scenario.items for word in (item.title, item.key)}

    def of(self, item: str, year: int) -> ItemColumns:
        """The columns of an item in ``year``; outside the measure's years those of the nearest."""
        years = self.scenario.years
        return self.of_item[item, min(max(year, years[0]), years[-1])]

    def name(self, header: str) -> str | None:
        """The code name of a header, English or Chinese; None where it is unknown."""
        return self._by_header.get(identity(header))

    def item(self, text: str) -> str | None:
        """The key of an item given by key or Chinese title; None where there is none."""
        return self._by_item.get(identity(text))

    def near(self, header: str) -> str:
        """The header there is that an unknown one comes near to; ``""`` if none."""
        words = {identity(word): word for c in self.columns.values() for word in (c.name, c.header)}
        close = get_close_matches(identity(header), words, 1, 0.75) if header else []
        return words[close[0]] if close else ""

    @property
    def item_words(self) -> list[str]:
        """Every name of an item, for suggestions."""
        return [word for item in self.scenario.items for word in (item.title, item.key)]
