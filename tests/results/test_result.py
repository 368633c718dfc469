"""A result: totals add up, quantiles are numpy's, a difference is 0 where nothing changed."""

import io
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import changji_sim as cs
from changji_sim import Result
from changji_sim.base.faults import FaultyInput
from changji_sim.base.messages import in_language
from changji_sim.kernel.flows import Packed
from changji_sim.kernel.ledger import FLOWS
from changji_sim.kernel.simulate import simulate
from changji_sim.results.breakdown import binding_caps, shortfall, shortfall_ever
from changji_sim.results.budget_table import BudgetTable, add_up, exact_sum
from changji_sim.results.idle_readings import idle_readings
from changji_sim.wording.amounts import wan

TRIALS, SEED = 300, 3
BUDGET_COLUMNS = ["year", "category", "item", "flow", "mean_wan", "p05_wan", "p10_wan", "p50_wan", "p90_wan", "p95_wan"]
CAPS_COLUMNS = [
    "cap", "article", "item", "year", "probability_binding", "mean_cut_wan", "p95_cut_wan", "mean_headroom_wan",
]  # fmt: skip


@pytest.fixture(scope="module")
def baseline():
    return cs.load_scenario("baseline")


@pytest.fixture(scope="module")
def result(baseline) -> Result:
    return baseline.run(TRIALS, SEED)


@pytest.fixture(scope="module")
def tight() -> Result:
    return cs.load_scenario("tight_budget").run(TRIALS, SEED)


def one(frame: pd.DataFrame, **names) -> pd.Series:
    """The one row with these values."""
    found = frame[np.logical_and.reduce([frame[name] == value for name, value in names.items()])]
    assert len(found) == 1, (names, len(found))
    return found.iloc[0]


def test_the_budget_has_every_year_category_item_and_flow(result):
    budget = result.budget()
    assert list(budget.columns) == BUDGET_COLUMNS
    assert not budget.duplicated(["year", "category", "item", "flow"]).any()
    assert sorted(budget.year.unique()) == [*result.years, *result.tail]
    for year in budget.year.unique():
        part = budget[budget.year == year]
        assert set(part.category) == {"*", *result.scenario.categories}
        assert set(part.item) == {"*", *(item.key for item in result.scenario.items)}
        for _, flows in part.groupby(["category", "item"]).flow:
            assert set(FLOWS) <= set(flows)


def test_cuts_stand_where_an_item_has_the_cap(result):
    budget = result.budget()
    for item in result.scenario.items:
        for year in result.years:
            rows = budget[(budget.item == item.key) & (budget.year == year)]
            cuts = [flow for flow in rows.flow if flow.startswith("cut:")]
            assert cuts == [f"cut:{cap.key}" for cap in item.caps[year]]


def test_means_of_items_add_up_to_the_category_and_the_year(result):
    budget = result.budget()
    items, totals = budget[budget.item != "*"], budget[(budget.item == "*") & (budget.category != "*")]
    by_category = items.groupby(["year", "category", "flow"]).mean_wan.sum()
    assert np.allclose(totals.set_index(["year", "category", "flow"]).mean_wan.sort_index(), by_category.sort_index())
    whole = budget[budget.category == "*"].set_index(["year", "flow"]).mean_wan.sort_index()
    assert np.allclose(whole, items.groupby(["year", "flow"]).mean_wan.sum().sort_index())


def test_the_ledger_of_the_means_balances(result):
    for (_, _, _), rows in result.budget().groupby(["year", "category", "item"]):
        mean = rows.set_index("flow").mean_wan
        cuts = mean[mean.index.str.startswith("cut:")].sum()
        assert mean.asked == pytest.approx(mean.ineligible + mean.not_selected + mean.demand)
        assert mean.demand == pytest.approx(cuts + mean.entitlement)
        assert mean.entitlement == pytest.approx(mean.commitment + mean.unfunded)


@pytest.mark.parametrize("trials", [1, 2, 3, 7, 100])
def test_quantiles_are_those_of_numpy_to_the_bit(baseline, trials):
    result = Result(simulate(baseline, trials, SEED))
    budget = result.budget()
    for place in ({}, {"category": "environment"}, {"item": "loan_interest"}, {"item": "technology_trade"}):
        category = {"loan_interest": "environment", "technology_trade": "transfer"}.get(place.get("item"), "*")
        names = {"category": category, "item": "*"} | place
        for flow in ("need", "payment", "cut:applicant_year_max"):
            fen = result.fen(flow, 2027, **place)
            row = one(budget, year=2027, flow=flow, **names)
            expected = np.quantile(fen, [0.05, 0.1, 0.5, 0.9, 0.95]) / 1_000_000
            assert list(row[BUDGET_COLUMNS[5:]]) == list(expected)
            assert row.mean_wan == int(fen.sum()) / (trials * 1_000_000)


def test_sums_are_exact_where_floats_and_64_bits_are_not():
    large = np.full(10, 2**60 + 1)
    assert exact_sum(large) == 10 * (2**60 + 1)
    assert exact_sum(-large) == -10 * (2**60 + 1)


def test_columns_of_different_units_add_up():
    parts = [Packed(np.array([1, 2], np.uint16), 100), None, Packed(np.array([7, -1], np.int32), 1)]
    assert list(add_up(parts).fen) == [107, 199]
    assert add_up([None]) is None


def test_caps_agree_with_the_trials(result):
    caps = result.caps()
    assert list(caps.columns) == CAPS_COLUMNS
    row = one(caps, cap="item_year_max", item="exchange", year=2028)
    cut = result.trials("cut:item_year_max", item="exchange", year=2028)[2028]
    assert row.article == "第十三条（三）"
    assert row.probability_binding == np.mean(cut > 0)
    assert row.mean_cut_wan == pytest.approx(cut.mean())
    assert row.p95_cut_wan == pytest.approx(np.quantile(cut, 0.95))
    entitled = result.trials("entitlement", item="exchange", year=2028)[2028]
    assert row.mean_headroom_wan == pytest.approx(400 - entitled.mean(), abs=1e-3)


def test_a_cap_of_a_count_has_no_headroom(result):
    rows = result.caps().query("cap == 'winner_share'")
    assert len(rows) == len(result.years)
    assert rows.mean_headroom_wan.isna().all()


def test_envelopes_are_caps_too(result, tight):
    assert list(result.caps().query("item == '*'").cap) == ["envelope:total"] * 4  # the baseline's only one
    row = one(tight.caps(), cap="envelope:environment", year=2027)
    need = tight.trials("need", category="environment", year=2027)[2027]
    envelope = tight.scenario.envelopes.category_wan["environment"][2027]
    assert row.probability_binding == np.mean(need > envelope)
    assert row.mean_cut_wan == pytest.approx((need - envelope).clip(lower=0).mean())
    assert row.mean_headroom_wan == pytest.approx((envelope - need).clip(lower=0).mean())


def test_the_summary_says_need_envelope_and_probability(result, tight):
    row = one(result.summary(), year=2026, category="*")
    assert row.envelope_wan == 8000
    assert row.need_mean_wan == one(result.budget(), year=2026, category="*", item="*", flow="need").mean_wan
    assert np.isnan(one(result.summary(), year=2026, category="industry").probability_short)
    assert 0 <= one(tight.summary(), year=2026, category="industry").probability_short <= 1


def test_money_that_refills_the_envelope_differs_by_trial(tmp_path):
    path = tmp_path / "refill.yaml"
    path.write_text("name: refill\nextends: baseline\nenvelopes: {refill: true}\n", encoding="utf-8")
    result = cs.load_scenario(path).run(TRIALS, SEED)
    back = sum(result.fen(flow, 2028) for flow in ("clawback", "return", "recovery"))
    assert back.any()
    assert np.array_equal(result.envelope_fen(2029), result.envelope_fen(2026) * 9261 // 8000 + back)


def test_one_flow_trial_by_trial(result):
    frame = result.trials("payment")
    assert list(frame.columns) == [*result.years, *result.tail]
    assert len(frame) == TRIALS
    by_category = sum(result.trials("payment", category=c) for c in result.scenario.categories)
    assert np.allclose(frame, by_category)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"flow": "payments"}, "did you mean 'payment'"),
        ({"flow": "need", "year": 2050}, "2050"),
        ({"flow": "need", "item": "exchang"}, "did you mean 'exchange'"),
        ({"flow": "need", "category": "x"}, "no category 'x'"),
        ({"flow": "need", "category": "special", "item": "exchange"}, "not both"),
    ],
)
def test_what_there_is_not_is_refused_in_a_sentence(result, arguments, word):
    with pytest.raises(FaultyInput, match=word):
        result.trials(**arguments)


def test_shortages_agree_with_the_trials(tight):
    need, envelope = tight.fen("need", 2028), tight.envelope_fen(2028)
    totals = shortfall(tight).query("category == '*'").set_index("year")
    assert totals.probability_short[2028] == np.mean(need > envelope)
    assert totals.expected_short_wan[2028] == pytest.approx(np.maximum(need - envelope, 0).mean() / 1e6)
    assert totals.when_short_wan[2028] == pytest.approx((need - envelope)[need > envelope].mean() / 1e6)
    ever = shortfall_ever(tight).set_index("category").loc["*"]
    each = list(totals.probability_short)
    assert ever.probability_every_year <= min(each) <= max(each) <= ever.probability_ever
    assert list(binding_caps(tight).mean_cut_wan) == sorted(binding_caps(tight).mean_cut_wan, reverse=True)


def test_nothing_changed_is_exactly_nothing(result, baseline):
    again = cs.compare(result, baseline.run(TRIALS, SEED, workers=1))
    assert (again[["difference_wan", "low_wan", "high_wan", "p05_wan", "p95_wan"]] == 0).all(axis=None)
    assert list(again.before_wan) == list(result.budget().mean_wan)


def test_a_reform_changes_what_it_must_and_nothing_it_cannot(result, baseline):
    changes = cs.compare(result, baseline.run(TRIALS, SEED, reform="exchange-500"))
    assert one(changes, year=2026, category="regional", item="exchange", flow="entitlement").difference_wan > 0
    untouched = changes[changes.flow.isin(["asked", "demand", "entitlement"]) & ~changes.item.isin(["*", "exchange"])]
    assert (untouched[untouched.year == 2026].difference_wan == 0).all()
    row = one(changes, year=2027, category="*", item="*", flow="cut:item_year_max")
    assert row.low_wan <= row.difference_wan <= row.high_wan < 0


@pytest.mark.slow
def test_years_that_only_a_reform_adds_count_as_nothing_before(result, baseline):
    changes = cs.compare(result, baseline.run(TRIALS, SEED, reform="extend-2031"))
    row = one(changes, year=2031, category="*", item="*", flow="asked")
    assert row.before_wan == 0 < row.after_wan == row.difference_wan


@pytest.mark.slow
def test_years_that_one_of_them_does_not_simulate_are_left_out(result, baseline):
    later = replace(baseline, years=(2027, 2028, 2029))
    for changes in (cs.compare(result, later.run(TRIALS, SEED)), cs.compare(later.run(TRIALS, SEED), result)):
        assert changes.year.min() == 2027


def test_other_futures_are_not_compared(result, baseline):
    with pytest.raises(FaultyInput, match="same seed"):
        cs.compare(result, baseline.run(TRIALS, SEED + 1))
    with pytest.raises(FaultyInput, match="same number of trials"):
        cs.compare(result, baseline.run(TRIALS + 1, SEED))


def test_a_scenario_is_reformed_once(baseline):
    reformed = cs.load_scenario("baseline", reform="exchange-500")
    with pytest.raises(FaultyInput, match="reformed already"):
        reformed.run(1, reform="trade-30")


def test_a_result_says_what_to_be_wary_of(result):
    said = " ".join(result.notes())
    for word in ("Carried payments", "placeholder", "few", "the numbers stay the same"):
        assert word in said
    assert "in_force" in idle_readings(result)
    assert "envelope_limits" not in idle_readings(result)


@pytest.mark.slow
def test_an_idle_reading_really_decides_nothing(result, tmp_path):
    others = {"exchange_counts": "commitments", "public_money": "yes"}
    assert set(others) <= set(idle_readings(result))
    for name, choice in others.items():
        path = tmp_path / f"{name}.yaml"
        path.write_text(f"name: other\nextends: baseline\nreadings: {{{name}: {choice}}}\n", encoding="utf-8")
        assert (cs.compare(result, cs.load_scenario(path).run(TRIALS, SEED)).difference_wan == 0).all()


def test_a_notebook_sees_text_of_files_as_text(tmp_path):
    path = tmp_path / "odd.yaml"
    path.write_text('name: odd\ntitle: "<script>alert(1)</script>[bold]"\nextends: baseline\n', encoding="utf-8")
    result = cs.load_scenario(path).run(20)
    with in_language("zh"):
        shown = result._repr_html_()
    assert "<script>" not in shown and "<script>" not in result._repr_html_()
    assert "&lt;script&gt;" in shown
    assert "need" in repr(result)


@pytest.mark.subprocess
def test_importing_the_package_imports_nothing_heavy():
    code = "import sys, changji_sim; print([m for m in ('pandas', 'numba', 'holoviews', 'panel') if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_every_public_name_is_there():
    for name in cs.__all__:
        assert getattr(cs, name) is not None
    assert set(cs.__all__) <= set(dir(cs))
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        cs.nothing_of_the_kind  # noqa: B018


def test_a_row_is_found_by_its_name(result):
    table: BudgetTable = result.table
    name = (2026, "regional", "exchange", "payment")
    assert table.names[table.row[name]] == name


def test_on_a_narrow_terminal_no_column_is_lost(result):
    from rich.console import Console

    for width in (40, 60, 80, 140):
        out = io.StringIO()
        Console(file=out, width=width).print(result)
        text = " ".join(out.getvalue().split())
        total = result.summary().query("year == 2026 and category == '*'").iloc[0]
        p90 = wan(total.year_need_p90_wan)
        for word in ("need", "10–90%", "arrears", "envelope", "lacking", "P(short)", "P(binding)", p90, "Art. 13(3)"):
            assert word in text, (width, word)


def test_a_comparison_says_what_is_compared(baseline, result):
    changes = cs.compare(result, baseline.run(TRIALS, SEED, reform="exchange-500"))
    assert changes.attrs["before"] == "基准情景 (baseline)"
    assert "科技交流活动年度总额提高到500万元 (exchange-500)" in changes.attrs["after"]
    for shown in (repr(changes), changes._repr_html_()):
        assert "after: 基准情景 (baseline) · reform 修订 科技交流活动年度总额提高到500万元" in shown
    assert type(changes.head()).__name__ == "DataFrame"
