"""What the Makefile calls is there."""

import os
import re
import tomllib

from places import ROOT, script


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


def test_extras_are_installed_with_those_that_they_name():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    needed = list(script("extras").needed(["test"]))
    named = ("test", "notebook", "docs", "sweep", "word", "desk", "answers")
    assert "changji-sim[desk]" in extras["notebook"] and "changji-sim[answers]" in extras["desk"]
    assert {*needed} == {one for name in named for one in extras[name] if not one.startswith("changji-sim[")}


def test_every_list_of_extras_is_one_of_the_project():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    lists = re.findall(r"^EXTRAS_\w+ := (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(lists) == 5 and {name for names in lists for name in names.split()} <= set(extras)
