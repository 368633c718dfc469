"""Ten rules and more, each broken on purpose by one small change of a copy of the program: the comparison must notice.

A rule whose breaking goes unnoticed is a rule that no test holds. The copy runs without the compiler, in another
process; unbroken it must agree with the reference to the fen.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from broken_copy import Copies, break_line, copied
from comparing import changed, write_scenario
from every_rule import BUSY, OPENING, TRANCHED, VARIANTS, each

TRIALS = 10
pytestmark = [pytest.mark.slow, pytest.mark.subprocess]


@dataclass(frozen=True)
class Broken:
    """A rule, where it stands, and what stands there instead."""

    rule: str
    file: str
    old: str
    new: str
    changes: dict[str, Any] = field(default_factory=dict)
    opening: str = ""


BROKEN = [
    Broken(
        "20% of the investment rounds down to whole yuan (第十条)",
        "kernel/claims.py",
        'ceilings.put_whole_yuan(column, float(level), *PAYABLE["yuan"], most, ceiling)',
        'ceilings.put_whole_yuan(column, float(level), *PAYABLE["nearest"], most, ceiling)',
    ),
    Broken(
        "caps stand in order: the application's and the applicant's before the item's year",
        "kernel/year.py",
        "for n, cap in enumerate(caps):",
        "for n, cap in reversed(list(enumerate(caps))):",
    ),
    Broken(
        "one cap a year for all that a firm asks (第十一条（三）)",
        "kernel/caps.py",
        "room[g] = free - granted",
        "room[g] = ceiling - granted",
    ),
    Broken(
        "the activity that straddles 400万 gets the rest (第十三条（三）)",
        "kernel/caps.py",
        "left[i] = min(left[i], free)",
        "left[i] = left[i] if left[i] <= free else 0",
    ),
    Broken(
        "lowest tier goes first, best tier wins first (第十二条（五）)",
        "kernel/caps.py",
        "for best in range(tiers):",
        "for best in range(tiers - 1, -1, -1):",
        VARIANTS["tighter than the law"],
    ),
    Broken(
        "a one-off award is used up at commitment",
        "kernel/selection.py",
        "used[t, once[rows[n] if len(rows) > 0 else n]] = 1",
        "used[t, once[rows[n] if len(rows) > 0 else n]] = 0",
    ),
    Broken(
        "applicants rated 优秀 the year before come first (第十八条)",
        "kernel/selection.py",
        "(np.int64(excellent[applicant[rows[j]]] != 0) << 61)",
        "(np.int64(0) << 61)",
        VARIANTS["everything is excellent"],
    ),
    Broken(
        "a bar lasts two whole calendar years (第十八条)",
        "kernel/cohorts.py",
        "range(1, (bar_years if how == NOT_MENDED else violation_bar_years) + 1)",
        "range(1, (bar_years if how == NOT_MENDED else violation_bar_years))",
        VARIANTS["everything fails"] | VARIANTS["a barred firm's cases"],
        OPENING,
    ),
    Broken(
        "a failed rating puts off what is due by a year (第十八条)",
        "kernel/cohorts.py",
        "if event[n] == y and how >= MENDED and k < width",
        "if event[n] == y + 99 and how >= MENDED and k < width",
    ),
    Broken(
        "the last tranche takes the rest",
        "kernel/commitments.py",
        "due[n, last[r]] = rest",
        "due[n, last[r]] = np.int64(np.floor(amount * (1.0 - early[r].sum()) * SLACK))",
        each(TRANCHED, "guide.first_tranche", 0.3333),
    ),
    Broken(
        "arrears come before carried payments",
        "kernel/year.py",
        "if state.owes:\n                self._pay_arrears(state, *self._rooms",
        "if False:\n                self._pay_arrears(state, *self._rooms",
        VARIANTS["defer"] | {"envelopes.total": {"value": 500}},
    ),
    Broken(
        "a commitment needs its later tranches to fit too (forward cover)",
        "kernel/year.py",
        "self.scenario.envelopes.forward_cover and not self.limits_commitments,",
        "False,",
        {"envelopes.total": {"value": 800, "growth": -0.5}, "envelopes.categories": {}},
    ),
    Broken(
        "a loan goes on claiming in the calendar years after its first (第三条)",
        "kernel/claims.py",
        "for lag in range(min(y, lags - 1), 0, -1):",
        "for lag in range(0, 0, -1):",
    ),
]


@pytest.fixture(scope="module")
def copies() -> Iterator[Copies]:
    with Copies() as copies:
        yield copies


def compared(copies: Copies, folder: Path, scenario: Path) -> subprocess.CompletedProcess:
    """The copy in ``folder`` against the reference."""
    return copies.run(folder, "comparing.py", scenario, TRIALS)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.rule)
def test_a_broken_rule_is_noticed(broken, copies, tmp_path):
    break_line(copied(tmp_path) / broken.file, broken.old, broken.new)
    scenario = write_scenario(tmp_path, changed(BUSY, broken.changes), opening=broken.opening)
    done = compared(copies, tmp_path, scenario)
    is_noticed = "the kernel has" in done.stdout or "Unbalanced" in done.stderr
    assert done.returncode == 1 and is_noticed, done.stdout + done.stderr


@pytest.mark.parametrize("broken", [*BROKEN[:1], *(b for b in BROKEN if b.changes)], ids=lambda broken: broken.rule)
def test_unbroken_the_copy_agrees(broken, copies, tmp_path):
    """Also shows that the copy is what runs: its folder is where the program was imported from."""
    copied(tmp_path)
    scenario = write_scenario(tmp_path, changed(BUSY, broken.changes), opening=broken.opening)
    done = compared(copies, tmp_path, scenario)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_copy_is_what_is_imported(tmp_path):
    package = copied(tmp_path)
    code = (
        "import changji_sim, changji_plugins.grant as g; from changji_sim.modes.plugin_loading import installed_modes; "
        "print(changji_sim.__file__); print(g.__file__); print(installed_modes()['grant'] is g.Grant)"
    )
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    first, second, same = done.stdout.split("\n")[:3]
    assert Path(first).parent == package
    assert Path(second).parent == tmp_path / "changji_plugins"
    assert same == "True"
