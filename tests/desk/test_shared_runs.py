"""Sessions that go on from each other's runs: few are kept, and everybody sees what a run from nothing gives."""

import asyncio

import pytest
from chains_of_moves import unequal

pytest.importorskip("panel")

from changji_sim.desk.app import Desk
from changji_sim.desk.state import desk_state as desk_states
from changji_sim.desk.state.desk_state import DeskState
from changji_sim.desk.state.saving import begin
from changji_sim.desk.state.settings import Settings
from changji_sim.desk.state.shared_runs import MOST, SharedRuns
from changji_sim.kernel.simulate import simulate
from changji_sim.scenario_file.draft import Draft
from changji_sim.scenario_file.load import find_scenario
from changji_sim.whatif.incremental import IncrementalRun

TRIALS = 30


@pytest.fixture(scope="module")
def desk_state():
    return DeskState({"baseline": find_scenario("baseline")}, trials=TRIALS, seed=1)


def test_everybody_goes_on_from_the_nearest_run():
    first = IncrementalRun(Draft("baseline").original, TRIALS)
    shared = SharedRuns(first, Settings("s"))
    near, far = Settings("s", {"a": 1}), Settings("s", {"a": 2, "b": 1, "c": 1})
    assert shared.nearest(near, "one") is first
    assert shared.nearest(Settings("s", {"a": 3}), "another") is first, "they differ in one value"
    assert shared.nearest(far, "another") is first, "nobody else used it since"
    second = shared.nearest(near, "one")
    assert second is not first
    assert shared.nearest(Settings("s", {"a": 9, "b": 1, "c": 1}), "a third") is first
    for number in range(5):
        changes = {f"{number}-{n}": n for n in range(4)}
        shared.nearest(Settings("s", changes), f"user {number}")
    assert len(shared._runs) == MOST


@pytest.mark.slow
def test_two_sessions_in_turn_see_what_a_run_from_nothing_gives(desk_state):
    sessions = [begin(desk_state), begin(desk_state)]

    async def move():
        for step in range(3):
            for session, key, value in zip(
                sessions, ("envelopes.total", "exchange.max_item_year_wan"), (8_000 - 400 * step, 390 - 20 * step),
                strict=True,
            ):  # fmt: skip
                one = next(one for one in session.adjustables() if one.key == key)
                await session.set_value(one, value)
                assert unequal(session.result.run.flows, simulate(session.scenario, TRIALS, 1).flows) == []

    asyncio.run(move())


@pytest.mark.slow
def test_an_address_with_changes_opens_at_once_with_a_preview(desk_state, monkeypatch):
    monkeypatch.setattr(desk_states, "PREVIEW_TRIALS", 10)
    state = DeskState(desk_state.paths, trials=TRIALS, seed=1)
    session = begin(state, {"envelopes.total": "7000"})
    assert session.result.trial_count == 10 and session.result.scenario.envelopes.total_wan[2026] == 7_000
    desk = Desk(state, session)
    assert "模拟10次" in desk.frame._status.object
    asyncio.run(session.show(session.settings, session.scenario))
    assert session.result.trial_count == TRIALS and "模拟30次" in desk.frame._status.object
    assert unequal(session.result.run.flows, simulate(session.scenario, TRIALS, 1).flows) == []
    assert begin(state).result.trial_count == TRIALS


@pytest.mark.slow
def test_the_books_of_a_preview_are_let_go_where_all_trials_take_no_longer(desk_state, monkeypatch):
    monkeypatch.setattr(desk_states, "PREVIEW_TRIALS", 10)
    state = DeskState(desk_state.paths, trials=TRIALS, seed=1)
    session = begin(state)
    runs = state.runs_of("baseline")
    keys = ("envelopes.total", 7_000), ("envelopes.total", 6_500), ("growth", 0.1), ("growth", 0.11), ("growth", 0.12)
    has_books = []
    for key, value in keys:
        one = next(one for one in session.adjustables() if one.key == key)
        asyncio.run(session.set_value(one, value))
        assert unequal(session.result.run.flows, simulate(session.scenario, TRIALS, 1).flows) == []
        state.previews.submit(lambda: None).result()  # what was asked for before is done
        has_books.append(any(run.has_books for run, *_ in runs.preview._runs))
    assert has_books == [False, False, False, True, True], "after growth, which draws all anew, a preview comes first"


def test_the_books_of_others_previews_stay():
    first = IncrementalRun(Draft("baseline").original, 10)
    shared = SharedRuns(first, Settings("s"))
    assert shared.nearest(Settings("s", {"a": 1}), "one") is first
    first.run()
    shared.let_go("another")
    assert first.has_books
    shared.let_go("one")
    assert not first.has_books
