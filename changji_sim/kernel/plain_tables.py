"""The plan and the drawn tables as plain dicts, lists and numbers, for a second implementation of the rules
and for inspection.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction
from typing import Any

import numpy as np

from ..base.units import year_fraction
from ..scenario.model import Item, ScenarioModel
from .claims import ClaimsMaker
from .draws import TrialDraws
from .plan import FEN_A_WAN, PURPOSES
from .registry import Registry
from .streams import row_uniforms, rows_of_three_uniforms, stream_key


def plain_plan(scenario: ScenarioModel, registry: Registry, tail: tuple[int, ...]) -> dict[str, Any]:
    """What does not change from trial to trial; amounts in fen."""
    envelopes, oversight = scenario.envelopes, scenario.oversight
    by_year = lambda values: {y: None if values.get(y) is None else _fen(values[y]) for y in scenario.years}  # noqa: E731
    return {
        "years": list(scenario.years),
        "tail": list(tail),
        "readings": dict(scenario.readings),
        "in_force": [year_fraction(day) for day in scenario.in_force] if scenario.in_force else None,
        "forward_cover": envelopes.forward_cover,
        "pooling": envelopes.pooling,
        "refill": envelopes.refill,
        "envelope_total": by_year(envelopes.total_wan),
        "envelope_category": {c: by_year(values) for c, values in envelopes.category_wan.items()},
        "oversight": {
            "recovery_delay_years": oversight.recovery_delay_years,
            "violation_bar_years": oversight.violation_bar_years,
            "bar_years": oversight.bar_years,
            "is_on": oversight.is_on,
        },
        "applicants": len(registry.group_of),
        "group_of": registry.group_of.tolist(),
        "is_enterprise": registry.is_enterprise.tolist(),
        "items": [_plain_item(item, scenario) for item in scenario.items],
        "opening": [_plain_opening(row, scenario, registry) for row in scenario.opening],
    }


def _plain_item(item: Item, scenario: ScenarioModel) -> dict[str, Any]:
    mode = item.modes[scenario.years[0]]
    return {
        "key": item.key,
        "category": item.category,
        "mode": item.mode,
        "is_project": mode.is_project,
        "selection": item.selection,
        "when_short": item.when_short,
        "claim_years": mode.claim_years,
        "recovery_years": mode.recovery_years,
        "once_per": item.once_per,
        "upgrade_of": item.upgrade_of,
        "requires": [{"column": c.column, "must_be": c.must_be} for c in item.requires],
        "places": {y: item.places.get(y) for y in scenario.years},
        "terms": {y: {k: v for k, v in item.modes[y].param.values().items() if k != "name"} for y in scenario.years},
        "caps": {y: [asdict(cap) for cap in item.caps[y]] for y in scenario.years},
        "approved": scenario.actuals.approved.get(item.key, 0) if scenario.actuals is not None else 0,
        "paid_shares": _paid_shares(item, scenario),
    }


def _paid_shares(item: Item, scenario: ScenarioModel) -> dict[int, Fraction]:
    """Place of an approved application -> the part of it that is paid, exact."""
    shares = scenario.actuals.paid_shares.get(item.key, {}) if scenario.actuals is not None else {}
    return {place: Fraction(share) for place, share in shares.items()}


def _plain_opening(row, scenario: ScenarioModel, registry: Registry) -> dict[str, Any]:
    item = next(i for i in scenario.items if i.key == row.item)
    return {
        "applicant": registry.applicant(row.applicant),
        "item": row.item,
        "committed": _fen(row.committed_wan),
        "paid": _fen(row.paid_wan),
        "due": {y: _fen(amount) for y, amount in row.due_wan.items()},
        "acceptance_year": row.acceptance_year,
        "rating": row.rating,
        "bar_until": row.bar_until,
        "is_award_given": row.is_award_given,
        "platform": registry.platform(item.platform_pool or item.key, row.platform) if row.platform else None,
    }


def _fen(wan: float) -> int:
    return round(wan * FEN_A_WAN)


def plain_trials(
    scenario: ScenarioModel, shared: TrialDraws, makers: Mapping[str, ClaimsMaker], first: int = 0
) -> list[dict[str, Any]]:
    """What is drawn, trial by trial from ``first`` on; the uniforms of every project's end are given, also those that
    no rule reads.
    """
    chunk = shared.chunk
    opened = np.arange(len(scenario.opening))
    project_outcomes = [
        rows_of_three_uniforms(opened, 0, chunk.first + t, *stream_key(chunk.seed, "*", "opening"))
        for t in range(chunk.trials)
    ]
    opening = {
        "rating_u": [outcome[1].tolist() for outcome in project_outcomes],
        "mended_u": [outcome[2].tolist() for outcome in project_outcomes],
    }
    return [
        {
            "probabilities": {
                name: dict(zip(scenario.years, map(float, values[:, t]), strict=True))
                for name, values in {**shared.probabilities, "award_violation": shared.award_violation}.items()
            },
            "opening": {name: values[t] for name, values in opening.items()},
            "items": {key: _plain_rows(scenario, shared, maker, t) for key, maker in makers.items()},
        }
        for t in range(first, chunk.trials)
    ]


def _scores(drawn: list[float], given: np.ndarray) -> list[float]:
    """The scores of some rows: what is given in the place of what is drawn."""
    return np.where(given < 0, drawn, given).tolist() if len(given) else drawn


def _plain_rows(scenario: ScenarioModel, shared: TrialDraws, maker: ClaimsMaker, t: int) -> dict[str, Any]:
    drawn, chunk, years = maker.drawn, shared.chunk, {}
    for y, year in enumerate(scenario.years):
        start, end = drawn.offsets[y * chunk.trials + t], drawn.offsets[y * chunk.trials + t + 1]
        rows = np.arange(end - start)
        uniform = lambda purpose, rows=rows, year=year: row_uniforms(  # noqa: E731
            rows, rows * 0 + year, rows * 0 + chunk.first + t, *stream_key(chunk.seed, maker.item.key, purpose)
        ).tolist()
        outcome = rows_of_three_uniforms(
            rows, year, chunk.first + t, *stream_key(chunk.seed, maker.item.key, PURPOSES["ending"])
        )
        years[year] = {
            "rows": len(rows),
            "applicant": drawn.applicant[start:end].tolist(),
            "platform": drawn.platform[start:end].tolist() if len(drawn.platform) else [],
            "passes": (drawn.passes[start:end] > 0).tolist() if len(drawn.passes) else [True] * len(rows),
            "score": _scores(uniform("score"), drawn.score[start:end]),
            "end_u": outcome[0].tolist(),
            "rating_u": outcome[1].tolist(),
            "mended_u": outcome[2].tolist(),
            "reapply_u": uniform("reapply"),
            "day": drawn.day[start:end].tolist() if len(drawn.day) else [],
            "columns": {name: values[start:end].tolist() for name, values in drawn.columns.items()},
            "item_columns": {name: float(values[y, t]) for name, values in drawn.item_columns.items()},
        }
    again = map(float, drawn.reapply[:, t]) if len(drawn.reapply) else [0.0] * len(years)
    return {"reapply": dict(zip(years, again, strict=True)), "years": years}
