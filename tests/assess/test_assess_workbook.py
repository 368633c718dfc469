"""The workbook of real applications: a summary first, titles and notes in Chinese, sums that add up, pages to print."""

from __future__ import annotations

import re

import openpyxl
import pytest

from changji_sim.assess.assess_applications import EXAMPLE, assess_file
from changji_sim.base.faults import FaultyInput
from changji_sim.base.messages import choose_language, handed_on_language, in_language

SHEETS = ["汇总", "逐项结果", "测算过程", "原表及结果"]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    with in_language("zh"):
        return assess_file(EXAMPLE, registrations=80, out=tmp_path_factory.mktemp("assessed") / "测算.xlsx")


@pytest.fixture(scope="module")
def book(report):
    return openpyxl.load_workbook(report.out)


@pytest.mark.parametrize(
    ("chosen", "variable", "language"), [(None, "", "zh"), (None, "en", "en"), ("en", "", "en"), ("zh", "en", "zh")]
)
def test_what_is_handed_on_is_chinese_unless_a_language_is_asked_for(monkeypatch, chosen, variable, language):
    monkeypatch.setenv("CHANGJI_LANGUAGE", variable)
    monkeypatch.setenv("LC_ALL", "C")
    choose_language(chosen)
    try:
        assert handed_on_language() == language
    finally:
        choose_language(None)


def rows_of(sheet, first=2):
    return [row for row in sheet.iter_rows(min_row=first, values_only=True) if row[0] is not None]


def test_it_opens_with_a_summary_whose_total_is_the_files(report, book):
    assert book.sheetnames == SHEETS and book.active.title == "汇总"
    rows = rows_of(book["汇总"], 4)
    total = next(row for row in rows if row[0] == "合计")
    assert total[2:] == pytest.approx(tuple(report.by_item[["rows", "demand_wan", "cut_wan", "entitlement_wan"]].sum()))
    notes = [row[0] for row in rows if str(row[0]).startswith("• ")]
    assert len(notes) == len(report.notes) and all(re.search("[一-鿿]", note) for note in notes)


def test_every_result_is_there_with_its_ceiling_by_title(report, book):
    *rows, total = rows_of(book["逐项结果"])
    assert [row[6] for row in rows] == report.frame["entitlement_wan"].tolist()
    assert total[6] == pytest.approx(report.frame["entitlement_wan"].sum())
    assert all(row[4] == pytest.approx(row[5] + row[6]) for row in rows)
    bound = [row[7] for row in rows]
    assert [bool(title) for title in bound] == [bool(key) for key in report.frame["bound_by"]]
    assert "总投资比例上限" in bound


def test_each_loan_says_how_its_claim_came_about(report, book):
    """The sum that a row states gives its demand, and demand less cuts is what it may get."""
    rows = rows_of(book["测算过程"])
    loans = report.frame.query("`支持方向` == '科技贷款贴息' and demand_wan > 0")
    assert {row[0] for row in rows} == set(loans["申报编号"])
    for _, _, _, year, working, demand, _, left in rows:
        balances, rate, share, result = (
            float(found.replace(",", ""))
            for found in re.search(
                r"合计([\d,.]+)万元 × 年利率([\d.]+)%.*贴息比例([\d.]+)% = ([\d,.]+)万元", working
            ).groups()
        )
        assert balances * rate / 100 / 12 * share / 100 == pytest.approx(result, abs=1e-3), (year, working)
        assert demand <= result + 1e-4 and left <= demand
        assert demand == pytest.approx(result, abs=1.01e-4) or "实付利息" in working
    assert sum(row[5] for row in rows) == pytest.approx(loans.demand_wan.sum())


def test_the_whole_table_has_chinese_headers_and_the_inputs_cells(report, book):
    sheet = book["原表及结果"]
    headers = [cell.value for cell in sheet[1]]
    assert not [header for header in headers if header.isascii()]
    assert "应补额（万元）" in headers and "测算额（2027年，万元）" in headers
    assert any(header.startswith("核减：单个项目上限") for header in headers)
    assert sheet.max_row == len(report.frame) + 1


def test_it_prints_landscape_with_headers_and_leaves_the_whole_table_out(book):
    for name in SHEETS[:3]:
        sheet = book[name]
        assert sheet.page_setup.orientation == "landscape" and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert name == "汇总" or (sheet.print_title_rows and sheet.freeze_panes)
    area = book["原表及结果"].print_area.split("!")[-1].replace("$", "")
    assert book["原表及结果"][area].value is None


def test_in_english_on_request_and_never_read_as_an_input(tmp_path):
    with in_language("en"):
        done = assess_file(EXAMPLE, registrations=80, out=tmp_path / "done.xlsx")
    book = openpyxl.load_workbook(done.out)
    assert book.sheetnames == ["Summary", "Results", "Workings", "Whole table"]
    assert "demand (万元)" in [cell.value for cell in book["Whole table"][1]]
    with pytest.raises(FaultyInput):
        assess_file(done.out, registrations=80, out=False)


def test_the_same_applications_give_the_same_bytes(report, tmp_path):
    with in_language("zh"):
        again = assess_file(EXAMPLE, registrations=80, out=tmp_path / "again.xlsx")
    assert again.out.read_bytes() == report.out.read_bytes()
