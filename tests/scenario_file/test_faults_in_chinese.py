"""The faults of a scenario file in the reader's language: each a sentence, with its line and article."""

from __future__ import annotations

import re

import pytest

from changji_sim.base.messages import in_language
from changji_sim.scenario_file import check_scenario

EIGHT = """\
extends: baseline
growth: 60
readings: {clawback_scop: unspent}
envelopes:
  total: 65000000
items:
  exchange:
    guide:
      max_item_year_wan: 900
      when_short: 按比例
  loan_interest:
    guide: {rate: 0.5}
  contest:
    assumptions:
      item_columns: {valid_registrations: 120}
  科技交流: {guide: {places: 3}}
"""
WORDS = {  # of the file, its keys and its choices: these alone are left in Latin letters
    "growth", "clawback_scop", "clawback_scope", "readings", "envelopes", "total", "exchange", "when_short", "contest",
    "max_item_year_wan", "loan_interest", "loan_interest_subsidy", "rate", "places", "selection", "item_columns",
    "valid_registrations", "fixed", "ranked", "partial", "pro_rata", "defer", "subsidy_rate", "max_years", "lpr",
    "max_application_wan", "max_applicant_year_wan", "mine", "yaml",
}  # fmt: skip


@pytest.fixture
def faults(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(EIGHT, encoding="utf-8")
    return [fault for fault in check_scenario(path) if not fault.is_warning]


def test_eight_faults_are_eight_chinese_sentences(faults):
    sentences = [fault.text("zh") for fault in faults]
    assert len(sentences) == 8
    for sentence in sentences:
        assert re.match(r"mine\.yaml:\d+：", sentence) and "；" in sentence, sentence
        left = set(re.findall(r"[A-Za-z_]{2,}", sentence)) - WORDS
        assert not left, f"{left} in {sentence}"
    assert "科技交流活动" in sentences[7] and "第十三条（三）" in sentences[3]


def test_the_same_in_english(faults):
    sentences = [fault.text("en") for fault in faults]
    assert sentences == [str(fault) for fault in faults]
    assert sentences[:4] == [
        "mine.yaml:2: growth: found 60; at most 10 is allowed",
        "mine.yaml:3: readings.clawback_scop: unknown key 'clawback_scop'; did you mean 'clawback_scope'?",
        "mine.yaml:5: envelopes.total: found 65000000; at most 10,000,000 is allowed; did you give yuan? "
        "In 万元 it is 6,500",
        "mine.yaml:9: exchange.max_item_year_wan: found 900; the law allows at most 400, and only a reform moves it "
        "(第十三条（三）)",
    ]


def test_the_readers_language_decides(faults):
    with in_language("zh"):
        assert str(faults[0]) == "mine.yaml:2：growth：此处为 60；最多允许 10"
    with in_language("en"):
        assert str(faults[0]) == "mine.yaml:2: growth: found 60; at most 10 is allowed"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("items: {exchange: {guide: {max_item_year_wan: {value: 6,500}}}}", "for 6,500 write 6500"),
        ("envelopes: {total: {value: 1,234,567}}", "for 1,234,567 write 1234567"),
        ("items: {exchange: {guide: {when_short: {2028: pro_rata}}}}", "found values by year; one holds for all years"),
        (
            "items: {exchange: {assumptions: {columns: {requested_wan: {2028: {fixed: 5}}}}}}",
            "found values by year; one distribution holds for all years",
        ),
        ("items: {contest: {assumptions: {item_columns: {valid_registrations: 120}}}}", "write {fixed: 120}"),
        ("items: {exchange: {assumptions: {columns: {requested_wan: 12万}}}}", "write {fixed: 12}"),
        (
            "items: {special_case: {assumptions: {applications: none, "
            "cases: [{name: a, year: 2026, amount: 1200万}]}}}",
            "not the text '1200万'; write 1200",
        ),
        ("envelopes: {total: 65000000}", "did you give yuan? In 万元 it is 6,500"),
        ("items: {exchange: {guide: {}}, assumptions: {applications: 3}}", "'assumptions' stands where items stand"),
        ("items: {exchange: {applications: 3}}", "'applications' belongs below 'assumptions'"),
        ("items: {exchange: {places: 3}}", "'places' belongs below 'guide'"),
        ("guide: {places: 3}", "'guide' stands at the very left: it belongs below an item of 'items'"),
        ("total: 6500", "'total' stands at the very left: it belongs below 'envelopes'"),
        ("items: {loan_interest: {guide: {rate: 0.5}}}", "its terms are max_application_wan, max_applicant_year_wan"),
        ("items: {科技交流活: {guide: {}}}", "did you mean '科技交流活动' (exchange)?"),
        ("envelopes: {categories: {产业重大技术攻关: 900}}", "did you mean '产业重大技术攻关专项' (industry)?"),
        ("readings: {enterprise: 集团}", "allowed are applicant, group; did you mean '所属集团' (group)?"),
        ("priority: [科技交流]", "did you mean '科技交流活动' (exchange)?"),
    ],
)
def test_a_slip_is_answered_with_what_would_do(text, sentence, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(f"extends: baseline\n{text}\n", encoding="utf-8")
    faults = [str(fault) for fault in check_scenario(path) if not fault.is_warning]
    assert len([fault for fault in faults if sentence in fault]) == 1, faults


def test_a_number_with_commas_is_one_fault(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("extends: baseline\nenvelopes: {total: {value: 6,500}}\n", encoding="utf-8")
    (fault,) = check_scenario(path)
    assert fault.text("zh") == "mine.yaml:2：此处的数字不加逗号：6,500 请写 6500"


@pytest.mark.parametrize("name", ["promised.csv", "申报.xlsx"])
def test_a_table_is_no_scenario(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(b"item,applicant\n")
    (fault,) = check_scenario(path)
    assert "this is a table, no scenario" in str(fault) and f"opening: {name}" in str(fault)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("item,applicant,committed_wan,paid_wan\nexchange,甲,120,150\n", "paid 150 exceeds committed 120"),
        (
            "item,applicant,committed_wan,paid_wan,due_2025\nexchange,甲,120,100,20\n",
            "the first year is 2026: put what is overdue into 2026",
        ),
        (
            "支持方向,申报单位,立项金额（万元）,已拨金额（万元）,绩效评价等级\n科技交流活动,甲,100,100,良好\n",
            "opening.csv row 2 column E: 绩效评价等级: found '良好'; allowed are 优秀",
        ),
    ],
)
def test_an_opening_file_with_a_slip(text, sentence, tmp_path):
    (tmp_path / "opening.csv").write_text(text, encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text("extends: baseline\nopening: opening.csv\n", encoding="utf-8")
    faults = [str(fault) for fault in check_scenario(path)]
    assert len(faults) == 1 and sentence in faults[0], faults


def test_a_hint_about_what_falls_due_keeps_its_year(tmp_path):
    text = "支持方向,申报单位,立项金额（万元）,已拨金额（万元）,2027年再拨（万元）\n科技交流活动,甲,100,60,40\n"
    (tmp_path / "opening.csv").write_text(text, encoding="utf-8")
    path = tmp_path / "mine.yaml"
    path.write_text("extends: baseline\nopening: opening.csv\n", encoding="utf-8")
    said = [str(fault) for fault in check_scenario(path)]
    assert any(
        "'2027年再拨（万元）' is not known and not read; did you mean '2027年应拨（万元）'?" in one for one in said
    ), said
