"""Texts of files, plugins, registers and links that would like to be programs: on every page they stay texts."""

from __future__ import annotations

import csv
import io
import json

import pytest
from browsing import Visitor, pages
from conftest import Served
from ruamel.yaml import YAML

HACK = "window.__hacked=1"
TEXTS = {
    "picture": f'<img src=x onerror="{HACK}">',
    "script": f"<script>{HACK}</script>",
    "svg": f'"><svg onload="{HACK}">',
    "link": f'<a href="javascript:{HACK}">点</a> [点](javascript:{HACK})',
    "template": f"{{{{constructor.constructor('{HACK}')()}}}} ${{{HACK}}} <%= {HACK} %>",
}

PLUGIN = """
import param
import changji_sim as cs


class Hostile(cs.SupportMode):
    key = "hostile"
    title = {title!r}
    columns = [cs.Column("cost_wan", label={label!r}, default={{"uniform": [5, 9]}})]
    share = param.Magnitude(0.5, label={term!r}, doc={term!r})

    def demand(self, applications):
        return self.share * applications.cost_wan


@cs.hookimpl
def register_support_modes(register):
    register(Hostile)
"""


def scenario(text: str) -> str:
    """A scenario that says the text wherever it may."""
    sourced = {"source": text, "mark": "D"}
    written = io.StringIO()
    YAML(typ="safe").dump(
        {
            "extends": "baseline",
            "name": "hostile",
            "title": text,
            "title_en": text,
            "description": text,
            "envelopes": {"total": {"value": 5000, **sourced}},
            "items": {
                "hostile_item": {
                    "category": "environment",
                    "title": text,
                    "title_en": text,
                    "mode": "hostile",
                    "guide": {"max_applicant_year_wan": {"value": 10, **sourced}},
                    "assumptions": {"applications": {"value": 5, **sourced}},
                },
                "core_technology": {"assumptions": {"registers": {2026: "register.csv"}}},
            },
        },
        written,
    )
    return written.getvalue()


def write_files(folder, text: str) -> None:
    (folder / "hostile.yaml").write_text(scenario(text), encoding="utf-8")
    with (folder / "register.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        amounts = ["total_investment_wan", "requested_wan", "term_years"]
        rows.writerow(["application_id", "item", "applicant", "submitted", *amounts])
        rows.writerow([text, "core_technology", text, "2026-02-01", 300, 80, 2])
        rows.writerow(["=1+1", "core_technology", f"@{text}", "2026-02-02", 300, 50, 2])
    (folder / "plugins").mkdir()
    label = text.replace("\n", " ")
    plugin = PLUGIN.format(title=text, label=label, term=text)
    (folder / "plugins" / "hostile.py").write_text(plugin, encoding="utf-8")


@pytest.fixture(scope="module")
def hostile_desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    write_files(folder, " ".join(TEXTS.values()))
    desk = Served(folder, str(folder / "hostile.yaml"), "baseline", "--plugins-dir", str(folder / "plugins"))
    yield desk
    desk.stop()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_of_a_file_runs_on_any_page(chromium, hostile_desk, language):
    with Visitor(chromium, hostile_desk.url) as visitor:
        visitor.open(language)
        for key in pages():
            visitor.go(key)
            assert visitor.page.evaluate("window.__hacked") is None, key
        assert "onerror" in visitor.text(), "the text is there, as text"
        visitor.check()
    assert hostile_desk.faults() == ""


@pytest.mark.parametrize("text", [*TEXTS.values(), "{", "[]", "x" * 9000], ids=[*TEXTS, "brace", "list", "long"])
def test_nothing_of_a_link_runs(visitor, text):
    """The link's own text, and each thing it may speak of."""
    settings = {"scenario": text, "changes": {text: text}, "reform": [[text, text, 1]]}
    known = {**settings, "scenario": "baseline"}
    for link in (text, json.dumps(settings), json.dumps(known)):
        visitor.open(s=link)
        assert visitor.page.evaluate("window.__hacked") is None
        assert visitor.text()
