"""What the Makefile calls is there."""

import os
import re
import tomllib

from places import ROOT


def test_every_script_it_calls_is_there():
    called = set(
        re.findall(r"(?<![\w./])(?:scripts|benchmarks)/[\w.]+", (ROOT / "Makefile").read_text(encoding="utf-8"))
    )
    assert {"scripts/ensure_programs", "scripts/take_pictures.py", "benchmarks/run.py"} <= called
    assert [name for name in sorted(called) if not (ROOT / name).is_file()] == []
    assert os.name != "posix" or os.access(ROOT / "scripts" / "ensure_programs", os.X_OK)


def test_make_check_leaves_out_what_takes_long():
    """All marks of pyproject.toml but that of processes, which are as quick as others."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    marks = {mark.split(":")[0] for mark in project["tool"]["pytest"]["ini_options"]["markers"]}
    left_out = re.search(r'-m "not \((.*)\)"', (ROOT / "Makefile").read_text(encoding="utf-8")).group(1)
    assert set(left_out.split(" or ")) == marks - {"subprocess"}
