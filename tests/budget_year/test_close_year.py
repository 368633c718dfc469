"""``changji-sim close``: the files it writes, and what it refuses."""

from __future__ import annotations

import shutil

import pytest
from comparing import changed, write_scenario
from every_rule import BUSY, VARIANTS

from changji_sim import load_scenario
from changji_sim.base.faults import FaultyInput
from changji_sim.budget_year.close_year import close_year
from changji_sim.cli import run_cli
from changji_sim.kernel.simulate import simulate

SEED, TRIAL = 3, 1
COMMENTED = """\
# 州科技局测算，二〇二六年三月
extends: made     # 共用的假设
name: plan
envelopes:
  total: 1700     # 一下控制数
"""


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    """A scenario file with comments, closed year by year through files of either kind; the folder."""
    folder = tmp_path_factory.mktemp("years")
    write_scenario(folder, changed(BUSY, VARIANTS["applying again"]))
    (folder / "plan.yaml").write_text(COMMENTED, encoding="utf-8")
    name, kinds = folder / "plan.yaml", {2026: "xlsx", 2027: "csv", 2028: "xlsx"}
    for year, kind in kinds.items():
        ledger = folder / f"ledger_{year + 1}.{kind}"
        name = close_year(name, year, trial=TRIAL, seed=SEED, ledger=ledger).scenario
    return folder


@pytest.mark.slow
def test_years_closed_through_files_pay_what_one_run_pays(years):
    whole = simulate(load_scenario(years / "plan.yaml"), 1, SEED, first=TRIAL)
    for first in (2027, 2028, 2029):
        part = simulate(load_scenario(years / f"plan_{first}.yaml"), 1, SEED, first=TRIAL)
        assert part.scenario.years == tuple(range(first, 2030))
        for item in whole.scenario.items:
            for year in (*part.scenario.years, *whole.tail):
                amounts = [int(run.flows.fen(item.key, year, "payment")[0]) for run in (whole, part)]
                assert amounts[0] == amounts[1], (first, item.key, year)


def test_the_new_scenario_keeps_the_comments_of_the_old(years):
    assert (years / "plan.yaml").read_text(encoding="utf-8") == COMMENTED
    text = (years / "plan_2027.yaml").read_text(encoding="utf-8")
    assert all(comment in text for comment in ("# 州科技局测算，二〇二六年三月", "# 共用的假设", "# 一下控制数"))
    assert "years: [2027, 2029]" in text and "opening: ledger_2027.xlsx" in text and "name: plan_2027" in text


def test_what_is_there_is_replaced_only_when_told(years, tmp_path):
    shutil.copytree(years, tmp_path / "copy")
    plan, out = tmp_path / "copy" / "plan.yaml", tmp_path / "copy" / "plan_2027.yaml"
    before = {path.name: path.read_bytes() for path in plan.parent.iterdir()}
    arguments = {"trial": 0, "seed": SEED, "ledger": plan.parent / "ledger_2027.xlsx"}
    with pytest.raises(FaultyInput) as found:
        close_year(plan, 2026, **arguments)
    assert [str(fault.where) for fault in found.value.faults] == [str(out), str(plan.parent / "ledger_2027.xlsx")]
    assert {path.name: path.read_bytes() for path in plan.parent.iterdir()} == before
    close_year(plan, 2026, **arguments, overwrite=True)
    assert (plan.parent / "ledger_2027.xlsx").read_bytes() != before["ledger_2027.xlsx"]


def test_the_same_close_gives_the_same_bytes(years, tmp_path):
    shutil.copytree(years, tmp_path / "copy")
    again = close_year(
        tmp_path / "copy" / "plan.yaml", 2026, trial=TRIAL, seed=SEED, overwrite=True,
        ledger=tmp_path / "copy" / "ledger_2027.xlsx",
    )  # fmt: skip
    assert again.ledger.read_bytes() == (years / "ledger_2027.xlsx").read_bytes()
    assert again.scenario.read_bytes() == (years / "plan_2027.yaml").read_bytes()


@pytest.mark.parametrize(
    ("year", "more", "said"),
    [
        (2029, {"trial": 0}, "2029 is the last year: the measure does not hold in 2030"),
        (2025, {"trial": 0}, "found 2025; the scenario has 2026–2029"),
        (2026, {}, "name either the decisions of the year or a trial to rehearse with"),
        (2026, {"trial": 0, "out": "x.txt"}, "a scenario is a file that ends in .yaml"),
        (2026, {"trial": 0, "ledger": "x.doc"}, "the ledger is a file that ends in .xlsx or .csv"),
        (2026, {"trial": 0, "out": "plan.yaml"}, "this is the scenario that is closed"),
        (2026, {"trial": 0, "out": "elsewhere/x.yaml", "ledger": "x.csv"}, "stands in the folder of the scenario"),
        (2027, {"decisions": "x.csv"}, "the scenario begins in 2026: close 2026 first"),
    ],
)
def test_what_cannot_be_closed_is_refused_and_nothing_written(years, monkeypatch, year, more, said):
    monkeypatch.chdir(years)
    before = sorted(path.name for path in years.iterdir())
    with pytest.raises(FaultyInput, match=said):
        close_year("plan.yaml", year, **more)
    assert sorted(path.name for path in years.iterdir()) == before


def test_what_the_files_do_not_hold_is_said(tmp_path):
    days = changed(BUSY, VARIANTS["dates in force"])
    closed = close_year(write_scenario(tmp_path, days), 2026, trial=0, reform="exchange-500")
    said = " ".join(str(fault.what) for fault in closed.warnings)
    assert "outside the days in force are left out" in said and "the reform exchange-500 is no part" in said


@pytest.mark.slow
def test_one_that_ships_is_extended_where_the_command_is_given(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run_cli(["close", "baseline", "2026", "--trial", "2", "--ledger", "ledger.csv"]) == 0
    assert "2026 is closed" in capsys.readouterr().out
    assert "extends: baseline" in (tmp_path / "baseline_2027.yaml").read_text(encoding="utf-8")
    assert load_scenario("baseline_2027.yaml").years == (2027, 2028, 2029)
    assert run_cli(["close", "baseline", "2026", "--trial", "2", "--ledger", "ledger.csv"]) == 2
    assert capsys.readouterr().err.count("there is such a file already") == 2
