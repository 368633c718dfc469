"""Columns of applications fitted to past rows, each in the form in which the scenario draws it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..applications.application import Application
from ..base.messages import Message, message, named
from ..scenario.model import DrawnColumn
from ..wording.labels import titles
from .posteriors import Estimate, log_doubt, mean_of, share, triangular_doubt

FEWEST_VALUES = 5  # of one column; from fewer nothing is fitted
NOT_FITTED = ("uniform", "triangular", "normal", "month", "waiting")

# What stands in the file, the 80% range (None where the file holds none), and the rows it rests on.
Fitted = tuple[dict[str, Any], Estimate | None, int]


def fit_column(drawn: DrawnColumn, rows: Sequence[Application]) -> Fitted | Message | None:
    """A column fitted to the rows that have it.

    Returns:
        the fit; a sentence why there is none; None where the rows have nothing of it, or it is always the same.
    """
    kind, form = next(iter(drawn.distribution.spec.items()), ("", {}))
    if drawn.probability is not None and kind != "waiting":
        kind = "chance"
    values = np.array(list(_values(drawn, rows)))
    if not len(values) or kind in ("fixed", ""):
        return None
    if kind in NOT_FITTED:
        name = named(*titles(kind, "forms"))
        return message("the scenario draws it by {kind}, of which nothing is fitted", kind=name)
    if len(values) < FEWEST_VALUES:
        return message("values: {count}, at least {fewest} are needed", count=len(values),
                       fewest=FEWEST_VALUES)  # fmt: skip
    if kind == "chance":
        return _chance(values)
    if kind == "choice":
        return _choice(drawn, form, values)
    if kind == "beta":
        return _beta(drawn, values)
    return _on_log_scale(drawn, kind, form, values)


def _values(drawn: DrawnColumn, rows: Sequence[Application]) -> Iterator[float]:
    """What the distribution is of: the column itself, its share of another, or what it is above another."""
    name, of, added_to = drawn.column.name, drawn.share_of, drawn.added_to
    for row in rows:
        value = row.values.get(name)
        other = row.values.get(of or added_to or name)
        if value is None or other is None or np.isnan(value) or np.isnan(other) or (of and not other):
            continue
        yield value / other if of else value - other if added_to else value


def _chance(values: np.ndarray) -> Fitted:
    estimate = share(int((values > 0).sum()), len(values))
    low, value, high = triangular_doubt(estimate, 0, 1)
    return {"chance": {"value": value, "range": [low, high]}}, estimate, len(values)


def _choice(drawn: DrawnColumn, form: Mapping[Any, Any], values: np.ndarray) -> Fitted | Message:
    """The shares of the choices, each as if half a row of it had been seen before; the file holds no doubt of them."""
    of_value = dict(zip(drawn.distribution.values, _keys(drawn, form), strict=True))
    new = sorted({float(value) for value in values} - set(of_value))
    if new:
        return message("the value {value:g} is none of those that the scenario draws", value=new[0])
    seen = {key: float((values == value).sum()) + 0.5 for value, key in of_value.items()}
    total = sum(seen.values())
    return {"choice": {key: number / total for key, number in seen.items()}}, None, len(values)


def _keys(drawn: DrawnColumn, form: Mapping[Any, Any]) -> list[Any]:
    """The keys of the choices as a file writes them: the names of the column's own, else the values."""
    names = list(drawn.column.choices)
    return [names[int(position)] if names else key for position, key in zip(drawn.distribution.values, form,
                                                                           strict=True)]  # fmt: skip


def _beta(drawn: DrawnColumn, values: np.ndarray) -> Fitted | Message:
    """Mean and spread of shares, and doubt about the mean as a level."""
    mean, sd = float(values.mean()), float(values.std(ddof=1))
    estimate = mean_of(values)
    if not 0 < estimate.low < estimate.high < 1 or not 0 < sd < np.sqrt(mean * (1 - mean)):
        return message("its values do not spread as a share between 0 and 1 does")
    centre, log_sd = log_doubt(estimate)
    if not drawn.column.name.endswith("_wan"):
        return {"beta": {"mean": mean, "sd": sd}}, None, len(values)
    return {"beta": {"mean": centre, "sd": sd}, "level": {"log_sd": log_sd}}, estimate, len(values)


def _on_log_scale(drawn: DrawnColumn, kind: str, form: Any, values: np.ndarray) -> Fitted | Message:
    """Median and spread of amounts; of a mixture of lognormals the level alone, its shape stays."""
    if (values <= 0).any():
        return message("values of 0 or less, which a lognormal does not draw: {count}",
                       count=int((values <= 0).sum()))  # fmt: skip
    logs = np.log(values)
    spread = float(logs.std(ddof=1))
    if not 0 < spread <= 5:
        return message("its values are all the same")
    of_logs = mean_of(logs)
    estimate = Estimate(*np.exp([of_logs.low, of_logs.middle, of_logs.high]))
    median, log_sd = log_doubt(estimate)
    if not drawn.column.name.endswith("_wan"):
        return {"lognormal": {"median": estimate.middle, "sigma": spread}}, None, len(values)
    level = {"log_sd": log_sd}
    if kind == "lognormal":
        return {"lognormal": {"median": median, "sigma": spread}, "level": level}, estimate, len(values)
    parts = [part.get("lognormal", {}) for part in form]
    if not all("median" in part for part in parts):
        return message("the scenario draws it by a mixture of which nothing is fitted")
    weights = np.array([part["weight"] for part in form], float)
    middle = float(np.exp((weights * np.log([part["median"] for part in parts])).sum() / weights.sum()))
    moved = [
        {"weight": part["weight"], "lognormal": {**part["lognormal"], "median": part["lognormal"]["median"] * by}}
        for part in form
        for by in [median / middle]
    ]
    return {"mixture": moved, "level": level}, estimate, len(values)
