"""Messages written with the names of the message before are what bokeh writes, also after parts came and went."""

import random
from math import inf, nan

import pytest

pytest.importorskip("panel")

from bokeh.core.serialization import Serializer
from bokeh.document import Document
from bokeh.document.events import ModelChangedEvent
from bokeh.document.models import DocumentModelManager
from bokeh.models import Column, ColumnDataSource, Div
from bokeh.plotting import figure
from bokeh.protocol.messages.patch_doc import patch_doc

from changji_sim.desk.server import light_messages

BOKEHS = patch_doc.__dict__["create"], DocumentModelManager.recompute, Serializer._encode_list


@pytest.fixture
def light():
    light_messages.write_light_messages()
    yield
    patch_doc.create, DocumentModelManager.recompute, Serializer._encode_list = BOKEHS


def a_page():
    plot = figure(width=300, height=200, title="A")
    plot.line([1.5, 2.5], [3.5, 4.5], legend_label="a")
    document = Document()
    document.add_root(Column(Div(text="x"), plot, Column(Div(text="y"))))
    document.models.flush_synced()
    return document, plot


def without_header(message):
    return message.content, [(buffer.id, buffer.to_bytes()) for buffer in message.buffers]


def both(document, events):
    """What is written by the functions of the desk, and what by bokeh, which learns first what the browser has."""
    new = set(document.models._new_models)
    ours = without_header(patch_doc.create(events))
    left, document.models._new_models = document.models._new_models, new
    Serializer._encode_list = BOKEHS[2]
    bokehs = without_header(BOKEHS[0].__func__(patch_doc, events))
    Serializer._encode_list = light_messages.encode_list
    assert document.models._new_models == left
    return ours, bokehs


def step(document, plot, chance):
    """Change something of a page: a text, numbers, or which parts there are."""
    top = document.roots[0]
    does = {
        "text": lambda: setattr(top.children[0], "text", str(chance.random())),
        "a part": lambda: setattr(top, "children", [*top.children, Div(text="z")]),
        "a part fewer": lambda: setattr(top, "children", top.children[: max(3, len(top.children) - 1)]),
        "another source": lambda: setattr(plot.renderers[0], "data_source", ColumnDataSource({"x": [chance.random()]})),
        "numbers": lambda: setattr(plot.renderers[0].data_source, "data", {"x": [chance.random(), nan, 1, 2.5]}),
        "words": lambda: setattr(plot.renderers[0].data_source, "data", {"x": ["a", "b"], "y": [1.5, -2.5]}),
    }
    does[chance.choice(list(does))]()


def test_every_message_is_what_bokeh_writes(light):
    document, plot = a_page()
    events, chance = [], random.Random(1)
    document.on_change(events.append)
    for _ in range(80):
        step(document, plot, chance)
        if events:
            ours, bokehs = both(document, list(events))
            assert ours == bokehs
            events.clear()
    assert len(document.models) > 10


def test_a_part_that_went_and_came_back_is_named_as_one_that_is_new(light):
    document, _ = a_page()
    events = []
    document.on_change(events.append)
    top, part = document.roots[0], Div(text="again")
    for children in ([*top.children, part], top.children, [*top.children, part]):
        top.children = children
        message = patch_doc.create([*events])
        assert ("'again'" in str(message.content)) == (part in children)
        events.clear()


@pytest.mark.parametrize(
    "values",
    [[], [1.5, 2.0], [1.5, nan], [inf, 1.0], [1, 2], [2**60, 1], [1.5, 1], ["a", "b"], ["a", 1.5], [True, False],
     [[1.5], [2.5, nan]], [None, 1.5], ({"a": 1.5}, 2.5)],
)  # fmt: skip
def test_a_list_is_written_as_bokeh_writes_it(light, values):
    def written():
        serializer = Serializer()
        return repr(serializer.encode(list(values))), serializer.buffers

    ours = written()
    Serializer._encode_list = BOKEHS[2]
    assert ours == written()


def test_a_message_keeps_the_numbers_of_the_moment(light):
    values = [1.5, 2.5]
    written = Serializer().encode(values)
    values.append(3.5)
    assert written == [1.5, 2.5]


def test_another_version_of_bokeh_is_left_alone(light, monkeypatch):
    patch_doc.create, DocumentModelManager.recompute, Serializer._encode_list = BOKEHS
    monkeypatch.setattr(light_messages.bokeh, "__version__", "4.0.0")
    light_messages.write_light_messages()
    assert DocumentModelManager.recompute is BOKEHS[1]


def test_events_of_two_documents_are_refused_as_bokeh_refuses_them(light):
    events = [ModelChangedEvent(Document(), Div(), "text", "x") for _ in range(2)]
    with pytest.raises(ValueError, match="more than one document"):
        patch_doc.create(events)
    with pytest.raises(ValueError, match="at least one event"):
        patch_doc.create([])
