"""Loans in assess: why a claim is 0, whole months, and the interest that was paid as a ceiling (第三条)."""

from __future__ import annotations

import pytest
from comparing import changed, differences, made_scenario
from every_rule import BUSY

from changji_sim.assess.assess_applications import assess_file

HEAD = "申报编号,支持方向,申报单位,申报日期,贷款本金（万元）,年利率,起息日,期限（月）,实付利息（万元）"


def report_of(path, *loans):
    lines = [f"L{n},科技贷款贴息,甲{n}厂,2026-03-01,{loan}" for n, loan in enumerate(loans)]
    path.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    return assess_file(path, out=False)


@pytest.mark.parametrize(
    ("loan", "said"),
    [
        ("1000,3%,2023-01-01,36,", "the loan ended in 2025-12, before 2026"),
        ("1000,3%,2027-06-01,12,", "the loan starts in 2027-06: nothing falls in 2026"),
        ("1000,3%,2022-01-01,60,", "only its first 24 months are subsidised, and they ended in 2023-12"),
        ("1000,0,2026-01-01,12,", "the rate is 0"),
        ("1000,3%,2026-01-01,12,0", "the interest paid is 0"),
    ],
)
def test_a_claim_of_0_says_why(loan, said, tmp_path):
    report = report_of(tmp_path / "a.csv", loan)
    assert report.frame["entitlement_wan_2026"].tolist() == [0] and said in report.frame["note"][0]


def test_whole_months_are_said_to_be_counted(tmp_path):
    report = report_of(tmp_path / "a.csv", "1000,3%,2026-12-31,12,")
    assert any("whole months are counted" in note for note in report.notes)
    assert report.frame["entitlement_wan_2026"].tolist() == [1.25] and report.frame["note"][0] == ""


def test_the_interest_paid_caps_the_subsidy_of_all_years(tmp_path):
    loan = "1000,3%,2026-01-01,24,"
    frame = report_of(tmp_path / "a.csv", loan, f"{loan}20", f"{loan}14", f"{loan}40").frame
    assert frame["demand_wan"].tolist() == [30, 20, 14, 30]
    assert frame["demand_wan_2026"].tolist() == [15, 15, 14, 15]
    assert frame["demand_wan_2027"].tolist() == [15, 5, 0, 15]


def test_growth_of_spending_says_why_it_earns_nothing(tmp_path):
    path = tmp_path / "a.csv"
    rows = [
        "1,研发投入增长奖补,甲,2026-03-01,0,50",
        "2,研发投入增长奖补,乙,2026-03-01,50,50",
        "3,研发投入增长奖补,丙,2026-03-01,100,101",
    ]
    path.write_text(
        "申报编号,支持方向,申报单位,申报日期,上年研发投入（万元）,本年研发投入（万元）\n" + "\n".join(rows), "utf-8"
    )
    notes = assess_file(path, out=False).frame["note"].tolist()
    assert "nothing was spent the year before" in notes[0] and "did not grow" in notes[1]


def test_the_kernel_and_the_reference_take_the_same_ceiling(tmp_path):
    head = HEAD.replace("实付利息（万元）", "实付利息（元）")
    rows = [
        "1,科技贷款贴息,甲,2026-03-01,1000,3%,2026-01-01,24,200000",
        "2,科技贷款贴息,乙,2026-03-02,800,3%,2026-05-01,24,",
    ]
    (tmp_path / "rows.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    changes = {"items.loan_interest.assumptions.registers": {2026: "rows.csv"}}
    assert differences(made_scenario(tmp_path, changed(BUSY, changes)), 5) == []
