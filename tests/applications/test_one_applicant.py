"""Who is one applicant: names spelled otherwise, 同上, credit codes, names that are probably one."""

from __future__ import annotations

import csv
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_slips import LOOKS, MARKS, NAMES, SPACES, TO_RADICAL, UNSEEN

from changji_sim import load_scenario
from changji_sim.applications import similar_names
from changji_sim.applications.register_file import read_applications
from changji_sim.applications.similar_names import are_similar
from changji_sim.assess.assess_applications import assess_file, law_scenario
from changji_sim.base.credit_code import ALPHABET, check_character, is_fitting, parse_credit_code
from changji_sim.base.faults import FaultyInput
from changji_sim.base.spelling import identity, plain_text
from changji_sim.kernel.simulate import make_registry
from changji_sim.scenario_file.opening_file import read_opening

LAW = law_scenario()
HEAD = ["申报编号", "支持方向", "申报单位", "申报日期", "技术交易额（万元）", "统一社会信用代码"]
CODE = "91652300MA00000A19"
OTHER_CODE = "914403001922038216"


def trades(path, names, codes=()):
    """A file of transactions of 500万, each worth 5万, of which one enterprise gets 20万 a year."""
    codes = [*codes, *[""] * (len(names) - len(codes))]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for n, (name, code) in enumerate(zip(names, codes, strict=True)):
            writer.writerow([f"A{n}", "技术交易补助", name, f"2026-03-{n + 1:02d}", 500, code])
    return path


def entitled(path):
    report = assess_file(path, out=False)
    return report.frame["entitlement_wan"].sum(), [str(warning) for warning in report.warnings]


def refused(path):
    with pytest.raises(FaultyInput) as error:
        assess_file(path, out=False)
    return [str(fault) for fault in error.value.faults]


# --- what is written above -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_stands_for_the_applicant_above_and_is_told(mark, tmp_path):
    path = trades(tmp_path / "a.csv", ["甲公司", mark, mark, mark, mark, "乙公司", mark])
    total, said = entitled(path)
    assert total == 20 + 10
    assert any("rows 3–6 is '甲公司', what stands above it" in sentence for sentence in said)
    assert "the applicant is '甲公司'" in assess_file(path, out=False).frame["note"][1]
    assert any("row 8 is '乙公司'" in sentence for sentence in said)


def test_a_mark_below_nothing_is_refused(tmp_path):
    assert (
        "row 2 column C: found '同上', but nothing stands directly above"
        in refused(trades(tmp_path / "a.csv", ["同上", "甲公司"]))[0]
    )
    path = trades(tmp_path / "b.csv", ["甲公司", "同上"])
    path.write_text(path.read_text("utf-8").replace("\nA1", "\n,,,,,\nA1").replace("\r", ""), "utf-8")
    assert "row 4 column C" in refused(path)[0]
    for mark in ("同上（二期）", "同左", "下同", "其余同上"):
        assert "write out what is meant" in refused(trades(tmp_path / "c.csv", ["甲公司", mark]))[0]


@pytest.mark.parametrize("name", ["无", "/", "—", "N/A", "。"])
def test_what_names_nobody_is_no_applicant(name, tmp_path):
    assert "申报单位 (applicant) is empty" in refused(trades(tmp_path / "a.csv", [name]))[0]


# --- the credit code -------------------------------------------------------------------------------------------------


def test_the_code_decides_and_names_that_differ_under_it_are_told(tmp_path):
    names = [
        "昌吉天山科技有限公司",
        "昌吉天山科技有限责任公司",
        "昌吉【天山】科技有限公司",
        "天山",
        "昌吉天山1",
        "乙公司",
    ]
    total, said = entitled(trades(tmp_path / "a.csv", names, [CODE] * 5))
    assert total == 20 + 5
    told = [s for s in said if f"has the credit code {CODE} of '昌吉天山科技有限公司'" in s]
    assert len(told) == 4 and "'天山' (row 5)" in told[2]


def test_a_row_without_the_code_belongs_to_its_name(tmp_path):
    assert entitled(trades(tmp_path / "a.csv", ["甲公司"] * 6, ["", CODE, "", "", "无"]))[0] == 20


def test_two_codes_under_one_name_are_two_applicants_and_told(tmp_path):
    path = trades(tmp_path / "a.csv", ["甲公司"] * 10, [CODE] * 5 + [OTHER_CODE] * 5)
    total, said = entitled(path)
    assert total == 40
    assert any("'甲公司' stands with several credit codes" in sentence for sentence in said)
    path = trades(tmp_path / "a.csv", ["甲公司"] * 3, [CODE, OTHER_CODE])
    assert "row 4: '甲公司' stands with 2 credit codes elsewhere and with none in row 4" in refused(path)[0]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (CODE.replace("MA0", "MAO", 1), "no credit code has the character O; is it 0?"),
        (CODE[:-1], "with 17 characters; a credit code has 18"),
        ("9.16523E+17", "Excel keeps 15 of its digits"),
        ("Z" + CODE[1:], "no credit code has the character Z"),
    ],
)
def test_a_wrong_code_is_refused(code, said, tmp_path):
    assert said in refused(trades(tmp_path / "a.csv", ["甲公司"], [code]))[0]


def test_a_code_whose_last_character_does_not_fit_holds_and_is_told_unless_another_stands_in_its_place(tmp_path):
    wrong = CODE[:-1] + "X"
    total, said = entitled(trades(tmp_path / "a.csv", ["甲公司", "甲厂"] * 3, [wrong] * 6))
    assert total == 20 and any(f"GB 32100): {wrong} (rows 2–7); they were taken as they stand" in s for s in said)
    names = ["甲公司", "甲公司", "乙公司"]  # of one name, and of another with a code a character apart
    for codes in ([CODE, wrong], [CODE, "", wrong], [OTHER_CODE, wrong]):
        assert "stands elsewhere: mend it, or empty the cell" in refused(trades(tmp_path / "a.csv", names, codes))[0]


def test_a_code_is_read_however_it_is_written(tmp_path):
    spelled = [
        CODE,
        CODE.lower(),
        f" {CODE[:8]} {CODE[8:]}",
        "".join(chr(ord(c) + 0xFEE0) for c in CODE),
        f"{CODE}_x000D_",
    ]
    assert entitled(trades(tmp_path / "a.csv", [f"甲{n}厂" for n in range(5)], spelled))[0] == 20


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(body, at, other):
    code = body + check_character(body)
    assert parse_credit_code(code) == code and is_fitting(code)
    if other != code[at]:
        assert not is_fitting(code[:at] + other + code[at + 1 :])


# --- spellings -------------------------------------------------------------------------------------------------------


@given(name=st.sampled_from(NAMES), data=st.data())
def test_what_nobody_sees_and_what_looks_the_same_makes_no_second_applicant(name, data):
    """Unseen characters, white space, width, brackets, dashes, dots, quotes and radicals, in any mixture."""
    spelled = ""
    for character in name:
        ways = [character, TO_RADICAL.get(character, character), *LOOKS.get(character, "")]
        ways += [chr(ord(character) + 0xFEE0)] if "!" <= character <= "~" else []
        spelled += data.draw(st.sampled_from(ways)) + data.draw(st.sampled_from(["", "", "", *UNSEEN, *SPACES]))
    assert identity(spelled) == identity(name)


@given(st.text(st.characters(categories=("Lo", "Lu", "Nd")), min_size=1, max_size=12))
def test_what_a_name_is_known_by_is_known_by_itself(name):
    assert identity(identity(name)) == identity(name)
    assert plain_text(plain_text(name)) == plain_text(name)


def test_every_radical_is_a_character_of_its_own_look():
    assert all(unicodedata.name(character).startswith("CJK UNIFIED IDEOGRAPH") for character in TO_RADICAL)
    assert identity("⻓江⻢⻋⻔⻄") == identity("长江马车门西")
    assert identity("⼀⽀⽅") == identity("一支方")


def test_every_text_cell_is_freed_of_escapes_and_unseen_characters(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "申报编号_x000D_,\ufeff支持方向,申报单位,申报日期,申请金额（万元）\n"
        "1,科技交流_x000D_\u200b活动,甲,2026-03-01_x000D_,\u00a05_x000D_\n",
        encoding="utf-8",
    )
    row = read_applications(path, LAW).rows[0]
    assert row.item == "exchange" and row.values["requested_wan"] == 5 and str(row.submitted) == "2026-03-01"


# --- probably one ----------------------------------------------------------------------------------------------------

ONE = [
    ("昌吉天山科技有限公司", "昌吉天山科技有限责任公司"),
    ("昌吉天山科技有限公司", "昌吉天山科技股份有限公司"),
    ("昌吉天山科技有限公司", "昌吉市天山科技有限公司"),
    ("昌吉天山科技有限公司", "新疆昌吉天山科技有限公司"),
    ("昌吉天山科技有限公司", "昌吉天山科技有限公司（盖章）"),
    ("昌吉天山科技有限公司", "昌吉天山科技有限公司1"),
    ("昌吉天山科技有限公司", "昌吉【天山】科技有限公司"),
    ("昌吉天山科技有限公司", "昌吉天山科技有限公司阜康分公司"),
    ("呼图壁县华兴农业有限公司", "呼图壁华兴农业"),
    ("昌吉回族自治州人民医院", "昌吉州人民医院（本部）"),
    ("华兴（集团）有限公司", "华兴集团有限公司"),
    ("昌吉华兴农业有限公司", "昌吉華興農業有限公司"),
    ("昌吉天山科技有限公司", "1.昌吉天山科技有限公司"),
    ("昌吉天山科技有限公司", "昌吉天山科技有限公司-研发部"),
    ("昌吉天山科技有限公司", "昌吉天山科技有限公司、乙公司"),
    ("昌吉天山科技有限公司", "昌吉天山科技有限公司章"),
    ("甲公司", "同甲公司"),
]
TWO = [
    ("昌吉天山科技有限公司", "阜康天山科技有限公司"),
    ("昌吉州人民医院", "昌吉市人民医院"),
    ("天山一厂", "天山二厂"),
    ("企业1", "企业2"),
    ("昌吉学院", "昌吉职业技术学院"),
    ("华兴集团有限公司", "华兴有限公司"),
    ("昌吉大学", "昌吉大学附属医院"),
]


@pytest.mark.parametrize(("one", "other"), ONE)
def test_names_that_are_probably_one_are_told_and_count_as_two(one, other, tmp_path):
    assert are_similar(one, other) and are_similar(other, one)
    path = trades(tmp_path / "a.csv", [one] * 5 + [other])
    total, said = entitled(path)
    assert total == 25
    assert any("rows 2–6" in s and "row 7" in s and "probably one applicant and count as two" in s for s in said)


@pytest.mark.parametrize(("one", "other"), TWO)
def test_names_of_two_are_not(one, other, tmp_path):
    assert not are_similar(one, other)
    assert entitled(trades(tmp_path / "a.csv", [one, other])) == (10, [])


@pytest.mark.parametrize(
    "other", ["昌吉天山科枝有限公司", "昌吉山天科技有限公司", "昌吉天山高科技有限公司", "昌吉天山科有限公司"]
)
def test_names_that_differ_in_a_letter_are_told_together_and_count_as_two(other, tmp_path):
    assert (other == "昌吉天山高科技有限公司") is not is_told(tmp_path, "昌吉天山科技有限公司", other)


@pytest.mark.parametrize("form", ["昌吉天山科技公司{}", "天山科技公司（{}）"])
def test_names_with_a_number_behind_them_are_not_each_compared_with_all(form, monkeypatch):
    """A register may hold thousands of them."""
    compared = []
    monkeypatch.setattr(similar_names, "_are_nearly_equal", lambda *pair: compared.append(pair))
    assert list(similar_names.nearly_equal_names([form.format(n) for n in range(100)])) == []
    assert len(compared) < 100 * 20


def is_told(tmp_path, one, other):
    total, said = entitled(trades(tmp_path / "a.csv", [one] * 5 + [other]))
    assert total == 25
    return any("differ in one character" in s and f"'{one}' (rows 2–6) / '{other}' (row 7)" in s for s in said)


def test_two_codes_settle_it(tmp_path):
    assert entitled(trades(tmp_path / "a.csv", list(ONE[0]), [CODE, OTHER_CODE])) == (10, [])
    apart = ["昌吉天山科技有限公司", "昌吉天山科枝有限公司"]
    assert entitled(trades(tmp_path / "a.csv", apart, [CODE, OTHER_CODE])) == (10, [])


# --- several files ---------------------------------------------------------------------------------------------------


def test_registers_and_the_opening_position_know_one_applicant(tmp_path):
    """Codes and spellings decide across all files of a scenario."""
    trades(tmp_path / "one.csv", ["甲 公司", "丙公司"], [CODE])
    trades(tmp_path / "two.csv", ["改名公司", "丙_x000D_公司"], [CODE])
    text = (tmp_path / "two.csv").read_text("utf-8").replace("2026-", "2027-")
    (tmp_path / "two.csv").write_text(text, "utf-8")
    (tmp_path / "opening.csv").write_text(
        "支持方向,申报单位,统一社会信用代码,立项金额（万元）,已拨金额（万元）,暂停申报至\n"
        f"科技交流活动,甲公司,,0,0,2027\n科技交流活动,最早的名称,{CODE},0,0,\n",
        encoding="utf-8",
    )
    (tmp_path / "mine.yaml").write_text(
        "name: mine\nextends: baseline\nopening: opening.csv\n"
        "items: {technology_trade: {assumptions: {registers: {2026: one.csv, 2027: two.csv}}}}\n",
        encoding="utf-8",
    )
    scenario = load_scenario(tmp_path / "mine.yaml")
    registry = make_registry(scenario)
    first, second = (registry.rows("technology_trade", year) for year in (2026, 2027))
    assert first[0].applicant_id == second[0].applicant_id == registry.applicant("甲公司")
    assert [row.applicant for row in scenario.opening] == ["甲公司", "甲公司"]
    assert first[1].applicant_id == second[1].applicant_id
    assert any("'改名公司' (two.csv row 2)" in str(w) or "'改名公司' (row 2)" in str(w) for w in scenario.warnings)


def test_an_opening_ledger_knows_one_applicant_too(tmp_path):
    path = tmp_path / "opening.csv"
    path.write_text(
        "支持方向,单位名称,统一社会信用代码,立项金额（万元）,已拨金额（万元）,2026年应拨（万元）\n"
        f"科技交流活动,甲公司,{CODE},10,5,5\n科技交流活动,同上,〃,20,5,15\n科技交流活动,甲\u200b公司,,30,5,25\n"
        f"科技交流活动,甲厂,{CODE},40,5,35\n科技交流活动,甲公司（盖章）,,50,5,45\n",
        encoding="utf-8",
    )
    rows, found = read_opening(path, LAW.items, LAW.years)
    assert [row.applicant for row in rows] == ["甲公司"] * 4 + ["甲公司（盖章）"] or [str(f) for f in found]
    said = "\n".join(map(str, found))
    assert (
        "'同上' in row 3 is '甲公司'" in said
        and f"credit code {CODE} of '甲公司'" in said
        and "probably one applicant" in said
    )
    path.write_text(path.read_text("utf-8").replace(f"甲厂,{CODE}", f"甲厂,{CODE[:-1]}X"), "utf-8")
    assert any("GB 32100" in str(f) and not f.is_warning for f in read_opening(path, LAW.items, LAW.years)[1])
