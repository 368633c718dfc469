"""A number changed at the desk without a source is handed on as one that is tried, never as the file's own."""

import io
from dataclasses import replace

import pytest
from running import run_of

import changji_sim as cs
from changji_sim.adjustable import adjustables, reform_of
from changji_sim.measure import load_measure, parse_reform
from changji_sim.reports.assumption_list import assumption_list
from changji_sim.reports.briefing import sentences
from changji_sim.reports.terminal import result_view
from changji_sim.scenario_file.as_run import raw_as_run
from changji_sim.scenario_file.draft import Draft
from changji_sim.wording.labels import label
from changji_sim.wording.language import Translator, changed_places, changed_title

TRIALS, SEED = 100, 3
TRIED = {"zh": "控制数已改，未注明来源", "en": "the envelope was changed, no source given"}
TOTAL, GROWTH = "envelopes.total", "growth"


@pytest.fixture(scope="module")
def draft():
    return Draft("baseline")


@pytest.fixture(scope="module")
def turned(draft):
    """The envelope and the growth of applications, as sliders turn them."""
    sliders = {one.key: one for one in adjustables(draft)}
    total = next(one for one in sliders.values() if one.path == f"{TOTAL}.value")
    growth = next(one for one in sliders.values() if one.path == GROWTH)
    return draft.scenario({**total.change(9000), **growth.change(0.1)})


@pytest.fixture(scope="module")
def tried(turned):
    return run_of(turned, TRIALS, SEED)


def row(scenario, path, language="zh"):
    return next(one for one in assumption_list(scenario, language) if one.path == path)


# --- what is said -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_turned_envelope_is_said_to_be_tried(draft, tried, language):
    before = sentences(run_of(draft.original, TRIALS, SEED), language)[1]
    after = sentences(tried, language)[1]
    assert TRIED[language] in after and TRIED[language] not in before
    assert ("预测" if language == "zh" else "predicts nothing") in after
    notes = " ".join(tried.notes(language))
    assert ("控制数（预算额度）已改，未注明来源" if language == "zh" else "was changed, no source given") in notes


def test_an_envelope_turned_back_by_hand_does_not_lose_its_warning(draft):
    sliders = adjustables(draft)
    total = next(one for one in sliders if one.path == f"{TOTAL}.value")
    assert draft.scenario(total.change(9000)).has_tried_envelope
    assert draft.scenario(total.change(8000)).has_tried_envelope
    assert not draft.scenario({}).has_tried_envelope


def test_an_envelope_with_a_source_of_its_own_is_not_tried(draft):
    given = {"value": 9000, "source": "财政局文件", "mark": "A"}
    scenario = draft.scenario({TOTAL: given})
    assert scenario.changes == (TOTAL,) and not scenario.tried and not scenario.has_tried_envelope
    assert "未注明" not in sentences(run_of(scenario, TRIALS, SEED))[1]
    assert (row(scenario, TOTAL).source, row(scenario, TOTAL).line) == ("财政局文件", "已改")


def test_other_changes_leave_the_envelope_a_placeholder(draft):
    growth = next(one for one in adjustables(draft) if one.path == GROWTH)
    said = sentences(run_of(draft.scenario(growth.change(0.1)), TRIALS, SEED))[1]
    assert "暂估数" in said and "已改" not in said


def test_a_category_without_a_source_is_tried_though_the_total_has_one(draft):
    sourced = {"value": 9000, "source": "财政局文件", "mark": "A"}
    scenario = draft.scenario({TOTAL: sourced, "envelopes.categories.industry": {"value": 900}})
    assert scenario.tried == ("envelopes.categories.industry",) and scenario.has_tried_envelope


# --- what is counted and stated ---------------------------------------------------------------------------------------


def test_source_and_mark_are_no_places_of_their_own(turned):
    assert turned.changes == (TOTAL, GROWTH)
    assert [changed_places(turned, Translator(of)) for of in ("zh", "en")] == ["已改 2 处", "changed in 2 places"]
    assert changed_title(turned, Translator("zh")) == "基准情景（已改 2 处）"
    one = replace(turned, changes=(TOTAL,))
    assert changed_title(one, Translator("en")) == "Baseline (changed in 1 place)"


def test_changes_of_a_changed_scenario_add_up(turned):
    again = Draft.of(turned).scenario({"envelopes.total.growth": 0.1, TOTAL + ".value": 9500})
    assert again.changes == (TOTAL, GROWTH, "envelopes.total.growth")


def test_a_changed_row_credits_no_line_and_no_source_of_the_file(draft, turned):
    assert row(draft.original, TOTAL).line.startswith("baseline.yaml:")
    for path in (TOTAL, GROWTH):
        one = row(turned, path)
        assert (one.source, one.mark, one.line) == ("未注明来源", "", "已改")
        assert (row(turned, path, "en").source, row(turned, path, "en").line) == ("no source given", "changed")
    others = [one for one in assumption_list(turned) if one.path not in (TOTAL, GROWTH)]
    assert others == [one for one in assumption_list(draft.original) if one.path not in (TOTAL, GROWTH)]


@pytest.mark.parametrize("name", ["2026", "null", "1e3", "2026-01-01", "-", "true", "a: b", "提高'上限'", "#1", '"'])
def test_a_tried_reform_is_read_back_whatever_its_name(name):
    law = load_measure()
    reform = reform_of({("exchange", "max_item_year_wan"): 450}, law, name, title_en="")
    again = parse_reform(reform.text, f"{name}.yaml", law)
    assert (again.title, again.title_en) == (name, "")
    assert [(one.item, one.term, one.from_year, one.value) for one in again.changes] == [
        ("exchange", "max_item_year_wan", law.first_year, 450)
    ]


def test_what_was_changed_changes_no_number(draft, turned):
    plain = replace(turned, changes=())
    one, other = run_of(turned, TRIALS, SEED), run_of(plain, TRIALS, SEED)
    assert one.budget().equals(other.budget()) and one.caps().equals(other.caps())
    assert raw_as_run(turned) == turned.raw


# --- the files --------------------------------------------------------------------------------------------------------


def opened(result, language, *keys):
    """The workbook of a result, and some of its sheets."""
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    from changji_sim.reports.workbook.workbook import workbook

    book = openpyxl.load_workbook(io.BytesIO(workbook(result, language)))
    return book, [book[label(key, language, "pages")] for key in keys]


@pytest.mark.slow
@pytest.mark.parametrize(("language", "title", "about"), [
    ("zh", "基准情景（已改 2 处）", "情景 baseline · 已改 2 处"),
    ("en", "Baseline (changed in 2 places)", "scenario baseline · changed in 2 places"),
])  # fmt: skip
def test_the_workbook_says_so(tried, language, title, about):
    book, (overview, assumptions) = opened(tried, language, "overview", "assumptions")
    assert overview["A1"].value == title == book.properties.title
    assert overview["A2"].value.startswith(about)
    cells = [cell.value for cells in overview.iter_rows() for cell in cells if isinstance(cell.value, str)]
    standing = {"zh": "控制数（预算额度，已改，未注明来源）", "en": "Envelope (changed, no source given)"}[language]
    assert standing in cells and any(TRIED[language] in cell for cell in cells)
    changed = {"zh": ("未注明来源", "", "已改"), "en": ("no source given", "", "changed")}[language]
    rows = {cells[8]: cells[5:8] for cells in assumptions.iter_rows(min_row=2, values_only=True)}
    assert rows[TOTAL] == rows[GROWTH] == changed
    assert [path for path, about in rows.items() if about[2] == changed[2]] == [GROWTH, TOTAL]


@pytest.mark.slow
def test_the_page_says_so(tried):
    pytest.importorskip("holoviews")
    from changji_sim.reports.html_page import html_page

    text = html_page(tried)
    assert "<h1>基准情景（已改 2 处）</h1>" in text and "<title>基准情景（已改 2 处）</title>" in text
    assert "情景 baseline · 已改 2 处" in text and TRIED["zh"] in text


def test_pictures_name_the_envelope_so(tried):
    pytest.importorskip("holoviews")
    from changji_sim.views import PictureTranslator, envelope_title

    titles = [envelope_title(tried.scenario, PictureTranslator(of)) for of in ("zh", "en")]
    assert titles == ["控制数（预算额度，已改，未注明来源）", "envelope (changed, no source given)"]
    before = cs.load_scenario("baseline")
    assert envelope_title(before, PictureTranslator("zh")) == "控制数（预算额度，暂估数，D）"


# --- two caps of one name ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def guided(draft):
    return run_of(draft.scenario({"items.exchange.guide.max_item_year_wan": 50}), TRIALS, SEED)


@pytest.mark.slow
@pytest.mark.parametrize(("language", "law", "guide"), [
    ("zh", "核减：每年总额上限", "核减：每年总额上限（指南）"),
    ("en", "cut: ceiling per year", "cut: ceiling per year (guide)"),
])  # fmt: skip
def test_the_guides_cap_is_told_from_the_laws(guided, language, law, guide):
    _, (flows,) = opened(guided, language, "flows")
    rows = [(cells[-3:], cells[3]) for cells in flows.iter_rows(min_row=2, values_only=True)]
    of_exchange = {key[2]: title for key, title in rows if key[1] == "exchange"}
    assert (of_exchange["cut:item_year_max"], of_exchange["cut:item_year_max_guide"]) == (law, guide)
    named = {title: key[2] for key, title in rows}
    assert all(named[title] == key[2] for key, title in rows), "one name for two flows"


def test_the_terminal_tells_them_apart(guided):
    from rich.console import Console

    console = Console(width=200, file=io.StringIO())
    console.print(result_view(guided, "zh"))
    assert "每年总额上限（指南）" in console.file.getvalue()


# --- names of downloads -----------------------------------------------------------------------------------------------


def test_downloads_are_named_after_their_scenario(draft, turned, tried):
    pytest.importorskip("panel_material_ui")
    from changji_sim.desk.widgets.downloads import file_name
    from changji_sim.desk.widgets.export_buttons import export_buttons
    from changji_sim.desk.widgets.ui_text import PictureTranslator

    say = PictureTranslator("en")
    assert file_name(draft.original, "budget.xlsx", say) == "baseline-budget.xlsx"
    assert file_name(turned, "budget.xlsx", PictureTranslator("zh")) == "baseline-已改-budget.xlsx"
    odd = replace(draft.original, name="../a b\\c:<d>\u202e.昌吉" + "长" * 99)
    name = file_name(odd, "budget.xlsx", say)
    assert name.startswith("___a_b_c__d___昌吉长") and len(name.encode()) <= 255
    shown = [run_of(draft.original, TRIALS, SEED)]
    button = export_buttons(lambda: shown[0], say)[2]
    button.callback()
    assert button.filename == "baseline-budget.csv"
    shown[0] = tried
    button.callback()
    assert button.filename == "baseline-changed-budget.csv"
