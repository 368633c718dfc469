"""What holds in every trial of any scenario, tried on made-up ones; and exact arithmetic, tried on made-up numbers."""

from __future__ import annotations

import math
import tempfile
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from comparing import changed, differences, made_scenario
from hypothesis import given, settings
from hypothesis import strategies as st

from changji_sim import Scenario
from changji_sim.kernel import caps
from changji_sim.kernel.simulate import Run, simulate
from changji_sim.scenario.model import READINGS

FEN_A_WAN = 1_000_000
TERMS = {"choice": {1: 0.3, 2: 0.4, 3: 0.3}}
GRANT = {"total_investment_wan": {"uniform": [50, 400]}, "requested_wan": {"uniform": [5, 90]}, "term_years": TERMS}
PREMIUM = {"premium_wan": {"uniform": [1, 20]}, "insured_year": {"choice": {1: 0.5, 2: 0.5}}}
LOAN = {
    "principal_wan": {"uniform": [50, 800]},
    "annual_rate": {"uniform": [0.03, 0.05]},
    "months": {"choice": {12: 0.5, 36: 0.5}},
}
ITEMS: dict[str, dict[str, Any]] = {
    "core_technology": {"columns": GRANT},
    "cross_region": {"columns": GRANT, "quality_pass": 0.7},
    "transfer_project": {"columns": {"requested_wan": {"uniform": [50, 300]}, "term_years": TERMS}},
    "technology_trade": {"columns": {"transaction_wan": {"lognormal": {"median": 200, "sigma": 1.5}}}},
    "rd_growth": {"columns": {"rd_last_year_wan": {"uniform": [0, 500]}, "rd_this_year_wan": {"uniform": [100, 900]}}},
    "new_hightech": {"columns": {}},
    "loan_interest": {"columns": LOAN},
    "insurance_premium": {"columns": PREMIUM},
    "exchange": {"columns": {"requested_wan": {"uniform": [2, 80]}, "term_years": TERMS}},
}
GUIDES: dict[str, dict[str, Any]] = {
    "rd_growth": {"basis": "rd_growth", "rate": 0.05, "growth_threshold": 0.1},
    "new_hightech": {"amount_wan": 15.5},
    "loan_interest": {"category": "environment"},
    "insurance_premium": {"category": "environment", "ratios": [0.5, 0.3]},
}
PROJECTS = ("core_technology", "cross_region", "transfer_project", "exchange")
TRANCHED = ("core_technology", "cross_region", "exchange")
CHANCES = ("violation", "terminated", "closed_early", "excellent", "fail")
AMOUNTS = st.integers(0, 200_000).map(lambda yuan: yuan / 10_000 * 5)


@st.composite
def items(draw: st.DrawFn, key: str) -> dict[str, Any]:
    guide = {k: v for k, v in GUIDES.get(key, {}).items() if k != "category"}
    guide["when_short"] = draw(st.sampled_from(["ranked", "partial", "pro_rata", "defer"]))
    for term, most in (("max_application_wan", 5), ("max_applicant_year_wan", 20), ("max_item_year_wan", 400)):
        if draw(st.booleans()):
            amount = draw(AMOUNTS)
            guide[term] = min(amount, most) if key in ("technology_trade", "exchange") else amount
    if key in PROJECTS:
        guide["selection"] = draw(st.sampled_from(["by_score", "by_date"]))
        if draw(st.booleans()):
            guide["places"] = draw(st.integers(0, 4))
    if key in TRANCHED:
        guide["first_tranche"] = draw(st.sampled_from([0.0, 0.37, 0.6, 1.0]))
        guide["middle_tranche"] = draw(st.sampled_from([0.0, 0.29])) if guide["first_tranche"] < 0.7 else 0.0
    assumptions = {**ITEMS[key], "applications": draw(st.sampled_from([0.5, 2, 5, 9]))}
    if key != "loan_interest" and draw(st.booleans()):
        assumptions["reapply"] = 0.6
    category = {"category": GUIDES[key]["category"]} if "category" in GUIDES.get(key, {}) else {}
    return {**category, "guide": guide, "assumptions": assumptions}


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    keys = draw(st.lists(st.sampled_from(list(ITEMS)), min_size=2, max_size=4, unique=True))
    shares = {
        category: {"share": draw(st.sampled_from([0.05, 0.15, 0.25]))}
        for category in ("industry", "transfer", "environment", "regional")
    }
    total = draw(st.sampled_from([None, 30, 150, 600.0003]))
    readings = {name: draw(st.sampled_from(choices)) for name, choices in READINGS.items()}
    return {
        "doubt": draw(st.booleans()),
        "growth": 0.1,
        "pools": {"firms": {"size": draw(st.integers(2, 15)), "groups": 1, "group_size": 2}},
        "envelopes": {
            **({"total": total, "categories": shares if draw(st.booleans()) else {}} if total else {}),
            "forward_cover": draw(st.booleans()),
            "pooling": draw(st.booleans()),
            "refill": draw(st.booleans()),
        },
        "oversight": {
            **{name: draw(st.sampled_from([0.0, 0.15, 0.3])) for name in CHANCES},
            **dict.fromkeys(("mended", "unspent_share", "recovered_share"), 0.5),
            "recovery_delay_years": draw(st.integers(0, 2)),
        },
        "readings": readings,
        **({"in_force": ["2026-04-01", "2029-09-30"]} if readings["in_force"] == "dates" else {}),
        "items": {key: draw(items(key)) for key in keys},
    }


def loaded(data: dict[str, Any]) -> Scenario:
    with tempfile.TemporaryDirectory() as folder:
        return made_scenario(Path(folder), data)


def by_year(run: Run, flow: str, keys: list[str] | None = None) -> dict[int, np.ndarray]:
    """A flow over the items (all, or ``keys``), by year."""
    years = (*run.scenario.years, *run.tail)
    keys = [item.key for item in run.scenario.items] if keys is None else keys
    return {
        year: sum((run.flows.fen(key, year, flow) for key in keys), np.zeros(run.trials, np.int64)) for year in years
    }


def all_flows(run: Run) -> dict[tuple[str, int, str], list[int]]:
    return {key: run.flows.fen(*key).tolist() for key in list(run.flows.keys())}


# --- any scenario ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@settings(max_examples=60)
@given(scenarios(), st.integers(0, 2**40))
def test_every_trial_agrees_with_the_reference(data, seed):
    assert differences(loaded(data), 3, seed) == []


@pytest.mark.slow
@settings(max_examples=40)
@given(scenarios(), st.integers(3, 10))
def test_the_ledger_balances_in_every_trial(data, trials):
    """From the flows alone; the run itself checks its accounts too and would raise."""
    run = simulate(loaded(data), trials, 3, workers=1)
    for item in run.scenario.items:
        cuts = defaultdict(lambda: np.zeros(trials, np.int64))
        for key, year, flow in list(run.flows.keys()):
            if key == item.key and flow.startswith("cut:"):
                cuts[year] += run.flows.fen(key, year, flow)
            if key == item.key:
                assert (run.flows.fen(key, year, flow) >= 0).all(), f"{flow} below 0"

        def fen(year, flow, key=item.key):
            return run.flows.fen(key, year, flow)

        arrears = np.zeros(trials, np.int64)
        balance = np.zeros(trials, np.int64)
        every = (*run.scenario.years, *run.tail)
        for year in every:
            assert (
                fen(year, "asked") == fen(year, "ineligible") + fen(year, "not_selected") + fen(year, "demand")
            ).all()
            assert (fen(year, "demand") == cuts[year] + fen(year, "entitlement")).all()
            assert (fen(year, "entitlement") == fen(year, "commitment") + fen(year, "unfunded")).all()
            arrears = arrears + fen(year, "due") - fen(year, "payment")
            assert (fen(year, "arrears") == arrears).all()
            assert (fen(year, "payment_carried") <= fen(year, "payment")).all()
            balance += fen(year, "commitment") - fen(year, "cancelled") - fen(year, "payment")
            counts_add_up(lambda name, year=year, fen=fen: fen(year, f"count:{name}"), fen(year, "commitment"))
        assert (balance == 0).all()
        ends = sum(fen(y, f"count:{name}") for y in every for name in ("acceptances", "ended_early"))
        if item.modes[run.scenario.years[0]].is_project:
            assert (sum(fen(y, "count:contracts") for y in every) == ends).all(), "a project neither ends nor goes on"
        assert (arrears == 0).all(), "something is owed for ever"


def counts_add_up(count, commitment):
    """What holds of the counts of an item's year in every trial."""
    assert (count("applications") == count("ineligible") + count("not_selected") + count("selected")).all()
    assert (count("entitled") == count("funded") + count("unfunded")).all()
    assert (count("entitled") <= count("selected")).all()
    assert ((count("funded") > 0) == (commitment > 0)).all()
    for applicants, of in (("applicants", "applications"), ("funded_applicants", "funded")):
        assert (count(applicants) <= count(of)).all() and ((count(applicants) > 0) == (count(of) > 0)).all()
    assert (count("funded_applicants") <= count("applicants")).all()
    assert (count("acceptances") + count("mended") == count("accepted") + count("failed")).all()
    assert (count("midterms") <= count("inspections")).all()


@pytest.mark.slow
@settings(max_examples=40)
@given(scenarios())
def test_no_envelope_and_no_yearly_ceiling_is_exceeded(data):
    data = changed(data, {"envelopes.refill": False, "readings.envelope_limits": "payments"})
    run = simulate(loaded(data), 10, 5, workers=1)
    envelopes, years = run.scenario.envelopes, run.scenario.years
    paid = by_year(run, "payment")
    for year in years:
        if envelopes.total_wan[year] is not None:
            assert (paid[year] <= math.floor(envelopes.total_wan[year] * FEN_A_WAN + 0.5)).all()
        for category, by in envelopes.category_wan.items():
            keys = [item.key for item in run.scenario.items if item.category == category]
            if not envelopes.pooling and by[year] is not None:
                assert (by_year(run, "payment", keys)[year] <= math.floor(by[year] * FEN_A_WAN + 0.5)).all()
    for item in run.scenario.items:
        for year in years:
            for cap in item.caps[year]:
                if cap.per == "item_year":
                    assert (run.flows.fen(item.key, year, "entitlement") <= round(cap.level * FEN_A_WAN)).all()


@pytest.mark.slow
@settings(max_examples=15)
@given(scenarios(), st.integers(0, 1000))
def test_chunks_and_workers_change_nothing(data, seed):
    scenario = loaded(data)
    whole = all_flows(simulate(scenario, 12, seed, workers=1, chunk=250))
    for chunk, workers in ((1, 1), (7, 2), (7, 1), (250, 2)):
        assert all_flows(simulate(scenario, 12, seed, workers=workers, chunk=chunk)) == whole


@pytest.mark.slow
@settings(max_examples=15)
@given(scenarios(), st.integers(1, 10))
def test_fewer_trials_are_the_first_of_more(data, few):
    scenario = loaded(data)
    more, fewer = simulate(scenario, 12, 1, workers=1), simulate(scenario, few, 1, workers=1)
    for key in list(more.flows.keys()):
        assert np.array_equal(more.flows.fen(*key)[:few], fewer.flows.fen(*key))


ANOTHER = {
    "category": "special",
    "title": "另一项",
    "mode": "grant",
    "guide": {"first_tranche": 0.5, "when_short": "partial"},
    "assumptions": {
        "applications": 4,
        "pool": "others",
        "columns": {"requested_wan": {"uniform": [5, 50]}, "term_years": TERMS},
    },
}


@pytest.mark.slow
@settings(max_examples=25)
@given(scenarios(), st.booleans())
def test_an_added_item_moves_nobody_elses_draws(data, is_first):
    """With a pool of its own it changes what nobody asks, and without envelopes nothing at all."""
    added = changed(data, {"pools.others": {"size": 5}, "items.another": ANOTHER})
    if is_first:
        added["priority"] = ["another"]
    before, after = (simulate(loaded(some), 8, 2, workers=1) for some in (data, added))
    is_unlimited = "total" not in data["envelopes"]
    is_same_length = set(after.tail) == set(before.tail)
    for key in [k for k in all_flows(after) if k[0] != "another"] + list(all_flows(before)):
        reapplies = "reapply" in data["items"][key[0]]["assumptions"]
        if (key[2] == "asked" and not reapplies) or (is_unlimited and is_same_length):
            assert np.array_equal(before.flows.fen(*key), after.flows.fen(*key)), key


# --- one ceiling -----------------------------------------------------------------------------------------------------

YUAN = st.integers(0, 3_000_000).map(lambda yuan: yuan * 100)
ROWS = st.lists(st.tuples(YUAN, st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=12)


def one_trial(rows: list) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    left, group, tier = (np.array(column) for column in zip(*rows, strict=True))
    return left.astype(np.int64), group.astype(np.int32), tier.astype(float), np.array([0, len(rows)])


@given(ROWS, YUAN)
def test_no_group_exceeds_its_ceiling_and_none_is_cut_without_need(rows, ceiling):
    left, group, _, offsets = one_trial(rows)
    before, cut, headroom = left.copy(), np.zeros(1, np.int64), np.zeros(1, np.int64)
    caps.per_group_in_order(left, offsets, group, ceiling, 4, cut, headroom)
    assert cut[0] == (before - left).sum()
    for one in range(4):
        assert left[group == one].sum() == min(before[group == one].sum(), ceiling)
        used = np.cumsum(left[group == one])
        is_cut = left[group == one] < before[group == one]
        assert (used[is_cut] == ceiling).all(), "a row is cut only where the ceiling is reached: submission order"


@given(ROWS, YUAN)
def test_a_year_in_submission_order(rows, room):
    left, _, _, offsets = one_trial(rows)
    before, cut, headroom = left.copy(), np.zeros(1, np.int64), np.zeros(1, np.int64)
    caps.per_year_in_order(left, offsets, np.array([room]), cut, headroom)
    assert left.sum() == min(before.sum(), room) and cut[0] == before.sum() - left.sum()
    straddling = (left > 0) & (left < before)
    assert straddling.sum() <= 1
    assert (np.cumsum(before)[left == before] <= room).all() or (before[left == before] == 0).any()


@given(ROWS, YUAN)
def test_a_year_in_proportion(rows, room):
    left, _, _, offsets = one_trial(rows)
    before, cut, headroom = left.copy(), np.zeros(1, np.int64), np.zeros(1, np.int64)
    caps.per_year_pro_rata(left, offsets, np.array([room]), cut, headroom)
    assert left.sum() == min(before.sum(), room) and cut[0] == before.sum() - left.sum()
    assert (left <= before).all() and (left % 100 == 0).all()
    if before.sum() > room:
        for had, has in zip(before.tolist(), left.tolist(), strict=True):
            share = Fraction(had * room, int(before.sum()) * 100)
            assert math.floor(share) <= has // 100 <= math.floor(share) + 1


@given(ROWS, st.integers(0, 5))
def test_winners_are_no_more_than_the_count(rows, limit):
    left, group, tier, offsets = one_trial(rows)
    before, cut = left.copy(), np.zeros(1, np.int64)
    caps.winners_within_count(left, offsets, group, tier, 3, np.array([limit]), 4, cut)
    wanted = set(group[before > 0])
    assert len(set(group[left > 0])) == min(limit, len(wanted))
    assert cut[0] == (before - left).sum() and set(left[left != before]) <= {0}
    won, lost = tier[left > 0], tier[(before > 0) & (left == 0)]
    best_of = {one: min(tier[(group == one) & (before > 0)]) for one in wanted}
    if len(won) and len(lost):
        losers = {one for one in wanted if not left[group == one].any()}
        assert max(best_of[one] for one in wanted - losers) <= min(best_of[one] for one in losers)


@given(st.lists(st.tuples(YUAN, YUAN), min_size=1, max_size=12))
def test_each_row_under_its_own_ceiling(rows):
    left, ceiling = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    before, cut, headroom = left.copy(), np.zeros(1, np.int64), np.zeros(1, np.int64)
    caps.per_application(left, np.array([0, len(left)]), ceiling, 1, cut, headroom)
    assert np.array_equal(left, np.minimum(before, ceiling)) and cut[0] == (before - left).sum()


# --- exact arithmetic ------------------------------------------------------------------------------------------------


def whole_yuan(amount_wan: float, step: int = 1, is_nearest: bool = False) -> int:
    """Fen of one amount."""
    return int(caps.whole_yuan(np.array([amount_wan]), step, is_nearest)[0])


@pytest.mark.slow
@settings(max_examples=2000)
@given(yuan=st.integers(0, 10**9), rate=st.integers(0, 10_000), way=st.sampled_from(["yuan", "hundred", "nearest"]))
def test_no_binary_fraction_shows(yuan, rate, way):
    """Amounts to 10亿 yuan with a rate in steps of 0.01%: floats lead to the same yuan as integers."""
    floating = (rate / 10_000) * (yuan / 10_000)
    step = 100 if way == "hundred" else 1
    exact = yuan * rate  # in 0.0001 yuan
    wanted = (exact + 5_000) // 10_000 if way == "nearest" else exact // (10_000 * step) * step
    assert whole_yuan(floating, step, way == "nearest") == wanted * 100


@pytest.mark.parametrize(
    ("amount_wan", "fen"),
    [
        (0.29 * 0.01, 2_900),  # 29% of 100 yuan is 29, not 28
        (0.01 * 123.4567, 1_234_500),  # 1% of 123.4567万 is 12,345 yuan
        (0.2 * 123.4567, 24_691_300),
        (0.57 * 100.0, 57_000_000),
        (0.07 * 100_000, 7_000_000_000),
        (0.0, 0),
        (0.00009999, 0),
        (0.0001, 100),
        (10_000_000.0, 10**13),
    ],
)
def test_amounts_that_floats_get_wrong(amount_wan, fen):
    assert whole_yuan(amount_wan) == fen


@pytest.mark.slow
@settings(max_examples=1000)
@given(st.integers(0, 10**13), st.integers(0, 10**15), st.integers(1, 10**15))
def test_product_floor_against_whole_numbers(a, b, c):
    """Shares of money: a · b needs 128 bits where the quotient fits; here the share of a row is at most the row."""
    b = min(b, c)
    assert caps.product_floor(a, b, c) == a * b // c


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_product_floor_where_the_quotient_is_whole(quotient, b, c):
    assert caps.product_floor(quotient * c, b, c) == quotient * b
