"""The rows of the table of performance targets (绩效目标表): the target, and beside it what the run gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...kernel.ledger import COUNT, FLOWS
from ...results.run_result import RunResult
from ...results.target_bands import bands_of
from ...scenario.target import COUNTED, DERIVED, LEVELS, Target
from ...wording.amounts import decimal, percent, wan
from ...wording.labels import label, section
from ...wording.language import Translator

UNITS = {"own_per_yuan": "元"}
SIGNS = {"at_least": "≥", "at_most": "≤", "equal": "="}
PROPOSED = (  # where a scenario states no target: what a run can say, for the bureau to set
    ("quantity", "funded"),
    ("quantity", "funded_applicants"),
    ("quality", "excellent"),
    ("timeliness", "execution"),
    ("cost", "payment"),
    ("economic", "own_per_yuan"),
)


@dataclass(frozen=True)
class TargetRow:
    """One row as it is printed; empty where there is nothing."""

    first_level: str
    second_level: str
    title: str
    value: str
    mean: str
    band: str
    chance: str
    source: str
    mark: str


def target_rows(result: RunResult, year: int, say: Translator) -> Iterator[TargetRow]:
    """The targets of a scenario; where it states none, what a run can say, the targets left to be filled in."""
    targets = result.scenario.targets or tuple(_proposed(level, quantity) for level, quantity in PROPOSED)
    bands = bands_of(result, targets, year)
    numbers = (bands[name].tolist() for name in ("value", "mean", "p10", "p90", "probability"))
    for target, value, mean, low, high, chance in zip(targets, *numbers, strict=True):
        wanted = "" if value != value else f"{SIGNS[target.sense]} {_shown(target, value)}"
        yield TargetRow(
            first_level=label(LEVELS[target.level], say, "targets"),
            second_level=label(target.level, say, "targets"),
            title=say(target.title, target.title_en or target.key.replace("_", " ")),
            value=wanted or label("to_fill", say, "submission"),
            mean="" if mean != mean else _shown(target, mean),
            band="" if low != low else _band(target, low, high),
            chance="" if chance != chance else percent(chance),
            source=target.source,
            mark=target.mark,
        )


def _proposed(level: str, quantity: str) -> Target:
    of, key = ("targets" if quantity in DERIVED else "flows"), quantity
    if quantity in COUNTED:
        of, key = "counts", f"{COUNT}{quantity}"
    unit = UNITS.get(quantity) or (section(of)[key].unit if of != "targets" else "")
    return Target(quantity, level, label(key, "zh", of), label(key, "en", of), quantity=quantity, unit=unit)


def _band(target: Target, low: float, high: float) -> str:
    """Two ends, the unit behind the second."""
    return f"{_shown(target, low).removesuffix(target.unit)} – {_shown(target, high)}"


def _shown(target: Target, value: float) -> str:
    """A value with its unit: an execution in percent, an amount in whole 万元 from 10 on, a count without decimals."""
    if target.quantity == "execution" and not target.unit:
        return percent(value)
    if target.quantity == "own_per_yuan":
        number = decimal(value, 2)
    elif target.quantity in FLOWS:
        number = wan(value)
    else:
        number = decimal(value) if value != int(value) and target.quantity not in COUNTED else decimal(value, 0)
    return f"{number}{target.unit}"
