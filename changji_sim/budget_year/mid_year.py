"""The year at its middle (年中): the forecast of January beside that of today, what is used up, which lines have room.

A *line* is a limit of the year: a ceiling of an item and year, the envelope of a category, the total. Amounts are 万元.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ..base.units import FEN_A_WAN
from ..kernel.calendar import CalendarObserver, gathered, is_used_in_order
from ..kernel.draws import Chunk, ItemDraws, TrialDraws
from ..kernel.observers import Observers
from ..kernel.plan import fen as whole_fen
from ..kernel.simulate import Progress, make_registry, simulate
from ..modes.support_mode import Cap
from ..results.breakdown import carried_fen
from ..results.budget_table import EVERY
from ..results.exhaustion import calendar, limits_recorded
from ..results.run_result import RunResult, cached_frame
from ..scenario.actuals import Actuals
from ..scenario.input_files import PASSED
from ..scenario.model import Item, ScenarioModel
from .known_to_a_day import given

SHORT, ROOM, EVEN = "short", "room", "even"
OFTEN = 0.5  # a line is called short where it is so in half of all futures
SURE = 0.9  # and called with room by what is left in nine of ten
LEAST_ROOM = 0.01  # of the limit: less is none
ODD = 0.01  # so improbable a number of applications is pointed out
COUNTED = 1_000  # trials that expected numbers are averaged over

ITEM_COLUMNS = (
    "item", "category", "seen", "expected_so_far", "probability_so_far", "approved", "refused", "pending",
    "approved_wan", "paid_wan", "january_mean_wan", "january_p10_wan", "january_p90_wan", "now_mean_wan", "now_p10_wan",
    "now_p90_wan",
)  # fmt: skip
LINE_COLUMNS = (
    "line", "item", "category", "article", "limit_wan", "approved_wan", "paid_wan", "used_wan", "carried_wan",
    "left_wan", "january_mean_wan", "january_p10_wan", "january_p90_wan", "now_mean_wan", "now_p10_wan", "now_p90_wan",
    "january_probability_short", "probability_short", "short_wan", "sure_left_wan", "january_gone", "gone", "advice",
)  # fmt: skip
MOVE_COLUMNS = ("from_category", "to_category", "amount_wan")


@dataclass(frozen=True)
class Line:
    """One limit of the year. ``item`` and ``cap`` are of a ceiling of an item; ``category`` None is the total."""

    key: str
    limit: int  # fen
    category: str | None
    item: Item | None = None
    cap: Cap | None = None


@dataclass(frozen=True, eq=False)
class MidYear:
    """A scenario's first year given what is known of it up to a day.

    Args:
        january: the run without what is known; ``now`` the one with it, of the same trials and seed.
    """

    january: RunResult
    now: RunResult
    frames: dict[Any, pd.DataFrame] = field(default_factory=dict, repr=False)  # what was asked and answered before

    @property
    def scenario(self) -> ScenarioModel:
        """The scenario with what is known."""
        return self.now.scenario

    @property
    def year(self) -> int:
        """The year."""
        return self.now.years[0]

    @property
    def as_of(self) -> datetime.date | None:
        """The day up to which figures go (截至); None where the ledger was empty."""
        return self.scenario.actuals.as_of if self.scenario.actuals is not None else None

    @cached_frame
    def items(self) -> pd.DataFrame:
        """Item by item: applications so far against those expected, decisions, and the year's commitment.

        Returns:
            `ITEM_COLUMNS`. ``expected_so_far`` is what January expected up to the day, and ``probability_so_far`` how
            likely it held so few, or so many, to be: twice the smaller tail; NaN where a number is not drawn about an
            expected one. ``pending`` are applications without a decision.
        """
        rows = [self._item_row(item) for item in self.scenario.items]
        return pd.DataFrame(rows, columns=list(ITEM_COLUMNS))

    def _item_row(self, item: Item) -> tuple[Any, ...]:
        actuals = self._actuals
        rows, key = actuals.rows.get(item.key, ()), item.key
        approved = actuals.approved.get(key, 0)
        refused = sum(row.get(PASSED) == 0 for row in rows)
        about = (len(rows), *self._expected(item), approved, refused, len(rows) - approved - refused)
        money = actuals.approved_wan.get(key, 0.0), actuals.paid_wan.get(key, 0.0)
        ranges = (
            _range(result.fen("commitment", self.year, item=key)) for result in (self.january, self.now)
        )  # fmt: skip
        return (key, item.category, *about, *money, *(amount for of_run in ranges for amount in of_run))

    @property
    def _actuals(self) -> Actuals:
        """What is known; of an empty ledger nothing."""
        return self.scenario.actuals or Actuals(datetime.date(self.year, 1, 1), {})

    def _expected(self, item: Item) -> tuple[float, float]:
        """How many applications January expected up to the day, and how likely as few or as many were as came."""
        if item.applications is None or item.cases or item.tiers or self.year in item.registers:
            return float("nan"), float("nan")
        from scipy import stats

        plain, actuals = self.january.scenario, self._actuals
        shared = TrialDraws(plain, Chunk(self.now.seed, 0, min(COUNTED, self.now.trial_count)))
        mean = ItemDraws(plain, item, shared, make_registry(plain)).expected_counts()[0]
        part, seen = actuals.gone, actuals.seen(item.key)
        if self.scenario.actuals is None or item.key in actuals.unopened:
            part = 0.0
        so_far = stats.binom(np.floor(mean + 1e-9), part) if item.is_count_fixed else stats.poisson(mean * part)
        few, many = float(np.mean(so_far.cdf(seen))), float(np.mean(so_far.sf(seen - 1)))
        return float(np.mean(mean * part)), min(1.0, 2 * min(few, many))

    @cached_frame
    def lines(self) -> pd.DataFrame:
        """Line by line: the limit, what of it is used up, the year's use in January and now, and the advice.

        Returns:
            `LINE_COLUMNS`; ``line`` is ``<item>:<cap>``, ``envelope:<category>`` or ``envelope:total``. Under a ceiling
            of an item counts what is committed (first tranches and carried payments where it counts payments), under an
            envelope the need. ``used_wan`` is what counts of the approved: all of it, or what falls due in the year;
            ``left_wan`` is the limit less this and what is carried into the year.
            ``short_wan`` is the mean of what the limit cuts, or the need exceeds it by; ``sure_left_wan`` is left at
            the year's end in nine of ten futures. ``gone`` is the day by which it is used up in half of all futures,
            empty where it lasts or nothing uses it up in order. ``advice``: `SHORT`, `ROOM` or `EVEN`.
        """
        return pd.DataFrame([self._line_row(line) for line in self._limits()], columns=list(LINE_COLUMNS))

    def _limits(self) -> Iterator[Line]:
        scenario, year = self.scenario, self.year
        for item in scenario.items:
            caps = [cap for cap in item.caps[year] if cap.per == "item_year" and cap.level is not None]
            if caps:
                cap = min(caps, key=lambda one: one.level or 0.0)
                yield Line(f"{item.key}:{cap.key}", whole_fen(cap.level), item.category, item, cap)
        for category in (*scenario.categories, None):
            if self.now.has_envelope(year, category):
                limit = int(self.now.mean_envelope(year, category))
                yield Line(f"envelope:{category or 'total'}", limit, category)

    def _line_row(self, line: Line) -> tuple[Any, ...]:
        approved, paid, used, carried = self._used(line)
        uses = [_range(self._use(result, line)) for result in (self.january, self.now)]
        short = self._lacking(self.now, line)
        january = float(np.mean(self._lacking(self.january, line) > 0))
        spare = np.maximum(line.limit - self._use(self.now, line), 0)
        left = float(np.quantile(spare, 1 - SURE, method="inverted_cdf")) / FEN_A_WAN
        chance, limit = float(np.mean(short > 0)), line.limit / FEN_A_WAN
        advice = SHORT if chance >= OFTEN else ROOM if left >= LEAST_ROOM * limit and left > 0 else EVEN
        return (
            line.key, line.item.key if line.item else EVERY, line.category or EVERY,
            line.cap.article if line.cap else "第十四条", limit, approved, paid, used, carried,
            max(limit - used - carried, 0.0), *uses[0], *uses[1], january, chance,
            float(np.mean(short)) / FEN_A_WAN, left, self._gone(self.january, line), self._gone(self.now, line), advice,
        )  # fmt: skip

    def _used(self, line: Line) -> tuple[float, float, float, float]:
        """What was approved, what of it is paid, what of it counts, and what earlier years' promises take, 万元."""
        items = [line.item] if line.item else self._items_of(line.category)
        known = self._actuals.approved_wan, self._actuals.paid_wan, self._actuals.due_wan
        approved, paid, due = (sum(of.get(item.key, 0.0) for item in items if item is not None) for of in known)
        counts_payments = self.scenario.readings["envelope_limits"] == "payments" if line.cap is None else (
            line.cap.net_of_carried
        )  # fmt: skip
        carried = [carried_fen(self.now, item, self.year) for item in items if item is not None and counts_payments]
        taken = float(np.mean(sum(carried))) / FEN_A_WAN if carried else 0.0
        return approved, paid, due if counts_payments else approved, taken

    def _items_of(self, category: str | None) -> list[Item]:
        return [item for item in self.scenario.items if category is None or item.category == category]

    def _use(self, result: RunResult, line: Line) -> np.ndarray:
        """What counts under a line in the year, fen a trial."""
        if line.item is None:
            return result.fen("need", self.year, category=line.category)
        counts_payments = line.cap is not None and line.cap.net_of_carried
        return result.fen("need" if counts_payments else "entitlement", self.year, item=line.item.key)

    def _lacking(self, result: RunResult, line: Line) -> np.ndarray:
        """What a line cuts, or lacks, in the year, fen a trial."""
        if line.item is None or line.cap is None:
            return np.maximum(self._use(result, line) - line.limit, 0)
        return result.fen(f"cut:{line.cap.key}", self.year, item=line.item.key)

    def _gone(self, result: RunResult, line: Line) -> str:
        if line.item is None or line.cap is None or not is_used_in_order(line.cap):
            return ""
        frame = calendar(result, line.item.key, line.cap.key).by_year()
        return str(frame.set_index("year").loc[self.year].p50_date)

    @cached_frame
    def moves(self) -> pd.DataFrame:
        """What may be moved between the envelopes of categories (调剂), so that fewer are short.

        A category with room gives no more than is left of it in nine of ten futures; one that is short gets no more
        than it then needs with the same probability. Ceilings of the law stay, and so does the total: what all
        categories then need, each with that probability, stays within it.

        Returns:
            `MOVE_COLUMNS`, largest shortage first.
        """
        lines = [line for line in self._limits() if line.item is None and line.category is not None]
        needs = {line.category: _sure(self._use(self.now, line)) for line in lines}
        advice = dict(zip(self.lines().line, self.lines().advice, strict=True))
        givers = {
            line.category: line.limit - needs[line.category] for line in lines if advice[line.key] == ROOM
        }  # fmt: skip
        takers = {
            line.category: needs[line.category] - line.limit for line in lines if advice[line.key] == SHORT
        }  # fmt: skip
        free = sum(givers.values())
        if self.now.has_envelope(self.year):
            within = sum(min(needs[line.category], line.limit) for line in lines)
            free = min(free, max(int(self.now.mean_envelope(self.year)) - within, 0))
        rows = []
        for taker, lacking in sorted(takers.items(), key=lambda one: -one[1]):
            for giver in sorted(givers, key=lambda key: -givers[key]):
                amount = min(lacking, givers[giver], free) // whole_fen(1.0) * whole_fen(1.0)
                if amount > 0:
                    rows.append((giver, taker, amount / FEN_A_WAN))
                    lacking, free = lacking - amount, free - amount
                    givers[giver] -= amount
        return pd.DataFrame(rows, columns=list(MOVE_COLUMNS))


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """The rows of a frame, by name of column."""
    return list(frame.itertuples())


def _sure(fen: np.ndarray) -> int:
    """What is enough in nine of ten futures."""
    return int(np.quantile(fen, SURE, method="inverted_cdf"))


def _range(fen: np.ndarray) -> tuple[float, float, float]:
    """Mean and 80% band, 万元."""
    low, high = np.quantile(fen, (0.1, 0.9)) / FEN_A_WAN
    return float(np.mean(fen)) / FEN_A_WAN, float(low), float(high)


def mid_year(
    scenario: ScenarioModel,
    path: str | os.PathLike[str],
    as_of: datetime.date | None = None,
    closed: Sequence[str] = (),
    unopened: Sequence[str] = (),
    is_complete: bool = False,
    trials: int = 10_000,
    seed: int = 0,
    workers: int | None = None,
    progress: Progress | None = None,
    make: Callable[[Any], RunResult] = RunResult,
    january: RunResult | None = None,
) -> MidYear:
    """The first year of a scenario given a ledger of it (年中), beside the forecast of January.

    Args:
        path, as_of, closed, unopened, is_complete: as of `given`.
        make: makes a result of a run.
        january: the run of the scenario without the ledger, where it was made; its trials and seed are taken.

    Raises:
        FaultyInput: as `given` and `simulate`.
    """
    known = given(scenario, path, as_of, closed, unopened, is_complete)
    if january is not None:
        trials, seed = january.trial_count, january.seed
    before = january or _run(scenario, trials, seed, workers, progress, make)
    now = before if known.actuals is None else _run(known, trials, seed, workers, progress, make)
    return MidYear(before, now)


def _run(
    scenario: ScenarioModel, trials: int, seed: int, workers: int | None, progress: Progress | None,
    make: Callable[[Any], RunResult],
) -> RunResult:  # fmt: skip
    """A run that has recorded how the ceilings that submission order uses up are used up."""
    year = scenario.years[0]
    keys = [item.key for item in scenario.items if any(is_used_in_order(cap) for cap in item.caps[year])]
    observe = Observers(dict.fromkeys(keys, CalendarObserver))
    result = make(simulate(scenario, trials, seed, workers, progress=progress, observe=observe))
    limits_recorded(result).update({key: gathered(observe, key) for key in keys})
    return result
