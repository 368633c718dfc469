"""A scenario (情景) with its methods, and reading one."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from ..base.faults import DESK_EXTRA, Fault, FaultyInput
from ..base.garbage_collector import no_collection
from ..base.messages import message
from ..measure import Reforms
from ..scenario.model import ScenarioModel
from ..scenario_file import left_out, load
from ..scenario_file.reformed import plugins_dir_of, reformed

if TYPE_CHECKING:
    import datetime

    import pandas as pd

    from ..budget_year.close_year import Closed
    from ..budget_year.mid_year import MidYear
    from ..history.fitted_file import FittedFile
    from ..kernel.simulate import Progress
    from ..results.exact import Exact
    from ..whatif.article_effects import Effects
    from ..whatif.ask import TotalToAsk
    from ..whatif.find_out import FoundOut
    from ..whatif.regime_map import RegimeMap
    from ..whatif.seek import Sought
    from .result import Result


@dataclass(frozen=True)
class Scenario(ScenarioModel):
    """Guide + assumptions + envelopes of one what-if, ready to run. ``items`` stand in order of priority."""

    @classmethod
    def of(cls, scenario: ScenarioModel) -> Scenario:
        """The same scenario with the methods below."""
        return cls(**{field.name: getattr(scenario, field.name) for field in fields(ScenarioModel)})

    def desk(self, trials: int = 10_000, seed: int = 0, language: str = "zh") -> Any:
        """The desk in a notebook's cell: sliders, pictures and tables of this scenario, with nothing fetched.

        Raises:
            FaultyInput: trials or seed cannot be; the desk is not installed.
        """
        try:
            from ..desk.cell import desk_of
        except ImportError as missing:
            raise FaultyInput([Fault("", message("the desk needs panel; {how}", how=DESK_EXTRA))]) from missing
        return desk_of(self, trials, seed, language)

    def with_(self, values: Mapping[str, Any] | None = None, beyond_law: bool = False, **more: Any) -> Scenario:
        """The same scenario with some values set (改数), checked as if they stood in its file.

        Args:
            values: by key or title of the adjustable parameter: numbers in the file's unit, choices, None for no
                ceiling, or texts such as ``"-10%"``, ``"+50"``, ``"18%"``, ``"none"``.
            beyond_law: values beyond the law's are tried as a reform; else they are refused.
            more: the same for keys without a dot.

        Raises:
            FaultyInput: every name that is not known and every value that cannot be.
        """
        from ..adjustable.set_values import with_values

        return Scenario.of(with_values(self, {**(values or {}), **more}, beyond_law))

    def given(self, actuals: str | os.PathLike[str], as_of: datetime.date | None = None, **options: Any) -> Scenario:
        """This scenario given a ledger of its first year so far (年中台账): its runs draw the rest of the year.

        Args:
            actuals: the ledger; ``as_of`` the day (截至) up to which it holds everything, by default the last in it.
            options: ``closed``, ``unopened``, ``is_complete`` as of `budget_year.known_to_a_day.given`.

        Raises:
            FaultyInput: every fault of the ledger.
        """
        from ..budget_year.known_to_a_day import given

        return Scenario.of(given(self, actuals, as_of, **options))

    def midyear(self, actuals: str | os.PathLike[str], as_of: datetime.date | None = None, **options: Any) -> MidYear:
        """The first year at its middle (年中): the forecast of January beside that given a ledger, and the advice.

        Args:
            actuals, as_of: as of `given`.
            options: further ones of `budget_year.mid_year.mid_year`.

        Raises:
            FaultyInput: every fault of the ledger.
        """
        from ..budget_year.mid_year import mid_year
        from .result import Result

        return mid_year(self, actuals, as_of, make=Result, **options)

    def close(
        self, year: int, decisions: str | os.PathLike[str] | None = None, trial: int | None = None, **options: Any
    ) -> Closed:
        """Close a year (年度结转): write the opening ledger of the next one, and a scenario that starts there.

        Args:
            decisions: the year's applications with what was decided; or else ``trial``, to rehearse.
            options: ``seed``, ``out``, ``ledger``, ``overwrite``, ``reform`` as of `budget_year.close_year.close_year`.

        Raises:
            FaultyInput: every fault of what is given; this scenario is not as its file has it.
        """
        from ..budget_year.close_year import close_year

        return close_year(self._file(), year, decisions, trial, plugins_dir=plugins_dir_of(self), **options)

    def fit(
        self, history: str | os.PathLike[str], out: str | os.PathLike[str] | None = None, overwrite: bool = False
    ) -> FittedFile:
        """Fit this scenario's assumptions to last years' applications (往年): `history.fitted_file.fit_file`.

        Args:
            history: a register of one year or more; ``out`` the scenario file to write, .yaml.

        Raises:
            FaultyInput: every fault of the file; this scenario is not as its file has it.
        """
        from ..history.fitted_file import fit_file

        return fit_file(history, self._file(), out, overwrite, plugins_dir_of(self))

    def _file(self) -> str | os.PathLike[str]:
        """The file or name that this scenario was read from, as it stands there.

        Raises:
            FaultyInput: something was changed since.
        """
        if self.changes or self.reform_text or self.actuals is not None:
            what = message("it was changed since its file was read: write the changes into a scenario file first")
            raise FaultyInput([Fault(self.file_name, what)])
        return self.path or self.name

    def seek(self, name: str, most: float = 0.1, year: int | None = None, **options: Any) -> Sought:
        """The value of an adjustable parameter with which money is short with a probability of at most ``most``.

        Args:
            name: its key or titles.
            year: the year in which money must suffice; by default all years in force, jointly.
            options: ``trials``, ``seed``, ``workers``, ``progress``, ``payment_wan`` as of `whatif.seek.seek`.

        Raises:
            FaultyInput: the name is not known or no number; the year is none of the scenario's; nothing limits it.
        """
        from ..whatif.seek import seek

        return seek(self, name, most, year, **options)

    def ask(self, most: float = 0.1, year: int | None = None, **options: Any) -> TotalToAsk:
        """The smallest total of the first year with which money is short with a probability of at most ``most``, what
        one year alone would take, the split over categories, and what falls off with less: `whatif.ask.ask`.

        Args:
            most, year, options: as of `seek`; ``totals_wan`` for which it is also worked out what falls off.

        Raises:
            FaultyInput: as of `seek`; the scenario has no total.
        """
        from ..whatif.ask import ask

        return ask(self, most, year, **options)

    def prices(self, *names: str, trials: int = 10_000, seed: int = 0, **options: Any) -> pd.DataFrame:
        """What one unit more and less of each ceiling, rate, prize, place and envelope changes (价格):
        `whatif.prices.prices`.

        Args:
            names: of these alone.
            options: ``workers``, ``progress``, ``counts_served`` as there.

        Raises:
            FaultyInput: a name is not known, no number, or one that is not set.
        """
        from ..whatif.prices import prices

        return prices(self, names, trials, seed, **options)

    def price_curve(
        self, name: str, values: Sequence[float], trials: int = 10_000, seed: int = 0, **options: Any
    ) -> pd.DataFrame:
        """The flows over a range of values of one number, and how likely money is short: `whatif.prices.curve`.

        Raises:
            FaultyInput: the name is not known or no number.
        """
        from ..whatif.prices import curve

        return curve(self, name, values, trials, seed, **options)

    def readings_priced(self, trials: int = 10_000, seed: int = 0, **options: Any) -> pd.DataFrame:
        """What every other reading of a phrase would change (条款口径): `whatif.marginal_costs.reading_prices`."""
        from ..whatif.marginal_costs import reading_prices

        return reading_prices(self, trials, seed, **options)

    def effects(
        self,
        reform: Reforms | None = None,
        values: Mapping[str, Any] | None = None,
        flow: str = "commitment",
        **options: Any,
    ) -> Effects:
        """What each article of reforms, and each value set, does to a flow (各条贡献): `whatif.article_effects`.

        Args:
            options: ``trials``, ``seed``, ``is_beyond_law``, ``workers``, ``progress`` as there.

        Raises:
            FaultyInput: there are no changes or too many; a change is at fault.
        """
        from ..whatif.article_effects import article_effects

        return article_effects(self, reform, values, flow, **options)

    def exact(self, item: str, year: int | None = None) -> Exact:
        """The exact distribution of an item in a year, where counts are small (精确分布): `results.exact`.

        Raises:
            FaultyInput: there is no such item or year, or it has none, and why.
        """
        from ..results.exact import exact

        return exact(self, item, year)

    def find_out(self, answer: str = "need", year: int | None = None, **options: Any) -> FoundOut:
        """Which number in doubt moves an answer most: each over its range, and shares of the variance.

        Args:
            answer: one of `changji_sim.whatif.find_out.ANSWERS`.
            year: by default all years in force.
            options: ``trials``, ``seed``, ``workers``, ``progress`` as of `changji_sim.whatif.find_out.find_out`.

        Raises:
            FaultyInput: there is no such answer or year; nothing is in doubt; nothing moves the answer; SALib is not
                installed.
        """
        from ..whatif.find_out import find_out

        return find_out(self, answer, year, **options)

    def sweep(self, settings: Any, trials: int = 10_000, seed: int = 0, **options: Any) -> pd.DataFrame:
        """Many settings on the same futures, as one tidy table: `changji_sim.whatif.sweep.sweep`.

        Args:
            settings: ``{"grid": {name: [values]}}``, ``{"latin_hypercube": {"count": 50, "between": {name: [low,
                high]}}}``, ``{"sobol": …}``, a list of mappings, or a frame with a column a parameter.
            options: ``is_beyond_law``, ``journal``, ``engine``, ``progress`` as of that function.

        Raises:
            FaultyInput: the settings are at fault; the journal is that of another sweep.
        """
        from ..whatif.sweep import sweep

        return sweep(self, settings, trials, seed, **options)

    def map(self, x: str, y: str, **options: Any) -> RegimeMap:
        """Two numbers against each other: how likely money is short, and which limit decides, over a grid of values.

        Args:
            x, y: keys or titles of two adjustable numbers.
            options: ``x_ends``, ``y_ends``, ``steps``, ``year``, ``trials``, ``seed``, ``workers``, ``progress`` as of
                `changji_sim.whatif.regime_map.regime_map`.

        Raises:
            FaultyInput: a name is not known or no number, or the values cannot be.
        """
        from ..whatif.regime_map import regime_map

        return regime_map(self, x, y, **options)

    def run(
        self,
        trials: int = 10_000,
        seed: int = 0,
        reform: Reforms | None = None,
        workers: int | None = None,
        progress: Callable[[int, int], None] | None = None,
        keep_trials: bool | None = None,
    ) -> Result:
        """Simulate this scenario (模拟).

        Args:
            trials: how many futures.
            seed: the same seed meets the same futures, also under another scenario or reform.
            reform: a change of the law's numbers, by itself, by name or by file; several are stacked in order.
            workers: threads or, where that is safe, processes, by default the cores there are; they change no number.
            progress: called from time to time with trials done and trials in all.
            keep_trials: whether every flow is kept trial by trial, by default up to 50,000 trials. Without it any
                number of trials fits into memory; tables are the same, and what asks for a trial's flow is refused.

        Raises:
            FaultyInput: trials or seed cannot be; the reform is at fault; or this scenario is reformed already.
        """
        from ..kernel.compile import compiling  # here, because reading a scenario needs neither the kernel nor pandas
        from .scenario_run import result_of

        scenario = self if reform in (None, [], ()) else Scenario.of(reformed(self, reform))
        with compiling():
            return result_of(scenario, trials, seed, workers, progress=progress, keep_trials=keep_trials)

    def run_until(self, error: float, most: int = 200_000, seed: int = 0, workers: int | None = None) -> Result:
        """Simulate until P(short) and the need of every year are as sure as asked for (`whatif.until`).

        Args:
            error: half of a 95% interval: 0.01 is one percentage point of a probability and 1% of an amount.
            most: no more trials than this.

        Raises:
            FaultyInput: the error, the number of trials or the seed cannot be.
        """
        from ..whatif.until import run_until
        from .result import Result

        def run_of(trials: int, progress: Progress | None) -> Result:
            return self.run(trials, seed, workers=workers, progress=progress)

        result = run_until(run_of, error, most).result
        assert isinstance(result, Result)  # as `run_of` makes it
        return result


def load_scenario(
    name_or_path: str | os.PathLike[str],
    reform: Reforms | None = None,
    plugins_dir: str | os.PathLike[str] | None = None,
    without_broken: bool = False,
) -> Scenario:
    """Read and check a scenario.

    Args:
        name_or_path: a file, or the name of one that ships (``baseline``, ``tight_budget``, ``growth``).
        reform: a change of the law's numbers, by itself, by name or by file; its numbers then bound the guide. Several
            are stacked in order.
        plugins_dir: a folder of single-file plugins whose modes the scenario may use, beside those of CHANGJI_PLUGINS.
        without_broken: leave out the items whose mode is missing or fails when it is tried out; ``left_out`` of the
            scenario names them, and so does every total.

    Returns:
        the scenario; its ``warnings`` say what is odd about its files, though no fault.

    Raises:
        FaultyInput: every fault of the file and of those it extends: where, what was found, what is allowed, and the
            article where the law decides.
    """
    with no_collection(), left_out.without_broken() if without_broken else nullcontext():
        return Scenario.of(load.load_scenario(name_or_path, reform, plugins_dir))
