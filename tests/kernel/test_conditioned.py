"""Given what is known of the first year up to a day, the rest is drawn as among the trials of a plain run in which the
same came up to that day.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest
from comparing import made_scenario

from changji_sim.kernel.calendar import days_of_rows
from changji_sim.kernel.draws import Chunk, ItemDraws, TrialDraws
from changji_sim.kernel.plan import Plan
from changji_sim.kernel.simulate import make_registry, simulate
from changji_sim.scenario.actuals import Actuals
from changji_sim.scenario.input_files import DAY, PASSED

FEW, MANY = 50_000, 400_000  # trials of the plain run, of which one in three hundred begins like the real year
AS_OF = datetime.date(2027, 5, 31)
LAST_DAY = datetime.date(2027, 12, 31)
EXCHANGE, RESEARCH = (2.0, 5.0), ((60.0, 1.0),)

SCENARIO = {
    "name": "known",
    "years": [2027, 2028],
    "growth": {"value": 0.1, "range": [-0.3, 0.8]},
    "economy": {"log_sd": 0.4},
    "pools": {"many": {"size": 1000}},
    "envelopes": {"total": 250},
    "items": {
        "exchange": {
            "guide": {"when_short": "partial", "first_tranche": 1.0},
            "assumptions": {
                "applications": {"value": 6, "range": [2, 16]},
                "columns": {"requested_wan": {"choice": {2: 0.5, 5: 0.5}}, "term_years": {"fixed": 1}},
            },
        },
        "core_technology": {
            "guide": {"first_tranche": 0.5, "when_short": "ranked"},
            "assumptions": {
                "applications": {"value": 3, "log_sd": 0.5},
                "quality_pass": {"value": 0.5, "range": [0.1, 0.9]},
                "columns": {
                    "total_investment_wan": {"fixed": 1000},
                    "requested_wan": {"fixed": 60},
                    "term_years": {"fixed": 1},
                },
            },
        },
        "new_hightech": {
            "guide": {"amount_wan": 15, "when_short": "defer"},
            "assumptions": {"applications": 5, "count": "fixed", "distinct": True},
        },
    },
    "priority": ["new_hightech", "exchange", "core_technology"],
}
SHORT = ("asked", "not_selected", "entitlement", "unfunded", "commitment", "payment")


def real_rows(amounts, passed=None, day=0.2):
    return [
        {"applicant": f"甲{n}", "group": "", "platform": "", DAY: day + n / 100, "requested_wan": amount}
        | ({} if passed is None else {PASSED: passed[n]})
        for n, amount in enumerate(amounts)
    ]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return made_scenario(tmp_path_factory.mktemp("known"), SCENARIO)


@pytest.fixture(scope="module")
def known():
    rows = {
        "exchange": real_rows(EXCHANGE),
        "core_technology": real_rows(*zip(*RESEARCH, strict=True)),
        "new_hightech": [{"applicant": who, "group": "", "platform": "", DAY: 0.3} for who in "乙丙"],
    }
    return Actuals(AS_OF, rows)


def same_so_far(scenario, known, trials) -> np.ndarray:
    """The trials of a plain run in which the applications up to the day are the real ones."""
    plan = Plan(scenario, make_registry(scenario), 1)
    chunk = Chunk(1, 0, trials)
    shared, kept = TrialDraws(scenario, chunk), np.ones(trials, bool)
    for item in scenario.items:
        drawn = ItemDraws(scenario, item, shared, plan.registry).draw()
        rows, first = known.rows[item.key], drawn.offsets[:trials]
        day = days_of_rows(drawn, item.key, chunk)
        number = np.add.reduceat(np.append(day < known.gone, False), first) * (np.diff(drawn.offsets[: trials + 1]) > 0)
        kept &= number == len(rows)
        places = [np.minimum(first + n, len(day) - 1) for n in range(len(rows))]
        if "requested_wan" in rows[0]:
            asked = [
                sum(drawn.columns["requested_wan"][at] for at in places),
                sum(row["requested_wan"] for row in rows),
            ]
            kept &= asked[0] == asked[1]
        for row, at in zip(rows, places, strict=True):
            kept &= drawn.passes[at] == row[PASSED] if PASSED in row else True
    return kept


@pytest.mark.slow
@pytest.mark.parametrize("trials", [FEW, MANY])
def test_the_rest_of_the_year_is_that_of_the_trials_that_began_like_it(scenario, known, trials):
    """Numbers and shares in doubt, growth and economy among them, in this year and the next."""
    plain, kept = simulate(scenario, trials, 1, workers=1), same_so_far(scenario, known, trials)
    assert kept.sum() > trials / 400
    given = simulate(replace(scenario, actuals=known), 20_000, 2, workers=1)
    for item in scenario.items:
        for year in scenario.years:
            for flow in SHORT:
                left, right = (
                    plain.flows.fen(item.key, year, flow)[kept] / 1e6,
                    given.flows.fen(item.key, year, flow) / 1e6,
                )
                for power in (1, 2):  # the mean, and with it the spread
                    agree(left**power, right**power, (item.key, year, flow, power))


def agree(left, right, about):
    """Within three standard errors of the difference."""
    error = np.sqrt(left.var() / len(left) + right.var() / len(right)) + 1e-9
    assert abs(left.mean() - right.mean()) < 3 * error, (*about, left.mean(), right.mean(), error)


def test_the_last_day_leaves_no_spread(scenario, known):
    """What is entitled and committed in the year is settled; what doubt there is concerns the years that follow."""
    settled = replace(known, as_of=LAST_DAY)
    run = simulate(replace(scenario, actuals=settled), 500, 3, workers=1)
    for item in scenario.items:
        for flow in ("asked", "entitlement", "commitment", "payment"):
            assert np.ptp(run.flows.fen(item.key, 2027, flow)) == 0
        assert np.ptp(run.flows.fen(item.key, 2028, "asked")) > 0 or item.key == "new_hightech"


def test_a_fixed_number_leaves_what_has_not_come(scenario, known):
    run = simulate(replace(scenario, has_doubt=False, actuals=known), 200, 3, workers=1)
    plain = simulate(replace(scenario, has_doubt=False), 200, 3, workers=1)
    names = "new_hightech", 2027, "asked"
    assert np.array_equal(run.flows.fen(*names), plain.flows.fen(*names))  # five in all, two of them real ones
    more = replace(known, rows={**known.rows, "new_hightech": known.rows["new_hightech"] * 4})
    run = simulate(replace(scenario, has_doubt=False, actuals=more), 200, 3, workers=1)
    assert set(run.flows.fen(*names).tolist()) == {8 * 15_000_000}  # more than five: nobody else is to come


def test_calls_that_are_still_to_come_change_nothing(scenario):
    plain = simulate(scenario, 400, 1, workers=1)
    nothing = Actuals(AS_OF, {}, unopened=tuple(item.key for item in scenario.items))
    run = simulate(replace(scenario, actuals=nothing), 400, 1, workers=1)
    for key in run.flows.keys():  # noqa: SIM118 - no mapping
        assert np.array_equal(run.flows.fen(*key), plain.flows.fen(*key))


@pytest.mark.slow
def test_trials_do_not_depend_on_chunks(scenario, known):
    runs = [simulate(replace(scenario, actuals=known), 90, 1, workers=n, chunk=size) for n, size in ((1, 90), (2, 31))]
    for key in runs[0].flows.keys():  # noqa: SIM118 - no mapping
        assert np.array_equal(runs[0].flows.fen(*key), runs[1].flows.fen(*key))


def test_who_has_applied_is_a_member_of_the_pool_and_not_drawn_again(scenario, known):
    """Distinct applicants: each trial has the real ones first, and nobody twice."""
    actual = replace(scenario, actuals=known)
    plan = Plan(actual, make_registry(actual), 1)
    item = next(item for item in scenario.items if item.key == "new_hightech")
    drawn = ItemDraws(actual, item, TrialDraws(actual, Chunk(1, 0, 50)), plan.registry).draw()
    real = [plan.registry.applicant(who) for who in "乙丙"]
    assert all(0 <= one < 1000 for one in real)
    years = len(scenario.years)
    for t in range(50):
        rows = [drawn.applicant[drawn.offsets[y * 50 + t] : drawn.offsets[y * 50 + t + 1]] for y in range(years)]
        assert rows[0][:2].tolist() == real
        everyone = np.concatenate(rows).tolist()
        assert len(set(everyone)) == len(everyone)


def test_amounts_tell_about_the_level_they_are_drawn_at(tmp_path):
    """Forty contracts of about three times the median move a doubtful level there, and narrow it."""
    contracts = {
        "applications": 40,
        "columns": {
            "transaction_wan": {"lognormal": {"median": 50, "sigma": 0.5}, "level": {"value": 1, "log_sd": 0.7}},
            "lands_here": {"chance": {"value": 0.4, "range": [0.05, 0.95]}},
        },
    }
    data = {**SCENARIO, "items": {"technology_trade": {"assumptions": contracts}}, "priority": ["technology_trade"]}
    scenario = made_scenario(tmp_path, data)
    rows = [
        {"applicant": f"甲{n}", "group": "", "platform": "", DAY: 0.1, "transaction_wan": 150.0, "lands_here": 1.0}
        for n in range(40)
    ]
    (item,) = scenario.items
    level, lands = (next(one for one in item.columns if one.column.name == name) for name in
                    ("transaction_wan", "lands_here"))  # fmt: skip
    draws = TrialDraws(replace(scenario, actuals=Actuals(AS_OF, {item.key: rows})), Chunk(1, 0, 2_000))
    drawn = draws.value(level.level, item.key, "level:transaction_wan")
    assert abs(drawn.mean() - 3) < 0.3 and drawn.std() < 0.4
    assert draws.value(lands.probability, item.key, "probability:lands_here").mean() > 0.8
