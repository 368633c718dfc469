"""Messages to a browser, written without going through all that its page consists of.

For each message bokeh goes through all models of the page, hundreds, to know which of them the browser has; and it
looks at each number of a column by itself. A move of a slider takes several messages, and most name no new model.
"""

from __future__ import annotations

from math import isfinite
from typing import Any

import bokeh
from bokeh.core.serialization import Serializer
from bokeh.document.models import DocumentModelManager
from bokeh.protocol.message import Message
from bokeh.protocol.messages.patch_doc import patch_doc

from ..widgets.kept_references import TRIED

KEPT = "_kept_names"
_created: Any = patch_doc.__dict__["create"].__func__
_found_anew: Any = DocumentModelManager.recompute
_encoded: Any = Serializer._encode_list


def write_light_messages() -> None:
    """Have bokeh use the functions below; another version of bokeh writes as it does."""
    if bokeh.__version__.startswith(TRIED):
        patch_doc.create = classmethod(create)  # type: ignore[method-assign, assignment]
        DocumentModelManager.recompute = recompute  # type: ignore[method-assign, assignment]
        Serializer._encode_list = encode_list  # type: ignore[method-assign, assignment]


def create(kind: type[Message[Any]], events: list[Any], **metadata: Any) -> Any:
    """As bokeh's method of this name. Where no model of the page is new to the browser, the names of all models are
    those of the message before.
    """
    documents = {id(event.document): event.document for event in events}
    models = next(iter(documents.values())).models if len(documents) == 1 else None
    if models is None or models._new_models:
        return _created(kind, events, **metadata)
    serializer = Serializer()
    serializer._references = dict(_names_in(models))
    message = kind(kind.create_header(), metadata, {"events": serializer.encode(events)})
    message.add_buffers(*serializer.buffers)
    return message


def recompute(models: Any) -> None:
    """As bokeh's method of this name, which is called whenever the page may consist of other models."""
    models.__dict__.pop(KEPT, None)
    _found_anew(models)


def encode_list(serializer: Any, values: list[Any]) -> Any:
    """As bokeh's method of this name; a list of nothing but usual numbers, or of nothing but words, is as it is."""
    kinds = set(map(type, values))
    if kinds == {str} or (kinds == {float} and all(map(isfinite, values))):
        return values.copy()
    return _encoded(serializer, values)


def _names_in(models: Any) -> dict[int, Any]:
    """How models are named in a message, by where they are. The page holds them as long as it keeps this."""
    kept: dict[int, Any] | None = models.__dict__.get(KEPT)
    if kept is None or len(kept) != len(models):
        kept = models.__dict__[KEPT] = {id(one): one.ref for one in models}
    return kept
