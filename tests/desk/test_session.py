"""One person at the desk, without a browser: first looks, settings that turn out to be at fault, going on meanwhile."""

import asyncio
import re
import threading

import param
import pytest

pytest.importorskip("panel")

from changji_sim import Live
from changji_sim.adjustable import WHOLE
from changji_sim.base.faults import Fault, FaultyInput
from changji_sim.base.messages import message
from changji_sim.desk.app import Desk
from changji_sim.desk.state import alternatives, background_runs
from changji_sim.desk.state import desk_state as desk_states
from changji_sim.desk.state.alternatives import Alternatives
from changji_sim.desk.state.desk_state import DeskState
from changji_sim.desk.state.observations import Observations
from changji_sim.desk.state.saving import begin
from changji_sim.desk.state.session import Session, dismiss_refusal, faults_beside, restore_steps
from changji_sim.desk.state.settings import History, Settings
from changji_sim.desk.widgets.hiding import is_away
from changji_sim.desk.widgets.parameter_widgets import Control
from changji_sim.desk.widgets.ui_text import PictureTranslator
from changji_sim.results.exhaustion import limits_recorded
from changji_sim.scenario_file.load import find_scenario

TRIALS, PREVIEW_TRIALS = 60, 20
OTHER = """name: other
extends: baseline
years: [2027, 2028]
items:
  visits: {category: environment, title: 来访, mode: service_purchase, guide: {max_item_year_wan: 50},
    assumptions: {applications: 3, columns: {requested_wan: {fixed: 5}}}}
"""


@pytest.fixture
def desk_state():
    return DeskState({name: find_scenario(name) for name in ("baseline", "growth")}, trials=TRIALS, seed=1)


@pytest.fixture
def slow(monkeypatch):
    """Everything takes long, so that a first look comes first."""
    monkeypatch.setattr(desk_states, "PREVIEW_TRIALS", PREVIEW_TRIALS)
    monkeypatch.setattr(background_runs, "FEW", -1)


def begun(desk_state):
    session = Session(desk_state)
    session.first_result()
    return session


def total(session):
    return next(one for one in session.adjustables() if one.key == "envelopes.total")


def fails_on(session, value, fault="cannot compute with this"):
    """As if a mode could not compute where the total is so much."""
    run = session.runs.run

    def failing(shared, wanted, is_whole):
        if wanted.scenario.envelopes.total_wan[2026] == value:
            raise FaultyInput([Fault("mode x", fault)])
        return run(shared, wanted, is_whole)

    session.runs.run = failing


def total_of(result):
    return result.scenario.envelopes.total_wan[2026]


def test_a_first_look_comes_before_all(desk_state, slow):
    session, seen = begun(desk_state), []

    async def keep(result):
        seen.append(result.trial_count)

    session.on_result = keep
    asyncio.run(session.set_value(total(session), 7000))
    assert seen == [PREVIEW_TRIALS, TRIALS]
    assert total_of(session.result) == 7000 and session.is_current


def test_what_a_run_cannot_do_leaves_settings_and_result(desk_state):
    session = begun(desk_state)
    fails_on(session, 7000)
    asyncio.run(session.set_value(total(session), 9000))
    asyncio.run(session.set_value(total(session), 7000))
    assert [fault.what for fault in session.faults] == ["cannot compute with this"]
    assert total_of(session.result) == total(session).value == 9000 and session.is_current
    asyncio.run(session.undo())
    assert session.settings == Settings("baseline") and not session.faults and session.is_current


def test_what_is_turned_while_a_run_fails_is_shown(desk_state):
    session = begun(desk_state)
    fails_on(session, 7000)

    async def turn_twice():
        first = asyncio.create_task(session.set_value(total(session), 7000))
        await asyncio.sleep(0)  # it runs
        assert session.runs.is_busy
        await session.set_value(total(session), 6000)
        await first

    asyncio.run(turn_twice())
    assert total_of(session.result) == total(session).value == 6000
    assert not session.runs.is_busy and not session.faults


def test_a_replay_shows_before_and_after_and_yields_to_the_hand(desk_state):
    session, seen = begun(desk_state), []
    asyncio.run(session.set_value(total(session), 9000))

    async def keep(result):
        seen.append(total_of(result))

    session.on_result = keep
    asyncio.run(session.replay(0))
    assert seen == [8000, 9000]

    async def turn_meanwhile():
        replay = asyncio.create_task(session.replay(0.05))
        while len(seen) < 3:
            await asyncio.sleep(0)
        await session.set_value(total(session), 5000)
        await replay

    asyncio.run(turn_meanwhile())
    assert seen == [8000, 9000, 8000, 5000] and session.is_current


def test_refusing_goes_back_as_if_nothing_had_been_turned():
    one, two, three = (Settings("baseline", {"growth": number}) for number in (1, 2, 3))
    history = History(one)
    history.record(two, "growth", 0.0)
    history.refuse(one)
    assert history.now == one and not history.before and not history.after
    history.record(two, "growth", 10.0)
    history.record(three, "growth", 10.1)  # the same move: what was shown of it holds
    history.refuse(two)
    assert history.now == two and history.before == [one]


def ceiling(session):
    return next(one for one in session.adjustables() if one.key == "exchange.max_item_year_wan")


@pytest.mark.parametrize(
    ("number", "value", "chinese", "english"),
    [
        ("exchange.max_item_year_wan", 500,
         "科技交流活动 · 每年总额上限：此处为 500万元，超出办法规定的 400万元；"
         "如要超出，请先打开“试算办法调整方案”（第十三条（三））",
         "Exchange events · Ceiling of the item in a year: found 500万元; the law says 400万元: "
         "switch on 'Try a reform' to go beyond it (第十三条（三）)"),
        ("core_technology.max_investment_share", -0.05,
         "产业重大技术攻关 · 占总投资比例上限：此处为 -5%；最小可设 0%",
         "Core industrial technology · Largest share of a project's total investment: found -5%; "
         "at least 0% can be set"),
        ("envelopes.total", 8e7,
         "总额度：此处为 80,000,000万元；最大可设 10,000,000万元，是否误以元为单位？",
         "total envelope: found 80,000,000万元; at most 10,000,000万元 can be set: were yuan given?"),
    ],
)  # fmt: skip
def test_what_cannot_be_set_is_said_in_the_words_of_the_page(desk_state, number, value, chinese, english):
    """A line and the keys of a file were named, and shares stood as 0.25 beside a slider of percent."""
    session = begun(desk_state)
    one = next(one for one in session.adjustables() if one.key == number)
    asyncio.run(session.set_value(one, value))
    assert [fault.text("zh") for fault in session.faults] == [chinese]
    assert [fault.text("en") for fault in session.faults] == [english]
    assert session.settings == Settings("baseline")
    assert faults_beside(session) == number
    dismiss_refusal(session)
    assert not session.faults and not faults_beside(session)


def test_what_a_control_says_the_page_does_not_say_too(desk_state):
    desk = Desk(desk_state)
    control = desk.frame.controls[0]
    said = []
    for value in (-500.0, -500.0, 9000.0):
        asyncio.run(desk.session.set_value(total(desk.session), value))
        said.append(control._about.object)
        assert desk.frame.faults.object == ""
    assert all('role="alert"' in text and "最小可设 0万元" in text for text in said[:2])
    assert said[0] != said[1], "a screen reader says the second one too"
    assert "alert" not in said[2]


def alerts(desk):
    controls = [*desk.frame.controls, *desk._pages["assumptions"]._shown_controls()]
    said = [control._about.object for control in controls if isinstance(control, Control)]
    return sum("最小可设" in text for text in said), sum("alert" in text for text in said)


def test_a_refusal_is_announced_once_and_goes_with_its_control(desk_state):
    """It was announced by the sidebar and by the page, and shown nowhere when another item or page was opened."""
    desk = Desk(desk_state, page="assumptions")
    session, page = desk.session, desk._pages["assumptions"]
    asyncio.run(session.set_value(total(session), -500.0))
    assert alerts(desk) == (2, 1)
    desk.go("measure")
    assert not session.faults and alerts(desk) == (0, 0) and not desk.frame.faults.object
    desk.go("assumptions")
    share = next(one for one in session.adjustables() if one.key == "core_technology.max_investment_share")
    page.open_item(share.group)
    asyncio.run(session.set_value(share, -0.05))
    assert alerts(desk)[1] == 1
    page.open_item("exchange")
    assert not session.faults and alerts(desk) == (0, 0)


def test_a_reform_switched_off_takes_back_what_went_beyond_the_law(desk_state):
    session = begun(desk_state)
    before = ceiling(session).value
    asyncio.run(session.set_value(total(session), 9000))
    asyncio.run(session.try_reform(True))
    asyncio.run(session.set_value(ceiling(session), 500))
    assert ceiling(session).value == 500 and session.result.scenario.reform_text
    asyncio.run(session.try_reform(False))
    assert not session.faults and not session.is_reforming
    assert not session.settings.reform and not session.result.scenario.reform_text
    assert ceiling(session).value == before and total(session).value == 9000
    asyncio.run(session.undo())
    assert session.is_reforming and ceiling(session).value == 500, "the switch follows what comes back"


def numbers(session):
    every = [one for one in session.adjustables() if isinstance(one.parameter, param.Number)]
    return [one for one in every if not isinstance(one.parameter, param.Boolean) and one.value is not None]


def test_every_parameter_has_a_key_of_its_own(desk_state):
    """By its key a control finds its state: the amounts of prizes showed how many there are."""
    keys = [one.key for one in begun(desk_state).adjustables()]
    assert len(keys) == len(set(keys))


@pytest.mark.slow
def test_ends_of_sliders_stay_where_the_file_has_them(desk_state):
    """Else a slow drag doubles the end again and again, and the value with it."""
    session = begun(desk_state)
    before = total(session).parameter.softbounds
    asyncio.run(session.set_value(total(session), 8600))
    assert total(session).parameter.softbounds == before
    moved = 0
    for one in numbers(begun(desk_state)):
        if one.is_fixed or one.group == WHOLE:
            continue
        low, high = one.parameter.softbounds
        value = round((low + high) / 2) if isinstance(one.parameter, param.Integer) else (low + 2 * high) / 3
        settings = Settings("baseline").with_value(one, value)
        try:
            session.scenario = session.files.scenario(settings)
        except FaultyInput:  # values that cannot stand beside the others
            continue
        session.history.record(settings, "", 0.0)
        now = next(other for other in session.adjustables() if other.key == one.key)
        assert now.value == value and now.parameter.softbounds == pytest.approx((low, high)), one.key
        moved += 1
    assert moved > 100


# --- an address -------------------------------------------------------------------------------------------------------


def awaited(desk_state, **query):
    """The session of an address, as a page of a server begins it."""
    return begin(desk_state, query, is_waited_for=False)


def test_settings_that_only_a_run_shows_to_be_at_fault_are_taken_back(desk_state):
    session = awaited(desk_state, **{"envelopes.total": "7000"})
    assert session.result is None and not session.is_current
    fails_on(session, 7000)
    asyncio.run(session.show(session.settings, session.scenario))
    assert session.settings == Settings("baseline") and total_of(session.result) == total(session).value == 8000
    assert session.is_current and not session.history.before
    assert [fault.text("zh") for fault in session.faults] == [
        "网址中的设置不能用，看板按文件原样打开。", "mode x：cannot compute with this",
    ]  # fmt: skip


def test_what_cannot_be_before_the_first_result_leaves_the_address_s_settings(desk_state):
    """They went to the file's values, with the sentence that the address's settings will not do."""
    session = awaited(desk_state, **{"envelopes.total": "9000"})
    fails_on(session, 7000)

    async def turn_at_once():
        first = asyncio.create_task(session.show(session.settings, session.scenario))
        await asyncio.sleep(0)
        await session.set_value(total(session), 7000)
        await first

    asyncio.run(turn_at_once())
    assert total_of(session.result) == total(session).value == 9000
    assert session.is_current and not session.history.before
    assert [fault.what for fault in session.faults] == ["cannot compute with this"]


def test_a_scenario_that_nobody_opened_yet_is_run_beside_the_loop(desk_state, monkeypatch):
    """Whoever opened or saved one held up everybody else for a run of all trials."""
    is_open, run = threading.Event(), Observations.run
    session = awaited(desk_state, scenario="growth")

    def run_late(*given, **more):
        assert is_open.wait(60), "the loop is held"
        return run(*given, **more)

    async def go_on_meanwhile():
        showing = asyncio.create_task(session.show(session.settings, session.scenario))
        await asyncio.sleep(0.05)
        assert session.runs.is_busy and session.result is None
        is_open.set()
        await showing

    monkeypatch.setattr(Observations, "run", run_late)
    asyncio.run(go_on_meanwhile())
    assert session.is_current and session.result.scenario.name == "growth"
    assert awaited(desk_state, scenario="growth").result is not None, "the next one need not wait"


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_future_beyond_the_first_few_waits_for_all(desk_state, slow):
    desk = Desk(desk_state, begun(desk_state), page="ledger")
    ledger = desk._pages["ledger"]
    assert ledger._trial.end == TRIALS - 1
    ledger._trial.value = PREVIEW_TRIALS + 1
    few = Live(desk.session.scenario, PREVIEW_TRIALS).run()
    assert ledger.prepare(few) is None
    asyncio.run(desk.session.set_value(total(desk.session), 3000))
    assert desk.session.result.trial_count == TRIALS and not desk.session.faults
    assert f"模拟编号{PREVIEW_TRIALS + 1} " in ledger._title.object


@pytest.mark.slow
def test_the_overview_says_which_item_loses_most(desk_state):
    """Whoever made the fund smaller there had to look for it on the page of scenarios."""
    desk = Desk(desk_state, begun(desk_state))
    overview = desk._pages["overview"]
    assert "与情景文件相比" not in overview._sentences.object
    asyncio.run(desk.session.set_value(total(desk.session), 5000))
    assert "与情景文件相比，2026至2029年立项额减少最多的是" in overview._sentences.object


def test_the_sentence_on_what_a_change_moves_stays_while_a_preview_is_shown(desk_state, slow):
    """It went with every preview and came again, and all below it jumped."""
    desk = Desk(desk_state, begun(desk_state))
    overview, session, seen = desk._pages["overview"], desk.session, []
    show = session.on_result

    async def keep(result):
        await show(result)
        seen.append((result.trial_count, overview._sentences.object))

    session.on_result = keep
    for total_wan in (5000, 6000):
        asyncio.run(session.set_value(total(session), total_wan))
    assert [count for count, _ in seen] == [PREVIEW_TRIALS, TRIALS] * 2
    first, whole, again, other = (words.partition("</p>")[0] for _, words in seen)
    assert first == '<p class="effect waiting">与情景文件相比，正在计算。'
    assert whole.startswith('<p class="effect">与情景文件相比，2026至2029年立项额减少最多的是') and whole != other
    assert again == whole.replace('"effect">', '"effect waiting">此前')
    asyncio.run(session.undo())
    asyncio.run(session.undo())
    assert "effect" not in overview._sentences.object


@pytest.mark.slow
def test_a_page_that_needs_more_waits_for_it(desk_state):
    desk = Desk(desk_state, begun(desk_state))
    desk.session.runs.observations = Observations()
    asyncio.run(desk.session.set_value(total(desk.session), 7000))
    assert not limits_recorded(desk.session.result)
    shown = []
    desk.session.on_result = lambda result: _noted(shown, desk, result)
    desk._open("caps")
    assert shown == [True], "no page is built of what would have to be simulated first"
    assert not is_away(desk._pages["caps"].view) and not desk._awaiting.visible


async def _noted(shown, desk, result):
    shown.append(desk._awaiting.visible and "caps" not in desk._pages)
    await desk._show(result)


@pytest.mark.slow
def test_a_scenario_with_other_items_and_years_gets_pages_of_its_own(desk_state, tmp_path):
    path = tmp_path / "other.yaml"
    path.write_text(OTHER, encoding="utf-8")
    desk_state.saved["other"] = path
    desk = Desk(desk_state, begun(desk_state), page="assumptions")
    for key in ("ledger", "caps"):
        desk._open(key)
    desk._pages["assumptions"].open_item("exchange")
    asyncio.run(desk.session.change(Settings("other"), "open"))
    assert not desk.session.faults and desk.session.result.years == (2027, 2028)
    for key in ("caps", "ledger", "assumptions"):
        desk._open(key)
    assert desk._pages["ledger"]._year.options == [2027, 2028]
    assert "来访" in desk._pages["ledger"]._item.options
    assert len(desk._pages["assumptions"]._list.items) == 1 + len(desk.session.scenario.items)
    asyncio.run(desk.session.undo())
    assert desk.session.result.years[0] == 2026 and not desk.session.faults
    desk._open("ledger")
    assert "来访" not in desk._pages["ledger"]._item.options


def test_faults_are_in_the_language_of_the_page(desk_state):
    desk = Desk(desk_state, begun(desk_state), page="measure")
    desk.session.faults = [Fault("", message("found {value}; at most {most} is allowed", value=12, most=10))]
    desk._refresh()
    assert "此处为 12；最多允许 10" in desk.frame.faults.object
    desk.frame.language.value = "en"
    assert "found 12; at most 10 is allowed" in desk.frame.faults.object


def test_choices_of_a_mode_have_titles(desk_state):
    """The list offered the raw keys `transaction` and `rd_growth`."""
    for one in begun(desk_state).adjustables():
        for chinese, _ in (one.words or {}).values():
            assert not re.search("[a-z]", chinese), one.key


def test_a_fault_of_a_run_is_said_of_what_is_compared(desk_state, monkeypatch):
    session = begun(desk_state)
    every = Alternatives.of(session)
    growth = every.offered(PictureTranslator("zh"))["scenario:growth"]
    assert every.missing([growth]) == [growth]

    def failing(*_, **__):
        raise FaultyInput([Fault("mode x", "cannot compute with this")])

    monkeypatch.setattr(alternatives, "simulate", failing)
    assert every.work_out(growth, lambda done, of: None) is None
    assert every.missing([growth]) == [] and every.faults[growth.key][0].what == "cannot compute with this"


def test_a_reload_keeps_the_steps_of_undo(desk_state):
    session = begun(desk_state)
    asyncio.run(session.set_value(total(session), 9_000))
    asyncio.run(session.set_value(next(one for one in session.adjustables() if one.key == "growth"), 0.1))
    asyncio.run(session.undo())
    text, now = session.history.text(), session.settings
    again = Session(desk_state, now)
    again.first_result()
    restore_steps(again, "{}")
    restore_steps(again, text.replace("9000", "9001"))
    assert not again.history.before
    restore_steps(again, text)
    assert again.history.before == session.history.before and again.history.after == session.history.after
    asyncio.run(again.undo())
    assert not again.settings.is_changed and not again.history.before
    other = begun(desk_state)
    restore_steps(other, text)
    assert not other.history.before and not other.history.after


def test_a_kept_step_that_cannot_be_is_said_and_changes_nothing(desk_state):
    session = begun(desk_state)
    asyncio.run(session.set_value(total(session), 9_000))
    now = session.settings
    again = Session(desk_state, now)
    again.first_result()
    restore_steps(again, session.history.text().replace('\\"changes\\":{}', '\\"changes\\":{\\"nonsense\\":1}', 1))
    assert again.history.before
    asyncio.run(again.undo())
    assert again.faults and again.settings == now
