"""An earlier commit of this program beside the present one: a worktree of it, in an environment of its own.

The environment has this one's packages, whose versions were pinned then too, but not this program: the worktree's
modules come first. What it compiles is its own as well.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEFORE = "2f721a0"  # the build of November: years run again for every move, registers read cell by cell


class NoHistory(Exception):
    """The commit is not here: a copy without its history."""


@dataclass(frozen=True)
class Build:
    """A build: the Python that runs it, and the variables it needs."""

    python: Path
    environment: dict[str, str]


THIS = Build(Path(sys.executable), dict(os.environ))


@contextmanager
def build_of(commit: str = BEFORE) -> Iterator[Build]:
    """A commit, built; gone afterwards.

    Raises:
        NoHistory: there is no such commit in this copy.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tree = folder / "tree"
        git = ["git", "-C", str(ROOT), "worktree"]
        done = subprocess.run([*git, "add", "--detach", "--quiet", str(tree), commit], capture_output=True, check=False)
        if done.returncode:
            raise NoHistory(f"commit {commit} is not in this copy's history")
        try:
            yield _built(tree, folder)
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], capture_output=True, check=False)


@contextmanager
def build_if_there(commit: str = BEFORE) -> Iterator[Build | None]:
    """The same; None where there is no such commit."""
    with ExitStack() as stack:
        try:
            before = stack.enter_context(build_of(commit))
        except NoHistory:
            before = None
        yield before


def _built(tree: Path, folder: Path) -> Build:
    links = folder / "links"
    links.mkdir()
    (links / "changji_plugins").symlink_to(tree / "plugins")
    (links / "changji_scenarios").symlink_to(tree / "scenarios")
    home = folder / "environment"
    venv.create(home, symlinks=True)
    found = sysconfig.get_path("purelib", "venv", {"base": str(home), "platbase": str(home)})
    shared = [sysconfig.get_path(name) for name in ("purelib", "platlib")]
    lines = dict.fromkeys([str(tree), str(links), *shared])
    Path(found, "build.pth").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    own = {"NUMBA_CACHE_DIR": str(folder / "compiled")}
    others = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return Build(home / "bin" / "python", others | own)
