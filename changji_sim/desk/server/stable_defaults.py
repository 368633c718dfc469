"""Bokeh's defaults that cannot change, worked out once for each class of model.

Bokeh works out the default of a property anew each time it is read: it copies, validates and looks whether it might be
another the next time; to find what a page consists of, it reads every property that may name another model, and to
write a model for the browser, every property it has. Whenever it looks at a group of values, it writes the text of the
error first that it would raise. Half of the time in which a page is made goes there, and all other sessions wait
meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bokeh
from bokeh.core.has_props import HasProps
from bokeh.core.property.alias import Alias
from bokeh.core.property.bases import ParameterizedProperty
from bokeh.core.property.descriptors import PropertyDescriptor, UnsetValueError
from bokeh.model import util

from ..widgets.kept_references import TRIED

FIXED = (type(None), bool, int, float, str)  # kinds of values that nobody can change in place, and that name no model
OTHER = object()  # in the place of a default that is worked out each time
_defaults: dict[tuple[type[Any], str], Any] = {}  # by class and name
_referring: dict[type[Any], tuple[frozenset[str], tuple[str, ...]]] = {}  # of a class: all names, those read always
_unfixed: dict[type[Any], frozenset[str]] = {}  # of a class: names of properties without a fixed default
_worked_out: Any = getattr(PropertyDescriptor, "_get_default", None)
_queried: Any = getattr(HasProps, "query_properties_with_values", None)
_written: Any = ParameterizedProperty.__str__


def keep_stable_defaults() -> None:
    """Have bokeh use the functions below; another version of bokeh is left as it is, only slower."""
    if not bokeh.__version__.startswith(TRIED):
        return
    PropertyDescriptor._get_default = stable_default  # type: ignore[method-assign, assignment]
    util.visit_immediate_value_references = visit_references
    HasProps.query_properties_with_values = query_properties  # type: ignore[method-assign, assignment]
    ParameterizedProperty.__str__ = text_of  # type: ignore[method-assign, assignment]


def stable_default(descriptor: Any, model: Any) -> Any:
    """As bokeh's `_get_default`, which gives the value of a property that was not set."""
    found = _default_of(type(model), descriptor)
    if found is OTHER or descriptor.name in (model.themed_values() or ()):
        return _worked_out(descriptor, model)
    return found


def text_of(kind: Any) -> str:
    """As bokeh writes a property that is made of others, which is the same for good; written once."""
    kept = vars(kind)
    if "_text" not in kept:
        kept["_text"] = _written(kind)
    return str(kept["_text"])


def visit_references(value: Any, visitor: Callable[[Any], None]) -> None:
    """As bokeh's function of this name; defaults that name no model are not read."""
    visit = util.visit_value_and_its_immediate_references
    if not isinstance(value, HasProps):
        visit(value, visitor)
        return
    names, always = _names_of(type(value))
    was_set: dict[str, Any] = {**value._unstable_default_values, **value._unstable_themed_values,
                               **value._property_values}  # fmt: skip
    for name, one in was_set.items():
        if name in names:
            visit(one, visitor)
    for name in (*always, *(value.themed_values() or ())):
        if name in names and name not in was_set:
            visit(getattr(value, name), visitor)


def query_properties(model: Any, query: Callable[[Any], bool], *, include_defaults: bool = True, **more: Any) -> Any:
    """As bokeh's `query_properties_with_values`; fixed defaults that are not asked for are not read."""
    if include_defaults:
        return _queried(model, query, include_defaults=True, **more)
    kind = type(model)
    if kind not in _unfixed:
        _unfixed[kind] = frozenset(name for name in kind.properties() if _default_of(kind, kind.lookup(name)) is OTHER)
    asked = {*_unfixed[kind], *model._property_values, *model._unstable_default_values, *(model.themed_values() or ())}
    return _queried(model, lambda one: one.name in asked and query(one), include_defaults=False, **more)


def _names_of(kind: type[Any]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Properties of a class that may name models: all of them, and those whose default may name one."""
    if kind not in _referring:
        names = kind.properties_with_refs()
        always = tuple(name for name in names if _may_name_models(kind, kind.lookup(name)))
        _referring[kind] = frozenset(names), always
    return _referring[kind]


def _may_name_models(kind: type[Any], descriptor: Any) -> bool:
    """Whether an unread default may name models: not where it is fixed, or a list or group of nothing."""
    if _default_of(kind, descriptor) is not OTHER:
        return False
    try:
        default = descriptor.property.themed_default(kind, descriptor.name, None)
    except UnsetValueError:
        return True
    return not (isinstance(default, list | dict | set | tuple) and not default)


def _default_of(kind: type[Any], descriptor: Any) -> Any:
    """The default of a class, where it is the same each time and cannot be changed in place."""
    key = kind, descriptor.name
    found = _defaults.get(key, _defaults)
    if found is _defaults:
        found = _defaults[key] = _stable(kind, descriptor)
    return found


def _stable(kind: type[Any], descriptor: Any) -> Any:
    if isinstance(descriptor.property, Alias) or descriptor.has_unstable_default(kind):
        return OTHER
    try:
        default = descriptor.property.themed_default(kind, descriptor.name, None)
    except UnsetValueError:  # it must be set: bokeh raises where it is read
        return OTHER
    return default if type(default) in FIXED else OTHER
