"""Text with separators: which separator, which encoding, quotation marks as programs forget to double them."""

import pytest
from made_tables import HEAD, entry, read_of, table_of

from changji_sim.base.faults import FaultyInput

ROWS = [HEAD, entry(1), entry(2, 6)]
READ = [("A1", "5"), ("A2", "6")]


def text_of(rows, separator=","):
    return "\n".join(separator.join(map(str, row)) for row in rows)


def written(tmp_path, text, encoding="utf-8"):
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    return tmp_path / "a.csv"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "，", "；"])
@pytest.mark.parametrize("title", ["", "昌吉州2026年申报汇总表（单位：万元）\n", "一，二，三、四;五\n,,,,,,,\n"])
def test_the_separator_is_the_one_that_gives_headers(separator, title, tmp_path):
    assert read_of(written(tmp_path, title + text_of(ROWS, separator)))[0] == READ


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_encodings(encoding, tmp_path):
    rows, notes = read_of(written(tmp_path, text_of(ROWS), encoding))
    assert rows == READ and [("GBK" in note) for note in notes] == [True] * encoding.startswith("gb")


@pytest.mark.parametrize("name", ['"天山"科技公司', '昌吉"天山"公司', '"天山科技公司', '""天山""公司'])
def test_quotation_marks_that_are_not_doubled_are_read_as_they_stand(name, tmp_path):
    rows = [HEAD, entry(1), ["A2", "科技交流活动", name, "2026-03-01", 6], entry(3, 7)]
    table = table_of(written(tmp_path, text_of(rows)))
    assert [row.cells[2] for row in table.rows] == ["第1公司", name, "第3公司"]
    assert [row.line for row in table.rows] == [2, 3, 4]
    assert all("lines 3; they were read as they stand" in str(note) for note in table.notes)


def test_cells_in_quotation_marks_may_hold_separators_and_lines(tmp_path):
    rows = [HEAD, ["A1", "科技交流活动", '"甲,乙""联合""\n体"', "2026-03-01", '"1,200.5"'], entry(2, 6)]
    table = table_of(written(tmp_path, text_of(rows)))
    assert table.rows[0].cells[2:] == ['甲,乙"联合"\n体', "2026-03-01", "1,200.5"] and not table.notes
    assert [row.line for row in table.rows] == [2, 4]


def test_a_quotation_mark_that_takes_in_whole_rows_is_a_fault(tmp_path):
    rows = [HEAD, ["A1", "科技交流活动", '"甲', "2026-03-01", 5], entry(2, 6), ["A3", "科技交流活动", '乙"', "x", 7]]
    with pytest.raises(FaultyInput, match="row 2: a quotation mark that opens here is closed 2 lines below"):
        table_of(written(tmp_path, text_of(rows)))


def test_comments_before_the_headers_and_short_and_long_rows(tmp_path):
    assert read_of(written(tmp_path, "# 说明,一\n\n" + text_of([*ROWS, ["合计"]])))[0] == READ
    table = table_of(written(tmp_path, text_of([HEAD, [*entry(1), "x"], entry(2)[:3]])))
    assert ["beyond the last header" in str(fault) for fault in table.faults] == [True]
    assert table.rows[1].cells == ["A2", "科技交流活动", "第2公司", None, None]
