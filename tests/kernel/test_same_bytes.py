"""The same seed gives the same bytes: in another process, on more threads, in other chunks, with other plugins."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from comparing import made_scenario, write_scenario
from every_rule import BUSY, OPENING
from places import ROOT

from changji_sim.kernel.simulate import CHUNK, Run, simulate

STRANGER = ROOT / "examples" / "first_sale_insurance" / "first_sale_insurance.py"
PROGRAM = Path(sys.executable).with_name("changji-sim")
TABLES = ("budget.csv", "caps.csv")
TRIALS = 80


def fingerprint(run: Run) -> str:
    """A digest of every flow, trial by trial."""
    digest = hashlib.blake2b()
    for key in sorted(run.flows.keys()):
        digest.update(repr(key).encode() + run.flows.fen(*key).tobytes())
    return digest.hexdigest()


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    return made_scenario(tmp_path_factory.mktemp("busy"), BUSY, OPENING)


@pytest.fixture(scope="module")
def once(busy):
    return simulate(busy, TRIALS, seed=11, workers=1)


@pytest.mark.slow
@pytest.mark.parametrize(("chunk", "workers"), [(1, 2), (7, 1), (7, 2), (60, 2), (TRIALS, 1), (1000, 4)])
def test_chunks_and_workers(busy, once, chunk, workers):
    again = simulate(busy, TRIALS, seed=11, workers=workers, chunk=chunk)
    assert fingerprint(again) == fingerprint(once)
    assert again.flows.headroom == once.flows.headroom
    assert again.variates == once.variates


def test_trials_alone_in_their_chunk(tmp_path):
    """A chunk of one trial may hold a single loan, which claims in several years; or no row of an item at all."""
    loans = {
        "doubt": False,
        "pools": {"firms": {"size": 5}},
        "readings": {"in_force": "dates"},
        "in_force": ["2026-03-01", "2029-09-30"],
        "items": {
            "loan_interest": {
                "category": "environment",
                "guide": {"when_short": "ranked", "max_years": 3},
                "assumptions": {
                    "applications": 0.4,
                    "columns": {
                        "principal_wan": {"uniform": [50, 800]},
                        "annual_rate": {"uniform": [0.03, 0.05]},
                        "months": {"fixed": 36},
                    },
                },
            }
        },
    }
    scenario = made_scenario(tmp_path, loans)
    assert fingerprint(simulate(scenario, 200, 1, chunk=1)) == fingerprint(simulate(scenario, 200, 1, chunk=200))


def test_another_seed_is_another_future(busy, once):
    assert fingerprint(simulate(busy, TRIALS, seed=12, workers=1)) != fingerprint(once)


def test_more_trials_begin_with_the_same(busy):
    """Also over the border of a block."""
    few, more = simulate(busy, 60, seed=3, workers=1), simulate(busy, CHUNK + 60, seed=3, workers=2)
    for key in list(more.flows.keys()):
        assert more.flows.fen(*key)[:60].tolist() == few.flows.fen(*key).tolist(), key
    assert more.flows.fen("exchange", 2026, "asked")[CHUNK:].any()


def test_progress_is_told_and_ends_with_all(busy):
    told = []
    simulate(busy, 100, seed=1, workers=2, chunk=30, progress=lambda done, of: told.append((done, of)))
    assert told[-1] == (100, 100)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.parametrize(
    ("trials", "seed", "sentence"),
    [
        (0, 0, "number of trials"),
        (1.5, 0, "number of trials"),
        (True, 0, "number of trials"),
        (10**9, 0, "number of trials"),
        (1, -1, "the seed"),
        (1, 2**63, "the seed"),
        (1, "x", "the seed"),
    ],
)
def test_arguments_that_cannot_be(busy, trials, seed, sentence):
    with pytest.raises(ValueError, match=sentence):
        simulate(busy, trials, seed)


# --- files -----------------------------------------------------------------------------------------------------------


def told_to(folder: Path, *words: str, **environment: str) -> None:
    done = subprocess.run(
        [PROGRAM, *words],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the scenario and the output of a first run in ``first``."""
    made = tmp_path_factory.mktemp("runs")
    write_scenario(made, BUSY, "busy", OPENING)
    told_to(made, "run", "busy.yaml", "--trials", "150", "--seed", "7", "-o", "first", PYTHONHASHSEED="1")
    return made


def same_tables(folder: Path, one: str, other: str) -> None:
    for table in TABLES:
        assert (folder / one / table).read_bytes() == (folder / other / table).read_bytes(), table


@pytest.mark.slow
@pytest.mark.subprocess
def test_another_process(folder):
    told_to(folder, "run", "busy.yaml", "--trials", "150", "--seed", "7", "-o", "second", PYTHONHASHSEED="2")
    same_tables(folder, "first", "second")


@pytest.mark.slow
@pytest.mark.subprocess
def test_from_the_manifest(folder, tmp_path):
    """The manifest and what stands beside it are enough, also where the scenario is not."""
    shutil.copytree(folder / "first", tmp_path / "kept")
    told_to(tmp_path, "run", "--from", "kept/manifest.json", "-o", "again")
    same_tables(tmp_path, "kept", "again")
    manifest = json.loads((tmp_path / "again" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == 7 and manifest["trials"] == 150


@pytest.mark.slow
@pytest.mark.subprocess
def test_other_plugins_and_their_order(folder, tmp_path):
    """Two strangers before or behind ours, under any name, change no byte of a scenario that does not use them."""
    for name in ("aaa.py", "zzz.py"):
        shutil.copy(STRANGER, tmp_path / name)
    (tmp_path / "mmm.py").write_text("raise RuntimeError('out of order')\n", encoding="utf-8")
    words = ("run", "busy.yaml", "--trials", "150", "--seed", "7", "--plugins-dir", str(tmp_path), "-o", "strangers")
    told_to(folder, *words)
    same_tables(folder, "first", "strangers")
