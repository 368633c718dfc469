"""Files that tried to make the program lie or crash, each answered with a sentence."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from changji_sim.faults import FaultyInput
from changji_sim.scenario_file import load_scenario

RUN = [sys.executable, "-c", "from changji_sim.cli import main; main()", "run", "baseline", "--trials", "20"]
ONE_CASE = "items: {special_case: {assumptions: {applications: none, cases: [{name: a, year: 2026, amount: 800}]}}}"
LONG_TERMS = "items: {core_technology: {assumptions: {columns: {term_years: {lognormal: {median: 2, sigma: 1}}}}}}"


def scenario(folder, text):
    path = folder / "mine.yaml"
    path.write_text(f"extends: baseline\n{text}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("items:\n  exchange:", "mine.yaml:3: 'exchange' is empty"),
        ("items:\n  exchange:\n  guide:", "mine.yaml:3: 'exchange' is empty"),
        ("envelopes:\n  total:", "mine.yaml:3: 'total' is empty"),
        ("name: ../../evil", "cannot name a scenario"),
        ("name: '..'", "cannot name a scenario"),
        (r'title: "\e[31mred"', "cannot be shown"),
        ("items: {exchange: {guide: {max_item_year_wan: {2026: none, 2027: 300}}}}", "'none' cannot stand for some"),
        (
            "items: {exchange: {assumptions: {columns: {requested_wan: {choice: {'5': 0.5, '20': 0.5}}}}}}",
            "must be a finite number",
        ),
        (
            "items: {core2: {category: industry, title: 产业重大技术攻关, mode: grant, assumptions: {}}}",
            "the title '产业重大技术攻关' belongs to 'core_technology'",
        ),
    ],
)
def test_a_scenario_that_would_mislead_is_refused(text, sentence, tmp_path):
    with pytest.raises(FaultyInput) as caught:
        load_scenario(scenario(tmp_path, text))
    assert sentence in str(caught.value)


@pytest.mark.parametrize("text", [ONE_CASE, LONG_TERMS, "items: {exchange: {assumptions: {applications: 0}}}"])
def test_an_odd_scenario_runs_and_balances(text, tmp_path):
    assert load_scenario(scenario(tmp_path, text)).run(trials=40).fen("asked", 2026).sum() > 0


def test_a_case_that_comes_once_asks_once(tmp_path):
    result = load_scenario(scenario(tmp_path, ONE_CASE)).run(trials=5)
    asked = [result.fen("asked", year, "special_case").tolist() for year in (2026, 2027)]
    assert asked == [[800 * 10**6] * 5, [0] * 5]


def test_a_reform_does_not_overwrite_the_baseline_and_says_who_it_is(tmp_path):
    command = [*RUN, "--reform", "share-25"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=True)
    assert (tmp_path / "out" / "baseline+share-25" / "budget.csv").exists()
    assert "share-25" in done.stdout


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_a_terminal_of_another_encoding_shows_the_table(encoding, tmp_path):
    done = subprocess.run(RUN, cwd=tmp_path, capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding})
    assert done.returncode == 0, done.stderr
    assert b"2029" in done.stdout
