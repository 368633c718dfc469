"""Bokeh's defaults kept by class: the same values, parts found and text written as by bokeh itself."""

import pytest

pytest.importorskip("panel")

import bokeh.models
import panel as pn
import panel_material_ui as pmui
from bokeh.core.has_props import HasProps
from bokeh.core.property.bases import ParameterizedProperty
from bokeh.core.property.descriptors import PropertyDescriptor, UnsetValueError
from bokeh.core.serialization import Serializer
from bokeh.model import Model, util
from bokeh.plotting import figure

from changji_sim.desk.server import stable_defaults

BOKEHS = (PropertyDescriptor._get_default, util.visit_immediate_value_references, HasProps.query_properties_with_values)
BOKEHS_TEXT = ParameterizedProperty.__str__


@pytest.fixture
def kept():
    stable_defaults.keep_stable_defaults()
    yield
    (PropertyDescriptor._get_default, util.visit_immediate_value_references,
     HasProps.query_properties_with_values) = BOKEHS  # fmt: skip
    ParameterizedProperty.__str__ = BOKEHS_TEXT


def classes():
    assert bokeh.models
    return [kind for kind in Model.model_class_reverse_map.values() if not kind.__name__.startswith("_")]


def value_of(model, name):
    try:
        return getattr(model, name)
    except UnsetValueError:
        return UnsetValueError


def made(kind):
    try:
        return kind()
    except Exception:  # abstract, or with values it must be given
        return None


def test_every_default_is_the_same_as_bokehs(kept):
    checked = 0
    for kind in classes():
        for name in kind.properties():
            descriptor = kind.lookup(name)
            default = stable_defaults._default_of(kind, descriptor)
            if default is not stable_defaults.OTHER:
                assert repr(default) == repr(descriptor.class_default(kind)), (kind, name)
                checked += 1
    assert checked > 5_000


def test_every_text_of_a_property_is_the_same_as_bokehs(kept):
    properties = [kind.lookup(name).property for kind in classes() for name in kind.properties()]
    made_of_others = [one for one in properties if type(one).__str__ is stable_defaults.text_of]
    texts = [str(one) for one in made_of_others]
    assert texts == [str(one) for one in made_of_others] == [BOKEHS_TEXT(one) for one in made_of_others]
    assert len(texts) > 500


def a_page():
    plot = figure(width=300, height=200, title="A")
    plot.line([1, 2], [3, 4], legend_label="a")
    slider = pmui.FloatSlider(value=1, end=3)
    return pn.Column(pn.Row(slider, pn.pane.Bokeh(plot)), pmui.Card(pn.pane.HTML("x"), title="T")).get_root()


def test_the_same_parts_are_found_and_the_same_text_is_written(kept):
    root = a_page()
    found, text = {one.id for one in root.references()}, Serializer().encode(root)
    (PropertyDescriptor._get_default, util.visit_immediate_value_references,
     HasProps.query_properties_with_values) = BOKEHS  # fmt: skip
    ParameterizedProperty.__str__ = BOKEHS_TEXT
    assert found == {one.id for one in root.references()} and len(found) > 40
    assert text == Serializer().encode(root)
