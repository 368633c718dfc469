"""Scenarios beside each other, what they say otherwise, and what a reading or a reform would cost."""

import ast
from pathlib import Path

import numpy as np
import pytest
from shortage import is_short

import changji_sim as cs
from changji_sim.base.faults import FaultyInput
from changji_sim.desk.pages.price_card import reading_table
from changji_sim.measure import load_measure, load_reform, parse_reform, reform_names
from changji_sim.results import idle_readings as idle
from changji_sim.results.compare import compare
from changji_sim.results.idle_readings import WHY_IDLE, idle_readings
from changji_sim.results.side_by_side import LATER, QUANTITIES, comparison, is_same
from changji_sim.scenario_file.draft import Draft
from changji_sim.views import PictureTranslator
from changji_sim.whatif.marginal_costs import FLOWS, joined, reading_prices, reform_prices
from changji_sim.whatif.scenario_diff import changed

FEW, SEED = 200, 3


@pytest.fixture(scope="module")
def baseline():
    return cs.load_scenario("baseline").run(FEW, SEED)


@pytest.fixture(scope="module")
def growth():
    return cs.load_scenario("growth").run(FEW, SEED)


def one(frame, **where):
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.iloc[0]


# --- beside each other ------------------------------------------------------------------------------------------------


def test_every_quantity_stands_there_for_every_year_and_scenario(baseline, growth):
    frame = comparison([baseline, growth])
    whens = [*map(str, baseline.years), "*"]
    assert len(frame) == 2 * len(QUANTITIES) * len(whens)  # payments of later years; no arrears of all years
    assert set(frame[frame.when == LATER].quantity) == {"payment"}


def test_an_unchanged_scenario_differs_by_exactly_nothing(baseline):
    again = cs.load_scenario("baseline").run(FEW, SEED, workers=1)
    frame = comparison([baseline, again])
    assert is_same(baseline, again)
    assert frame.is_same.all() and (frame[["difference", "low", "high"]] == 0).all(axis=None)


def test_differences_are_those_of_compare(baseline, growth):
    frame, pairs = comparison([baseline, growth]), compare(baseline, growth)
    assert not is_same(baseline, growth)
    for flow in ("commitment", "payment"):
        for year in baseline.years:
            here = one(frame, quantity=flow, when=str(year), position=1)
            there = one(pairs, flow=flow, year=year, category="*", item="*")
            assert here.value == pytest.approx(there.after_wan)
            assert [here.difference, here.low, here.high] == pytest.approx(
                [there.difference_wan, there.low_wan, there.high_wan]
            )


def test_chances_are_those_of_indicators(baseline, growth):
    frame = comparison([baseline, growth])
    for position, result in enumerate((baseline, growth)):
        row = one(frame, quantity="probability_short", when="*", position=position)
        assert row.value == is_short(result).any(axis=0).mean()


def test_payments_of_all_years_and_of_later_years_are_all_payments(baseline):
    frame = comparison([baseline])
    for when, years in (("*", baseline.years), (LATER, baseline.tail)):
        row = one(frame, quantity="payment", when=when)
        assert row.value == sum(baseline.fen("payment", year).sum() for year in years) / (FEW * 1_000_000)


def test_what_one_has_not_is_no_number(baseline):
    longer = cs.load_scenario("baseline").run(FEW, SEED, reform="extend-2031")
    frame = comparison([baseline, longer])
    envelope = one(frame, quantity="envelope", when="2031", position=1)
    assert envelope.value > 0 and np.isnan(envelope.difference) and not envelope.is_same
    need, owed = (one(frame, quantity=of, when="2031", position=0).value for of in ("year_need", "arrears_before"))
    assert need + owed == pytest.approx(baseline.fen("payment", 2031).mean() / 1_000_000)


def test_other_futures_are_not_compared(baseline):
    with pytest.raises(FaultyInput, match="futures are not the same"):
        comparison([baseline, cs.load_scenario("baseline").run(FEW, SEED + 1)])
    with pytest.raises(FaultyInput, match="nothing to compare"):
        comparison([])


# --- what they say otherwise ------------------------------------------------------------------------------------------


def test_nothing_changed_is_no_row():
    scenario = cs.load_scenario("growth")
    assert changed(scenario, scenario).empty


def test_every_change_is_named_with_its_source():
    frame = changed(cs.load_scenario("baseline"), cs.load_scenario("growth"))
    row = one(frame, path="growth")
    assert (row.before, row.after, row.mark) == ("8%（3%–15%）", "15%（8%–20%）", "D")
    assert row.source == "基准区间3–15%的高端"
    assert set(frame.item) >= {"*", "commissioner", "exchange"}


@pytest.mark.slow
def test_a_ceiling_is_told_from_the_laws_number_and_a_reform_names_its_article():
    draft = Draft("baseline")
    frame = changed(draft.original, draft.scenario({"items.exchange.guide.max_item_year_wan": 300}))
    row = one(frame)
    assert (row.before, row.after, row.article, row.part) == ("400万元", "300万元", "第十三条（三）", "law")
    reformed = changed(draft.original, cs.load_scenario("baseline", reform="share-25"))
    assert list(reformed.before) == ["≤ 20%"] * 2 and list(reformed.after) == ["≤ 25%"] * 2
    assert set(reformed.part) == {"reform"} and "第十条" in set(reformed.article)
    assert one(changed(draft.original, cs.load_scenario("baseline", reform="extend-2031"))).after == "2031"


def test_a_number_with_a_doubt_has_its_own_name_not_that_of_an_end():
    draft = Draft("baseline")
    row = one(changed(draft.original, draft.scenario({"growth": {"value": 0.1, "range": [0.04, 0.2]}})))
    assert (row.title, row.title_en) == ("申报年增长率", "growth of demand a year")
    assert (row.before, row.after) == ("8%（3%–15%）", "10%（4%–20%）")


def test_a_term_set_for_a_year_has_its_name_and_replaces_what_held():
    """The law's 400 where the guide was silent, else what the guide said of an earlier year."""
    draft, path = Draft("baseline"), "items.exchange.guide.max_item_year_wan"
    first, both = (draft.scenario({path: by_year}) for by_year in ({2026: 350}, {2026: 350, 2028: 300}))
    row = one(changed(draft.original, first))
    assert (row.title, row.title_en) == ("每年总额上限 · 2026", "Ceiling of the item in a year · 2026")
    assert (row.before, row.after, row.article) == ("400万元", "350万元", "第十三条（三）")
    later = one(changed(first, both))
    assert (later.title, later.before, later.after) == ("每年总额上限 · 2028", "350万元", "300万元")


def test_a_reform_is_called_by_its_title():
    reform = load_reform("exchange-500")
    row = one(changed(cs.load_scenario("baseline"), cs.load_scenario("baseline", reform="exchange-500")))
    assert (row.source, row.source_en) == (reform.title, reform.title_en)


def test_words_are_words_and_an_item_that_is_gone_is_one_row():
    draft = Draft("baseline")
    other = draft.scenario({"items.exchange": "none", "readings.bar_scope": "projects_only", "envelopes.pooling": True})
    frame = changed(draft.original, other)
    assert one(frame, path="items.exchange").after == "没有"
    assert one(frame, path="readings.bar_scope").after_en == "projects only"
    assert one(frame, path="envelopes.pooling").after == "是"
    assert len(frame) == 3


# --- what it would cost -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def prices():
    seen = []
    frame = reading_prices(cs.load_scenario("baseline"), FEW, SEED, lambda done, of: seen.append((done, of)))
    return frame, seen


@pytest.mark.slow
def test_every_other_choice_of_every_reading_has_a_price(prices):
    frame, seen = prices
    choices = sum(len(reading.choices) - 1 for reading in load_measure().readings.values())
    assert len(frame) == choices * len(FLOWS)
    assert seen == sorted(seen) and seen[-1] == (FEW * (choices + 1), FEW * (choices + 1))


@pytest.mark.slow
def test_a_price_is_the_difference_of_two_runs(prices, baseline, tmp_path):
    path = tmp_path / "other.yaml"
    path.write_text("name: other\nextends: baseline\nreadings: {envelope_limits: commitments}\n", encoding="utf-8")
    other = cs.load_scenario(path).run(FEW, SEED)
    row = one(prices[0], reading="envelope_limits", flow="need")
    years = baseline.years
    expected = sum((other.fen("need", year) - baseline.fen("need", year)).mean() for year in years)
    assert row.difference_wan == pytest.approx(expected / len(years) / 1_000_000)
    assert row.low_wan < row.difference_wan < row.high_wan


@pytest.mark.slow
def test_a_reading_that_moves_what_comes_back_has_a_price(prices):
    """拨投结合 for pilots only: the others are plain grants, without stages, paid at once here, and bring nothing back;
    most of that falls after the last year in force.
    """
    part = prices[0][prices[0].reading == "equity_scope"].set_index("flow")
    assert part.loc["asked"].is_same and part.loc["need"].difference_wan > 0
    recovery = part.loc["recovery"]
    assert not recovery.is_same and recovery.later_difference_wan < 0
    assert recovery.later_low_wan < recovery.later_difference_wan < recovery.later_high_wan


@pytest.mark.slow
def test_the_card_of_prices_shows_the_flows_that_change(prices):
    law = load_measure()
    head, *lines = reading_table(prices[0], law, PictureTranslator("zh")).split("<tr><td>")
    (line,) = [line for line in lines if law.readings["equity_scope"].title in line]
    assert "股权收益" in head and "以后 −" in line and "没有变化" not in line


@pytest.mark.slow
def test_what_decides_nothing_costs_exactly_nothing_and_says_why(prices, baseline):
    frame, _ = prices
    for name in idle_readings(baseline):
        rows = frame[frame.reading == name]
        assert (rows.why_en != "").all() and (rows.why != "").all()
        if name != "in_force":  # without days the other choice cannot be had
            assert rows.is_same.all() and (rows.difference_wan == 0).all()
    assert frame[frame.reading == "in_force"].difference_wan.isna().all()


@pytest.mark.slow
def test_reforms_are_priced_on_what_is_there_already():
    plain = reform_prices(cs.load_scenario("baseline"), FEW, SEED)
    assert list(dict.fromkeys(plain.reform)) == list(reform_names())
    row = one(plain, reform="exchange-500", flow="need")
    assert row.difference_wan > 0 and row.articles == "第十三条（三）"
    again = reform_prices(cs.load_scenario("baseline", reform="exchange-500"), FEW, SEED, reforms=["exchange-500"])
    assert again.is_same.all() and (again.difference_wan == 0).all()


@pytest.mark.slow
def test_a_changed_scenario_is_priced_as_changed():
    draft = Draft("baseline")
    low = draft.scenario({"items.exchange.guide.max_item_year_wan": 200})
    assert reform_prices(low, FEW, SEED, reforms=["exchange-500"]).is_same.all()  # the guide's own ceiling stays


def test_what_progress_raises_ends_the_work():
    class Stopped(Exception):
        pass

    def stop(done, of):
        raise Stopped

    with pytest.raises(Stopped):
        reading_prices(cs.load_scenario("baseline"), FEW, SEED, stop)


def test_every_reason_has_chinese_words():
    tree = ast.parse(Path(idle.__file__).read_text(encoding="utf-8"))
    rules = {rule.__name__ for rule in idle._IDLE.values()}
    found = {
        constant.value
        for function in tree.body
        if isinstance(function, ast.FunctionDef) and function.name in rules
        for statement in ast.walk(function)
        if isinstance(statement, ast.Return)
        for part in (statement.value, getattr(statement.value, "body", None), getattr(statement.value, "orelse", None))
        if isinstance(constant := part, ast.Constant) and constant.value
    }
    assert found == set(WHY_IDLE)


def test_two_reforms_as_one_are_a_reform_of_their_own():
    law = load_measure()
    text = (
        "title: 'a: b'\nsets:\n  - {item: exchange, term: max_item_year_wan, from: 2026, value: 450}\n"
        "  - {item: contest, term: tiers.first, from: 2027, value: 12.5}\n"
        "  - {oversight: bar_years, from: 2026, value: 3}\n"
    )
    own = parse_reform(text, "own.yaml", law)
    both = joined(own, joined(load_reform("extend-2031"), load_reform("exchange-500")))
    again = parse_reform(both.text, "again.yaml", law)
    one_way, other_way = law.reformed(both), law.reformed(again)
    assert [v.by_year for v in one_way.values()] == [v.by_year for v in other_way.values()]
    assert other_way.value("exchange", "max_item_year_wan", 2026) == 500
    assert other_way.value("contest", "tiers.first", 2027) == 12.5
    assert other_way.last_year == 2031
