"""Who may have what: 规上 enterprises for 第十二条（六）, technology that lands in Changji for 第十一条（三）."""

import pandas as pd
import pytest
from comparing import made_scenario

from changji_sim import load_scenario
from changji_sim.applications.template import write_template
from changji_sim.assess.assess_applications import assess_file
from changji_sim.kernel.registry import is_enterprise_name

STARTER = {
    "申报编号": "A1",
    "支持方向": "规上企业研发起步奖励",
    "申报单位": "甲公司",
    "申报日期": "2026-03-01",
    "是否规上": "是",
    "是否高企": "否",
    "有研发机构": "是",
    "有发明专利": "是",
    "本年研发投入（万元）": 100,
}
TRADE = {
    "申报编号": "B1",
    "支持方向": "技术交易补助",
    "申报单位": "乙公司",
    "申报日期": "2026-03-01",
    "技术交易额（万元）": 100,
    "是否落地昌吉": "是",
}


def entitled(folder, row, **more):
    path = folder / "applications.xlsx"
    pd.DataFrame([row | more]).to_excel(path, index=False)
    report = assess_file(path, year=2026, out=False)
    return report.frame.entitlement_wan.sum(), " ".join(map(str, [*report.frame.get("note", []), *report.notes]))


def test_a_starter_is_an_enterprise_above_scale(tmp_path):
    assert entitled(tmp_path, STARTER)[0] == 10
    amount, said = entitled(tmp_path, STARTER, 是否规上="否")
    assert amount == 0 and "是否规上" in said


@pytest.mark.parametrize("name", ["昌吉州人民医院", "某某大学", "奇台县中心卫生院"])
def test_a_hospital_gets_no_starter_award(tmp_path, name):
    amount, said = entitled(tmp_path, STARTER, 申报单位=name)
    assert amount == 0 and name in said


def test_a_starter_of_a_register_without_the_column_is_worked_out_and_said(tmp_path):
    row = {header: value for header, value in STARTER.items() if header != "是否规上"}
    amount, said = entitled(tmp_path, row)
    assert amount == 10 and "是否规上" in said


def test_technology_lands_in_changji_or_earns_nothing(tmp_path):
    assert entitled(tmp_path, TRADE)[0] == 1
    amount, said = entitled(tmp_path, TRADE, 是否落地昌吉="否")
    assert amount == 0 and "是否落地昌吉" in said


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("新疆某某研究院有限公司", True), ("甲公司", True), ("昌吉州人民医院", False), ("昌吉学院", False)],
)
def test_a_company_is_an_enterprise_whatever_else_its_name_says(name, is_one):
    assert is_enterprise_name(name) is is_one


def test_the_template_asks_for_the_new_columns(tmp_path):
    write_template(tmp_path / "t.xlsx", load_scenario("baseline"))
    headers = {
        str(cell)
        for sheet in pd.read_excel(tmp_path / "t.xlsx", sheet_name=None, header=None).values()
        for cell in sheet.to_numpy().ravel()
    }
    assert any(header.startswith("是否规上") for header in headers) and any(
        header.startswith("是否落地昌吉") for header in headers
    )


def test_drawn_rows_meet_what_the_baseline_says_and_others_are_ineligible(tmp_path):
    plan = {
        "growth": 0,
        "doubt": False,
        "pools": {"enterprises": {"size": 50}, "institutes": {"size": 50, "kind": "institute"}},
        "items": {
            "technology_trade": {
                "guide": {},
                "assumptions": {
                    "applications": 20,
                    "count": "fixed",
                    "columns": {"transaction_wan": {"fixed": 100}, "lands_here": {"chance": 0.4}},
                },
            },
            "rd_starter": {
                "guide": {"amount_wan": 10},
                "assumptions": {
                    "applications": 10,
                    "count": "fixed",
                    "pool": "institutes",
                    "columns": {"rd_this_year_wan": {"fixed": 1}},
                },
            },
        },
    }
    result = made_scenario(tmp_path, plan).run(100)
    share = result.fen("demand", 2026, "technology_trade").mean() / result.fen("asked", 2026, "technology_trade").mean()
    assert share == pytest.approx(0.4, abs=0.05)
    assert not result.fen("demand", 2026, "rd_starter").any() and result.fen("ineligible", 2026, "rd_starter").all()
    baseline = load_scenario("baseline")
    marks = {(item.key, d.column.name): (d.source, d.mark) for item in baseline.items for d in item.columns}
    assert marks["technology_trade", "lands_here"] == ("申报数已按落地昌吉的合同计", "D")
    assert marks["rd_starter", "is_above_scale"] == ("按条件计", "D")
