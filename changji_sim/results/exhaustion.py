"""When the money runs out (用完日历): caps and envelopes that are used up in order of submission, as tidy frames.

>>> result = load_scenario("baseline").run(trials=1_000, seed=7)     # doctest: +SKIP
>>> calendar(result, "exchange").by_year()                           # doctest: +SKIP

A result keeps sums, not rows: a calendar is made by simulating once more with an observer, unless the observer's record
is there already. Days are drawn for the calendar alone and agree with the order of submission. They are
uniform over the year, since nothing is known about seasons; rows of a register keep their order and get drawn days too.
Amounts are 万元.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ..base.faults import Fault, FaultyInput
from ..base.messages import joined, message, named
from ..base.units import FEN_A_WAN
from ..kernel.calendar import (
    ENVELOPE,
    MONTHS,
    CalendarObserver,
    RunDown,
    gathered,
    is_used_in_order,
    let_through,
    month_ends,
    raised_by,
)
from ..modes.support_mode import MOST_WAN, Cap
from ..scenario.model import Item
from .budget_table import QUANTILES, exact_sum, quantiles_of
from .observed import observed
from .run_result import ENVELOPE_ARTICLE, RunResult, cached_frame
from .unknown_names import no_such

BINS = 32  # steps of a distribution
STEPS_WAN = (10.0, 20.0, 50.0, 100.0)
DAY_QUANTILES = {"p10_date": 0.1, "p50_date": 0.5, "p90_date": 0.9}
FAN = ("p10_wan", "p50_wan", "p90_wan")
FAN_OF_QUANTILES = [list(QUANTILES).index(column) for column in FAN]

Seen = Mapping[tuple[str, int], RunDown]


@dataclass(frozen=True, eq=False)
class Calendar:
    """When one limit of one item is used up, over all futures.

    ``cap`` is None where the limit is what the envelopes leave the item: items of higher priority, carried
    payments and arrears have been served before, so the day says when *this item's* money is gone, not when
    the envelope is empty. There a day is that of the first application not served in full (for ``defer``: whose first
    payment had to wait); applicants rated 优秀 the year before come first whatever their day.
    """

    item: Item
    cap: Cap | None
    years: tuple[int, ...]
    run_downs: tuple[RunDown, ...]  # one a year
    frames: dict[Any, pd.DataFrame] = field(default_factory=dict, repr=False)  # what was asked and answered before

    @property
    def article(self) -> str:
        """The article that sets the limit."""
        return self.cap.article if self.cap else ENVELOPE_ARTICLE

    @cached_property
    def trials(self) -> int:
        """How many futures there are."""
        return len(self.run_downs[0].day)

    def of(self, year: int) -> RunDown:
        """The futures of one year, fen and fractions of the year.

        Raises:
            FaultyInput: the measure is not in force, or nothing limits the item, in that year.
        """
        if year not in self.years:
            raise FaultyInput([no_such("year", year, self.years)])
        return self.run_downs[self.years.index(year)]

    @cached_frame
    def by_year(self) -> pd.DataFrame:
        """How long the money lasts, and how many applications come too late.

        Returns:
            ``year, limit_wan, probability_lasts, p10_date, p50_date, p90_date, mean_cut_wan, mean_turned_away,
            mean_partly, mean_applicants``. A date is an ISO day: by it the money is gone in so many of all futures;
            empty where it lasts the year in the others. The means are over all futures: money cut, applications that
            got nothing or a part, and different applicants among them. The limit is a mean where it differs by future.
        """
        rows = []
        for year, run in zip(self.years, self.run_downs, strict=True):
            gone = np.sort(np.where(np.isnan(run.day), np.inf, run.day))
            dates = [date_of(year, float(np.quantile(gone, q, method="inverted_cdf"))) for q in DAY_QUANTILES.values()]
            lasts = int(np.isnan(run.day).sum()) / self.trials
            counts = [int(n.sum()) / self.trials for n in (run.wholly, run.partly, run.applicants)]
            cut = int(run.missed.sum()) / (self.trials * FEN_A_WAN)
            rows.append((year, _mean_wan(np.maximum(run.free, 0)), lasts, *dates, cut, *counts))
        names = ["year", "limit_wan", "probability_lasts", *DAY_QUANTILES, "mean_cut_wan", "mean_turned_away"]
        return pd.DataFrame(rows, columns=[*names, "mean_partly", "mean_applicants"])

    def days(self) -> pd.DataFrame:
        """The day on which it runs out, future by future.

        Returns:
            one row a trial, one column a year: 1 is 1 January; NaN where the money lasts the year.
        """
        days = {year: np.floor(run.day * _length(year)) + 1 for year, run in self._each()}
        return pd.DataFrame(days, index=pd.RangeIndex(self.trials, name="trial")).rename_axis(columns="year")

    @cached_frame
    def exhaustion(self) -> pd.DataFrame:
        """In which month it runs out.

        Returns:
            ``year, month, probability, probability_by``: that it runs out in the month, and by the month's end.
        """
        rows = []
        for year, run in self._each():
            counts = np.histogram(run.day, [0.0, *month_ends(year)])[0]
            by = np.cumsum(counts)
            rows += [(year, m + 1, int(counts[m]) / self.trials, int(by[m]) / self.trials) for m in range(MONTHS)]
        return pd.DataFrame(rows, columns=["year", "month", "probability", "probability_by"])

    @cached_frame
    def months(self, year: int | None = None) -> pd.DataFrame:
        """What has been used up by the end of each month, of one year or of all.

        Returns:
            ``year, month, mean_wan, p10_wan, p50_wan, p90_wan, limit_wan``.
        """
        rows = []
        for each, run in self._each(year):
            quantiles = np.array([quantiles_of(spent) for spent in run.spent])[:, FAN_OF_QUANTILES] / FEN_A_WAN
            limit = _mean_wan(np.maximum(run.free, 0))
            means = run.spent.sum(axis=1) / (self.trials * FEN_A_WAN)
            rows += [(each, m + 1, float(means[m]), *map(float, quantiles[m]), limit) for m in range(MONTHS)]
        return pd.DataFrame(rows, columns=["year", "month", "mean_wan", *FAN, "limit_wan"])

    @cached_frame
    def demand(self) -> pd.DataFrame:
        """What stands before the limit, against it.

        Returns:
            ``year, mean_wan, p05_wan, p10_wan, p50_wan, p90_wan, p95_wan, limit_wan, probability_over``.
        """
        rows = []
        for year, run in self._each():
            quantiles = quantiles_of(run.demand) / FEN_A_WAN
            over = int(np.count_nonzero(run.demand > np.maximum(run.free, 0))) / self.trials
            limit = _mean_wan(np.maximum(run.free, 0))
            rows.append((year, _mean_wan(run.demand), *map(float, quantiles), limit, over))
        return pd.DataFrame(rows, columns=["year", "mean_wan", *QUANTILES, "limit_wan", "probability_over"])

    @cached_frame
    def distribution(self) -> pd.DataFrame:
        """How what stands before the limit is spread over the futures, in steps alike in all years that begin and end
        at the limit.

        Returns:
            ``year, from_wan, to_wan, probability, is_over``: ``is_over`` above the limit. The last step of a year holds
            all that is larger.
        """
        top = max(float(np.quantile(run.demand, 0.995)) / FEN_A_WAN for run in self.run_downs)
        step = top / BINS or 1.0
        rows = []
        for year, run in self._each():
            limit = _mean_wan(np.maximum(run.free, 0))
            below, above = math.ceil(limit / step), max(1, math.ceil((top - limit) / step))
            edges = np.maximum(limit + step * np.arange(-below, above + 1), 0)
            demand = np.minimum(run.demand / FEN_A_WAN, np.nextafter(edges[-1], 0))
            # what is exactly the limit is not over it
            counts = np.bincount(np.maximum(np.searchsorted(edges, demand, "left") - 1, 0), minlength=len(edges) - 1)
            each = zip(edges[:-1], edges[1:], counts, strict=True)
            rows += [(year, float(a), float(b), int(n) / self.trials, bool(a >= limit)) for a, b, n in each]
        return pd.DataFrame(rows, columns=["year", "from_wan", "to_wan", "probability", "is_over"])

    @cached_frame
    def enough(self, probability: float = 0.9) -> pd.DataFrame:
        """Which limit would last the whole year with a probability (多少才够).

        Returns:
            ``year, limit_wan, enough_wan``: the limit there is, and the least one that would do.

        Raises:
            FaultyInput: it is no probability.
        """
        if not 0 < probability <= 1:
            what = message("a probability is above 0 and at most 1, not {found!r}", found=probability)
            raise FaultyInput([Fault("", what)])
        rows = []
        for year, run in self._each():
            missing = np.quantile(run.demand - run.free, probability, method="inverted_cdf") / FEN_A_WAN
            limit = _mean_wan(np.maximum(run.free, 0))
            rows.append((year, limit, max(0.0, limit + float(missing))))
        return pd.DataFrame(rows, columns=["year", "limit_wan", "enough_wan"])

    def raised(self, steps_wan: Sequence[float] = STEPS_WAN, year: int | None = None) -> pd.DataFrame:
        """What a higher limit would pay (上限提高的效果), exactly, with the same random numbers.

        Each step is put on top of the limit of that year alone: the applications it turned away are served in their
        order with what is there more. A tighter limit behind this one, or the envelope, may still hold them back, and
        what more is promised for later years is not taken off their limits: run a reform to see all that follows.

        Args:
            steps_wan: by how much the limit is raised, whole yuan, each above 0.
            year: of one year; by default of all.

        Returns:
            ``year, step_wan, extra_wan, used_share, served, reached``: means over all futures of the money let
            through, the part of the step that its payments take (of a limit of a year's payments, first tranches; more
            is let through then than the step), and the applications that then get all they could have (``served``), or
            something instead of nothing (``reached``).

        Raises:
            FaultyInput: a step is no amount above 0, or the limit is an envelope.
        """
        if self.cap is None:
            what = message("an envelope's rows compete by rule; raise a cap, or run a larger envelope")
            raise FaultyInput([Fault("", what)])
        wrong = [step for step in steps_wan if not (np.isfinite(step) and 0 < step <= MOST_WAN)]
        if wrong:
            what = message("a limit is raised by an amount above 0 万元, not by {found!r}", found=wrong[0])
            raise FaultyInput([Fault("", what)])
        rows = []
        for each, run in self._each(year):
            for step in steps_wan:
                more = raised_by(run, round(step * FEN_A_WAN))
                fen, served, reached = let_through(run.ends, run.missed, run.partly, more)
                extra = _mean_wan(fen)
                used = extra if (run.share == 1).all() else float(np.mean(fen * run.share)) / FEN_A_WAN
                counts = [int(n.sum()) / self.trials for n in (served, reached)]
                rows.append((each, float(step), extra, used / step, *counts))
        return pd.DataFrame(rows, columns=["year", "step_wan", "extra_wan", "used_share", "served", "reached"])

    def _each(self, year: int | None = None) -> list[tuple[int, RunDown]]:
        if year is not None:
            return [(year, self.of(year))]
        return list(zip(self.years, self.run_downs, strict=True))


def _mean_wan(fen: np.ndarray) -> float:
    return exact_sum(fen) / (len(fen) * FEN_A_WAN)


def _length(year: int) -> int:
    return (datetime.date(year + 1, 1, 1) - datetime.date(year, 1, 1)).days


def date_of(year: int, day: float) -> str:
    """A fraction of a year as an ISO date; empty for what is no day of the year (infinite: never)."""
    if not 0 <= day < 1:
        return ""
    return str(datetime.date(year, 1, 1) + datetime.timedelta(days=int(day * _length(year))))


# --- from a result ----------------------------------------------------------------------------------------------------


def calendars(result: RunResult) -> list[tuple[str, str]]:
    """(item, cap) of every cap that submission order uses up in some year, items in order of priority."""
    return [
        (item.key, key)
        for item in result.scenario.items
        for key in dict.fromkeys(c.key for year in result.years for c in item.caps[year] if is_used_in_order(c))
    ]


def calendar(result: RunResult, item: str, cap: str | None = None) -> Calendar:
    """When a limit of an item is used up; worked out once for each.

    Args:
        cap: key of a cap of the item, or ``envelope`` for what the envelopes leave it; by default its last cap that is
            used up in order of submission (a guide's tighter one stands behind the law's), or the envelope if there is
            none.

    Raises:
        FaultyInput: there is no such item or cap; the cap is shared pro rata or belongs to an application or an
            applicant; or nothing limits the item in order of submission (it is chosen by score, or nothing is short).
    """
    made = result.cache.setdefault("calendars", {})
    if (item, cap) not in made:
        made[item, cap] = _calendar(result, item, cap)
    return made[item, cap]


def _calendar(result: RunResult, item: str, cap: str | None) -> Calendar:
    one = next((i for i in result.scenario.items if i.key == item), None)
    if one is None:
        keys = [i.key for i in result.scenario.items]
        raise FaultyInput([no_such("item", item, keys)])
    own = [key for key_of, key in calendars(result) if key_of == item]
    if cap is not None and cap not in (*own, ENVELOPE):
        what = message(
            "{title} ({item}) has no limit '{cap}' that submission order uses up (there are {known})",
            title=named(one.title, one.title_en or one.title),
            item=item,
            cap=cap,
            known=joined([*own, ENVELOPE]),
        )
        raise FaultyInput([Fault("", what)])
    seen = seen_by(result, item)
    limit = cap or (own[-1] if own else ENVELOPE)
    years = tuple(year for y, year in enumerate(result.years) if (limit, y) in seen)
    if not years:
        what = message(
            "no limit of {title} ({item}) is used up in order of submission: its applications are chosen by "
            "score or share what there is, or no envelope limits them",
            title=named(one.title, one.title_en or one.title),
            item=item,
        )
        raise FaultyInput([Fault("", what)])
    caps = [c for year in years for c in one.caps[year] if c.key == limit]
    runs = tuple(seen[limit, result.years.index(year)] for year in years)
    return Calendar(one, caps[0] if caps else None, years, runs)


def limits_recorded(result: RunResult) -> dict[str, Seen]:
    """How limits were used up in a result's trials, by item, as far as that was recorded."""
    return result.cache.setdefault("limits", {})


def seen_by(result: RunResult, item: str) -> Seen:
    """How an item's limits were used up: as recorded with the run, else by simulating it again with an observer."""
    recorded = limits_recorded(result)
    if item not in recorded:
        recorded[item] = gathered(observed(result, CalendarObserver, [item]), item)
    return recorded[item]
