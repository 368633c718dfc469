"""Words stand in one place: every title in both languages, none a second time in the code, all readers of one table."""

from __future__ import annotations

import ast
import io
import re

import pytest
from places import ROOT

from changji_sim.api.scenario import load_scenario
from changji_sim.kernel.ledger import COUNTS, FLOWS
from changji_sim.measure import load_measure
from changji_sim.modes.plugin_loading import installed_modes
from changji_sim.scenario.model import READINGS
from changji_sim.scenario_file.terms import terms_of
from changji_sim.wording import labels
from changji_sim.wording.labels import label, meaning, section, titles

CHINESE = re.compile(r"[一-鿿]")
PACKAGE = ROOT / "changji_sim"
HEADERS_OF_FILES = ("applications", "scenario_file", "scenario", "tables")  # a filled file must not change with a word
NAMES = ("flows", "counts", "money", "columns", "pages", "parts", "parameters", "states", "marks", "notes")


def texts_of_code(path) -> set[str]:
    """Every text of a file that is no docstring and no part of a longer one."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    silent = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    silent |= {id(part) for node in nodes if isinstance(node, ast.JoinedStr) for part in node.values}
    return {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent
    }


def test_every_label_has_both_languages():
    for name, records in labels.table().items():
        for key, one in records.items():
            assert one.zh and one.en, (name, key)
            assert CHINESE.search(one.zh) or one.zh.isascii() or "P10" in one.zh, (name, key)
            assert not CHINESE.search(one.en.replace("万元", "")), (name, key)
            assert bool(one.meaning_zh) == bool(one.meaning_en), (name, key)


def test_every_flow_has_a_title_a_unit_and_a_meaning():
    assert set(FLOWS) <= set(section("flows"))
    for flow in (*FLOWS, "cut"):
        assert section("flows")[flow].unit == "万元"
        assert all(meaning(flow, language) for language in ("zh", "en"))
    for count in COUNTS:
        assert section("counts")[count].unit in ("份", "家", "项")
        assert all(meaning(count, language, "counts") for language in ("zh", "en"))


def test_every_term_column_and_reading_has_both_languages():
    for mode in installed_modes().values():
        assert mode.title and mode.title_en
        assert all(CHINESE.search(column.label) for column in mode.columns), mode.key
        for term in terms_of(mode):
            words = mode.param[term]
            assert CHINESE.search(words.label) and re.match("[A-Z]", words.doc), (mode.key, term)
        assert all(cap.title and cap.title_en for cap in mode.caps), mode.key
    for name, reading in load_measure().readings.items():
        assert name in READINGS and reading.title and reading.title_en
        assert all(choice.title and choice.title_en for choice in reading.choices)


@pytest.mark.slow
def test_no_title_stands_a_second_time_in_the_code():
    named = {one.zh: f"{name}.{key}" for name in NAMES for key, one in section(name).items() if len(one.zh) > 1}
    again: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.relative_to(PACKAGE).parts[0] in HEADERS_OF_FILES:
            continue
        for text in texts_of_code(path) & set(named):
            again.setdefault(str(path.relative_to(ROOT)), []).append((text, named[text]))
    assert again == {}


def test_what_has_no_label_is_called_by_its_key():
    assert titles("of_ones_own") == ("of_ones_own", "of ones own")


@pytest.fixture
def other_words(tmp_path, monkeypatch):
    """The table with another title of the need and of the commitment."""
    text = labels.LABELS_FILE.read_text(encoding="utf-8")
    for before, after in (
        ("zh: 资金需求", "zh: 用款需求"),
        ("zh: 立项额", "zh: 批准额"),
        ("zh: 当年需求", "zh: 本年用款"),
    ):
        text, number = re.subn(f"{before}(?=[,\n])", after, text)
        assert number == 1, before
    path = tmp_path / "labels.yaml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(labels, "LABELS_FILE", path)
    labels.table.cache_clear()
    yield
    labels.table.cache_clear()


@pytest.mark.slow
def test_a_title_changed_in_the_table_changes_everywhere(other_words):
    assert label("need", "zh") == "用款需求"
    result = load_scenario("baseline").run(20)
    from rich.console import Console

    from changji_sim.reports.notebook_html import result_html
    from changji_sim.reports.terminal import result_view

    console = Console(width=150, file=io.StringIO())
    console.print(result_view(result, "zh"))
    assert "本年用款" in console.file.getvalue() and "本年用款" in result_html(result, "zh")

    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    from changji_sim.reports.workbook.workbook import workbook

    book = openpyxl.load_workbook(io.BytesIO(workbook(result)))
    cells = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert {"用款需求", "批准额"} <= cells and not {"资金需求", "立项额"} & cells

    pytest.importorskip("holoviews")
    from changji_sim import views

    assert "用款需求" in views.fan.drawing(result).bokeh["title"]
    assert any("批准额" in name for _, name in views.waterfall.drawing(result, 2026).bokeh["yticks"])

    pytest.importorskip("panel_material_ui")
    from changji_sim.desk.pages.ledger_page import HEADS
    from changji_sim.desk.pages.scenario_cards import DifferenceCard

    card = DifferenceCard(views.PictureTranslator("zh"))
    assert {"用款需求", "批准额"} <= set(card.flow.options)
    assert label("commitment", "zh", HEADS["commitment"]) == "批准额"
