"""Ten ways and more to break the bookkeeping of cells, each by one small change of a copy of the program: a chain of
moves and returns must notice.

What is kept too long, or not taken back, is wrong only some moves later. The copy runs without the compiler, in another
process; unbroken it gives after every move what a run from nothing gives.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from broken_copy import Copies, break_line, copied
from comparing import changed, write_scenario
from every_rule import BUSY, VARIANTS

MOVES, TRIALS = 14, 5  # a seed is one whose chain notices early: without the compiler each move takes a while
RARE = 8  # trials in which what happens seldom does
pytestmark = [pytest.mark.slow, pytest.mark.subprocess]


@dataclass(frozen=True)
class Broken:
    """What is broken, where it stands, what stands there instead; the scenario that is moved, and what is moved."""

    what: str
    file: str
    old: str
    new: str
    changes: dict[str, Any] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    seed: int = 1
    trials: int = TRIALS


BROKEN = [
    Broken(
        "a ranking is not forgotten when a rating differs",
        "cell_commitments.py",
        "ranking.is_known[t] &= 1 - is_other[t]",
        "ranking.is_known[t] &= 1",
        VARIANTS["ranked"] | {"oversight.excellent": 0.5},
        ("oversight", "envelope"),
        seed=4,
    ),
    Broken(
        "a bar is not counted down",
        "later_effects.py",
        "counts[y, t, who] = before + sign",
        "counts[y, t, who] = before + max(sign, 0)",
        VARIANTS["everything fails"],
        ("oversight", "envelope"),
    ),
    Broken(
        "a cap that is added reaches no trial",
        "kept_item.py",
        "room = self.room_of_cap[y][cap.key] = np.full(self.cells.trials, rules.UNLIMITED)",
        "room = self.room_of_cap[y][cap.key] = now.copy()",
        {"items.exchange.guide": {}},
        ("exchange.max_item_year_wan",),
    ),
    Broken(
        "what was committed in full is taken to fit for ever",
        "cell_rows.py",
        "            is_clean = paid <= max(room, 0)\n",
        "            is_clean = True\n",
    ),
    Broken(
        "the first row that found no room is not asked again",
        "cell_rows.py",
        "((rule == RANKED) & holds & is_refused)",
        "((rule == RANKED) & holds)",
        VARIANTS["ranked"],
    ),
    Broken(
        "a one-off award that is taken back stays used up",
        "cell_rows.py",
        "used[t, once[rows[n]]] &= ~bit",
        "used[t, once[rows[n]]] &= 255",
        parts=("regional_platform.applications",),
    ),
    Broken(
        "a cancelled promise frees no room",
        "later_effects.py",
        "later.promises[now, start + offset, t] -= more",
        "later.promises[now, start + offset, t] -= 0",
        VARIANTS["ranked"] | {"envelopes.total": {"value": 500, "growth": -0.2}, "envelopes.categories": {}},
        ("envelopes.total",),
        seed=10,
        trials=RARE,
    ),
    Broken(
        "a row that is gone goes on",
        "cell_rows.py",
        "if (j >= stays or is_other[i]) and kept[i] > 0:",
        "if (j >= stays or is_other[i]) and kept[i] < 0:",
    ),
    Broken(
        "what falls due is added and not taken back",
        "cell_commitments.py",
        "sums.carried[y + k, t] += total[k] - sums.plan[t, k]",
        "sums.carried[y + k, t] += total[k]",
    ),
    Broken(
        "a draw next to a moved probability is not looked at",
        "later_effects.py",
        "m += (least <= bits[j]) &",
        "m += (least + 30 <= bits[j]) &",
        VARIANTS["everything is excellent"] | {"oversight.excellent": 0.5},
        ("oversight",),
    ),
    Broken(
        "what was paid otherwise is not worked out again",
        "kept_item.py",
        "self.is_paid_otherwise |= self.has_changed_now",
        "self.is_paid_otherwise |= 0 * self.has_changed_now",
        VARIANTS["defer"],
        seed=4,
        trials=RARE,
    ),
    Broken(
        "what moved is not counted again",
        "kept_cells.py",
        "state.uncounted |= state.touched[: len(self.years)]",
        "state.uncounted |= 0 * state.touched[: len(self.years)]",
    ),
    Broken(
        "how a limit is used up is not looked at again where rows moved",
        "kept_cells.py",
        "state.undated |= state.touched[: len(self.years)]",
        "state.undated |= 0 * state.touched[: len(self.years)]",
        parts=("exchange.max_item_year_wan",),
    ),
    Broken(
        "what a limit turned away in one trial stands for another's",
        "kept_calendars.py",
        "if w < len(which) and which[w] == t:",
        "if w < len(which) and which[w] == t + 1:",
        parts=("exchange.max_item_year_wan",),
    ),
    Broken(
        "a headroom stays when the room moves",
        "cell_rows.py",
        "headrooms[n, t] = now[t] - total",
        "headrooms[n, t] = room[t] - total",
        {"items.exchange.guide": {}},
        ("exchange.max_item_year_wan",),
    ),
]


@pytest.fixture(scope="module")
def copies() -> Iterator[Copies]:
    with Copies() as copies:
        yield copies


def chained(copies: Copies, folder: Path, broken: Broken) -> subprocess.CompletedProcess:
    """A chain of moves of the copy in ``folder``, each against a run from nothing."""
    scenario = write_scenario(folder, changed(BUSY, broken.changes))
    return copies.run(folder, "chains_of_moves.py", scenario, MOVES, broken.trials, broken.seed, *broken.parts)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.what)
def test_broken_bookkeeping_is_noticed(broken, copies, tmp_path):
    break_line(copied(tmp_path) / "kernel" / broken.file, broken.old, broken.new)
    done = chained(copies, tmp_path, broken)
    assert done.returncode == 1 and "move " in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("broken", BROKEN[:2], ids=lambda broken: broken.what)
def test_unbroken_the_copy_agrees(broken, copies, tmp_path):
    copied(tmp_path)
    done = chained(copies, tmp_path, broken)
    assert done.returncode == 0, done.stdout + done.stderr
