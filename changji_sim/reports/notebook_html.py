"""A result in a notebook cell: its summary as a table in the page's colours, its pictures offline. Text is escaped."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from ..base.faults import DESK_EXTRA, Fault, FaultyInput
from ..base.messages import joined, message, reader_language
from ..results.caveats import notes
from ..wording.language import Translator
from .summary_text import SummaryRow, summary_heads, summary_notes, summary_rows, tail_text, title_line

if TYPE_CHECKING:
    from ..results.run_result import RunResult

_CELL = "padding:2px 12px;text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap"
_NAME = "padding:2px 12px;text-align:left"


def result_html(result: RunResult, language: str | None = None) -> str:
    """Title, year × category, what is still to be paid, the notes; in the reader's language unless one is given.

    Raises:
        FaultyInput: there is no such language.
    """
    say = Translator(language or reader_language())
    looks = [_NAME if n < 2 else _CELL for n in range(len(summary_heads(say)))]
    head = "".join(f'<th style="{look}">{word}</th>' for look, word in zip(looks, summary_heads(say), strict=True))
    below = [*summary_notes(result, say), tail_text(result, say), *notes(result, say.language)]
    items = "".join(f"<li>{escape(note)}</li>" for note in below if note)
    return (
        f'<div style="line-height:1.5"><strong>{escape(title_line(result, say))}</strong>'
        f'<table style="border-collapse:collapse;margin:.5em 0"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(_row(row) for row in summary_rows(result, say))}</tbody></table>"
        f'<ul style="margin:0;padding-left:1.2em;opacity:.8;max-width:60em">{items}</ul></div>'
    )


def _row(row: SummaryRow) -> str:
    line = "font-weight:600;border-bottom:1px solid rgba(128,128,128,.4)" if row.is_total else ""
    looks = [_NAME, _NAME, *[_CELL] * (len(row.cells) - 3), f"{_CELL};{_bar(row.short)}"]
    cells = "".join(f'<td style="{look}">{escape(text)}</td>' for look, text in zip(looks, row.cells, strict=True))
    return f'<tr style="{line}">{cells}</tr>'


def _bar(probability: float) -> str:
    """A cell filled from the left as far as a probability goes."""
    if np.isnan(probability):
        return ""
    return f"background:linear-gradient(90deg,rgba(214,84,48,.35) {probability:.0%},transparent {probability:.0%})"


# --- pictures in cells ------------------------------------------------------------------------------------------------

BACKENDS = ("matplotlib", "bokeh")
_prepared: set[str] = set()  # backends that `notebook` was called with


def notebook(backend: str = "matplotlib") -> None:
    """Prepare a notebook for pictures, once at its top; nothing is fetched from a network.

    Args:
        backend: ``matplotlib`` puts a PNG into each cell, readable wherever the notebook is shown (and has Chinese in
            pictures of one's own, if a font for it is installed); ``bokeh`` draws live and says what the pointer is on
            (its scripts, some megabytes, go into the cell that calls this).

    Raises:
        FaultyInput: there is no such backend, or it is not installed.
    """
    if backend not in BACKENDS:
        what = message("there is no backend '{name}' (there are {known})", name=backend, known=joined(BACKENDS))
        raise FaultyInput([Fault("", what)])
    try:
        import holoviews

        from .. import views
    except ImportError as missing:
        raise FaultyInput([Fault("", message("pictures need holoviews; {how}", how=DESK_EXTRA))]) from missing
    views.load_backends()
    if backend not in holoviews.Store.loaded_backends():
        raise FaultyInput([Fault("", message("this backend needs {name}: pip install {name}", name=backend))])
    holoviews.Store.set_current_backend(backend)
    if backend == "matplotlib":
        views.write_chinese()
    shell = _shell()
    if shell is None:
        return
    if backend == "bokeh":
        _load_scripts()
    _prepared.add(backend)
    shell.display_formatter.mimebundle_formatter.for_type(
        holoviews.core.dimension.Dimensioned, _live if backend == "bokeh" else _png
    )


def is_in_notebook() -> bool:
    """Whether a notebook's kernel runs this."""
    return hasattr(_shell(), "kernel")


def make_live() -> None:
    """Let the cell that runs show what is live, unless its notebook was prepared for that."""
    if "bokeh" not in _prepared:
        _load_scripts()


def _load_scripts() -> None:
    """Panel's scripts into the cell that runs."""
    import panel

    panel.extension("tabulator", inline=True)


def _shell() -> Any:
    """The IPython that runs this, None elsewhere."""
    try:
        return get_ipython()  # type: ignore[name-defined]
    except NameError:
        return None


def _png(picture: Any) -> dict[str, Any]:
    """A picture in a cell as PNG."""
    from ..views import png

    return {"image/png": b64encode(png(picture)).decode("ascii"), "text/plain": f"<{type(picture).__name__}>"}


def _live(picture: Any) -> Any:
    """A picture in a cell, live. As a pane: by itself HoloViews asks a server elsewhere for styles."""
    from panel.pane import HoloViews

    return HoloViews(picture, linked_axes=False)._repr_mimebundle_()
