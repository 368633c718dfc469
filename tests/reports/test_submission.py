"""The submission tables: totals of budget.csv, live formulas with their values, Word read back, templates at fault."""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile

import numpy as np
import pandas as pd
import pytest

import changji_sim as cs
from changji_sim.cli import run_cli
from changji_sim.cli.command_output import FAULTY_INPUT, FINE
from changji_sim.reports.submission.submission import submission_of
from changji_sim.reports.submission.submission_files import TEMPLATE
from changji_sim.reports.submission.word_context import word_context
from changji_sim.reports.word_document import word_document
from changji_sim.results.submitted_amounts import PARTS

openpyxl = pytest.importorskip("openpyxl")
docx = pytest.importorskip("docx")
pytest.importorskip("docxtpl")
pytest.importorskip("xlsxwriter")

YEAR = 2027
TARGETS = """
targets:
  winners: {level: quantity, title: 新认定高企<奖励>家数 & 其他, value: {2027: 60}, unit: 家,
    quantity: funded_applicants, item: new_hightech, source: 州十五五规划, mark: A}
  budget: {level: cost, title: 年度拨付额, value: 9000, sense: at_most, unit: 万元, quantity: payment}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The files of one call of the command, and the run they are from."""
    folder = tmp_path_factory.mktemp("tables")
    scenario = folder / "plan.yaml"
    scenario.write_text("name: plan\nextends: tight_budget\n" + TARGETS, encoding="utf-8")
    words = ["tables", str(scenario), "--year", str(YEAR), "--trials", "60", "--seed", "4", "-o", str(folder / "out")]
    assert run_cli([*words, "--language", "zh"]) == FINE
    return folder / "out", cs.load_scenario(scenario).run(60, 4)


@pytest.fixture(scope="module")
def need(made):
    """By year and key of a category or item: the need of the year, from budget.csv as it stands on the disk."""
    budget = pd.read_csv(made[0] / "budget.csv").set_index(["year", "category", "item", "flow"]).mean_wan
    year, need = made[1].years, {}
    for (y, category, item, flow), mean in budget.items():
        if flow == "need" and y in year:
            owed = budget[y - 1, category, item, "arrears"] if y > year[0] else 0.0
            need[y, item if item != "*" else category] = mean - owed
    return need


def sheets_of(path, values=True):
    return openpyxl.load_workbook(path, data_only=values)


def test_the_workbook_adds_up_to_budget_csv(made, need):
    folder, result = made
    book = sheets_of(folder / "预算申报.xlsx")
    assert book.sheetnames == [
        "预算申报汇总表",
        "项目支出预算表",
        "测算说明",
        "三年滚动规划表",
        "绩效目标表",
        "测算依据",
    ]
    titles = {item.title: item.key for item in result.scenario.items} | {"合计": "*"}
    titles |= {title: key for key, title in result.scenario.categories.items()}
    found = {}
    for sheet, name, columns in (("项目支出预算表", 1, (7, 8, 9)), ("三年滚动规划表", 1, (5, 9, 13))):
        for row in book[sheet].iter_rows(min_row=4, values_only=True):
            if row[name] in titles:
                amounts = [row[column] for column in columns]
                meant = [need[year, titles[row[name]]] for year in (YEAR, YEAR + 1, YEAR + 2)]
                assert amounts == pytest.approx(meant, abs=0.005), (sheet, row[name])
                found[sheet, titles[row[name]]] = amounts
    assert len(found) == 2 * (len(result.scenario.items) + len(result.scenario.categories) + 1)
    costs = {titles[row[1]]: row for row in book["测算说明"].iter_rows(min_row=4, values_only=True) if row[1] in titles}
    for item in result.scenario.items:
        count, standard, amount, first, carried, asked = costs[item.key][5:11]
        if count:
            assert count * standard == pytest.approx(amount, rel=1e-12)
        assert first + carried == pytest.approx(asked, abs=1e-9)
        assert asked == pytest.approx(need[YEAR, item.key], abs=0.005)
    summary = {row[0]: row for row in book["预算申报汇总表"].iter_rows(min_row=4, values_only=True)}
    assert summary["合计"][5] == pytest.approx(need[YEAR, "*"], abs=0.005)
    assert summary["合计"][6] == 1 and sum(summary["合计"][2:5]) == pytest.approx(summary["合计"][5])
    envelope = result.envelope_fen(YEAR) / 1e6
    assert summary["控制数（预算额度）"][5] == envelope
    assert summary["申请数减控制数"][5] == pytest.approx(need[YEAR, "*"] - envelope, abs=0.005)


def test_every_total_is_a_live_formula_with_its_value(made):
    folder, _ = made
    formulas, values = (sheets_of(folder / "预算申报.xlsx", is_value) for is_value in (False, True))
    live = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    stored = values[sheet.title][cell.coordinate].value
                    assert isinstance(stored, int | float), (sheet.title, cell.coordinate)
                    live += 1
                elif isinstance(cell.value, float) and cell.column > 2:
                    assert "合计" not in str(row[1].value) or sheet.title == "预算申报汇总表", cell.coordinate
    assert live > 250


def test_each_amount_leads_to_its_inputs_their_source_and_mark(made):
    """The last column of the calculation names rows of the sheet of inputs; they are the item's."""
    folder, result = made
    book = sheets_of(folder / "预算申报.xlsx")
    lines = [row for row in book["测算说明"].iter_rows(min_row=4, values_only=True) if row[11]]
    assert len(lines) == len(result.scenario.items)
    for row in lines:
        first, last = (int(part) for part in row[11].split("–"))
        inputs = [[cell.value for cell in cells] for cells in book["测算依据"].iter_rows(min_row=first, max_row=last)]
        assert {one[1] for one in inputs} == {row[1]}, row[1]
        assert any(one[5] and one[6] for one in inputs), row[1]
    assert {row[2] for row in lines} >= {"第十条", "第十一条（三）", "第十三条（三）"}


def word_tables(content):
    return [
        [[cell.text for cell in row.cells] for row in table.rows] for table in docx.Document(io.BytesIO(content)).tables
    ]


def test_word_has_the_same_amounts(made, need):
    folder, result = made
    content = (folder / "预算申报.docx").read_bytes()
    summary, budget, costs, plan, targets, basis = word_tables(content)
    titles = {item.title: item.key for item in result.scenario.items} | {"合计": "*"}
    titles |= {title: key for key, title in result.scenario.categories.items()}

    def number(text):
        return float(text.replace(",", ""))

    for rows, columns in ((budget, (7, 8, 9)), (plan, (5, 9, 13))):
        named = {titles[row[1]]: [number(row[column]) for column in columns] for row in rows if row[1] in titles}
        assert len(named) == len(titles)
        for key, amounts in named.items():
            assert amounts == pytest.approx([need[year, key] for year in (2027, 2028, 2029)], abs=0.0051), key
    asked = [number(row[10]) for row in costs[1:] if row[0]]
    assert sum(asked) == pytest.approx(need[YEAR, "*"], abs=0.01 * len(asked))
    assert number(summary[len(result.scenario.categories) + 1][5]) == pytest.approx(need[YEAR, "*"], abs=0.0051)
    assert targets[1][:4] == ["产出指标", "数量指标", "新认定高企<奖励>家数 & 其他", "≥ 60家"]
    assert targets[1][7:] == ["州十五五规划", "A"] and targets[1][6].endswith("%")
    reasons = {row[1]: row[2:] for row in basis if row[0]}
    assert "标记D" in reasons["产业重大技术攻关"][0] and "申请金额（万元）" in reasons["产业重大技术攻关"][1]
    assert all(any(texts) for texts in reasons.values()) and len(reasons) == 1 + len(result.scenario.items)
    assert len(plan) == 2 + len(result.scenario.items) + len(result.scenario.categories)


def test_word_is_set_in_fonts_of_windows_and_breaks_where_a_form_begins(made):
    document = docx.Document(made[0] / "预算申报.docx")
    west, east = docx.oxml.ns.qn("w:ascii"), docx.oxml.ns.qn("w:eastAsia")
    runs = [
        run
        for paragraph in document.element.body.iter(docx.oxml.ns.qn("w:p"))
        for run in paragraph.iter(docx.oxml.ns.qn("w:r"))
    ]
    fonts = {(f.get(west), f.get(east)) for run in runs for f in run.iter(docx.oxml.ns.qn("w:rFonts"))}
    assert {name for _, name in fonts} == {"黑体", "宋体", "仿宋"}
    assert all(run.find(docx.oxml.ns.qn("w:rPr")) is not None for run in runs)
    breaks = [p for p in document.paragraphs if p.paragraph_format.page_break_before]
    assert [p.text[6:-1] for p in breaks] and len(breaks) == 5
    heads = [
        table.rows[0]._tr.find(f"{docx.oxml.ns.qn('w:trPr')}/{docx.oxml.ns.qn('w:tblHeader')}")
        for table in document.tables
    ]
    assert len(heads) == 6 and all(head is not None for head in heads)


@pytest.mark.slow
def test_the_same_result_gives_the_same_bytes(made, tmp_path):
    folder, result = made
    of = submission_of(result, YEAR)
    again = result.to_submission(tmp_path / "again", YEAR)
    assert [path.read_bytes() for path in again] == [(folder / path.name).read_bytes() for path in again]
    assert word_document(TEMPLATE, word_context(of)) == (folder / "预算申报.docx").read_bytes()
    english = word_tables(word_document(TEMPLATE, word_context(submission_of(result, YEAR, "payment", "en"), "en")))
    assert english[0][0][0] == "Programme" and english[0][-3][0] == "Envelope"


def template(path, *texts):
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    document.save(str(path))
    return path


def test_a_bureau_brings_its_own_template(made, tmp_path, capsys):
    own = template(tmp_path / "own.docx", "{{ titles.plan }}：{{ total.totals[0] }}", "{%p for p in programmes %}",
                   "{{ p.title }} {{ p.items }}", "{%p endfor %}")  # fmt: skip
    of = dataclasses.replace(submission_of(made[1], YEAR), programmes=(("industry", "甲<b>&\x07{{ 7*7 }}"),))
    texts = [p.text for p in docx.Document(io.BytesIO(word_document(own, word_context(of)))).paragraphs]
    assert texts[0].startswith("2027—2029年州科技专项资金三年滚动规划表：")
    assert texts[1:] == ["甲<b>&{{ 7*7 }} 1"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ totall }}", "totall"),
        ("{{ total.grand }}", "grand"),
        ("{% for x in programmes %}", "endfor"),
        ("{{ ''.__class__.__mro__ }}", "__class__"),
        ("{{ years[9] }}", "filled in|names"),
    ],
)
def test_a_template_at_fault_is_a_sentence(made, tmp_path, text, said):
    of = submission_of(made[1], YEAR)
    with pytest.raises(cs.FaultyInput, match=said) as error:
        word_document(template(tmp_path / "own.docx", text), word_context(of))
    (fault,) = error.value.faults
    assert fault.where == "own.docx" and len(fault.text("en")) < 500


@pytest.mark.slow
def test_an_item_of_ones_own_and_years_after_the_last(tmp_path):
    """Its title is text wherever it stands; no article names it. After the last year only promises are left."""
    own = tmp_path / "own.yaml"
    own.write_text(
        "name: own\nextends: tight_budget\nitems:\n  core_technology: none\n  vouchers:\n    category: environment\n"
        "    title: =创新券<b>&\n    mode: service_purchase\n    guide: {max_item_year_wan: 200}\n    assumptions:\n"
        "      applications: 60\n      columns: {requested_wan: {fixed: 5}, term_years: {fixed: 1}}\n",
        encoding="utf-8",
    )
    words = ["tables", str(own), "--year", "2029", "--trials", "20", "--language", "zh", "-o", str(tmp_path / "out")]
    assert run_cli(words) == FINE
    book = sheets_of(tmp_path / "out" / "预算申报.xlsx")
    (row,) = (row for row in book["测算说明"].iter_rows(values_only=True) if row[1] == "=创新券<b>&")
    assert row[2] == "自设" and row[3] == "指南：每年总额上限（万元） 200" and row[10] <= 200
    (cells,) = (
        row for row in word_tables((tmp_path / "out" / "预算申报.docx").read_bytes())[1] if row[1] == "=创新券<b>&"
    )
    assert cells[10] == "自设"
    result = cs.load_scenario(own).run(20, 0)
    owed = result.fen("arrears", 2029) / 1e6
    summary = {row[0]: row for row in book["预算申报汇总表"].iter_rows(min_row=4, values_only=True)}
    assert summary["合计"][7] == pytest.approx((result.fen("payment", 2030) / 1e6 - owed).mean(), abs=0.005)
    assert summary["以前年度应拨未拨"][7] == pytest.approx(owed.mean(), abs=0.005)
    assert "产业重大技术攻关专项" not in summary


def test_what_is_no_template_is_said_before_the_run(tmp_path, capsys):
    (tmp_path / "a.docx").write_text("no zip")
    with zipfile.ZipFile(tmp_path / "b.docx", "w") as other:
        other.writestr("x", "y")
    (tmp_path / "c.doc").write_text("old")
    for name, said in (("a.docx", "no Word file"), ("b.docx", "no Word file"), ("c.doc", "ends in .docx"),
                       ("d.docx", "No such file")):  # fmt: skip
        words = [
            "tables",
            "baseline",
            "--template",
            str(tmp_path / name),
            "-o",
            str(tmp_path / "out"),
            "--language",
            "en",
        ]
        assert run_cli(words) == FAULTY_INPUT
        assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_the_command_says_what_is_asked_for(made, tmp_path, capsys):
    words = ["tables", "baseline", "--trials", "20", "-o", str(tmp_path / "x"), "--basis", "payment"]
    assert run_cli([*words, "--json"]) == FINE
    about = json.loads(capsys.readouterr().out)
    assert about["basis"] == "payment" and len(about["lines"]) == 18 and about["years"] == [2026, 2027, 2028]
    line = next(one for one in about["lines"] if one["item"] == "exchange")
    assert line["asked_for_wan"] == pytest.approx(sum(line["planned_wan"]["2026"][part] for part in PARTS))
    assert np.isclose(line["count"] * line["standard_wan"], line["amount_wan"])
    assert run_cli(["tables", "baseline", "--year", "2035", "--trials", "5", "-o", str(tmp_path / "y")]) == FAULTY_INPUT
    assert not (tmp_path / "y").exists()
