"""The command line: what it prints, writes and refuses, and with which exit code."""

import hashlib
import json
import os
import shutil
import stat
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest

import changji_sim as cs
from changji_sim.assess.assess_applications import EXAMPLE
from changji_sim.base.faults import FaultyInput
from changji_sim.base.files import SCENARIOS, write_together
from changji_sim.cli import FAULTY_INPUT, FINE, INTERRUPTED, OWN_FAILURE, cli, run_cli
from changji_sim.reports import repeat
from changji_sim.reports.repeat import read_manifest
from changji_sim.scenario_file import save_scenario

TRIALS = "40"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Every command runs in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files_of(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


def with_opening(folder: Path, more: str = "") -> Path:
    """A scenario with an opening file beside it."""
    shutil.copy(SCENARIOS / "opening_example.csv", folder / "promised.csv")
    path = folder / "mine.yaml"
    path.write_text(f"name: mine\nextends: tight_budget\nopening: promised.csv\n{more}", encoding="utf-8")
    return path


# --- run ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_run_prints_a_summary_and_writes_its_files(capsys):
    assert run_cli(["run", "baseline", "--trials", TRIALS, "--seed", "5"]) == FINE
    out = capsys.readouterr().out
    for word in ("Baseline", "2029", "envelope", "P(short)", "Carried", "placeholder", "simulating", "Open next"):
        assert word in out
    folder = Path("out/baseline")
    assert sorted(files_of(folder)) == ["budget.csv", "caps.csv", "manifest.json", "上限.csv", "预算.csv"]
    budget = pd.read_csv(folder / "budget.csv")
    expected = cs.load_scenario("baseline").run(int(TRIALS), 5).budget()
    assert list(budget.columns) == list(expected.columns)
    assert (budget.mean_wan - expected.mean_wan).abs().max() < 1e-6


def test_csv_files_are_plain(capsys):
    run_cli(["run", "baseline", "--trials", TRIALS, "-o", "here", "-q", "--plain"])
    assert sorted(files_of(Path("here"))) == ["budget.csv", "caps.csv", "manifest.json"]
    content = Path("here/budget.csv").read_bytes()
    assert content.startswith(b"year,category,item,flow,mean_wan,p05_wan,p10_wan,p50_wan,p90_wan,p95_wan\n2026,*,*,")
    assert b"\r" not in content
    assert "第十一条（三）" in Path("here/caps.csv").read_text(encoding="utf-8")
    assert capsys.readouterr().out == ""


@pytest.mark.slow
def test_the_same_run_gives_the_same_bytes_whatever_the_workers():
    for name, extra in (("a", ["--workers", "1"]), ("b", ["--workers", "3", "--chunk", "7"])):
        assert run_cli(["run", "baseline", "--trials", TRIALS, "-o", name, "-q", *extra]) == FINE
    assert files_of(Path("a")) == files_of(Path("b"))


@pytest.mark.slow
def test_run_as_json_is_json_alone(capsys):
    assert run_cli(["run", "baseline", "--trials", TRIALS, "--json"]) == FINE
    told = json.loads(capsys.readouterr().out)
    assert told["trials"] == int(TRIALS)
    assert {row["category"] for row in told["summary"]} >= {"*", "industry"}
    assert told["summary"][0]["probability_short"] is None


@pytest.mark.slow
@pytest.mark.parametrize("extra", ["", "readings: {clawback_scope: unspent}\n"])
def test_a_manifest_repeats_a_run_bit_for_bit(elsewhere, capsys, extra):
    path = with_opening(elsewhere, extra)
    assert run_cli(["run", str(path), "--trials", TRIALS, "--seed", "9", "--reform", "exchange-500", "-o", "a"]) == FINE
    before = files_of(Path("a"))
    assert "opening.csv" in before
    path.unlink()  # the files it came from are no longer needed
    Path("promised.csv").unlink()
    assert run_cli(["run", "--from", "a/manifest.json", "-o", "b"]) == FINE
    assert "byte for byte" in capsys.readouterr().out
    assert files_of(Path("b")) == before
    assert run_cli(["run", "--from", "a/manifest.json", "-q"]) == FINE  # in place
    assert files_of(Path("a")) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (lambda text: text.replace('"seed": 0', '"seed": 1'), "the manifest was changed"),
        (lambda text: text.replace("value: 8000", "value: 9000"), "scenario.text was changed"),
        (lambda text: text[:-100], "not JSON"),
        (lambda text: "{}", "it lacks trials"),
        (lambda text: "[]", "it lacks trials"),
    ],
)
def test_a_manifest_that_was_changed_is_refused(capsys, tamper, said):
    run_cli(["run", "baseline", "--trials", TRIALS, "-o", "a", "-q"])
    manifest = Path("a/manifest.json")
    manifest.write_text(tamper(manifest.read_text(encoding="utf-8")), encoding="utf-8")
    assert run_cli(["run", "--from", str(manifest)]) == FAULTY_INPUT
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_a_file_beside_the_manifest_that_was_changed_is_refused(elsewhere, capsys):
    run_cli(["run", str(with_opening(elsewhere)), "--trials", TRIALS, "-o", "a", "-q"])
    copied = Path("a/inputs/opening.csv")
    copied.write_text(copied.read_text(encoding="utf-8").replace("120,72,48", "130,82,48"), encoding="utf-8")
    assert run_cli(["run", "--from", "a/manifest.json"]) == FAULTY_INPUT
    assert "changed after the run" in capsys.readouterr().err
    copied.unlink()
    assert run_cli(["run", "--from", "a/manifest.json"]) == FAULTY_INPUT
    assert "is gone" in capsys.readouterr().err


@pytest.mark.slow
def test_a_manifest_knows_no_machine(elsewhere):
    run_cli(["run", str(with_opening(elsewhere)), "--trials", TRIALS, "-o", "a", "-q"])
    text = Path("a/manifest.json").read_text(encoding="utf-8")
    assert str(elsewhere) not in text
    assert str(Path(cs.__file__).parent) not in text


@pytest.mark.slow
def test_other_code_of_a_mode_is_noted(monkeypatch):
    run_cli(["run", "baseline", "--trials", TRIALS, "-o", "a", "-q"])
    assert read_manifest("a/manifest.json").notes == ()
    monkeypatch.setattr(repeat, "modes_used", lambda scenario: {})
    assert any("mode 'grant'" in note for note in read_manifest("a/manifest.json").notes)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run"], "Missing SCENARIO"),
        (["run", "basline"], "did you mean 'baseline'"),
        (["run", "nowhere.yaml"], "no such file"),
        (["run", "baseline", "--trials", "0"], "number of trials"),
        (["run", "baseline", "--trials", "many"], "not a valid integer"),
        (["run", "baseline", "--seed", "-1"], "seed"),
        (["run", "baseline", "--reform", "exchange-50"], "did you mean 'exchange-500'"),
        (["run", "baseline", "--from", "manifest.json"], "leave out SCENARIO"),
        (["run", "--from", "manifest.json"], "cannot be read"),
        (["run", "--from", "."], "folder"),
        (["run", "baseline", "-o", "a_file/below"], "is a file"),
        (["rum"], "No such command"),
        (["run", "baseline", "--trails", "5"], "--trials"),
    ],
)
def test_faulty_input_is_a_sentence_and_exit_code_2(capsys, arguments, said):
    Path("a_file").write_text("x")
    assert run_cli(arguments) == FAULTY_INPUT
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err
    assert not Path("out").exists()


def test_every_fault_of_a_scenario_is_said_one_a_line(capsys):
    Path("bad.yaml").write_text(
        "extends: baseline\nitmes: {}\nitems:\n  core_technology:\n    guide:\n      max_investment_share: 0.25\n",
        encoding="utf-8",
    )
    assert run_cli(["run", "bad.yaml"]) == FAULTY_INPUT
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2
    assert "bad.yaml:2" in lines[0] and "items" in lines[0]
    assert "bad.yaml:6" in lines[1] and "第十条" in lines[1]


def test_a_failure_of_ours_is_exit_code_1(monkeypatch, capsys):
    monkeypatch.setattr(import_module("changji_sim.cli.run"), "planned_run", lambda *a: 1 / 0)
    assert run_cli(["run", "baseline"]) == OWN_FAILURE
    assert "changji-sim itself" in capsys.readouterr().err


def test_an_interrupted_run_writes_nothing(monkeypatch, capsys):
    def interrupted(*arguments, **more):
        raise KeyboardInterrupt

    monkeypatch.setattr("changji_sim.kernel.simulate.simulate", interrupted)
    assert run_cli(["run", "baseline"]) == INTERRUPTED
    assert not Path("out").exists()


def test_files_are_written_whole_or_not_at_all(monkeypatch):
    folder = Path("a")
    write_together(folder, {"one": b"old", "two": b"old"})
    real, calls = os.fsync, []

    def full(handle):
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FaultyInput, match="No space left"):
        write_together(folder, {"one": b"new", "two": b"new"})
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {"one": b"old", "two": b"old"}


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no such modes")
def test_colleagues_may_read_what_is_saved():
    umask = os.umask(0)
    os.umask(umask)
    assert run_cli(["new", "plan"]) == FINE
    plan = Path("plan.yaml")
    assert stat.S_IMODE(plan.stat().st_mode) == 0o666 & ~umask
    for mode in (0o640, 0o664):
        plan.chmod(mode)
        save_scenario(plan, {"growth": 0.1})
        assert stat.S_IMODE(plan.stat().st_mode) == mode
        write_together(Path(), {"plan.yaml": plan.read_bytes()})
        assert stat.S_IMODE(plan.stat().st_mode) == mode


def test_every_command_makes_the_folder_it_is_told_to_write_into():
    assert run_cli(["new", "a/plan"]) == FINE
    assert run_cli(["template", "b/c/rows.xlsx"]) == FINE
    assess = ["assess", str(EXAMPLE), "--registrations", "80", "-o"]
    assert run_cli([*assess, "d/e/done.csv"]) == FINE
    assert all(Path(name).is_file() for name in ("a/plan.yaml", "b/c/rows.xlsx", "d/e/done.csv"))
    below_a_file = "a/plan.yaml/x"
    for words in (["new", below_a_file], ["template", f"{below_a_file}.xlsx"], [*assess, f"{below_a_file}.csv"]):
        assert run_cli(words) == FAULTY_INPUT, words


def test_two_who_write_into_one_folder_at_once_are_told(monkeypatch):
    """The other one comes in between; whoever ends last finds files that are not its own."""
    real, others = os.replace, iter([{"one": b"theirs", "two": b"theirs"}])

    def replaced(source, target):
        real(source, target)
        if Path(target).name == "one" and (files := next(others, None)):
            write_together(Path("a"), files)

    monkeypatch.setattr(os, "replace", replaced)
    with pytest.raises(FaultyInput, match="another program writes into this folder"):
        write_together(Path("a"), {"one": b"ours", "two": b"ours"})


# --- scenario files -------------------------------------------------------------------------------------------------


def test_new_begins_a_scenario_that_runs(capsys):
    assert run_cli(["new", "我的方案"]) == FINE
    assert run_cli(["check", "我的方案.yaml"]) == FINE
    assert "fine" in capsys.readouterr().out
    assert run_cli(["run", "我的方案.yaml", "--trials", TRIALS, "-q"]) == FINE


def test_new_leaves_a_file_that_is_there(capsys):
    Path("mine.yaml").write_text("mine")
    assert run_cli(["new", "mine.yaml"]) == FAULTY_INPUT
    assert Path("mine.yaml").read_text() == "mine"
    assert run_cli(["new", "other", "--extends", "basline"]) == FAULTY_INPUT
    assert "did you mean 'baseline'" in capsys.readouterr().err


def test_new_makes_the_folder_and_says_what_can_be_typed(capsys):
    assert run_cli(["new", "年度/方案 一"]) == FINE
    assert Path("年度/方案 一.yaml").is_file()
    assert 'changji-sim run "年度' in capsys.readouterr().out.replace("\n", " ")


def test_a_file_that_hides_a_scenario_that_ships_says_so(capsys):
    Path("baseline.yaml").write_text("extends: baseline\ngrowth: 0.1\n", encoding="utf-8")
    assert run_cli(["check", "baseline"]) == FINE
    said = capsys.readouterr()
    assert "the scenario 'baseline' that ships" in said.out + said.err


@pytest.mark.slow
def test_a_run_repeated_hides_nothing(capsys):
    assert run_cli(["run", "baseline", "--trials", "5", "-o", "once"]) == FINE
    capsys.readouterr()
    assert run_cli(["run", "--from", "once/manifest.json", "-o", "twice"]) == FINE
    assert "warning" not in capsys.readouterr().err


def test_check_says_every_fault(capsys):
    Path("bad.yaml").write_text("extends: baseline\ngrowth: -5\nyears: [2026, 2040]\n", encoding="utf-8")
    assert run_cli(["check", "bad.yaml"]) == FAULTY_INPUT
    assert len(capsys.readouterr().err.strip().splitlines()) == 2
    assert run_cli(["check", "bad.yaml", "--json"]) == FAULTY_INPUT
    assert len(json.loads(capsys.readouterr().out)) == 2


# --- looking things up ------------------------------------------------------------------------------------------------


def test_measure_prints_an_article_with_its_numbers(capsys):
    assert run_cli(["measure", "11(3)"]) == FINE
    out = capsys.readouterr().out
    assert "第十一条（三）" in out and "20万元" in out and "trade_claimant" in out
    assert run_cli(["measure", "13", "--reform", "exchange-500", "--json"]) == FINE
    rows = json.loads(capsys.readouterr().out)
    assert any(value["shown"] == "≤ 500万元" for row in rows for value in row["values"])
    assert run_cli(["measure", "99"]) == FAULTY_INPUT
    assert "第二十二条" in capsys.readouterr().err


def test_plugins_are_listed_with_what_failed(capsys):
    Path("mine").mkdir()
    Path("mine/broken.py").write_text("1 / 0")
    assert run_cli(["plugins", "--plugins-dir", "mine"]) == FINE
    out = capsys.readouterr().out
    assert "补助" in out and "ZeroDivisionError" in out
    assert run_cli(["plugins", "--json"]) == FINE
    assert {mode for row in json.loads(capsys.readouterr().out) for mode in row["modes"]} >= {"grant", "award"}
    assert run_cli(["plugins", "--plugins-dir", "nowhere"]) == FAULTY_INPUT


@pytest.mark.parametrize("command", [None, *cli.commands])
def test_every_command_explains_itself(capsys, command):
    assert run_cli([command, "--help"] if command else ["--help"]) == FINE
    assert "Usage: changji-sim" in capsys.readouterr().out


# --- real applications ------------------------------------------------------------------------------------------------


def test_a_template_is_written_and_assess_reads_the_example(capsys):
    assert run_cli(["template", "empty.xlsx"]) == FINE
    assert Path("empty.xlsx").exists()
    example = SCENARIOS / "examples" / "applications_2026.xlsx"
    assert run_cli(["assess", str(example), "--registrations", "120", "-o", "done.csv"]) == FINE
    assert "Open next: done.csv" in capsys.readouterr().out
    done = pd.read_csv("done.csv")
    assert "entitlement_wan" in done.columns
    assert run_cli(["assess", "nowhere.xlsx"]) == FAULTY_INPUT
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.slow
def test_explain_lists_a_future_and_tells_one_application(capsys):
    assert run_cli(["explain", "--trial", "3", "--item", "exchange", "--year", "2027"]) == FINE
    listed = capsys.readouterr().out
    assert "Exchange events exchange" in listed and "--application" in listed
    assert run_cli(["explain", "--trial", "3", "--item", "科技交流活动", "--year", "2027"]) == FINE
    assert capsys.readouterr().out == listed, "an item is known by its title too"
    told = ["explain", "--trial", "3", "--item", "exchange", "--year", "2027", "--application", "2"]
    assert run_cli([*told, "--language", "zh"]) == FINE
    assert "第十三条（三）" in capsys.readouterr().out
    assert run_cli(told) == FINE
    assert "Art. 13(3)" in capsys.readouterr().out
    assert run_cli([*told, "--json"]) == FINE
    story = json.loads(capsys.readouterr().out)
    assert story["trial"] == 3 and story["steps"][0]["step"] == "asked"
    assert run_cli(["explain", "--trial", "3", "--json"]) == FINE
    assert {row["year"] for row in json.loads(capsys.readouterr().out)} == {2026, 2027, 2028, 2029}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--item", "exchnge"], "did you mean 'exchange'"),
        (["--year", "2040"], "the measure is in force in 2026"),
        (["--application", "3"], "needs --item and --year"),
        (["--item", "exchange", "--year", "2027", "--application", "3000"], "there are 1 to"),
        (["--trial", "-1"], "--trial"),
        (["--trial", "ten"], "--trial"),
        (["nowhere.yaml"], "nowhere"),
    ],
)
def test_explain_refuses_in_words(capsys, arguments, says):
    assert run_cli(["explain", *arguments]) == FAULTY_INPUT
    error = capsys.readouterr().err
    assert says in error and "Traceback" not in error
