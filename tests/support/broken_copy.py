"""A copy of the program in a folder, one line of it broken, run without the compiler in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from places import SUPPORT

import changji_sim

ROOT = Path(changji_sim.__file__).parent


def copied(folder: Path) -> Path:
    """The package with its plugins and scenarios, to be imported from ``folder`` instead of the installed ones.

    Its bytecode comes along, and holds for what is not changed.
    """
    shutil.copytree(ROOT, folder / "changji_sim", ignore=shutil.ignore_patterns("*.nb[ci]"))
    shutil.copytree(ROOT.parent / "plugins", folder / "changji_plugins", ignore=shutil.ignore_patterns("*.nb[ci]"))
    shutil.copytree(ROOT.parent / "scenarios", folder / "changji_scenarios")
    return folder / "changji_sim"


def break_line(file: Path, old: str, new: str) -> None:
    """Put one text in the place of another, which stands in the file once."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file.name} holds {text.count(old)} times: {old}"
    file.write_text(text.replace(old, new), encoding="utf-8")


def run_copy(folder: Path, script: str, *arguments: object) -> subprocess.CompletedProcess:
    """A script of the tests' support, with the copy in ``folder``."""
    paths = os.pathsep.join((str(folder), str(SUPPORT)))
    return subprocess.run(
        [sys.executable, "-W", "ignore", SUPPORT / script, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": paths, "NUMBA_DISABLE_JIT": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
