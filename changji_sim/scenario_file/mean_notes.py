"""What `check` says of numbers in doubt with a lopsided range: a run rests on the mean, not on the number (均值)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..base.by_year import is_by_year
from ..base.faults import Fault
from ..base.messages import joined, message
from ..scenario.means import lopsided_mean
from ..scenario.model import ScenarioModel
from .sheet import SILENT

Keys = tuple[Any, ...]


def mean_notes(scenario: ScenarioModel) -> list[Fault]:
    """A note for every number of the scenario's own file whose mean is more than 5% away from it, and one in all for
    those of the files it extends.
    """
    if not scenario.has_doubt:
        return []
    own, others = [], []
    for keys, value, mean, (low, high) in _lopsided(scenario.raw, ()):
        place = scenario.places.get(keys)
        is_own = scenario.path is not None and getattr(place, "path", scenario.path) == scenario.path
        name = ".".join(str(key) for key in keys if key not in SILENT)
        if is_own:
            what = message(
                "{name}: {value:.4g} is the likeliest value, the mean of its range ({low:.4g} to {high:.4g}) is "
                "{mean:.4g}: results rest on the mean",
                name=name, value=value, low=low, high=high, mean=mean,
            )  # fmt: skip
            own.append(Fault(str(place or ""), what))
        else:
            others.append(message("{name} {value:.4g} → {mean:.4g}", name=name, value=value, mean=mean))
    if others:
        what = message(
            "{count} numbers of the scenario it extends have a mean that is more than 5% away from their likeliest "
            "value, and results rest on the mean: {numbers}",
            count=len(others), numbers=joined(others),
        )  # fmt: skip
        own.append(Fault(scenario.file_name, what))
    return own


def _lopsided(node: Any, keys: Keys) -> Iterator[tuple[Keys, float, float, tuple[float, float]]]:
    """Every number with a lopsided range below a node: its place, likeliest value, mean and range."""
    found = likeliest_and_mean(node)
    if found is not None:
        yield keys, *found, (float(node["range"][0]), float(node["range"][1]))
    pairs = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    for key, part in pairs:
        if key != "tolerated_loss":  # compared with, never drawn
            yield from _lopsided(part, (*keys, key))


def likeliest_and_mean(node: Any) -> tuple[float, float] | None:
    """The number of a scenario file with a range, and the mean of what is drawn for it in its first year; None where
    they are the same, or where it is no such number.
    """
    span = node.get("range") if isinstance(node, Mapping) else None
    if not (isinstance(span, list) and len(span) == 2):
        return None
    value = node.get("value", 1.0)  # a level is a factor about 1
    value = value[min(value)] if is_by_year(value) else value
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in (value, *span)):
        return None
    mean = lopsided_mean(value, *span)
    return None if mean is None else (float(value), mean)
