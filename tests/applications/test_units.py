"""In which unit numbers are written: headers, titles, number formats; and numbers that can hardly be right."""

from __future__ import annotations

import datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from changji_sim.applications.known_columns import KnownColumns
from changji_sim.applications.number_formats import contradicts, shown
from changji_sim.applications.register_file import read_applications
from changji_sim.applications.written_units import Scale, scale_of, split_header, units_of_title
from changji_sim.assess.assess_applications import assess_file, law_scenario
from changji_sim.base.faults import FaultyInput
from changji_sim.scenario_file.opening_file import read_opening

LAW = law_scenario()
KNOWN = KnownColumns(LAW)
HEAD = ["申报编号", "支持方向", "申报单位", "申报日期"]
DAY = datetime.date(2026, 3, 1)


def book_of(path, headers, rows, titles=(), formats=None):
    """A workbook; ``formats`` are number formats by cell."""
    book = openpyxl.Workbook()
    for row in (*titles, headers, *rows):
        book.active.append(row)
    for place, text in (formats or {}).items():
        book.active[place].number_format = text
    book.save(path)
    return path


def exchange(path, headers, amounts, titles=(), formats=None):
    rows = [[f"A{n}", "科技交流活动", f"甲{n}厂", DAY, amount] for n, amount in enumerate(amounts)]
    return book_of(path, [*HEAD, *headers], rows, titles, formats)


def amounts(path):
    return [row.values["requested_wan"] for row in read_applications(path, LAW).rows]


def warnings(path):
    return [str(warning) for warning in read_applications(path, LAW).warnings]


def refused(path):
    with pytest.raises(FaultyInput) as error:
        read_applications(path, LAW)
    return [str(fault) for fault in error.value.faults]


# --- headers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "times"),
    [
        ("申请金额（元）", 10_000),
        ("申请金额(元)", 10_000),
        ("申请金额/元", 10_000),
        ("申请金额：元", 10_000),
        ("申请金额【元】", 10_000),
        ("申请金额（单位：元）", 10_000),
        ("申请金额（人民币元）", 10_000),
        ("申请金额元", 10_000),
        ("申请金额（千元）", 10),
        ("申请金额（百万元）", 0.01),
        ("申请金额（亿元）", 1e-4),
        ("申请金额（含税）（元）", 10_000),
        ("申请资金（元）", 10_000),
        ("* 申请金额（元）", 10_000),
    ],
)
def test_a_header_that_differs_in_its_unit_is_converted_and_told(header, times, tmp_path):
    path = exchange(tmp_path / "a.xlsx", [header], [50 * times, 7.25 * times])
    assert amounts(path) == [50, 7.25]
    assert any(f"'{header}'" in sentence and "were converted to 万元" in sentence for sentence in warnings(path))


@pytest.mark.parametrize(
    "header", ["申请金额（万元）", "申请金额(万元)", "申请金额（万）", "申请金额：万元", "申请金额（万元，含税）"]
)
def test_the_same_unit_in_other_words_needs_no_note(header, tmp_path):
    path = exchange(tmp_path / "a.xlsx", [header], [50])
    assert amounts(path) == [50] and warnings(path) == []


def test_a_unit_that_nothing_names_or_that_is_foreign_is_refused(tmp_path):
    path = exchange(tmp_path / "a.xlsx", ["申请金额"], [50, 60])
    assert "call it '申请金额（万元）' or '申请金额（元）', as they are (rows 2–3)" in refused(path)[0]
    assert (
        "are in 万美元; write them in 万元 or 元"
        in refused(exchange(tmp_path / "a.xlsx", ["申请金额（万美元）"], [5]))[0]
    )
    both = book_of(
        tmp_path / "b.xlsx", [*HEAD, "申请金额（万元）", "申请金额（元）"], [[1, "科技交流活动", "甲", DAY, 5, 50_000]]
    )
    assert "'申请金额（元）' stands twice; keep one" in refused(both)[0]


@given(
    st.sampled_from([c for c in KNOWN.columns.values() if c.unit or c.name.endswith("_rate")]),
    st.sampled_from(["元", "万元", "千元", "亿元", "%", "‰", "年", "月", "个月", "季度", "万美元", "公斤"]),
)
def test_no_header_is_said_to_be_one_in_another_unit(column, unit):
    """What differs in the unit alone is converted, refused or unknown, and never hinted at as the column itself."""
    header = f"{split_header(column.header).base}（{unit}）"
    for read in KNOWN.read_as(header):
        assert read.unit in (None, "", unit) or scale_of(read.unit, read.own) == Scale(1, 1) or read.unit == read.own
    near = KNOWN.near(header, 0.6) if not KNOWN.read_as(header) else None
    assert near is None or split_header(near[1]).unit in (None, unit)


@given(st.integers(1, 10**9), st.sampled_from(["元", "千元", "百万元", "亿元"]))
def test_a_converted_amount_is_the_nearest_number_to_the_exact_one(fen, unit):
    from fractions import Fraction

    scale = scale_of(unit, "万元")
    exact = Fraction(fen) * scale.times / scale.by
    assert scale.of(fen) == float(exact)


@pytest.mark.parametrize("header", ["年利率", "年利率（%）", "年利率%", "年利率（‰）"])
@pytest.mark.parametrize("as_text", [False, True])
def test_rates_under_per_cent(header, as_text, tmp_path):
    times = {"年利率": 1, "年利率（‰）": 1000}.get(header, 100)
    rate = "3.45%" if as_text else round(0.0345 * times, 10)
    row = ["L1", "科技贷款贴息", "甲", DAY, 100, rate, DAY, 12]
    path = book_of(tmp_path / "a.xlsx", [*HEAD, "贷款本金（万元）", header, "起息日", "期限（月）"], [row])
    assert read_applications(path, LAW).rows[0].values["annual_rate"] == 0.0345


def test_a_share_under_per_cent_is_doubted_and_a_cell_shown_as_per_cent_is_taken_as_shown(tmp_path):
    head = [*HEAD, "贷款本金（万元）", "年利率（%）", "起息日", "期限（月）"]
    row = ["L1", "科技贷款贴息", "甲", DAY, 100, 0.0345, DAY, 12]
    path = book_of(tmp_path / "a.xlsx", head, [row])
    assert any("年利率 in row 2 is so small" in sentence for sentence in warnings(path))
    path = book_of(tmp_path / "a.xlsx", head, [row], formats={"F2": "0.00%"})
    assert read_applications(path, LAW).rows[0].values["annual_rate"] == 0.0345


def test_terms_in_years_and_months(tmp_path):
    head = [*HEAD, "贷款本金（万元）", "年利率", "起息日", "期限（年）", "申请金额（万元）", "项目总投资（万元）"]
    loan = ["L1", "科技贷款贴息", "甲", DAY, 100, 0.03, DAY, 3, None, None]
    project = ["P1", "产业重大技术攻关", "乙", DAY, None, None, None, 3, 50, 300]
    rows = read_applications(book_of(tmp_path / "a.xlsx", head, [loan, project]), LAW).rows
    assert rows[0].values["months"] == 36 and rows[1].values["term_years"] == 3
    head[7] = "实施周期（月）"
    project[7] = 24
    path = book_of(tmp_path / "a.xlsx", head, [project])
    assert read_applications(path, LAW).rows[0].values["term_years"] == 2
    project[7] = 18
    assert "'18' (月): found 1.5" in refused(book_of(tmp_path / "a.xlsx", head, [project]))[0]


# --- the line above --------------------------------------------------------------------------------------------------

TITLES = (["昌吉州2026年申报汇总表"], [None, None, None, None, "单位：元"])


def test_a_unit_above_the_table_holds_where_headers_name_none(tmp_path):
    path = exchange(tmp_path / "a.xlsx", ["申请金额"], [50_000], TITLES)
    assert amounts(path) == [5]
    assert any("are in 元 and were converted" in sentence for sentence in warnings(path))
    path = exchange(tmp_path / "a.xlsx", ["申请金额"], [5], [["单位：万元"]])
    assert amounts(path) == [5] and not warnings(path)


def test_a_unit_above_the_table_that_contradicts_a_header_is_refused(tmp_path):
    path = exchange(tmp_path / "a.xlsx", ["申请金额（万元）"], [50_000], TITLES)
    assert "is in 万元, but row 2 says 元" in refused(path)[0]
    path = exchange(tmp_path / "a.xlsx", ["requested_wan"], [50_000], TITLES)
    assert "but row 2 says 元" in refused(path)[0]
    path = exchange(tmp_path / "a.xlsx", ["申请金额"], [5], [["单位：元"], ["（单位：万元）"]])
    assert "row 1 says 元 and row 2 says 万元" in refused(path)[0]


def test_two_units_of_one_header_are_refused(tmp_path):
    path = book_of(
        tmp_path / "a.xlsx", [*HEAD, "申请金额（万元）"], [[None] * 4 + ["元"], ["A1", "科技交流活动", "甲厂", DAY, 5]]
    )
    assert "is it '申请金额（万元）（元）'?" in refused(path)[0]


@pytest.mark.parametrize(
    ("title", "units"),
    [
        ("单位：元", ["元"]),
        ("（单位：万元）", ["万元"]),
        ("金额单位：人民币元", ["元"]),
        ("单位 万元", ["万元"]),
        ("汇总表（万元）", ["万元"]),
        ("金额：元", ["元"]),
        ("注：本表以万元为单位", ["万元"]),
        ("单位：万元、%", ["万元"]),
        ("填报单位：昌吉市科技局", []),
        ("单位：元宝科技公司", []),
        ("申报单位：（盖章） 单位:元", ["元"]),
    ],
)
def test_units_that_a_line_names(title, units):
    assert units_of_title(title) == units


# --- number formats --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number_format", "cell", "seen"),
    [
        ('0!.0,"万"', 500_000, "50.0万"),
        ("0!.0,万", 500_000, "50.0万"),
        (r"0\.0,", 500_000, "50.0"),
        ("0.00,", 50_000, "50.00"),
        ('#0"."0000"万元"', 500_000, "50.0000万元"),
        ("0%", 5, "500%"),
        ('0.00"元"', 50_000, "50000.00元"),
        (";;;", 5, "nothing"),
        ('[>=10000]0!.0,"万";0', 500_000, "50.0万"),
        ("[$$-409]#,##0.00", 5, "5.00$"),
        ("[$USD] 0", 5, "5USD"),
        ('"US$"0', 5, "5US$"),
        ("$0", 5, "5$"),
    ],
)
def test_a_cell_that_shows_another_amount_is_refused_with_both(number_format, cell, seen, tmp_path):
    path = exchange(tmp_path / "a.xlsx", ["申请金额（万元）"], [cell], formats={"E2": number_format})
    [fault] = refused(path)
    assert "row 2 column E" in fault and f"holds {cell} " in fault and seen in fault


@pytest.mark.parametrize(
    ("header", "number_format", "cell", "wan"),
    [
        ("申请金额（万元）", "#,##0.00", 50, 50),
        ("申请金额（万元）", '0.0"万元"', 50, 50),
        ("申请金额（万元）", "_ ¥* #,##0.00_ ", 50, 50),
        ("申请金额（元）", '0!.0,"万"', 500_000, 50),
        ("申请金额（元）", '0.00"元"', 500_000, 50),
        ("申请金额（万元）", "[Red]0.00_);(0.00)", 50, 50),
        ("申请金额（万元）", '[>=10000]0!.0,"万";0', 50, 50),
    ],
)
def test_a_cell_that_shows_what_it_holds_is_read(header, number_format, cell, wan, tmp_path):
    assert amounts(exchange(tmp_path / "a.xlsx", [header], [cell], formats={"E2": number_format})) == [wan]


@given(st.integers(1, 10**7), st.integers(0, 3), st.integers(0, 4), st.sampled_from(["", '"万"', '"元"', "%"]))
def test_what_is_shown_is_never_another_amount_unseen(value, commas, places, unit):
    """A format that scales, or names a unit, is found to contradict exactly where the two amounts differ."""
    number_format = "#,##0" + ("." + "0" * places if places else "") + "," * commas + unit
    seen = shown(value, number_format)
    if seen is None:
        assert not commas and not unit
        return
    assert seen.value == pytest.approx(value / 1000**commas * (100 if unit == "%" else 1))
    factor = {"": 1, '"万"': 1, '"元"': 1e-4, "%": None}[unit]
    is_other = factor is None or abs(value - seen.value * factor) > 0.5 * 10**-places * factor * 1.01
    assert contradicts(value, seen, Scale(), "万元") == is_other


# --- what cannot be right --------------------------------------------------------------------------------------------


def test_yuan_typed_for_wan_is_doubted(tmp_path):
    path = exchange(tmp_path / "a.xlsx", ["申请金额（万元）"], [50_000, 80_000])
    assert any("rows 2–3 is 10,000 万元 (1亿元) or more, the first 50,000" in sentence for sentence in warnings(path))
    path = exchange(tmp_path / "a.xlsx", ["申请金额（万元）"], [5, 6, 7, 8, 9, 5000])
    assert any("row 7 is far from the other rows of the item" in sentence for sentence in warnings(path))
    path = exchange(tmp_path / "a.xlsx", ["申请金额（元）"], [50, 60_000, 70_000])
    assert any("row 2 is less than 1,000 元" in sentence for sentence in warnings(path))


def test_an_amount_that_a_comma_has_split_is_doubted(tmp_path):
    path, head = tmp_path / "a.csv", ",".join([*HEAD, "申请金额（万元）", "备注"])
    path.write_text(
        f"{head}\nA1,科技交流活动,甲厂,2026-03-01,1,234\nA2,科技交流活动,乙厂,2026-03-01,5,234号\n", "utf-8"
    )
    assert amounts(path) == [1, 5]
    assert ["in row 2 is followed by three digits in the next cell" in one for one in warnings(path)] == [True]


def test_a_request_above_its_own_investment_or_far_above_its_cap_is_doubted(tmp_path):
    head = [*HEAD, "申请金额（万元）", "项目总投资（万元）"]
    rows = [["A1", "产业重大技术攻关", "甲", DAY, 500, 300], ["A2", "产业重大技术攻关", "乙", DAY, 50, 300]]
    said = warnings(book_of(tmp_path / "a.xlsx", head, rows))
    assert any("申请金额（万元） is more than 项目总投资（万元） in row 2" in sentence for sentence in said)
    rows = [["A1", "技术交易补助", "甲", DAY, 9_999], ["A2", "技术交易补助", "乙", DAY, 500]]
    assert warnings(book_of(tmp_path / "a.xlsx", [*HEAD, "技术交易额（万元）"], rows)) == []
    rows = [["A1", "科技交流活动", "甲", DAY, 9_000]]
    said = warnings(book_of(tmp_path / "a.xlsx", [*HEAD, "申请金额（万元）"], rows))
    assert any("row 2 ask more than the whole fund has in 2026" in sentence for sentence in said)
    rows = [["C1", "技术交易补助", "甲", DAY, 60_000]]
    assert warnings(book_of(tmp_path / "a.xlsx", [*HEAD, "技术交易额（万元）"], rows))


def test_assess_gives_what_was_converted_to_the_person(tmp_path):
    report = assess_file(exchange(tmp_path / "a.xlsx", ["申请金额（元）"], [50_000]), out=False)
    assert report.frame["entitlement_wan"].tolist() == [5]
    assert any("were converted" in str(warning) for warning in report.warnings)


# --- opening ledgers -------------------------------------------------------------------------------------------------


def ledger(path, headers, row, title=""):
    lines = [
        title,
        ",".join(["支持方向", "申报单位", *headers]),
        ",".join(["产业重大技术攻关", "甲公司", *map(str, row)]),
    ]
    path.write_text("\n".join(line for line in lines if line) + "\n", encoding="utf-8")
    return read_opening(path, LAW.items, LAW.years)


def test_a_ledger_in_yuan_is_converted_and_what_is_too_large_is_doubted(tmp_path):
    path = tmp_path / "opening.csv"
    rows, found = ledger(path, ["立项金额（元）", "已拨金额（元）", "2027年应拨（元）"], [1_000_000, 600_000, 400_000])
    assert (rows[0].committed_wan, rows[0].paid_wan, rows[0].due_wan) == (100, 60, {2027: 40})
    assert all(fault.is_warning for fault in found) and sum("were converted" in str(f) for f in found) == 3
    rows, found = ledger(path, ["立项金额", "已拨金额", "2027年应拨"], [1_000_000, 600_000, 400_000], "单位：元")
    assert rows[0].committed_wan == 100
    rows, found = ledger(
        path, ["立项金额（万元）", "已拨金额（万元）", "2027年应拨（万元）"], [1_000_000, 600_000, 400_000]
    )
    assert any("10,000 万元 (1亿元) or more" in str(fault) for fault in found)
    rows, found = ledger(
        path, ["立项金额（万元）", "已拨金额（万元）", "2027年应拨（万元）"], [100, 60, 40], "单位：元"
    )
    assert any("is in 万元, but row 1 says 元" in str(fault) and not fault.is_warning for fault in found)
    rows, found = ledger(path, ["立项金额", "已拨金额", "2027年应拨（万元）"], [100, 60, 40])
    assert sum("nothing says in which unit" in str(fault) for fault in found) == 2


def test_a_ledger_larger_than_the_fund_is_doubted_by_assess_too(tmp_path):
    path = tmp_path / "opening.csv"
    ledger(path, ["立项金额（万元）", "已拨金额（万元）", "2027年应拨（万元）"], [9_000, 0, 9_000])
    report = assess_file(exchange(tmp_path / "a.xlsx", ["申请金额（万元）"], [5]), opening=path, out=False)
    assert any("what falls due in 2027, 9,000 万元, is more than the total envelope" in str(w) for w in report.warnings)


def test_a_unit_beside_the_headers_or_in_each_row_holds_or_is_refused(tmp_path):
    rows = [["A1", "科技交流活动", "甲", DAY, 50_000, "元"], ["A2", "科技交流活动", "乙", DAY, 6, "万元"]]
    path = book_of(tmp_path / "a.xlsx", [*HEAD, "申请金额", "单位"], rows)
    assert amounts(path) == [5, 6]
    path = book_of(tmp_path / "a.xlsx", [*HEAD, "申请金额（万元）", "单位"], rows)
    assert "the row says 元, the header 万元" in refused(path)[0]
    path = book_of(tmp_path / "a.xlsx", [*HEAD, "申请金额（万元）", "单位：元"], [row[:5] for row in rows])
    assert "is in 万元, but row 1 says 元" in refused(path)[0]
    path = exchange(tmp_path / "a.xlsx", ["申请金额（人民币）"], [50])
    assert "nothing says in which unit" in refused(path)[0]
