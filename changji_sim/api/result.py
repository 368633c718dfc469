"""A result (结果) with all its methods: tables of its own, and calendars, stories, pictures, files and notes.

>>> result = load_scenario("baseline").run(trials=1_000, seed=7)     # doctest: +SKIP
>>> result.budget().query("flow == 'need' and category == '*'")      # doctest: +SKIP

Every method calls one function of another package; pictures, workbooks and tables for a terminal are imported when they
are first asked for, because HoloViews, xlsxwriter and rich take time and are not installed everywhere.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..reports.run_files import write_result
from ..results.budget_table import EVERY
from ..results.caveats import notes
from ..results.counts import counts, unit_amounts
from ..results.equity import equity
from ..results.execution import execution
from ..results.exhaustion import Calendar, calendar
from ..results.matching_funds import matching_funds
from ..results.monte_carlo import budget_errors
from ..results.paid_by_month import paid_by_month
from ..results.promises import promises, room, worst
from ..results.run_result import RunResult
from ..results.summary import summary
from ..results.summed_result import SummedResult
from ..results.touched import touched
from ..story.explanation import applications, explain
from ..wording.amounts import percent, wan
from ..wording.titled_frame import titled_frame

if TYPE_CHECKING:
    import datetime

    from ..budget_year.mid_year import MidYear
    from ..history.score import Scored
    from ..story.explanation import Story


class Result(RunResult):
    """The trials of one scenario, with tables, pictures, files and notes.

    A flow is one of the ledger's, ``cut:<cap>``, or a count, ``count:<what>``. `years` are those in which the measure
    is in force, `tail` those in which what was promised is still paid. Tables are worked out when first asked for.
    """

    def summary(self) -> pd.DataFrame:
        """Need (资金需求) against envelope (预算额度) by year in force, 万元: `results.summary`."""
        return summary(self)

    def errors(self) -> pd.DataFrame:
        """How sure each mean and quantile of the budget is after so many trials: 95% intervals
        (`results.monte_carlo.budget_errors`).
        """
        return budget_errors(self)

    def counts(self, item: str | None = None, category: str | None = None) -> pd.DataFrame:
        """How many applications, applicants and projects (件数), by year: `results.counts.counts`."""
        return counts(self, item, category)

    def unit_amounts(self) -> pd.DataFrame:
        """Unit × standard × count by item and year (测算说明): `results.counts.unit_amounts`."""
        return unit_amounts(self)

    # --- one by one ---------------------------------------------------------------------------------------------------

    def calendar(self, item: str, cap: str | None = None) -> Calendar:
        """When a cap of an item is used up in order of submission (用完日历), and which applications come too late.

        Args:
            cap: key of a cap, or ``envelope``; by default the item's last cap that submission order uses up.

        Raises:
            FaultyInput: there is no such item or cap, or it is not used up in order of submission.
        """
        return calendar(self, item, cap)

    def applications(self, trial: int = 0, item: str | None = None, year: int | None = None) -> pd.DataFrame:
        """Every application of one trial, or of one item or year in it: what it asked and got (`story.applications`).

        Raises:
            FaultyInput: there is no such trial, item or year.
        """
        return applications(self, trial, item, year)

    def own_money(self) -> pd.DataFrame:
        """Other money per yuan of the fund, by year (每1元财政资金带动的其他资金): `results.matching_funds`."""
        return matching_funds(self)

    def explain(self, item: str, year: int, application: int, trial: int = 0, language: str = "zh") -> Story:
        """What became of one application in one trial, step by step with its articles (`story.explain`).

        Raises:
            FaultyInput: there is no such trial, item, year, application or language.
        """
        return explain(self, item, year, application, trial, language)

    def promises(self) -> pd.DataFrame:
        """What is paid after the last year by year of promise and item (以后年度支出责任): `results.promises`."""
        return promises(self)

    def equity(self) -> pd.DataFrame:
        """The equity book (股权账): stakes, their expected value, losses against the tolerated: `results.equity`."""
        return equity(self)

    def execution(self) -> pd.DataFrame:
        """What is paid of each envelope (预算执行率), what lapses, what is refused beside it: `results.execution`."""
        return execution(self)

    def paid_by_month(self) -> pd.DataFrame:
        """What is paid by the end of each month beside the year elapsed (序时进度): `results.paid_by_month`."""
        return paid_by_month(self)

    def room(self) -> pd.DataFrame:
        """What the envelopes leave for new money each year (可用于新立项): `results.promises.room`."""
        return room(self)

    def worst(self) -> pd.DataFrame:
        """The mean of the worst 5% of trials: of the need, of what is lacking, of what is paid later."""
        return worst(self)

    def midyear(self, actuals: str | os.PathLike[str], as_of: datetime.date | None = None, **options: Any) -> MidYear:
        """The first year given a ledger of it so far (年中), beside this result as the forecast of January.

        Args:
            options: ``closed``, ``unopened``, ``is_complete`` as of `budget_year.known_to_a_day.given`.

        Raises:
            FaultyInput: every fault of the ledger; this result is given one already.
        """
        from ..budget_year.mid_year import mid_year

        return mid_year(self.scenario, actuals, as_of, make=Result, january=self, **options)

    def touched(self) -> pd.DataFrame:
        """What every cap cuts, and how many applications and applicants it touches (核减涉及面): `results.touched`."""
        return touched(self)

    # --- pictures (HoloViews; `changji_sim.views` says what each shows) -----------------------------------------------

    def fan(self, flow: str = "need", category: str | None = None, language: str = "zh") -> Any:
        """One flow by year with its bands, against the envelope (资金需求与预算额度)."""
        from .. import views

        return views.fan(self, flow, category, language)

    def structure(self, flow: str = "need", language: str = "zh") -> Any:
        """One flow by year, stacked by category (支出结构)."""
        from .. import views

        return views.structure(self, flow, language)

    def split(self, language: str = "zh") -> Any:
        """The need of each year in 续建, 政策性 and 新增."""
        from .. import views

        return views.split(self, language)

    def waterfall(
        self,
        year: int,
        item: str | None = None,
        category: str | None = None,
        trial: int | None = None,
        language: str = "zh",
    ) -> Any:
        """From the money asked for to the money paid, every cut with its article (资金去向)."""
        from .. import views

        return views.waterfall(self, year, item, category, trial, language)

    def counted(self, year: int, item: str | None = None, category: str | None = None, language: str = "zh") -> Any:
        """The counts of a year, from applications to acceptances (件数)."""
        from .. import views

        return views.counted(self, year, item, category, language)

    def binding(self, language: str = "zh") -> Any:
        """How often each cap binds, by year (上限)."""
        from .. import views

        return views.binding(self, language)

    def chances(self, language: str = "zh") -> Any:
        """How likely money is short by year, with the Monte Carlo error of each probability (缺口概率及其模拟误差)."""
        from .. import views

        return views.chances(self, language)

    # --- saying, showing, keeping -------------------------------------------------------------------------------------

    def notes(self, language: str = "en") -> list[str]:
        """Caveats: what the numbers leave out and what they are no evidence of, one sentence each."""
        return notes(self, language)

    def in_chinese(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A frame of this scenario's results with Chinese heads, and names in the place of keys."""
        return titled_frame(frame, self.scenario)

    def write(self, folder: str | os.PathLike[str], plain: bool = False) -> Path:
        """Write ``budget.csv``, ``caps.csv`` and ``manifest.json`` into ``folder``, all of them or none.

        Unless it is to be ``plain``, the same tables in Chinese (预算.csv, 上限.csv) too.

        Raises:
            FaultyInput: the folder, or a file in it, cannot be written.
        """
        return write_result(self, folder, plain)

    def to_excel(self, path: str | os.PathLike[str], language: str = "zh") -> Path:
        """Write an Excel workbook with charts: overview, budget, caps, every flow, every assumption with its source.

        Raises:
            FaultyInput: the file cannot be written, its name does not end in .xlsx, or xlsxwriter is not installed.
        """
        from ..reports.export import write_excel

        return write_excel(self, path, language)

    def to_html(self, path: str | os.PathLike[str], language: str = "zh") -> Path:
        """Write the overview as one HTML file with live pictures that opens without a network.

        Raises:
            FaultyInput: the file cannot be written, its name does not end in .html, or holoviews is not installed.
        """
        from ..reports.export import write_html

        return write_html(self, path, language)

    def to_submission(
        self,
        folder: str | os.PathLike[str],
        year: int | None = None,
        basis: str = "need",
        language: str = "zh",
        template: str | os.PathLike[str] | None = None,
    ) -> list[Path]:
        """Write the tables that a budget is submitted with (预算申报) as Excel and Word, and the files of the run.

        Args:
            year: of the budget; by default the first in force.
            basis: ``need`` (一上) or ``payment`` (二上): `results.submitted_amounts`.
            template: a Word file of one's own to be filled in.

        Raises:
            FaultyInput: there is no such year, basis or language; the template is at fault; a file cannot be written;
                xlsxwriter is not installed.
        """
        from ..reports.submission.submission_files import write_submission

        return write_submission(self, folder, year, basis, language, template)[1]

    def to_brief(
        self,
        folder: str | os.PathLike[str],
        year: int | None = None,
        last_year_wan: float | None = None,
        recommendation: str = "",
        options: Sequence[Result] = (),
        language: str = "zh",
        template: str | os.PathLike[str] | None = None,
    ) -> list[Path]:
        """Write one page for leaders (汇报) as Word and, where a browser prints it, PDF, and the files of the run.

        Args:
            year: by default the first in force.
            last_year_wan: the budget of the year before, 万元.
            recommendation: what you recommend; without it the page leaves room.
            options: up to two results of other scenarios on the same futures, to stand beside this one.
            template: a Word file of one's own to be filled in.

        Raises:
            FaultyInput: there is no such year or language; there are too many options; the template is at fault; a file
                cannot be written; docxtpl is not installed.
        """
        from ..reports.brief.brief_files import write_brief
        from ..results.submitted_amounts import planned_years
        from ..whatif.envelope_cuts import envelope_cuts

        first = planned_years(self, year)[0]
        cuts = envelope_cuts(self.scenario, first, self.trial_count, self.seed, before=self)
        results = [self, *options]
        return write_brief(results, cuts, folder, first, last_year_wan, recommendation, language, template)[1]

    def score(self, actuals: str | os.PathLike[str], flow: str = "payment") -> Scored:
        """This forecast held against the amounts that came (预测检验): coverage, PIT, CRPS, and what that says.

        Args:
            actuals: a table of 年度, 支持方向 and 实际金额（万元）; ``flow`` which flow of the budget they are of.

        Raises:
            FaultyInput: every fault of the table; there is no such flow.
        """
        from ..history.actual_amounts import score_result

        return score_result(self, actuals, flow)

    def __repr__(self) -> str:
        of = self.scenario
        title = f"Result of {of.name} ({of.title}): {self.trial_count:,} trials, seed {self.seed}"
        if "table" not in self.__dict__ and self.trial_count > 100_000:
            return f"<{title}>"  # a look at a name must not take seconds
        total = self.summary().query(f"category == '{EVERY}'")
        years = [
            f"  {year}: need {wan(need)}万"
            + (f" + {wan(owed)}万 owed" if owed else "")
            + ("" if np.isnan(short) else f", P(short) {percent(short)}")
            for year, need, owed, short in zip(
                total.year, total.year_need_mean_wan, total.arrears_before_wan, total.probability_short, strict=True
            )
        ]
        return "\n".join([f"<{title}", *years]) + ">"

    def __rich__(self) -> Any:
        from ..reports.terminal import result_view

        return result_view(self)

    def _repr_html_(self) -> str:
        from ..reports.notebook_html import result_html

        return result_html(self)


class ResultOfSums(SummedResult, Result):
    """A result of so many trials that no flow is kept trial by trial; what needs one raises FaultyInput."""
