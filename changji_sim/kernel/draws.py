"""One item's applications (申报) in one chunk of trials, drawn from named streams."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial
from typing import NamedTuple
from weakref import proxy

import numpy as np

from ..base.units import MOST_WAN
from ..scenario.actuals import Actuals
from ..scenario.distributions import Distribution
from ..scenario.input_files import APPROVED, DAY, PASSED, SCORE
from ..scenario.means import fixed_counts
from ..scenario.model import Assumption, DrawnColumn, Item, ScenarioModel
from . import streams
from .conditioned import comes_later, conditioned_doubts, has_come
from .registry import RealRow, Registry

YUAN_A_WAN = 10_000


@dataclass(frozen=True)
class Chunk:
    """A run of consecutive trials: ``first`` … ``first + trials − 1`` of the run with ``seed``."""

    seed: int
    first: int
    trials: int


class TrialDraws:
    """What is drawn once a trial: doubt about assumptions, and the economy that moves items together."""

    def __init__(self, scenario: ScenarioModel, chunk: Chunk):
        self.scenario = scenario
        self.chunk = chunk
        self.tally: dict[str, int] = {}
        self._doubts: dict[tuple[str, str], np.ndarray] = {}
        self._pulls: dict[float, np.ndarray] = {}
        known = dict(conditioned_doubts(self))
        if ("*", "economy") in known:
            self.__dict__["economy"] = known.pop(("*", "economy"))
        self._doubts.update(known)

    def of_years(self, scenario: ScenarioModel) -> TrialDraws:
        """The same trials, for a scenario of other years: what is drawn about an assumption is of the base year."""
        other = TrialDraws(scenario, self.chunk)
        other._doubts |= self._doubts
        if "economy" in self.__dict__:
            other.__dict__["economy"] = self.economy
        return other

    def uniforms_of(self, item: str, purpose: str) -> np.ndarray:
        """The uniform (0–1) of each trial that is drawn from for a purpose."""
        return streams.uniforms(self._words(item, purpose))

    def value(self, assumption: Assumption, item: str, name: str, year: int | None = None) -> np.ndarray:
        """The assumption in each trial, shape ``(trials,)``; the same for every year but for what the scenario says
        by year.
        """
        at = assumption.at(self.scenario.years[0] if year is None else year)
        if not (self.scenario.has_doubt and assumption.is_doubtful):
            return np.full(self.chunk.trials, float(at))
        doubt = self._doubt(assumption, item, name)
        if assumption.log_sd is not None:
            return at * doubt
        middle = assumption.at(self.scenario.base_year)
        return doubt if at == middle else doubt * (at / middle if middle else 0.0)

    def by_year(self, assumption: Assumption, item: str, name: str) -> np.ndarray:
        """The assumption in each year and trial, shape ``(years, trials)``."""
        if isinstance(assumption.value, Mapping):
            return np.stack([self.value(assumption, item, name, y) for y in self.scenario.years])
        of_every_year = np.empty((len(self.scenario.years), self.chunk.trials))
        of_every_year[:] = self.value(assumption, item, name)
        return of_every_year

    def _doubt(self, assumption: Assumption, item: str, name: str) -> np.ndarray:
        """What is drawn about a doubtful assumption, once: its value of the base year, whatever the first year is, or a
        factor where doubt is on a log scale.
        """
        if (item, name) not in self._doubts:
            words = self._words(item, f"doubt:{name}")
            if assumption.log_sd is not None:
                self._count("normal", words.size)
                drawn = mean_one_factor(words, assumption.log_sd)
            else:
                self._count("triangular", words.size)
                low, middle, high = assumption.low, assumption.at(self.scenario.base_year), assumption.high
                assert low is not None and high is not None  # a number in doubt has a range or a log_sd
                drawn = streams.doubtful(words, float(low), float(middle), float(high))
            self._doubts[item, name] = drawn
        return self._doubts[item, name]

    @cached_property
    def economy(self) -> np.ndarray:
        """Standard normal, one a trial."""
        words = self._words("*", "economy")
        self._count("normal", words.size)
        return streams.normal_scores(words)

    def pull(self, elasticity: float) -> np.ndarray | None:
        """What the economy makes of an item's counts, of mean 1, shape ``(trials,)``; None where it moves nothing."""
        pull = elasticity * self.scenario.economy_log_sd
        if not (pull and self.scenario.has_doubt):
            return None
        if pull not in self._pulls:
            self._pulls[pull] = np.exp(pull * self.economy - pull**2 / 2)
        return self._pulls[pull]

    @cached_property
    def growth(self) -> np.ndarray | None:
        """What the scenario's growth makes of counts, shape ``(years, trials)``; None where nothing grows."""
        return self.grown(self.scenario.growth, "*")

    def grown(self, growth: Assumption, item: str) -> np.ndarray | None:
        """What a yearly growth makes of counts, as `growth`: counted from the base year, whatever the first one is."""
        scenario = self.scenario
        if isinstance(growth.value, Mapping):
            since = range(scenario.base_year + 1, scenario.years[-1] + 1)
            rates = [self.value(growth, item, "growth", year) for year in since]
            factors = np.cumprod([np.ones(self.chunk.trials), *(1 + rate for rate in rates)], axis=0)
            return factors[np.array(scenario.years, np.int64) - scenario.base_year]
        rate = self.value(growth, item, "growth")
        if not rate.any():
            return None
        return (1 + rate) ** (np.array(scenario.years, np.int64) - scenario.base_year)[:, None]

    @cached_property
    def probabilities(self) -> dict[str, np.ndarray]:
        """The oversight assumptions, shape ``(years, trials)``; with oversight off every project ends 合格."""
        oversight = self.scenario.oversight
        names = (
            "violation",
            "terminated",
            "closed_early",
            "excellent",
            "fail",
            "mended",
            "unspent_share",
            "recovered_share",
        )
        if not oversight.is_on:
            return {name: np.zeros((len(self.scenario.years), self.chunk.trials)) for name in names}
        return {name: self.by_year(getattr(oversight, name), "*", name) for name in names}

    @cached_property
    def award_violation(self) -> np.ndarray:
        """The chance of a violation by who received what is no project, shape ``(years, trials)``."""
        oversight = self.scenario.oversight
        if not oversight.is_on:
            return np.zeros((len(self.scenario.years), self.chunk.trials))
        return self.by_year(oversight.award_violation, "*", "award_violation")

    def _words(self, item: str, purpose: str) -> np.ndarray:
        key0, key1 = streams.stream_key(self.chunk.seed, item, purpose)
        return streams.trial_words(np.zeros(1, np.int64), self.chunk.trials, self.chunk.first, key0, key1)[0]

    def _count(self, kind: str, number: int) -> None:
        self.tally[kind] = self.tally.get(kind, 0) + int(number)


def mean_one_factor(words: np.ndarray, log_sd: float) -> np.ndarray:
    """Lognormal factors of mean 1."""
    return np.exp(log_sd * streams.normal_scores(words) - log_sd**2 / 2)


class Columns(Mapping[str, np.ndarray]):
    """Columns by name, each drawn when it is first read: what no rule reads costs no variate."""

    def __init__(self, draw: Mapping[str, Callable[[], np.ndarray]], within: Columns | None = None):
        """``within``: columns that these are made of."""
        self._draw, self._within = draw, within
        self._drawn: dict[str, np.ndarray | PackedColumn] = {}
        self._is_packed: Container[str] = ()  # columns that are packed as soon as they are drawn

    def __getitem__(self, name: str) -> np.ndarray:
        return self.of_some(name, slice(None))

    def __contains__(self, name: object) -> bool:
        return name in self._draw

    def __iter__(self) -> Iterator[str]:
        return iter(self._draw)

    def __len__(self) -> int:
        return len(self._draw)

    def of_some(self, name: str, rows: slice | np.ndarray) -> np.ndarray:
        """Some rows of a column."""
        column = self._drawn_column(name)
        if isinstance(column, PackedColumn):
            return PackedColumn(column.values[rows], column.unit).numbers
        return column[rows]

    def _drawn_column(self, name: str) -> np.ndarray | PackedColumn:
        if name not in self._drawn:
            column: np.ndarray | PackedColumn = self._draw[name]()
            if name in self._is_packed:
                column = packed(column)
                self._forget_within()
            self._drawn[name] = column
        return self._drawn[name]

    def packed(self, name: str) -> PackedColumn | None:
        """A column as it is kept, if it is packed."""
        column = self._drawn_column(name)
        return column if isinstance(column, PackedColumn) else None

    @property
    def drawn(self) -> Mapping[str, np.ndarray]:
        """The columns that have been drawn."""
        return {name: self[name] for name in self._drawn}

    def put(self, name: str, values: np.ndarray) -> None:
        """Take a column as drawn."""
        self._drawn[name] = values

    def keep_only(self, names: Container[str]) -> None:
        """Drop what was drawn of the other columns; one that is asked for again is drawn again."""
        for name in tuple(self._within._drawn) if self._within is not None else ():
            if name in names and name in self._draw:  # or it would be drawn twice
                self._drawn_column(name)
        self._drawn = {name: packed(values) for name, values in self._drawn.items() if name in names}
        self._is_packed = names
        self._forget_within()

    def _forget_within(self) -> None:
        if self._within is not None:
            self._within.keep_only(())

    def forget(self) -> None:
        """Drop what was drawn; nothing can be drawn afterwards."""
        self._draw, self._drawn = {}, {}
        if self._within is not None:
            self._within.forget()

    def of_rows(self, rows) -> dict[str, Callable[[], np.ndarray]]:
        """Some rows of every column, as a table of applications takes them."""
        return {name: partial(self.of_some, name, rows) for name in self}


class PackedColumn(NamedTuple):
    """A column as whole numbers of a unit: ``values / unit`` are its numbers, to the bit."""

    values: np.ndarray
    unit: int

    @property
    def numbers(self) -> np.ndarray:
        return self.values / self.unit


def packed(column: np.ndarray | PackedColumn) -> np.ndarray | PackedColumn:
    """A column of flags, choices or whole yuan in an eighth or half of the memory; any other as it is."""
    if isinstance(column, PackedColumn) or not column.strides[0] or column.dtype != np.float64:
        return column
    for number, unit in ((np.uint8, 1), (np.uint32, YUAN_A_WAN)):
        whole = np.rint(column * unit)
        if (whole >= 0).all() and (whole <= np.iinfo(number).max).all():
            small = PackedColumn(whole.astype(number), unit)
            if np.array_equal(small.numbers.view(np.int64), column.view(np.int64)):
                return small
    return column


@dataclass(frozen=True, eq=False)
class KnownRows:
    """The real applications of the first year up to a day: in each trial they stand before those that are drawn."""

    number: int
    approved: int  # the first so many have an amount approved
    paid_shares: Mapping[int, float]  # place -> the part of what was approved that is paid
    days: np.ndarray  # 0–1 of the year, ascending
    gone: float  # the part of the year gone

    @classmethod
    def of(cls, actuals: Actuals, item: str) -> KnownRows:
        days = np.sort([row[DAY] for row in actuals.rows.get(item, ())]).astype(float)
        approved, paid = actuals.approved.get(item, 0), actuals.paid_shares.get(item, {})
        return cls(actuals.seen(item), approved, paid, days, actuals.gone)

    def dated(self, days: np.ndarray, offsets: np.ndarray, trials: int) -> np.ndarray:
        """The days of all rows, where ``days`` are ascending in each trial over the whole year: those of the known
        rows, and of the others of the first year as many on days between the day and the year's end.
        """
        days = days.copy()
        for t in range(trials):
            rest = days[offsets[t] : offsets[t + 1]]
            last = rest[self.number - 1] if self.number else 0.0
            rest[self.number :] = self.gone + (1 - self.gone) * (rest[self.number :] - last) / (1 - last)
            rest[: self.number] = self.days
        return days


@dataclass(frozen=True, eq=False)
class EarlierRows:
    """Applications of years before the first, from an opening file, that stand behind the rows of the years.

    They stand year by year, within a year trial by trial, in the file's order. The fields without another shape have a
    value a row.
    """

    first: int  # where they begin among all rows
    years: np.ndarray  # ascending, shape (earlier years,)
    offsets: np.ndarray  # (earlier years · trials + 1,), counted from ``first``
    year: np.ndarray  # of application
    number: np.ndarray  # among that year's applications
    trial: np.ndarray  # within the chunk
    may_claim: np.ndarray  # bool: an application that claims in several years
    may_come: np.ndarray  # bool: it may apply again in the first year
    position: np.ndarray  # of the row in the opening file
    reapply: np.ndarray  # probability that such a row does, (trials,), or empty

    def of_opening(self, position: int) -> np.ndarray:
        """Which of all rows an opening row is, in each trial; empty where it is none."""
        return self.first + np.flatnonzero(self.position == position)


@dataclass(frozen=True, eq=False)
class Drawn:
    """One item's rows in a chunk, all years, in submission order within year and trial.

    ``offsets`` has shape ``(years · trials + 1,)``; the rows of year index y and trial t are ``offsets[y·trials +
    t]`` up to the next.
    ``columns`` hold one float a row (or one for all rows, broadcast); amounts are whole yuan in 万元.
    """

    years: np.ndarray
    offsets: np.ndarray
    applicant: np.ndarray
    columns: Columns
    item_columns: Mapping[str, np.ndarray]  # name -> (years, trials)
    passes: np.ndarray  # uint8 a row, or empty: all pass
    score: np.ndarray  # 0–1 a row that has a real score, −1 for the others; or empty: none has
    platform: np.ndarray  # a number a row, or empty
    day: np.ndarray  # 0–1 of the year a row, ascending within a trial, or empty
    reapply: np.ndarray  # probability, (years, trials), or empty
    tally: Mapping[str, int]
    known: KnownRows | None = None  # the real rows that stand first in the first year of each trial
    has_different_applicants: bool = False  # nobody applies twice in a year and trial
    earlier: EarlierRows | None = None  # rows of earlier years, behind those of the years
    real_days: Mapping[int, np.ndarray] = field(default_factory=dict)  # year index -> the days of its register's rows

    @property
    def trials(self) -> int:
        return (len(self.offsets) - 1) // len(self.years)

    def rows_of(self, year_index: int) -> slice:
        """The rows of one year."""
        trials = self.trials
        return slice(int(self.offsets[year_index * trials]), int(self.offsets[(year_index + 1) * trials]))

    def dated(self, days: np.ndarray) -> np.ndarray:
        """The days of all rows, where ``days`` are drawn: real rows keep the day on which they were submitted."""
        if self.known is not None:
            days = self.known.dated(days, self.offsets, self.trials)
        for y, of_year in self.real_days.items():
            days[self.rows_of(y)] = np.tile(of_year, self.trials)
        return days


class ItemDraws:
    """Draws one item's rows; each method is one purpose, each purpose a stream of its own."""

    def __init__(self, scenario: ScenarioModel, item: Item, shared: TrialDraws, registry: Registry):
        self.scenario, self.item, self.shared, self.registry = scenario, item, shared, registry
        self.chunk = shared.chunk
        self.years = np.array(scenario.years, np.int64)
        self.tally: dict[str, int] = {}
        self.actuals = actuals = scenario.first_year_known
        self.known = KnownRows.of(actuals, item.key) if actuals is not None else None
        self.came_before: np.ndarray | int = 0  # rows of the years before the first, where they matter, (trials,)

    def draw(self) -> Drawn:
        """All rows of the item in the chunk."""
        self.cases = self._cases_that_come()
        return self.drawn_of(streams.offsets_of(self._counts()))

    def drawn_of(self, offsets: np.ndarray) -> Drawn:
        """As many rows of each year and trial as there are by ``offsets``; the cases that come are known."""
        self.offsets, self.rows = offsets, int(offsets[-1])
        item = self.item
        platform = (
            self.platforms()
            if item.once_per == "platform" or item.platform_pool
            else np.empty(0, self.registry.number_type)
        )
        drawn = Drawn(
            years=self.years,
            offsets=self.offsets,
            applicant=self.applicants(),
            columns=self.columns(),
            item_columns={c.column.name: self._item_column(c) for c in item.item_columns},
            passes=self._passes(),
            score=self._scores(),
            platform=platform,
            day=np.empty(0),
            reapply=self._reapply(),
            tally=self.tally,
            known=self.known,
            has_different_applicants=self._are_different(),
            real_days=self._real_days(),
        )
        if self.scenario.readings["in_force"] == "dates":
            return replace(drawn, day=drawn.dated(self._days()))
        return drawn

    def _reapply(self) -> np.ndarray:
        """Probability that a row of a year applies again, ``(years, trials)``; empty for modes that claim for years."""
        item = self.item
        if item.reapply is None or item.modes[self.scenario.years[0]].claim_years > 1:
            return np.empty(0)
        return self.shared.by_year(item.reapply, item.key, "reapply")

    # --- how many -----------------------------------------------------------------------------------------------

    def _counts(self) -> np.ndarray:
        """Rows by year and trial, shape ``(years, trials)``.

        What goes on over the years (a fraction carried on, members of whom none comes twice) goes on from the base
        year, so that a run that begins later has the same rows.
        """
        scenario, first = self.scenario, self.scenario.years[0]
        if first <= scenario.base_year or not (self.item.is_distinct or self.item.is_count_fixed):
            return self._counts_of_years()
        since = replace(scenario, years=tuple(range(scenario.base_year, scenario.years[-1] + 1)))
        every = ItemDraws(since, self.item, self.shared.of_years(since), self.registry)
        every.cases = every._cases_that_come()
        counts = every._counts_of_years()
        self.came_before = counts[: first - scenario.base_year].sum(axis=0)
        counts = counts[first - scenario.base_year :]
        if self.known is None or not self.item.is_count_fixed:
            return counts if self.known is None else self._counts_of_years()
        counts = self._left_of(counts)
        counts[0] += self.known.number
        return counts

    def _counts_of_years(self) -> np.ndarray:
        item, trials = self.item, self.chunk.trials
        if item.cases:
            counts = np.zeros((len(self.years), trials), np.int64)
            for case, comes in self.cases:
                counts[self.years == case.year] += comes
        elif item.tiers:
            counts = np.full((len(self.years), trials), sum(n for _, n in item.tiers), np.int64)
            counts[0] = len(self._tiers_to_come())
        elif item.applications is None:
            counts = np.zeros((len(self.years), trials), np.int64)
        else:
            mean = self.expected_counts()
            counts = self._left_of(fixed_counts(mean)) if item.is_count_fixed else self._poisson(self._to_come(mean))
        if self.known is not None:
            counts[0] += self.known.number
        for y, year in enumerate(self.scenario.years):
            if year in item.registers:
                counts[y] = len(self.registry.rows(item.key, year))
        return counts

    def _to_come(self, mean: np.ndarray) -> np.ndarray:
        """Expected numbers, of the first year those that come after the day up to which applications are known."""
        if self.actuals is not None:
            mean = mean.copy()
            mean[0] *= 1 - self.actuals.arrived(self.item.key)
        return mean

    def _left_of(self, counts: np.ndarray) -> np.ndarray:
        """Fixed numbers, of the first year those that have not come by the day up to which applications are known."""
        if self.actuals is not None:
            counts = counts.copy()
            is_over = self.actuals.arrived(self.item.key) == 1
            counts[0] = 0 if is_over else np.maximum(counts[0] - self.actuals.seen(self.item.key), 0)
        return counts

    def expected_counts(self) -> np.ndarray:
        """The expected number of rows by year and trial, shape ``(years, trials)``, of an item that has one."""
        item, shared = self.item, self.shared
        growth = shared.grown(item.growth, item.key) if item.growth else shared.growth
        assert item.applications is not None  # else its rows are cases or those of a register
        mean = shared.by_year(item.applications, item.key, "applications")
        if growth is not None:
            mean *= growth
        pull = shared.pull(item.economy_elasticity)
        if pull is not None:
            mean *= pull
        return mean

    def _poisson(self, mean: np.ndarray) -> np.ndarray:
        words = streams.trial_words(self.years, self.chunk.trials, self.chunk.first, *self._key("count"))
        self._count("poisson", words.size)
        return streams.poisson_counts(words, mean)

    def _cases_that_come(self) -> list:
        come = []
        for case in self.item.cases:
            probability = self.shared.value(case.probability, self.item.key, f"case:{case.name}", case.year)
            if self.actuals is not None and case.year == self.years[0]:
                if has_come(case, self.item, self.actuals.rows.get(self.item.key, ())):
                    continue
                probability = comes_later(probability, self.actuals.arrived(self.item.key))
            words = streams.trial_words(
                np.array([case.year]), self.chunk.trials, self.chunk.first, *self._key(f"case:{case.name}")
            )
            self._count("uniform", words.size)
            come.append((case, (streams.uniforms(words[0]) < probability).astype(np.int64)))
        return come

    # --- who ----------------------------------------------------------------------------------------------------

    def applicants(self) -> np.ndarray:
        """The applicant of each row."""
        item = self.item
        is_buyer = item.other_claimants is not None and self.scenario.readings["trade_claimant"] == "buyer"
        first, number = self._who_may_apply(is_buyer)
        if item.is_distinct:
            applicants = self._without_repeats("applicant", first, number)
        else:
            applicants = self._members("buyer" if is_buyer else "applicant", first, number)
        self._put_real_rows(applicants, lambda row: row.applicant_id)
        if item.cases:
            self._put_cases(
                applicants, lambda case, _: self.registry.applicant(case.applicant or f"{item.key}:{case.name}")
            )
        return applicants

    def _who_may_apply(self, is_buyer: bool) -> tuple[int, int]:
        """The first of the applicants that rows are drawn from, and how many these are."""
        first, size = self.registry.pool(self.item.pool)
        return first, min(size, (self.item.other_claimants if is_buyer else self.item.claimants) or size)

    def _are_different(self) -> bool:
        """Whether it is certain that nobody applies twice in a year and trial."""
        item = self.item
        if not item.is_distinct or item.cases or item.registers or item.reapply is not None:
            return False
        if self.known is not None and self.known.number:
            return False
        return item.modes[self.scenario.years[0]].claim_years == 1 and np.diff(self.offsets).max() <= min(
            self._who_may_apply(is_buyer)[1] for is_buyer in (False, True)
        )

    def platforms(self) -> np.ndarray:
        """The platform of each row."""
        number = self.registry.platforms(self.item.platform_pool or self.item.key)
        if self.item.is_distinct:
            platforms = self._without_repeats("platform", 0, number)
        else:
            platforms = self._members("platform", 0, number)
        self._put_real_rows(platforms, lambda row: row.platform_id)
        return platforms

    def _members(self, purpose: str, first: int, number: int) -> np.ndarray:
        """Members of a pool, all as likely."""
        self._count("integer", self.rows)
        return streams.whole_numbers(
            self._words(purpose), first, number, np.empty(self.rows, self.registry.number_type)
        )

    def _without_repeats(self, purpose: str, first: int, number: int) -> np.ndarray:
        """Members of a pool in a random order of each trial's own, none twice until all have been; goes on over
        the years.
        """
        start = streams.trial_words(np.zeros(1, np.int64), self.chunk.trials, self.chunk.first, *self._key(purpose))[0]
        stride = streams.trial_words(np.ones(1, np.int64), self.chunk.trials, self.chunk.first, *self._key(purpose))[0]
        self._count("integer", 2 * self.chunk.trials)
        coprime = _coprime(number)
        begin = (start.astype(np.uint64) * np.uint64(number) >> np.uint64(32)).astype(np.int64)
        step = coprime[(stride.astype(np.uint64) * np.uint64(len(coprime)) >> np.uint64(32)).astype(np.int64)]
        begin = (begin + self.came_before * step) % number
        members = np.empty(self.rows, self.registry.number_type)
        streams.strided_members(self.offsets, self.chunk.trials, begin, step, first, number, members)
        if purpose == "applicant" and self.known is not None:
            self._put_known_first(members, first, number)
        return members

    def _put_known_first(self, members: np.ndarray, first: int, number: int) -> None:
        """Exchange members, in each trial's order, so that those who have applied stand where they did."""
        rows = self.registry.rows(self.item.key, int(self.years[0]))
        trial = np.tile(np.arange(self.chunk.trials), len(self.years)).repeat(np.diff(self.offsets))
        for place, row in enumerate(rows):
            real = row.applicant_id
            if first <= real < first + number:
                there = members[self.offsets[: self.chunk.trials] + place][trial]
                is_there, is_real = members == there, members == real
                members[is_real] = there[is_real]
                members[is_there] = real

    # --- what ---------------------------------------------------------------------------------------------------

    def columns(self) -> Columns:
        """The columns of all rows, each drawn when it is asked for."""
        draw: dict[str, Callable[[], np.ndarray]] = {}
        drawn_alone = Columns(draw)  # a share of a drawn amount stays one where a real row has another amount
        alone = proxy(drawn_alone)  # not itself, in a ring: what is forgotten would wait for the garbage collector
        for drawn in self.item.columns:
            draw[drawn.column.name] = partial(self._column, drawn, alone)
        put: dict[str, Callable[[], np.ndarray]] = {name: partial(drawn_alone.__getitem__, name) for name in draw}
        if self.item.tiers:
            put["tier"] = self._tiers
        if self.item.cases:
            put["requested_wan"] = self._requested_by_cases
        real = self.registry.of(self.item.key)
        for name in {name for rows in real for row in rows for name in row.values} - {DAY, PASSED, SCORE}:
            put[name] = partial(self._with_real_values, name, put.get(name))
        return Columns(put, drawn_alone)

    def _tiers(self) -> np.ndarray:
        per_trial = np.repeat(np.arange(len(self.item.tiers), dtype=float), [n for _, n in self.item.tiers])
        if self.known is None:
            return np.tile(per_trial, len(self.years) * self.chunk.trials)
        first = np.concatenate([np.zeros(self.known.number), self._tiers_to_come()])
        return np.concatenate(
            [np.tile(first, self.chunk.trials), np.tile(per_trial, (len(self.years) - 1) * self.chunk.trials)]
        )

    def _tiers_to_come(self) -> np.ndarray:
        """The tiers of the rows of the first year that are not among the real ones, best first."""
        numbers = np.array([n for _, n in self.item.tiers])
        if self.actuals is not None:
            real = [row["tier"] for row in self.actuals.rows.get(self.item.key, ()) if "tier" in row]
            is_over = self.actuals.arrived(self.item.key) == 1
            seen = np.bincount(np.array(real, np.int64), minlength=len(numbers))[: len(numbers)]
            numbers = numbers * 0 if is_over else np.maximum(numbers - seen, 0)
        return np.repeat(np.arange(len(numbers), dtype=float), numbers)

    def _requested_by_cases(self) -> np.ndarray:
        amounts = np.zeros(self.rows)
        self._put_cases(amounts, self._case_amounts)
        return amounts

    def _with_real_values(self, name: str, draw: Callable[[], np.ndarray] | None) -> np.ndarray:
        column = np.array(draw()) if draw else np.full(self.rows, self._default(name))
        self._put_real_rows(column, lambda row: row.values.get(name, np.nan))
        return column

    def _default(self, name: str) -> float:
        """What a column that is not drawn holds in rows without a value: the mode's fixed default, else 0; no limit
        where nothing was approved.
        """
        if name == APPROVED:
            return MOST_WAN
        columns = self.item.modes[self.scenario.years[0]].columns
        default = next((column.default for column in columns if column.name == name), None)
        return float(default["fixed"]) if isinstance(default, Mapping) and "fixed" in default else 0.0

    def _column(self, drawn: DrawnColumn, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        name, distribution = drawn.column.name, drawn.distribution
        if distribution.shape == "fixed" and not (drawn.share_of or drawn.added_to or drawn.level or drawn.probability):
            return _one_for_all(distribution.values[0], self.rows)
        words = (
            self._words(name) if distribution.shape != "fixed" or drawn.probability else np.empty(self.rows, np.uint32)
        )
        self._count(_variate(distribution), self.rows if distribution.shape != "fixed" else 0)
        if distribution.shape == "month":
            first, last = distribution.values
            days = _firsts_of_months(tuple(self.scenario.years), int(first), int(last))
            return streams.one_of_days(words, self.offsets, days)
        if drawn.column.kind == "whole" and distribution.shape == "choice":
            return streams.choices(words, _whole_choices(distribution, *drawn.column.bounds), distribution.thresholds)
        values = streams.draw_rows(distribution, words, self.offsets, self._probability(drawn))
        if drawn.column.kind == "whole":
            low, high = drawn.column.bounds
            return np.clip(np.rint(values, out=values), low, high, out=values)
        if drawn.column.name.endswith("_wan"):
            base = np.ascontiguousarray(columns[drawn.share_of]) if drawn.share_of else np.empty(0)
            added = np.ascontiguousarray(columns[drawn.added_to]) if drawn.added_to else np.empty(0)
            return streams.whole_yuan_amounts(values, self.offsets, self._level(drawn), base, added)
        if name.endswith(("_rate", "_share")):
            return streams.rounded_rates(values)
        return values

    def _level(self, drawn: DrawnColumn) -> np.ndarray:
        if drawn.level is None:
            return np.empty(0)
        name = f"level:{drawn.column.name}"
        if isinstance(drawn.level.value, Mapping):
            return self.shared.by_year(drawn.level, self.item.key, name).ravel()
        return self.shared.value(drawn.level, self.item.key, name)

    def _probability(self, drawn: DrawnColumn) -> np.ndarray | None:
        if drawn.probability is None:
            return None
        return self.shared.by_year(drawn.probability, self.item.key, f"probability:{drawn.column.name}")

    def _item_column(self, drawn: DrawnColumn) -> np.ndarray:
        """One value an item, year and trial."""
        shape = (len(self.years), self.chunk.trials)
        if drawn.distribution.shape == "fixed":
            return np.full(shape, drawn.distribution.values[0])
        words = streams.trial_words(self.years, self.chunk.trials, self.chunk.first, *self._key(drawn.column.name))
        self._count(_variate(drawn.distribution), words.size)
        groups = np.arange(words.size + 1)
        values = streams.draw_rows(drawn.distribution, words.ravel(), groups, self._probability(drawn)).reshape(shape)
        return np.rint(values) if drawn.column.kind == "whole" else values

    def _passes(self) -> np.ndarray:
        if self._is_given(PASSED):
            passes = self._drawn_passes()
            passes = passes if len(passes) else np.ones(self.rows, np.uint8)
            self._put_real_rows(passes, lambda row: row.values.get(PASSED, np.nan))
            return passes
        return self._drawn_passes()

    def _is_given(self, name: str) -> bool:
        """Whether a register has such a value for some row of the item."""
        return any(name in row.values for rows in self.registry.of(self.item.key) for row in rows)

    def _scores(self) -> np.ndarray:
        """Real scores (评分) of 100, as parts of 1; −1 where a row has none."""
        if not self._is_given(SCORE):
            return np.empty(0)
        scores = np.full(self.rows, -1.0)
        self._put_real_rows(scores, lambda row: row.values.get(SCORE, np.nan) / 100)
        return scores

    def _drawn_passes(self) -> np.ndarray:
        item = self.item
        if item.quality_pass is None or not item.modes[self.scenario.years[0]].is_project:
            return np.empty(0, np.uint8)  # only projects are selected (立项评审)
        probability = self.shared.by_year(item.quality_pass, item.key, "quality_pass")
        if (probability >= 1).all():
            return np.empty(0, np.uint8)
        self._count("uniform", self.rows)
        return streams.passing(self._words("quality_pass"), self.offsets, np.ascontiguousarray(probability.ravel()))

    def _days(self) -> np.ndarray:
        self._count("exponential", self.rows + len(self.offsets) - 1)
        return streams.ascending_days(self.offsets, self.years, self.chunk.first, *self._key("day"))

    def _real_days(self) -> dict[int, np.ndarray]:
        """The days of the rows of each year that has a register."""
        days = {}
        for y, year in enumerate(self.scenario.years):
            rows = self.registry.rows(self.item.key, year)
            if rows and not (self.known is not None and y == 0):
                days[y] = np.array([row.values[DAY] for row in rows])
        return days

    # --- rows that are not drawn --------------------------------------------------------------------------------

    def _put_real_rows(self, target: np.ndarray, value_of: Callable[[RealRow], float]) -> None:
        trials = self.chunk.trials
        for y, year in enumerate(self.scenario.years):
            rows = self.registry.rows(self.item.key, year)
            if rows:
                values = np.array([value_of(row) for row in rows], dtype=float)
                known = np.flatnonzero(~np.isnan(values))
                at = self.offsets[y * trials : (y + 1) * trials, None] + known
                target[at] = values[known]

    def _put_cases(self, target: np.ndarray, value_of) -> None:
        placed = np.zeros((len(self.years), self.chunk.trials), np.int64)
        for case, comes in self.cases:
            y = int(np.searchsorted(self.years, case.year))
            if y >= len(self.years) or self.years[y] != case.year:
                continue
            at = self.offsets[y * self.chunk.trials : (y + 1) * self.chunk.trials] + placed[y]
            if self.known is not None and y == 0:
                at = at + self.known.number
            hit = comes > 0
            value = value_of(case, hit)
            target[at[hit]] = value[hit] if isinstance(value, np.ndarray) else value
            placed[y] += comes

    def _case_amounts(self, case, hit: np.ndarray) -> np.ndarray:
        words = streams.trial_words(
            np.array([case.year]), self.chunk.trials, self.chunk.first, *self._key(f"amount:{case.name}")
        )[0]
        self._count(_variate(case.amount), int(hit.sum()) if case.amount.shape != "fixed" else 0)
        amounts = streams.draw_rows(case.amount, words, np.arange(len(words) + 1))
        return np.maximum(np.rint(amounts * YUAN_A_WAN), 0.0) / YUAN_A_WAN

    # --- streams ------------------------------------------------------------------------------------------------

    def _key(self, purpose: str):
        return streams.stream_key(self.chunk.seed, self.item.key, purpose)

    def _words(self, purpose: str) -> np.ndarray:
        return streams.row_words(self.offsets, self.years, self.chunk.first, *self._key(purpose))

    def _count(self, kind: str, number: int) -> None:
        self.tally[kind] = self.tally.get(kind, 0) + int(number)


def _one_for_all(value: float, rows: int) -> np.ndarray:
    """A column of one value, as `np.broadcast_to` makes it, in a tenth of the time."""
    column = np.ndarray(rows, float, np.array([value], float), strides=(0,))
    column.flags.writeable = False
    return column


@lru_cache(maxsize=64)
def _coprime(number: int) -> np.ndarray:
    """The whole numbers up to ``number`` that share no divisor with it."""
    return np.flatnonzero(np.gcd(np.arange(number + 1), number) == 1)


@lru_cache(maxsize=256)
def _whole_choices(distribution: Distribution, low: float | None, high: float | None) -> np.ndarray:
    """The values of a choice as whole numbers within bounds."""
    return np.clip(np.rint(np.array(distribution.values)), low, high)


@lru_cache(maxsize=64)
def _firsts_of_months(years: tuple[int, ...], first: int, last: int) -> np.ndarray:
    """The first days of the months ``first`` … ``last`` of some years, days since 1970, shape ``(years, months)``."""
    months = (np.array(years)[:, None] - 1970) * 12 + np.arange(first - 1, last)
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.float64)


def _variate(distribution: Distribution) -> str:
    """The name under which a variate is counted: the distribution's own."""
    return next(iter(distribution.spec), distribution.shape)
