"""The law as data: every article, every number as the measure has it, reforms that change only what they say."""

import doctest
import pickle
import re

import pytest

import changji_sim.measure as measure_module
from changji_sim.base.faults import FaultyInput
from changji_sim.base.yaml_lines import line_of, parse_yaml, plain, read_yaml
from changji_sim.measure import (
    COMMANDS,
    SCENARIO_PARTS,
    STEPS,
    article_number,
    load_measure,
    load_reform,
    reform_names,
)
from changji_sim.scenario.model import READINGS

MEASURE = load_measure()
# how many （一）（二）… an article has
PARAGRAPHS = {4: 4, 5: 5, 6: 5, 7: 3, 8: 6, 11: 3, 12: 6, 13: 3, 18: 4, 19: 10}

# Written out from the measure by hand, not from the program's file: (item, term): (article, kind, unit, value)
LAW = {
    ("core_technology", "max_investment_share"): ("第十条", "ceiling", "rate", 0.20),
    ("technology_trade", "rate"): ("第十一条（三）", "fixed", "rate", 0.01),
    ("technology_trade", "max_application_wan"): ("第十一条（三）", "ceiling", "万元", 5),
    ("technology_trade", "max_applicant_year_wan"): ("第十一条（三）", "ceiling", "万元", 20),
    ("national_platform", "tiers.industrial"): ("第十二条（二）", "fixed", "万元", 500),
    ("national_platform", "tiers.other"): ("第十二条（二）", "fixed", "万元", 300),
    ("regional_platform", "tiers.industrial"): ("第十二条（三）", "fixed", "万元", 100),
    ("regional_platform", "tiers.social"): ("第十二条（三）", "fixed", "万元", 50),
    ("contest", "tiers.first"): ("第十二条（五）", "fixed", "万元", 10),
    ("contest", "tiers.second"): ("第十二条（五）", "fixed", "万元", 8),
    ("contest", "tiers.third"): ("第十二条（五）", "fixed", "万元", 5),
    ("contest", "max_winner_share"): ("第十二条（五）", "ceiling", "rate", 0.10),
    ("cross_region", "max_investment_share"): ("第十三条（一）", "ceiling", "rate", 0.20),
    ("exchange", "max_item_year_wan"): ("第十三条（三）", "ceiling", "万元", 400),
    ("oversight", "bar_years"): ("第十八条（四）", "fixed", "年", 2),
    ("oversight", "inspections_per_project"): ("第十六条", "ceiling", "次", 1),
    ("oversight", "no_inspection_up_to_years"): ("第十六条", "fixed", "年", 1),
    ("oversight", "midterm_over_years"): ("第十八条（二）", "fixed", "年", 2),
}

ITEMS = {  # item: (category, article, mode)
    "core_technology": ("industry", "第十条", "grant"),
    "transfer_project": ("transfer", "第十一条（一）", "grant_to_equity"),
    "commissioner": ("transfer", "第十一条（二）", "grant"),
    "technology_trade": ("transfer", "第十一条（三）", "reward_subsidy"),
    "infrastructure": ("environment", "第十二条（一）", "grant"),
    "national_platform": ("environment", "第十二条（二）", "award"),
    "regional_platform": ("environment", "第十二条（三）", "award"),
    "social_development": ("environment", "第十二条（四）", "grant"),
    "contest": ("environment", "第十二条（五）", "award"),
    "rd_growth": ("environment", "第十二条（六）", "reward_subsidy"),
    "rd_starter": ("environment", "第十二条（六）", "award"),
    "new_hightech": ("environment", "第十二条（六）", "award"),
    "loan_interest": ("environment", "第三条", "loan_interest_subsidy"),
    "insurance_premium": ("environment", "第三条", "insurance_premium_subsidy"),
    "cross_region": ("regional", "第十三条（一）", "grant"),
    "local_linkage": ("regional", "第十三条（二）", "grant"),
    "exchange": ("regional", "第十三条（三）", "service_purchase"),
    "special_case": ("special", "第九条", "grant"),
}


def reform_file(folder, text, name="mine.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(path):
    with pytest.raises(FaultyInput) as caught:
        load_reform(path)
    return [str(fault) for fault in caught.value.faults]


# The provisions


def test_every_article_and_paragraph_is_there_in_the_laws_order():
    expected = [(a, p) for a in range(1, 23) for p in range(PARAGRAPHS.get(a, 0) + 1)]
    assert [provision.number for provision in MEASURE.provisions] == expected


def test_every_provision_says_its_gist_twice():
    for provision in MEASURE.provisions:
        assert len(provision.gist_zh) > 5 and re.search("[一-鿿]", provision.gist_zh), provision.article
        assert len(provision.gist_en) > 15 and "  " not in provision.gist_en, provision.article
        assert bool(provision.touches) != ("属组织要求" in provision.gist_zh or provision.article == "第一条")


def test_what_provisions_touch_is_known():
    known = {f"step:{step}" for step in STEPS} | {f"command:{command}" for command in COMMANDS} | set(MEASURE.items)
    known |= {f"scenario:{part}" for part in SCENARIO_PARTS} | {f"reading:{name}" for name in READINGS}
    known |= {f"mode:{mode}" for mode in MEASURE.modes} | {f"category:{key}" for key in MEASURE.categories}
    touched = {touch for provision in MEASURE.provisions for touch in provision.touches}
    assert touched <= known
    never = known - touched - {f"command:{c}" for c in COMMANDS}
    assert never == {"step:opening", "scenario:opening", "scenario:assumptions"}  # of these the measure says nothing


def test_an_item_value_or_reading_is_touched_by_its_own_article():
    touches = {provision.article: provision.touches for provision in MEASURE.provisions}
    for item in MEASURE.items.values():
        assert item.key in touches[item.article]
        assert item.mode_is_guides_choice or f"mode:{item.mode}" in touches[item.article]
    for reading in MEASURE.readings.values():
        assert f"reading:{reading.name}" in touches[reading.article]
    assert all("step:oversight" in touches[value.article] for value in MEASURE.oversight.values())


@pytest.mark.parametrize(
    "typed",
    ["第十一条（三）", "第十一条(三)", "十一（三）", "11(3)", "１１（３）", "11.3", "11-3", "11 3", "第11条第3项"],
)
def test_a_paragraph_is_found_however_it_is_typed(typed):
    assert [provision.article for provision in MEASURE.find(typed)] == ["第十一条（三）"]


@pytest.mark.parametrize("typed", ["第十一条", "十一", "11", 11, " 11 "])
def test_an_article_is_found_with_its_paragraphs(typed):
    found = [provision.article for provision in MEASURE.find(typed)]
    assert found == ["第十一条", "第十一条（一）", "第十一条（二）", "第十一条（三）"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("23", "第一条 to 第二十二条"),
        ("0", "第一条 to 第二十二条"),
        ("11(4)", "（一） to （三）"),
        ("9(1)", "第九条 has no paragraphs"),
        ("十一三", "no article '十一三'"),
        ("exchange", "no article 'exchange'"),
        ("", "no article ''"),
    ],
)
def test_an_article_that_is_not_there_gets_a_sentence(typed, says):
    with pytest.raises(FaultyInput, match=re.escape(says)):
        MEASURE.find(typed)


def test_chinese_numerals():
    for provision in MEASURE.provisions:
        assert article_number("{}({})".format(*provision.number)) == (provision.number if provision.number[1] else None)
    assert article_number("九十九") == (99, 0)
    assert article_number("一二") is article_number("十一十") is None


# Items and values


def test_the_items_are_the_laws():
    assert {key: (item.category, item.article, item.mode) for key, item in MEASURE.items.items()} == ITEMS
    assert list(MEASURE.items) == list(ITEMS)
    assert list(MEASURE.categories) == ["industry", "transfer", "environment", "regional", "special"]
    assert len(MEASURE.modes) == 7


def test_every_number_is_the_laws():
    found = {(v.item, v.term): (v.article, v.kind, v.unit, v.at(2026)) for v in MEASURE.values()}
    assert found == LAW
    assert (MEASURE.first_year, MEASURE.last_year, MEASURE.years) == (2026, 2029, (2026, 2027, 2028, 2029))
    for (item, term), (_, kind, _, value) in LAW.items():
        assert MEASURE.value(item, term, 2029) == value
        law = MEASURE.oversight[term] if item == "oversight" else MEASURE.items[item].values[term]
        assert law.bounds(2027) == ((value, value) if kind == "fixed" else (0, value))


def test_flags_of_items():
    items = MEASURE.items.values()
    assert [i.key for i in items if i.is_negotiated] == ["infrastructure", "special_case"]
    assert {i.key: i.once_per for i in items if i.once_per} == {
        "national_platform": "platform",
        "regional_platform": "platform",
        "rd_starter": "applicant",
        "new_hightech": "applicant",
    }
    assert {i.key: i.upgrade_of for i in items if i.upgrade_of} == {"national_platform": "regional_platform"}
    assert [i.key for i in items if i.mode_is_guides_choice] == ["social_development", "local_linkage"]
    assert [i.key for i in items if i.category_is_guides_choice] == ["loan_interest", "insurance_premium"]
    assert {i.key: [(r.column, r.must_be) for r in i.requires] for i in items if i.requires} == {
        "technology_trade": [("lands_here", "true")],
        "rd_starter": [
            ("is_enterprise", "true"),
            ("is_above_scale", "true"),
            ("is_hightech", "false"),
            ("has_rd_body", "true"),
            ("has_patent", "true"),
            ("rd_this_year_wan", "positive"),
        ],
        "local_linkage": [("local_public_wan", "positive")],
    }


def test_terms_as_a_mode_takes_them():
    contest = MEASURE.items["contest"]
    assert contest.terms(2026) == {"tiers": {"first": 10, "second": 8, "third": 5}, "max_winner_share": 0.1}
    assert contest.tier_titles == {"first": "一等奖", "second": "二等奖", "third": "三等奖"}
    assert list(contest.tier_titles) == ["first", "second", "third"]  # best first: the last is cut first
    assert MEASURE.items["commissioner"].terms(2026) == {}


def test_what_the_law_leaves_open_has_no_value():
    assert MEASURE.value("commissioner", "max_application_wan", 2026) is None
    with pytest.raises(FaultyInput, match="did you mean 'exchange'"):
        MEASURE.value("exchanges", "max_item_year_wan", 2026)
    with pytest.raises(ValueError, match="第二十二条"):
        MEASURE.value("exchange", "max_item_year_wan", 2025)


def test_readings_are_the_programs():
    assert {name: tuple(c.key for c in reading.choices) for name, reading in MEASURE.readings.items()} == READINGS
    assert list(MEASURE.readings) == list(READINGS)
    for reading in MEASURE.readings.values():
        assert reading.default == READINGS[reading.name][0]
        assert reading.title and reading.title_en and all(c.title and c.title_en for c in reading.choices)
    assert {name for item in MEASURE.items.values() for name in item.readings} <= set(READINGS)


def test_values_read_as_a_person_would_write_them():
    assert MEASURE.items["core_technology"].values["max_investment_share"].shown() == "≤ 20%"
    assert MEASURE.items["technology_trade"].values["rate"].shown(2028) == "1%"
    assert MEASURE.items["national_platform"].values["tiers.industrial"].shown() == "500万元"
    assert MEASURE.oversight["bar_years"].shown() == "2年"


def test_rows_are_plain_data():
    rows = MEASURE.as_rows()
    assert len(rows) == len(MEASURE.provisions)
    assert sum(len(row["values"]) for row in rows) == len(LAW) + 4  # two words; the first and last year
    assert {r["name"] for row in rows for r in row["readings"]} == set(READINGS)
    (row,) = MEASURE.as_rows("13(3)")
    assert row["values"][0]["shown"] == "≤ 400万元" and row["readings"][0]["default"] == "payments"


def test_the_measure_is_read_once_and_travels():
    assert load_measure() is load_measure("measure_2026")
    assert pickle.loads(pickle.dumps(MEASURE)) == MEASURE
    with pytest.raises(FaultyInput, match="did you mean 'measure_2026'"):
        load_measure("measure_2025")


def test_the_examples_of_the_module_hold():
    assert doctest.testmod(measure_module).failed == 0


# Reforms


def test_the_reforms_that_come_with_the_program():
    assert reform_names() == ("exchange-500", "extend-2031", "share-25", "trade-30")
    changed = {name: MEASURE.reformed(load_reform(name)) for name in reform_names()}
    assert changed["exchange-500"].value("exchange", "max_item_year_wan", 2026) == 500
    assert changed["share-25"].value("core_technology", "max_investment_share", 2026) == 0.25
    assert changed["share-25"].value("cross_region", "max_investment_share", 2029) == 0.25
    assert changed["trade-30"].value("technology_trade", "max_applicant_year_wan", 2026) == 30
    assert changed["trade-30"].value("technology_trade", "max_application_wan", 2026) == 5
    assert changed["extend-2031"].years == (2026, 2027, 2028, 2029, 2030, 2031)
    assert changed["extend-2031"].value("exchange", "max_item_year_wan", 2031) == 400
    for name in reform_names():
        reform = load_reform(name)
        assert reform.name == name and reform.title and reform.title_en and reform.description and reform.text


def test_a_reform_leaves_the_old_measure_alone_and_marks_what_it_changed():
    before = pickle.dumps(MEASURE)
    after = MEASURE.reformed(load_reform("exchange-500"))
    assert pickle.dumps(MEASURE) == before
    assert {(v.item, v.term) for v in after.values() if v.reform} == {("exchange", "max_item_year_wan")}
    assert after.items["exchange"].values["max_item_year_wan"].reform == "exchange-500"
    assert after.reforms == ("exchange-500",) and MEASURE.reforms == ()
    (row,) = after.as_rows("13(3)")
    assert row["values"][0]["reform"] == "exchange-500"
    longer = MEASURE.reformed(load_reform("extend-2031"))
    assert longer.last_year_reform == "extend-2031" and longer.as_rows("22")[0]["values"][1]["shown"] == "2031"


def test_nothing_changes_before_the_reforms_year(tmp_path):
    text = """\
title: later
sets:
  - {item: contest, term: tiers.first, from: 2029, value: 15}
  - {item: contest, term: tiers.first, from: 2028, value: 12}
  - {oversight: bar_years, from: 2026, value: 3}
"""
    after = MEASURE.reformed(load_reform(reform_file(tmp_path, text)))
    for year in (2026, 2027):
        for value in (v for v in MEASURE.values() if v.term != "bar_years"):
            assert after.value(value.item, value.term, year) == value.at(year)
            assert not after.items["contest"].values["tiers.first"].is_reformed(year)
    first = after.items["contest"].values["tiers.first"]
    assert [first.at(year) for year in range(2026, 2031)] == [10, 10, 12, 15, 15]
    assert first.is_reformed(2028) and first.is_reformed(2029)
    assert first.shown() == "10万元, 2028: 12万元, 2029: 15万元"
    assert after.value("oversight", "bar_years", 2026) == 3


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("oversight: bar_years, from: 2027, value: 3", "mine.yaml:3: 'bar_years' is one number for all years"),
        ("oversight: midterm_over_years, from: 2026, value: 3", "about oversight a reform can move bar_years"),
        ("oversight: inspections_per_project, from: 2026, value: 2", "would not notice a change of 'inspections_per"),
        ("oversight: no_inspection_up_to_years, from: 2028, value: 2", "第十六条 as it stands"),
        ("item: technology_trade, term: basis, from: 2026, value: 1", "settles 'basis' in words (transaction)"),
    ],
)
def test_a_reform_that_would_change_nothing_is_refused(tmp_path, change, says):
    (fault,) = faults_of(reform_file(tmp_path, f"title: t\nsets:\n  - {{{change}}}\n"))
    assert says in fault


def test_what_an_article_settles_in_words_is_shown_with_its_numbers():
    (row,) = MEASURE.as_rows("11(3)")
    assert {value["term"]: value["shown"] for value in row["values"]}["basis"] == "transaction"
    assert {(word.item, word.word) for word in MEASURE.words()} == {
        ("technology_trade", "transaction"),
        ("rd_growth", "rd_growth"),
    }


def test_reforms_apply_one_after_the_other(tmp_path):
    back = load_reform(
        reform_file(tmp_path, "title: b\nsets: [{item: exchange, term: max_item_year_wan, from: 2027, value: 1}]")
    )
    after = MEASURE.reformed(load_reform("exchange-500"), back, load_reform("trade-30"))
    assert [after.value("exchange", "max_item_year_wan", y) for y in (2026, 2027, 2029)] == [500, 1, 1]
    assert after.reforms == ("exchange-500", "mine", "trade-30")
    other_way = MEASURE.reformed(back, load_reform("exchange-500"))
    assert [other_way.value("exchange", "max_item_year_wan", y) for y in (2026, 2029)] == [500, 500]


def test_a_reform_may_use_the_years_it_adds(tmp_path):
    text = """\
title: longer
sets:
  - {item: exchange, term: max_item_year_wan, from: 2030, value: 450}
  - in_force: {last_year: 2031}
"""
    after = MEASURE.reformed(load_reform(reform_file(tmp_path, text)))
    assert [after.value("exchange", "max_item_year_wan", y) for y in (2029, 2030, 2031)] == [400, 450, 450]
    faults = faults_of(reform_file(tmp_path, text.replace("  - in_force: {last_year: 2031}\n", "")))
    assert faults == ["mine.yaml:3: 'from' must be a year from 2026 to 2029, not 2030 (第十三条（三）)"]


def test_a_bad_reform_lists_every_fault_with_its_line(tmp_path):
    text = """\
title: all wrong
autor: me
sets:
  - {item: exchnge, term: max_item_year_wan, from: 2026, value: 500}
  - {item: exchange, term: max_item_year, from: 2026, value: 500}
  - {item: commissioner, term: max_application_wan, from: 2026, value: 5}
  - {item: core_technology, term: max_investment_share, from: 2026, value: 25}
  - {item: core_technology, term: max_investment_share, from: 2025, value: .nan}
  - item: contest
    term: tiers.first
    from: "2026"
    value: "15"
    until: 2028
  - {item: contest, term: tiers.third, from: 2026, value: -5}
  - {item: contest, term: tiers.third, from: 2026, value: .inf}
  - {oversight: bar_year, from: 2026, value: 3}
  - {oversight: bar_years, from: 2026, value: 2.5}
  - in_force: {last_year: 2025, first_year: 2025}
  - just text
  - {item: trade}
  - {item: exchange, term: max_item_year_wan, from: 2027, value: 500}
  - {item: exchange, term: max_item_year_wan, from: 2027, value: 600}
  - {item: exchange, term: max_item_year_wan, from: 2028, value: yes}
  - {item: exchange, term: max_item_year_wan, from: 2028, value: 1e99}
"""
    faults = faults_of(reform_file(tmp_path, text))
    expected = [
        "mine.yaml:2: unknown key 'autor'; known are title, title_en, why, sets",
        "mine.yaml:4: the measure has no item 'exchnge'; did you mean 'exchange'?",
        "mine.yaml:5: the law fixes no 'max_item_year' for 'exchange'; did you mean 'max_item_year_wan'? "
        "(第十三条（三）)",
        "mine.yaml:6: 第十一条（二） fixes no number for 'commissioner': the guide does, so set it in a scenario file",
        "mine.yaml:7: 'value' must be a number from 0 to 1 (25% is 0.25), not 25 (第十条)",
        "mine.yaml:8: 'from' must be a year from 2026 to 2029, not 2025 (第十条)",
        "mine.yaml:8: 'value' must be a number from 0 to 1 (25% is 0.25), not nan (第十条)",
        "mine.yaml:11: 'from' must be a year from 2026 to 2029, not '2026' (第十二条（五）)",
        "mine.yaml:12: 'value' must be a number from 0 to 10,000,000万元 without quotes, not '15' (第十二条（五）)",
        "mine.yaml:13: a change: unknown key 'until'; known are item, term, from, value",
        "mine.yaml:14: 'value' must be a number from 0 to 10,000,000万元, not -5 (第十二条（五）)",
        "mine.yaml:15: 'value' must be a number from 0 to 10,000,000万元, not inf (第十二条（五）)",
        "mine.yaml:16: the law has no number 'bar_year' about oversight; did you mean 'bar_years'? "
        "(第十六条, 第十八条)",
        "mine.yaml:17: 'value' must be a whole number from 0 to 50年, not 2.5 (第十八条（四）)",
        "mine.yaml:18: in_force: unknown key 'first_year'; did you mean 'last_year'?",
        "mine.yaml:18: 'last_year' must be a year from 2026 to 2100, not 2025 (第二十二条)",
        "mine.yaml:19: a change must be a mapping such as {item: …, …}, not 'just text'",
        "mine.yaml:20: the measure has no item 'trade'",
        "mine.yaml:20: 'from' must be a year from 2026 to 2029, not nothing",
        "mine.yaml:20: 'value' must be a number from 0 to 10,000,000, not nothing",
        "mine.yaml:22: exchange.max_item_year_wan is set twice from 2027 (first in line 21) (第十三条（三）)",
        "mine.yaml:23: 'value' must be a number from 0 to 10,000,000万元, not 'yes' (第十三条（三）)",
        "mine.yaml:24: 'value' must be a number from 0 to 10,000,000万元, not 1e+99 (第十三条（三）)",
    ]
    assert faults == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: t\n", "mine.yaml:1: 'sets' must list at least one change"),
        ("title: t\nsets: {item: exchange}\n", "mine.yaml:2: 'sets' must list"),
        ("sets:\n  - in_force: {last_year: 2031}\n", "'title' is missing"),
        ("title: [1]\nsets:\n  - in_force: {last_year: 2031}\n", "mine.yaml:1: 'title' must be text, not [1]"),
        ("title: t\nsets:\n  - in_force: 2031\n", "mine.yaml:3: 'in_force' must be {last_year: …}, not 2031"),
        (
            f"title: t\nsets:\n  - {{item: contest, term: tiers.first, from: 2026, value: 0x{'f' * 5000}}}\n",
            "beyond all",
        ),
    ],
)
def test_other_bad_reforms(tmp_path, text, says):
    assert says in "\n".join(faults_of(reform_file(tmp_path, text)))


def test_an_unknown_reform_is_refused_with_the_nearest_name():
    with pytest.raises(FaultyInput, match="did you mean 'exchange-500'"):
        load_reform("exchange500")
    with pytest.raises(FaultyInput, match=r"none\.yaml: there is no such file"):
        load_reform("none.yaml")


# The reader under it


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "x.yaml: the file is empty"),
        (b"# only a comment\n", "x.yaml: the file is empty"),
        (b"- 1\n", "x.yaml:1: the file must be a mapping"),
        (b"a: 1\na: 2\nb: {c: 1, c: 2}\n", "x.yaml:2: the key 'a' stands twice (first in line 1); keep one\nx.yaml:3"),
        (b"a:\n\tb: 1\n\tc: 2\n", "x.yaml:2: a tab at the beginning of the line; indent with spaces\nx.yaml:3: a tab"),
        (b"a: &x [1]\nb: *x\n", "x.yaml:1: the anchor '&x' is not allowed"),
        (b"a: {<<: {b: 1}}\n", "x.yaml:1: the merge key '<<'"),
        (b"a: !!python/object:os.system x\n", "x.yaml:1: the tag"),
        (b"a: [1, 2\nb: 3\n", "x.yaml:2: not YAML: expected"),
        (b"a: 1\n---\nb: 2\n", "x.yaml:2: a second document"),
        (b"a: 1\nb: 2026-13-45\n", "x.yaml:2: '2026-13-45' is no number and no date there is"),
        (b"a: \x07\n", "x.yaml:1: the character U+0007"),
        (b'a: "\\uD800"\n', "x.yaml:1: an escape in this text"),
        (b"[" * 3000, "x.yaml:1: more than 20 levels"),
        (b"a: 1\n" * 300_000, "x.yaml: the file is larger than 1 MB"),
        (b"a: 1\n\xff\x41\xff\n", "x.yaml:2: neither UTF-8 nor GBK"),
        ("标题: 中".encode("utf-16"), "x.yaml: this is no UTF-8 text"),
    ],
)
def test_a_broken_file_gets_sentences(tmp_path, content, says):
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    with pytest.raises(FaultyInput) as caught:
        read_yaml(path)
    assert says in str(caught.value)


def test_gbk_is_read_and_said(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes("标题: 中文\n".encode("gbk"))
    notes = []
    data, text = read_yaml(path, notes)
    assert data == {"标题": "中文"} and text == "标题: 中文\n"
    assert [note.is_warning for note in notes] == [True] and "GBK" in str(notes[0])


def test_folders_and_missing_files_get_sentences(tmp_path):
    with pytest.raises(FaultyInput, match="this is a folder"):
        read_yaml(tmp_path)
    with pytest.raises(FaultyInput, match="there is no such file"):
        read_yaml(tmp_path / "none.yaml")


def test_lines_of_keys_and_positions():
    data = parse_yaml("title: x\nsets:\n  - item: a\n    from: 2026\n  - {item: b}\nother:\n  k: [1,\n   2]\n", "f")
    assert [line_of(data, "sets"), line_of(data["sets"], 1), line_of(data["sets"][0], "from")] == [2, 5, 4]
    assert [line_of(data["other"]["k"], 1), line_of(data, "missing"), line_of({"plain": 1}, "plain")] == [8, 1, 1]
    assert plain(data) == {"title": "x", "sets": [{"item": "a", "from": 2026}, {"item": "b"}], "other": {"k": [1, 2]}}
    assert type(plain(data)) is dict


def test_every_provision_has_the_measures_own_text():
    assert all(one.text.startswith(re.sub(r".*条(?=（)", "", one.article)) for one in MEASURE.provisions)
    for (_, _), (article, _, unit, value) in LAW.items():
        text = "".join(one.text for one in MEASURE.find(article.partition("（")[0]))
        number = f"{value * 100:g}%" if unit == "rate" else f"{value:g}万元" if unit == "万元" else ""
        assert number in text, (article, number)
