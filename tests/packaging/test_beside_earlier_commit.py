"""The benchmark of a register compares like with like: an earlier commit gives the same entitlements; no timing."""

import sys

import pytest
from places import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

import register


def test_the_register_that_is_timed_is_read_without_a_fault(tmp_path):
    register.make_register(tmp_path / "a.xlsx", 300)
    seconds, total = register.assess_seconds(tmp_path / "a.xlsx", repeats=2)
    assert len(seconds) == 1 and total > 0


@pytest.mark.slow
@pytest.mark.subprocess
def test_the_earlier_commit_gives_the_same_entitlements():
    lines = list(register.register_lines(1, 300, lambda ratios: f"{len(ratios)} ratios"))
    assert [line[1] for line in lines] in (["2 ratios"], ["not measured"])
