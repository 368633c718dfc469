"""A picture as plain data: layers of one kind each, with what surrounds them. HoloViews draws it; where it stands on a
page already, new numbers go straight into its sources.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import update_wrapper
from typing import Any, Generic, ParamSpec

import holoviews as hv
import numpy as np

from .theme import looks_of

Arguments = ParamSpec("Arguments")
MOVES = {"title", "height", "xlim", "ylim", "xticks", "yticks", "legend_cols"}  # of what surrounds a drawing on a page


@dataclass(frozen=True, eq=False)
class Layer:
    """Marks of one kind and one look.

    Args:
        kind: the HoloViews element: ``Rectangles``, ``Segments``, ``Area``, ``Curve``, ``Points``, ``Labels``.
        columns: values by name, one a mark.
        places: names of the columns that say where; the others say what.
        bokeh, matplotlib: its look under each backend.
        ghost: what of it is shown beside other numbers, where these are compared with it: its ``line``, the ``outline``
            of its boxes or only ``tops`` or ``sides``, the ``words`` in its cells; ``before`` marks what is so shown,
            ``above``, ``beside`` and ``inside`` words that it does not run through.
    """

    kind: str
    columns: Mapping[str, Any]
    places: tuple[str, ...]
    bokeh: Mapping[str, Any]
    matplotlib: Mapping[str, Any]
    label: str = ""
    ghost: str = ""

    def with_ghost(self, ghost: str) -> Layer:
        """The same, of which so much is shown where it is compared with."""
        return replace(self, ghost=ghost)

    def element(self) -> Any:
        """The layer as an element of HoloViews."""
        values = [name for name in self.columns if name not in self.places]
        if self.kind == "Area":  # its upper edge is what it says of a place
            element = hv.Area(dict(self.columns), self.places[0], [*self.places[1:]], label=self.label)
        elif self.kind == "Curve":
            element = hv.Curve(dict(self.columns), *self.places, label=self.label)
        else:
            element = getattr(hv, self.kind)(dict(self.columns), list(self.places), values, label=self.label)
        return element.opts(*looks_of(self.kind, self.bokeh, self.matplotlib))

    def source(self) -> dict[str, Any]:
        """What bokeh's data source of this layer holds, under the names that HoloViews gives there."""
        columns = {name: np.asarray(values) for name, values in self.columns.items()}
        if self.kind == "Area":
            x, low, high = (columns[name] for name in self.places)
            return {"x": np.concatenate([x, x[::-1]]), "y": np.concatenate([high, low[::-1]])}
        if self.kind == "Rectangles":
            x0, y0, x1, y1 = (columns[name] for name in self.places)
            columns |= {"left": np.minimum(x0, x1), "right": np.maximum(x0, x1)}
            columns |= {"bottom": np.minimum(y0, y1), "top": np.maximum(y0, y1)}
        for look, named in self.bokeh.items():  # what a column says of each mark's look
            if isinstance(named, str) and named in columns:
                columns[look] = columns[named]
        return columns


@dataclass(frozen=True, eq=False)
class Drawing:
    """Layers on one another, and what surrounds them under each backend.

    ``key`` is the legend: (text, colour, opacity of an area or dash of a line). ``height`` is pixels on a page that has
    title and legend beside the picture.
    """

    layers: Sequence[Layer]
    bokeh: Mapping[str, Any]
    matplotlib: Mapping[str, Any]
    height: int
    key: Sequence[tuple[str, str, Any]] = ()

    def overlay(self) -> hv.Overlay:
        """Drawn by HoloViews."""
        overlay = hv.Overlay([layer.element() for layer in self.layers])
        return overlay.opts(*looks_of("Overlay", self.bokeh, self.matplotlib))

    @property
    def shape(self) -> tuple[Any, ...]:
        """What cannot change on a page without drawing anew: kinds and looks of the layers, all that surrounds them but
        what `MOVES`, and whether that is given. What layers are called stands in the page's own legend.
        """
        layers = [(layer.kind, repr(sorted(layer.bokeh.items(), key=str))) for layer in self.layers]
        around = [(name, repr(value)) for name, value in self.bokeh.items() if name not in MOVES]
        return (*layers, *around, *sorted(MOVES & self.bokeh.keys()))


class Picture(Generic[Arguments]):
    """A function of results that draws: called, it gives a HoloViews overlay; its `drawing` is the same as plain
    data.
    """

    def __init__(self, draw: Callable[Arguments, Drawing]):
        self.drawing = draw
        update_wrapper(self, draw)

    def __call__(self, *args: Arguments.args, **kwargs: Arguments.kwargs) -> hv.Overlay:
        return self.drawing(*args, **kwargs).overlay()
