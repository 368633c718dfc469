"""Empty workbooks that the command line makes, filled in and read back."""

import openpyxl
import pytest

from changji_sim import load_scenario
from changji_sim.applications.register_file import read_applications
from changji_sim.cli import FAULTY_INPUT, FINE, run_cli
from changji_sim.scenario_file.opening_file import read_opening

BASELINE = load_scenario("baseline")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def filled(path, *rows):
    """The workbook with rows below its headers, given by header."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headers = {cell.value: cell.column for cell in sheet[1]}
    for line, row in enumerate(rows, 2):
        for header, value in row.items():
            sheet.cell(line, headers[header]).value = value
    book.save(path)
    return list(headers)


PROMISED = {"支持方向": "产业重大技术攻关", "申报单位": "示例企业甲", "立项金额（万元）": 120, "已拨金额（万元）": 72.5,
            "2026年应拨（万元）": 47.5, "验收年度": 2026, "已获一次性奖励": "否"}  # fmt: skip


def test_the_opening_ledgers_workbook_is_read_back_as_the_csv_is(tmp_path, capsys):
    assert run_cli(["template", "--opening"]) == FINE
    assert "opening.xlsx" in capsys.readouterr().out
    empty = read_opening(tmp_path / "opening.xlsx", BASELINE.items, BASELINE.years)
    assert empty == ((), [])
    filled("opening.xlsx", PROMISED)
    rows, faults = read_opening(tmp_path / "opening.xlsx", BASELINE.items, BASELINE.years)
    assert faults == []
    csv = tmp_path / "opening.csv"
    csv.write_text(f"{','.join(PROMISED)}\n{','.join(map(str, PROMISED.values()))}\n", encoding="utf-8")
    assert rows == read_opening(csv, BASELINE.items, BASELINE.years)[0]
    assert rows[0].due_wan == {2026: 47.5} and rows[0].acceptance_year == 2026


def test_a_scenario_may_name_a_workbook_as_its_opening_file(tmp_path, capsys):
    assert run_cli(["template", "台账.xlsx", "--opening"]) == FINE
    filled("台账.xlsx", PROMISED)
    scenario = tmp_path / "mine.yaml"
    scenario.write_text("name: mine\nextends: baseline\nopening: 台账.xlsx\n", encoding="utf-8")
    assert run_cli(["check", "mine.yaml"]) == FINE
    filled("台账.xlsx", {**PROMISED, "支持方向": "没有的方向"}, {**PROMISED, "绩效评价等级": "良好"})
    capsys.readouterr()
    assert run_cli(["check", "mine.yaml"]) == FAULTY_INPUT
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2 and "台账.xlsx 期初台账 row 2" in lines[0] and "台账.xlsx 期初台账 row 3" in lines[1]
    assert run_cli(["check", "mine.yaml", "--language", "zh"]) == FAULTY_INPUT
    assert "台账.xlsx 期初台账 第2行" in capsys.readouterr().err


def test_a_cell_of_the_ledger_that_holds_no_value_is_a_fault_with_its_column(tmp_path):
    assert run_cli(["template", "--opening"]) == FINE
    filled("opening.xlsx", {**PROMISED, "已拨金额（万元）": "#DIV/0!"})
    rows, faults = read_opening(tmp_path / "opening.xlsx", BASELINE.items, BASELINE.years)
    assert rows == () and "row 2 column D" in str(faults[0]) and "#DIV/0!" in str(faults[0])


def test_a_template_of_some_items_has_their_columns_alone(tmp_path, capsys):
    assert run_cli(["template", "some.xlsx", "--item", "exchange", "--item", "科技贷款贴息"]) == FINE
    first = {"申报编号": 1, "申报单位": "甲", "申报日期": "2026-03-01"}
    exchange = {**first, "支持方向": "科技交流活动", "申请金额（万元）": 12}
    loan = {**first, "申报编号": 2, "支持方向": "科技贷款贴息", "贷款本金（万元）": 500, "年利率": "3.45%",
            "起息日": "2026-01-10", "期限（月）": 12, "还款方式": "到期还本"}  # fmt: skip
    book = openpyxl.load_workbook("some.xlsx")
    headers = {cell.value for cell in book.worksheets[0][1]}
    assert "技术交易额（万元）" not in headers and "档次" not in headers
    assert set(loan) <= headers and set(exchange) <= headers
    filled("some.xlsx", exchange, loan)
    assert [row.item for row in read_applications("some.xlsx", BASELINE).rows] == ["exchange", "loan_interest"]
    assert run_cli(["template", "more.xlsx", "--item", "exchnge"]) == FAULTY_INPUT
    assert "did you mean 'exchange'" in capsys.readouterr().err
    assert run_cli(["template", "--opening", "--item", "exchange"]) == FAULTY_INPUT
