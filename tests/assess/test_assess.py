"""assess: real applications under the law's ceilings. Worked examples stand in cases/, an article a file."""

import datetime

import openpyxl
import pandas as pd
import pytest
from places import TESTS
from ruamel.yaml import YAML

from changji_sim import load_scenario
from changji_sim.assess.assess_applications import EXAMPLE, assess_file, law_scenario
from changji_sim.base.faults import FaultyInput
from changji_sim.kernel import caps
from changji_sim.kernel.simulate import simulate
from changji_sim.measure import load_measure

OPENING = EXAMPLE.with_name("opening_2025.csv")
CASES = [
    pytest.param(case, id=f"{path.stem}: {case['says']}")
    for path in sorted((TESTS / "rules" / "cases").glob("article_*.yaml"))
    for case in YAML(typ="safe").load(path.read_text(encoding="utf-8"))
]


def write_rows(path, rows):
    """A file of applications; what a row does not say is filled in: a number, an applicant of its own, a day."""
    full = [
        {"申报编号": f"A{n}", "申报单位": f"企业{n}", "申报日期": "2026-03-01", **row} for n, row in enumerate(rows, 1)
    ]
    headers = list(dict.fromkeys(header for row in full for header in row))
    frame = pd.DataFrame([[row.get(header) for header in headers] for row in full], columns=headers)
    frame.to_csv(path, index=False) if path.suffix == ".csv" else frame.to_excel(path, index=False)
    return path


def write_scenario(folder, text):
    path = folder / "mine.yaml"
    path.write_text(f"name: mine\nextends: baseline\n{text}\n", encoding="utf-8")
    return path


def cuts_of(frame, suffix=""):
    names = [n for n in frame.columns if n.startswith("cut:") and (n.endswith(suffix) if suffix else n[-5] != "_")]
    return frame[names].sum(axis=1)


def assert_identity(frame):
    """demand = Σ cut + entitlement in every row, in all and in each year."""
    suffixes = ["", *(n.removeprefix("demand_wan") for n in frame.columns if n.startswith("demand_wan_"))]
    for suffix in suffixes:
        part = frame[frame[f"demand_wan{suffix}"].notna()]
        rest = part[f"demand_wan{suffix}"] - cuts_of(part, suffix) - part[f"entitlement_wan{suffix}"]
        assert rest.abs().max() < 1e-9


def messages(excinfo):
    return [str(fault) for fault in excinfo.value.faults]


@pytest.mark.parametrize("case", CASES)
def test_worked_example(case, tmp_path):
    scenario = None
    if "readings" in case:
        readings = ", ".join(f'{name}: "{choice}"' for name, choice in case["readings"].items())
        scenario = write_scenario(tmp_path, f"readings: {{{readings}}}")
    rows = [{k: str(v) if isinstance(v, datetime.date) else v for k, v in row.items()} for row in case["rows"]]
    path = write_rows(tmp_path / "rows.csv", rows)
    frame = assess_file(path, scenario=scenario, registrations=case.get("registrations"), out=False).frame
    assert_identity(frame)
    for (_, got), wanted in zip(frame.iterrows(), case["gets"], strict=True):
        assert got.demand_wan == pytest.approx(wanted["demand"], abs=1e-9)
        assert got.entitlement_wan == pytest.approx(wanted["entitlement"], abs=1e-9)
        assert ("not eligible" in got.note) == wanted.get("is_ineligible", False)
        for name in ("bound_by", "article"):
            assert got[name] == wanted.get(name, got[name])
    total_cut = [wanted.get("cut", wanted["demand"] - wanted["entitlement"]) for wanted in case["gets"]]
    assert list(cuts_of(frame)) == pytest.approx(total_cut, abs=1e-9)


def test_the_example_register_balances_in_every_row():
    report = assess_file(EXAMPLE, registrations=80, opening=OPENING, out=False)
    frame = report.frame
    assert_identity(frame)
    assert not report.warnings
    assert set(frame["支持方向"]) == {item.title for item in law_scenario().items}
    given = [[c.value for c in row] for row in openpyxl.load_workbook(EXAMPLE)["申报"].iter_rows()]
    assert list(frame.columns[: len(given[0])]) == given[0]
    assert frame["申报编号"].tolist() == [row[0] for row in given[1:]]
    assert report.by_item["entitlement_wan"].sum() == pytest.approx(frame["entitlement_wan"].sum())
    refused = frame[frame["note"].str.contains("not eligible")]
    assert set(refused["article"]) >= {"第十八条（四）", "第十二条（三）", "第十二条（六）", "第十三条（二）"}
    assert (refused["demand_wan"] == 0).all()
    exchange = frame[frame["支持方向"] == "科技交流活动"]
    assert exchange["entitlement_wan"].sum() == pytest.approx(385)  # 400 less the 15 promised before
    trades = frame[frame["支持方向"] == "技术交易补助"].groupby("申报单位")["entitlement_wan"].sum()
    assert trades.max() == pytest.approx(20)


def test_no_ceiling_of_the_law_is_exceeded_in_the_example():
    measure = load_measure()
    frame = assess_file(EXAMPLE, registrations=80, out=False).frame
    for item in ("core_technology", "cross_region"):
        rows = frame[frame["支持方向"] == measure.items[item].title]
        share = measure.value(item, "max_investment_share", 2026)
        assert (rows["entitlement_wan"] <= share * rows["项目总投资（万元）"].astype(float) + 1e-9).all()
    assert frame.loc[frame["支持方向"] == "科技交流活动", "entitlement_wan"].sum() <= 400 + 1e-9
    assert (frame["支持方向"].eq("创新创业大赛") & frame["entitlement_wan"].gt(0)).sum() <= 8


def test_the_caps_are_the_kernels(monkeypatch, tmp_path):
    called = []
    original = caps.per_year_in_order
    monkeypatch.setattr(caps, "per_year_in_order", lambda *args: (called.append(1), original(*args))[1])
    path = write_rows(tmp_path / "rows.csv", [{"支持方向": "科技交流活动", "申请金额（万元）": 500}])
    assert assess_file(path, out=False).frame["entitlement_wan"].tolist() == [400]
    assert called


def test_without_a_scenario_the_law_holds_and_the_guide_only_where_the_law_is_silent(tmp_path):
    rows = [
        {"支持方向": "科技交流活动", "申请金额（万元）": 400},
        {"支持方向": "科技特派员项目", "申请金额（万元）": 30},
    ]
    path = write_rows(tmp_path / "rows.csv", rows)
    tight = write_scenario(tmp_path, "items: {exchange: {guide: {max_item_year_wan: 300}}}")
    by_law, by_guide = (assess_file(path, scenario=s, out=False) for s in (None, tight))
    assert by_law.frame["entitlement_wan"].tolist() == [400, 20]
    assert by_guide.frame["entitlement_wan"].tolist() == [300, 20]
    assert by_guide.frame["bound_by"].tolist() == ["item_year_max_guide", "application_max"]
    assert by_guide.frame["article"].tolist() == ["申报指南", "申报指南"]
    assert any("no scenario" in note for note in by_law.notes)
    assert any("missioner" in note and "20" in note and "; D)" in note for note in by_law.notes)
    assert any("'mine'" in note for note in by_guide.notes)


def test_a_reform_moves_the_laws_ceiling(tmp_path):
    path = write_rows(tmp_path / "rows.csv", [{"支持方向": "科技交流活动", "申请金额（万元）": 600}])
    frame = assess_file(path, reform="exchange-500", out=False).frame
    assert frame["entitlement_wan"].tolist() == [500]


def test_year_leaves_rows_out_and_says_how_many(tmp_path):
    rows = [
        {"支持方向": "科技交流活动", "申报日期": day, "申请金额（万元）": 10}
        for day in ("2025-12-31", "2026-01-01", "2027-01-01", "2026-12-31")
    ]
    path = write_rows(tmp_path / "rows.csv", rows)
    report = assess_file(path, year=2026, out=False)
    assert report.frame["申报编号"].tolist() == ["A2", "A4"]
    assert "2 of 4 rows" in report.notes[0]
    with pytest.raises(FaultyInput) as excinfo:
        assess_file(path, out=False)
    assert "row 2 column C" in messages(excinfo)[0] and "第二十二条" in messages(excinfo)[0]
    with pytest.raises(FaultyInput, match="2026–2029"):
        assess_file(path, year=2025, out=False)


def test_only_an_opening_file_bars_and_remembers_awards(tmp_path):
    opening = tmp_path / "opening.csv"
    opening.write_text(
        "支持方向,申报单位,立项金额（万元）,已拨金额（万元）,2027年应拨（万元）,暂停申报至,已获一次性奖励\n"
        "科技特派员项目,甲,10,10,,2026,否\n新认定高企奖励,乙,15,15,,,是\n科技交流活动,丙,50,0,50,,否\n",
        encoding="utf-8",
    )
    rows = [
        {"支持方向": "科技特派员项目", "申报单位": "甲", "申请金额（万元）": 10},
        {"支持方向": "新认定高企奖励", "申报单位": "甲"},
        {"支持方向": "科技特派员项目", "申报单位": "甲", "申报日期": "2027-02-01", "申请金额（万元）": 10},
        {"支持方向": "新认定高企奖励", "申报单位": "乙"},
        {"支持方向": "科技交流活动", "申报单位": "丁", "申报日期": "2027-02-01", "申请金额（万元）": 400},
    ]
    path = write_rows(tmp_path / "rows.csv", rows)
    without, report = assess_file(path, out=False), assess_file(path, opening=opening, out=False)
    assert without.frame["entitlement_wan"].tolist() == [10, 15, 10, 15, 400]
    assert any("--opening" in note for note in without.notes)
    assert report.frame["entitlement_wan"].tolist() == [0, 0, 10, 0, 350]
    assert report.frame["article"].tolist()[:4] == [
        "第十八条（四）",
        "第十八条（四）",
        "第十一条（二）",
        "第十二条（六）",
    ]
    projects = write_scenario(tmp_path, "readings: {bar_scope: projects_only}")
    frame = assess_file(path, opening=opening, scenario=projects, out=False).frame
    assert frame["entitlement_wan"].tolist() == [0, 15, 10, 0, 350]


@pytest.mark.slow
def test_registrations_come_from_the_call_or_the_scenario_or_are_asked_for(tmp_path):
    path = write_rows(tmp_path / "rows.csv", [{"支持方向": "创新创业大赛", "档次": "一等奖"}])
    with pytest.raises(FaultyInput, match="--registrations"):
        assess_file(path, out=False)
    report = assess_file(path, scenario="baseline", out=False)
    assert report.frame["entitlement_wan"].tolist() == [10]
    assert any("68 valid registrations" in note for note in report.notes)
    for wrong in (-1, 2.5, True, "9", 10**9):
        with pytest.raises(FaultyInput, match="whole number"):
            assess_file(path, registrations=wrong, out=False)


LOAN = {"支持方向": "科技贷款贴息", "期限（月）": 36, "年利率": "3%", "还款方式": "到期还本"}


def test_a_loan_claims_year_by_year_and_a_firms_loans_share_the_years_ceiling(tmp_path):
    rows = [
        {**LOAN, "申报单位": "甲", "贷款本金（万元）": 2400, "起息日": "2026-07-01", "申报日期": "2026-07-01"},
        {**LOAN, "申报单位": "甲", "贷款本金（万元）": 2400, "起息日": "2027-01-01", "申报日期": "2027-01-01"},
    ]
    path = write_rows(tmp_path / "rows.csv", rows)
    frame = assess_file(path, out=False).frame
    # 2,400 at 3%, half of it: 3 a month. Six months of 2026, all 2027, six of 2028; 50 a firm and year in the guide.
    assert frame["demand_wan_2026"].tolist() == [18, 0]
    assert frame["demand_wan_2027"].tolist() == [36, 36]
    assert frame["entitlement_wan_2027"].tolist() == [36, 14]
    assert frame["cut:applicant_year_max_2027"].tolist() == [0, 22]
    assert frame["entitlement_wan_2028"].tolist() == [18, 32]
    assert frame["demand_wan"].tolist() == [72, 72]
    assert frame["bound_by"].tolist() == ["", "applicant_year_max"]
    assert_identity(frame)


def test_claims_after_the_measure_are_not_made(tmp_path):
    row = {**LOAN, "贷款本金（万元）": 240, "起息日": "2029-07-01", "申报日期": "2029-07-01"}
    frame = assess_file(write_rows(tmp_path / "rows.csv", [row]), out=False).frame
    assert frame["demand_wan"].tolist() == frame["demand_wan_2029"].tolist() == [1.8]
    assert "demand_wan_2030" not in frame


def test_conditions_of_the_law(tmp_path):
    base = {"支持方向": "规上企业研发起步奖励", "是否高企": "否", "有研发机构": "是", "有发明专利": "是"}
    base["本年研发投入（万元）"] = 5
    rows = [base, {**base, "是否高企": "是"}, {**base, "有发明专利": "0"}, {**base, "本年研发投入（万元）": 0}]
    frame = assess_file(write_rows(tmp_path / "rows.csv", rows), out=False).frame
    assert frame["entitlement_wan"].tolist() == [10, 0, 0, 0]
    assert frame["article"].tolist() == ["第十二条（六）"] * 4
    assert "是否高企" in frame["note"][1]


def test_a_condition_without_a_column_is_not_checked_and_said_so(tmp_path):
    rows = [{"支持方向": "州内联动创新", "项目总投资（万元）": 100, "申请金额（万元）": 10}]
    report = assess_file(write_rows(tmp_path / "rows.csv", rows), out=False)
    assert report.frame["entitlement_wan"].tolist() == [10]
    assert "not checked: 园区县市资金" in report.frame["note"][0]
    assert any("第十三条（二）" in note for note in report.notes)
    rows.append({**rows[0], "园区县市资金（万元）": 5})
    with pytest.raises(FaultyInput, match="write 0 if there is none"):
        assess_file(write_rows(tmp_path / "rows.csv", rows), out=False)


def test_the_days_in_force_under_that_reading(tmp_path):
    scenario = write_scenario(tmp_path, "readings: {in_force: dates}\nin_force: [2026-05-01, 2029-04-30]")
    days = ("2026-04-30", "2026-05-01")
    rows = [{"支持方向": "科技交流活动", "申报日期": day, "申请金额（万元）": 10} for day in days]
    frame = assess_file(write_rows(tmp_path / "rows.csv", rows), scenario=scenario, out=False).frame
    assert frame["entitlement_wan"].tolist() == [0, 10]
    assert frame["article"][0] == "第二十二条"


@pytest.mark.parametrize("kind", [".csv", ".xlsx"])
def test_the_result_stands_beside_the_input_in_its_order_and_holds_no_formula(kind, tmp_path):
    rows = [
        {"支持方向": "科技交流活动", "申报日期": "2026-05-01", "申请金额（万元）": 300, "备注": "=1+1"},
        {"支持方向": "科技交流活动", "申报日期": "2026-04-01", "申请金额（万元）": 200, "备注": "@SUM(A1)"},
        {"支持方向": "科技交流活动", "申报日期": "2026-06-01", "申请金额（万元）": 1, "备注": "-3"},
    ]
    if kind == ".xlsx":
        path = write_rows(tmp_path / "rows.csv", rows)
        frame = pd.read_csv(path)
        path = tmp_path / "rows.xlsx"
        book = openpyxl.Workbook()
        book.active.append(list(frame.columns))
        for row in frame.itertuples(index=False):
            book.active.append(list(row))
        for line in range(2, 5):
            book.active.cell(line, list(frame.columns).index("备注") + 1).data_type = "s"
        book.save(path)
    else:
        path = write_rows(tmp_path / "rows.csv", rows)
    report = assess_file(path, plain=True)
    assert report.out == tmp_path / f"rows_assessed{kind}"
    assert sorted(p.name for p in tmp_path.iterdir() if p.suffix == kind) == [f"rows{kind}", f"rows_assessed{kind}"]
    if kind == ".csv":
        written = pd.read_csv(report.out, dtype=str, keep_default_na=False)
        assert written["备注"].tolist() == ["'=1+1", "'@SUM(A1)", "-3"]
        assert written["entitlement_wan"].tolist() == ["200", "200", "0"]
    else:
        sheet = openpyxl.load_workbook(report.out).active
        written = {cell.value: cell.column for cell in sheet[1]}
        remarks = [sheet.cell(line, written["备注"]) for line in range(2, 5)]
        assert [cell.value for cell in remarks] == ["=1+1", "@SUM(A1)", "-3"]
        assert [cell.data_type for cell in remarks] == ["s", "s", "s"] and all(cell.quotePrefix for cell in remarks)
        assert [sheet.cell(line, written["entitlement_wan"]).value for line in range(2, 5)] == [200, 200, 0]


def test_nothing_is_written_where_something_is_wrong(tmp_path):
    good = write_rows(tmp_path / "rows.csv", [{"支持方向": "科技交流活动", "申请金额（万元）": 1}])
    bad = write_rows(tmp_path / "bad.csv", [{"支持方向": "科技交流活动", "申请金额（万元）": -1}])
    before = sorted(tmp_path.iterdir())
    for arguments in (
        {"path": bad},
        {"path": good, "out": good},
        {"path": good, "out": good / "out.csv"},  # below a file
        {"path": good, "out": tmp_path / "out.pdf"},
    ):
        with pytest.raises(FaultyInput):
            assess_file(**arguments)
    assert sorted(tmp_path.iterdir()) == before
    report = assess_file(good)
    with pytest.raises(FaultyInput, match="file that assess wrote"):
        assess_file(report.out)


def test_the_same_application_gives_the_same_in_any_company(tmp_path):
    """Rows of other items change nothing, and neither does the order of the file where the dates decide."""
    report = assess_file(EXAMPLE, registrations=80, out=False)
    table = pd.read_excel(EXAMPLE, dtype=object).iloc[::-1]
    mixed = tmp_path / "mixed.xlsx"
    table[table["支持方向"].isin(["产业重大技术攻关", "科技交流活动"])].to_excel(mixed, index=False)
    part = assess_file(mixed, out=False).frame.set_index("申报编号")["entitlement_wan"]
    whole = report.frame.set_index("申报编号")["entitlement_wan"]
    assert part.to_dict() == whole[part.index].to_dict()


def test_29_percent_of_100_yuan_is_29_yuan(tmp_path):
    scenario = write_scenario(tmp_path, "items: {insurance_premium: {guide: {ratios: [0.29]}}}")
    rows = [{"支持方向": "科技保险保费补贴", "保费（万元）": 0.01}]
    frame = assess_file(write_rows(tmp_path / "rows.csv", rows), scenario=scenario, out=False).frame
    assert frame["demand_wan"].tolist() == frame["entitlement_wan"].tolist() == [0.0029]


def test_a_run_entitles_a_register_to_the_same(tmp_path):
    (tmp_path / EXAMPLE.name).write_bytes(EXAMPLE.read_bytes())
    items = ("technology_trade", "exchange", "insurance_premium", "rd_growth", "rd_starter", "regional_platform")
    register = f"{{assumptions: {{registers: {{2026: {EXAMPLE.name}}}}}}}"
    scenario = write_scenario(tmp_path, f"items: {{{', '.join(f'{item}: {register}' for item in items)}}}")
    flows = simulate(load_scenario(scenario), trials=2, seed=1).flows
    by_item = assess_file(EXAMPLE, scenario=scenario, registrations=80, out=False).by_item.set_index("item")
    for item in items:
        for flow, column in (("demand", "demand_wan"), ("entitlement", "entitlement_wan")):
            assert flows.fen(item, 2026, flow).tolist() == [round(by_item.loc[item, column] * 1e6)] * 2, (item, flow)


# --- what a scenario names, and all faults at once --------------------------------------------------------------------

BARRED = (
    "支持方向,申报单位,立项金额（万元）,已拨金额（万元）,2026年应拨（万元）,暂停申报至\nexchange,企业1,0,0,0,2027\n"
)


def test_the_opening_file_of_the_scenario_holds_where_none_is_given(tmp_path):
    (tmp_path / "promised.csv").write_text(BARRED, encoding="utf-8")
    scenario = write_scenario(tmp_path, "opening: promised.csv")
    path = write_rows(tmp_path / "rows.csv", [{"支持方向": "科技交流活动", "申请金额（万元）": 5}] * 2)
    for given in (scenario, load_scenario(scenario)):
        report = assess_file(path, scenario=given, out=False)
        assert report.frame["entitlement_wan"].tolist() == [0, 5]
        assert any("those of the scenario's opening file, promised.csv" in note for note in report.notes)
    other = tmp_path / "other.csv"
    other.write_text(BARRED.replace("企业1", "企业2"), encoding="utf-8")
    report = assess_file(path, scenario=scenario, opening=other, out=False)
    assert report.frame["entitlement_wan"].tolist() == [5, 0]
    assert not any("scenario's opening file" in note for note in report.notes)
    assert assess_file(path, out=False).frame["entitlement_wan"].tolist() == [5, 5]


def test_all_faults_come_at_once(tmp_path):
    """Those of cells, days, arguments, the opening file and where the result is to stand."""
    rows = [
        {"支持方向": "科技交流活动", "申请金额（万元）": "很多", "申报日期": "2031-05-01"},
        {"支持方向": "创新创业大赛", "档次": "一等奖"},
        {"支持方向": "科技交流活动", "申请金额（万元）": 5, "申报日期": "2024-05-01"},
    ]
    path, opening = write_rows(tmp_path / "rows.csv", rows), tmp_path / "promised.csv"
    opening.write_text(BARRED.replace("exchange", "exchang"), encoding="utf-8")
    with pytest.raises(FaultyInput) as refused:
        assess_file(path, opening=opening, out=tmp_path / "result.txt")
    said = messages(refused)
    for sentence in ("很多", "submitted 2031-05-01", "submitted 2024-05-01", "--registrations N", "'exchang'", ".xlsx"):
        assert any(sentence in fault for fault in said), (sentence, said)
    with pytest.raises(FaultyInput) as refused:
        assess_file(path, year=2031, registrations=-1, out=False)
    said = messages(refused)
    assert any("not in 2031" in fault for fault in said) and any("whole number" in fault for fault in said)
    assert any("很多" in fault for fault in said) and not any("--registrations N" in fault for fault in said)
