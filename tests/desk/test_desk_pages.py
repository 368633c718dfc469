"""The pages of scenarios and of the measure, without a browser: what they compute, say, save and refuse."""

import asyncio
import re

import panel as pn
import pytest
from every_day import some_are_slow

pytest.importorskip("panel")

from bokeh.document import Document
from bokeh.models import ColumnDataSource

from changji_sim import Live, load_scenario
from changji_sim.base.faults import FaultyInput
from changji_sim.base.yaml_lines import MAX_BYTES
from changji_sim.desk.app import Desk
from changji_sim.desk.pages.related_pictures import most_moved
from changji_sim.desk.pages.scenarios_page import chip_label
from changji_sim.desk.state import saving
from changji_sim.desk.state.address import settings_in
from changji_sim.desk.state.alternatives import MOST, NOW, Alternatives
from changji_sim.desk.state.desk_state import DeskState
from changji_sim.desk.state.observations import used_in_order
from changji_sim.desk.state.session import Session
from changji_sim.desk.state.settings import Settings
from changji_sim.desk.state.shared_results import Results, says_the_same
from changji_sim.desk.widgets.background import Job, Stopped
from changji_sim.desk.widgets.hiding import is_away
from changji_sim.desk.widgets.order_control import OrderControl
from changji_sim.desk.widgets.ui_text import PictureTranslator
from changji_sim.measure import load_measure, parse_reform
from changji_sim.reports.headline import headline
from changji_sim.results.caveats import notes
from changji_sim.scenario_file.load import find_scenario

TRIALS = 60
NASTY = "<script>alert(1)</script>"
PLAN = f"""# a planner's own words
name: plan
title: 方案{NASTY}
extends: baseline
items:
  exchange:
    guide:
      max_item_year_wan: 300  # 先按三百
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    return tmp_path


@pytest.fixture
def desk_state(folder):
    paths = {name: find_scenario(name) for name in ("baseline", "growth")}
    return DeskState({**paths, "plan": folder / "plan.yaml"}, trials=TRIALS, seed=1, save_folder=folder)


def begun(desk_state, name="baseline"):
    session = Session(desk_state, Settings(name))
    session.first_result()
    return session


def ceiling(session):
    return next(one for one in session.adjustables() if one.key == "exchange.max_item_year_wan")


def page(desk_state, key, session=None, language="zh"):
    desk = Desk(desk_state, session or begun(desk_state), language, key)
    return desk, desk._pages[key]


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_saving_keeps_comments_and_goes_on_from_the_file(desk_state, folder):
    session = begun(desk_state, "plan")
    asyncio.run(session.set_value(ceiling(session), 250))
    file = saving.to_save(session, "plan")
    assert file.ask == ""
    asyncio.run(saving.save(session, file))
    text = (folder / "plan.yaml").read_text(encoding="utf-8")
    assert "max_item_year_wan: 250  # 先按三百" in text and text.startswith("# a planner's own words")
    assert session.settings == Settings("plan") and ceiling(session).value == 250


@pytest.mark.slow
def test_a_file_another_user_changed_meanwhile_is_asked_about_and_keeps_their_changes(desk_state, folder):
    session = begun(desk_state, "plan")
    asyncio.run(session.set_value(ceiling(session), 250))
    theirs = PLAN.replace("extends: baseline", "extends: baseline\ngrowth: 0.1  # theirs")
    (folder / "plan.yaml").write_text(theirs, encoding="utf-8")
    file = saving.to_save(session, "plan")
    assert file.ask == "another_user"
    assert (folder / "plan.yaml").read_text(encoding="utf-8") == theirs
    asyncio.run(saving.save(session, file))
    assert load_scenario(folder / "plan.yaml").growth.value == 0.1
    assert ceiling(session).value == 250


def with_theirs(number):
    return PLAN.replace("extends: baseline", f"extends: baseline\ngrowth: {number}  # theirs")


def test_what_is_saved_while_a_question_stands_is_not_written_over(desk_state, folder):
    session, path = begun(desk_state, "plan"), folder / "plan.yaml"
    asyncio.run(session.set_value(ceiling(session), 250))
    path.write_text(with_theirs(0.1), encoding="utf-8")
    file = saving.to_save(session, "plan")
    path.write_text(with_theirs(0.2), encoding="utf-8")
    with pytest.raises(FaultyInput, match="that file stands"):
        asyncio.run(saving.save(session, file))
    assert path.read_text(encoding="utf-8") == with_theirs(0.2)


@pytest.mark.slow
def test_a_file_changed_while_a_question_stands_is_asked_about_again(desk_state, folder):
    session, path = begun(desk_state, "plan"), folder / "plan.yaml"
    asyncio.run(session.set_value(ceiling(session), 250))
    files = page(desk_state, "scenarios", session)[1].save_card
    files.name.value_input = "plan"
    path.write_text(with_theirs(0.1), encoding="utf-8")
    asyncio.run(files._pressed_save(None))
    assert files._yes.visible
    path.write_text(with_theirs(0.2), encoding="utf-8")
    asyncio.run(files._confirmed(None))
    assert files._yes.visible and path.read_text(encoding="utf-8") == with_theirs(0.2)
    asyncio.run(files._confirmed(None))
    assert not files._yes.visible and load_scenario(path).growth.value == 0.2
    assert "max_item_year_wan: 250" in path.read_text(encoding="utf-8")


def test_another_file_of_the_name_is_asked_about(desk_state):
    session = begun(desk_state)
    assert saving.to_save(session, "plan").ask == "there"


def test_of_a_scenario_that_ships_only_differences_are_written(desk_state, folder):
    session = begun(desk_state)
    asyncio.run(session.set_value(ceiling(session), 250))
    asyncio.run(saving.save(session, saving.to_save(session, "试算")))
    text = (folder / "试算.yaml").read_text(encoding="utf-8")
    assert "extends: baseline" in text and len(text.splitlines()) < 12
    assert "试算" in desk_state.known and "试算" in Session(desk_state).files.names


@pytest.mark.slow
@pytest.mark.parametrize("provenance", [saving.Provenance(), saving.Provenance("州财政局2026年预算", "A")])
def test_a_saved_number_has_the_source_given_or_is_marked_to_have_none(desk_state, folder, provenance):
    """It was saved without either, and the note that it is no forecast was gone."""
    session = begun(desk_state)
    every = {one.key: one for one in session.adjustables()}
    asyncio.run(session.set_value(every["envelopes.total"], 9000))
    asyncio.run(session.set_value({one.key: one for one in session.adjustables()}["growth"], 0.1))
    assert session.scenario.has_tried_envelope
    asyncio.run(saving.save(session, saving.to_save(session, "试算", provenance)))
    saved = load_scenario(folder / "试算.yaml")
    source = provenance.source or "看板试算，未注明来源"
    assert saved.envelopes.total_wan[2026] == 9000 and saved.growth.value == 0.1
    assert (saved.envelopes.source, saved.envelopes.mark) == (source, provenance.mark)
    assert (saved.growth.source, saved.growth.mark) == (source, provenance.mark)
    assert any("不作预测" in note for note in notes(session.result, "zh")) == (provenance.mark == "D")


@pytest.mark.parametrize("name", ["", "a/b", "..", "a:b", "<b>", " x", "a" * 200, "a\nb", "CON", "aux.txt", "x."])
def test_names_that_cannot_be_are_refused(desk_state, folder, name):
    before = sorted(folder.iterdir())
    with pytest.raises(FaultyInput):
        saving.to_save(begun(desk_state), name)
    assert sorted(folder.iterdir()) == before


@pytest.mark.slow
def test_a_tried_reform_is_a_file_of_its_own(desk_state, folder):
    session = begun(desk_state)
    asyncio.run(session.try_reform(True))
    asyncio.run(session.set_value(ceiling(session), 500))
    assert session.settings.reform
    text = saving.scenario_text(session, "over", folder / "over.yaml")
    assert "500" not in text  # the guide may not go beyond the law
    reform = parse_reform(saving.reform_file(session, "提高"), "提高.yaml", load_measure())
    assert reform.title == "提高" and reform.changes[0].value == 500
    assert parse_reform(saving.reform_file(session, "2026"), "2026.yaml", load_measure()).title == "2026"
    asyncio.run(saving.save(session, saving.to_save(session, "over")))
    assert ceiling(session).value == 500


def test_a_file_that_comes_is_one_sessions_alone(desk_state):
    session, other = begun(desk_state), begun(desk_state)
    settings = saving.take_file(session, "../../plan.yaml", PLAN.encode())
    assert settings.scenario == "plan-2" and "plan-2" in session.files.names and "plan-2" not in other.files.names
    asyncio.run(session.change(settings))
    assert ceiling(session).value == 300
    assert saving.to_save(session, "plan").ask == "there"


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"a: [", b"name: x\nextends: baseline\nnothing: 1\n", b"extends: ../../secret\n"]
)
def test_a_faulty_file_is_sentences_with_lines(desk_state, content):
    session = begun(desk_state)
    with pytest.raises(FaultyInput) as error:
        saving.take_file(session, "x.yaml", content)
    assert all(str(fault).startswith("x.yaml") for fault in error.value.faults)
    assert session.files.names == tuple(desk_state.paths)


@pytest.mark.parametrize(
    "name", ["{folder}/secret.yaml", "secret", "./secret.yaml", "{folder}/nothing.yaml", "nothing"]
)
def test_a_file_that_comes_extends_no_file_but_those_that_are_open(desk_state, folder, name):
    (folder / "secret.yaml").write_text("growth: hunter2\n", encoding="utf-8")
    with pytest.raises(FaultyInput, match="may extend baseline, growth, plan") as error:
        saving.take_file(begun(desk_state), "x.yaml", f"extends: {name.format(folder=folder)}\n".encode())
    assert "hunter2" not in str(error.value) and str(error.value).startswith("x.yaml:1")


def test_a_file_that_comes_extends_one_that_is_open(desk_state):
    session = begun(desk_state)
    asyncio.run(session.change(saving.take_file(session, "x.yaml", b"extends: plan\n")))
    assert ceiling(session).value == 300


# --- results ----------------------------------------------------------------------------------------------------------


def test_results_are_found_by_what_scenarios_say(desk_state):
    results, session = Results(), begun(desk_state)
    first = session.result
    results.keep(first)
    assert results.of(session.draft.scenario({})) is first
    other = session.draft.scenario({"items.exchange.guide.max_item_year_wan": 300})
    assert results.of(other) is None and not says_the_same(other, first.scenario)


def test_a_changed_parent_or_register_is_read_again(desk_state, folder):
    rows = "application_id,item,applicant,submitted,requested_wan\n1,exchange,甲,2026-03-01,"
    (folder / "rows.csv").write_text(f"{rows}5\n", encoding="utf-8")
    register = "items: {exchange: {assumptions: {registers: {2026: rows.csv}}}}"
    (folder / "child.yaml").write_text(f"extends: plan\n{register}\n", encoding="utf-8")
    desk_state.paths["child"] = folder / "child.yaml"
    first = desk_state.draft("child")
    assert desk_state.draft("child") is first
    (folder / "plan.yaml").write_text(PLAN.replace("300", "250"), encoding="utf-8")
    second = desk_state.draft("child")
    exchange = next(item for item in second.original.items if item.key == "exchange")
    assert exchange.modes[2026].max_item_year_wan == 250
    (folder / "rows.csv").write_text(f"{rows}6\n", encoding="utf-8")
    third = desk_state.draft("child")
    assert third is not second and not says_the_same(third.original, second.original)
    (folder / "plan.yaml").write_text("items: [", encoding="utf-8")
    assert desk_state.draft("child") is third  # at fault: what was read before stays


def test_alternatives_are_worked_out_once(desk_state):
    session = begun(desk_state)
    alternatives = Alternatives.of(session)
    offered = alternatives.offered(PictureTranslator("zh"))
    assert {NOW, "scenario:growth", "reform:exchange-500"} <= set(offered)
    every = [offered["scenario:baseline"], offered["scenario:growth"], offered["reform:exchange-500"]]
    assert [one.key for one in alternatives.missing(every)] == ["scenario:growth", "reform:exchange-500"]
    for one in alternatives.missing(every):
        alternatives.work_out(one, lambda done, of: None)
    assert not alternatives.missing(every)
    assert alternatives.result(every[0]) is session.result


def test_a_job_ends_when_it_is_told_to():
    async def run():
        job, seen = Job(PictureTranslator("zh")), []

        def work(progress):
            for step in range(10_000):
                progress(step, 10_000)
                seen.append(step)
                if step == 5:
                    job.stop()
            return "done"

        assert await job.run(work, "…") is None
        assert len(seen) == 6 and not job.is_running and not job.view.visible
        assert await job.run(lambda progress: "done", "…") == "done"

    asyncio.run(run())


def test_what_goes_wrong_in_a_job_is_heard_of():
    def work(progress):
        raise FaultyInput([])

    with pytest.raises(FaultyInput):
        asyncio.run(Job(PictureTranslator("en")).run(work, ""))
    assert issubclass(Stopped, Exception)


# --- the page of scenarios --------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_page_begins_with_the_file_and_the_settings_which_are_the_same(desk_state):
    _, scenarios = page(desk_state, "scenarios")
    assert scenarios.alternatives.chosen == ["scenario:baseline", NOW]
    assert "恰好为0" in scenarios._note.object and "没有差异" in scenarios._differing.object
    assert "各项资金恰好相同" in scenarios._lead._words.object
    assert scenarios._table.object.startswith("<details><summary>与第1个恰好相同的6行</summary>")
    assert [card.view.visible for card in scenarios._fans] == [True, True, False, False]
    others = scenarios._lead.view, scenarios.difference.view, scenarios._differing_card
    assert not any(card.visible for card in others), "that nothing differs is said once"


@pytest.mark.slow
def test_a_change_is_compared_with_the_file_at_once(desk_state):
    desk, scenarios = page(desk_state, "scenarios")

    async def turn():
        await desk.session.set_value(ceiling(desk.session), 200)

    asyncio.run(turn())
    assert "400万元 → <b>200万元</b>" in scenarios._differing.object
    assert "参数差异：科技交流活动 · 每年总额上限：400万元 → 200万元</p>" in scenarios._lead._words.object
    assert "第十三条（三）" in scenarios._differing.object
    assert "除科技交流活动外，还牵动" in scenarios._differing.object and "第十四条" in scenarios._differing.object
    assert "恰好为0。" not in scenarios._note.object
    others = scenarios._lead.view, scenarios.difference.view, scenarios._differing_card
    assert all(card.visible for card in others)


@pytest.mark.slow
def test_chips_add_and_remove_and_the_base_moves(desk_state):
    _, scenarios = page(desk_state, "scenarios")

    async def choose():
        await scenarios._choose(["scenario:baseline", "scenario:growth", "reform:extend-2031"])
        await scenarios._work_out()

    asyncio.run(choose())
    assert "基准区间3–15%的高端" in scenarios._differing.object
    assert "2031" in scenarios._table.object
    short = scenarios._table.object.split("<b>缺口概率</b>")[1].split("<b>立项额</b>")[0]
    assert short.startswith("；末列为任一年出现缺口的概率")
    assert "个百分点" in short and not re.search(r"[+−][\d.]+%", short)
    assert [card.view.visible for card in scenarios._fans] == [True, True, True, False]
    shown, _, folded = scenarios._table.object.partition("<details>")
    assert shown.count("<tr>") > 10 and folded.count("控制数") == 1  # growth has the same envelope
    words = scenarios._lead._words.object
    assert words.count('<p class="sentence">') == words.count("参数差异：") == 2
    tops = {card.picture._figure.y_range.end for card in scenarios._fans[:3]}
    assert len(tops) == 1
    asyncio.run(scenarios._choose(["scenario:growth", "scenario:baseline"]))
    assert scenarios._base.value == "scenario:growth"
    assert "110（80–140） → <b>80（50–110）</b>" in scenarios._differing.object


@pytest.mark.slow
def test_settings_put_aside_stay_what_they_were(desk_state):
    desk, scenarios = page(desk_state, "scenarios")

    async def go():
        await desk.session.set_value(ceiling(desk.session), 200)
        await scenarios._keep(None)
        await desk.session.set_value(ceiling(desk.session), 100)

    asyncio.run(go())
    assert scenarios.alternatives.chosen == ["scenario:baseline", NOW, "kept:0"]
    assert "<b>200万元</b>" in scenarios._differing.object and "<b>100万元</b>" in scenarios._differing.object
    assert len(scenarios.alternatives.chosen) <= MOST


@pytest.mark.slow
def test_nothing_of_a_file_runs(desk_state):
    session = begun(desk_state, "plan")
    _, scenarios = page(desk_state, "scenarios", session)
    said = scenarios._table.object + scenarios._differing.object + scenarios._note.object
    assert "<script" not in said and "&lt;script" in said
    asyncio.run(scenarios.open_card._brought_file(type("Event", (), {"new": f"{NASTY}: 1\n".encode()})))
    assert "<script" not in scenarios.open_card._brought.object and "未载入" in scenarios.open_card._brought.object


@pytest.mark.slow
def test_the_link_to_a_file_that_was_brought_says_how_long_it_opens(desk_state):
    """It was said to open nowhere else, though the desk keeps the file for it."""
    session = begun(desk_state)
    mine = saving.take_file(session, "mine.yaml", PLAN.replace("name: plan", "name: mine").encode())
    asyncio.run(session.change(mine, "open"))
    card = page(desk_state, "scenarios", session)[1].open_card
    card.refresh()
    assert "file=" in card.link.value
    assert "看板重新启动，或其后又载入20个文件，链接即失效" in card._about_link.object


@pytest.mark.slow
def test_an_upload_that_is_refused_says_so_and_raises_nothing(desk_state):
    """The library raised where its own script reported an error, which blanked the pages of other sessions."""
    _, scenarios = page(desk_state, "scenarios")
    card = scenarios.open_card
    card.file._handle_msg({"status": "error", "error": "the file is too large"})
    assert "未载入" in card._brought.object
    card._brought.object = ""
    about = {"status": "upload_event", "name": "x.yaml", "mime_type": "", "chunk": 1}
    for more in ({"total_chunks": 1, "data": b"a" * (MAX_BYTES + 1)}, {"total_chunks": 3, "data": b"a"}, {}):
        card._brought.object = ""
        card.file._handle_msg(about | more)
        assert "未载入" in card._brought.object and not card.file._file_buffer and not card.file._buffer
    card.file._handle_msg(about | {"total_chunks": 1, "data": PLAN.encode()})
    assert card.file._buffer[0]["value"] == PLAN.encode()


@pytest.mark.slow
def test_the_link_and_downloads_follow_the_settings(desk_state):
    desk, scenarios = page(desk_state, "scenarios")
    files = scenarios.save_card
    before = scenarios.open_card.link.value
    asyncio.run(desk.session.set_value(ceiling(desk.session), 200))
    assert scenarios.open_card.link.value != before and "200" in scenarios.open_card.link.value
    files.name.value_input = "我的方案"
    text = files._scenario_bytes().read().decode("utf-8")
    assert "name: 我的方案" in text and "200" in text
    files.name.value_input = "a/b"
    assert files._save.disabled and files._download.disabled


@pytest.mark.slow
def test_saving_from_the_page_says_so(desk_state, folder):
    desk, scenarios = page(desk_state, "scenarios")
    files = scenarios.save_card
    files.name.value_input = "plan"

    async def save():
        await files._pressed_save(None)
        assert files._yes.visible and "同名" in files._question.object
        await files._declined(None)
        assert (folder / "plan.yaml").read_text(encoding="utf-8") == PLAN
        files.name.value_input = "新的"
        await files._pressed_save(None)

    asyncio.run(save())
    assert "已保存为 新的.yaml" in files._said.object
    assert desk.session.settings.scenario == "新的"


@pytest.mark.slow
def test_pictures_reach_the_document(desk_state):
    _, scenarios = page(desk_state, "scenarios", language="en")
    root = scenarios.view.get_root(Document())
    assert len(list(root.select({"type": ColumnDataSource}))) > 5
    assert "exactly 0" in scenarios._note.object


@pytest.mark.parametrize("key", some_are_slow(["overview", "assumptions", "caps"], ["assumptions"]))
def test_new_numbers_go_into_the_pictures_that_stand(desk_state, key):
    """However many futures there are, and whichever caps bind in them: drawing anew holds everybody up."""
    session = begun(desk_state)
    shown = page(desk_state, key, session)[1]
    figures = [card.picture.pane.object for card in shown.cards]
    settings = session.settings.with_value(ceiling(session), 150, False)
    scenario = session.files.scenario(settings)
    more = Live(scenario, trials=20 * TRIALS).run(calendar_of=used_in_order(scenario), has_matching_funds=True)
    shown.bring_up(more)
    assert [card.picture.pane.object for card in shown.cards] == figures


@pytest.mark.slow
def test_going_back_is_no_change_of_its_own(desk_state):
    desk, _ = page(desk_state, "scenarios")

    async def there_and_back():
        await desk.session.set_value(ceiling(desk.session), 200)
        await desk.session.undo()
        marked = asyncio.Event()

        async def mark():
            marked.set()

        pn.state.execute(mark)  # goes the way that widgets tell, behind all that they would have told
        await asyncio.wait_for(marked.wait(), 60)

    asyncio.run(there_and_back())
    assert desk.session.settings == Settings("baseline") and desk.session.history.after
    asyncio.run(desk.session.change(Settings("growth"), "open"))
    assert desk.session.settings == Settings("growth")


@pytest.mark.slow
def test_a_few_futures_wait_for_all(desk_state):
    _, scenarios = page(desk_state, "scenarios")
    before = scenarios._table.object
    few = load_scenario("baseline").run(TRIALS // 2, 1)
    assert scenarios.prepare(few) is None
    scenarios.show(few, None)
    assert scenarios._table.object == before


@pytest.mark.slow
def test_after_a_change_every_picture_and_tile_has_what_the_file_says(desk_state):
    """A file is compared with as soon as a setting differs, and no longer when it does not."""
    desk, overview = page(desk_state, "overview")
    desk._open("caps")
    session, caps = desk.session, desk._pages["caps"]
    pictures = [card.picture for card in (*overview.cards[:2], *caps.cards[:2], caps.cards[4])]

    def show(key):
        desk._open(key)
        asyncio.run(session.show(session.settings, session.scenario))  # with what this page has recorded

    async def change():
        for name, amount in (("envelopes.total", 4000), ("exchange.max_item_year_wan", 150)):
            await session.set_value(next(one for one in session.adjustables() if one.key == name), amount)

    asyncio.run(change())
    show("overview")
    assert ["情景文件中的值" in picture._legend.object for picture in pictures] == [True] * 5
    assert "上限150万元" in caps._calendar._sentence.object  # the guide's own, below the law's that was chosen
    assert "（情景文件 " in overview._numbers.object and "情景文件为 " in overview._headline.object
    assert f"情景文件：{headline(session.files.first_result('baseline')).sentence}" in overview._headline.object
    words = [list(layer.columns.get("text", ())) for layer in overview.cards[2].picture._drawing.layers]
    assert any("\n原" in text for texts in words for text in texts)

    async def back():
        while session.settings.is_changed:
            await session.undo()

    asyncio.run(back())
    show("caps")
    assert not any("情景文件中的值" in picture._legend.object for picture in pictures)
    assert "情景文件" not in overview._numbers.object + overview._headline.object


# --- the page of assumptions ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_parameter_is_found_and_what_was_changed_is_listed_with_one_click_back(desk_state):
    desk, shown = page(desk_state, "assumptions")
    session = desk.session
    titles = {item.key: item.title for item in session.scenario.items}
    assert not shown.changed.view.visible
    for one in session.adjustables()[::9]:
        shown._find.value_input = f"{one.key} {titles.get(one.group, '')}".lower()
        assert one.key in shown._found, one.key
    assert is_away(shown._panels["*", False].view) and not is_away(shown.results)
    shown._find.value_input = "nothing of the kind"
    assert "找到0项" in shown.found.objects[0].object and len(shown.found.objects) == 1
    shown._find.value_input = ""
    assert not is_away(shown._panels["*", False].view)

    async def change():
        every = {one.key: one for one in session.adjustables()}
        await session.set_value(every["envelopes.total"], 7000)
        order = next(control for control in shown._panels["*", False].controls if isinstance(control, OrderControl))
        order.item.value, order.place.value = order.adjustable.value[-1], 1
        await order._move()
        await session.set_value(every["envelopes.categories.special"], 500)
        await session.set_value(every["exchange.applications.low"], 1)
        await shown._panels["*", False]._split(next(one for one in session.adjustables() if one.key == "growth"))

    asyncio.run(change())
    shown = desk._pages["assumptions"]  # built anew: there is a number of growth for each year
    rows = {key: text.object for key, text in shown.changed._texts.items()}
    assert "8,000万元 → <b>7,000万元</b>" in rows["envelopes.total"]
    assert set(rows) == {
        "envelopes.total",
        "priority",
        "envelopes.categories.special",
        "exchange.applications",
        "growth.value",
    }
    assert "逐年设定" in rows["growth.value"] and "不设 → <b>500万元</b>" in rows["envelopes.categories.special"]
    assert "（1至" in rows["exchange.applications"] and "growth.2027" in {one.key for one in session.adjustables()}
    assert session.scenario.items[0].key == load_scenario("baseline").items[-1].key
    link = session.query()
    assert settings_in(link, desk_state) == session.settings
    assert Settings.of_link(session.settings.link(), desk_state.known) == session.settings

    async def back():
        for key in list(rows):
            await desk._pages["assumptions"].changed._restore(key)

    asyncio.run(back())
    assert not session.settings.is_changed and not desk._pages["assumptions"].changed.view.visible
    assert "growth" in {one.key for one in session.adjustables()}


# --- the page of the measure ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_provision_can_be_opened_in_both_languages(desk_state):
    session = begun(desk_state)
    for language in ("zh", "en"):
        _, measure = page(desk_state, "measure", session, language)
        assert 20 < len(measure._listed) < len(measure.law.provisions)
        measure.only.value = False
        for number in range(len(measure.law.provisions)):
            measure.list.active = (number,)
            assert measure.details.object.count("<h3>") == 1
        assert len(measure._listed) == len(load_measure().provisions)


def test_details_say_values_caps_readings_and_what_is_touched(desk_state):
    _, measure = page(desk_state, "measure")
    measure.find.value_input = "11(3)"
    assert [one.article for one in measure._listed] == ["第十一条（三）"]
    measure.list.active = (0,)
    said = measure.details.object
    for words in ("≤ 20万元", "技术交易补助 · 每家每年", "技术交易补助的申领主体", "（现用）", "奖补"):
        assert words in said
    measure.find.value_input = "nothing of the kind"
    assert "没有" in measure._none.object


@pytest.mark.slow
def test_links_lead_to_the_items_numbers(desk_state):
    desk, measure = page(desk_state, "measure")
    measure.find.value_input = "13(3)"
    measure.list.active = (0,)
    measure.go("assumptions", "exchange")
    assert desk.current == "assumptions" and desk._pages["assumptions"].group == "exchange"


@pytest.mark.slow
def test_prices_are_worked_out_when_asked_for_and_grow_old(desk_state):
    desk, measure = page(desk_state, "measure")
    assert measure.readings.table.object == ""

    async def press():
        await measure.readings._pressed(None)
        await measure.reforms._pressed(None)

    asyncio.run(press())
    assert "恰好为0" in measure.readings.table.object and "情景未给出施行的具体日期" in measure.readings.table.object
    assert "有效期延长到2031年" in measure.reforms.table.object
    asyncio.run(desk.session.set_value(ceiling(desk.session), 200))
    assert "改动之前" in measure.readings._note.object
    _, english = page(desk_state, "measure", desk.session, "en")
    assert "exactly 0" in english.readings.table.object  # kept, in the other language


# --- what people type -------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_future_there_is_not_becomes_the_nearest(desk_state):
    _, ledger = page(desk_state, "ledger")
    for typed, there in ((TRIALS + 5, TRIALS - 1), (-5, 0), (7, 7), (None, 0)):
        ledger._trial.param.update(value=typed)
        assert ledger._trial.value == there


@pytest.mark.slow
def test_the_row_that_is_marked_is_the_one_whose_story_is_told(desk_state):
    _, ledger = page(desk_state, "ledger")
    for widget, chosen in ((None, None), (ledger._trial, 3), (ledger._year, 2028), (ledger._item, "contest")):
        if widget:
            widget.value = chosen
            assert (ledger._rows.selection, ledger._rows.page) == ([0], 1)
        (row,) = ledger._rows.selection
        assert f"第{row + 1}份" in ledger._title.object


@pytest.mark.slow
def test_a_question_about_one_name_goes_when_another_is_typed(desk_state):
    _, scenarios = page(desk_state, "scenarios")
    files = scenarios.save_card
    files.name.value_input = "plan"
    asyncio.run(files._pressed_save(None))
    assert files._yes.visible
    files.name.value_input = "别的"
    assert not files._yes.visible and not files._question.object


@pytest.mark.slow
def test_nothing_is_saved_under_the_name_of_what_ships(desk_state):
    _, scenarios = page(desk_state, "scenarios")
    files = scenarios.save_card
    files.name.value_input = "baseline"
    assert files._save.disabled and "自带" in files.name.helper_text
    files.name.value_input = "plan"
    assert not files._save.disabled and not files.name.helper_text


@pytest.mark.slow
def test_a_change_brings_the_pictures_it_moves_most(desk_state):
    desk, shown = page(desk_state, "assumptions")
    related, session = shown.related, desk.session
    total = next(one for one in session.adjustables() if one.key == "envelopes.total")
    before = session.result

    def chosen():
        return [card.choice("picture").value for card in related.cards]

    async def move():
        await session.set_value(total, 4_000)
        for _ in range(500):
            if chosen() != ["fan", "structure"]:
                return
            await asyncio.sleep(0.01)

    asyncio.run(move())
    keys = chosen()
    order = most_moved(before, session.result, "zh")
    assert set(keys) == set(order[:2]) and related.follows.value
    assert len(order) == 4
    related.cards[0].choice("picture").value = "tail"
    assert not related.follows.value and related.cards[0]._choices == {"picture": "tail"}


def test_a_scenarios_chip_has_room_for_the_titles_of_reforms_in_either_language():
    english, chinese = "Grants up to 25% of total investment", "技术交易每家每年上限提高到30万元"
    for title in (f"current + reform: {english}", f"当前＋办法调整方案：{chinese}"):
        assert chip_label(title) == title
    assert chip_label("字" * 90) == "字" * 39 + "…"
    assert chip_label("a " * 90) == ("a " * 40)[:79] + "…"
