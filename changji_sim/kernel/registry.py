"""All possible applicants and platforms, by number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..base.spelling import identity
from ..scenario.actuals import Actuals
from ..scenario.model import MEMBER, RegisterRows, ScenarioModel

GROUP = "group:"

MOST_IN_16_BITS = 2**16


@dataclass(frozen=True)
class RealRow:
    """One real application of a register: ids instead of names, numbers instead of cells."""

    applicant_id: int
    platform_id: int
    values: Mapping[str, float]


def is_enterprise_name(name: str) -> bool:
    """Whether a name is an enterprise's: that of no university, institute or hospital, unless it is a company's."""
    is_company = any(word in name for word in ("公司", "集团", "企业"))
    return is_company or not any(word in name for word in ("大学", "学院", "研究所", "研究院", "医院", "卫生院"))


class Registry:
    """All possible applicants by number: the pools one after another, then those a file names; and all platforms."""

    def __init__(self, scenario: ScenarioModel, registers: RegisterRows | None = None):
        self.first_of: dict[str, tuple[int, int]] = {}
        number = 0
        group_of: list[int] = []
        is_enterprise: list[bool] = []
        for pool in scenario.pools:
            self.first_of[pool.key] = (number, pool.size)
            grouped = min(pool.groups * pool.group_size, pool.size)
            group_of += [
                number + (i // pool.group_size) * pool.group_size if i < grouped else number + i
                for i in range(pool.size)
            ]
            is_enterprise += [pool.is_enterprise] * pool.size
            number += pool.size
        self._named: dict[str, int] = {}  # by what its spellings have in common
        self._names: dict[int, str] = {}
        self._group_of, self._is_enterprise = group_of, is_enterprise
        self._platform_count = {
            item.platform_pool or item.key: item.platforms or 0
            for item in scenario.items
            if item.once_per == "platform" or item.platform_pool
        }
        self._named_platforms: dict[str, dict[str, int]] = {}
        self._platform_names: dict[str, list[str]] = {}  # the same, as they are spelled
        for item in scenario.items:
            for case in item.cases:
                self.applicant(case.applicant or f"{item.key}:{case.name}")
        self._rows: dict[tuple[str, int], list[RealRow]] = {}
        registers = dict(registers or {})
        if scenario.actuals is not None:
            self._seat(scenario, scenario.actuals)
            registers |= {(key, scenario.years[0]): rows for key, rows in scenario.actuals.rows.items()}
        for (item_key, year), rows in registers.items():
            platforms = next((i.platform_pool or i.key for i in scenario.items if i.key == item_key), item_key)
            self._rows[item_key, year] = [
                RealRow(
                    self.applicant(row["applicant"], row.get("group", "")),
                    self.platform(platforms, row["platform"]) if row.get("platform") else 0,
                    {k: v for k, v in row.items() if isinstance(v, (int, float)) and not isinstance(v, bool)},
                )
                for row in rows
            ]
        for row in scenario.opening:
            self.applicant(row.applicant, row.group)
            if row.platform:
                item = next(i for i in scenario.items if i.key == row.item)
                self.platform(item.platform_pool or item.key, row.platform)

    def _seat(self, scenario: ScenarioModel, actuals: Actuals) -> None:
        """Make the applicants of the first months members of the pools they are of, so that they may be drawn again.

        Members are alike, so that any will do; each gets one in whose part of the pool (``claimants``) all items lie
        that it has applied to. Whom another file names, or who has a group of its own, stays outside.
        """
        is_buyer = scenario.readings["trade_claimant"] == "buyer"
        named = {identity(row.applicant) for row in scenario.opening}
        wanted: dict[str, tuple[int, str, str]] = {}  # identity -> size of its part, pool, name
        for item in scenario.items:
            first, size = self.first_of[item.pool]
            part = min(size, (item.other_claimants if is_buyer and item.other_claimants else item.claimants) or size)
            for row in actuals.rows.get(item.key, ()):
                name, who = row["applicant"], identity(row["applicant"])
                is_one = is_enterprise_name(name) == self._is_enterprise[first] and not row.get("group")
                if is_one and who not in named and who not in self._named:
                    wanted[who] = min(wanted.get(who, (part, item.pool, name)), (part, item.pool, name))
        taken: set[int] = set()
        for who, (part, pool, name) in sorted(wanted.items(), key=lambda one: one[1]):
            first, size = self.first_of[pool]
            grouped = next(p.groups * p.group_size for p in scenario.pools if p.key == pool)
            places = [*range(min(grouped, part), part), *range(min(grouped, part))]
            member = next((first + n for n in places if first + n not in taken), None)
            if member is not None:
                taken.add(member)
                self._named[who], self._names[member] = member, name

    def pool(self, key: str) -> tuple[int, int]:
        """First number and size of a pool."""
        return self.first_of[key]

    def applicant(self, name: str, group: str = "") -> int:
        """The number of a named applicant, however its name is spelled, assigned at its first occurrence."""
        member = self._member(name)
        if member is not None:
            return member
        if identity(name) not in self._named:
            shared = self.applicant(f"{GROUP}{group}") if group else len(self._group_of)
            self._named[identity(name)] = len(self._group_of)
            self._names[len(self._group_of)] = name
            self._group_of.append(shared)
            self._is_enterprise.append(is_enterprise_name(name))
        return self._named[identity(name)]

    def _member(self, name: str) -> int | None:
        """The number of a member of a pool, named by `label_of`; None for any other name."""
        found = MEMBER.fullmatch(name)
        if found is None or found[1] not in self.first_of:
            return None
        first, size = self.first_of[found[1]]
        return first + int(found[2]) - 1 if 1 <= int(found[2]) <= size else None

    def label_of(self, applicant: int) -> str:
        """The name a file gives an applicant, or ``enterprises#17`` for a member of a pool: `applicant` takes both."""
        if applicant in self._names:
            return self._names[applicant]
        key, first = next((k, first) for k, (first, size) in self.first_of.items() if first <= applicant < first + size)
        return f"{key}#{applicant - first + 1}"

    def label_of_platform(self, pool: str, platform: int) -> str:
        """The same of a platform."""
        drawn = self._platform_count.get(pool, 0)
        if platform < max(drawn, 1):
            return f"{pool}#{platform + 1}"
        return self._platform_names[pool][platform - drawn]

    def group_label_of(self, applicant: int) -> str:
        """The group that a file names of an applicant; empty where it names none."""
        shared = self._group_of[applicant]
        return self._names[shared].removeprefix(GROUP) if applicant in self._names and shared != applicant else ""

    def name_of(self, applicant: int) -> str:
        """The name a file gives an applicant; empty for one of a pool."""
        return self._names.get(applicant, "")

    def platform(self, pool: str, name: str) -> int:
        """The number of a named platform, behind the pool's drawn ones."""
        found = MEMBER.fullmatch(name)
        if found is not None and found[1] == pool and 1 <= int(found[2]) <= self.platforms(pool):
            return int(found[2]) - 1
        named = self._named_platforms.setdefault(pool, {})
        if identity(name) not in named:
            self._platform_names.setdefault(pool, []).append(name)
        return named.setdefault(identity(name), self._platform_count.get(pool, 0) + len(named))

    def platforms(self, pool: str) -> int:
        """How many platforms are drawn from."""
        return max(self._platform_count.get(pool, 0), 1)

    def all_platforms(self, pool: str) -> int:
        """How many platforms there are, named ones included."""
        return self._platform_count.get(pool, 0) + len(self._named_platforms.get(pool, {})) + 1

    def rows(self, item: str, year: int) -> list[RealRow]:
        return self._rows.get((item, year), [])

    def of(self, item: str) -> list[list[RealRow]]:
        return [rows for (key, _), rows in self._rows.items() if key == item]

    def names(self) -> tuple:
        """Everything that a number stands for: registries with the same number the same."""
        return self.first_of, self._named, self._named_platforms, self._platform_count

    @property
    def number_type(self) -> type[np.unsignedinteger[Any]]:
        """The smallest of two types that holds the number of every applicant and platform."""
        pools = {*self._platform_count, *self._named_platforms}
        most = max(len(self._group_of), *map(self.all_platforms, pools), 0)
        return np.uint16 if most <= MOST_IN_16_BITS else np.uint32

    @property
    def group_of(self) -> np.ndarray:
        return np.array(self._group_of, self.number_type)

    @property
    def is_enterprise(self) -> np.ndarray:
        return np.array(self._is_enterprise, bool)
