"""What the compiler kept is forgotten once any file of the kernel has changed."""

from __future__ import annotations

import os
import runpy
import shutil
from pathlib import Path

import pytest

import changji_sim

KERNEL = Path(changji_sim.__file__).parent / "kernel"


@pytest.mark.parametrize("is_changed", [False, True])
def test_a_change_in_one_file_forgets_what_others_compiled(tmp_path, is_changed):
    for source in KERNEL.glob("*.py"):
        shutil.copy2(source, tmp_path)
        os.utime(tmp_path / source.name, (1_000, 1_000))
    kept = tmp_path / "__pycache__" / "commitments.commit-100.py311.nbi"
    kept.parent.mkdir()
    kept.touch()
    os.utime(kept, (2_000, 2_000))
    if is_changed:
        os.utime(tmp_path / "caps.py", (3_000, 3_000))
    runpy.run_path(str(tmp_path / "__init__.py"))
    assert kept.exists() is not is_changed
