"""What a leader asks of a year's budget (汇报): total and change, structure, what it draws in, worst case, execution.

>>> brief_numbers(load_scenario("baseline").run(trials=1_000, seed=7), 2026).need_wan     # doctest: +SKIP
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..base.units import FEN_A_WAN
from .budget_table import EVERY, exact_sum
from .execution import execution_rate, lapse_reasons_fen
from .matching_funds import other_money
from .promises import worst
from .run_result import RunResult
from .shortfall import lacking_fen, short_by_envelope, short_trials
from .submitted_amounts import PARTS, part_fen, planned_years, submitted

Slice = tuple[str, float, float]  # key, 万元, share


@dataclass(frozen=True)
class BriefNumbers:
    """The numbers of a year; amounts are means in 万元, None where there is nothing to say.

    Attributes:
        need_wan: what the year itself needs; ``low_wan`` to ``high_wan`` its middle 80%.
        arrears_wan: what earlier years still owe, beside it.
        next_wan: the need of the year after.
        programmes, modes: the need by category and by mode, with shares.
        parts: the need in 续建, 政策性 and 新增, with shares.
        projects_share: of the need, what goes to projects before the work (前端牵引); the rest pays for what is done
            (后补助, 第四条（四）).
        own_per_yuan: other money per yuan of the fund in the projects committed.
        worst_wan: the mean need of the worst 5% of trials, arrears left out.
        envelope_wan, payment_wan, execution: what there is, what is paid of it, and the share.
        lapsing_wan: what is left unpaid of the envelope at the year's end.
        unfunded_wan: entitlements for which the envelope has no room in the same year; ``refused_wan`` what of their
            first payments would have fitted into what lapses in the same future.
        probability_short, lacking_wan, worst_lacking_wan: how likely money is short; what is lacking on average and in
            the worst 5% of trials.
        later_wan: what is paid after the last year in force.
    """

    year: int
    need_wan: float
    low_wan: float
    high_wan: float
    arrears_wan: float
    next_wan: float
    programmes: tuple[Slice, ...]
    modes: tuple[Slice, ...]
    parts: tuple[Slice, ...]
    projects_share: float
    own_per_yuan: float | None
    worst_wan: float
    envelope_wan: float | None
    payment_wan: float
    commitment_wan: float
    execution: float | None
    lapsing_wan: float | None
    unfunded_wan: float
    refused_wan: float
    probability_short: float | None
    lacking_wan: float | None
    worst_lacking_wan: float | None
    later_wan: float


def brief_numbers(result: RunResult, year: int | None = None) -> BriefNumbers:
    """The numbers of a year in force, by default the first.

    Raises:
        FaultyInput: the year is none in force.
    """
    first, after, _ = planned_years(result, year)
    plan = submitted(result, first)
    plan = plan[(plan.category == EVERY) & (plan.part == EVERY)].set_index("year")
    whole = float(plan.mean_wan[first])
    sums = _sums(result, first)
    own = other_money(result)[first].own_per_yuan
    is_limited = bool(short_by_envelope(result, first))
    bad = worst(result).set_index(["quantity", "year"]).worst_wan
    envelope = result.mean_envelope(first) / FEN_A_WAN if result.has_envelope(first) else None
    rate, lapse = execution_rate(result, first), lapse_reasons_fen(result, first)
    return BriefNumbers(
        year=first,
        need_wan=whole,
        low_wan=float(plan.p10_wan[first]),
        high_wan=float(plan.p90_wan[first]),
        arrears_wan=0.0 if first == result.years[0] else _mean(result.fen("arrears", first - 1)),
        next_wan=float(plan.mean_wan[after]),
        programmes=_slices({key: sums["programme"][key] for key in _in_order(result, sums["programme"])}, whole),
        modes=tuple(sorted(_slices(sums["mode"], whole), key=lambda one: -one[1])),
        parts=_slices({part: sums["part"].get(part, 0.0) for part in PARTS}, whole),
        projects_share=sums["kind"].get("project", 0.0) / whole if whole else 0.0,
        own_per_yuan=None if own != own else float(own),
        worst_wan=float(bad["year_need", first]),
        envelope_wan=envelope,
        payment_wan=_mean(result.fen("payment", first)),
        commitment_wan=_mean(result.fen("commitment", first)),
        execution=None if rate is None else float(np.mean(rate)),
        lapsing_wan=None if lapse is None else _mean(lapse.lapse),
        unfunded_wan=_mean(result.fen("unfunded", first)),
        refused_wan=0.0 if lapse is None else _mean(lapse.lapse - lapse.idle),
        probability_short=float(np.mean(short_trials(result, [first]))) if is_limited else None,
        lacking_wan=_mean(lacking_fen(result, first)) if is_limited else None,
        worst_lacking_wan=float(bad["lacking", first]) if is_limited else None,
        later_wan=sum(_mean(result.fen("payment", one)) for one in result.tail),
    )


def _sums(result: RunResult, year: int) -> dict[str, dict[str, float]]:
    """The need of the year by programme, mode, part and kind (``project`` or ``award``), 万元."""
    sums: dict[str, dict[str, float]] = {name: {} for name in ("programme", "mode", "part", "kind")}
    for item in result.scenario.items:
        kind = "project" if item.modes[year].is_project else "award"
        for part, fen in part_fen(result, item, year).items():
            amount = _mean(fen)
            for name, key in (("programme", item.category), ("mode", item.mode), ("part", part), ("kind", kind)):
                sums[name][key] = sums[name].get(key, 0.0) + amount
    return sums


def _in_order(result: RunResult, amounts: dict[str, float]) -> list[str]:
    """The programmes that have items, as the measure orders them."""
    return [key for key in result.scenario.categories if key in amounts]


def _slices(amounts: dict[str, float], whole: float) -> tuple[Slice, ...]:
    return tuple((key, amount, amount / whole if whole else 0.0) for key, amount in amounts.items())


def _mean(fen: np.ndarray) -> float:
    return exact_sum(fen) / (len(fen) * FEN_A_WAN)
