"""What a page hands on gives its numbers again: a snippet, a command and an address, for any settings."""

import asyncio
import random
import shlex
from functools import cache
from urllib.parse import parse_qsl

import pytest
from random_values import random_value

pytest.importorskip("panel")

import changji_sim as cs
from changji_sim.adjustable import adjustables, reform_of
from changji_sim.adjustable.dated_values import in_year, split_by_year
from changji_sim.base.faults import FaultyInput
from changji_sim.cli import FINE, run_cli
from changji_sim.desk.state.address import query_of, query_text, settings_in
from changji_sim.desk.state.desk_state import DeskState
from changji_sim.desk.state.reproduction import values_of
from changji_sim.desk.state.saving import begin
from changji_sim.desk.state.session import Session
from changji_sim.desk.state.settings import Settings
from changji_sim.desk.widgets.hand_over import reproduction
from changji_sim.kernel.simulate import simulate
from changji_sim.reports.run_files import BUDGET, CAPS, csv_bytes
from changji_sim.results.run_result import RunResult
from changji_sim.scenario_file.load import find_scenario
from changji_sim.views import PictureTranslator

NUMBER, TRIALS, SEED = 30, 10, 3
ZH = PictureTranslator("zh")
PLAN = "name: plan\nextends: baseline\nitems: {exchange: {guide: {max_item_year_wan: 300}}}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("plans")
    (made / "plan.yaml").write_text(PLAN, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def desk_state(folder):
    paths = {"baseline": find_scenario("baseline"), "plan": folder / "plan.yaml"}
    return DeskState(paths, trials=TRIALS, seed=SEED)


def random_settings(desk_state, number):
    """Settings and their run: a few parameters each, every third with something beyond the law."""
    random_, found = random.Random(number), []
    while len(found) < number:
        name = "plan" if len(found) % 5 == 4 else "baseline"
        draft = desk_state.draft(name)
        every = [one for one in adjustables(draft) if one.value is not None]
        settings = Settings(name)
        for one in random_.sample([one for one in every if not one.is_fixed], random_.randint(1, 5)):
            settings = settings.with_value(one, random_value(one, random_))
        if len(found) % 3 == 2:
            one = random_.choice([one for one in every if one.law is not None and one.law_term])
            settings = settings.with_value(one, round(1.5 * one.law), True)
        try:
            scenario = draft.scenario(settings.changes, reform_of(settings.reform, draft.law))
            found.append((settings, RunResult(simulate(scenario, TRIALS, SEED, 1))))
        except FaultyInput:  # terms that cannot stand together, or a width that leads to absurd amounts
            continue
    return found


def session_of(desk_state, settings):
    session = Session(desk_state)
    session.history.now = settings
    return session


@pytest.mark.slow
def test_snippet_command_and_address_give_the_page_s_numbers(desk_state, folder, monkeypatch, tmp_path):
    """To the last digit, each of the three for each of the settings."""
    monkeypatch.chdir(folder)
    monkeypatch.setattr(cs, "load_scenario", cache(cs.load_scenario))
    for number, (settings, page) in enumerate(random_settings(desk_state, NUMBER)):
        budget = page.budget()
        session = session_of(desk_state, settings)
        query = query_of(settings, session.parameters.in_file(session.draft), "baseline")
        assert settings_in(query, desk_state) == settings, query_text(query)
        linked = begin(desk_state, dict(parse_qsl(query_text(query))))
        assert not linked.faults and linked.result.trial_count == TRIALS
        assert linked.result.budget().equals(budget), query_text(query)
        said = reproduction(session, ZH)
        names = {}
        exec(said["python"], names)
        assert names["result"].budget().equals(budget), said["python"]
        words = shlex.split(said["command"])
        assert words[0] == "changji-sim" and run_cli([*words[1:], "-q", "-o", str(tmp_path / str(number))]) == FINE, (
            said["command"]
        )
        tables = {BUDGET: csv_bytes(budget), CAPS: csv_bytes(page.caps())}
        assert {name: (tmp_path / str(number) / name).read_bytes() for name in tables} == tables, said["command"]


def test_a_value_below_zero_is_a_change_to_a_command(desk_state):
    session = session_of(desk_state, Settings("baseline"))
    growth = session.parameters.in_file(session.draft)["growth"]
    session.history.now = Settings("baseline").with_value(growth, -0.05)
    said = reproduction(session, ZH)
    assert "--set growth=-13.00pp" in said["command"] and "'growth': -0.05" in said["python"]


def test_years_ends_and_the_order_are_said_by_name(desk_state):
    session = session_of(desk_state, Settings("baseline"))
    every = session.parameters.in_file(session.draft)
    order = every["priority"].value[::-1]
    settings = Settings("baseline", split_by_year(every["envelopes.total"], session.scenario))
    for key, value in (("priority", order), ("growth.high", 0.4), ("envelopes.categories.special", 500)):
        settings = settings.with_value(every[key], value)
    settings = settings.with_value(in_year(every["envelopes.total"], 2028, session.scenario), 9000)
    session.history.now = settings
    said = reproduction(session, ZH)
    for word in (f"priority={','.join(order)}", "growth.high=0.4", "envelopes.total.2028=9000", "special=500"):
        assert word in said["command"], said["command"]
    names = {"cs": cs}
    exec(said["python"].partition("result =")[0], names)
    made, meant = names["scenario"], session.files.scenario(settings)
    assert (made.envelopes.total_wan, made.growth) == (meant.envelopes.total_wan, meant.growth)
    assert made.envelopes.category_wan == meant.envelopes.category_wan
    assert [item.key for item in made.items] == [item.key for item in meant.items] == order


def test_what_no_parameter_can_say_is_saved_as_a_file(desk_state):
    settings = Settings("baseline", {"growth": {"value": 0.05, "log_sd": 0.3}})
    session = session_of(desk_state, settings)
    assert values_of(settings, session.parameters.in_file(session.draft)) is None
    said = reproduction(session, ZH)
    assert said["command"] == said["python"] == "" and "保存" in said["remark"]
    assert "plan.yaml" in reproduction(session_of(desk_state, Settings("plan")), ZH)["remark"]


def test_the_doubt_about_a_number_comes_back_with_the_number(desk_state):
    """Moved over 0 it was lost, and drifted with every move: it goes in proportion from the file's."""
    session = Session(desk_state)
    session.first_result()
    direct = Settings("baseline").with_value(session.parameters.in_file(session.draft)["growth"], 0.1)
    for value in (0.0, 0.3, 0.1):
        now = next(one for one in session.adjustables() if one.key == "growth")
        asyncio.run(session.set_value(now, value))
    assert session.settings == direct
