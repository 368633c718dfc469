"""A result taken apart: steps add up to the fen in every trial, parts add up to the need, 0 is exactly 0."""

import numpy as np
import pandas as pd
import pytest
from shortage import is_short

import changji_sim as cs
from changji_sim.base.faults import FaultyInput
from changji_sim.base.files import SCENARIOS
from changji_sim.kernel.plan import longest_schedule
from changji_sim.results import breakdown, year_columns
from changji_sim.wording.language import cap_title

TRIALS, SEED = 10_000, 3
FEW = 300


@pytest.fixture(scope="module")
def tight():
    """Short of money everywhere: arrears, unfunded and carried payments are all there."""
    return cs.load_scenario("tight_budget").run(TRIALS, SEED)


@pytest.fixture(scope="module")
def baseline():
    return cs.load_scenario("baseline").run(FEW, SEED)


@pytest.fixture(scope="module")
def unlimited(tmp_path_factory):
    path = tmp_path_factory.mktemp("unlimited") / "unlimited.yaml"
    path.write_text("name: unlimited\nextends: baseline\nenvelopes: {total: none}\n", encoding="utf-8")
    return cs.load_scenario(path).run(FEW, SEED)


def places(result):
    """Everything, every category, every item."""
    yield {}
    yield from ({"category": category} for category in result.scenario.categories)
    yield from ({"item": item.key} for item in result.scenario.items)


# --- waterfall --------------------------------------------------------------------------------------------------------


def test_every_step_of_every_trial_adds_up_to_the_fen(tight):
    for year in (*tight.years, *tight.tail[:2]):
        for place in places(tight):
            level = np.zeros(TRIALS, np.int64)
            for step in breakdown.waterfall_steps(tight, year, **place):
                assert step.fen.dtype == np.int64
                assert (step.fen >= 0).all(), (year, place, step.key)
                if step.kind == "total" and step.key != "asked":
                    assert np.array_equal(level, step.fen), (year, place, step.key)
                level = step.fen if step.kind == "total" else level + step.fen * (1 if step.kind == "plus" else -1)


def exact_level(frame: pd.DataFrame) -> list[int]:
    """What is left after each step, whole fen."""
    levels = [0]
    for kind, fen in zip(frame.kind, frame.fen, strict=True):
        levels.append(fen if kind == "total" else levels[-1] + (fen if kind == "plus" else -fen))
    return levels[1:]


@pytest.mark.parametrize("trial", [None, 0, 17, TRIALS - 1])
def test_a_waterfall_is_exact_and_its_bars_meet(tight, trial):
    frame = breakdown.waterfall(tight, 2027, trial=trial)
    assert list(frame.columns) == list(breakdown.WATERFALL_COLUMNS)
    divisor = 1_000_000 * (TRIALS if trial is None else 1)
    level = exact_level(frame)
    for n, row in enumerate(frame.itertuples()):
        assert row.amount_wan == row.fen / divisor
        if n and row.kind == "total":
            assert row.fen == level[n - 1]
        assert (row.from_wan if row.kind == "less" else row.to_wan) == level[n] / divisor


def test_a_waterfall_of_the_mean_is_the_budget(tight):
    frame = breakdown.waterfall(tight, 2028, category="transfer").set_index("step")
    budget = tight.budget().query("year == 2028 and category == 'transfer' and item == '*'").set_index("flow").mean_wan
    for flow in ("asked", "demand", "entitlement", "unfunded", "commitment", "payment", "payment_carried"):
        assert frame.amount_wan[flow] == budget[flow]
    cuts = frame[frame.index.str.startswith("cut:")]
    assert cuts.amount_wan.sum() == pytest.approx(budget[budget.index.str.startswith("cut:")].sum())


def test_cuts_stand_in_the_order_caps_apply_each_with_its_article(tight):
    frame = breakdown.waterfall(tight, 2026)
    cuts = frame[frame.step.str.startswith("cut:")]
    assert not cuts.duplicated(["step", "article"]).any()
    assert {"第十条", "第十三条（一）", "申报指南"} == set(cuts.article[cuts.step == "cut:investment_share"])
    trade = breakdown.waterfall(tight, 2026, item="technology_trade")
    assert list(trade.step[4:6]) == ["cut:application_max", "cut:applicant_year_max"]
    assert set(trade.article[4:6]) == {"第十一条（三）"}


def test_in_the_tail_only_promises_are_paid(tight):
    frame = breakdown.waterfall(tight, tight.tail[0]).set_index("step")
    assert frame.fen["asked"] == frame.fen["payment_new"] == 0
    assert frame.fen["payment"] == frame.fen["payment_carried"] > 0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"year": 2050}, "2050"),
        ({"year": 2026, "item": "exchang"}, "did you mean 'exchange'"),
        ({"year": 2026, "category": "x"}, "no category"),
        ({"year": 2026, "trial": FEW}, "0 to 299"),
        ({"year": 2026, "trial": -1}, "no trial -1"),
    ],
)
def test_what_there_is_not_is_refused(baseline, arguments, word):
    with pytest.raises(FaultyInput, match=word):
        breakdown.waterfall(baseline, **arguments)


# --- what a year needs ------------------------------------------------------------------------------------------------


def test_the_parts_of_the_need_add_up_in_every_trial(tight):
    for year in tight.years:
        parts = breakdown.split_fen(tight, year)
        assert all((fen >= 0).all() for fen in parts.values())
        assert np.array_equal(sum(parts.values()), tight.fen("need", year))
    frame = breakdown.need_split(tight)
    needed = tight.summary().query("category == '*'").set_index("year").need_mean_wan
    assert np.allclose(frame.groupby("year").mean_wan.sum(), needed)
    assert np.allclose(frame.groupby("year").share.sum(), 1)


def test_where_money_is_never_short_the_parts_are_what_is_paid(unlimited):
    for year in unlimited.years:
        parts = breakdown.split_fen(unlimited, year)
        carried = unlimited.fen("payment_carried", year)
        assert np.array_equal(parts["carried"], carried)
        assert np.array_equal(parts["policy"] + parts["new"], unlimited.fen("payment", year) - carried)


def test_first_payments_of_the_first_year_do_not_depend_on_the_envelope(unlimited):
    short = cs.load_scenario("tight_budget").run(FEW, SEED)
    one, other = breakdown.split_fen(unlimited, 2026), breakdown.split_fen(short, 2026)
    assert not one["carried"].any()
    assert all(np.array_equal(one[part], other[part]) for part in breakdown.PARTS)


def test_both_ways_to_what_is_carried_agree_where_both_hold(tight, monkeypatch):
    """科技交流 is paid at once and never put off."""
    exchange = next(item for item in tight.scenario.items if item.key == "exchange")
    at_once = [breakdown.carried_fen(tight, exchange, year) for year in tight.years]
    monkeypatch.setattr(year_columns, "longest_schedule", lambda item, year, scenario: 1)
    for year, fen in zip(tight.years, at_once, strict=True):
        assert np.array_equal(breakdown.carried_fen(tight, exchange, year), fen)


def test_what_is_carried_is_that_of_each_item(tight):
    """Item by item from the flows of the ledger; the program adds up first those that are paid alike."""
    for year in tight.years:
        parts, flows = breakdown.split_fen(tight, year), tight.run.flows
        assert parts["arrears_before"].any() == (year > 2026)
        first = {"policy": 0, "new": 0}
        for item in tight.scenario.items:
            if longest_schedule(item, year, tight.scenario) == 0:
                paid = flows.fen(item.key, year, "entitlement")
            else:
                before = flows.fen(item.key, year - 1, "arrears") if year > 2026 else 0
                promised = before + flows.fen(item.key, year, "due") + flows.fen(item.key, year, "payment_carried")
                paid = flows.fen(item.key, year, "need") + flows.fen(item.key, year, "payment") - promised
            first["new" if item.modes[year].is_project else "policy"] += paid
        assert all(np.array_equal(parts[part], fen) for part, fen in first.items())


def test_promises_of_the_opening_file_are_carried(tmp_path):
    example = SCENARIOS / "opening_example.csv"
    (tmp_path / example.name).write_bytes(example.read_bytes())
    path = tmp_path / "opened.yaml"
    path.write_text("name: opened\nextends: baseline\nopening: opening_example.csv\n", encoding="utf-8")
    result = cs.load_scenario(path).run(50, SEED)
    parts = breakdown.split_fen(result, 2026)
    assert (parts["carried"] > 0).all()
    assert np.array_equal(sum(parts.values()), result.fen("need", 2026))


def test_structure_and_fan_are_the_budgets_numbers(tight):
    frame = breakdown.structure(tight, "payment")
    budget = tight.budget().query("flow == 'payment' and item == '*' and category != '*' and year <= 2029")
    assert list(frame.mean_wan) == list(budget.mean_wan)
    assert list(frame.p95_wan) == list(budget.p95_wan)
    fan = breakdown.fan(tight, category="transfer")
    assert list(fan.probability_short) == [is_short(tight, [year], ["transfer"]).mean() for year in tight.years]
    with pytest.raises(FaultyInput, match="did you mean 'payment'"):
        breakdown.structure(tight, "payments")


def test_what_is_promised_beyond_is_paid_and_ends(tight):
    frame = breakdown.promised_beyond(tight)
    totals = frame[frame.category == "*"]
    assert list(totals.year) == list(range(2030, totals.year.max() + 1))
    assert totals.mean_wan.iloc[-1] > 0
    parts = frame[frame.category != "*"].groupby("year").mean_wan.sum()
    assert np.allclose(parts, totals.mean_wan)
    left = sum(tight.fen("payment", year).sum() for year in tight.tail) / (TRIALS * 1e6)
    assert totals.mean_wan.sum() == pytest.approx(left)


# --- short, caps, differences -----------------------------------------------------------------------------------------


def test_shortfall_is_counted_jointly(tight):
    frame = breakdown.shortfall(tight)
    envelopes = [*tight.scenario.categories, None]
    for year in tight.years:
        rows = frame[frame.year == year].set_index("category")
        assert list(rows.index) == [*tight.scenario.categories, "*", "any"]
        joint = is_short(tight, [year], envelopes).any(axis=0).mean()
        assert rows.probability_short["any"] == joint >= rows.probability_short.drop("any").max()
        beyond = np.maximum(tight.fen("need", year) - tight.envelope_fen(year), 0)
        assert rows.expected_short_wan["*"] == pytest.approx(beyond.mean() / 1e6)
        assert rows.when_short_wan["*"] == pytest.approx(beyond[beyond > 0].mean() / 1e6)
    ever = breakdown.shortfall_ever(tight).set_index("category")
    assert ever.probability_ever["any"] == is_short(tight, categories=envelopes).any(axis=0).mean()
    assert (ever.probability_every_year <= ever.probability_ever).all()
    assert ever.expected_short_wan["*"] == pytest.approx(frame[frame.category == "*"].expected_short_wan.sum())


def test_without_an_envelope_nothing_is_short(unlimited):
    assert breakdown.shortfall(unlimited).empty
    assert breakdown.shortfall_ever(unlimited).empty
    assert breakdown.fan(unlimited).envelope_wan.isna().all()


def test_binding_is_caps_with_names(tight):
    frame, caps = breakdown.binding(tight), tight.caps()
    pd.testing.assert_frame_equal(frame[list(caps.columns)], caps)
    row = frame.query("item == 'exchange' and year == 2026").iloc[0]
    assert (row.category, row.item_title, row.cap_title) == ("regional", "科技交流活动", "每年总额上限")
    assert list(frame[frame.item == "*"].category.unique()) == [*tight.scenario.categories, "*"]


def test_differences_are_exactly_0_where_nothing_moved(baseline):
    spread = ["difference_wan", "low_wan", "high_wan", "p05_wan", "p95_wan"]
    same = breakdown.differences(baseline, baseline)
    assert (same[spread] == 0).all(axis=None)
    assert len(same) == len(baseline.years) * (len(baseline.scenario.items) + 1)
    reformed = cs.load_scenario("baseline").run(FEW, SEED, reform="exchange-500")
    frame = breakdown.differences(baseline, reformed, "entitlement").query("year == 2026")
    assert set(frame.item[frame.difference_wan != 0]) == {"exchange", "*"}
    assert (frame[frame.item == "rd_growth"][spread] == 0).all(axis=None)
    moved = frame[frame.item == "exchange"].iloc[0]
    assert moved.low_wan < moved.difference_wan < moved.high_wan


def test_differences_show_years_a_reform_adds(baseline):
    longer = cs.load_scenario("baseline").run(FEW, SEED, reform="extend-2031")
    frame = breakdown.differences(baseline, longer)
    assert {2030, 2031} <= set(frame.year)
    assert (frame[frame.year == 2031].before_wan == 0).all()


def test_differences_of_other_futures_or_flows_are_refused(baseline):
    with pytest.raises(FaultyInput, match="no flow 'x'"):
        breakdown.differences(baseline, baseline, "x")
    with pytest.raises(FaultyInput, match="same seed"):
        breakdown.differences(baseline, cs.load_scenario("baseline").run(FEW, SEED + 1))


def test_every_cap_that_ships_has_a_name_in_both_languages(tmp_path):
    """A key as words is for what a planner or a stranger's mode left unnamed."""
    names = {cap for item in cs.load_scenario("baseline").items for caps in item.caps.values() for cap in caps}
    assert names and all(cap.title and cap.title_en for cap in names)
    path = tmp_path / "own.yaml"
    path.write_text(
        "extends: baseline\nname: own\nreadings: {upgrade_pays: difference}\nitems:\n  contest:\n    caps:\n"
        "      all: {per: item_year, wan: 90, title: 总额, title_en: in all}\n"
        "      bare_one: {per: item_year, wan: 80}\n",
        encoding="utf-8",
    )
    scenario = cs.load_scenario(path)
    caps = {cap.key: cap for item in scenario.items for cap in item.caps[2026]}
    assert [cap_title(caps["all"], language) for language in ("zh", "en")] == ["总额", "in all"]
    assert cap_title(caps["bare_one"], "en") == "bare one"
    assert cap_title(caps["upgrade_credit"], "en") == "less the earlier award"


@pytest.mark.slow
def test_every_trial_s_waterfall_is_exact_to_the_fen():
    """Ten thousand futures at once, every year, whole and by category and item: each total is what the steps leave."""
    result = cs.load_scenario("tight_budget").run(10_000, 11)
    scopes = [{}, {"category": "regional"}, {"item": "exchange"}, {"item": "core_technology"}]
    for year in (*result.years, *result.tail):
        for scope in scopes:
            level = np.zeros(result.trial_count, np.int64)
            for number, step in enumerate(breakdown.waterfall_steps(result, year, **scope)):
                assert step.fen.dtype == np.int64 and step.fen.min() >= 0
                if step.kind == "total":
                    assert number == 0 or np.array_equal(level, step.fen), (year, scope, step.key)
                    level = step.fen
                else:
                    level = level - step.fen if step.kind == "less" else level + step.fen
    trial = int(np.argmax(result.fen("unfunded", 2028)))
    one = breakdown.waterfall(result, 2028, trial=trial)
    assert list(one.fen) == [int(step.fen[trial]) for step in breakdown.waterfall_steps(result, 2028)]
