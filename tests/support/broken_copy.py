"""A copy of the program in a folder, one line of it broken, run without the compiler in another process; but for a few
functions of files that are not broken, see run_copies.py.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType

from places import SUPPORT

import changji_sim

ROOT = Path(changji_sim.__file__).parent
COMPILED = {"streams.py": ("row_words",), "flows.py": ("keep", "keep_counts")}  # run_copies.py says why


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
    assert file.name not in {*COMPILED, "compiled.py"}, f"{file.name} of the copy is not what runs"
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file.name} holds {text.count(old)} times: {old}"
    file.write_text(text.replace(old, new), encoding="utf-8")


class Copies:
    """A process without the compiler that runs scripts of the tests' support with one copy after the other.

    Importing what is not ours is the most of what a run of few trials takes; it is done once.
    """

    def __init__(self) -> None:
        paths = os.pathsep.join(path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path)
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", SUPPORT / "run_copies.py"],
            env={**os.environ, "PYTHONPATH": paths, "NUMBA_DISABLE_JIT": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __enter__(self) -> Copies:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.process.communicate()

    def run(self, folder: Path, script: str, *arguments: object) -> subprocess.CompletedProcess:
        """A script with the copy in ``folder``."""
        assert self.process.stdin and self.process.stdout
        print(json.dumps([str(folder), script, list(map(str, arguments))]), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        assert answer, "the process that runs copies has ended"
        return subprocess.CompletedProcess([script], *json.loads(answer))
