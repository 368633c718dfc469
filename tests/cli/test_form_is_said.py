"""What a table's form makes the program convert or leave out reaches the person: in assess, in check, in JSON."""

import json

import pytest
from made_tables import HEAD, entry, made

from changji_sim.cli import FINE, run_cli

HIDDEN = "hidden rows: 1 (3), by a filter or by hand; they were read and count like the others"
WITHDRAWN = "rows withdrawn (撤回): 1 (4); they were left out"
SUM = "this row is a sum and no entry; it was left out; E says 12, but the rows add up to 11"


@pytest.fixture
def register(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [[*HEAD, "状态"], entry(1), entry(2, 6), [*entry(3, 7), "已撤回"], ["合计", None, None, None, 12]]
    return made(tmp_path, rows, hidden={3})


def test_assess_says_it_and_leaves_the_rows_out(register, capsys):
    assert run_cli(["assess", "a.xlsx", "--json"]) == FINE
    told = json.loads(capsys.readouterr().out)
    assert sum(row["rows"] for row in told["by_item"]) == 2
    warned = "\n".join(told["warnings"])
    assert HIDDEN in warned and WITHDRAWN in warned and SUM in warned
    assert run_cli(["assess", "a.xlsx", "--language", "zh"]) == FINE
    assert "隐藏行 1 行（第 3 行，被筛选或手工隐藏），已照常读取并计入" in capsys.readouterr().err


@pytest.mark.slow
def test_check_and_run_say_it_of_a_scenarios_register(register, tmp_path, capsys):
    (tmp_path / "mine.yaml").write_text(
        "name: mine\nextends: baseline\nitems: {exchange: {assumptions: {registers: {2026: a.xlsx}}}}\n",
        encoding="utf-8",
    )
    assert run_cli(["check", "mine.yaml"]) == FINE
    told = "".join(capsys.readouterr())
    assert HIDDEN in told and WITHDRAWN in told and SUM in told
    assert run_cli(["run", "mine.yaml", "--trials", "2", "--json"]) == FINE
    assert any(HIDDEN in one for one in json.loads(capsys.readouterr().out)["warnings"])


def test_an_opening_ledger_has_its_form_too(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    head = ["支持方向", "申报单位", "立项金额（万元）", "已拨金额（万元）", "2026年应拨（万元）"]
    rows = [["2025年结转项目台账"], ["单位：万元"], head, ["产业重大技术攻关", "甲公司", 100, 60, 40]]
    rows += [["产业重大技术攻关", "乙公司", 50, 50, 0], ["合计", None, 150, 110, 41], ["填表人：", None, "审核人："]]
    (tmp_path / "mine.yaml").write_text("name: mine\nextends: baseline\nopening: b.xls\n", encoding="utf-8")
    made(tmp_path, rows, ".xls", name="b", hidden={5})
    assert run_cli(["check", "mine.yaml"]) == FINE
    told = "".join(capsys.readouterr())
    assert "hidden rows: 1 (5)" in told and "E says 41, but the rows add up to 40" in told
    assert "signatures or remarks of the form: 1 (7)" in told
