"""A copied scenario that keeps its ``name``: nothing of the other is replaced silently, and both are told apart."""

import json
from pathlib import Path

import pytest

import changji_sim as cs
from changji_sim.cli import FINE, run_cli
from changji_sim.results.side_by_side import comparison

TEXT = "name: my_plan\nextends: baseline\n"
RUN = ["--trials", "4", "-q"]


@pytest.fixture(autouse=True)
def two_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("my_plan.yaml").write_text(TEXT, encoding="utf-8")
    Path("my_plan_b.yaml").write_text(f"{TEXT}envelopes: {{total: 12000}}\n", encoding="utf-8")


def file_of(folder: str) -> str:
    return json.loads(Path(folder, "manifest.json").read_bytes())["scenario"]["file"]


@pytest.mark.slow
def test_the_copy_is_written_under_its_files_name(capsys):
    assert run_cli(["run", "my_plan.yaml", *RUN]) == FINE
    assert run_cli(["run", "my_plan.yaml", *RUN]) == FINE  # the same file again: nothing to say
    assert capsys.readouterr().err == ""
    assert run_cli(["run", "my_plan_b.yaml", *RUN]) == FINE
    said = capsys.readouterr().err
    assert "'my_plan'" in said and "my_plan_b.yaml" in said
    assert (file_of("out/my_plan"), file_of("out/my_plan_b")) == ("my_plan.yaml", "my_plan_b.yaml")


@pytest.mark.slow
def test_where_a_folder_is_given_it_says_whose_results_it_replaces(capsys):
    run_cli(["run", "my_plan.yaml", *RUN, "-o", "here"])
    run_cli(["run", "my_plan_b.yaml", *RUN, "-o", "here"])
    said = capsys.readouterr().err
    assert "from another file, my_plan.yaml" in said
    assert file_of("here") == "my_plan_b.yaml"


def test_a_comparison_names_the_files():
    before, after = (cs.load_scenario(name).run(4) for name in ("my_plan.yaml", "my_plan_b.yaml"))
    heading = cs.compare(before, after).heading
    assert "my_plan.yaml" in heading and "my_plan_b.yaml" in heading
    names = list(comparison([before, after]).scenario.unique())
    assert len(names) == 2 and names[1].endswith("my_plan_b.yaml")
    assert "yaml" not in cs.compare(before, before).heading


def test_the_command_names_the_files_as_well(capsys):
    assert run_cli(["compare", "my_plan.yaml", "my_plan_b.yaml", "--trials", "4"]) == FINE
    said = capsys.readouterr().out
    assert "my_plan.yaml" in said and "my_plan_b.yaml" in said


def test_files_of_one_name_are_told_apart_by_their_folders():
    Path("b").mkdir()
    Path("b/my_plan.yaml").write_text(TEXT, encoding="utf-8")
    before, after = (cs.load_scenario(name).run(4) for name in ("my_plan.yaml", "b/my_plan.yaml"))
    heading = cs.compare(before, after).heading.splitlines()
    assert heading[0].removeprefix("before: ") != heading[1].removeprefix("after: ")
