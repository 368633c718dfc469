"""Simple scenarios whose means and chances can be written down: Poisson counts, fixed amounts, no doubt, no economy."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from comparing import made_scenario
from scipy import stats

from changji_sim.kernel.ledger import FLOWS
from changji_sim.kernel.simulate import Run, simulate

TRIALS = 100_000
SEEDS = (1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3, 4, 5)))
MEAN, AMOUNT, CEILING = 55.0, 7.5, 400.0  # activities a year, 万元 each, 万元 a year (第十三条（三）)
AWARDS, AWARD = 12.0, 15.0
ENVELOPE = 500.0
COUNTS = np.arange(400)
CHANCE = stats.poisson.pmf(COUNTS, MEAN)
YEAR = 2026
FEN_A_WAN = 1_000_000

SCENARIO = {
    "name": "closed",
    "doubt": False,
    "pools": {"many": {"size": 1000}},
    "envelopes": {"total": ENVELOPE},
    "items": {
        "new_hightech": {
            "guide": {"amount_wan": AWARD, "when_short": "defer"},
            "assumptions": {"applications": AWARDS, "distinct": True},
        },
        "exchange": {
            "guide": {"when_short": "partial", "first_tranche": 1.0},
            "assumptions": {
                "applications": MEAN,
                "columns": {"requested_wan": {"fixed": AMOUNT}, "term_years": {"fixed": 1}},
            },
        },
    },
    "priority": ["new_hightech", "exchange"],
}


@pytest.fixture(scope="module")
def run_with(tmp_path_factory):
    scenario = made_scenario(tmp_path_factory.mktemp("closed"), SCENARIO)
    return cache(lambda seed: simulate(scenario, TRIALS, seed))


def wan(run: Run, item: str, flow: str) -> np.ndarray:
    return run.flows.fen(item, YEAR, flow) / FEN_A_WAN


def agrees(drawn: np.ndarray, exact: float, variance: float | None = None) -> None:
    """Within three standard errors of the exact value."""
    spread = np.sqrt(drawn.var() if variance is None else variance)
    assert abs(drawn.mean() - exact) < 3 * spread / np.sqrt(TRIALS)


def poisson_sum(of_count: np.ndarray) -> tuple[float, float]:
    """Mean and variance of a function of the count of activities."""
    mean = float(CHANCE @ of_count)
    return mean, float(CHANCE @ (of_count - mean) ** 2)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_asked(run_with, seed):
    agrees(wan(run_with(seed), "exchange", "asked"), MEAN * AMOUNT, MEAN * AMOUNT**2)
    agrees(wan(run_with(seed), "new_hightech", "asked"), AWARDS * AWARD, AWARDS * AWARD**2)


@pytest.mark.parametrize("seed", SEEDS)
def test_how_often_and_how_much_the_four_million_cut(run_with, seed):
    cut = wan(run_with(seed), "exchange", "cut:item_year_max")
    exact_cut = np.maximum(COUNTS * AMOUNT - CEILING, 0)
    agrees((cut > 0).astype(float), *poisson_sum((exact_cut > 0).astype(float)))
    agrees(cut, *poisson_sum(exact_cut))


@pytest.mark.parametrize("seed", SEEDS)
def test_mean_need(run_with, seed):
    """Need is the awards' and the activities' under their ceiling."""
    awards, activities = wan(run_with(seed), "new_hightech", "need"), wan(run_with(seed), "exchange", "need")
    mean, variance = poisson_sum(np.minimum(COUNTS * AMOUNT, CEILING))
    agrees(awards + activities, AWARDS * AWARD + mean, AWARDS * AWARD**2 + variance)


@pytest.mark.parametrize("seed", SEEDS)
def test_how_likely_the_envelope_is_too_small(run_with, seed):
    """P(short) and the mean payment: the sum over both counts; the awards are served first."""
    awards = np.arange(80)
    both = stats.poisson.pmf(awards, AWARDS)[:, None] * CHANCE[None, :]
    need = awards[:, None] * AWARD + np.minimum(COUNTS * AMOUNT, CEILING)[None, :]
    drawn_need = wan(run_with(seed), "new_hightech", "need") + wan(run_with(seed), "exchange", "need")
    exact = float(both[need > ENVELOPE].sum())
    agrees((drawn_need > ENVELOPE).astype(float), exact, exact * (1 - exact))
    # Beyond what the awards alone take of the envelope, the activities get what is left, the last one in part.
    paid = wan(run_with(seed), "new_hightech", "payment") + wan(run_with(seed), "exchange", "payment")
    exact_paid = np.minimum(need, ENVELOPE)
    mean = float((both * exact_paid).sum())
    agrees(paid, mean, float((both * (exact_paid - mean) ** 2).sum()))


def test_the_years_of_one_item_are_independent(run_with):
    asked = [run_with(1).flows.fen("exchange", year, "asked") for year in (2026, 2027, 2028, 2029)]
    correlations = np.corrcoef(asked)[np.triu_indices(4, 1)]
    assert np.abs(correlations).max() < 4.5 / np.sqrt(TRIALS)


def test_nothing_else_happens(run_with):
    """Paid at once and in force: no flow but those of an application, its cut and its payment, and their counts."""
    money = {
        "asked",
        "demand",
        "entitlement",
        "unfunded",
        "commitment",
        "need",
        "due",
        "payment",
        "cut:item_year_max",
    }
    served = {"applications", "applicants", "selected", "entitled", "unfunded", "funded", "funded_applicants"}
    numbers = served | {"contracts", "acceptances", "accepted"}
    booked = {flow for item, year, flow in list(run_with(1).flows.keys()) if item == "exchange"}
    assert booked == money | {f"count:{number}" for number in numbers}
    assert money - {"cut:item_year_max"} < set(FLOWS)
