"""Workbooks of every kind, and files whose content is another than their name says."""

import datetime
import io
import subprocess
import zipfile

import openpyxl
import pytest
from made_tables import HEAD, KINDS, entry, made, read_of, table_of

from changji_sim.base.faults import FaultyInput
from changji_sim.tables.file_kind import OLD_CONTAINER

ROWS = [HEAD, entry(1), entry(2, 6.5)]
READ = [("A1", "5"), ("A2", "6.5")]
WORKBOOKS = (".xlsx", ".xls", ".et", ".ods")


def refused(path):
    with pytest.raises(FaultyInput) as raised:
        table_of(path)
    return str(raised.value)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_rows_are_read_from_every_kind_of_file(kind, tmp_path):
    rows, notes = read_of(made(tmp_path, ROWS, kind))
    assert rows == READ
    assert all("was read as that" in note for note in notes) and bool(notes) == (kind == ".html.xls")


@pytest.mark.parametrize("kind", WORKBOOKS)
def test_whole_numbers_fractions_days_and_empty_cells_have_one_form(kind, tmp_path):
    day = datetime.date(2026, 3, 1)
    rows = [["说明"], [None], [None, *HEAD], [None, 7, "科技交流活动", "甲", day, 2.5]]
    table = table_of(made(tmp_path, rows, kind))
    (row,) = table.rows
    assert (row.line, row.cells) == (4, [None, 7, "科技交流活动", "甲", day, 2.5])
    assert isinstance(row.cells[1], int) and table.headers == ("", *HEAD) and table.header_line == 3


@pytest.mark.parametrize("kind", WORKBOOKS)
def test_hidden_rows_count_and_struck_out_ones_do_not_and_both_are_said(kind, tmp_path):
    rows = [HEAD, *(entry(n) for n in range(1, 6))]
    table = table_of(made(tmp_path, rows, kind, hidden={3, 4}, struck={6}))
    assert [row.line for row in table.rows] == [2, 3, 4, 5]
    assert [row.line for row in table.rows if row.is_hidden] == [3, 4]
    said = "\n".join(map(str, table.notes))
    assert "rows struck out: 1 (6); they were left out" in said
    assert "hidden rows: 2 (3–4), by a filter or by hand; they were read and count" in said


@pytest.mark.parametrize("kind", [*WORKBOOKS, ".html.xls"])
def test_a_name_merged_over_rows_counts_for_each_and_an_amount_is_refused(kind, tmp_path):
    rows = [HEAD, entry(1), ["A2", "科技交流活动", None, "2026-03-01", 6]]
    path = made(tmp_path, rows, kind, merged=[(2, 3, 3, 3)])
    table = table_of(path)
    assert [row.cells[2] for row in table.rows] == ["第1公司", "第1公司"]
    assert any("merged cells: C2:C3" in str(note) for note in table.notes) and not table.faults
    rows = [HEAD, entry(1), [*entry(2)[:4], None]]
    table = table_of(made(tmp_path, rows, kind, name="b", merged=[(2, 5, 3, 5)]))
    assert ["the cells E2:E3 are merged" in str(fault) for fault in table.faults] == [True]


def test_a_workbook_with_whatever_slash_prefix_or_style_is_read(tmp_path):
    path = made(tmp_path, ROWS)

    def changed(name, change):
        out = io.BytesIO()
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
            for info in source.infolist():
                part, content = change(info.filename, source.read(info))
                target.writestr(part, content)
        (tmp_path / name).write_bytes(out.getvalue())
        return tmp_path / name

    strict = "http://purl.oclc.org/ooxml/"
    for name, change in {
        "backslash.xlsx": lambda part, content: (part.replace("/", "\\"), content),
        "bad_fill.xlsx": lambda part, content: (part, content.replace(b"<patternFill />", b"", 1)),
        "bad_core.xlsx": lambda part, content: (
            part,
            content.replace(b"Z</dcterms:modified>", b" o'clock</dcterms:modified>"),
        ),
        "strict.xlsx": lambda part, content: (
            part,
            content.replace(b"http://schemas.openxmlformats.org/", strict.encode()).replace(b"/2006/", b"/"),
        ),
    }.items():
        assert read_of(changed(name, change))[0] == READ, name


def test_errors_and_formulas_never_calculated_are_told_from_empty_cells(tmp_path):
    path = made(tmp_path, [HEAD, entry(1, "=1/0"), entry(2, None), entry(3, "=2+3")])
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename.endswith("sheet1.xml"):
                content = content.replace(b"<f>1/0</f><v></v>", b"<f>1/0</f><v>#DIV/0!</v>").replace(
                    b'<c r="E2"', b'<c r="E2" t="e"'
                )
                content = content.replace(b"<f>1/0</f><v />", b"<f>1/0</f><v>#DIV/0!</v>")
            target.writestr(info.filename, content)
    path.write_bytes(out.getvalue())
    found = [row.cells[4] for row in table_of(path).rows]
    assert found[:2] == ["#DIV/0!", None] and repr(found[2]) == "a formula without a saved value"


def test_days_that_only_a_chinese_excel_shows_as_days(tmp_path):
    book = openpyxl.load_workbook(made(tmp_path, [HEAD, [*entry(1)[:3], 46082, 5]]))
    book.active["D2"].number_format = "0.00"
    book.save(path := tmp_path / "a.xlsx")
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "xl/styles.xml":
                content = content.replace(b'numFmtId="2"', b'numFmtId="31"')
            target.writestr(info.filename, content)
    path.write_bytes(out.getvalue())
    (row,) = table_of(path).rows
    assert row.cells[3] == datetime.date(2026, 3, 1) and row.formats == {3: 'yyyy"年"m"月"d"日"'}


def test_number_formats_are_handed_on(tmp_path):
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active["E2"].number_format = '0!.0,"万元"'
    book.save(tmp_path / "a.xlsx")
    assert [dict(row.formats) for row in table_of(tmp_path / "a.xlsx").rows] == [{4: '0!.0,"万元"'}, {}]


def test_a_password_is_said_with_what_to_click(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(OLD_CONTAINER + bytes(4000) + "EncryptedPackage".encode("utf-16-le"))
    older = made(tmp_path, ROWS, ".xls", name="older")
    older.write_bytes(older.read_bytes().replace(b"\xe1\x00\x02\x00", b"\x2f\x00\x02\x00", 1))
    with zipfile.ZipFile(tmp_path / "b.ods", "w") as archive:
        archive.writestr("content.xml", "")
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    for path in (tmp_path / "a.xlsx", older, tmp_path / "b.ods"):
        assert "protected by a password" in refused(path) and "保护工作簿" in refused(path)


def test_content_decides_what_a_file_is_and_its_name_is_mentioned(tmp_path):
    for kind, name in [(".xlsx", "a.csv"), (".xls", "b.xlsx"), (".csv", "c.xls"), (".ods", "d.et")]:
        path = made(tmp_path, ROWS, kind, name="x").rename(tmp_path / name)
        rows, notes = read_of(path)
        assert rows == READ and "it was read as that" in notes[0]
    text = "\n".join("\t".join(map(str, row)) for row in ROWS)
    (tmp_path / "e.xls").write_bytes(text.encode("gb18030"))
    assert read_of(tmp_path / "e.xls")[0] == READ
    (tmp_path / "f.csv").write_bytes(text.encode("utf-16"))
    assert read_of(tmp_path / "f.csv")[0] == READ


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xls", b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "另存为"),
        ("a.xls", b"MIME-Version: 1.0\nContent-Type: multipart/related", "另存为"),
        ("a.csv", b"%PDF-1.7", "a PDF"),
        ("a.xls", b"<html><body><p>x</p></body></html>", "without a table"),
        ("a.xls", b"\x00\x01\x02", "no workbook that can be read, and no text"),
        ("a.yaml", b"name: x", "this is a scenario file"),
        ("a.xls", OLD_CONTAINER + bytes(600), "no Excel workbook that can be read"),
    ],
)
def test_what_cannot_be_read_says_what_it_is_and_what_to_do(name, content, said, tmp_path):
    (tmp_path / name).write_bytes(content)
    assert said in refused(tmp_path / name)


def test_a_cell_far_away_is_named_and_a_format_far_away_is_nothing(tmp_path):
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active["E1048576"].number_format = "0.00"
    book.active["XFD3"].font = openpyxl.styles.Font(bold=True)
    book.save(tmp_path / "a.xlsx")
    assert read_of(tmp_path / "a.xlsx") == (READ, [])
    book.active["E1048576"] = " "
    book.save(tmp_path / "a.xlsx")
    assert "the cell E1048576 holds something, far below the 4 rows" in refused(tmp_path / "a.xlsx")
    book.active["E1048576"], book.active["XFD3"] = None, "x"
    book.save(tmp_path / "a.xlsx")
    assert "XFD3 holds something" in refused(tmp_path / "a.xlsx")


def test_a_sheet_that_repeats_a_cell_a_million_times_is_not_unrolled(tmp_path):
    path = made(tmp_path, ROWS, ".ods")
    with zipfile.ZipFile(path) as source:
        parts = {info.filename: source.read(info).decode() for info in source.infolist()}
    parts["content.xml"] = parts["content.xml"].replace(
        'table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/>',
        'table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384" '
        'office:value-type="float" office:value="1"/>',
    )
    with zipfile.ZipFile(path, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)
    assert "more than 200,000 rows" in refused(path)


@pytest.mark.office
@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_what_libreoffice_writes_is_read_alike(kind, tmp_path):
    rows = [["昌吉州申报汇总表"], HEAD, entry(1), entry(2, 6.5, day=datetime.date(2026, 3, 2)), entry(3)]
    path = made(tmp_path, rows, hidden={4}, struck={5})
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", kind, "--outdir",
         str(tmp_path / "out"), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    here, there = table_of(path), table_of(tmp_path / "out" / f"a.{kind}")
    assert [(row.line, row.cells, row.is_hidden) for row in there.rows] == [
        (row.line, [c.date() if isinstance(c, datetime.datetime) else c for c in row.cells], row.is_hidden)
        for row in here.rows
    ]
    assert len(there.notes) == len(here.notes) == 2
