"""The page of answers, without a browser: a sentence first, then the picture; kept, marked when the settings change."""

import asyncio
from dataclasses import replace
from functools import partial

import pytest

pytest.importorskip("panel")

from changji_sim import load_scenario
from changji_sim.base.faults import Fault, FaultyInput
from changji_sim.desk.app import Desk
from changji_sim.desk.pages import answers_page, map_card
from changji_sim.desk.state.desk_state import DeskState
from changji_sim.desk.widgets.live_picture import PictureTheme
from changji_sim.desk.widgets.printed_page import NOT_PRINTED
from changji_sim.reports.brief import brief_files
from changji_sim.scenario_file.load import find_scenario
from changji_sim.whatif.find_out import find_out
from changji_sim.whatif.prices import prices
from changji_sim.whatif.regime_map import regime_map

TRIALS, SEED = 20, 1
FEW_PRICES = ["technology_trade.max_application_wan", "core_technology.max_investment_share"]


@pytest.fixture
def desk():
    """One for each test: whatever order they run in, nothing has been asked of it."""
    return Desk(DeskState({"baseline": find_scenario("baseline")}, trials=TRIALS, seed=SEED), page="answers")


@pytest.fixture
def english(desk):
    """That desk in English."""
    desk._chose_language(type("Event", (), {"new": "en"}))
    desk._open("answers")


def pressed(desk, n, **chosen):
    card = desk._pages["answers"].answers[n]
    for name, value in chosen.items():
        card.choices[name].value = value
    asyncio.run(card._pressed(None))
    return card


@pytest.mark.slow
def test_the_lists_that_name_one_number_stay_on_one_row(desk):
    """In a box that is as wide as they are, and no wider than the card: an item stood at the end of a row, its number
    on the next.
    """
    seek, mapped = desk._pages["answers"].answers[2], desk._pages["answers"].answers[4]
    for card, pairs in ((seek, [("item", "name")]), (mapped, [("x_item", "x"), ("y_item", "y")])):
        boxes = [box for box in card.view[1] if hasattr(box, "objects")]
        assert [list(box) for box in boxes] == [[card.choices[name] for name in pair] for pair in pairs]
        assert all(box.styles == {"width": "fit-content", "max-width": "100%"} for box in boxes)
        shown = [widget for one in card.view[1] for widget in (one if one in boxes else [one])]
        assert shown[: len(card.choices)] == list(card.choices.values()), "in their order"


@pytest.mark.slow
def test_what_to_ask_for(desk):
    cards = desk._pages["answers"].answers
    assert all(NOT_PRINTED in one.view.css_classes for one in cards), "what was not asked is not printed"
    assert not [one for one in cards if hasattr(one, "tools") and one.tools.is_there], "there is nothing to hand on"
    card = pressed(desk, 0, sure=0.8, year=2026)
    assert card.tools.is_there and not cards[1].tools.is_there
    assert NOT_PRINTED not in card.view.css_classes
    asked = load_scenario("baseline").ask(0.2, 2026, trials=TRIALS, seed=SEED)
    assert f"至少为{asked.value:,.0f}万元" in card.sentences.object and "80%" in card.sentences.object
    assert card.later.picture is not None and card.frame.equals(asked.curve)
    card.set_theme(PictureTheme(1.35, True))


@pytest.mark.slow
def test_how_far_a_number_may_go(desk):
    card = pressed(desk, 2, item="*", name="oversight.fail", sure=0.9)
    assert "取任何值都不能" in card.sentences.object and card.later.picture is not None
    again = pressed(desk, 2, item="special_case", name="special_case.places", sure=0.8, year=2026)
    assert "一事一议" in again.sentences.object


@pytest.mark.slow
def test_which_guess_to_find_out_first(desk):
    card = pressed(desk, 1, answer="commitment", year=2027)
    found = find_out(load_scenario("baseline"), "commitment", 2027, TRIALS, SEED)
    assert "影响最大的假设是" in card.sentences.object and list(card.frame.name) == list(found.table.name)


@pytest.mark.slow
def test_what_one_more_unit_costs(desk, monkeypatch):
    monkeypatch.setattr(answers_page, "prices", lambda scenario, names, *more: prices(scenario, FEW_PRICES, *more))
    card = pressed(desk, 3)
    assert "立项额增加最多的是" in card.sentences.object
    assert card.table.object.count("<tr>") == 1 + len(FEW_PRICES) and card.later.picture is not None


@pytest.mark.slow
def test_an_answer_is_kept_and_marked_when_the_settings_change(desk):
    before = pressed(desk, 0, sure=0.8, year=2026).sentences.object
    desk._chose_language(type("Event", (), {"new": "en"}))
    desk._open("answers")
    card = desk._pages["answers"].answers[0]
    assert "must be at least" in card.sentences.object and before and "have changed" not in card._note.object
    total = next(one for one in desk.session.adjustables() if one.key == "envelopes.total")
    asyncio.run(desk.session.set_value(total, 9_000))
    assert "have changed since" in card._note.object


def test_a_fault_is_said_on_the_card(desk):
    def refuse(*_):
        raise FaultyInput([Fault("", "no envelope limits these years")])

    card = desk._pages["answers"].answers[0]
    card.question = replace(card.question, work=refuse)
    asyncio.run(card._pressed(None))
    assert "no envelope limits" in card._note.object and not card.button.disabled and not card.job.is_running


def card_of(desk, key):
    return next(one for one in desk._pages["answers"].answers[:-1] if one.question.key == key)


@pytest.mark.slow
def test_answers_of_one_run_have_a_sentence_a_picture_and_numbers(desk, english):
    for key, said in (("promises", "still to be paid"), ("touched", "cuts most"), ("execution", "lapse on average"),
                      ("payment_months", "by the end of June"),
                      ("exact", "is exactly")):  # fmt: skip
        card = card_of(desk, key)
        asyncio.run(card._pressed(None))
        assert said in card.sentences.object and card.later.picture is not None and len(card.frame), key
    assert card._made_from().trial_count == TRIALS


@pytest.mark.slow
def test_effects_of_the_changes_made_here_and_of_a_reform_add_up(desk, english):
    card = card_of(desk, "effects")
    asyncio.run(desk.session.change(type(desk.session.settings)("baseline")))
    asyncio.run(card._pressed(None))
    assert "nothing is changed here" in card._note.object
    total = next(one for one in desk.session.adjustables() if one.key == "envelopes.total")
    asyncio.run(desk.session.set_value(total, 6_000))
    card.choices["flow"].value = "payment"
    asyncio.run(card._pressed(None))
    frame = card.frame
    assert "Together the changes move" in card.sentences.object and list(frame.part) == ["envelopes.total", "*"]
    card.choices["what"].value = "exchange-500"
    asyncio.run(card._pressed(None))
    assert card.frame.effect_wan.iloc[:-1].sum() == pytest.approx(card.frame.effect_wan.iloc[-1])


LEDGER = (
    "申报编号,支持方向,申报单位,申报日期,申请金额（万元）,批准金额（万元）,批准日期,已拨金额（万元）,拨付日期\n"
    "1,科技交流活动,州科技馆,2026-02-01,60,60,2026-03-01,60,2026-03-20\n"
    "2,科技交流活动,<b>乙</b>研究所,2026-06-01,90,,,,\n"
)


def bring(upload, name, text):
    upload.param.update(filename=name, value=text.encode())


def test_a_table_is_asked_for_and_a_faulty_one_is_answered(desk, english):
    card = card_of(desk, "mid-year")
    asyncio.run(card._pressed(None))
    assert "choose a table first" in card._note.object
    bring(card.choices["ledger"], "../../台账<i>.csv", LEDGER.replace(",60,60,2026-03-01", ",60,1e9,2026-03-01"))
    asyncio.run(card._pressed(None))
    assert "台账_i_.csv row 2" in card._note.object and card.sentences.object == ""


@pytest.mark.slow
def test_the_year_so_far_and_past_years_are_answered_from_tables(desk, english):
    card = card_of(desk, "mid-year")
    bring(card.choices["ledger"], "台账.csv", LEDGER)
    card.choices["as_of"].value = "June"
    asyncio.run(card._pressed(None))
    assert "June" in card._note.object
    card.choices["as_of"].value = "2026-06-30"
    asyncio.run(card._pressed(None))
    assert "To 2026-06-30: 2 applications, 1 of them approved" in card.sentences.object
    assert card.later.picture is not None and "exchange:item_year_max" in set(card.frame.line)
    assert not card.kept[1].scenario.actuals.closed
    card.choices["is_complete"].value, card.choices["closed"].value = True, ["exchange", "contest"]
    card.choices["unopened"].value = ["contest", "rd_growth"]
    assert card.choices["closed"].value == ["exchange"], "a call is over or still to come"
    asyncio.run(card._pressed(None))
    actuals = card.kept[1].scenario.actuals
    assert (set(actuals.closed), set(actuals.unopened)) == ({"exchange"}, {"contest", "rd_growth"})
    past = card_of(desk, "fit")
    assert not past._file.visible
    rows = [
        f"{year}{n},科技交流活动,第{n}公司,{year}-03-0{n},{5 + n}" for year in (2023, 2024, 2025) for n in range(1, 6)
    ]
    bring(
        past.choices["history"], "往年.csv", "\n".join(["申报编号,支持方向,申报单位,申报日期,申请金额（万元）", *rows])
    )
    asyncio.run(past._pressed(None))
    assert "15 rows of 2023, 2024, 2025" in past.sentences.object and past.later.picture is not None
    assert past.choices["item"].value == "exchange" and past._file.visible
    text = past._scenario_bytes().read().decode()
    assert "extends: baseline" in text and "往年.csv，2023–2025年，15行" in text


@pytest.mark.slow
def test_two_numbers_and_stakes(desk, english, monkeypatch):
    monkeypatch.setattr(map_card, "regime_map", partial(regime_map, steps=2))
    card = card_of(desk, "map")
    asyncio.run(card._pressed(None))
    assert "Over this map P(short)" in card.sentences.object and len(card.frame) == 4
    drawn = []
    monkeypatch.setattr(card.later, "put", drawn.append)
    card.choices["colour"].value = "limit"
    assert len(drawn) == 1, "another colour is drawn at once, without a run"
    stakes = card_of(desk, "equity")
    asyncio.run(stakes._pressed(None))
    assert "turned into stakes" in stakes.sentences.object and stakes.later.picture is not None


@pytest.mark.slow
def test_what_is_handed_in_is_made_of_the_settings_now(desk, english, monkeypatch):
    monkeypatch.setattr(brief_files, "printed_pdf", lambda page: b"%PDF")  # a browser takes seconds
    card = desk._pages["answers"].answers[-1]
    asyncio.run(card._pressed(None))
    names = ["submission.xlsx", "submission.docx", "brief.docx", "brief.pdf"]
    assert list(card.kept[1].files) == [one.filename for one in card.files.objects] == names
    assert card.files.objects[-1].callback().read() == b"%PDF" and "2026" in card.sentences.object
