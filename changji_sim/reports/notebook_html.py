"""A result in a notebook cell: its summary as a table in the page's colours, its pictures offline. Text is escaped."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from ..base.faults import DESK_EXTRA, Fault, FaultyInput
from ..results.budget_table import EVERY
from ..results.shortfall import caveats
from ..wording.amounts import percent, wan, wan_range
from .terminal import tail_text

if TYPE_CHECKING:
    from ..results.run_result import RunResult

_CELL = "padding:2px 12px;text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap"
_NAME = "padding:2px 12px;text-align:left"
_HEADERS = ("年度 year", "专项 category", "资金需求 need", "10–90%", "预算额度 envelope", "缺口概率 P(short)")


def result_html(result: RunResult) -> str:
    """Title, year × category, the tail, the caveats."""
    title = f"{escape(result.scenario.title)} <code>{escape(result.scenario.name)}</code>"
    about = f"{result.trial_count:,} 次试验 trials · seed {result.seed} · 万元"
    head = "".join(f'<th style="{_NAME if n < 2 else _CELL}">{header}</th>' for n, header in enumerate(_HEADERS))
    notes = [tail_text(result), *caveats(result, "en")]
    below = "".join(f"<li>{escape(note)}</li>" for note in notes if note)
    return (
        f'<div style="line-height:1.5"><strong>{title}</strong> <span style="opacity:.7">{about}</span>'
        f'<table style="border-collapse:collapse;margin:.5em 0"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(_rows(result))}</tbody></table>"
        f'<ul style="margin:0;padding-left:1.2em;opacity:.8;max-width:60em">{below}</ul></div>'
    )


def _rows(result: RunResult) -> list[str]:
    titles = result.scenario.categories
    rows = []
    for year, category, mean, low, high, envelope, short in result.summary().itertuples(index=False):
        is_total = category == EVERY
        name = "合计 total" if is_total else f"{escape(titles[category])} <code>{escape(category)}</code>"
        line = "font-weight:600;border-bottom:1px solid rgba(128,128,128,.4)" if is_total else ""
        first = str(year) if category == next(iter(titles)) else ""
        cells = [(_NAME, first), (_NAME, name), (_CELL, wan(mean)), (_CELL, wan_range(low, high))]
        cells += [(_CELL, wan(envelope)), (f"{_CELL};{_bar(short)}", percent(short))]
        rows.append(f'<tr style="{line}">{"".join(f"<td style={chr(34)}{s}{chr(34)}>{t}</td>" for s, t in cells)}</tr>')
    return rows


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
        raise FaultyInput([Fault("", f"there is no backend '{backend}' (there are {', '.join(BACKENDS)})")])
    try:
        import holoviews

        from .. import views
    except ImportError as missing:
        raise FaultyInput([Fault("", f"pictures need holoviews; {DESK_EXTRA}")]) from missing
    views.load_backends()
    if backend not in holoviews.Store.loaded_backends():
        raise FaultyInput([Fault("", f"this backend needs {backend}: pip install {backend}")])
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
