"""Tables that are written for people: what is read back is what was given, and nothing is a formula."""

import datetime

import numpy as np
import openpyxl
import pytest

from changji_sim.applications.written_table import write_table

DAY, MOMENT, CLOCK = datetime.date(2026, 3, 1), datetime.datetime(2026, 3, 1, 9, 30), datetime.time(9, 30)
ROWS = [
    ["a", "<&>\"'", "  两端 \n换行", "=1+1", "+86", "-", "@x"],
    [5, 5.25, np.float64(0.1), np.int64(7), True, -3, 1e-9],
    [DAY, MOMENT, CLOCK, datetime.datetime(2026, 3, 1), None, "", float("nan")],
    ["\x07铃", datetime.timedelta(hours=1), float("inf"), 2026, "x", None, None],
]
BACK = [
    ["a", "<&>\"'", "  两端 \n换行", "=1+1", "+86", "-", "@x"],
    [5, 5.25, 0.1, 7, True, -3, 1e-9],
    [datetime.datetime(2026, 3, 1), MOMENT, CLOCK, datetime.datetime(2026, 3, 1), None, None, None],
    ["铃", "1:00:00", None, 2026, "x", None, None],
]


@pytest.fixture(scope="module")
def sheet(tmp_path_factory):
    path = tmp_path_factory.mktemp("written") / "a.xlsx"
    write_table(path, list("ABCDEFG"), ROWS, "申报:1")
    first = path.read_bytes()
    write_table(path, list("ABCDEFG"), ROWS, "申报:1")
    assert path.read_bytes() == first
    return openpyxl.load_workbook(path).worksheets[0]


def test_a_workbook_gives_back_what_was_written(sheet):
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == BACK
    assert sheet.title == "申报 1" and sheet.freeze_panes == "A2" and sheet["A1"].font.bold


def test_days_are_shown_as_days_and_texts_like_formulas_are_texts(sheet):
    assert [cell.number_format for cell in sheet[4][:4]] == [
        "yyyy-mm-dd",
        "yyyy-mm-dd h:mm:ss",
        "h:mm:ss",
        "yyyy-mm-dd",
    ]
    assert [cell.data_type for cell in sheet[2]] == ["s"] * 7
    assert [bool(cell.quotePrefix) for cell in sheet[2]] == [False, False, False, True, True, True, True]
