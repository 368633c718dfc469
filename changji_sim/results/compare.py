"""What changes from one result to another (差额), trial by trial, as a frame.

>>> compare(baseline, reformed).query("flow == 'payment' and category == '*'")     # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape

import numpy as np
import pandas as pd

from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..kernel.flows import Packed
from ..scenario.model import ScenarioModel
from .budget_table import EVERY, Name, columns_of_year, exact_sum, per_unit
from .run_result import RunResult

COMPARED = ("before_wan", "after_wan", "difference_wan", "low_wan", "high_wan", "p05_wan", "p95_wan")


class Comparison(pd.DataFrame):
    """A comparison, which says above its rows what is compared; a part of it is a plain frame."""

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return pd.DataFrame

    @property
    def heading(self) -> str:
        return f"before: {self.attrs.get('before', '')}\nafter: {self.attrs.get('after', '')}"

    def __repr__(self) -> str:
        return f"{self.heading}\n{super().__repr__()}"

    def _repr_html_(self) -> str | None:
        table = super()._repr_html_()  # type: ignore[misc]
        return f"<p>{escape(self.heading).replace(chr(10), '<br>')}</p>{table}" if table else table


def compare(before: RunResult, after: RunResult, flow: str | None = None) -> Comparison:
    """What changes from one result to another, trial by trial: both must be of the same trials and seed.

    Args:
        flow: of this flow alone, which is faster than of all.

    Returns:
        ``year, category, item, flow, before_wan, after_wan, difference_wan, low_wan, high_wan, p05_wan, p95_wan``:
        rows as in `Result.budget`. ``difference_wan`` is the mean of after − before, exactly 0 where nothing changed;
        low to high is its 95% confidence interval (how sure the mean is after so many trials); p05 to p95 is how the
        difference spreads over futures. What one of the two does not have counts as 0 there; years before the first
        of either are left out, since the other result does not have them. ``attrs`` hold ``before`` and ``after``:
        the titles of scenarios and reforms, which are shown above the rows; with the names of their files where the
        titles are the same.

    Raises:
        FaultyInput: seeds or numbers of trials differ, so the futures are not the same.
    """
    must_share_futures(before, after)
    first = max(before.years[0], after.years[0])
    years = sorted(y for y in {*before.years, *before.tail, *after.years, *after.tail} if y >= first)
    rows = [row for year in years for row in _compare_year(before, after, year, flow)]
    compared = Comparison(rows, columns=["year", "category", "item", "flow", *COMPARED])
    labels = [before.scenario.label, after.scenario.label]
    compared.attrs = dict(zip(("before", "after"), told_apart(labels, (before.scenario, after.scenario)), strict=True))
    return compared


def told_apart(names: Sequence[str], scenarios: Sequence[ScenarioModel]) -> list[str]:
    """The names of scenarios, each with its file's where one of another file has the same: a copied file keeps its
    ``name`` until somebody changes it.
    """
    paths = [scenario.path for scenario in scenarios]
    files = {path.resolve() for path in paths if path}
    is_enough = len({path.name for path in files}) == len(files)  # else the folders tell them apart
    told = []
    for name, path in zip(names, paths, strict=True):
        others = {other for one, other in zip(names, paths, strict=True) if one == name}
        shown = path if path is None or not is_enough else path.name
        told.append(f"{name} – {shown}" if shown and len(others) > 1 else name)
    return told


def must_share_futures(before: RunResult, after: RunResult) -> None:
    """Refuse two results of different trials or seeds."""
    for what, one, other in (
        (message("number of trials"), before.trial_count, after.trial_count),
        (message("seed"), before.seed, after.seed),
    ):
        if one != other:
            found = message(
                "the futures are not the same: {what} {one:,} and {other:,}; run both with the same {what}",
                what=what,
                one=one,
                other=other,
            )
            raise FaultyInput([Fault("", found)])


def _compare_year(before: RunResult, after: RunResult, year: int, flow: str | None) -> list[tuple[object, ...]]:
    old, new = (dict(columns_of_year(r.scenario, r.run.flows, year)) for r in (before, after))
    names = [name for name in _merged(new, old) if flow in (None, name[3])]
    return [
        (*name, *_difference(old.get(name), new.get(name), before.trial_count, per_unit(name[3]))) for name in names
    ]


def _merged(names: Iterable[Name], others: Iterable[Name]) -> list[Name]:
    """The names in order, then those only the others have."""
    return list(dict.fromkeys([*names, *others]))


def _difference(old: Packed | None, new: Packed | None, trials: int, unit: int) -> tuple[float, ...]:
    """The values of `COMPARED` for one row, 万元, or numbers of a count."""
    if old is None and new is None:
        return (0.0,) * len(COMPARED)
    means = [0.0 if p is None else p.unit * exact_sum(p.values) / (trials * unit) for p in (old, new)]
    nothing = np.zeros(trials, np.int64)
    change = (nothing if new is None else new.fen) - (nothing if old is None else old.fen)
    if not np.any(change):
        return (*means, 0.0, 0.0, 0.0, 0.0, 0.0)
    mean = exact_sum(change) / (trials * unit)
    margin = 1.96 * float(np.std(change)) / np.sqrt(trials) / unit
    low, high = np.quantile(change, [0.05, 0.95]) / unit
    return (*means, mean, mean - margin, mean + margin, float(low), float(high))


def differences_a_year(frame: pd.DataFrame, years: Sequence[int]) -> pd.DataFrame:
    """What a year changes in the mean, by item, largest first, 万元, from the rows of `breakdown.differences`.

    Returns:
        ``item, before_wan, after_wan, difference_wan, low_wan, high_wan``: no row where no trial of any year differs.
        The interval is as wide as those of the years are on average: at most so wide, for years of a trial go together.
    """
    of_items = frame[(frame.item != EVERY) & frame.year.isin(list(years))]
    moved = of_items.groupby("item").filter(
        lambda rows: bool(((rows.difference_wan != 0) | (rows.low_wan != rows.high_wan)).any())
    )
    amounts = ["before_wan", "after_wan", "difference_wan", "low_wan", "high_wan"]
    means = moved.groupby("item", sort=False)[amounts].mean()
    order = means.difference_wan.abs().sort_values(ascending=False).index
    return means.loc[order].reset_index()
