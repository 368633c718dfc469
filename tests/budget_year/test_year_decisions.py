"""A year closed with what was really decided on each application."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from comparing import changed, write_scenario
from every_rule import BUSY

from changji_sim import load_scenario
from changji_sim.base.faults import FaultyInput
from changji_sim.budget_year.close_year import close_year
from changji_sim.kernel.simulate import simulate

SEED = 5
LEDGER = Path(__file__).parents[2] / "scenarios/examples/ledger_2026.csv"
HEADER = (
    "申报编号,支持方向,申报单位,申报日期,项目总投资（万元）,申请金额（万元）,实施周期（年）,技术交易额（万元）,是否落地昌吉,"
    "贷款本金（万元）,年利率,起息日,期限（月）,是否通过,批准金额（万元）,已拨金额（万元）"
)
ROWS = (
    "a1,产业重大技术攻关,甲公司,2026-02-01,300,50,2,,,,,,,是,48,",
    "a2,产业重大技术攻关,乙公司,2026-02-02,300,50,3,,,,,,,否,,",
    "a3,产业重大技术攻关,丙公司,2026-02-03,300,40,3,,,,,,,是,40,",
    "a4,成果转化应用项目,丁公司,2026-03-01,,100,3,,,,,,,是,90,",
    "a5,技术交易补助,甲公司,2026-03-02,,,,260,是,,,,,,,",
    "a6,科技贷款贴息,丙公司,2026-04-01,,,,,,400,0.04,2026-05-10,24,,,",
)
ITEMS = {"core_technology": "产业重大技术攻关", "transfer_project": "成果转化应用项目",
         "technology_trade": "技术交易补助", "loan_interest": "科技贷款贴息"}  # fmt: skip


def _files(folder, rows=ROWS):
    """A scenario of the items with rows, whose first year is a register with decisions; there is money for all."""
    (folder / "decisions.csv").write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    scenario = changed(BUSY, {"envelopes.total": 100_000, "envelopes.categories": {}})
    scenario["items"] = {
        **{item: "none" for item in scenario["items"] if item not in ITEMS},
        **{item: scenario["items"][item] for item in ITEMS},
    }
    for item in ITEMS:
        scenario["items"][item]["assumptions"]["registers"] = {2026: "decisions.csv"}
    scenario["items"]["core_technology"]["guide"].pop("max_application_wan")
    return write_scenario(folder, scenario, "plan")


def test_the_years_after_it_are_those_of_a_run_that_knows_the_decisions(tmp_path):
    plan = _files(tmp_path)
    closed = close_year(plan, 2026, decisions=tmp_path / "decisions.csv", ledger=tmp_path / "ledger.csv")
    whole = simulate(load_scenario(plan), 60, SEED)
    part = simulate(load_scenario(closed.scenario), 60, SEED)
    for item in ITEMS:
        for year in (2027, 2028, 2029, *whole.tail):
            for flow in ("payment", "commitment", "clawback", "recovery", "ineligible"):
                one, other = (run.flows.fen(item, year, flow) for run in (whole, part))
                assert (one == other).all(), (item, year, flow)
    assert whole.flows.fen("transfer_project", 2029, "recovery").any()


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    """The rows of a year in which a1 was paid less than its first tranche, a3 more, and a5 not at all."""
    folder = tmp_path_factory.mktemp("paid")
    rows = [f"{row}{ {'a1': 20, 'a3': 30, 'a5': 0}.get(row[:2], '') }".replace(" ", "") for row in ROWS]
    plan = _files(folder, rows)
    closed = close_year(plan, 2026, decisions=folder / "decisions.csv")
    return closed, {(row.item, row.applicant): row for row in closed.rows if row.committed_wan}


def test_a_tranche_that_was_not_paid_is_owed(ledger):
    _, rows = ledger
    row = rows["core_technology", "甲公司"]
    assert (row.committed_wan, row.paid_wan, row.arrears_wan, row.due_wan) == (48, 20, 8.8, {2028: 19.2})
    assert rows["technology_trade", "甲公司"].arrears_wan == 2.6


def test_what_was_paid_ahead_falls_due_no_more(ledger):
    row = ledger[1]["core_technology", "丙公司"]
    assert (row.paid_wan, row.arrears_wan, row.due_wan) == (30, 0, {2029: 10})


def test_a_loan_claims_on_and_what_was_refused_is_gone(ledger):
    closed, rows = ledger
    (loan,) = [row for row in closed.rows if row.values and not row.committed_wan]
    assert loan.item == "loan_interest" and loan.values["principal_wan"] == 400 and loan.application_row == 0
    assert ("core_technology", "乙公司") not in rows


def test_what_is_assumed_is_said(ledger):
    said = " ".join(str(fault.what) for fault in ledger[0].warnings)
    assert "1 rows may become stakes" in said


def test_a_ledger_of_its_own_is_carried_on(tmp_path):
    """The second year: what was promised before is paid, and what only people know of it is asked for."""
    code = "91652300MA00000A19"
    opening = [
        "支持方向,申报单位,立项金额（万元）,已拨金额（万元）,2026年应拨（万元）,2027年应拨（万元）,立项年度,验收年度,绩效评价等级",
        "产业重大技术攻关,乙公司,50,30,,20,2024,2027,",
        "产业重大技术攻关,戊公司,50,30,20,,2024,2026,",
        "产业重大技术攻关,己公司,50,30,20,,2023,2025,不合格",
    ]
    (tmp_path / "opening.csv").write_text("\n".join(opening) + "\n", encoding="utf-8")
    plan = _files(tmp_path)
    plan.write_text(plan.read_text(encoding="utf-8") + "opening: opening.csv\n", encoding="utf-8")
    decisions = [f"{HEADER},统一社会信用代码", *(f"{row},{code if '甲' in row else ''}" for row in ROWS)]
    (tmp_path / "decisions.csv").write_text("\n".join(decisions) + "\n", encoding="utf-8")
    closed = close_year(plan, 2026, decisions=tmp_path / "decisions.csv")
    rows = {row.applicant: row for row in closed.rows if row.commitment_year in (2023, 2024)}
    assert rows["乙公司"].due_wan == {2027: 20} and rows["乙公司"].paid_wan == 30
    assert (rows["戊公司"].paid_wan, rows["戊公司"].acceptance_year, rows["戊公司"].rating) == (50, 2026, "")
    assert "己公司" not in rows
    assert {row.credit_code for row in closed.rows if row.applicant == "甲公司"} == {code}
    said = " ".join(str(fault.what) for fault in closed.warnings)
    for part in ("on 2 earlier promises", "1 projects were to be accepted in 2026", "1 projects had 2026 to mend"):
        assert part in said


FAULTY = {
    "nothing decided": ("a7,产业重大技术攻关,戊公司,2026-05-01,300,50,2,,,,,,,,,", "nothing says what was decided"),
    "refused and approved": ("a7,产业重大技术攻关,戊公司,2026-05-01,300,50,2,,,,,,,否,30,", "it did not pass"),
    "paid and refused": ("a7,产业重大技术攻关,戊公司,2026-05-01,300,50,2,,,,,,,否,,5", "nothing is approved"),
    "paid more": ("a7,产业重大技术攻关,戊公司,2026-05-01,300,50,2,,,,,,,是,30,31", "more than is approved, 30"),
    "more than the law": ("a7,产业重大技术攻关,戊公司,2026-05-01,300,90,2,,,,,,,是,80,", "the rules leave 60"),
    "more than asked": ("a7,产业重大技术攻关,戊公司,2026-05-01,900,50,2,,,,,,,是,80,", "the rules leave 50"),
    "another year": ("a7,产业重大技术攻关,戊公司,2025-05-01,300,50,2,,,,,,,是,30,", "is of 2025, not of 2026"),
    "not in Changji": ("a7,技术交易补助,戊公司,2026-05-01,,,,260,否,,,,,,2.6,", "the rules leave nothing"),
    "no number": ("a7,产业重大技术攻关,戊公司,2026-05-01,300,50,2,,,,,,,是,三十,", "an amount in 万元 is needed"),
    "no such item": ("a7,产业攻关,戊公司,2026-05-01,300,50,2,,,,,,,是,30,", "there is no item '产业攻关'"),
}


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return _files(tmp_path_factory.mktemp("faulty"))


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_decision_is_a_sentence_and_nothing_is_written(plan, name):
    row, said = FAULTY[name]
    (plan.parent / "faulty.csv").write_text("\n".join((HEADER, *ROWS, row)) + "\n", encoding="utf-8")
    before = sorted(path.name for path in plan.parent.iterdir())
    with pytest.raises(FaultyInput) as found:
        close_year(plan, 2026, decisions=plan.parent / "faulty.csv")
    (fault,) = found.value.faults
    assert said in str(fault.what) and "row 8" in str(fault.where), fault.text()
    assert sorted(path.name for path in plan.parent.iterdir()) == before


def test_all_faults_come_at_once(plan):
    rows = [FAULTY[name][0].replace("a7", f"b{n}") for n, name in enumerate(("nothing decided", "paid more"))]
    (plan.parent / "faulty.csv").write_text("\n".join((HEADER, *ROWS, *rows)) + "\n", encoding="utf-8")
    with pytest.raises(FaultyInput) as found:
        close_year(plan, 2026, decisions=plan.parent / "faulty.csv", out=plan.parent / "x.txt")
    assert len(found.value.faults) == 3


def test_a_mid_year_ledger_to_the_year_s_end_closes_the_year(tmp_path):
    """The example's ledger with every application decided: what `midyear` commits and pays, `close` carries on."""
    rows = LEDGER.read_text(encoding="utf-8-sig").splitlines()
    decided = [rows[0], *(re.sub(r",,,,,$", ",否,,,,", row) for row in rows[1:])]
    (tmp_path / "decided.csv").write_text("\n".join(decided) + "\n", encoding="utf-8")
    baseline = load_scenario("baseline")
    end = datetime.date(2026, 12, 31)
    given = baseline.given(tmp_path / "decided.csv", end, is_complete=True).run(4, SEED)
    committed, paid = (given.trials(flow)[2026] for flow in ("commitment", "payment"))
    assert committed.nunique() == paid.nunique() == 1, "nothing of the year is left to chance"
    closed = close_year("baseline", 2026, decisions=tmp_path / "decided.csv", out=tmp_path / "next.yaml")
    assert sum(row.committed_wan for row in closed.rows) == pytest.approx(committed.iloc[0])
    assert sum(row.paid_wan for row in closed.rows) == pytest.approx(paid.iloc[0])
    assert closed.carried["due"] == pytest.approx(committed.iloc[0] - paid.iloc[0])
