"""The leaders' brief: its numbers against budget.csv, one page of Word and PDF, options, texts of planners escaped."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import numpy as np
import pytest

import changji_sim as cs
from changji_sim.cli import run_cli
from changji_sim.cli.command_output import FAULTY_INPUT, FINE
from changji_sim.reports import printed_pdf
from changji_sim.reports.brief.brief import brief_of
from changji_sim.reports.brief.brief_context import brief_context
from changji_sim.reports.brief.brief_files import TEMPLATE
from changji_sim.reports.brief.brief_page import brief_page
from changji_sim.reports.word_document import word_document
from changji_sim.results.brief_numbers import brief_numbers
from changji_sim.whatif.envelope_cuts import envelope_cuts

docx = pytest.importorskip("docx")
pytest.importorskip("docxtpl")

YEAR, HOSTILE = 2027, "采用方案甲 <script>alert(1)</script> & {{ 7*7 }}"


@pytest.fixture(scope="module")
def results():
    return [cs.load_scenario(name).run(50, 3) for name in ("tight_budget", "baseline", "growth")]


@pytest.fixture(scope="module")
def cuts(results):
    return envelope_cuts(results[0].scenario, YEAR, 50, 3, before=results[0])


@pytest.fixture(scope="module")
def values(results, cuts):
    return brief_context(brief_of(results, cuts, YEAR, 5000.0, HOSTILE))


@pytest.mark.slow
def test_its_numbers_are_those_of_the_budget(results):
    for result in results[:2]:
        of, budget = (
            brief_numbers(result, YEAR),
            result.budget().set_index(["year", "category", "item", "flow"]).mean_wan,
        )
        need = budget[YEAR, "*", "*", "need"] - budget[YEAR - 1, "*", "*", "arrears"]
        assert of.need_wan == pytest.approx(need, abs=1e-6)
        assert of.need_wan + of.arrears_wan == pytest.approx(budget[YEAR, "*", "*", "need"], abs=1e-6)
        for slices in (of.programmes, of.modes, of.parts):
            assert sum(amount for _, amount, _ in slices) == pytest.approx(need, abs=1e-6)
            assert sum(share for *_, share in slices) == pytest.approx(1)
        for key, amount, _ in of.programmes:
            owed = budget[YEAR - 1, key, "*", "arrears"]
            assert amount == pytest.approx(budget[YEAR, key, "*", "need"] - owed, abs=1e-6), key
        envelope = result.envelope_fen(YEAR) / 1e6
        assert of.payment_wan == pytest.approx(budget[YEAR, "*", "*", "payment"], abs=1e-6)
        assert of.execution == pytest.approx(of.payment_wan / envelope)
        assert of.lapsing_wan == pytest.approx(envelope - of.payment_wan)
        assert 0 <= of.refused_wan <= min(of.lapsing_wan, of.unfunded_wan) + 1e-9
        row = result.summary().query(f"year == {YEAR} and category == '*'").iloc[0]
        assert of.probability_short == row.probability_short
        assert of.lacking_wan == pytest.approx(row.mean_short_wan)
        assert of.own_per_yuan == pytest.approx(result.own_money().own_per_yuan[1])
        assert of.worst_wan >= of.high_wan and of.worst_lacking_wan >= of.lacking_wan
    award = [item.mode for item in results[0].scenario.items if not item.modes[YEAR].is_project]
    of = brief_numbers(results[0], YEAR)
    afterwards = sum(share for key, _, share in of.modes if key in award)
    assert of.projects_share == pytest.approx(1 - afterwards)


def test_without_an_envelope_nothing_is_said_of_a_gap():
    scenario = cs.load_scenario("baseline")
    free = replace(scenario, envelopes=replace(scenario.envelopes, total_wan=dict.fromkeys(scenario.years)))
    result = free.run(10, 1)
    of = brief_of([result], envelope_cuts(free, 2026, 10, 1))
    assert len(of.sentences) == 1 and of.cuts == () and "预计执行率" not in dict(of.indicators)
    assert brief_numbers(result).probability_short is None


@pytest.mark.slow
def test_the_word_file_has_the_numbers_and_is_read_back(results, values):
    document = docx.Document(io.BytesIO(word_document(TEMPLATE, values)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[0] == "2027年州科技专项资金预算汇报" and any(HOSTILE in text for text in texts)
    assert any("比上年预算5,000万元增加" in text for text in texts)
    structure, indicators, cut, options = ([[c.text for c in row.cells] for row in t.rows] for t in document.tables)
    of = brief_numbers(results[0], YEAR)
    assert len(structure) == 1 + max(len(of.programmes), len(of.modes))
    assert {row[0] for row in indicators} >= {"续建占比", "预计执行率"}
    assert [row[0] for row in cut] == ["压减", "−10%", "−20%"]
    assert options[0][1:] == ["方案甲：紧预算", "方案乙：基准情景", "方案丙：高增长"] and len(options) == 9
    alone = brief_context(
        brief_of(results[:1], envelope_cuts(results[0].scenario, YEAR, 5, 1), YEAR, language="en"), "en"
    )
    alone["cuts"] = []
    assert len(docx.Document(io.BytesIO(word_document(TEMPLATE, alone))).tables) == 2


def test_the_page_holds_texts_and_no_html_of_theirs(values):
    page = brief_page(values)
    assert "<script" not in page and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{ 7*7 }}" in page
    assert "http" not in page  # nothing is fetched
    assert page.count("<table>") == 4 and page.count("<h1>") == 1


@pytest.mark.slow
@pytest.mark.browser
def test_a_browser_prints_it_on_one_sheet(values):
    pdfium = pytest.importorskip("pypdfium2")
    if printed_pdf.browser() is None:
        pytest.skip("no browser on this machine")
    document = pdfium.PdfDocument(printed_pdf.printed_pdf(brief_page(values)))
    assert len(document) == 1
    width, height = document[0].get_size()
    assert (round(width), round(height)) == (595, 842)
    text = document[0].get_textpage().get_text_range()
    assert "2027年州科技专项资金预算汇报" in text and "控制数压减的影响" in text


@pytest.mark.slow
def test_the_command_writes_what_there_can_be(tmp_path, capsys, monkeypatch):
    """Without a browser the Word file alone, and a sentence that says how to get the PDF."""
    monkeypatch.setenv(printed_pdf.VARIABLE, str(tmp_path / "none"))
    words = ["brief", "tight_budget", "baseline", "--trials", "20", "-o", str(tmp_path / "x"), "--last-year", "5000"]
    assert run_cli([*words, "--json", "--language", "zh"]) == FINE
    out, err = capsys.readouterr()
    assert "另存为 PDF" in err
    about = json.loads(out)
    assert [name.rsplit("/", 1)[-1] for name in about["files"]] == ["汇报.docx"] and about["year"] == 2026
    assert sorted(path.name for path in (tmp_path / "x").iterdir()) == [
        "budget.csv", "caps.csv", "manifest.json", "汇报.docx",
    ]  # fmt: skip
    assert run_cli(["brief", *["baseline"] * 4, "--trials", "5", "-o", str(tmp_path / "y")]) == FAULTY_INPUT
    assert "at most 3" in capsys.readouterr().err and not (tmp_path / "y").exists()
    for amount in ("nan", "-5", "inf"):
        words = ["brief", "baseline", "--last-year", amount, "-o", str(tmp_path / "y"), "--language", "en"]
        assert run_cli(words) == FAULTY_INPUT and "cannot be a budget" in capsys.readouterr().err


def test_other_futures_are_no_options(results, cuts):
    with pytest.raises(cs.FaultyInput):
        brief_of([results[0], cs.load_scenario("baseline").run(50, 4)], cuts, YEAR)
    assert np.isfinite(brief_numbers(results[0]).need_wan)
