"""Files that tried to make the program lie or crash, each answered with a sentence."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys

import pytest

from changji_sim import load_scenario
from changji_sim.base.faults import FaultyInput
from changji_sim.base.files import sha256, write_together
from changji_sim.cli import FAULTY_INPUT, FINE, OWN_FAILURE, run_cli
from changji_sim.reports.run_files import seal

WORDS = ["run", "baseline", "--trials", "20"]
RUN = [sys.executable, "-c", "from changji_sim.cli import main; main()", *WORDS]
ONE_CASE = "items: {special_case: {assumptions: {applications: none, cases: [{name: a, year: 2026, amount: 800}]}}}"
LONG_TERMS = "items: {core_technology: {assumptions: {columns: {term_years: {lognormal: {median: 2, sigma: 1}}}}}}"


def scenario(folder, text):
    path = folder / "mine.yaml"
    path.write_text(f"extends: baseline\n{text}\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("items:\n  exchange:", "mine.yaml:3: 'exchange' is empty"),
        ("items:\n  exchange:\n  guide:", "mine.yaml:3: 'exchange' is empty"),
        ("envelopes:\n  total:", "mine.yaml:3: 'total' is empty"),
        ("name: ../../evil", "cannot name a scenario"),
        ("name: '..'", "cannot name a scenario"),
        (r'title: "\e[31mred"', "cannot be shown"),
        ("items: {exchange: {guide: {max_item_year_wan: {2026: none, 2027: 300}}}}", "'none' cannot stand for some"),
        (
            "items: {exchange: {assumptions: {columns: {requested_wan: {choice: {'5': 0.5, '20': 0.5}}}}}}",
            "must be a finite number",
        ),
        (
            "items: {core2: {category: industry, title: 产业重大技术攻关, mode: grant, assumptions: {}}}",
            "the title '产业重大技术攻关' belongs to 'core_technology'",
        ),
    ],
)
def test_a_scenario_that_would_mislead_is_refused(text, sentence, tmp_path):
    with pytest.raises(FaultyInput) as caught:
        load_scenario(scenario(tmp_path, text))
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("5", ["found 5; a distribution is needed: write {fixed: 5}"]),
        ("{source: x}", ["a distribution is one of fixed", "such as {fixed: 5}, not {}"]),
    ],
)
def test_a_column_that_is_no_distribution_is_said_once_and_truly(spec, said, tmp_path):
    text = f"items: {{exchange: {{assumptions: {{columns: {{requested_wan: {spec}}}}}}}}}"
    with pytest.raises(FaultyInput) as caught:
        load_scenario(scenario(tmp_path, text))
    (fault,) = caught.value.faults
    assert all(part in fault.what for part in said)
    load_scenario(scenario(tmp_path, text.replace(spec, "{fixed: 5}")))  # what the sentence advises will do


@pytest.mark.parametrize("text", [ONE_CASE, LONG_TERMS, "items: {exchange: {assumptions: {applications: 0}}}"])
def test_an_odd_scenario_runs_and_balances(text, tmp_path):
    assert load_scenario(scenario(tmp_path, text)).run(trials=40).fen("asked", 2026).sum() > 0


def test_a_case_that_comes_once_asks_once(tmp_path):
    result = load_scenario(scenario(tmp_path, ONE_CASE)).run(trials=5)
    asked = [result.fen("asked", year, "special_case").tolist() for year in (2026, 2027)]
    assert asked == [[800 * 10**6] * 5, [0] * 5]


@pytest.mark.slow
def test_a_reform_does_not_overwrite_the_baseline_and_says_who_it_is(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run_cli([*WORDS, "--reform", "share-25"]) == FINE
    assert (tmp_path / "out" / "baseline+share-25" / "budget.csv").exists()
    assert "share-25" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.subprocess
@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_a_terminal_of_another_encoding_shows_the_table(encoding, tmp_path):
    done = subprocess.run(RUN, cwd=tmp_path, capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding})
    assert done.returncode == 0, done.stderr
    assert b"2029" in done.stdout


# --- names, numbers and characters nobody expects -------------------------------------------------------------------

LONG = "x" * 300  # longer than a file system takes
DIGITS = ["9" * 5000, "0x" + "f" * 5000, "0o" + "7" * 5000, "0b" + "1" * 20_000, "9" * 400]


def told(capsys, *words):
    """What a command says of bad input; it ends with 2, without a traceback, without Python's own words."""
    assert run_cli(list(words)) == FAULTY_INPUT
    err = capsys.readouterr().err
    assert not any(word in err for word in ("Traceback", "Exceeds the limit", "codec"))
    return err


@pytest.mark.parametrize("digits", DIGITS, ids=lambda digits: f"{digits[:2]}-{len(digits)}")
@pytest.mark.parametrize(
    "text",
    [
        "growth: {}",
        "title: {}",
        "years: [2026, {}]",
        "in_force: [{}, 2027-01-01]",
        "items: {{exchange: {{assumptions: {{columns: {{requested_wan: {{choice: {{{}: 1}}}}}}}}}}}}",
        "items: {{exchange: {{guide: {{max_item_year_wan: {{{}: 1}}}}}}}}",
        "{}: 1",
    ],
)
def test_a_number_of_thousands_of_digits_is_refused(text, digits, tmp_path, capsys):
    said = told(capsys, "check", str(scenario(tmp_path, text.format(digits))))
    assert "mine.yaml:2: " in said and len(said) < 500


@pytest.mark.parametrize(
    "words",
    [
        ["check", LONG],
        ["check", f"{LONG}.yaml"],
        ["new", LONG],
        ["assess", f"{LONG}.csv"],
        ["assess", "rows.csv", "-o", f"{LONG}.csv"],
        ["assess", "rows.csv", "--opening", f"{LONG}.csv"],
        ["assess", "rows.csv", "--scenario", LONG],
        ["template", f"{LONG}.xlsx"],
        ["run", "baseline", "--reform", LONG],
        ["run", "baseline", "-o", LONG],
        ["run", "--from", LONG],
        ["plugins", "--plugins-dir", LONG],
        ["run", "baseline", "--trials", "9" * 5000],
        ["run", "baseline", "--seed", "9" * 4500],
        ["measure", "9" * 5000],
        ["run", "\udcff\udcfe.yaml"],  # bytes that are no UTF-8, as Python hands them over
        ["new", "\udcff"],
        ["run", "baseline", "-o", "\udcff"],
    ],
    ids=lambda words: " ".join(words)[:30].encode(errors="replace").decode(),
)
def test_arguments_no_file_can_have(words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    row = "application_id,item,applicant,submitted,requested_wan\n1,exchange,甲,2026-03-01,5\n"
    (tmp_path / "rows.csv").write_text(row, encoding="utf-8")
    assert told(capsys, *words)
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_half_a_character_in_a_file_is_refused(tmp_path, capsys):
    for text in (r'title: "\ud800"', r'"\udfff": 1'):
        assert "is no character" in told(capsys, "check", str(scenario(tmp_path, text)))
    (tmp_path / "mine.yaml").write_bytes(b"extends: baseline\ntitle: \xed\xa0\x80\n")
    assert "neither UTF-8 nor GBK" in told(capsys, "check", str(tmp_path / "mine.yaml"))


def test_an_opening_file_with_absurd_years(tmp_path, capsys):
    opening = tmp_path / "promised.csv"
    headers = "支持方向,申报单位,立项金额（万元）,已拨金额（万元）,2026年应拨（万元）,验收年度"
    opening.write_text(f"{headers}\nexchange,甲,5,0,5,{'9' * 5000}\n", encoding="utf-8")
    assert "promised.csv row 2" in told(capsys, "check", str(scenario(tmp_path, "opening: promised.csv")))


# --- a manifest that was edited, and sealed again -------------------------------------------------------------------


@pytest.fixture(scope="module")
def run_before(tmp_path_factory):
    folder = tmp_path_factory.mktemp("before")
    assert run_cli(["run", "baseline", "--trials", "20", "-o", str(folder), "-q"]) == 0
    return folder


def edited(folder, into, change):
    """A copy of a run whose manifest is changed, with hashes that fit."""
    shutil.copytree(folder, into)
    manifest = json.loads((into / "manifest.json").read_text(encoding="utf-8"))
    change(manifest)
    with contextlib.suppress(UnicodeEncodeError):
        manifest["sha256"] = seal(manifest)
    (into / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return str(into / "manifest.json")


def test_a_manifest_reads_no_file_its_scenario_extends(run_before, tmp_path, capsys):
    secret = tmp_path / "secret.yaml"
    secret.write_text("growth: hunter2\n", encoding="utf-8")

    def extend(manifest):
        text = f"extends: {secret}\n"
        manifest["scenario"] |= {"whole_text": text, "whole_text_sha256": sha256(text.encode())}

    said = told(capsys, "run", "--from", edited(run_before, tmp_path / "run", extend))
    assert "whole_text extends another file" in said and "hunter2" not in said


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("trials", "many", "'trials' must be a whole number"),
        ("trials", True, "'trials' must be a whole number"),
        ("trials", 10**300, "number of trials"),
        ("seed", None, "'seed' must be a whole number"),
        ("scenario", [], "'scenario' must hold the texts"),
        ("scenario", {"text": 1}, "'scenario' must hold the texts"),
        ("reform", "exchange-500", "'reform' must hold the texts"),
        ("inputs", [1], "'inputs' must be a mapping"),
        ("inputs", {"../../etc/passwd": "0"}, "does not lie in inputs/"),
        ("outputs", {}, "'outputs' must be budget.csv and caps.csv"),
        ("outputs", {"budget.csv": 1, "caps.csv": 2}, "'outputs' must be a mapping"),
        ("modes", {"grant": "x"}, "'modes' must be a mapping"),
        ("law", 5, "'law' must be a mapping"),
        ("versions", {"numpy": 2}, "'versions' must be a mapping"),
        ("versions", {"numpy": "\ud800"}, "is no character"),
    ],
)
def test_an_edited_manifest_is_a_sentence(run_before, tmp_path, capsys, key, value, says):
    path = edited(run_before, tmp_path / "copy", lambda manifest: manifest.update({key: value}))
    assert says in told(capsys, "run", "--from", path)


@pytest.mark.slow
def test_a_run_that_is_not_repeated_writes_nothing_unless_told(run_before, tmp_path, capsys):
    path = edited(run_before, tmp_path / "copy", lambda manifest: manifest.update(seed=5))
    before = {file.name: file.read_bytes() for file in (tmp_path / "copy").iterdir()}
    assert run_cli(["run", "--from", path, "-q"]) == OWN_FAILURE
    err = capsys.readouterr().err
    assert "nothing was written" in err and "budget.csv: " in err and "lines differ, first line" in err
    assert {file.name: file.read_bytes() for file in (tmp_path / "copy").iterdir()} == before
    assert run_cli(["run", "--from", path, "-q", "--overwrite"]) == OWN_FAILURE
    assert (tmp_path / "copy" / "budget.csv").read_bytes() != before["budget.csv"]


def test_if_one_file_cannot_take_its_place_all_are_as_they_were(tmp_path):
    (tmp_path / "one").write_bytes(b"old")
    (tmp_path / "three").mkdir()  # a folder where a file should go: the third of three fails
    with pytest.raises(FaultyInput, match="as they were"):
        write_together(tmp_path, {"one": b"new", "below/two": b"new", "three": b"new"})
    assert (tmp_path / "one").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "three"]


def test_an_interruption_between_two_files_undoes_the_first(tmp_path, monkeypatch):
    for name in ("one", "two"):
        (tmp_path / name).write_bytes(b"old")
    real, calls = os.replace, []

    def interrupted(source, target):
        calls.append(target)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(source, target)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_together(tmp_path, {"one": b"new", "two": b"new"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"one": b"old", "two": b"old"}


@pytest.mark.subprocess
@pytest.mark.parametrize(
    "words", [["measure"], pytest.param(["run", "baseline", "--trials", "20", "-o", "out"], marks=pytest.mark.slow)]
)
def test_whoever_stops_reading_gets_no_traceback(words, tmp_path):
    program = [sys.executable, "-u", "-c", "from changji_sim.cli import main; main()", *words]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(program, cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert done.returncode == 141 and b"Traceback" not in done.stderr and b"Exception" not in done.stderr
