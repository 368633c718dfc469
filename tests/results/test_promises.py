"""Promises past the last year by year of promise, room for new money, the worst trials; whom caps touch."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import changji_sim as cs
from changji_sim.results.breakdown import binding_caps, carried_fen
from changji_sim.results.promises import any_and_all, promised_fen, promises, room, worst, worst_mean
from changji_sim.results.shortfall import short_trials
from changji_sim.results.touched import counts_of, touched, touched_a_year

TRIALS, SEED = 100, 3


@pytest.fixture(scope="module")
def tight():
    return cs.load_scenario("tight_budget").run(TRIALS, SEED)


def test_promises_add_up_to_the_payments_of_the_ledger_in_every_trial(tight):
    paid = promised_fen(tight)
    for item in tight.scenario.items:
        for year in tight.tail:
            parts = [fen for (key, _, when), fen in paid.items() if (key, when) == (item.key, year)]
            assert np.array_equal(sum(parts, np.zeros(TRIALS, np.int64)), tight.fen("payment", year, item.key))
    assert {promised for _, promised, _ in paid} <= set(tight.years)
    frame = promises(tight).set_index(["promised", "item", "year"]).mean_wan
    for year in {when for _, _, when in paid}:
        assert sum(frame[promised, "*", year] for promised in tight.years if (promised, "*", year) in frame) == (
            pytest.approx(tight.fen("payment", year).mean() / 1e6)
        )
    of_items = [key for key in frame.index if key[0] == 2029 and key[1] != "*" and key[2] == 0]
    assert frame[2029, "*", 0] == pytest.approx(sum(frame[key] for key in of_items))


def test_what_was_promised_before_the_first_year_is_told(tmp_path):
    path = tmp_path / "opening.csv"
    head = "item,applicant,committed_wan,paid_wan,due_2026,due_2031"
    path.write_text(f"{head}\ncore_technology,甲公司,100,40,20,40\n", encoding="utf-8")
    scenario = tmp_path / "opened.yaml"
    scenario.write_text(f"name: opened\nextends: baseline\nopening: {path.name}\n", encoding="utf-8")
    result = cs.load_scenario(scenario).run(20, SEED)
    assert promises(result).query("promised == 0 and year == 2031 and item == '*'").mean_wan.iloc[0] > 0


def test_room_is_what_promises_leave_of_the_envelope(tight):
    frame = room(tight).set_index(["year", "category"])
    for year in tight.years:
        promised = sum(carried_fen(tight, item, year) for item in tight.scenario.items)
        left = np.maximum(tight.envelope_fen(year) - promised, 0)
        assert frame.loc[year, "*"].room_wan == pytest.approx(left.mean() / 1e6)
        assert frame.loc[year, "*"].probability_none == np.mean(left == 0)
    assert frame.loc[2026, "*"].room_wan == frame.loc[2026, "*"].envelope_wan


def test_the_worst_trials(tight):
    assert worst_mean(np.arange(1, 101) * 1_000_000) == 98  # 96 … 100
    assert worst_mean(np.array([3_000_000, 1_000_000])) == 3
    frame = worst(tight)
    assert (frame.worst_wan >= frame.p95_wan - 1e-9).all() and (frame.p95_wan >= 0).all()
    short = np.stack([short_trials(tight, [year]) for year in tight.years])
    assert any_and_all(tight) == (short.any(axis=0).mean(), short.all(axis=0).mean())


def test_whom_a_cap_touches(tight):
    frame = touched(tight).set_index(["cap", "item", "year"])
    for (cap, item, year), row in frame.iterrows():
        assert row.mean_applicants <= row.mean_applications
        assert (row.mean_applications > 0) == (row.mean_cut_wan > 0) or item == "*", (cap, item, year)
        assert row.mean_applications_low <= row.mean_applications <= row.mean_applications_high
    for (item, cap, year), (applications, applicants) in counts_of(tight).items():
        if cap != "envelope":
            is_cut = tight.fen(f"cut:{cap}", year, item) > 0
            assert np.array_equal(applications > 0, is_cut) and np.array_equal(applicants > 0, is_cut)
        else:
            assert np.array_equal(applications > 0, tight.fen("unfunded", year, item) > 0)
    assert counts_of(tight)["technology_trade", "application_max", 2027][0].max() > 1
    assert touched_a_year(tight).mean_cut_wan.is_monotonic_decreasing


def test_what_a_cap_cuts_a_year_is_the_same_everywhere(tmp_path):
    """A cap that acts from 2028 on was a mean over two years here and over four there, so that another one cut most."""
    path = tmp_path / "later.yaml"
    guide = "{technology_trade: {guide: {max_application_wan: {2026: 5, 2028: 1}}}}"
    path.write_text(f"name: later\nextends: baseline\nitems: {guide}\n", encoding="utf-8")
    result = cs.load_scenario(path).run(20, SEED)
    yearly = touched_a_year(result)
    yearly = yearly[(yearly["item"] != "*") & (yearly.mean_cut_wan > 0)].reset_index(drop=True)
    caps, columns = binding_caps(result), ["cap", "item", "article", "probability_binding", "mean_cut_wan"]
    assert any(len(rows) == 2 for _, rows in touched(result).groupby(["cap", "item", "article"]))
    pd.testing.assert_frame_equal(yearly[columns], caps[columns])
