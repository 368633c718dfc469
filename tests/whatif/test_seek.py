"""The value that is enough: a run confirms it, one step less is not enough; what falls off is a run's to the fen."""

import json

import numpy as np
import pytest

import changji_sim as cs
from changji_sim.base.faults import FaultyInput
from changji_sim.base.units import FEN_A_WAN
from changji_sim.cli import run_cli
from changji_sim.cli.command_output import FINE, OWN_FAILURE
from changji_sim.results.joint_split import least_split
from changji_sim.results.monte_carlo import wilson
from changji_sim.results.shortfall import short_trials
from changji_sim.whatif.seek import CURVE

TRIALS, SEED = 200, 4


@pytest.fixture(scope="module")
def baseline():
    return cs.load_scenario("baseline")


@pytest.fixture(scope="module")
def asked(baseline):
    return baseline.ask(0.1, trials=TRIALS, seed=SEED)


def chance(scenario, years=None, **values):
    """How likely money is short, by a run from nothing."""
    changed = scenario.with_({name.replace("__", "."): value for name, value in values.items()})
    return short_trials(changed.run(TRIALS, SEED), years).mean()


def test_a_run_with_the_total_confirms_it(baseline, asked):
    assert asked.is_least and asked.why == ""
    assert chance(baseline, envelopes__total=asked.value) == asked.probability <= 0.1
    assert chance(baseline, envelopes__total=asked.value - 1) > 0.1
    assert chance(baseline, envelopes__total=round(0.98 * asked.value)) > 0.1
    low, high = asked.interval
    assert low < asked.value < high


def test_money_is_short_where_one_envelope_is(baseline):
    tight = cs.load_scenario("tight_budget").run(50, SEED)
    expected = np.zeros(50, bool)
    for year, total in tight.scenario.envelopes.total_wan.items():
        expected |= tight.fen("need", year) > round(total * FEN_A_WAN)
        for category, amounts in tight.scenario.envelopes.category_wan.items():
            expected |= tight.fen("need", year, category=category) > round(amounts[year] * FEN_A_WAN)
    assert expected.any() and (short_trials(tight) == expected).all()


def test_what_falls_off_is_that_of_a_run_to_the_fen(baseline, asked):
    assert set(asked.cuts.share) == {0.9, 0.8}
    for share, rows in asked.cuts.groupby("share"):
        total = round(share * asked.value)
        run = baseline.with_({"envelopes.total": total}).run(TRIALS, SEED)
        assert set(rows.value) == {total}
        for row in rows.itertuples():
            fen = sum(int(run.fen("unfunded", year, row.item).sum()) for year in run.years)
            assert row.unfunded_wan == fen / (TRIALS * FEN_A_WAN)
            assert row.arrears_wan == int(run.fen("arrears", run.years[-1], row.item).sum()) / (TRIALS * FEN_A_WAN)


def test_the_curve_falls_and_has_its_band(asked):
    curve = asked.curve
    assert curve.value.is_monotonic_increasing and curve.probability.is_monotonic_decreasing
    assert ((curve.low <= curve.probability) & (curve.probability <= curve.high)).all()
    assert {round(share * asked.value) for share in CURVE} <= set(curve.value)


def test_a_year_alone_takes_less_and_a_run_confirms_it(baseline, asked):
    assert asked.by_year.year.tolist() == list(baseline.years) and asked.by_year.value.max() <= asked.value
    for row in asked.by_year.iloc[[0, -1]].itertuples():
        assert chance(baseline, [row.year], envelopes__total=row.value) == row.probability <= 0.1
        assert chance(baseline, [row.year], envelopes__total=row.value - 1) > 0.1
        assert row.low < row.probability < row.high


def test_the_split_holds_jointly_and_what_holds_alone_does_not(baseline, asked):
    run = baseline.with_({"envelopes.total": asked.value}).run(TRIALS, SEED)
    of_year = asked.split[asked.split.year == 2026].set_index("category")
    for column, is_enough in (("split_wan", True), ("alone_wan", False)):
        fits = [run.fen("need", 2026, category=key) <= of_year[column][key] * FEN_A_WAN for key in of_year.index]
        assert (np.all(fits, axis=0).mean() >= 0.9) == is_enough
        assert is_enough or all(one.mean() >= 0.9 for one in fits)


def test_the_split_is_the_least_there_is():
    """Against all splits of small whole numbers."""
    needs = np.random.default_rng(2).integers(0, 9, (3, 30))
    for count in (20, 27, 30):
        every = np.stack(np.meshgrid(*[np.arange(9)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
        enough = (needs[None] <= every[:, :, None]).all(axis=1).sum(axis=1) >= count
        found = least_split(needs, count)
        assert (needs <= found[:, None]).all(axis=0).sum() >= count
        assert found.sum() <= every[enough].sum(axis=1).min() + (0 if count == 30 else 1)


def test_what_ten_more_change_is_the_difference_of_two_runs(baseline, asked):
    row = asked.more[asked.more.value == 8000].iloc[0]
    before, after = (baseline.with_({"envelopes.total": total}).run(TRIALS, SEED) for total in (8000, 8010))
    fen = [sum(int(run.fen("commitment", year).sum()) for year in run.years) for run in (before, after)]
    assert row.change_commitment_wan == pytest.approx((fen[1] - fen[0]) / (TRIALS * FEN_A_WAN))
    assert row.change_probability == short_trials(after).mean() - short_trials(before).mean()


@pytest.mark.slow
def test_payments_stay_within_an_amount(baseline):
    """Of a total the largest is sought with which no more is paid; a run confirms it and one more is too much."""
    found = baseline.seek("envelopes.total", 0.1, 2026, trials=100, seed=SEED, payment_wan=6_000)
    over = [
        (baseline.with_({"envelopes.total": total}).run(100, SEED).fen("payment", 2026) > 6_000 * FEN_A_WAN).mean()
        for total in (found.value, found.value + 1)
    ]
    assert not found.is_least and over[0] == found.probability <= 0.1 < over[1]
    with pytest.raises(FaultyInput, match="payment"):
        baseline.seek("envelopes.total", payment_wan=-1, trials=10)


QUESTIONS = [
    ("envelopes.total", {"year": 2026}),
    ("exchange.max_item_year_wan", {"most": 0.55, "year": 2027}),
    ("core_technology.places", {"most": 0.5, "year": 2028}),
    ("new_hightech.applications", {"most": 0.3, "year": 2026}),
    ("loan_interest.subsidy_rate", {"most": 0.3, "year": 2026}),
    ("oversight.terminated", {"most": 0.7}),
    ("envelopes.total.growth", {"most": 0.5, "year": 2029}),
    ("special_case.places", {"most": 0.2, "year": 2026}),
    ("growth", {"most": 0.5, "year": 2028}),
    ("core_technology.first_tranche", {"most": 0.4, "year": 2026}),
]


def confirms(scenario, name, most=0.1, year=None):
    """Whether a run from nothing confirms the value, or there is none and it is said why."""
    found = scenario.seek(name, most, year, trials=TRIALS, seed=SEED)
    if found.value is None:
        return bool(found.why)
    years = None if year is None else (year,)
    step = 0.001 if found.parameter.unit == "%" else 1
    beyond = round(found.value - step if found.is_least else found.value + step, 6)
    enough = short_trials(scenario.with_({name: found.value}).run(TRIALS, SEED), years).mean()
    return (
        enough
        == found.probability
        <= most
        < short_trials(scenario.with_({name: beyond}).run(TRIALS, SEED), years).mean()
    )


@pytest.mark.parametrize(
    ("name", "asking"), [pytest.param(*q, marks=[] if n < 1 else pytest.mark.slow) for n, q in enumerate(QUESTIONS)]
)
def test_a_run_confirms_what_was_sought(baseline, name, asking):
    try:
        assert confirms(baseline, name, **asking)
    except FaultyInput as error:
        pytest.fail(str(error))


@pytest.mark.parametrize("name", ["exchange.max_item_year_wan", "oversight.fail"])
def test_where_there_is_no_value_it_says_why(baseline, name):
    found = baseline.seek(name, 0.1, trials=100, seed=SEED)
    assert found.value is None and "even with" in str(found.why)


def test_what_cannot_be_sought(baseline, tmp_path):
    for name, words in (("readings.bar_scope", "no number"), ("nothing", "no adjustable"), ("doubt", "no number")):
        with pytest.raises(FaultyInput, match=words):
            baseline.seek(name, trials=10)
    with pytest.raises(FaultyInput, match="no year of the scenario"):
        baseline.ask(year=2035, trials=10)
    file = tmp_path / "free.yaml"
    file.write_text("extends: baseline\nname: free\ntitle: 不限\nenvelopes: {total: none}\n", encoding="utf-8")
    with pytest.raises(FaultyInput, match="never short"):
        cs.load_scenario(file).seek("growth", trials=10)


def test_an_interval_of_a_share_holds_it_and_stays_within():
    assert wilson(0.0, 100)[0] == 0 and 0 < wilson(0.0, 100)[1] < 0.05
    low, high = wilson(0.3, 1000)
    assert low < 0.3 < high and high - low == pytest.approx(2 * 1.96 * (0.21 / 1000) ** 0.5, rel=0.01)


@pytest.mark.slow
def test_the_command_writes_what_it_prints(tmp_path, capsys):
    words = ["ask", "baseline", "--trials", "50", "-p", "0.8", "--year", "2026", "-o", str(tmp_path)]
    assert run_cli([*words, "--language", "en"]) == FINE
    printed = capsys.readouterr().out
    about = json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))
    assert "10万 more" in printed and "together, while" in printed
    assert f"{about['value']:,.0f}万元" in printed and about["accepted_probability_short"] == 0.2
    assert (tmp_path / "curve.csv").read_text(encoding="utf-8").startswith("value,probability,low,high")
    assert (tmp_path / "cuts.csv").read_text(encoding="utf-8").startswith("share,value,item,unfunded_wan")
    words = ["seek", "baseline", "oversight.fail", "--trials", "20", "--language", "en"]
    assert run_cli(words) == OWN_FAILURE and "no value is enough for money to suffice" in capsys.readouterr().out
