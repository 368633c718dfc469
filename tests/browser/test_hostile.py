"""Texts of files, plugins, registers and links that would like to be programs: on every page they stay texts."""

from __future__ import annotations

import csv
import io
import json

import pytest
from browsing import STILL, Visitor, pages, visiting_next
from ruamel.yaml import YAML
from served_desk import Served

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


EVERY = " ".join(TEXTS.values())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("hostile")
    write_files(made, EVERY)
    return made


@pytest.fixture(scope="module")
def hostile_desk(folder):
    desk = Served(folder, str(folder / "hostile.yaml"), "baseline", "--plugins-dir", str(folder / "plugins"))
    yield desk
    desk.stop()


@pytest.fixture(scope="module")
def still(chromium, hostile_desk):
    """The users of that desk come one after the other in this tab."""
    with Visitor(chromium, hostile_desk.url, **STILL) as visitor:
        yield visitor


@pytest.fixture
def guest(still, hostile_desk):
    """A user of that desk, where nothing of a text has run in the end, and nothing tried to."""
    with visiting_next(still, hostile_desk) as visitor:
        yield visitor
        assert visitor.page.evaluate("window.__hacked") is None


def says(visitor, text: str) -> None:
    """It is there to be read, as text."""
    visitor.wait_until(lambda: text in visitor.text(), True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_of_a_file_runs_on_any_page(guest, language):
    """Title, description, sources, an item's and a mode's names: on every page, in lists and on what opens."""
    guest.open(language)
    for key in pages():
        guest.go(key)
        assert guest.page.evaluate("window.__hacked") is None, key
        assert "onerror" in guest.text(), "the text is there, as text"
        for choice in guest.page.locator(f".page-{key} [role=combobox]:visible").all()[:6]:
            choice.click()
            guest.wait_in_front("listbox")
            guest.page.keyboard.press("Escape")
            guest.wait_in_front("listbox", False)
    guest.go("assumptions")
    guest.page.locator(".page-assumptions .MuiListItemButton-root", has_text="onerror").click()
    guest.settle()
    says(guest, "onerror")


def test_nothing_of_a_register_runs(guest):
    """The cells of a file of applications, where they are listed and where one's story is told."""
    guest.open(page="ledger")
    guest.choose("支持方向", "产业重大技术攻关")
    guest.choose("年度", "2026")
    says(guest, f"@{EVERY}")
    guest.page.locator(".page-ledger .tabulator-row").first.click()
    guest.settle()
    says(guest, "onerror")


def test_nothing_of_a_name_that_is_typed_runs(guest):
    """The name of a scenario to save, and that of a file that is brought, with what is wrong with it."""
    guest.open(page="scenarios")
    name = guest.page.get_by_label("名称（也是文件名）")
    name.fill(EVERY)
    name.press("Tab")
    guest.settle()
    says(guest, "不含 /")
    for content in (f"{EVERY!r}: 1\n", scenario(EVERY).replace("name: hostile", f"name: {EVERY!r}")):
        file = {
            "name": "<img src=x onerror=window.__hacked=1>.yaml",
            "mimeType": "text/yaml",
            "buffer": content.encode(),
        }
        guest.page.locator(".page-scenarios input[type=file]").set_input_files([file])
        says(guest, "未载入")


def test_nothing_of_a_link_runs(guest):
    """The link's own text, each thing it may speak of, and what it may not."""
    settings = {"scenario": EVERY, "changes": {EVERY: EVERY}, "reform": [[EVERY, EVERY, 1]]}
    known = {**settings, "scenario": "baseline"}
    for link in (EVERY, json.dumps(settings), json.dumps(known), "x" * 9000):
        guest.open(page="measure", s=link, **{"theme": EVERY, EVERY: EVERY})
        assert guest.page.evaluate("window.__hacked") is None
        assert guest.look("says", "onerror") or "xxx" in link, "what is wrong with it is said, as text"
    for language in ("en", "zh"):
        guest.speak(language)
