"""A scenario (情景) in memory: guide, assumptions and envelopes, checked, with source and mark of every number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..base.by_year import latest
from ..base.faults import Fault
from ..modes.support_mode import Cap, Column, SupportMode
from .actuals import Actuals
from .distributions import Distribution
from .guide_life import GuideLife
from .payment_months import PaymentMonths
from .target import Target

if TYPE_CHECKING:
    pass

READINGS: dict[str, tuple[str, ...]] = {
    # the default comes first
    "winner_rounding": ("down", "nearest", "up"),
    "enterprise": ("applicant", "group"),
    "exchange_counts": ("payments", "commitments"),
    "upgrade_pays": ("full", "difference"),
    "clawback_scope": ("all_paid", "unspent"),
    "bar_scope": ("every_item", "projects_only"),
    "payable_rounding": ("yuan", "hundred", "nearest"),
    "public_money": ("no", "yes"),
    "equity_scope": ("all", "pilots_only"),
    "trade_claimant": ("seller", "buyer"),
    "envelope_limits": ("payments", "commitments"),
    "in_force": ("whole_years", "dates"),
    "claims_after_expiry": ("lapse", "paid"),
    "short_project_violations": ("never", "acceptance"),
}


@dataclass(frozen=True)
class Assumption:
    """An assumption (假设): a number that is no decision, with where it comes from.

    ``low`` and ``high`` span the doubt about it: drawn once a trial from the triangular distribution (low, value,
    high); ``log_sd`` is doubt on a log scale instead, mean-corrected. ``value`` may differ by year.
    """

    value: float | Mapping[int, float]
    low: float | None = None
    high: float | None = None
    log_sd: float | None = None
    source: str = ""
    mark: str = ""  # A official, B press, C arithmetic, D analogy; "" the planner's own
    line: str = ""  # file:line it was read from

    def at(self, year: int) -> float:
        """The value without doubt in ``year``; a year the mapping lacks takes the latest earlier one."""
        if isinstance(self.value, Mapping):
            return latest(self.value, year)
        return self.value

    @property
    def is_doubtful(self) -> bool:
        return self.low is not None or self.log_sd is not None


@dataclass(frozen=True)
class DrawnColumn:
    """How one column of an item is made in a trial.

    Exactly one of: ``distribution`` alone; with ``share_of`` (the draw times that column) or ``added_to`` (that
    column plus the draw).
    ``level`` is a doubtful factor drawn once a trial; ``probability`` replaces the distribution for a flag or a
    waiting time and may be doubtful itself.
    """

    column: Column
    distribution: Distribution
    share_of: str | None = None
    added_to: str | None = None
    level: Assumption | None = None
    probability: Assumption | None = None
    source: str = ""
    mark: str = ""
    line: str = ""


IS_ENTERPRISE = "is_enterprise"  # a condition of the applicant, not of a column


@dataclass(frozen=True)
class Condition:
    """A condition an application must meet: the column is ``true``, ``false`` or ``positive``; or who applies is an
    enterprise (`IS_ENTERPRISE`).
    """

    column: str
    must_be: str
    article: str


@dataclass(frozen=True)
class NamedCase:
    """A named case of 一事一议: comes in ``year`` with ``probability``, asking ``amount`` (万元, may be a
    distribution).
    """

    name: str
    year: int
    amount: Distribution
    probability: Assumption
    applicant: str = ""


@dataclass(frozen=True)
class Pool:
    """Applicants that items share (申报单位库). The first ``group_size × groups`` belong to groups of
    ``group_size``.
    """

    key: str
    title: str
    size: int
    is_enterprise: bool
    groups: int = 0
    group_size: int = 1


@dataclass(frozen=True)
class Item:
    """A support direction (支持方向) of a scenario: the law's part, the guide's part and the assumptions."""

    key: str
    title: str
    title_en: str
    category: str
    article: str
    mode: str
    modes: Mapping[int, SupportMode]  # year -> the mode with that year's terms, law-bounded
    caps: Mapping[
        int, tuple[Cap, ...]
    ]  # year -> caps with a level, in CAP_ORDER, a guide's tighter one behind the law's
    # guide
    places: Mapping[int, int | None]
    selection: str  # by_score | by_date
    when_short: str  # ranked | partial | pro_rata | defer
    # law
    is_negotiated: bool = False
    once_per: str | None = None  # None | "applicant" | "platform"
    upgrade_of: str | None = None
    requires: tuple[Condition, ...] = ()
    is_own: bool = False  # a planner's own (自设): no article names it
    covered_by: str = ""  # key of the law's item whose numbers hold for it nevertheless
    # assumptions
    applications: Assumption | None = None  # expected number a year (Poisson), or the fixed number
    is_count_fixed: bool = False
    growth: Assumption | None = None  # overrides the scenario's growth
    economy_elasticity: float = 1.0
    quality_pass: Assumption | None = None
    reapply: Assumption | None = None
    pool: str = "enterprises"
    claimants: int | None = None  # only the first so many of the pool apply
    other_claimants: int | None = None  # the buyers, under reading trade_claimant = buyer
    is_distinct: bool = False  # each applies once until the pool is exhausted
    platforms: int | None = (
        None  # number of platforms there are (once_per platform); shared by items with the same platform_pool
    )
    platform_pool: str = ""
    columns: tuple[DrawnColumn, ...] = ()  # in order of drawing; a column used by share_of/added_to comes before
    item_columns: tuple[DrawnColumn, ...] = ()
    tiers: tuple[tuple[str, int], ...] = ()  # fixed rows a year by tier (the contest's proposed winners)
    cases: tuple[NamedCase, ...] = ()
    registers: Mapping[int, Path] = field(default_factory=dict)  # year -> file of real applications
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # guide term -> (source, mark)


@dataclass(frozen=True)
class Envelopes:
    """Money available (预算额度), 万元 a year; ``None`` is unlimited."""

    total_wan: Mapping[int, float | None]
    category_wan: Mapping[str, Mapping[int, float | None]]
    forward_cover: bool = True
    pooling: bool = False
    refill: bool = False
    source: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Oversight:
    """How projects end (第十六条, 第十八条, 第十九条) and the inflows that follow."""

    violation: Assumption
    terminated: Assumption
    closed_early: Assumption
    excellent: Assumption
    fail: Assumption
    mended: Assumption
    unspent_share: Assumption
    recovered_share: Assumption
    recovery_delay_years: int = 1
    violation_bar_years: int = 0
    award_violation: Assumption = Assumption(0.0)  # of what is no project: awards, reward, interest, premium subsidies
    bar_years: int = 2  # 第十八条: calendar years after the one in which mending failed
    is_on: bool = True

    @property
    def reaches_awards(self) -> bool:
        """Whether a violation may be found where an award, or the like, was given (第十九条)."""
        chance = self.award_violation
        values = chance.value.values() if isinstance(chance.value, Mapping) else (chance.value,)
        return self.is_on and any((*values, chance.high or 0.0))


@dataclass(frozen=True)
class OpeningRow:
    """One promise made before the first year (期初), 万元; or an application that still claims, or may come again.

    ``due_wan`` is what falls due by year, ``arrears_wan`` what fell due before and is unpaid. ``paid_by_year`` and
    ``inflow_wan`` are what was paid, and what is still to come back, by year. ``application_year`` and
    ``application_row`` name the application whose draws it goes on with. ``values`` are what the application stated, by
    column of its mode; what they lack is drawn.
    """

    applicant: str
    item: str
    committed_wan: float
    paid_wan: float
    due_wan: Mapping[int, float]
    acceptance_year: int | None = None
    rating: str = ""  # excellent | pass | fail | ""
    bar_until: int | None = None
    is_award_given: bool = False
    platform: str = ""
    credit_code: str = ""
    commitment_year: int | None = None
    application_year: int | None = None
    application_row: int | None = None  # from 0 on, among that year's applications in order of submission
    arrears_wan: float = 0.0
    cancelled_wan: float = 0.0
    paid_by_year: Mapping[int, float] = field(default_factory=dict)
    inflow_wan: Mapping[int, float] = field(default_factory=dict)
    ended_year: int | None = None  # in which it was terminated or closed early
    may_apply_again: bool = False  # it was eligible and passed, and got nothing
    group: str = ""
    values: Mapping[str, float] = field(default_factory=dict)

    @property
    def goes_on(self) -> bool:
        """Whether it is more than a promise: its year of commitment or application is known, or money is underway."""
        years = (self.commitment_year, self.application_year)
        return any(year is not None for year in years) or bool(self.arrears_wan or self.inflow_wan)


@dataclass(frozen=True)
class LeftOut:
    """An item (支持方向) that no total holds, and why."""

    key: str
    title: str
    title_en: str
    why: str


@dataclass(frozen=True)
class ScenarioModel:
    """Guide + assumptions + envelopes of one what-if, ready to run. ``items`` stand in order of priority."""

    name: str
    title: str
    title_en: str
    description: str
    years: tuple[int, ...]
    items: tuple[Item, ...]
    categories: Mapping[str, str]  # key -> Chinese title, in order
    envelopes: Envelopes
    oversight: Oversight
    pools: tuple[Pool, ...]
    readings: Mapping[str, str]
    growth: Assumption
    economy_log_sd: float = 0.0
    has_doubt: bool = True
    opening: tuple[OpeningRow, ...] = ()
    opening_path: Path | None = None
    base_year: int = 2026  # growth of demand and of envelopes counts from it, whatever the first year simulated
    in_force: tuple[str, str] | None = None  # ISO dates, for reading in_force = dates
    tolerated_loss_share: Assumption | None = None
    guide_life: GuideLife | None = None  # how far its guide has come, where its own file says so
    payment_months: PaymentMonths | None = None  # when within its year money is paid; decides no sum
    targets: tuple[Target, ...] = ()  # of the table of performance targets (绩效目标表), in its order
    path: Path | None = None
    text: str = ""  # the file as read, for the manifest
    reform_text: str = ""
    reform_name: str = ""
    reform_title: str = ""
    reform_parts: tuple[tuple[str, str], ...] = ()  # name and text of each, where several reforms are applied as one
    measure_title: str = ""
    raw: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[tuple[Any, ...], Any] = field(default_factory=dict)  # keys of `raw` -> file:line, as text of itself
    register_rows: RegisterRows = field(default_factory=dict)  # real applications, of each item and year that has some
    read_hashes: Mapping[Path, str] = field(default_factory=dict)  # of the opening file and registers, as first read
    warnings: tuple[Fault, ...] = ()  # what is odd about its files, though no fault
    left_out: tuple[LeftOut, ...] = ()  # items of its file that no total holds
    actuals: Actuals | None = None  # what is known of the first year up to a day
    changes: tuple[str, ...] = ()  # dotted paths of values changed since its file was read (已改)
    as_read: ScenarioModel | None = field(default=None, compare=False, repr=False)  # without changes and a tried reform

    @property
    def first_year_known(self) -> Actuals | None:
        """What is known of the first year; None where nothing is, or the years begin in another."""
        known = self.actuals
        return known if known is not None and known.as_of.year == self.years[0] else None

    @property
    def label(self) -> str:
        """Who it is, in a line: title and name, and those of its reform."""
        own = f"{self.title} ({self.name})"
        return f"{own} · reform 修订 {self.reform_title} ({self.reform_name})" if self.reform_name else own

    @property
    def file_name(self) -> str:
        """The name of the file it was read from, or would be of."""
        return self.path.name if self.path else f"{self.name}.yaml"

    def is_changed_at(self, path: str) -> bool:
        """Whether a value at, below or around a dotted path was changed since the file was read."""
        return any(f"{one}.".startswith(f"{path}.") or f"{path}.".startswith(f"{one}.") for one in self.changes)

    @property
    def tried(self) -> tuple[str, ...]:
        """The changed values without a source of their own."""
        return tuple(path for path in self.changes if not _has_source(self.raw, path))

    @property
    def has_changed_guide(self) -> bool:
        """Whether a value that the guide sets was changed since the file was read."""
        parts = (path.split(".") for path in self.changes)
        return any(part[0] == "items" and (len(part) < 3 or part[2] not in ("assumptions",)) for part in parts)

    @property
    def has_tried_envelope(self) -> bool:
        """Whether an envelope (预算额度) is among them."""
        return any(path.startswith(("envelopes.total", "envelopes.categories")) for path in self.tried)


def _has_source(node: Any, path: str) -> bool:
    """Whether a source stands beside a value or around it."""
    for part in path.split("."):
        is_number = part.isascii() and part.isdecimal()  # a year, or a place in a list
        if isinstance(node, Mapping):
            node = node.get(int(part) if is_number else part)
        elif isinstance(node, list) and is_number and int(part) < len(node):
            node = node[int(part)]
        else:
            return False
        if isinstance(node, Mapping) and node.get("source"):
            return True
    return False


# (item, year) -> rows of a register in submission order: applicant, group, platform, and numbers by column
RegisterRows = Mapping[tuple[str, int], Sequence[Mapping[str, Any]]]

MEMBER = re.compile(r"(\w+)#(\d{1,7})")  # the name of a member of a pool that no file names: enterprises#17

GUIDE = "申报指南"  # who sets a ceiling the law does not


GUIDES = "_guide"  # how the key of a guide's tighter cap ends


MEMO = (  # columns any item may have, beside those of its mode
    Column("other_public_wan", "其他财政资金", optional=True, reading=("public_money", "yes")),
    Column("local_public_wan", "园区县市资金", optional=True),
)
