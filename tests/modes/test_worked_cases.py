"""Our modes by hand, and that hand and contract together notice the loss of any one line of a formula."""

from __future__ import annotations

from collections import Counter

import pytest
from mutated_modes import UNNOTICED, check_case, formula_lines, mutants, noticed_by, worked_cases
from places import ROOT

from changji_sim.modes.plugin_loading import installed_modes

CASES = worked_cases()
MODES = installed_modes()
LONG = "loan_interest_subsidy"  # its formula has the most lines
OURS = sorted(path.stem for path in (ROOT / "plugins").glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['mode']}: {case['about']}"[:60])
def test_a_mode_answers_as_worked_by_hand(case):
    check_case(MODES[case["mode"]], case)


@pytest.mark.parametrize("key", [pytest.param(key, marks=pytest.mark.slow if key == LONG else []) for key in OURS])
def test_the_loss_of_any_line_of_a_formula_is_noticed(key):
    found = {number: noticed_by(key, source, CASES) for number, source in mutants(key)}
    assert [number for number, what in found.items() if what == UNNOTICED] == [], Counter(found.values())
    assert len(found) == len(list(formula_lines((ROOT / "plugins" / f"{key}.py").read_text(encoding="utf-8"))))
