"""What models name, and what is written of them ahead, is what bokeh finds and writes itself, also after a change."""

import random

import pytest

pytest.importorskip("panel")

import panel as pn
import panel_material_ui as pmui
from bokeh.core.has_props import HasProps
from bokeh.core.properties import Instance
from bokeh.core.serialization import Serializer
from bokeh.document import Document
from bokeh.document.events import ModelChangedEvent
from bokeh.model import Model, util
from bokeh.models import Column, ColumnDataSource, Div, FixedTicker, Row
from bokeh.plotting import figure
from bokeh.protocol.messages.patch_doc import patch_doc

from changji_sim.desk.widgets import kept_references, written_ahead

BOKEHS = util.visit_immediate_value_references, Model.trigger, Model.to_serializable


@pytest.fixture
def kept():
    kept_references.keep_references()
    written_ahead.write_from_ahead()
    yield
    util.visit_immediate_value_references, Model.trigger, Model.to_serializable = BOKEHS


def a_plot():
    plot = figure(width=300, height=200, title="A")
    plot.line([1, 2], [3, 4], legend_label="a")
    return plot


def a_page():
    slider = pmui.FloatSlider(value=1, end=3)
    plots = pn.Row(slider, pn.pane.Bokeh(a_plot()), pn.pane.Bokeh(a_plot()))
    return pn.Column(plots, pmui.Card(pn.pane.HTML("x"), title="T")).get_root()


def found_by_bokeh(root):
    ours = util.visit_immediate_value_references
    util.visit_immediate_value_references = BOKEHS[0]
    try:
        return {one.id for one in root.references()}
    finally:
        util.visit_immediate_value_references = ours


def changed(root, chance):
    """Change something of a page, mostly what it names: set, or in place."""
    figures = [one for one in root.references() if one.__class__.__name__ == "figure"]
    columns = [one for one in root.references() if isinstance(one, Column | Row) and one.children]
    plot, column = chance.choice(figures), chance.choice(columns)
    does = {
        "ticker": lambda: setattr(plot.xaxis[0], "ticker", FixedTicker(ticks=[chance.random()])),
        "another glyph": lambda: plot.line([1], [chance.random()]),
        "one glyph fewer": lambda: plot.renderers.pop() if len(plot.renderers) > 1 else None,
        "another source": lambda: setattr(plot.renderers[-1], "data_source", ColumnDataSource({"x": []})),
        "numbers": lambda: plot.renderers[-1].data_source.data.update(x=[5, 6]),
        "a child": lambda: column.children.append(Div(text="y")),
        "another order": lambda: setattr(column, "children", column.children[::-1]),
        "no title": lambda: setattr(plot, "title", None),
        "a height": lambda: setattr(plot, "height", chance.randint(100, 300)),
    }
    does[chance.choice(list(does))]()


def test_what_models_name_is_found_anew_after_every_change(kept):
    chance, root = random.Random(0), a_page()
    for _ in range(60):
        changed(root, chance)
        assert {one.id for one in root.references()} == found_by_bokeh(root)
    assert len(root.references()) > 40


def test_nothing_is_kept_of_a_model_with_parts_that_change_without_a_word(kept):
    class Part(HasProps):
        names = Instance(Div)

    class Whole(Model):
        part = Instance(Part)

    whole = Whole(part=Part(names=Div(text="a")))
    assert len(whole.references()) == 2
    whole.part.names = other = Div(text="b")
    assert other in whole.references()
    assert kept_references.kept_of(whole) is None
    assert kept_references.kept_of(other) == []


def test_a_document_holds_the_models_that_bokeh_finds(kept):
    chance, document, root = random.Random(1), Document(), a_page()
    document.add_root(root)
    for _ in range(25):
        changed(root, chance)
        assert {one.id for one in document.models} == found_by_bokeh(root)


def a_document():
    """One that the browser has, and the container in it."""
    document, around = Document(), Column(children=[Div(text="before")])
    document.add_root(around)
    document.to_json()
    return document, around


def put(document, around, page):
    """Put a page into its place; gives the message that says so."""
    document.hold("collect")
    around.children = [*around.children, page]
    events = [one for one in document.callbacks._held_events if isinstance(one, ModelChangedEvent)]
    return patch_doc.create(events)


def written_by_bokeh(document, around, page):
    references = {one for one in document.models if one is around or one in around.children[:-1]}
    return Serializer(references=references).encode(page)


def page_in(message):
    return message.content["events"][0]["new"][-1]


def test_a_page_that_is_written_ahead_is_sent_as_bokeh_writes_it(kept):
    (document, around), page = a_document(), Column(children=[a_plot(), Div(text="x"), Row(children=[a_plot()])])
    written_ahead.write_ahead(page, document.models)
    ahead = page.__dict__[written_ahead.WRITTEN].text
    message = put(document, around, page)
    assert page_in(message) is ahead, "and is not written again"
    assert ahead == written_by_bokeh(document, around, page)
    assert set(document.models) == document.models.synced_references, "the browser knows all of it now"
    assert written_ahead.WRITTEN not in page.__dict__


@pytest.mark.slow
def test_a_page_that_has_changed_since_is_written_again(kept):
    for seed in range(8):
        (document, around), page = a_document(), a_page()
        written_ahead.write_ahead(page, document.models)
        changed(page, random.Random(seed))
        sent = page_in(put(document, around, page))
        assert sent == written_by_bokeh(document, around, page)


def test_a_page_is_written_again_where_the_browser_knows_a_part_by_now_or_no_longer(kept):
    for is_there_first in (False, True):
        document, around = a_document()
        shared = Div(text="in both")
        page = Column(children=[shared, Div(text="own")])
        if is_there_first:
            around.children = [*around.children, shared]
            patch_doc.create([ModelChangedEvent(document, around, "children", around.children)])
        written_ahead.write_ahead(page, document.models)
        if is_there_first:
            around.children = around.children[:1]
        else:
            around.children = [*around.children, shared]
            patch_doc.create([ModelChangedEvent(document, around, "children", around.children)])
        sent = page_in(put(document, around, page))
        assert ("attributes" in sent["attributes"]["children"][0]) is is_there_first
