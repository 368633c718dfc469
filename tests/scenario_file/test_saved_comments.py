"""Saving keeps every comment of a scenario file where it stood, and its quotes, indentation and line ends."""

from pathlib import Path

import pytest

from changji_sim import load_scenario
from changji_sim.base.files import SCENARIOS
from changji_sim.scenario_file import save_scenario
from changji_sim.scenario_file.save import changed_text

PLAN = """\
name: "plan"
title: '方案'
title_en: Plan
# why this plan exists

extends: baseline
items:
    exchange:
        guide:
            max_item_year_wan: 350   # agreed
    # what follows is the trade

    technology_trade:
        guide: {max_applicant_year_wan: 15}
# the money
envelopes:
    total: {value: 9000, growth: 0.05, source: '批复'}  # a round number
"""


@pytest.fixture
def plan(tmp_path) -> Path:
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN, encoding="utf-8", newline="")
    return path


def test_a_new_last_key_does_not_land_below_the_next_sections_comment(plan):
    save_scenario(plan, {"items.exchange.guide.places": 5})
    assert plan.read_text(encoding="utf-8") == PLAN.replace("agreed\n", "agreed\n            places: 5\n")


def test_a_removed_key_leaves_the_comment_of_the_next_section(plan):
    save_scenario(plan, {"items.technology_trade": None})
    text = plan.read_text(encoding="utf-8")
    assert "    # what follows is the trade\n\n# the money\nenvelopes:\n" in text


def test_another_name_keeps_what_follows_the_english_title(plan):
    text = changed_text(plan, PLAN, {"name": "other", "title": "other", "title_en": None})
    assert text == PLAN.replace('"plan"', '"other"').replace("'方案'", "'other'").replace("title_en: Plan\n", "")


def test_windows_line_ends_stay(plan):
    plan.write_text(PLAN.replace("\n", "\r\n"), encoding="utf-8", newline="")
    save_scenario(plan, {"items.exchange.guide.max_item_year_wan": {2026: 350, 2028: 300}, "growth": 0.1})
    text = plan.read_bytes().decode()
    assert text.count("\r\n") == text.count("\n") == PLAN.count("\n") + 1
    assert "max_item_year_wan: {2026: 350, 2028: 300}   # agreed\r\n" in text


def test_every_comment_of_the_baseline_outlives_any_single_change(tmp_path):
    text = (SCENARIOS / "baseline.yaml").read_text(encoding="utf-8")
    path = tmp_path / "copy.yaml"
    comments = [line.partition("#")[2] for line in text.splitlines() if "#" in line]
    for changes in (
        {"items.exchange.assumptions.columns": None, "priority": None},
        {"items.loan_interest.guide.lpr.value": [["2025-05-20", 0.03, 0.035]]},
        {"items.contest.guide.places": 3, "oversight.violation": {"value": 0.02, "source": "x"}, "pools": None},
    ):
        changed = changed_text(path, text, changes)
        assert [line.partition("#")[2] for line in changed.splitlines() if "#" in line] == comments


def test_what_is_saved_is_what_was_meant(plan):
    save_scenario(plan, {"envelopes.total.growth": 0, "envelopes.total.source": None, "years": [2026, 2028]})
    scenario = load_scenario(plan)
    assert set(scenario.envelopes.total_wan.values()) == {9000}
    assert "# a round number" in plan.read_text(encoding="utf-8")
