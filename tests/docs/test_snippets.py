"""Every snippet of the documents does what it says: YAML loads, Python runs, commands end well.

A snippet that must not be run says why in a comment before it: ``<!-- not run: … -->``.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from documents import DOCUMENTS, Snippet, snippets
from places import ROOT
from ruamel.yaml import YAML

import changji_sim as cs
from changji_sim.cli import cli, run_cli
from changji_sim.whatif.sweep_settings import KINDS, read_settings

SHELL = ("", "sh")
READ_BY_SPHINX = ("{toctree}", "{include}", "{eval-rst}", "{image}")
PRINTED = ("text",)  # what the program prints
SETTINGS = "settings.yaml"  # of a sweep
FEW = 20  # trials, whatever a snippet says
SURE = "50%"  # how sure so few are
SIMULATING = {
    name for name, command in cli.commands.items() if any("--trials" in given.opts for given in command.params)
}
OF_OTHERS = ("nginx",)  # tests/browser/test_behind_nginx.py serves the desk with it
EXAMPLE = ROOT / "scenarios" / "examples" / "applications_2026.xlsx"
CHINESE = {path: path.with_name(f"{path.stem}.zh-CN.md") for path in ROOT.glob("*.md")}
CHINESE |= {path: path.parent / "zh" / path.name for path in (ROOT / "docs").glob("*.md")}
IN_BOTH_LANGUAGES = [  # an English document and the Chinese one
    [document, *(one for one in [CHINESE.get(document)] if one in DOCUMENTS)]
    for document in DOCUMENTS
    if document not in CHINESE.values()
]
ALL = [snippet for document in DOCUMENTS for snippet in snippets(document)]


def of(*languages: str) -> list[Any]:
    """The snippets in these languages that are to be run."""
    return [pytest.param(s, id=str(s)) for s in ALL if s.language in languages and not s.why_not]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder to work in, with the scenarios of the tree, as a reader has them."""
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_snippet_is_of_a_kind_that_is_run():
    known = {"yaml", "python", *SHELL, *PRINTED, *OF_OTHERS, *READ_BY_SPHINX}
    assert [str(snippet) for snippet in ALL if snippet.language not in known] == []
    assert len(ALL) > 20


# Warnings that the pages say a planner will meet: an item of one's own, cases in the place of ordinary applications.
SAID_ON_THE_PAGE = ("自设", "named cases are all there is")


@pytest.mark.parametrize("snippet", of("yaml"))
def test_yaml_is_a_scenario_or_a_reform(snippet, folder):
    """What does not say what it extends changes the baseline."""
    write_files(snippet.document, folder)
    path = folder / "snippet.yaml"
    if is_settings(snippet):
        assert read_settings(folder / SETTINGS, cs.load_scenario("baseline")).rows
        return
    if is_reform(snippet):
        path.write_text(snippet.text, encoding="utf-8")
        assert cs.load_reform(path).changes
        return
    text = snippet.text if "extends:" in snippet.text else f"extends: baseline\n{snippet.text}"
    path.write_text(text, encoding="utf-8")
    scenario = cs.load_scenario(path, plugins_dir=plugins(folder))
    told = [warning for warning in scenario.warnings if not any(words in str(warning) for words in SAID_ON_THE_PAGE)]
    assert told == []


@pytest.mark.slow
@pytest.mark.parametrize("snippet", of("python"))
def test_python_runs(snippet, folder):
    exec(compile(with_few_trials(snippet.text), str(snippet), "exec"), {"__name__": "snippet"})


@pytest.mark.slow
@pytest.mark.parametrize("documents", IN_BOTH_LANGUAGES, ids=lambda documents: str(documents[0].relative_to(ROOT)))
def test_commands_end_well(documents, folder):
    """All of a document, one after the other in one folder, with the files that its snippets are; then what the other
    language's says otherwise, or of other files.
    """
    done = set()
    for document in documents:
        for workbook in folder.glob("*.xlsx"):  # `template` writes over none
            workbook.unlink()
        write_files(document, folder)
        for where, words in commands(document):
            command = (*words, *made_up_of(folder, words))
            if command in done and words[0] != "template":
                continue
            done.add(command)
            if words[0] == "new":
                (folder / words[1]).unlink(missing_ok=True)  # the reader begins it so, and fills it in as it is said
            assert run_cli(words) == 0, f"{where}: {' '.join(words)}"
            if words[0] == "template" and not {"--opening", "--item", "--actuals"} & set(words):
                shutil.copy(EXAMPLE, folder / words[1])  # filled in by the reader


def made_up_of(folder: Path, words: list[str]) -> Iterator[bytes]:
    """What stands in the files of snippets that a command's words name."""
    for path in (folder / word for word in words):
        for file in sorted(path.rglob("*.py")) if path.is_dir() else (path,):
            if file.is_file() and file.suffix in (".yaml", ".py"):
                yield file.read_bytes()


def commands(document: Path) -> Iterator[tuple[str, list[str]]]:
    """The arguments of every ``changji-sim`` in a document's shell snippets, with few trials."""
    for snippet in snippets(document):
        for line in snippet.text.splitlines() if snippet.language in SHELL and not snippet.why_not else ():
            command, _, arguments = line.strip().partition(" ")
            if re.split(r"[/\\]", command)[-1] == "changji-sim":
                words = shlex.split(arguments.replace("\\", "/"), comments=True)
                if words[0] in SIMULATING and "--from" not in words:
                    words += ["--trials", str(FEW)]  # the last one counts
                if "--until" in words:
                    words += ["--until", SURE]
                yield str(snippet), words


def write_files(document: Path, folder: Path) -> None:
    """The files that snippets are: named scenarios, the reform ``ours.yaml``, `SETTINGS`, modes in ``my_modes``."""
    for snippet in snippets(document):
        if snippet.language == "yaml" and is_reform(snippet):
            (folder / "ours.yaml").write_text(snippet.text, encoding="utf-8")
        elif snippet.language == "yaml" and is_settings(snippet):
            (folder / SETTINGS).write_text(snippet.text, encoding="utf-8")
        elif snippet.language == "yaml" and (name := re.search(r"^name: (\w+)$", snippet.text, re.MULTILINE)):
            (folder / f"{name[1]}.yaml").write_text(snippet.text, encoding="utf-8")
        elif snippet.language == "python" and (key := re.search(r'^    key = "(\w+)"$', snippet.text, re.MULTILINE)):
            (folder / "my_modes").mkdir(exist_ok=True)
            (folder / "my_modes" / f"{key[1]}.py").write_text(snippet.text, encoding="utf-8")


def is_settings(snippet: Snippet) -> bool:
    """Whether it is the settings of a sweep."""
    return not {*KINDS}.isdisjoint(YAML(typ="safe", pure=True).load(snippet.text) or {})


def plugins(folder: Path) -> Path | None:
    return folder / "my_modes" if (folder / "my_modes").is_dir() else None


def is_reform(snippet: Snippet) -> bool:
    return "sets" in (YAML(typ="safe", pure=True).load(snippet.text) or {})


def with_few_trials(code: str) -> str:
    return re.sub(r"\btrials=[\d_]+", f"trials={FEW}", code)
