"""按比例补助: an item whose bill column a planner names, from the file to applications, the run and the story."""

from __future__ import annotations

import openpyxl
import pytest
from comparing import differences

import changji_sim as cs
from changji_sim.applications.template import write_template
from changji_sim.assess.assess_applications import assess_file
from changji_sim.base.faults import FaultyInput

ARTICLE = "本市科技服务补助办法第五条"
ITEM = f"""\
extends: baseline
name: testing
items:
  testing_fee:
    category: environment
    title: 检验检测费补助
    article: {ARTICLE}
    mode: proportional_subsidy
    guide:
      column: testing_fee_wan
      column_title: 检测费用
      share: {{value: 0.3, source: {ARTICLE}, mark: A}}
      max_application_wan: 5
      max_applicant_year_wan: 12
      max_item_year_wan: {{value: {{2026: 30, 2028: 40}}, source: 拟定, mark: D}}
    assumptions:
      applications: 12
      columns:
        testing_fee_wan: {{lognormal: {{median: 8, sigma: 0.9}}}}
"""
ROWS = """\
申报编号,支持方向,申报单位,申报日期,检测费用（万元）
A1,检验检测费补助,甲公司,2026-03-01,8
A2,检验检测费补助,甲公司,2026-04-01,30.5
A3,testing_fee,乙公司,2026-05-01,0
A4,检验检测费补助,甲公司,2026-06-01,20
"""


def written(folder, text=ITEM, name="testing.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return cs.load_scenario(written(tmp_path_factory.mktemp("testing")))


def test_real_applications_are_read_by_the_planners_header(scenario, tmp_path):
    """0.3 × 8 = 2.4; 0.3 × 30.5 = 9.15, at most 5; 0.3 × 20 = 6, at most 5, and of 12 the firm has 4.6 left."""
    rows = written(tmp_path, ROWS, "rows.csv")
    frame = assess_file(rows, scenario=scenario, out=False).frame
    assert frame["demand_wan"].tolist() == [2.4, 9.15, 0, 6]
    assert frame["cut:application_max"].tolist() == [0, 4.15, 0, 1]
    assert frame["entitlement_wan"].tolist() == [2.4, 5, 0, 4.6]
    assert frame["article"].tolist() == [ARTICLE] * 4
    assert frame["note"].tolist() == ["", "", "the bill (testing_fee_wan) is 0", ""]


def test_the_template_has_the_planners_column(scenario, tmp_path):
    path = write_template(tmp_path / "t.xlsx", scenario, items=["testing_fee"])
    headers = [cell.value for cell in openpyxl.load_workbook(path).active[1]]
    assert "检测费用（万元）" in headers and not any("实际支出" in header for header in headers)


def test_a_register_takes_the_place_of_the_draws(tmp_path):
    written(tmp_path, ROWS, "rows.csv")
    text = ITEM.replace("      columns:", "      registers: {2026: rows.csv}\n      columns:")
    result = cs.load_scenario(written(tmp_path, text)).run(3, 1)
    flows = result.budget().query("year == 2026 and item == 'testing_fee'").set_index("flow").mean_wan
    assert flows["demand"] == 17.55 and flows["entitlement"] == 12 and flows["cut:applicant_year_max"] == 0.4


def test_it_is_told_and_listed_by_the_planners_words(scenario):
    result = scenario.run(5, 2)
    told = result.explain("testing_fee", 2026, 1, trial=1).text()
    assert "检测费用" in told and ARTICLE in told
    caps = result.caps()
    assert set(caps[caps.item == "testing_fee"].article) == {ARTICLE}


@pytest.mark.slow
def test_the_second_implementation_gives_the_same(scenario):
    assert differences(scenario, 3, seed=5) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("column: testing_fee_wan", "column: testing fee", "end in _wan are needed, as testing_fee_wan"),
        (
            "column_title: 检测费用",
            "column_title: 检测费用（元）",
            "a header without unit, brackets and marks is needed",
        ),
        ("column_title: 检测费用", "column_title: 申请金额", "belongs to the column 'requested_wan'; choose another"),
        ("column: testing_fee_wan", "column: requested_wan", "is called 申请金额（万元） elsewhere"),
        ("share: {value: 0.3", "share: {value: 1.3", "for 1.3% write 0.013"),
        (f"article: {ARTICLE}", "article: 第五条", "would be read as the measure's"),
    ],
)
def test_what_will_not_do_is_said(tmp_path, old, new, said):
    with pytest.raises(FaultyInput) as refused:
        cs.load_scenario(written(tmp_path, ITEM.replace(old, new, 1)))
    assert said in str(refused.value)


def test_two_items_may_share_a_column_under_one_header(tmp_path):
    second = (
        ITEM.split("items:\n")[1].replace("testing_fee:", "testing_more:").replace("检验检测费补助", "二次检测补助")
    )
    both = cs.load_scenario(written(tmp_path, ITEM + second))
    assert {"testing_fee", "testing_more"} <= {item.key for item in both.items}
    with pytest.raises(FaultyInput, match="elsewhere"):
        cs.load_scenario(written(tmp_path, ITEM + second.replace("column_title: 检测费用", "column_title: 检验费用")))


def test_the_bill_is_drawn(scenario):
    asked = scenario.run(20, 3).trials("asked", "testing_fee")
    assert (asked[list(scenario.years)].to_numpy() > 0).all()
