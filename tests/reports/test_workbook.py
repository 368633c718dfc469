"""The Excel workbook: its numbers are those of budget.csv, its charts are Excel's own, and text from files is text."""

import io
import re
import zipfile
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from few_items import few_items

import changji_sim as cs
from changji_sim.base.faults import FaultyInput
from changji_sim.cli import FAULTY_INPUT, FINE, run_cli
from changji_sim.kernel.ledger import COUNTS
from changji_sim.reports.assumption_list import assumption_list
from changji_sim.reports.run_files import csv_bytes

pytest.importorskip("xlsxwriter")
openpyxl = pytest.importorskip("openpyxl")
from changji_sim.reports.workbook.workbook import SHEETS, workbook  # noqa: E402
from changji_sim.wording.labels import label  # noqa: E402

TRIALS, SEED = 100, 3
ODD = """\
name: odd
title: '=1+1'
title_en: '@SUM(A1)'
extends: baseline
items:
  vouchers:
    category: environment
    title: '=cmd|calc'
    mode: service_purchase
    assumptions: {applications: 5, columns: {requested_wan: {fixed: 4}}}
  exchange:
    guide:
      max_item_year_wan: {value: {2026: 400, 2028: 350}, source: '+1<script>', mark: A}
    caps:
      mine: {per: application, wan: 30, title: '-2+3', source: '=HYPERLINK("http://x")', mark: D}
"""


@pytest.fixture(scope="module")
def result():
    return cs.load_scenario("baseline").run(TRIALS, SEED)


@pytest.fixture(scope="module")
def small():
    """A result whose workbook takes a fifth of the time."""
    return few_items(cs.load_scenario("baseline")).run(20, SEED)


@pytest.fixture(scope="module")
def odd(tmp_path_factory):
    path = tmp_path_factory.mktemp("odd") / "odd.yaml"
    path.write_text(ODD, encoding="utf-8")
    return cs.load_scenario(path).run(TRIALS, SEED, reform="exchange-500")


@pytest.fixture(scope="module")
def content(result):
    return workbook(result)


@pytest.fixture(scope="module")
def book(content):
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def odd_book(odd):
    """Of the odd scenario in a language, written and read once."""
    return cache(lambda language: openpyxl.load_workbook(io.BytesIO(workbook(odd, language))))


def sheet_names(file):
    """Without reading the sheets."""
    return openpyxl.load_workbook(file, read_only=True).sheetnames


@pytest.mark.slow
def test_the_same_result_gives_the_same_bytes(result, content):
    again = cs.load_scenario("baseline").run(TRIALS, SEED, workers=1)
    assert workbook(again) == content


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_sheets_are_named_in_the_readers_language(small, language):
    named = sheet_names(io.BytesIO(workbook(small, language)))
    assert named == [label(key, language, "pages") for key in SHEETS]


def test_there_are_charts_and_neither_macros_nor_links(content):
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = parts.namelist()
        text = b"".join(parts.read(name) for name in names)
    assert len([name for name in names if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]) == 2
    assert not [name for name in names if "vba" in name.lower() or "externalLink" in name]
    assert b'TargetMode="External"' not in text
    assert b"<f>" not in text.replace(b"<c:f>", b"")


def as_in_csv(frame):
    """A frame as it is read from the file that a run writes."""
    return pd.read_csv(io.BytesIO(csv_bytes(frame)), keep_default_na=False, na_values=[""])


def rows_of(sheet, first, titles):
    rows = sheet.iter_rows(min_row=first, max_col=len(titles), values_only=True)
    return pd.DataFrame([row for row in rows if row[0] is not None], columns=titles)


def test_the_budget_is_that_of_the_csv(result, book):
    """Every amount, totals and subtotals included, to the six decimals of the file; the need in its two parts."""
    statistics = ("mean_wan", "p10_wan", "p50_wan", "p90_wan")
    flows = ("year_need", "arrears_before", "commitment", "payment")
    columns = [f"{flow}:{name}" for flow in flows for name in statistics]
    sheet = rows_of(book["预算"], 3, ["year", "category", "item", *columns])
    csv = as_in_csv(result.budget()).set_index(["year", "category", "item", "flow"])
    categories = {title: key for key, title in result.scenario.categories.items()} | {"合计": "*"}
    items = {item.title: item.key for item in result.scenario.items} | {"小计": "*", None: "*", "": "*"}
    for row in sheet.itertuples(index=False):
        place, shown = (row.year, categories[row.category], items[row.item]), dict(zip(columns, row[3:], strict=True))
        if row.year not in result.years:
            assert all(pd.isna(value) for column, value in shown.items() if not column.startswith("payment"))
        else:
            need = csv.loc[(*place, "need")]
            own, owed = (shown[f"{part}:mean_wan"] for part in ("year_need", "arrears_before"))
            assert own + owed == pytest.approx(need.mean_wan, abs=2e-6)
            assert owed or all(shown[f"year_need:{name}"] == need[name] for name in statistics)
            assert all(shown[f"commitment:{name}"] == csv.loc[(*place, "commitment"), name] for name in statistics)
        assert all(shown[f"payment:{name}"] == csv.loc[(*place, "payment"), name] for name in statistics)
    assert len(sheet[sheet.year.isin(result.years)]) == len(result.years) * (1 + 5 + len(result.scenario.items))
    paid = sheet[sheet.category == "合计"].set_index("year")["payment:mean_wan"]
    promised = csv.xs(("*", "*", "payment"), level=("category", "item", "flow")).query("mean_wan > 0")
    assert dict(paid) == dict(promised.mean_wan)


def test_subtotals_add_up_as_far_as_they_are_shown(book):
    titles = ["year", "category", "item", "need"]
    sheet = rows_of(book["预算"], 3, titles).dropna(subset="need")
    total = sheet[sheet.category == "合计"].set_index("year").need
    subtotals = sheet[sheet["item"] == "小计"].groupby("year").need.sum()
    items = sheet[~sheet["item"].isin(["小计", None, ""]) & (sheet.category != "合计")].groupby("year").need.sum()
    assert (total - subtotals).abs().max() < 1e-4
    assert (total - items).abs().max() < 1e-4


def test_every_flow_is_there(result, book):
    frame, sheet = as_in_csv(result.budget()), book["资金流"]
    frame = frame[~frame.flow.str.startswith("count:")]  # these have a sheet of their own
    assert sheet.max_row == len(frame) + 1
    assert sheet.tables["budget"].autoFilter is not None
    keys, numbers = ["year", "category", "item", "flow"], list(frame.columns[4:])
    shown = [(row[0], *row[10:], *row[4:10]) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert shown == list(frame[keys + numbers].itertuples(index=False, name=None))


def test_every_count_is_there(result, book):
    budget, sheet = result.budget().set_index(["year", "category", "item", "flow"]).mean_wan, book["件数"]
    heads, total, *rows = list(sheet.iter_rows(values_only=True))
    assert heads[:5] == ("年度", "专项", "支持方向", "统计量", "申报数\n（份）") and len(heads) == 4 + len(COUNTS)
    assert total[0] == 2026 and total[4] == budget[2026, "*", "*", "count:applications"]
    (item,) = (row for row in rows if row[0] == 2027 and row[2] == "新认定高企奖励")
    assert item[4] == budget[2027, "environment", "new_hightech", "count:applications"] and item[13] is None


def test_every_cap_is_there(result, book):
    caps, sheet = as_in_csv(result.caps()), book["上限"]
    shown = rows_of(sheet, 2, [str(n) for n in range(9)])
    assert list(shown["5"]) == list(caps.probability_binding)
    assert list(shown["6"]) == list(caps.mean_cut_wan)
    assert not sheet.conditional_formatting  # no bar behind a figure


def test_every_number_of_the_scenario_has_its_birth_certificate(result, book):
    shown = {row[8]: row for row in book["假设"].iter_rows(min_row=2, values_only=True)}
    assert len(shown) == len(assumption_list(result.scenario))
    item = next(item for item in result.scenario.items if item.key == "technology_trade")
    row = shown["items.technology_trade.assumptions.applications"]
    assert row[3:8] == (140, "76 – 192", item.applications.source, "C", item.applications.line)
    for key, (source, mark) in item.sources.items():
        row = next(row for path, row in shown.items() if path.endswith(f"technology_trade.assumptions.{key}"))
        assert row[5:7] == (source, mark)
        assert re.fullmatch(r"baseline\.yaml:\d+", row[7])


def test_it_prints_on_landscape_pages_with_repeated_headers(book):
    for name in ("预算", "上限", "资金流", "假设"):
        sheet = book[name]
        assert sheet.freeze_panes and sheet.print_title_rows
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert "因四舍五入，分项之和与合计可能略有出入。" in book["预算"].oddFooter.left.text


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_text_from_files_stays_text(odd_book, language):
    book = odd_book(language)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    suspects = [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@"))]
    meant = {"+1<script>", "-2+3", "=1+1", "=cmd|calc", '=HYPERLINK("http://x")'} if language == "zh" else {"@SUM(A1)"}
    assert meant <= {cell.value for cell in suspects}
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in suspects)
    assert book.worksheets[0]["A1"].value == ("=1+1" if language == "zh" else "@SUM(A1)")


@pytest.mark.slow
def test_the_notes_show_the_law_under_the_reform(odd_book):
    numbers = [row[2] for row in odd_book("zh")["说明"].iter_rows(values_only=True) if row[0] == "第十三条（三）"]
    assert "500万元" in numbers[0]


@pytest.mark.slow
def test_it_is_written_whole_or_not_at_all(small, tmp_path, monkeypatch):
    path = small.to_excel(tmp_path / "new" / "预算.xlsx")
    assert sheet_names(path)[0] == "总览"
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(FaultyInput, match="No space left"):
        small.to_excel(path, "en")
    assert [p.name for p in path.parent.iterdir()] == ["预算.xlsx"]
    assert path.read_bytes() == before


def test_without_xlsxwriter_a_sentence_says_what_to_install(result, tmp_path, monkeypatch):
    monkeypatch.setattr("changji_sim.reports.export.NEEDS", {"excel": ("no_such_package",)})
    with pytest.raises(FaultyInput, match=r'pip install -c constraints.txt "\.\[desk\]"'):
        result.to_excel(tmp_path / "a.xlsx")


@pytest.mark.slow
def test_the_command_line_writes_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run_cli(["run", "baseline", "--trials", "40", "-o", "out", "--excel", "a.xlsx", "--language", "en"]) == FINE
    assert "To hand on: a.xlsx" in capsys.readouterr().out
    assert sheet_names("a.xlsx")[0] == "Overview"
    assert {p.name for p in Path("out").iterdir()} >= {"budget.csv", "caps.csv", "manifest.json"}


@pytest.mark.parametrize(("name", "said"), [("a.xls", "must end in .xlsx"), ("a_file/a.xlsx", "is a file")])
def test_a_name_that_will_not_do_is_refused_before_the_run(tmp_path, monkeypatch, capsys, name, said):
    monkeypatch.chdir(tmp_path)
    Path("a_file").write_text("x")
    assert run_cli(["run", "baseline", "--trials", "40", "--excel", name]) == FAULTY_INPUT
    assert said in capsys.readouterr().err
    assert not Path("out").exists()
