"""Rows of an opening ledger that go on: their years, what is owed of them, what they stated."""

from __future__ import annotations

import pytest
from comparing import made_scenario

from changji_sim.applications.known_columns import KnownColumns
from changji_sim.scenario_file.opening_file import read_opening

HEADER = (
    "支持方向,申报单位,立项金额（万元）,已拨金额（万元）,应拨未拨（万元）,已取消金额（万元）,2027年应拨（万元）,2026年已拨（万元）,"
    "2026年应收回（万元）,立项年度,验收年度,终止年度,绩效评价等级,可再次申报,申报年度,申报序号,贷款本金（元）,年利率,起息日,期限（月）"
)
FIRST = 2027
GOOD = (
    "产业重大技术攻关,甲公司,100,40,20,10,30,40,,2026,2028,,,,2026,3,,,,",
    "产业重大技术攻关,乙公司,60,60,,,,,,2025,2026,,不合格,,,,,,,",
    "科技贷款贴息,丙公司,0,0,,,,,,,,,,,2026,1,4000000,4%,2026-05-10,24",
)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return made_scenario(tmp_path_factory.mktemp("made"), {"extends": "baseline", "years": [FIRST, 2029]})


def read(scenario, folder, rows):
    path = folder / "ledger.csv"
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    known = lambda: KnownColumns(scenario)  # noqa: E731
    return read_opening(path, scenario.items, scenario.years, (), known)


def test_what_goes_on_is_read(scenario, tmp_path):
    (promise, failed, loan), found = read(scenario, tmp_path, GOOD)
    assert [fault.text() for fault in found if not fault.is_warning] == []
    assert (promise.arrears_wan, promise.cancelled_wan, promise.due_wan) == (20, 10, {2027: 30})
    assert (promise.commitment_year, promise.acceptance_year, promise.application_row) == (2026, 2028, 2)
    assert promise.paid_by_year == {2026: 40}
    assert (failed.rating, failed.acceptance_year) == ("fail", 2026)
    assert loan.values == {"principal_wan": 400, "annual_rate": 0.04, "start": 20583, "months": 24}


FAULTY = {
    "does not add up": (
        "产业重大技术攻关,甲公司,100,40,20,10,40,,,2026,2028,,,,,,,,,",
        "committed 100 less paid 40, unpaid 20 and cancelled 10 is not what falls due, 40",
    ),
    "committed later": ("产业重大技术攻关,甲公司,30,0,,,30,,,2027,2028,,,,,,,,,", "the year of commitment is 2027"),
    "applied later": ("产业重大技术攻关,甲公司,30,0,,,30,,,2025,2028,,,,2026,,,,,", "after it was committed in 2025"),
    "accepted first": ("产业重大技术攻关,甲公司,30,0,,,30,,,2026,2025,,,,,,,,,", "before it was committed in 2026"),
    "terminated and due": ("产业重大技术攻关,甲公司,30,0,,,30,,,2025,,2026,,,,,,,,", "terminated in 2026, and 30"),
    "paid more by year": ("产业重大技术攻关,甲公司,30,0,,,30,9,,2026,2028,,,,,,,,,", "add up to 9, paid are 0"),
    "got it and again": ("产业重大技术攻关,甲公司,30,0,,,30,,,2026,2028,,,是,2026,,,,,", "so it does not apply again"),
    "again without a year": ("产业重大技术攻关,甲公司,0,0,,,,,,,,,,是,,,,,,", "(申报年度) must say when it did"),
    "a loan without months": (
        "科技贷款贴息,丙公司,0,0,,,,,,,,,,,2026,1,4000000,4%,2026-05-10,",
        "'期限（月）' is empty",
    ),
    "no number": ("产业重大技术攻关,甲公司,30,0,,,30,,,2026,2028,,,,2026,第三,,,,", "a whole number is needed"),
    "row nought": ("产业重大技术攻关,甲公司,30,0,,,30,,,2026,2028,,,,2026,0,,,,", "at least 1"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_row_that_contradicts_itself_is_a_sentence(scenario, tmp_path, name):
    row, said = FAULTY[name]
    rows, found = read(scenario, tmp_path, [*GOOD, row])
    (fault,) = [fault for fault in found if not fault.is_warning]
    assert said in str(fault.what) and "row 5" in str(fault.where), fault.text()
    assert len(rows) == len(GOOD)


def test_money_that_came_back_refills_only_the_year_after(scenario, tmp_path):
    row = "产业重大技术攻关,甲公司,0,0,,,,,12.5,,,,,,,,,,,"
    (read_row,), found = read(scenario, tmp_path, [row])
    assert read_row.inflow_wan == {2026: 12.5} and not [fault for fault in found if not fault.is_warning]
