"""What a notebook has of a planner's year: methods that hand on to the rooms below, and what they refuse."""

from __future__ import annotations

import pytest
from docx import Document

import changji_sim as cs
from changji_sim.reports.brief import brief_files

REGISTER = "scenarios/examples/applications_2026.xlsx"


@pytest.fixture(scope="module")
def baseline():
    return cs.load_scenario("baseline")


@pytest.mark.slow
def test_a_year_is_closed_and_history_fitted_into_scenarios(baseline, tmp_path):
    closed = baseline.close(2026, trial=3, out=tmp_path / "next.yaml")
    assert cs.load_scenario(closed.scenario).years == (2027, 2028, 2029)
    fitted = baseline.fit(REGISTER, tmp_path / "fitted.yaml")
    assert fitted.history.years == (2026,) and cs.load_scenario(fitted.out).name == "fitted"


def test_what_is_not_as_its_file_has_it_is_refused(baseline, tmp_path):
    changed = baseline.with_({"growth": 0.1})
    for method in (lambda: changed.close(2026, trial=3), lambda: changed.fit(REGISTER)):
        with pytest.raises(cs.FaultyInput, match="changed since its file was read"):
            method()


@pytest.mark.slow
def test_a_result_is_scored_and_briefed(baseline, tmp_path, monkeypatch):
    monkeypatch.setattr(brief_files, "printed_pdf", lambda page: None)
    result = baseline.run(30, 1)
    (tmp_path / "came.csv").write_text("年度,支持方向,实际金额（万元）\n2026,科技交流活动,400\n", encoding="utf-8")
    scored = result.score(tmp_path / "came.csv")
    assert scored.frame.item.tolist() == ["exchange"] and scored.inside in (0, 1)
    (word,) = result.to_brief(
        tmp_path / "brief", 2027, 7500, "按方案甲安排", [baseline.run(30, 1, reform="exchange-500")]
    )
    assert any("按方案甲安排" in part.text for part in Document(word).paragraphs) or "按方案甲安排" in _cells(word)


def _cells(word):
    return "".join(cell.text for table in Document(word).tables for row in table.rows for cell in row.cells)
