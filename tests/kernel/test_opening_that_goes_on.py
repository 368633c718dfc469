"""Rows of a ledger that go on, worked by hand: what lies ahead of a project, a stake, a loan, what is owed."""

from __future__ import annotations

import pytest
from comparing import made_scenario

from changji_sim.kernel.simulate import simulate

HEADER = (
    "支持方向,申报单位,立项金额（万元）,已拨金额（万元）,应拨未拨（万元）,2027年应拨（万元）,2028年应拨（万元）,2029年应拨（万元）,"
    "2026年已拨（万元）,立项年度,验收年度,绩效评价等级,2028年应收回（万元）,申报年度,融资轮年次,投后估值（万元）,退出方式,退出年限（年）,"
    "里程碑未达,贷款本金（万元）,年利率,起息日,期限（月）"
)
CORE, EQUITY, LOAN, TRADE = "产业重大技术攻关", "成果转化应用项目", "科技贷款贴息", "技术交易补助"
ITEMS = ("core_technology", "transfer_project", "loan_interest", "technology_trade")
WAN = 1_000_000


def opened(folder, row, **oversight):
    """One trial of 2027–2029 with money for all, in which nobody applies for four items and the ledger has one row."""
    certain = {"unspent_share": 0.25, "recovered_share": 0.5, "recovery_delay_years": 1}
    chances = dict.fromkeys(("violation", "terminated", "closed_early", "excellent", "fail", "mended"), 0.0)
    guide = {"loan_interest": {"subsidy_rate": 0.5, "max_years": 2, "lpr": [["2020-01-01", 0.03, 0.035]]}}
    scenario = {
        "extends": "baseline",
        "years": [2027, 2029],
        "envelopes": {"total": 100_000},
        "oversight": {**chances, **certain, **oversight},
        "items": {item: {"guide": guide.get(item, {}), "assumptions": {"applications": 0}} for item in ITEMS}
        | {"transfer_project": {"guide": {"stages": [0.7, 0.3]}, "assumptions": {"applications": 0}}},
    }
    loaded = made_scenario(folder, scenario, f"{HEADER}\n{row}\n")
    run = simulate(loaded, 1, 0)
    return lambda item, year, flow: run.flows.fen(item, year, flow)[0] / WAN


PROJECT = f"{CORE},甲,100,60,,,40,,,{{year}},2028,,,,,,,,,,,,"


def test_a_project_past_its_inspection_was_not_stopped_by_it(tmp_path):
    """Committed in 2025 for three years: its inspection was in 2026. Were a violation certain, it found none."""
    flow = opened(tmp_path, PROJECT.format(year=2025), violation=1.0)
    assert [flow("core_technology", year, "payment") for year in (2027, 2028, 2029)] == [0, 40, 0]
    assert flow("core_technology", 2028, "clawback") == 0


def test_a_project_before_its_inspection_may_be_stopped_by_it(tmp_path):
    """Committed in 2026 for two years: inspected in 2027. Half of the 60 paid come back a year later (第十九条)."""
    flow = opened(tmp_path, PROJECT.format(year=2026), violation=1.0)
    assert flow("core_technology", 2027, "cancelled") == 40 and flow("core_technology", 2028, "payment") == 0
    assert flow("core_technology", 2028, "clawback") == 30


def test_without_a_year_of_commitment_a_project_is_rated_and_nothing_else(tmp_path):
    flow = opened(tmp_path, PROJECT.format(year=""), violation=1.0, fail=1.0, mended=1.0)
    assert [flow("core_technology", year, "payment") for year in (2027, 2028, 2029)] == [0, 0, 40]


@pytest.mark.parametrize(("mended", "paid", "clawback"), [(1.0, 40, 0), (0.0, 0, 30)])
def test_the_year_to_mend_goes_on(tmp_path, mended, paid, clawback):
    """Rated 不合格 in 2026; what was due then was put off to 2027 (第十八条)."""
    row = f"{CORE},甲,100,60,,40,,,,2024,2026,不合格,,,,,,,,,,,"
    flow = opened(tmp_path, row, mended=mended)
    assert (flow("core_technology", 2027, "payment"), flow("core_technology", 2028, "clawback")) == (paid, clawback)


def test_a_stake_comes_back(tmp_path):
    """70 paid in 2026, 30 in 2027, when the round closes at 4000: a stake of 2.5%, bought back in 2028 at its 100."""
    row = f"{EQUITY},乙公司,100,70,,30,,,70,2026,2029,,,2026,1,4000,回购,1,否,,,,"
    flow = opened(tmp_path, row)
    assert [flow("transfer_project", year, "recovery") for year in (2027, 2028, 2029)] == [0, 100, 0]
    assert flow("transfer_project", 2027, "payment") == 30


def test_what_is_owed_of_a_stake_is_paid_as_arrears(tmp_path):
    """30 of it were owed from 2026: they are arrears, not due anew, and are paid first."""
    row = f"{EQUITY},乙公司,100,70,30,,,,70,2026,2029,,,2026,1,4000,市场退出,1,否,,,,"
    flow = opened(tmp_path, row)
    assert flow("transfer_project", 2027, "payment") == 30 and flow("transfer_project", 2027, "arrears") == 0
    assert flow("transfer_project", 2027, "need") == 30 and flow("transfer_project", 2027, "due") == 0


def test_a_milestone_missed_cancels_what_is_ahead(tmp_path):
    row = f"{EQUITY},乙公司,100,70,,30,,,70,2026,2029,,,2026,1,4000,回购,1,是,,,,"
    flow = opened(tmp_path, row)
    assert flow("transfer_project", 2027, "cancelled") == 30 and flow("transfer_project", 2028, "recovery") == 0


def test_a_loan_claims_on(tmp_path):
    """400 from May 2026 for 24 months at 4%, of which the LPR's 3% count: 6 in 2027, and four months, 2, in 2028."""
    row = f"{LOAN},丙公司,0,0,,,,,,,,,,2026,,,,,,400,4%,2026-05-10,24"
    flow = opened(tmp_path, row)
    assert [flow("loan_interest", year, "asked") for year in (2027, 2028, 2029)] == [6, 2, 0]
    assert [flow("loan_interest", year, "payment") for year in (2027, 2028, 2029)] == [6, 2, 0]


def test_what_is_owed_and_what_comes_back_are_booked_in_their_years(tmp_path):
    row = f"{TRADE},丁公司,5,3,2,,,,,2026,,,7.5,,,,,,,,,,"
    flow = opened(tmp_path, row)
    assert flow("technology_trade", 2027, "payment") == flow("technology_trade", 2027, "payment_carried") == 2
    assert flow("technology_trade", 2028, "clawback") == 7.5
