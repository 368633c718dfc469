"""The form around a table: sums, signatures, what is printed in advance, withdrawn rows; nothing is left out unsaid."""

import re
import zipfile

import openpyxl
import pytest
import xlwt
from made_tables import HEAD, entry, made, read_of, table_of
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

READ = [("A1", "5"), ("A2", "6")]
ROWS = [HEAD, entry(1), entry(2, 6)]
NONE = [None] * 5


def around(tmp_path, *more, rows=ROWS):
    """The entries and warnings of a table with more rows below it."""
    return read_of(made(tmp_path, [*rows, *more]))


# --- sums ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "label", ["合计", "合 计", "总计：", "小计", "本页合计", "昌吉市小计", "合计（万元）", "Total", "共计", "合计:2项"]
)
@pytest.mark.parametrize("column", [0, 1, 2])
def test_a_row_of_sums_is_no_entry_and_is_said(label, column, tmp_path):
    row = [None, None, None, None, 11]
    row[column] = label
    rows, notes = around(tmp_path, row)
    assert rows == READ
    assert notes == ["a.xlsx 申报 row 4: this row is a sum and no entry; it was left out"]


@pytest.mark.parametrize("amount", [11, "11", 11.004, "11.00"])
def test_a_sum_that_is_right_is_let_be(amount, tmp_path):
    assert "add up" not in around(tmp_path, ["合计", None, "2家", None, amount])[1][0]


@pytest.mark.parametrize("amount", [12, "1,100", 5])
def test_a_sum_that_is_wrong_is_said_with_both_numbers(amount, tmp_path):
    (note,) = around(tmp_path, ["合计", None, None, None, amount])[1]
    assert "E says" in note and "but the rows add up to 11" in note


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("合计：11万元", True), ("合计：110,000元", True), ("共计2项，申请金额11万元", True), ("总计11", True),
        ("合计2家", True), ("合计：120万元", False), ("合计：11元", False), ("共计3项", False), ("以上共计¥12", False),
        ("申请资金合计120万元", False),
    ],
)  # fmt: skip
def test_a_sum_written_in_a_text_is_compared_too(text, is_right, tmp_path):
    rows, (note,) = around(tmp_path, [text])
    assert rows == READ and "this row is a sum" in note
    assert (note.endswith("it was left out")) is is_right, note
    if not is_right:
        assert "rows add up to: E 11" in note or "but there are 2 rows" in note


def test_a_text_in_the_column_of_amounts_is_compared_with_that_column(tmp_path):
    assert "'12万元' is not what the rows add up to: E 11" in around(tmp_path, ["合计", *NONE[1:4], "12万元"])[1][0]


def test_sums_of_parts_and_a_sum_above_the_rows(tmp_path):
    first, second = [entry(1), entry(2, 6)], [entry(3, 7), entry(4, 8)]
    sums = [["小计", *NONE[1:4], amount] for amount in (11, 15)]
    whole = ["总计", *NONE[1:4], 26]
    rows, notes = read_of(made(tmp_path, [HEAD, *first, sums[0], *second, sums[1], whole]))
    assert len(rows) == 4 and len(notes) == 3 and not any("add up" in note for note in notes)
    rows, notes = read_of(made(tmp_path, [HEAD, whole, sums[0], *first, sums[1], *second], name="b"))
    assert len(rows) == 4 and len(notes) == 3 and not any("add up" in note for note in notes)


def test_a_sum_may_hold_the_withdrawn_rows_of_its_part(tmp_path):
    rows = [[*HEAD, "状态"], entry(1), [*entry(2, 6), "撤回"], ["小计", *NONE[1:4], 11], entry(3, 7)]
    rows += [["小计", *NONE[1:4], 7], ["合计", *NONE[1:4], 18], ["合计", *NONE[1:4], 12]]
    found, notes = read_of(made(tmp_path, rows))
    assert found == [("A1", "5"), ("A3", "7")] and not any("add up" in note for note in notes)


def test_a_sum_of_the_rows_in_sight_alone_says_so(tmp_path):
    path = made(tmp_path, [*ROWS, entry(3, 7), ["合计", *NONE[1:4], 11]], hidden={4})
    said = "\n".join(read_of(path)[1])
    assert "E says 11, the sum of the rows in sight alone; all rows add up to 18" in said


def test_a_company_that_is_called_like_a_sum_is_an_entry(tmp_path):
    rows, notes = around(tmp_path, ["A3", "科技交流活动", "昌吉合计科技公司", "2026-03-02", 7])
    assert rows == [*READ, ("A3", "7")] and notes == []


# --- other rows of the form ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        ["填表人：", None, "审核人：", None, None],
        ["填表人：张三", None, "审核人：李四", "填表日期：2026-03-05", None],
        ["填表人", "张三", "审核人", "李四", None],
        [None, None, "单位负责人（签字）：", None, "联系电话：0994-1234567"],
        ["单位（盖章）：", None, None, "2026年3月5日", None],
        ["备注：本表一式三份", None, None, None, None],
        ["注：1.金额单位为万元", None, None, None, None],
        ["说明", "本表由各县市科技局填报", None, None, None],
        ["主管部门审核意见：同意", None, None, None, None],
        ["第1页，共1页", None, None, None, None],
        ["（以下空白）", None, None, None, None],
        ["制表：王五", None, None, "日期：", None],
    ],
)
def test_signatures_and_remarks_are_no_entries(row, tmp_path):
    rows, notes = around(tmp_path, NONE, row)
    assert rows == READ
    assert notes == ["a.xlsx 申报 row 5: rows with signatures or remarks of the form: 1 (5); they were left out"]


@pytest.mark.parametrize(
    "row",
    [
        [3, None, None, None, None],
        [3, "科技交流活动", None, None, None],
        [3, None, None, None, 0],
        ["3", None, "", "  年  月  日", "万元"],
        [None, None, "/", "—", 0],
        [None, None, None, None, 0],
    ],
)
def test_what_a_form_prints_in_advance_is_no_entry(row, tmp_path):
    rows, notes = around(tmp_path, row, row)
    assert rows == READ
    assert notes == ["a.xlsx 申报 row 4: rows with only what a form prints in advance: 2 (4–5); they were left out"]


@pytest.mark.parametrize("label", ["平均", "占比", "上年同期", "同比增长"])
def test_figures_about_the_rows_are_no_entries(label, tmp_path):
    rows, notes = around(tmp_path, [label, *NONE[1:4], 5.5])
    assert rows == READ and "averages, shares or other figures about the rows: 1 (4)" in notes[0]


@pytest.mark.parametrize("name", ["某某公司", "×××公司", "XX公司", "昌吉**科技"])
def test_a_name_that_is_none_counts_and_is_said(name, tmp_path):
    rows, notes = around(tmp_path, ["A3", "科技交流活动", name, "2026-03-02", 7])
    assert rows == [*READ, ("A3", "7")] and "rows whose name is none (某某, ×××, XX): 1 (4)" in notes[0]


def test_headings_between_the_rows_are_quoted(tmp_path):
    rows, notes = read_of(made(tmp_path, [HEAD, ["一、科技交流类"], entry(1), ["二、攻关类项目"], entry(2, 6)]))
    assert rows == READ
    assert notes == [
        "a.xlsx 申报 row 2: one cell ('一、科技交流类') is no entry; the row was left out",
        "a.xlsx 申报 row 4: one cell ('二、攻关类项目') is no entry; the row was left out",
    ]


def test_headers_repeated_on_every_page_and_numbers_of_columns(tmp_path):
    numbers = ["1", "2", "3", "4", "5"]
    rows, notes = read_of(made(tmp_path, [HEAD, numbers, entry(1), HEAD, entry(2, 6)]))
    assert rows == READ
    assert [note.partition(": ")[2] for note in notes] == [
        "rows that number the columns: 1 (2); they were left out",
        "rows that repeat the headers: 1 (4); they were left out",
    ]
    assert read_of(made(tmp_path, [HEAD, ["甲", "乙", "丙", "丁", "1"], entry(1), entry(2, 6)], name="b"))[0] == READ


def test_a_second_table_below_with_other_columns_is_a_fault(tmp_path):
    other = [HEAD[1], HEAD[0], *HEAD[2:]]
    table = table_of(made(tmp_path, [*ROWS, other, ["科技交流活动", "A3", "丙", "2026-03-01", 7]]))
    assert ["a second table begins here" in str(fault) for fault in table.faults] == [True]


def test_an_example_of_how_to_fill_in_is_no_entry(tmp_path):
    hints = ["必填", "下拉选择", "单位全称", "如2026-03-01", "保留两位小数"]
    for first in (["例：", *entry(9)[1:]], hints):
        rows, notes = read_of(made(tmp_path, [HEAD, first, entry(1), entry(2, 6)]))
        assert rows == READ and "show how to fill in the form: 1 (2)" in notes[0]


def test_blank_rows_inside_are_nothing(tmp_path):
    assert read_of(made(tmp_path, [HEAD, NONE, entry(1), NONE, [" "] * 5, entry(2, 6), NONE])) == (READ, [])


def test_a_row_with_an_amount_and_no_name_stays_an_entry_that_is_at_fault_later(tmp_path):
    rows, notes = around(tmp_path, ["A3", "科技交流活动", None, None, 7])
    assert rows == [*READ, ("A3", "7")] and notes == []


def test_a_form_below_whose_cells_are_merged_across_is_no_fault(tmp_path):
    path = made(tmp_path, [*ROWS, ["合计", *NONE[1:4], 11], ["填表人："]], merged=[(4, 1, 4, 4), (5, 1, 7, 5)])
    assert read_of(path)[0] == READ and not table_of(path).faults
    across = made(tmp_path, [HEAD, ["A1", "科技交流活动", "甲", None, 5]], name="b", merged=[(2, 3, 2, 4)])
    assert "the cells C2:D2 are merged" in str(table_of(across).faults[0])


def test_a_unit_below_the_table_is_handed_on(tmp_path):
    assert (4, "单位：元") in table_of(made(tmp_path, [*ROWS, ["单位：元"]])).titles


# --- withdrawn, struck out, hidden -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word", ["撤回", "已撤回", "企业主动撤回", "撤销申报", "作废", "放弃", "（已撤回）", "取消申报。"]
)
def test_a_row_said_to_be_withdrawn_does_not_count(word, tmp_path):
    rows, notes = read_of(made(tmp_path, [[*HEAD, "状态"], entry(1), [*entry(2, 6), word], entry(3, 7)]))
    assert rows == [("A1", "5"), ("A3", "7")]
    assert notes == ["a.xlsx 申报 row 3: rows withdrawn (撤回): 1 (3); they were left out"]


@pytest.mark.parametrize(
    ("header", "withdrawn", "other"), [("是否撤回", "是", "否"), ("撤回日期", "2026-04-01", None), ("撤回", "√", "×")]
)
def test_a_column_that_marks_the_withdrawn_rows(header, withdrawn, other, tmp_path):
    rows, notes = read_of(made(tmp_path, [[*HEAD, header], [*entry(1), other], [*entry(2, 6), withdrawn]]))
    assert rows == READ[:1] and "rows withdrawn (撤回): 1 (3); they were left out" in notes[0]
    rows, notes = read_of(made(tmp_path, [[*HEAD, header], [*entry(1), other], [*entry(2, 6), "见附件"]], name="b"))
    assert rows == READ and "'见附件': the row counts all the same" in notes[0]


def test_a_row_that_speaks_of_a_withdrawal_counts_and_is_said(tmp_path):
    rows, notes = read_of(made(tmp_path, [[*HEAD, "备注"], entry(1), [*entry(2, 6), "4月撤回过一次，后又重报"]]))
    assert rows == READ
    assert (
        "'4月撤回过一次，后又重报': the row counts all the same; if it was withdrawn or refused, delete it" in notes[0]
    )


@pytest.mark.parametrize("word", ["未通过", "退回修改", "不予受理", "形式审查不合格", "终止", "暂缓", "不参评", "草稿"])
def test_a_row_said_to_be_refused_in_a_column_that_is_not_read_counts_and_is_said(word, tmp_path):
    rows, notes = read_of(made(tmp_path, [[*HEAD, "状态"], entry(1), [*entry(2, 6), word]]))
    assert rows == READ and f"'{word}': the row counts all the same" in notes[0]


def test_a_projects_name_may_hold_any_word(tmp_path):
    name = "高压设备失效分析与终止判据研究"
    assert read_of(made(tmp_path, [[*HEAD, "项目名称"], [*entry(1), name], [*entry(2, 6), name]])) == (READ, [])


def test_a_table_of_which_every_row_is_left_out_says_why(tmp_path):
    table = table_of(made(tmp_path, ROWS, struck={2, 3}))
    assert ["every row was left out: rows struck out: 2 (2–3)" in str(fault) for fault in table.faults] == [True]


def test_one_cell_struck_out_is_said(tmp_path):
    book = openpyxl.load_workbook(made(tmp_path, ROWS))
    book.active["E3"].font = openpyxl.styles.Font(strike=True)
    book.save(tmp_path / "a.xlsx")
    rows, notes = read_of(tmp_path / "a.xlsx")
    assert rows == READ and "cells struck out: E3; they were read like the others" in notes[0]


@pytest.mark.parametrize("is_shared", [False, True])
def test_a_part_of_a_text_struck_out_is_left_out_and_said(is_shared, tmp_path):
    struck = TextBlock(InlineFont(strike=True), "60")
    book = openpyxl.load_workbook(made(tmp_path, [*ROWS, entry(3, 7)]))
    book.active["E3"] = CellRichText(struck, "6")
    for cell in book.active[4]:
        cell.value = CellRichText(TextBlock(InlineFont(strike=True), str(cell.value)))
    book.save(tmp_path / "a.xlsx")
    if is_shared:
        share_texts(tmp_path / "a.xlsx")
    rows, notes = read_of(tmp_path / "a.xlsx")
    assert rows == READ and len(notes) == 2
    assert "cells of which a part is struck out: E3; the rest of them was read" in notes[0]
    assert "rows struck out: 1 (4); they were left out" in notes[1]


def test_a_part_of_a_text_struck_out_in_an_ods(tmp_path):
    with zipfile.ZipFile(made(tmp_path, [HEAD, entry(1), entry(2, "606"), entry(3, "7")], ".ods", name="x")) as source:
        content = source.read("content.xml").decode()
    style = (
        '<style:style style:name="T1" style:family="text">'
        '<style:text-properties style:text-line-through-style="solid"/></style:style></office:automatic-styles>'
    )
    for old, new in (
        ("<text:p>606", '<text:p><text:span text:style-name="T1">60</text:span>6'),
        ("<text:p>7", '<text:p><text:span text:style-name="T1">7</text:span>'),
        ("</office:automatic-styles>", style),
    ):
        assert old in content
        content = content.replace(old, new)
    with zipfile.ZipFile(tmp_path / "a.ods", "w") as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        target.writestr("content.xml", content)
        target.writestr("META-INF/manifest.xml", "<manifest/>")
    rows, notes = read_of(tmp_path / "a.ods")
    assert rows == [*READ, ("A3", "7")]
    assert "cells struck out: E4; they were read like the others" in notes[0]
    assert "cells of which a part is struck out: E3; the rest of them was read" in notes[1]


def test_a_part_of_a_text_struck_out_in_an_xls(tmp_path):
    book = xlwt.Workbook()
    sheet, gone = book.add_sheet("申报"), xlwt.easyfont("struck_out true")
    for line, row in enumerate([HEAD, entry(1), entry(2)]):
        for column, cell in enumerate(row):
            sheet.write(line, column, cell) if (line, column) != (2, 4) else None
    sheet.write_rich_text(2, 4, (("60", gone), "6"))
    book.save(tmp_path / "a.xls")
    rows, notes = read_of(tmp_path / "a.xls")
    assert rows == READ and "cells of which a part is struck out: E3; the rest of them was read" in notes[0]


def share_texts(path):
    """Put the texts of a workbook's sheet into its shared ones, as Excel does."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name).decode() for name in source.namelist()}
    sheet, links, kinds = "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
    shared: list[str] = []

    def number(found):
        shared.append(f"<si>{found[1]}</si>")
        return f"<v>{len(shared) - 1}</v>"

    parts[sheet] = re.sub(r"<is>(.*?)</is>", number, parts[sheet].replace('t="inlineStr"', 't="s"'))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "application/vnd.openxmlformats-officedocument"
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{"".join(shared)}</sst>'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    link = f'<Relationship Id="texts" Type="{kind}" Target="sharedStrings.xml"/>'
    parts[links] = parts[links].replace("</Relationships>", f"{link}</Relationships>")
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{office}.spreadsheetml.sharedStrings+xml"/>'
    parts[kinds] = parts[kinds].replace("</Types>", f"{part}</Types>")
    with zipfile.ZipFile(path, "w") as target:
        for name, part in parts.items():
            target.writestr(name, part)


def test_a_hidden_column_is_said(tmp_path):
    book = openpyxl.load_workbook(made(tmp_path, ROWS))
    book.active.column_dimensions["E"].hidden = True
    book.save(tmp_path / "a.xlsx")
    rows, notes = read_of(tmp_path / "a.xlsx")
    assert rows == READ and "hidden columns: E (申请金额（万元）); they were read like the others" in notes[0]


def test_a_row_of_no_height_is_hidden(tmp_path):
    part = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(made(tmp_path, ROWS, name="x")) as source, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b'<row r="3"', b'<row r="3" ht="0"') if name == part else content)
    assert "hidden rows: 1 (3)" in read_of(tmp_path / "a.xlsx")[1][0]


def test_what_is_said_names_every_line_once(tmp_path):
    rows = [HEAD, *(entry(n) for n in range(1, 40))]
    (note,) = read_of(made(tmp_path, rows, hidden={2, 4, 5, 6, 39}))[1]
    assert "hidden rows: 5 (2, 4–6, 39)" in note
