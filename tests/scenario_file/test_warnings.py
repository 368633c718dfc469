"""What is odd about files, though no fault, is said wherever they are used; registers are read with the scenario."""

from __future__ import annotations

import json

import pytest

from changji_sim import load_scenario
from changji_sim.assess.assess_applications import assess_file
from changji_sim.base.faults import FaultyInput
from changji_sim.cli import FAULTY_INPUT, FINE, run_cli
from changji_sim.scenario_file import check_scenario

HEAD = "application_id,item,applicant,submitted,requested_wan\n"
OPENING = "支持方向,申报单位,立项金额（万元）,已拨金额（万元）,2026年应拨（万元）,已获一次性奖励,平台名称\n"
REGISTER = "items: {exchange: {assumptions: {registers: {2026: rows.csv}}}}"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(folder, name, text, encoding="utf-8"):
    (folder / name).write_text(text, encoding=encoding)
    return folder / name


def scenario(folder, text, encoding="utf-8"):
    return put(folder, "mine.yaml", f"extends: baseline\nname: mine\n{text}\n", encoding)


# --- encodings ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_file_read_as_gbk_is_said_by_run_check_and_assess(elsewhere, capsys):
    path = str(scenario(elsewhere, "title: 我的方案", encoding="gbk"))
    rows = str(put(elsewhere, "rows.csv", HEAD + "1,exchange,甲,2026-03-01,5\n"))
    for words in (["check", path], ["run", path, "--trials", "5"], ["assess", rows, "--scenario", path]):
        assert run_cli(words) == FINE
        assert "warning: mine.yaml:3: this is not UTF-8; it was read as GBK" in capsys.readouterr().err, words
    assert run_cli(["run", path, "--trials", "5", "--json"]) == FINE
    assert "read as GBK" in json.loads(capsys.readouterr().out)["warnings"][0]


def test_a_scenario_keeps_its_warnings(elsewhere):
    (warning,) = load_scenario(scenario(elsewhere, "title: 我的方案", encoding="gbk")).warnings
    assert warning.is_warning and "GBK" in warning.what
    assert load_scenario("baseline").warnings == ()


def test_an_opening_file_and_a_reform_read_as_gbk_are_said_too(elsewhere):
    put(elsewhere, "promised.csv", OPENING + "exchange,甲,5,0,5,,\n", encoding="gbk")
    reform = "title: 改\nsets:\n  - {item: exchange, term: max_item_year_wan, from: 2026, value: 450}\n"
    put(elsewhere, "more.yaml", reform, encoding="gbk")
    found = load_scenario(scenario(elsewhere, "opening: promised.csv"), reform="more.yaml").warnings
    assert {fault.where.partition(":")[0] for fault in found} == {"promised.csv", "more.yaml"}
    rows = put(elsewhere, "rows.csv", HEAD + "1,exchange,甲,2026-03-01,5\n")
    warnings = assess_file(rows, opening="promised.csv", out=False).warnings
    assert any("promised.csv" in str(warning) for warning in warnings)


# --- registers ------------------------------------------------------------------------------------------------------


def test_check_reads_registers_and_says_every_fault(elsewhere):
    put(elsewhere, "rows.csv", HEAD + "1,exchange,甲,2026-03-01,many\n1,exchange,乙,soon,5\n")
    said = [str(fault) for fault in check_scenario(scenario(elsewhere, REGISTER + "\ngrowth: -5"))]
    assert any(fault.startswith("mine.yaml:4: growth") for fault in said)
    assert any("rows.csv row 2 column E" in fault and "many" in fault for fault in said)
    assert any("rows.csv row 3 column D" in fault and "soon" in fault for fault in said)
    with pytest.raises(FaultyInput, match="row 2"):
        load_scenario(elsewhere / "mine.yaml")


def test_check_says_what_is_odd_about_a_register(elsewhere, capsys):
    put(elsewhere, "rows.csv", HEAD + "1,exchange,甲,2026-03-01,5\n2,exchange,甲,2026-03-01,5\n", encoding="gbk")
    assert run_cli(["check", str(scenario(elsewhere, REGISTER))]) == FINE
    err = capsys.readouterr().err
    assert "rows.csv: this is not UTF-8" in err and "are the same but for their numbers" in err
    put(elsewhere, "rows.csv", HEAD + "1,exchange,甲,2027-03-01,5\n")
    assert run_cli(["check", str(elsewhere / "mine.yaml")]) == FAULTY_INPUT
    assert "no row of Exchange events (exchange) submitted in 2026" in capsys.readouterr().err


def test_under_dates_a_registers_row_has_the_day_it_was_submitted(elsewhere):
    rows = ["1,exchange,甲,2026-02-28,5", "2,exchange,乙,2026-03-01,7", "3,exchange,丙,2026-12-31,11"]
    put(elsewhere, "rows.csv", HEAD + "\n".join(rows) + "\n")
    dates = "readings: {in_force: dates}\nin_force: [2026-03-01, 2029-06-30]"
    result = load_scenario(scenario(elsewhere, f"{REGISTER}\n{dates}")).run(trials=30)
    assert set(result.fen("ineligible", 2026, "exchange")) == {5 * 10**6}
    assert set(result.fen("asked", 2026, "exchange")) == {23 * 10**6}


# --- the opening position --------------------------------------------------------------------------------------------


def test_a_row_that_stands_twice_is_a_warning(elsewhere):
    put(elsewhere, "promised.csv", OPENING + "exchange,甲,5,0,5,,\nexchange,乙,5,0,5,,\nexchange,甲,5,0,5,,\n")
    loaded = load_scenario(scenario(elsewhere, "opening: promised.csv"))
    (warning,) = loaded.warnings
    assert str(warning).startswith("promised.csv row 4: this row is the same as line 2")
    assert len(loaded.opening) == 3


@pytest.mark.parametrize("row", ["national_platform,甲,500,500,,是,", "regional_platform,甲,100,0,100,,"])
def test_an_award_to_a_platform_nobody_names_is_a_fault(elsewhere, row):
    put(elsewhere, "promised.csv", OPENING + row + "\n")
    with pytest.raises(FaultyInput, match=r"promised.csv row 2: .*given once a platform, so 'platform' \(平台名称\)"):
        load_scenario(scenario(elsewhere, "opening: promised.csv"))


# --- small ------------------------------------------------------------------------------------------------------------


def test_categories_beyond_the_total_are_said_where_this_file_changed_it(elsewhere):
    put(elsewhere, "mine.yaml", "extends: tight_budget\nname: mine\nenvelopes:\n  total: 100\n  categories:\n")
    path = put(elsewhere, "parent.yaml", "extends: baseline\nenvelopes:\n  categories: {industry: {value: 3000}}\n")
    assert check_scenario(path) == []
    put(elsewhere, "mine.yaml", "extends: parent\nname: mine\nenvelopes:\n  total: {value: 2000}\n")
    (fault,) = check_scenario(elsewhere / "mine.yaml")
    assert fault.where == "mine.yaml:4" and "the categories together have 3,000" in fault.what
    put(elsewhere, "mine.yaml", "extends: parent\nenvelopes:\n  categories:\n    industry: {value: 9000}\n")
    (fault,) = check_scenario(elsewhere / "mine.yaml")
    assert fault.where == "mine.yaml:4"


@pytest.mark.parametrize("key", ["'*'", "'=cmd'", "'a b'", "a-b", "'a/b'", "'@x'", "x" * 61])
@pytest.mark.parametrize(
    "text",
    [
        "items: {{{}: {{category: environment, title: x, mode: award, guide: {{amount_wan: 1}}}}}}",
        "items: {{exchange: {{caps: {{{}: {{per: application, wan: 5}}}}}}}}",
        "pools: {{{}: {{size: 5}}}}",
    ],
)
def test_a_key_is_made_of_letters_digits_and_underscores(elsewhere, text, key):
    said = "\n".join(map(str, check_scenario(scenario(elsewhere, text.format(key)))))
    assert "a key is made of letters, digits and '_'" in said and "mine.yaml:3" in said


def test_headers_that_stand_twice_are_all_in_the_json(elsewhere, capsys, recwarn):
    head = HEAD.strip() + ",备注,备注\n"
    rows = put(elsewhere, "rows.csv", head + "1,exchange,甲,2026-03-01,5,一,二\n")
    assert run_cli(["assess", str(rows), "--json"]) == FINE
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert (told["rows"][0]["备注"], told["rows"][0]["备注 (2)"]) == ("一", "二")
    assert "the column '备注' stands twice" in told["warnings"][0]
    assert err == "" and not list(recwarn)


# --- a reform that a guide does not follow ----------------------------------------------------------------------------


def test_a_guide_that_stays_below_a_reform_is_said(elsewhere):
    text = "items: {exchange: {guide: {max_item_year_wan: {2026: 350, 2028: 500}}}}"
    with pytest.raises(FaultyInput):  # the law allows 400
        load_scenario(scenario(elsewhere, text))
    (warning,) = load_scenario(scenario(elsewhere, text), reform="exchange-500").warnings
    assert "exchange.max_item_year_wan" in str(warning)
    assert "allows 500" in warning.what and "keeps 350" in warning.what


def test_a_reform_that_the_guide_leaves_alone_has_no_warning(elsewhere):
    text = "items: {exchange: {guide: {max_item_year_wan: 350}}}"
    assert load_scenario(scenario(elsewhere, text)).warnings == ()
    assert load_scenario("baseline", reform="exchange-500").warnings == ()


# --- percent written as a number --------------------------------------------------------------------------------------


def test_a_growth_that_may_have_been_meant_as_percent_is_said(elsewhere):
    path = scenario(elsewhere, "growth: 8\nenvelopes: {total: {value: 9000, growth: 5}}")
    said = [str(fault) for fault in load_scenario(path).warnings]
    assert any("growth: 8 is 800% more each year; for 8% write 0.08" in sentence for sentence in said)
    assert any("envelopes.total.growth: 5 is 500%" in sentence for sentence in said)
    assert load_scenario(scenario(elsewhere, "growth: 1\nenvelopes: {total: {value: 9000, growth: 1}}")).warnings == ()


def test_a_share_that_may_have_been_meant_as_percent_is_said(elsewhere):
    path = scenario(elsewhere, "items: {core_technology: {guide: {max_investment_share: 15}}}")
    assert any("at most 1 is allowed; for 15% write 0.15" in str(fault) for fault in check_scenario(path))
