"""Twelve broken plugins: each is named with cause and cure, and the numbers of the others do not move by a fen."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from changji_sim import load_scenario
from changji_sim.cli import FAULTY_INPUT, FINE, run_cli
from changji_sim.modes.plugin_loading import installed_modes
from changji_sim.testing import contract_report

BROKEN = Path(__file__).parent / "broken_plugins"
# What is found when a plugin is loaded: what is said of it, and what mends it.
AT_LOAD = {
    "exits_at_import": ("SystemExit: bye (exits_at_import.py:5)", "if __name__ == '__main__'"),
    "import_error": (
        "ModuleNotFoundError: No module named 'changji_no_such_package'",
        "install changji_no_such_package",
    ),
    "name_taken": ("the key 'grant' is already taken by plugin 'grant'", "-p no:name_taken"),
    "syntax_error": ("SyntaxError", "mend the line that is named"),
    "wrong_signature": ("the program calls demand(self, applications)", "changji-sim check-mode"),
}
# What is found when a scenario that uses it is read: the mode is asked one application a year.
AT_READING = {
    "changes_its_input": "changes the table it is given",
    "negative_demand": "0 to 10,000,000 is allowed",
    "not_a_number": "gave nan 万元",
    "random_demand": "answers the same question in two ways",
    "wrong_length": "gave the shape (0,) for 1 rows",
}
IN_THE_RUN = {"raises_in_year_3": "raised ValueError: no rate for 2028"}
ONLY_MEASURED = {"slow": "without a loop over rows"}
ITEM = """\
  {name}_item:
    category: environment
    title: {name}
    mode: {mode}
    assumptions: {{applications: 6}}
"""


def scenario(folder: Path, *names: str) -> Path:
    path = folder / "mine.yaml"
    items = "".join(ITEM.format(name=name, mode="no_grant" if name == "name_taken" else name) for name in names)
    path.write_text(f"extends: baseline\nname: mine\nitems:\n{items}", encoding="utf-8")
    return path


def run(*words: str | Path) -> int:
    return run_cli(["run", *map(str, words), "--trials", "20", "--plugins-dir", str(BROKEN), "--json"])


def budget(folder: Path) -> dict[tuple[str, ...], tuple[str, ...]]:
    with (folder / "budget.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    return {tuple(row[:4]): tuple(row[4:]) for row in rows if row[2] != "*"}


@pytest.fixture(scope="module")
def baseline(tmp_path_factory) -> dict[tuple[str, ...], tuple[str, ...]]:
    """The budget without any plugin but ours."""
    folder = tmp_path_factory.mktemp("baseline")
    assert run_cli(["run", "baseline", "--trials", "20", "-q", "-o", str(folder)]) == FINE
    return budget(folder)


def test_there_are_twelve():
    known = {*AT_LOAD, *AT_READING, *IN_THE_RUN, *ONLY_MEASURED}
    assert known == {path.stem for path in BROKEN.glob("*.py")} and len(known) == 12


def test_those_that_cannot_be_loaded_are_listed_with_reason_and_cure(capsys):
    assert run_cli(["plugins", "--plugins-dir", str(BROKEN), "--json"]) == FINE
    listed = {plugin["name"]: plugin for plugin in json.loads(capsys.readouterr().out)}
    assert {name for name, plugin in listed.items() if plugin["is_set_aside"]} == set(AT_LOAD)
    for name, (reason, cure) in AT_LOAD.items():
        assert reason in listed[name]["failure"] and cure in listed[name]["cure"], listed[name]
        assert listed[name]["modes"] == {} and listed[name]["file"].endswith(f"{name}.py")
    assert run_cli(["plugins", "--plugins-dir", str(BROKEN), "--language", "zh"]) == FINE
    assert "…" not in capsys.readouterr().out
    assert all(listed[name]["modes"] for name in (*AT_READING, *IN_THE_RUN, *ONLY_MEASURED))


@pytest.mark.slow
def test_a_run_says_what_was_set_aside_and_no_number_moves(baseline, tmp_path, capsys):
    """Where a key is offered twice, the run is refused unless one of both is left out, or all that is broken."""
    assert run("baseline", "-o", tmp_path / "out") == FAULTY_INPUT
    said = capsys.readouterr().err
    assert "several plugins offer the mode 'grant'" in said and "name_taken.py" in said
    for more, left in (("-p", "no:name_taken"), {"name_taken"}), (("--without-broken",), set()):
        assert run("baseline", *more, "-o", tmp_path / "out") == FINE
        told = json.loads(capsys.readouterr().out)
        warnings = "\n".join(told["warnings"])
        for name in set(AT_LOAD) - left:
            reason, cure = AT_LOAD[name]
            assert f"the plugin '{name}' was set aside" in warnings and reason in warnings and cure in warnings
        assert told["left_out"] == [] and budget(tmp_path / "out") == baseline


def test_a_scenario_that_needs_one_is_refused_by_name(tmp_path, capsys):
    assert (
        run_cli(["check", str(scenario(tmp_path, *AT_LOAD, *AT_READING)), "--plugins-dir", str(BROKEN)]) == FAULTY_INPUT
    )
    said = capsys.readouterr().err.splitlines()
    for name in AT_LOAD:
        mode = "no_grant" if name == "name_taken" else name
        assert any(f"{name}_item.mode: the mode '{mode}' is not installed" in line for line in said), name
    for name, reason in AT_READING.items():
        (line,) = [line for line in said if f"({name}, {name}.py): demand() " in line]
        assert reason in line and f"{name}_item: " in line and line.startswith("mine.yaml:"), line


def test_one_that_fails_in_the_middle_is_named_with_item_year_and_smallest_row(tmp_path, capsys):
    path = scenario(tmp_path, "raises_in_year_3")
    assert run(path, "-p", "no:name_taken", "-o", tmp_path / "out") == FAULTY_INPUT
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "raises_in_year_3.py" in line]
    assert "mine.yaml:4: raises_in_year_3_item: " in line and IN_THE_RUN["raises_in_year_3"] in line
    assert "the smallest that shows it is year 2028: price_wan 6." in line and ";" not in line.partition("year 2028")[2]
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_without_the_broken_every_total_says_what_it_leaves_out(baseline, tmp_path, capsys):
    broken = (*AT_LOAD, *AT_READING, *IN_THE_RUN)
    path = scenario(tmp_path, *broken, *ONLY_MEASURED)
    assert run(path, "--without-broken", "-o", tmp_path / "out") == FINE
    told = json.loads(capsys.readouterr().out)
    assert {one["item"] for one in told["left_out"]} == {f"{name}_item" for name in broken}
    for name in broken:
        assert any(f"No total holds {name}: " in note for note in told["notes"]), name
    found = budget(tmp_path / "out")
    assert {key[2] for key in found} - {key[2] for key in baseline} == {"slow_item"}
    assert {key: row for key, row in found.items() if key[2] != "slow_item"} == baseline
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["left_out"]) == {f"{name}_item" for name in broken}
    again = ["run", "--from", str(tmp_path / "out" / "manifest.json"), "--plugins-dir", str(BROKEN), "-p"]
    assert run_cli([*again, "no:name_taken"]) == FINE
    said = capsys.readouterr().out
    assert "total (without: exits at import item" in " ".join(said.split())


@pytest.mark.slow
def test_the_contract_names_each_mode_that_loads():
    modes = installed_modes(BROKEN)
    reasons: dict[str, Any] = {name: contract_report(modes[name]).failed for name in (*AT_READING, *ONLY_MEASURED)}
    assert {name: [outcome.name for outcome in failed][:1] for name, failed in reasons.items()} == {
        "changes_its_input": ["inputs"],
        "negative_demand": ["not_negative"],
        "not_a_number": ["finite"],
        "random_demand": ["pure"],
        "slow": ["speed"],
        "wrong_length": ["answers"],
    }
    assert ONLY_MEASURED["slow"] in reasons["slow"][-1].reason


def test_rows_of_the_opening_ledger_are_left_out_with_their_item(tmp_path):
    path = scenario(tmp_path, "negative_demand", "slow")
    path.write_text(path.read_text(encoding="utf-8") + "opening: opening.csv\n", encoding="utf-8")
    rows = ["applicant,item,committed_wan,paid_wan,due_2026"]
    rows += [f"甲公司,{name}_item,10,4,6" for name in ("negative_demand", "slow")]
    (tmp_path / "opening.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    read = load_scenario(path, plugins_dir=BROKEN, without_broken=True)
    assert [row.item for row in read.opening] == ["slow_item"]
    assert [one.key for one in read.left_out] == ["negative_demand_item"]
