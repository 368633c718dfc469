"""Which models a model of bokeh's names, kept until a property of it changes.

Whenever a model is put onto a page, or taken off, bokeh reads every property of every model of the page that may name
another: for a new page of the desk most of the time in which it is put there, and all other sessions wait meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import bokeh
from bokeh.core.has_props import HasProps
from bokeh.model import Model, util

TRIED = ("3.9.",)  # versions of bokeh that the functions below are held equal to
KEPT = "_kept_references"
_looked: Any = util.visit_immediate_value_references
_triggered: Any = Model.trigger
_within = threading.local()  # whether parts of a model that are no models were met: they change without a word


def keep_references() -> None:
    """Have bokeh use the functions below, on top of what it uses now; another version of bokeh is left as it is."""
    global _looked
    if bokeh.__version__.startswith(TRIED) and util.visit_immediate_value_references is not visit_references:
        _looked = util.visit_immediate_value_references
        util.visit_immediate_value_references = visit_references
        Model.trigger = trigger  # type: ignore[method-assign, assignment]


def visit_references(value: Any, visitor: Callable[[Any], None]) -> None:
    """As bokeh's function of this name; of a model that has not changed since, those that were found the last time."""
    if not isinstance(value, Model):
        _within.is_so = isinstance(value, HasProps) or getattr(_within, "is_so", False)
        _looked(value, visitor)
        return
    found = kept_of(value)
    for one in _found(value) if found is None else found:
        visitor(one)


def kept_of(model: Any) -> list[Any] | None:
    """What is kept of a model. Another list, or none, once a property has changed."""
    kept: list[Any] | None = model.__dict__.get(KEPT)
    return kept


def trigger(model: Any, attr: str, old: Any, new: Any, hint: Any = None, setter: Any = None) -> None:
    """As bokeh's method of this name, which is called whenever a property has changed."""
    model.__dict__.pop(KEPT, None)
    _triggered(model, attr, old, new, hint, setter)


def _found(model: Any) -> list[Any]:
    found: list[Any] = []
    _within.is_so = False
    _looked(model, found.append)
    names = list(dict.fromkeys(found))
    if not _within.is_so:
        model.__dict__[KEPT] = names
    return names
