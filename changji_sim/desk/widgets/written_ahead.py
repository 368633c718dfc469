"""Models written for the browser before they are put onto a page, on the thread for pages.

Bokeh writes what is new on a page when it is put there, and all other sessions wait meanwhile. What is written ahead is
taken only if none of the models has changed since, and the browser knows those that it knew, and no others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import bokeh
from bokeh.core.serialization import Serializer
from bokeh.model import Model

from .kept_references import TRIED, kept_of

WRITTEN = "_written_ahead"
_write: Any = Model.to_serializable


class Written(NamedTuple):
    """A model as bokeh writes it, with all that it names.

    Attributes:
        text: what bokeh would write.
        models: those that it holds, each with the list of what it names.
        known: others that it names, which the browser knows.
        buffers: what it holds besides the text.
    """

    text: Any
    models: list[tuple[Any, list[Any]]]
    known: list[Any]
    buffers: list[Any]

    def is_so(self, serializer: Any) -> bool:
        """Whether it would be written so now."""
        return (
            bool(serializer._deferred)
            and all(kept_of(model) is kept and not serializer.has_ref(model) for model, kept in self.models)
            and all(serializer.has_ref(model) for model in self.known)
        )


def write_from_ahead() -> None:
    """Have bokeh take what is written ahead; another version of bokeh writes as it does."""
    if bokeh.__version__.startswith(TRIED):
        Model.to_serializable = to_serializable  # type: ignore[method-assign, assignment]


def write_ahead(model: Any, known: Iterable[Any]) -> None:
    """Write a model that is going to be put onto a page. What changes without a word is not written ahead.

    Args:
        known: the page's models.
    """
    if Model.to_serializable is not to_serializable:
        return
    there, named = set(known), model.references()
    new = named - there
    kept = [(one, names) for one in new if (names := kept_of(one)) is not None]
    if len(kept) < len(new):
        return
    serializer = Serializer(references=there)
    text = serializer.encode(model)
    model.__dict__[WRITTEN] = Written(text, kept, list(named & there), serializer.buffers)


def to_serializable(model: Any, serializer: Any) -> Any:
    """As bokeh's method of this name, which writes a model that the browser does not know."""
    written = model.__dict__.pop(WRITTEN, None)
    if written is None or not written.is_so(serializer):
        return _write(model, serializer)
    for one, _ in written.models:
        serializer.add_ref(one, one.ref)
    serializer._buffers.extend(written.buffers)
    return written.text
