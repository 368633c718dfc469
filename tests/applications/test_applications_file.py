"""Files of applications: what is read, what is refused and how it is said; the template; registers of a simulation."""

import datetime
import io
import sys
import zipfile

import openpyxl
import pytest
from places import ROOT

from changji_sim import load_scenario
from changji_sim.applications.cells import parse_choice
from changji_sim.applications.known_columns import KnownColumns
from changji_sim.applications.register_file import read_applications, register_rows
from changji_sim.applications.template import write_template
from changji_sim.assess.assess_applications import EXAMPLE, assess_file, law_scenario
from changji_sim.base.faults import FaultyInput
from changji_sim.base.files import write_whole
from changji_sim.kernel.simulate import make_registry
from changji_sim.modes.support_mode import Column
from changji_sim.scenario.input_files import DAY
from changji_sim.scenario_file.drawn_columns import positions
from changji_sim.scenario_file.opening_file import read_opening
from changji_sim.tables import file_kind, read_table

LAW = law_scenario()
HEAD = ["申报编号", "支持方向", "申报单位", "申报日期"]
SCRIPTS = ROOT / "scripts"


def book_of(path, rows, sheet="申报"):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def csv_of(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def faults_of(path, scenario=LAW):
    with pytest.raises(FaultyInput) as excinfo:
        read_applications(path, scenario)
    return [str(fault) for fault in excinfo.value.faults]


def values_of(path, name):
    return [row.values.get(name) for row in read_applications(path, LAW).rows]


# --- what is read ------------------------------------------------------------------------------------------------


def test_headers_items_and_choices_go_by_either_name(tmp_path):
    text = (
        "application_id,item,申报单位,submitted,requested_wan,项目总投资(万元),tier,平台名称\n"
        "1,exchange,甲,2026-01-02,5,,,\n2,科技交流活动,乙,2026-01-03,６,,,\n"
        "3,core_technology,丙,2026-01-04,7,100,,\n4,国家级创新平台,丁,2026-01-05,,,other,一号\n"
        "5,创新创业大赛,戊,2026-01-06,,,二等奖,\n"
    )
    rows = read_applications(csv_of(tmp_path / "a.csv", text), LAW).rows
    items = ["exchange", "exchange", "core_technology", "national_platform", "contest"]
    assert [row.item for row in rows] == items
    assert [row.values.get("requested_wan") for row in rows] == [5, 6, 7, None, None]
    assert rows[2].values["total_investment_wan"] == 100
    assert [rows[3].values["tier"], rows[3].platform, rows[4].values["tier"]] == [1, "一号", 1]


@pytest.mark.parametrize(
    "cell",
    ["2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", "20260301", "46082", "２０２６-3-1", "2026-03-01 09:30"],
)
def test_days_as_people_write_them(cell, tmp_path):
    path = csv_of(tmp_path / "a.csv", f"{','.join(HEAD)},申请金额（万元）\n1,科技交流活动,甲,{cell},5\n")
    assert read_applications(path, LAW).rows[0].submitted == datetime.date(2026, 3, 1)


@pytest.mark.parametrize(
    "day", [datetime.datetime(2026, 3, 1, 8), datetime.date(2026, 3, 1), 46082, 20260301, "2026/3/1"]
)
def test_days_as_excel_keeps_them(day, tmp_path):
    path = book_of(tmp_path / "a.xlsx", [[*HEAD, "申请金额（万元）"], [1, "科技交流活动", "甲", day, 5]])
    assert read_applications(path, LAW).rows[0].submitted == datetime.date(2026, 3, 1)


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1,234.5", 1234.5), ("１２３．５", 123.5), (" 7 ", 7), ("1.2E+03", 1200), ("0", 0), ("+5", 5), ("1，234", 1234)],
)
def test_numbers_as_text(cell, value, tmp_path):
    path = csv_of(tmp_path / "a.csv", f'{",".join(HEAD)},申请金额（万元）\n1,科技交流活动,甲,2026-03-01,"{cell}"\n')
    assert values_of(path, "requested_wan") == [value]


@pytest.mark.parametrize("cell", ["3.45%", "0.0345", 0.0345, "３.４５％"])
def test_rates_as_share_or_percentage(cell, tmp_path):
    head = [*HEAD, "贷款本金（万元）", "年利率", "起息日", "期限（月）"]
    path = book_of(tmp_path / "a.xlsx", [head, [1, "科技贷款贴息", "甲", "2026-03-01", 100, cell, "2026-03-01", 12]])
    assert values_of(path, "annual_rate") == [0.0345]


@pytest.mark.parametrize(
    ("cell", "value"), [("是", 1), ("否", 0), ("TRUE", 1), (False, 0), (1, 1), (0.0, 0), ("no", 0)]
)
def test_flags(cell, value, tmp_path):
    head = [*HEAD, "是否高企"]
    path = book_of(tmp_path / "a.xlsx", [head, [1, "规上企业研发起步奖励", "甲", "2026-03-01", cell]])
    assert values_of(path, "is_hightech") == [value]


def test_gbk_bom_comments_titles_blank_rows_and_semicolons(tmp_path):
    text = f"{','.join(HEAD)},申请金额（万元）\n\n1,科技交流活动,甲,2026-03-01,5\n,,,,\n"
    gbk = read_applications(csv_of(tmp_path / "g.csv", text, "gbk"), LAW)
    assert [w.what for w in gbk.warnings] == ["this is not UTF-8; it was read as GBK"]
    assert [row.line for row in gbk.rows] == [3]
    for name, other in {
        "bom": "\ufeff" + text,
        "comment": "# 虚构示例\n# made up\n" + text,
        "title": "2026年度申报汇总表,,,,\n" + text,
        "semicolons": text.replace(",", ";"),
        "tabs": text.replace(",", "\t"),
        "windows": text.replace("\n", "\r\n"),
    }.items():
        file = read_applications(csv_of(tmp_path / f"{name}.csv", other), LAW)
        assert [row.values["requested_wan"] for row in file.rows] == [5], name
        assert not file.warnings


def test_a_column_is_needed_only_by_rows_whose_item_needs_it_and_only_there_looked_at(tmp_path):
    head = [*HEAD, "申请金额（万元）", "项目总投资（万元）", "保费（万元）"]
    rows = [
        [1, "科技交流活动", "甲", "2026-03-01", 5, "无", "/"],
        [2, "科技保险保费补贴", "甲", "2026-03-01", "-", None, 3],
    ]
    file = read_applications(book_of(tmp_path / "a.xlsx", [head, *rows]), LAW)
    assert [dict(row.values) for row in file.rows] == [{"requested_wan": 5}, {"premium_wan": 3}]


def test_one_applicant_spelled_two_ways_is_one(tmp_path):
    rows = [
        [n, "技术交易补助", name, "2026-03-01", 500] for n, name in enumerate(["甲（集团）公司", "甲(集团) 公司"] * 3)
    ]
    path = book_of(tmp_path / "a.xlsx", [[*HEAD, "技术交易额（万元）"], *rows])
    report = assess_file(path, out=False)
    assert report.frame["entitlement_wan"].sum() == 20
    assert any("is taken for '甲（集团）公司'" in warning.what for warning in report.warnings)


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u00ad"])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_character_nobody_sees_makes_no_second_applicant(tmp_path, unseen, is_first):
    names = ["甲公司", f"甲{unseen}公司"][:: -1 if is_first else 1] * 3
    rows = [[n, "技术交易补助", name, "2026-03-01", 500] for n, name in enumerate(names)]
    path = book_of(tmp_path / "a.xlsx", [[*HEAD, "技术交易额（万元）"], *rows])
    report = assess_file(path, out=False)
    assert report.frame["entitlement_wan"].sum() == 20
    shown = f"'甲<U+{ord(unseen):04X}>公司' is taken for '甲公司'"
    assert any(warning.what == shown for warning in report.warnings)


def test_a_name_of_what_nobody_sees_is_empty(tmp_path):
    path = csv_of(tmp_path / "a.csv", f"{','.join(HEAD)},申请金额（万元）\n1,科技交流活动,\u200b\u00ad,2026-03-01,5\n")
    assert any("申报单位 (applicant) is empty" in fault for fault in faults_of(path))


def test_identical_rows_are_a_warning_and_unknown_columns_are_kept(tmp_path):
    head = [*HEAD, "申请金额（万元）", "备注", "所属集团名"]
    rows = [[n, "科技交流活动", "甲", "2026-03-01", 5, "初审", None] for n in (1, 2)]
    rows.append([3, "科技交流活动", "甲", "2026-03-01", 5, "另一场", None])
    report = assess_file(book_of(tmp_path / "a.xlsx", [head, *rows]), out=False)
    said = [str(warning) for warning in report.warnings]
    assert "column G" in said[0] and "did you mean '所属集团'" in said[0]
    assert "row 2" in said[1] and "row 2, row 3 are the same but for their numbers" in said[1]
    assert report.frame["备注"].tolist() == ["初审", "初审", "另一场"]


# --- what is refused ---------------------------------------------------------------------------------------------


def test_all_bad_cells_at_once_each_with_its_place(tmp_path):
    head = [*HEAD, "申请金额（万元）", "项目总投资（万元）", "档次", "平台名称", "起息日"]
    rows = [
        [1, "科技交流", "甲", "2026-03-01", 5],
        [2, "科技交流活动", "", "2026-13-01", "五万"],
        [3, "产业重大技术攻关", "乙", "2026-03-01", -5, None],
        [4, "产业重大技术攻关", "乙", "2026-03-01", "NaN", 20_000_000],
        [4, "国家级创新平台", "乙", "2026-03-01", None, None, "产业", None],
        [6, "科技交流活动", "乙", None, "500万"],
        [None, "科技交流活动", "乙", "2026-03-01", "5,00"],
        [8, "科技交流活动", "乙", "2026-03-01", True],
        [9, "科技交流活动", "乙", "2026-03-01", "#DIV/0!"],
        [10, "科技交流活动", "乙", "2026-03-01", datetime.date(2026, 3, 1)],
    ]
    faults = faults_of(book_of(tmp_path / "a.xlsx", [head, *rows]))
    wanted = [
        ("row 2 column B", "did you mean '科技交流活动'"),
        ("row 3 column C", "申报单位 (applicant) is empty"),
        ("row 3 column D", "2026-13-01"),
        ("row 4 column E", "at least 0"),
        ("row 4 column F", "a share of it, 第十条"),
        ("row 5 column E", "finite"),
        ("row 5 column F", "at most 10,000,000"),
        ("row 6 column A", "stands in row 5 already"),
        ("row 6 column G", "allowed are 产业类 (industrial), 其他 (other)"),
        ("row 6 column H", "given once a platform, 第十二条（二）"),
        ("row 7 column D", "is empty"),
        ("row 8 column A", "is empty"),
        ("row 8 column E", "5,00"),
        ("row 9 column E", "a number is needed"),
        ("row 10 column E", "#DIV/0!"),
        ("row 11 column E", "found the date"),
    ]
    for place, said in wanted:
        assert [f for f in faults if f.startswith(f"a.xlsx 申报 {place}: ") and said in f], (place, said, faults)


@pytest.mark.parametrize(
    ("cell", "said"),
    [("500万", "write 500"), ("5,000,000元", "write 500"), ("5%", "not a percentage"), ("inf", "finite")],
)
def test_a_suggestion_for_a_number_with_its_unit(cell, said, tmp_path):
    path = book_of(tmp_path / "a.xlsx", [[*HEAD, "申请金额（万元）"], [1, "科技交流活动", "甲", "2026-03-01", cell]])
    assert said in faults_of(path)[0]


def test_a_rate_written_as_a_number_of_percent(tmp_path):
    head = [*HEAD, "贷款本金（万元）", "年利率", "起息日", "期限（月）"]
    path = book_of(tmp_path / "a.xlsx", [head, [1, "科技贷款贴息", "甲", "2026-03-01", 100, 3.45, "2026-03-01", 12.5]])
    first, second = faults_of(path)
    assert "write 3.45% or 0.0345" in first and "a whole number is needed" in second


def test_missing_columns_are_said_once_with_what_may_be_meant(tmp_path):
    rows = [[n, "产业重大技术攻关", "甲", "2026-03-01", n, 100] for n in range(1, 4)]
    head = [*HEAD, "申请资金额（元）", "项目投资"]
    faults = faults_of(book_of(tmp_path / "a.xlsx", [head, *rows]))
    assert len(faults) == 2
    assert "'申请金额（万元）' (requested_wan) is missing; rows that need it: 3" in faults[0]
    assert "is it '申请资金额（元）'? Then call it '申请金额（元）'" in faults[0]
    assert "is it '项目投资'? Then call it '项目总投资（万元）/项目总投资（元）'" in faults[1]
    faults = faults_of(csv_of(tmp_path / "a.csv", "申报编码,支持方向,申报单位,日期\n1,2,3,4\n"))
    assert len(faults) == 2 and "is it '申报编码'" in faults[0]


def test_a_column_twice_and_cells_beyond_the_headers(tmp_path):
    head = [*HEAD, "申请金额（万元）"]
    row = ["1", "科技交流活动", "甲", "2026-03-01", "5"]
    twice = book_of(tmp_path / "a.xlsx", [[*head, "requested_wan"], [*row, "6"]])
    assert "row 1 column F" in faults_of(twice)[0] and "stands twice" in faults_of(twice)[0]
    beyond = csv_of(tmp_path / "a.csv", "\n".join(",".join(r) for r in (head, [*row, "9"])))
    assert "row 2: there are cells beyond" in faults_of(beyond)[0]


def test_formulas_count_with_their_saved_value_or_are_refused(tmp_path):
    head = [*HEAD, "申请金额（万元）"]
    path = book_of(tmp_path / "a.xlsx", [head, [1, "科技交流活动", "甲", "2026-03-01", "=2+3"]])
    assert "row 2 column E" in faults_of(path)[0] and "without a saved value" in faults_of(path)[0]
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name).replace(b"<f>2+3</f><v></v>", b"<f>2+3</f><v>5</v>")
            target.writestr(name, content.replace(b"<f>2+3</f><v />", b"<f>2+3</f><v>5</v>"))
    path.write_bytes(out.getvalue())
    file = read_applications(path, LAW)
    assert file.rows[0].values["requested_wan"] == 5
    assert "cells with a formula: 1 (E2)" in file.warnings[0].what


def test_merged_cells_are_refused_but_for_a_title(tmp_path):
    path = tmp_path / "a.xlsx"
    rows = [["2026年申报汇总"], [*HEAD, "申请金额（万元）", "所属集团"]]
    rows += [[n, "科技交流活动", "甲", "2026-03-01", 5, "天" if n == 1 else None] for n in (1, 2)]
    book = openpyxl.load_workbook(book_of(path, rows))
    book.active.merge_cells("A1:F1")
    book.save(path)
    assert len(read_applications(path, LAW).rows) == 2
    book.active.merge_cells("E3:E4")
    book.save(path)
    assert "a.xlsx 申报: the cells E3:E4 are merged; every row needs cells of its own" in faults_of(path)


def test_sheets_hidden_doubled_or_foreign(tmp_path):
    path, head = tmp_path / "a.xlsx", [*HEAD, "申请金额（万元）"]
    book = openpyxl.load_workbook(book_of(path, [head, [1, "科技交流活动", "甲", "2026-03-01", 5]], "一月"))
    book.create_sheet("说明", 0).append(["怎样填"])
    other = book.create_sheet("二月")
    other.append(head)
    book.save(path)
    file = read_applications(path, LAW)
    assert len(file.rows) == 1 and "nothing below were not read: '二月'" in str(file.warnings[0])
    other.append([2, "科技交流活动", "乙", "2026-03-01", 5])
    book.save(path)
    assert "several sheets hold such a table ('一月', '二月'); hide those that are not meant" in faults_of(path)[0]
    other.sheet_state = "hidden"
    book.save(path)
    assert [w.what for w in read_applications(path, LAW).warnings] == ["the hidden sheet '二月' was not read"]
    book["一月"].sheet_state = "hidden"
    book.save(path)
    assert "hidden sheet" in faults_of(path)[0]
    foreign = book_of(tmp_path / "b.xlsx", [["姓名", "电话"]])
    assert "'changji-sim template' makes an empty workbook" in faults_of(foreign)[0]


def test_a_row_that_lacks_what_makes_an_application_is_one_fault(tmp_path):
    rows = [[*HEAD, "申请金额（万元）"], [1, "科技交流活动", "甲", "2026-03-01", 5], ["拟立项", None, None, None, 3]]
    (fault,) = faults_of(book_of(tmp_path / "a.xlsx", rows, "申报"))
    assert "row 3: the row has no 支持方向, 申报单位, 申报日期" in fault and "delete the row if it is none" in fault


def test_a_hint_is_never_another_item(tmp_path):
    """区域协同创新专项 is a category; 跨区域协同创新, which resembles it, is an item that pays otherwise."""

    def said(item):
        rows = [[*HEAD, "申请金额（万元）"], [1, item, "甲", "2026-03-01", 5]]
        return faults_of(book_of(tmp_path / "a.xlsx", rows, "申报"))[0]

    assert "it is a category (专项), write the item: 科技交流活动, 跨区域协同创新, 州内联动创新" in said(
        "区域协同创新专项"
    )
    assert "did you mean '科技交流活动'?" in said("科技交流")
    assert "did you mean" not in said("级创新平台") and "did you mean" not in said("国家区级平台")


def test_of_several_words_for_a_number_that_of_the_application_is_taken(tmp_path):
    head = ["序号", "项目编号", *HEAD[1:], "申请补助资金（万元）"]
    file = read_applications(
        book_of(tmp_path / "a.xlsx", [head, [1, "P7", "科技交流活动", "甲", "2026-03-01", 5]], "申报"), LAW
    )
    assert [row.application_id for row in file.rows] == ["P7"] and not file.warnings


def test_files_that_are_none(tmp_path, monkeypatch):
    (tmp_path / "folder.csv").mkdir()
    binary = bytes(range(256)) * 10
    for name, content, said in [
        ("missing.csv", None, "there is no such file"),
        ("folder.csv", None, "this is a folder"),
        ("old.xls", b"\xd0\xcf\x11\xe0", "no workbook that can be read"),
        ("book.xlsb", b"PK", "save it as .xlsx"),
        ("empty.csv", b"", "the file is empty"),
        ("blank.xlsx", b" \n", "the file is empty"),
        ("binary.csv", binary, "no UTF-8 text"),
        ("odd.csv", "申".encode() + b"\xff,\x81", "neither UTF-8 nor GBK"),
        ("text.xlsx", b"a,b,c", "none of the headers"),
        ("cut.xlsx", EXAMPLE.read_bytes()[:9000], "no Excel workbook"),
        ("quote.csv", b'a,"b\n1,2', "none of the headers"),
        ("headers.csv", ",".join(HEAD).encode(), "no applications below"),
    ]:
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        assert said in "\n".join(faults_of(path)), name
    monkeypatch.setattr(file_kind, "MAX_BYTES", 1000)
    assert "at most 0 MB are read" in faults_of(EXAMPLE)[0]


def test_a_file_of_a_gigabyte_is_refused_unread(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("wb") as file:
        file.truncate(1_000_000_000)  # a sparse file: it takes no room
    assert faults_of(path) == ["big.csv: the file has 1,000 MB; at most 50 MB are read"]


@pytest.mark.slow
def test_a_zip_bomb_and_a_document_type_are_refused(tmp_path):
    for name, content, said in [
        ("bomb.xlsx", b" " * 700_000_000, "unpacks to"),
        ("doctype.xlsx", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>', "document type"),
    ]:
        with zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
            target.writestr("xl/workbook.xml", content)
        assert said in faults_of(tmp_path / name)[0]


def test_too_many_rows_and_too_many_faults(tmp_path, monkeypatch):
    head = ",".join([*HEAD, "申请金额（万元）"])
    many = "\n".join(f"{n},科技交流活动,甲,2026-03-01,x" for n in range(2000))
    faults = faults_of(csv_of(tmp_path / "a.csv", f"{head}\n{many}"))
    assert len(faults) == 501 and "1,500 more faults" in faults[-1]
    monkeypatch.setattr(read_table, "MAX_ROWS", 100)
    assert "2,000 rows; at most 100 are read" in faults_of(tmp_path / "a.csv")[0]


def test_thousands_of_equal_rows_are_a_few_warnings(tmp_path):
    head = ",".join([*HEAD, "申请金额（万元）"])
    rows = "\n".join(f"{n},科技交流活动,甲,2026-03-01,{n % 50}" for n in range(2000))
    file = read_applications(csv_of(tmp_path / "a.csv", f"{head}\n{rows}"), LAW)
    assert len(file.rows) == 2000 and len(file.warnings) == 21


# --- the template ------------------------------------------------------------------------------------------------


def test_the_template_is_empty_complete_and_never_overwritten_unasked(tmp_path):
    path = write_template(tmp_path / "t.xlsx", load_scenario("baseline"))
    book = openpyxl.load_workbook(path)
    headers = [cell.value for cell in book["申报"][1]]
    for known in KnownColumns(LAW).of_item.values():
        for name in (*known.needed, *known.conditions):
            assert known.columns[name].header in headers
    assert not {"里程碑未达", "退出估值（万元）"} & set(headers)  # what only a simulation knows
    lists = {v.formula1 for v in book["申报"].data_validations.dataValidation if v.type == "list"}
    assert len(lists) == 8
    explained = {row[1]: row for row in book["说明"].iter_rows(values_only=True)}
    assert explained["transaction_wan"][2:5] == ("万元", "数字", "技术交易补助")
    assert faults_of(path) == ["t.xlsx 申报: there are headers but no applications below them"]
    with pytest.raises(FaultyInput, match="already"):
        write_template(path, LAW)
    before = path.read_bytes()
    assert write_template(path, load_scenario("baseline"), overwrite=True).read_bytes() == before
    for wrong in (tmp_path / "t.csv", path / "t.xlsx"):
        with pytest.raises(FaultyInput):
            write_template(wrong, LAW)


MODE = """
import numpy as np
import param
import changji_sim as cs


class Voucher(cs.SupportMode):
    key = "voucher"
    title = "创新券"
    columns = [cs.Column("voucher_wan", label="券面金额"), cs.Column("used_share", label="使用比例", bounds=(0, 1))]

    def demand(self, applications):
        if (applications.voucher_wan > 1000).any():
            raise RuntimeError("too large for a voucher")
        return applications.voucher_wan * applications.used_share


@cs.hookimpl
def register_support_modes(register):
    register(Voucher)
"""


def test_a_strangers_mode_appears_in_template_and_assess_without_a_change(tmp_path):
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    (plugins / "voucher.py").write_text(MODE, encoding="utf-8")
    scenario = tmp_path / "mine.yaml"
    scenario.write_text(
        "name: mine\nextends: baseline\nitems:\n  vouchers: {category: environment, title: 创新券, mode: voucher, "
        "guide: {max_applicant_year_wan: 10}, assumptions: {applications: 3, columns: "
        "{voucher_wan: {fixed: 4}, used_share: {fixed: 0.5}}}}\n",
        encoding="utf-8",
    )
    sheet = openpyxl.load_workbook(write_template(tmp_path / "t.xlsx", load_scenario(scenario, plugins_dir=plugins)))[
        "申报"
    ]
    headers = {cell.value: cell.column for cell in sheet[1]}
    assert {"券面金额（万元）", "使用比例"} <= set(headers)
    head = [*HEAD, "券面金额（万元）", "使用比例"]
    rows = [[1, "创新券", "甲", "2026-03-01", 30, "29%"], [2, "创新券", "甲", "2026-03-02", 8, 0.5]]
    path = book_of(tmp_path / "a.xlsx", [head, *rows])
    frame = assess_file(path, scenario=scenario, plugins_dir=plugins, out=False).frame
    assert frame["demand_wan"].tolist() == [8.7, 4]
    assert frame["entitlement_wan"].tolist() == [8.7, 1.3]
    rows.append([3, "创新券", "乙", "2026-03-02", 2000, 1])
    with pytest.raises(FaultyInput) as excinfo:
        assess_file(book_of(path, [head, *rows]), scenario=scenario, plugins_dir=plugins, out=False)
    assert [str(f) for f in excinfo.value.faults] == [
        "a.xlsx 申报 row 4: 创新券: 创新券 (voucher, voucher.py): demand() raised RuntimeError: too large for a voucher"
        "; the smallest that shows it is year 2026: voucher_wan 2000, used_share 1, other_public_wan 0, "
        "local_public_wan 0, is_enterprise True"
    ]


# --- registers and examples --------------------------------------------------------------------------------------


def test_register_rows_stand_in_submission_order(tmp_path):
    head = [*HEAD, "申请金额（万元）", "所属集团"]
    rows = [
        [1, "科技交流活动", "甲", "2026-03-02", 5, None],
        [2, "科技交流活动", "乙", "2026-03-01", 6, "天"],
        [3, "科技交流活动", "丙", "2026-03-02", 7, None],
        [4, "科技交流活动", "丁", "2027-03-02", 8, None],
        [5, "科技特派员项目", "丁", "2026-03-02", 9, None],
    ]
    path = book_of(tmp_path / "r.xlsx", [head, *rows])
    item = next(item for item in LAW.items if item.key == "exchange")
    read = register_rows(path, LAW, item, 2026)
    assert [row.pop(DAY) for row in read] == pytest.approx([59 / 365, 60 / 365, 60 / 365])
    assert read == [
        {"applicant": "乙", "group": "天", "platform": "", "requested_wan": 6.0},
        {"applicant": "甲", "group": "", "platform": "", "requested_wan": 5.0},
        {"applicant": "丙", "group": "", "platform": "", "requested_wan": 7.0},
    ]
    assert [row["requested_wan"] for row in register_rows(path, LAW, item, 2027)] == [8]
    with pytest.raises(
        FaultyInput, match=r"no row of Exchange events \(exchange\) submitted in 2028 \(4 of other years\)"
    ):
        register_rows(path, LAW, item, 2028)


def test_a_scenario_reads_the_example_as_its_register(tmp_path):
    (tmp_path / "applications_2026.xlsx").write_bytes(EXAMPLE.read_bytes())
    scenario = tmp_path / "mine.yaml"
    register = "{assumptions: {registers: {2026: applications_2026.xlsx}}}"
    scenario.write_text(
        f"name: mine\nextends: baseline\nitems: {{exchange: {register}, loan_interest: {register}}}\n", encoding="utf-8"
    )
    registry = make_registry(load_scenario(scenario))
    assert len(registry.rows("exchange", 2026)) == 14
    assert registry.rows("loan_interest", 2026)[0].values["principal_wan"] > 0
    assert registry.rows("exchange", 2027) == []


@pytest.mark.slow
def test_the_examples_are_what_the_script_makes(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    sys.modules.pop("make_examples", None)
    import make_examples

    make_examples.main(tmp_path)
    for name in make_examples.made():
        assert (tmp_path / name).read_bytes() == (EXAMPLE.parent / name).read_bytes(), name
    rows, faults = read_opening(EXAMPLE.with_name("opening_2025.csv"), LAW.items, LAW.years)
    assert not faults and len(rows) == 9
    everybody = {row.applicant for row in read_applications(EXAMPLE, LAW).rows} | {row.applicant for row in rows}
    assert all(name.startswith("虚构示例") for name in everybody)


def test_a_file_is_written_whole_or_not_at_all(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(TypeError):
        write_whole(path, "no bytes")
    assert path.read_bytes() == b"old" and len(list(tmp_path.iterdir())) == 1
    with pytest.raises(FaultyInput, match="is a file, so nothing can be written into it"):
        write_whole(tmp_path / "a.xlsx" / "b.xlsx", b"x")


# --- hints between choices that pay differently -----------------------------------------------------------------------

TIERS = {"first": "一等奖", "second": "二等奖", "third": "三等奖"}
REPAYMENTS = {"bullet": "到期还本", "equal_principal": "等额本金", "annuity": "等额本息"}


@pytest.mark.parametrize(
    ("choices", "written", "meant"),
    [
        (TIERS, "3等奖", "三等奖"),
        (TIERS, "３等 奖", "三等奖"),
        (TIERS, "三等奖。", "三等奖"),
        (TIERS, "Third", "third"),
        (TIERS, "三等讲", None),
        (TIERS, "四等奖", None),
        (TIERS, "secnd", None),
        (REPAYMENTS, "等额本", None),
        (REPAYMENTS, "等额 本息", "等额本息"),
        (REPAYMENTS, "等额 本金", "等额本金"),
    ],
)
def test_a_choice_is_suggested_only_where_the_same_thing_is_written_otherwise(choices, written, meant):
    """A tier that resembles another one pays another amount."""
    with pytest.raises(ValueError, match="allowed are") as refused:
        parse_choice(written, choices)
    hint = str(refused.value.args[0]).partition("; did you mean ")[2]
    assert hint == (f"'{meant}'?" if meant else "")


def test_a_choice_drawn_is_suggested_only_where_the_same_thing_is_written_otherwise():
    column = Column("tier", kind="choice", choices=TIERS)
    for written, hint in (("thrd", ""), ("Third", "; did you mean 'third'?")):
        with pytest.raises(ValueError, match=f"found the choice '{written}'") as refused:
            positions({"fixed": written}, column)
        assert f"'{written}'{hint};" in str(refused.value.args[0])
