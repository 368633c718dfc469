"""Titles above the headers, headers in several rows, a table that does not begin in the first cell."""

import pytest
from made_tables import EXPECTED, HEAD, entry, made, read_of, table_of

from changji_sim.base.faults import FaultyInput
from changji_sim.tables.table import ExpectedColumns

GROUPED = [*HEAD[:4], "金额（万元）", None]
WIDE = ["申请金额（万元）", "项目总投资（万元）"]
SUB = [None, None, None, None, "申请金额", "项目总投资"]
KINDS = (".xlsx", ".xls", ".ods", ".html.xls")
ACROSS = [*((1, n, 2, n) for n in range(1, 5)), (1, 5, 1, 6)]


def headers_of(path):
    table = table_of(path)
    assert table.rows[0].cells[4:6] in ([5, 300], ["5", "300"])
    return list(table.headers)


@pytest.mark.parametrize("kind", KINDS)
def test_headers_in_two_rows_with_merged_cells(kind, tmp_path):
    rows = [GROUPED, [None] * 4 + WIDE, [*entry(1), 300]]
    path = made(tmp_path, rows, kind, merged=ACROSS)
    assert headers_of(path) == [*HEAD, WIDE[1]] and table_of(path).header_line == 2
    assert headers_of(made(tmp_path, [GROUPED, SUB, rows[2]], kind, name="b", merged=ACROSS)) == [*HEAD, WIDE[1]]


def test_headers_in_two_rows_of_a_text(tmp_path):
    assert headers_of(made(tmp_path, [GROUPED, SUB, [*entry(1), 300]], ".csv")) == [*HEAD, WIDE[1]]


def test_a_group_of_columns_above_the_row_of_headers(tmp_path):
    above = ["申报信息", None, None, None, "金额（万元）", None]
    below = [*HEAD[:4], "申请金额", "项目总投资"]
    merged = [(2, 1, 2, 4), (2, 5, 2, 6)]
    path = made(tmp_path, [["昌吉州汇总表"], above, below, [*entry(1), 300]], merged=merged)
    assert headers_of(path) == [*HEAD, WIDE[1]]
    assert table_of(path).titles == ((1, "昌吉州汇总表"),) and table_of(path).header_line == 3


def test_units_in_a_row_of_their_own(tmp_path):
    rows = [[*HEAD[:4], "申请金额", "项目总投资"], [None] * 4 + ["（万元）", "万元"], [*entry(1), 300]]
    assert headers_of(made(tmp_path, rows)) == [*HEAD, WIDE[1]]


def test_units_that_contradict_each_other_make_no_known_header(tmp_path):
    rows = [[*HEAD[:4], "金额（元）", None], [None] * 4 + WIDE, [*entry(1), 300]]
    assert table_of(made(tmp_path, rows, merged=ACROSS)).headers[4] == "申请金额（元）（万元）"


@pytest.mark.parametrize("kind", [*KINDS, ".csv"])
def test_titles_are_handed_on_and_the_first_entry_is_none_of_the_headers(kind, tmp_path):
    titles = [["昌吉州2026年科技专项资金申报汇总表"], ["填报单位：昌吉市", None, None, None, "单位：元"]]
    table = table_of(made(tmp_path, [*titles, HEAD, entry(1)], kind, merged=[(1, 1, 1, 5)]))
    assert table.titles == (
        (1, "昌吉州2026年科技专项资金申报汇总表"),
        (2, "填报单位：昌吉市"),
        (2, "单位：元"),
    )
    assert table.headers == tuple(HEAD) and len(table.rows) == 1 and table.header_line == 3


def test_a_table_that_begins_in_the_middle_of_a_sheet(tmp_path):
    rows = [[], [None, None, "标题"], [None, None, *HEAD], [None, None, *entry(1)]]
    table = table_of(made(tmp_path, rows))
    assert table.headers == ("", "", *HEAD) and str(table.where(4, 6)) == "a.xlsx 申报 row 4 column G"


def test_marks_of_what_must_be_filled_in_are_no_part_of_a_header(tmp_path):
    rows = [["*申报编号", "支持方向（必填）", "申报单位*", "* 申报日期", "申请金额（万元）（选填）"], entry(1)]
    assert table_of(made(tmp_path, rows)).headers == tuple(HEAD)


def test_a_second_table_to_the_right_is_a_fault_and_other_columns_are_kept(tmp_path):
    beside = [[*HEAD, None, "科室", "电话"], [*entry(1), None, "高新科", "123"], [*entry(2), None, None, None]]
    assert table_of(made(tmp_path, beside)).headers == (*HEAD, "", "科室", "电话")
    twice = [[*HEAD, None, *HEAD], [*entry(1), None, *entry(2)]]
    (fault,) = table_of(made(tmp_path, twice, name="b")).faults
    assert "row 1 column G: a second table stands beside the first" in str(fault)


def test_rows_of_something_beside_the_table_are_said(tmp_path):
    rows = [[*HEAD, None, "科室"], [*entry(1), None, "高新科"], [None] * 6 + ["农村科技科"]]
    found, notes = read_of(made(tmp_path, rows))
    assert found == [("A1", "5")] and "one cell ('农村科技科') is no entry" in notes[0]


def test_without_headers_the_sentence_says_so(tmp_path):
    with pytest.raises(FaultyInput, match="no sheet"):
        table_of(made(tmp_path, [["姓名", "电话"], ["甲", 1]]))
    with pytest.raises(FaultyInput, match="first rows hold none of the headers"):
        table_of(made(tmp_path, [["姓名", "电话"], ["甲", 1]], ".csv"))


def test_what_a_reader_expects_is_asked_of_whole_headers():
    known = ExpectedColumns({"甲": "a", "乙": "b"}.get, ("a", "b"), entry=("a",), printed=())
    assert known.are_in(["甲", "乙"]) and not known.are_in(["甲", "甲", ""]) and EXPECTED.are_in(HEAD)
