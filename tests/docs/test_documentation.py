"""The documentation is complete, agrees with the program, and builds into pages that fetch nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from browser import opened
from documents import DOCUMENTS, keys
from places import ROOT, script

import changji_sim
from changji_sim.applications.known_columns import COMMON, PLATFORM
from changji_sim.modes.plugin_loading import installed_modes
from changji_sim.modes.support_mode import SupportMode
from changji_sim.scenario.model import MEMO, READINGS
from changji_sim.scenario_file import known_keys
from changji_sim.scenario_file.opening_columns import HEADERS
from changji_sim.wording.labels import table

DOCS = ROOT / "docs"
LANGUAGES = [pytest.param(DOCS, id="en"), pytest.param(DOCS / "zh", id="zh")]
COLUMN = "items.*.assumptions.columns.*"
IN_THE_TREE = re.compile(r"`((?:changji_sim|plugins|scenarios|scripts|tests|docs|notebooks|benchmarks)/[\w./-]+)`")
TOP = ("README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CONTRIBUTING.zh-CN.md", "CHANGELOG.md")


@pytest.mark.parametrize("folder", LANGUAGES)
def test_every_key_of_a_scenario_file_is_explained_and_no_other(folder):
    found = keys(folder / "scenario-files.md")
    wanted = {section or "top": set(names) for section, names in known_keys().items()}
    wanted["item_columns"] = {c.name for mode in installed_modes(None).values() for c in mode.columns if c.per_item}
    page = (folder / "scenario-files.md").read_text(encoding="utf-8")
    for section, names in wanted.items():
        if section.startswith(f"{COLUMN}."):  # the numbers of a distribution stand in its row
            (row,) = re.findall(rf"^\| `{section.removeprefix(f'{COLUMN}.')}` \|(.*)$", page, re.MULTILINE)
            assert [name for name in names if f"`{name}`" not in row] == [], section
            continue
        choices = {word for choice in READINGS.values() for word in choice} if section == "readings" else set()
        assert without_values(found[section]) - choices == names, section


def without_values(names: list[str]) -> set[str]:
    """The keys of a first column: a word each."""
    return {name for name in names if re.fullmatch(r"\w+", name)}


@pytest.mark.parametrize("folder", LANGUAGES)
def test_every_term_of_a_mode_is_explained(folder):
    page = (folder / "scenario-files.md").read_text(encoding="utf-8")
    shared = set(SupportMode.param)
    for mode in installed_modes(None).values():
        (row,) = re.findall(rf"^\| {mode.title} `{mode.key}` \|(.*)\|$", page, re.MULTILINE)
        terms = {term for term in mode.param if term not in shared}
        assert {term for term in terms if f"`{term}`" not in row} == set(), mode.key


@pytest.mark.parametrize("folder", LANGUAGES)
def test_every_reading_is_named_with_its_choices(folder):
    page = (folder / "scenario-files.md").read_text(encoding="utf-8")
    for reading, choices in READINGS.items():
        assert f"| `{reading}` | {('、' if folder.name == 'zh' else ', ').join(f'`{c}`' for c in choices)} |" in page


@pytest.mark.parametrize("folder", LANGUAGES)
def test_every_column_of_the_opening_ledger_and_of_registers_is_explained(folder):
    page = (folder / "opening-ledger.md").read_text(encoding="utf-8")
    assert set(keys(folder / "opening-ledger.md")["opening"]) == {*HEADERS, "due_2026", "paid_2025", "inflow_2027"}
    assert [title for title in HEADERS.values() if f"| {title} |" not in page] == []
    page = (folder / "real-files.md").read_text(encoding="utf-8")
    columns = [*COMMON, PLATFORM, *MEMO]
    assert set(keys(folder / "real-files.md")["register"]) == {column.name for column in columns}
    assert [column.header for column in columns if f"| {column.header} |" not in page] == []


def test_every_public_name_has_its_place():
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    named = re.findall(r"^\.\. auto\w+:: changji_sim\.(\w+)", page, re.MULTILINE)
    assert sorted(name for name in named if name != "testing") == sorted(changji_sim.__all__)
    assert "testing" in named


def test_the_files_that_documents_name_are_there():
    for document in DOCUMENTS:
        if document.name != "CHANGELOG.md":
            named = IN_THE_TREE.findall(document.read_text(encoding="utf-8"))
            assert [name for name in named if not (ROOT / name).exists()] == [], document.name


@pytest.mark.parametrize("folder", LANGUAGES)
def test_where_to_change_names_what_is_there(folder):
    """What stands in backticks before the file, or behind it in Chinese, stands in the file."""
    page = (folder / "where-to-change.md").read_text(encoding="utf-8")
    pairs = re.findall(r"`(\w+)`\s+in\s+`([\w/.]+)`", page)
    pairs += [(name, path) for path, name in re.findall(r"`([\w/.]+)` 的 `(\w+)`", page)]
    assert len(pairs) > 8
    for name, path in pairs:
        assert re.search(rf"\b{name}\b", (ROOT / path).read_text(encoding="utf-8")), (name, path)


def test_links_between_documents_lead_somewhere():
    link = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(?:#[^)\s]*)?\)")
    made = {"changelog.md", "contributing.md"}
    for document in DOCUMENTS:
        named = link.findall(document.read_text(encoding="utf-8"))
        there = [name for name in named if (document.parent / name).exists() or Path(name).name in made]
        assert named == there, document.name


def test_the_picture_of_the_architecture_is_that_of_the_imports():
    """If not: python scripts/draw_architecture.py."""
    drawing = script("draw_architecture")
    page = (DOCS / "architecture.md").read_text(encoding="utf-8")
    for name, text in drawing.drawn(page).items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, name
    rooms = [path.name for path in (ROOT / "changji_sim").iterdir() if (path / "__init__.py").is_file()]
    assert [room for room in rooms if f"\n| `{room}` |" not in page] == []


@pytest.mark.slow
@pytest.mark.subprocess
def test_the_readmes_quote_what_is_printed():
    """If not: python scripts/quote_output.py."""
    quoting = script("quote_output")
    for name, language in quoting.READMES.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        assert len(quoting.BLOCK.findall(text)) == 1
        assert quoting.quoted(text, language) == text, name


# --- the pages -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The pages as `make docs` builds them; a warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "docs", folder]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return folder


@pytest.mark.slow
@pytest.mark.subprocess
def test_pages_build_without_a_warning_and_ask_nothing_of_others(site):
    """No page names a script, style, font or picture elsewhere. (That none is asked for is seen in a browser below.)"""
    pages = {path.relative_to(site).with_suffix(".md").as_posix() for path in site.rglob("*.html")}
    assert {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")} <= pages
    outside = re.compile(r"""<(?:script|link|img|iframe)[^>]+(?:src|href)=["'](?:https?:)?//[^>]*>""")
    for page in site.rglob("*.html"):
        assert outside.findall(page.read_text(encoding="utf-8")) == [], page.name
    for style in site.rglob("*.css"):
        assert "url(http" not in style.read_text(encoding="utf-8").replace('"', "").replace("'", "")


@pytest.mark.browser
def test_an_opened_page_asks_for_nothing_outside(site):
    """Pages with a picture, the API, Chinese, and the search, opened as files."""
    with opened(site / "index.html", site) as (page, trouble):
        for name in ("architecture.html", "api.html", "zh/the-year.html", "search.html?q=envelope"):
            page.goto(f"{site.as_uri()}/{name}")
            page.wait_for_load_state("networkidle")
        page.wait_for_selector("ul.search li")
        assert "The year" in page.inner_text("ul.search")
    assert trouble == []


def test_the_chinese_readme_links_chinese_pages_where_there_are():
    page = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    links = set(re.findall(r"\]\(([\w./-]+\.md)\)", page)) - {"README.md", "CHANGELOG.md"}
    english = [name for name in links if (ROOT / name.replace("docs/", "docs/zh/")).exists() and "/zh/" not in name]
    assert "docs/zh/scenario-files.md" in links and "CONTRIBUTING.zh-CN.md" in links
    assert [name for name in english if name.startswith("docs/")] == []


def test_the_chinese_readme_names_flows_as_the_program_does():
    page = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    for flow, label in table()["flows"].items():
        named = re.search(rf"`{flow}` ?([^，、；。（`]+)", page)
        assert flow == "cut" or (named and named[1] == label.zh.replace("：", "")), flow


def test_every_document_at_the_top_is_known():
    """A new one belongs into the lists of docs/ and of the sdist."""
    assert sorted(path.name for path in ROOT.glob("*.md")) == sorted(TOP)
