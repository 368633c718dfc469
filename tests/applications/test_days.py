"""Days and times of day as people write them; the budget year; headers as bureaus write them."""

from __future__ import annotations

import datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from changji_sim import load_scenario
from changji_sim.applications.days import Moment, parse_moment
from changji_sim.applications.register_file import read_applications
from changji_sim.assess.assess_applications import assess_file, law_scenario
from changji_sim.base.faults import FaultyInput
from changji_sim.kernel.simulate import make_registry

LAW = law_scenario()
DAY = datetime.date(2026, 3, 1)
HEAD = ["申报编号", "支持方向", "申报单位", "申报日期", "申请金额（万元）"]


def book_of(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("2026-3-1 上午9:30", (9, 30)),
        ("2026年3月1日下午2:30", (14, 30)),
        ("2026-03-01 下午12:10", (12, 10)),
        ("2026-3-1 中午12:30", (12, 30)),
        ("2026/3/1 凌晨12:30", (0, 30)),
        ("2026/3/1 晚上8时", (20, 0)),
        ("2026/3/1 星期日", None),
        ("2026-03-01（周日）9:05:30", (9, 5, 30)),
        ("2026年03月01号", None),
        ("2026-03-01T09:30:00+08:00", (9, 30)),
        ("2026-03-01T01:30:00Z", (9, 30)),
        ("2026-03-01T09:30:00.000+0800", (9, 30)),
        ("2026年3月1日9时30分", (9, 30)),
        ("2026年3月1日9点半", (9, 30)),
        ("2026-03-01 9:30 PM", (21, 30)),
        ("20260301093005", (9, 30, 5)),
        ("46082.6875", (16, 30)),
        (46082.6875, (16, 30)),
        ("二〇二六年三月一日", None),
        ("2026—03—01", None),
        ("2026.3.1.", None),
        ("2026-03-01 00:00:00", None),
        ("２０２６－３－１ ９：３０", (9, 30)),
        (datetime.datetime(2026, 3, 1, 16, 29, 59, 999_997), (16, 30)),
        ("2026-03-01 Sunday 9:30", (9, 30)),
    ],
)
def test_a_day_and_its_time(text, clock):
    assert parse_moment(text) == Moment(DAY, datetime.time(*clock) if clock else None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026年3月", "the day is missing"),
        ("3月1日", "the year is missing"),
        ("26.3.1", "with four digits"),
        ("2026-03-01（补）", "a day such as 2026-03-01 is needed"),
        ("3/1/2026", "a day such as"),
        ("2026年3月1日上午", "the hour is missing"),
        ("2026/3/1 星期一", "is a 星期日, so one of the two is wrong"),
        ("2026-02-30", "a day such as"),
        ("2026-03-01 25:00", "a day such as"),
        ("2026-03-01 9", "a day such as"),
        ("1826-03-01", "must lie between"),
    ],
)
def test_what_is_no_day_and_what_it_lacks(text, said):
    with pytest.raises(ValueError, match="found") as error:
        parse_moment(text)
    assert said in str(error.value)


@given(st.datetimes(datetime.datetime(1991, 1, 1), datetime.datetime(2099, 1, 1)), st.integers(-12, 14))
def test_every_form_of_a_moment_is_the_same_moment(moment, zone):
    moment = moment.replace(second=0, microsecond=0)
    right = Moment(moment.date(), moment.time() if moment.time() != datetime.time() else None)
    there = moment.replace(tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
    weekday = "一二三四五六日"[moment.weekday()]
    twelve = f"{'上午' if moment.hour < 12 else '下午'}{moment.hour % 12 or 12}"
    forms = (
        moment, moment.isoformat(), there.astimezone(datetime.timezone(datetime.timedelta(hours=zone))).isoformat(),
        f"{moment:%Y年%m月%d日} 星期{weekday} {moment:%H:%M}", f"{moment:%Y/%m/%d} {twelve}:{moment:%M}",
        f"{moment:%Y%m%d%H%M%S}",
    )  # fmt: skip
    assert [parse_moment(form) for form in forms] == [right] * len(forms)


# --- within a day ----------------------------------------------------------------------------------------------------

AT_FOUR, AT_NINE = datetime.datetime(2026, 3, 1, 16, 30), datetime.datetime(2026, 3, 1, 9)


@pytest.mark.parametrize("times", [(AT_FOUR, AT_NINE), ("2026-3-1 下午4:30", "2026-3-1 上午9:00")])
def test_the_time_of_day_decides_within_a_day(times, tmp_path):
    rows = [[n, "科技交流活动", name, time, 300] for n, (name, time) in enumerate(zip("甲乙", times, strict=True))]
    path = book_of(tmp_path / "a.xlsx", [HEAD, *rows])
    assert assess_file(path, out=False).frame["entitlement_wan"].tolist() == [100, 300]
    (tmp_path / "mine.yaml").write_text(
        "name: mine\nextends: baseline\nitems: {exchange: {assumptions: {registers: {2026: a.xlsx}}}}\n", "utf-8"
    )
    registry = make_registry(load_scenario(tmp_path / "mine.yaml"))
    assert [registry.name_of(row.applicant_id) for row in registry.rows("exchange", 2026)] == ["乙", "甲"]


def test_a_time_in_a_column_of_its_own_decides_too(tmp_path):
    head = [*HEAD, "申报时间"]
    rows = [[1, "科技交流活动", "甲", DAY, 300, "16:30"], [2, "科技交流活动", "乙", DAY, 300, datetime.time(9)]]
    path = book_of(tmp_path / "a.xlsx", [head, *rows])
    assert assess_file(path, out=False).frame["entitlement_wan"].tolist() == [100, 300]
    rows[0][5] = "2026-03-02 16:30"
    with pytest.raises(FaultyInput, match="but the other column says 2026-03-01"):
        read_applications(book_of(path, [head, *rows]), LAW)


def test_rows_without_a_time_beside_others_with_one_are_told(tmp_path):
    rows = [[1, "科技交流活动", "甲", AT_NINE, 300], [2, "科技交流活动", "乙", DAY, 300]]
    report = assess_file(book_of(tmp_path / "a.xlsx", [HEAD, *rows]), out=False)
    assert report.frame["entitlement_wan"].tolist() == [100, 300]
    assert "row 3 have no time of day" in str(report.warnings[0])


# --- the budget year -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["预算年度", "申报年度", "budget_year"])
@pytest.mark.parametrize("year", [2026, "2026", "2026年", "2026年度", datetime.date(2026, 1, 1)])
def test_the_budget_year_decides_the_year_and_the_day_the_order(header, year, tmp_path):
    rows = [
        [1, "科技交流活动", "甲", "2026-01-10", 300, year],
        [2, "科技交流活动", "乙", "2025-11-15", 300, year],
        [3, "科技交流活动", "丙", "2026-11-15", 300, 2027],
    ]
    path = book_of(tmp_path / "a.xlsx", [[*HEAD, header], *rows])
    report = assess_file(path, out=False)
    assert report.frame["entitlement_wan"].tolist() == [100, 300, 300] and not report.warnings
    assert assess_file(path, year=2027, out=False).frame["申报单位"].tolist() == ["丙"]
    (tmp_path / "mine.yaml").write_text(
        "name: mine\nextends: baseline\nitems: {exchange: {assumptions: {registers: {2026: a.xlsx}}}}\n", "utf-8"
    )
    registry = make_registry(load_scenario(tmp_path / "mine.yaml"))
    assert [registry.name_of(row.applicant_id) for row in registry.rows("exchange", 2026)] == ["乙", "甲"]


def test_a_budget_year_in_words_is_named_as_it_stands(tmp_path):
    rows = [[1, "科技交流活动", "甲", "2026-01-10", 5, "明年"]]
    with pytest.raises(FaultyInput, match="found '明年'"):
        assess_file(book_of(tmp_path / "a.xlsx", [[*HEAD, "预算年度"], *rows]), out=False)


def test_a_budget_year_that_is_missing_or_far_from_the_day_is_told(tmp_path):
    rows = [[1, "科技交流活动", "甲", "2026-01-10", 5, None], [2, "科技交流活动", "乙", "2026-11-15", 5, 2028]]
    said = [str(w) for w in read_applications(book_of(tmp_path / "a.xlsx", [[*HEAD, "预算年度"], *rows]), LAW).warnings]
    assert any("no 预算年度 in row 2" in sentence for sentence in said)
    assert any("the budget year in row 3 is not that of the date" in sentence for sentence in said)
    rows[1][5] = 2031
    with pytest.raises(FaultyInput, match="row 3 column F: submitted 2031; the measure is in force 2026–2029"):
        assess_file(book_of(tmp_path / "a.xlsx", [[*HEAD, "预算年度"], *rows]), out=False)


# --- headers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        ["序号", "项目类别", "单位名称", "申报时间"],
        ["项目编号", "支持类别", "企业名称", "受理日期"],
        ["*申报编号", "支持方向：", "申报单位（全称）", "申报日期（年月日）"],
        ["⽀持方向", "序号", "承担单位", "提交日期"],
    ],
)
def test_headers_as_bureaus_write_them(headers, tmp_path):
    cells = {"号": 1, "类别": "科技交流活动", "方向": "科技交流活动", "单位": "甲", "企业": "甲"}
    row = [next((value for word, value in cells.items() if word in header), "2026-03-01") for header in headers]
    path = book_of(tmp_path / "a.xlsx", [[*headers, "申请金额（万元）"], [*row, 5]])
    [read] = read_applications(path, LAW).rows
    assert (read.item, read.applicant, read.submitted) == ("exchange", "甲", DAY)


def test_the_very_header_comes_before_others(tmp_path):
    head = ["序号", *HEAD, "单位名称", "受理日期"]
    path = book_of(tmp_path / "a.xlsx", [head, [9, 1, "科技交流活动", "甲", DAY, 5, "推荐单位", "2026-05-01"]])
    [read] = read_applications(path, LAW).rows
    assert (read.application_id, read.applicant, read.submitted) == ("1", "甲", DAY)
    head = ["申报编号", "支持方向", "单位名称", "申报日期", "申请金额（万元）", "企业名称"]
    path = book_of(tmp_path / "a.xlsx", [head, [1, "科技交流活动", "甲", DAY, 5, "乙"]])
    with pytest.raises(FaultyInput, match="'企业名称' stands twice; keep one"):
        read_applications(path, LAW)


def test_numbers_that_excel_cut_are_named_and_no_duplicates(tmp_path):
    rows = [[202665230100000001, "科技交流活动", "甲", DAY, 5], [202665230100000002, "科技交流活动", "乙", DAY, 6]]
    file = read_applications(book_of(tmp_path / "a.xlsx", [HEAD, *rows]), LAW)
    assert len(file.rows) == 2 and "rows 2–3 have lost digits" in str(file.warnings[0])
