"""Settings in the address of the page: what it says, what comes back from it, what it refuses."""

import asyncio
import random

import pytest
from random_values import random_value

pytest.importorskip("panel")

from bokeh.document import Document

from changji_sim.adjustable import adjustables
from changji_sim.base.faults import FaultyInput
from changji_sim.desk.app import PAGE_KEYS, Desk
from changji_sim.desk.state import saving
from changji_sim.desk.state.address import query_of, settings_in
from changji_sim.desk.state.desk_state import DeskState
from changji_sim.desk.state.session import Session, return_to
from changji_sim.desk.state.settings import History, Settings
from changji_sim.desk.widgets.address_bar import AddressBar
from changji_sim.scenario_file.load import find_scenario

PLAN = "name: plan\nextends: baseline\nitems: {exchange: {guide: {max_item_year_wan: 300}}}\n"


@pytest.fixture(scope="module")
def desk_state(tmp_path_factory):
    folder = tmp_path_factory.mktemp("address")
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    paths = {"baseline": find_scenario("baseline"), "plan": folder / "plan.yaml"}
    return DeskState(paths, trials=20, seed=1, save_folder=folder)


def begun(desk_state):
    session = Session(desk_state)
    session.first_result()
    return session


def set_value(session, key, value):
    one = next(one for one in session.adjustables() if one.key == key)
    asyncio.run(session.set_value(one, value))


@pytest.mark.slow
def test_an_address_says_what_differs_from_the_file_and_brings_it_back(desk_state):
    session = begun(desk_state)
    assert session.query() == {}
    set_value(session, "envelopes.total", 9000.0)
    set_value(session, "growth", 0.1)  # its range goes with it
    set_value(session, "readings.enterprise", "group")
    asyncio.run(session.try_reform(True))
    set_value(session, "exchange.max_item_year_wan", 500.0)
    assert saving.link_of(session, "http://host:5006/?growth=0.3") == (
        "http://host:5006/?envelopes.total=9000&growth=0.1&readings.enterprise=group"
        "&exchange.max_item_year_wan=500&reform.exchange.max_item_year_wan=500"
    )
    other = saving.begin(desk_state, session.query())
    assert other.settings == session.settings and not other.faults and other.is_reforming
    asyncio.run(other.change(Settings("plan"), "open"))
    assert other.query() == {"scenario": "plan"}


@pytest.mark.slow
def test_an_address_and_a_link_carry_any_settings(desk_state):
    """Whatever was changed in whatever order: what names of parameters cannot say stands by its path, or as a link."""
    random_, sorts = random.Random(11), []
    settings = Settings("baseline")
    numbers = [one for one in adjustables(desk_state.draft("baseline")) if not one.is_fixed and one.value is not None]
    for _ in range(8):
        for one in random_.sample(numbers, 5):
            settings = settings.with_value(one, random_value(one, random_))
        sorts.append(settings)
    sorts += [Settings("baseline", {"growth": {"value": 0.05, "range": [0.01, 0.3]}}), Settings("plan")]
    sorts.append(Settings("baseline", {"name": "none"}))  # a word that an address writes for nothing
    for settings in sorts:
        in_file = {one.key: one for one in adjustables(desk_state.draft(settings.scenario))}
        assert settings_in(query_of(settings, in_file, "baseline"), desk_state) == settings
        assert settings_in({"s": settings.link()}, desk_state) == settings


BAD_LINKS = [
    "x", "[]", "{}", '{"scenario":"nobody"}', '{"scenario":"baseline","changes":[1]}', "[" * 10_000,
    '{"scenario":"baseline","changes":{"items.exchange.guide.max_item_year_wan":500}}',
    '{"scenario":"baseline","changes":{"growth":{"value":NaN}}}',
    '{"scenario":"baseline","changes":{"items":7}}', '{"scenario":"baseline","changes":{"":1}}',
    '{"scenario":"baseline","reform":[["a","b",1]]}',
    '{"scenario":"baseline","reform":[["exchange","max_item_year_wan",NaN]]}',
    '{"scenario":"baseline","changes":{"opening":"../../secret.csv"}}',
    '{"scenario":"baseline","changes":{"items.²":5}}',
    f'{{"scenario":"baseline","changes":{{"items.{"9" * 5000}":1}}}}',
    f'{{"scenario":"baseline","changes":{{"growth{".a" * 3000}":5}}}}',
    f'{{"scenario":"baseline","changes":{{"growth":{"[" * 900}{"]" * 900}}}}}',
    f'{{"scenario":"baseline","reform":[["exchange","max_item_year_wan",{"9" * 400}]]}}',
    '{"scenario":"baseline","reform":[["exchange","max_item_year_wan, value: 999, from: 2026} #",450]]}',
    '{"scenario":"baseline","changes":{"extends":"/etc/passwd"}}',
]  # fmt: skip


BAD_QUERIES = [
    {"nothing": "1"}, {"growth": "abc"}, {"growth": "NaN"}, {"growth": "[" * 5000}, {"envelopes.total": "-5"},
    {"envelopes.total": "9" * 400}, {"envelopes.total": "1e400"}, {"envelopes.total": "true"}, {"scenario": "nobody"},
    {"exchange.max_item_year_wan": "500"}, {"reform.exchange.max_item_year_wan": "x"}, {"reform.a.b": "1"},
    {"extends": "/etc/passwd"}, {"opening": "../../secret.csv"}, {"": "1"}, {"a" * 400: "1"}, {"items": "7"},
    {"readings.enterprise": "nobody"}, {"file": "abc", "scenario": "x"}, {"envelopes.pooling": "2"}, {"items.²": "5"},
]  # fmt: skip


@pytest.mark.parametrize("query", [*({"s": text} for text in BAD_LINKS), *BAD_QUERIES], ids=lambda one: str(one)[:60])
def test_a_bad_address_is_a_sentence_and_the_desk_opens_without_it(desk_state, query):
    session = saving.begin(desk_state, query)
    assert session.faults and session.settings == Settings("baseline") and session.result is not None
    assert all(fault.text("zh") and fault.text("en") for fault in session.faults)


def test_what_an_address_says_of_the_page_is_no_setting(desk_state):
    session = saving.begin(desk_state, {"page": "caps", "language": "en", "theme": "dark", "bokeh-x": "1"})
    assert session.settings == Settings("baseline") and not session.faults


def test_a_file_that_was_brought_is_found_by_its_address(desk_state):
    session = begun(desk_state)
    settings = saving.take_file(session, "mine.yaml", PLAN.replace("name: plan", "name: mine").encode())
    asyncio.run(session.change(settings, "open"))
    set_value(session, "envelopes.total", 7000.0)
    other = saving.begin(desk_state, session.query())
    assert not other.faults and other.settings == session.settings and other.scenario.name == "mine"
    assert other.query() == session.query() and other.result.scenario.name == "mine"


def test_back_finds_a_file_that_was_brought_before_a_reload(desk_state):
    """Back said that the file's name was not known, or opened another file of this name."""
    session, queries = begun(desk_state), []
    for text in (PLAN, PLAN.replace("300", "200")):
        session = begun(desk_state)
        settings = saving.take_file(session, "mine.yaml", text.replace("name: plan", "name: mine").encode())
        asyncio.run(session.change(settings))
        queries.append(session.query())
        asyncio.run(session.change(Settings("baseline")))
    reloaded = saving.begin(desk_state, session.query())
    for query in (*queries, queries[0]):
        asyncio.run(return_to(reloaded, query))
        assert not reloaded.faults and reloaded.query() == query
        found = next(one.value for one in reloaded.adjustables() if one.key == "exchange.max_item_year_wan")
        assert found == (300 if query == queries[0] else 200)


@pytest.mark.parametrize(("key", "moment", "steps"), [
    ("growth", 1.4, 1), ("growth", 1.6, 2), ("envelopes.total", 0.1, 2), ("", 0.1, 2),
])  # fmt: skip
def test_moves_of_one_slider_within_a_second_and_a_half_are_one_step(key, moment, steps):
    """Two jumps by Back were joined as moves of a slider, and the first was lost to undo."""
    one, two, three = (Settings("baseline", {"growth": number}) for number in (1, 2, 3))
    history = History(one)
    history.record(two, key and "growth", 0.0)
    history.record(three, key, moment)
    assert (len(history.before), history.moves, history.now) == (steps, steps, three)


def test_back_is_answered_before_its_run_ends():
    """What was changed meanwhile had no entry of its own in the browser's history."""
    bar, said = AddressBar(), []
    bar._send_msg = said.append

    async def changed_meanwhile():
        may_end = asyncio.Event()

        async def back(query):
            bar.param.update(move=1, query=query)
            await may_end.wait()

        bar.on_back = back
        following = asyncio.create_task(bar._follow("growth=0.1", 7))
        while not said:
            await asyncio.sleep(0)
        assert not following.done()
        bar.param.update(move=2, query="growth=0.2")
        may_end.set()
        await following

    asyncio.run(changed_meanwhile())
    assert said == [{"number": 7, "query": "growth=0.1", "move": 1}]


@pytest.mark.parametrize("path", ["a" * 301, ".".join("a" * 21), "extends", "measure", "measure.x"])
def test_the_path_of_a_links_change_is_short_and_leads_to_no_file(path):
    link = Settings("baseline", {path: 1}).link()
    with pytest.raises(FaultyInput, match="changes cannot be read"):
        Settings.of_link(link, {"baseline": None})


@pytest.mark.parametrize(("levels", "is_read"), [(18, True), (19, True), (20, False), (500, False)])
def test_the_value_of_a_links_change_is_shallow(levels, is_read):
    link = f'{{"scenario":"baseline","changes":{{"growth":{"[" * levels}{"]" * levels}}}}}'
    try:
        assert Settings.of_link(link, {"baseline": None}).changes and is_read
    except FaultyInput:
        assert not is_read


def test_too_many_changes_are_no_link(desk_state):
    session = begun(desk_state)
    session.history.now = Settings("baseline", {f"x.{n}": "y" * 100 for n in range(300)})
    assert session.query() is None and saving.link_of(session, "http://host/") == ""


@pytest.mark.slow
def test_the_page_s_address_follows_settings_page_and_language(desk_state):
    desk = Desk(desk_state, begun(desk_state), "zh")
    page = desk.page()
    page.get_root(Document())
    assert desk.address.query == ""
    set_value(desk.session, "envelopes.total", 9000.0)
    desk.go("answers")
    assert desk.address.query == "envelopes.total=9000&page=answers"
    desk._chose_language(type("Event", (), {"new": "en"}))
    page.dark_theme = True
    assert desk.address.query == "envelopes.total=9000&page=answers&language=en&theme=dark"
    desk.address._handle_msg({"page": ""})  # Back
    assert desk.current == PAGE_KEYS[0] and desk.address.query.startswith("envelopes.total=9000&language=en")
    desk.address._handle_msg({"query": "page=caps", "number": 1})
    assert desk.current == "caps" and not desk.session.settings.is_changed
    desk.address._handle_msg({"query": "envelopes.total=9000", "number": 2})
    assert not desk.session.history.before[-1].is_changed, "a step of redo"
    desk.address._handle_msg({"query": "envelopes.total=7000&page=caps", "number": 3})
    assert desk.address.query == "envelopes.total=7000&page=caps&language=en&theme=dark"
    desk.address._handle_msg({"query": "scenario=gone", "number": 4})
    assert desk.session.faults and desk.session.settings.changes, "what is no longer here is said"
    desk.address._handle_msg({"query": "", "number": 5})
    assert not desk.session.settings.is_changed and not desk.session.faults
    for odd in ({}, {"page": 1}, {"page": "nowhere"}, "page"):
        desk.address._handle_msg(odd)
        assert desk.current == PAGE_KEYS[0]
    page.dark_theme = False


@pytest.mark.parametrize(
    ("asked", "opened"),
    [("caps", "caps"), *(pytest.param(one, "overview", marks=pytest.mark.slow) for one in ("nowhere", ""))],
)
def test_an_address_opens_its_page(desk_state, asked, opened):
    assert Desk(desk_state, begun(desk_state), page=asked).current == opened


def test_each_step_has_a_number_of_its_own_and_moves_of_one_slider_are_one(desk_state):
    """Each is an entry of the browser's history, that Back leaves."""
    session = begun(desk_state)
    numbers = [session.history.moves]
    for key, value in (("envelopes.total", 9000.0), ("envelopes.total", 9100.0), ("growth", 0.05)):
        set_value(session, key, value)
        numbers.append(session.history.moves)
    for step in (session.undo, session.redo, session.redo):
        asyncio.run(step())
        numbers.append(session.history.moves)
    assert numbers == [0, 1, 1, 2, 3, 4, 4]
