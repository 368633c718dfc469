"""The desk in a notebook's cell, without a browser: all it sends names no address, and the library is not in it."""

import asyncio

import pytest

pytest.importorskip("panel")

import panel as pn
from bokeh.document import Document
from bokeh.models import ImportedStyleSheet, UIElement
from pyviz_comms import Comm

from changji_sim import FaultyInput, load_scenario
from changji_sim.desk.app import Desk
from changji_sim.desk.server.offline import fetch_nothing
from changji_sim.desk.state.desk_state import DeskState
from changji_sim.scenario_file.load import find_scenario

PAGES = ("assumptions", "caps", "answers", "scenarios", "ledger", "measure", "overview")


@pytest.fixture(scope="module")
def cell():
    """A desk, the root of its cell, as a notebook has it, and how much script that carries at first."""
    desk = Desk(DeskState({"baseline": find_scenario("baseline")}, trials=60))
    root = desk.cell(hooks=[fetch_nothing]).get_root(Document(), Comm())
    assert fetched(root) == set()
    return desk, root, scripts(root)


def elements(root):
    return [model for model in root.references() if isinstance(model, UIElement)]


def fetched(root):
    """Addresses of style sheets."""
    return {sheet.url for one in elements(root) for sheet in one.stylesheets if isinstance(sheet, ImportedStyleSheet)}


def scripts(root):
    """How much script the widgets carry, bytes."""
    return sum(len(one.esm) for one in elements(root) if hasattr(one, "esm"))


def test_at_first(cell):
    _, _, at_first = cell
    assert 0 < at_first < 50_000


def test_a_year_given_a_ledger_is_refused(tmp_path):
    ledger = "申报编号,支持方向,申报单位,申报日期,申请金额（万元）\n1,科技交流活动,州科技馆,2026-02-01,60\n"
    (tmp_path / "ledger.csv").write_text(ledger, encoding="utf-8")
    with pytest.raises(FaultyInput, match="midyear"):
        load_scenario("baseline").given(tmp_path / "ledger.csv").desk()


@pytest.mark.slow
def test_after_a_change(cell):
    desk, root, _ = cell
    session = desk.session
    envelope = next(one for one in session.adjustables() if one.key == "envelopes.total")
    before = {one.id: one.text for one in elements(root) if isinstance(one, pn.models.HTML)}
    asyncio.run(session.set_value(envelope, 9_000))
    after = {one.id: one.text for one in elements(root) if isinstance(one, pn.models.HTML)}
    assert any("9,000" in text for key, text in after.items() if text != before.get(key))
    assert fetched(root) == set()


@pytest.mark.slow
def test_with_every_page_and_in_the_other_language(cell):
    desk, root, _ = cell

    async def look():
        for page in PAGES:
            desk._open(page)
        desk.frame.language.value = "en"
        for page in PAGES:
            desk._open(page)

    asyncio.run(look())
    assert "Key numbers" in "".join(one.text for one in elements(root) if isinstance(one, pn.models.HTML))
    assert fetched(root) == set()
    assert scripts(root) < 60_000
