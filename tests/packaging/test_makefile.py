"""What the Makefile calls is there."""

import os
import re

from places import ROOT


def test_every_script_it_calls_is_there():
    called = set(
        re.findall(r"(?<![\w./])(?:scripts|benchmarks)/[\w.]+", (ROOT / "Makefile").read_text(encoding="utf-8"))
    )
    assert {"scripts/ensure_programs", "scripts/take_pictures.py", "benchmarks/run.py"} <= called
    assert [name for name in sorted(called) if not (ROOT / name).is_file()] == []
    assert os.name != "posix" or os.access(ROOT / "scripts" / "ensure_programs", os.X_OK)
