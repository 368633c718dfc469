"""A result in a notebook cell: the summary as a table in the page's colours. All text from files is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

from .budget_table import EVERY
from .terminal import percent, tail_text, wan

if TYPE_CHECKING:
    from .result import Result

_CELL = "padding:2px 12px;text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap"
_NAME = "padding:2px 12px;text-align:left"
_HEADERS = ("年度 year", "专项 category", "资金需求 need", "10–90%", "预算额度 envelope", "缺口概率 P(short)")


def result_html(result: Result) -> str:
    """Title, year × category, the tail, the caveats."""
    title = f"{escape(result.scenario.title)} <code>{escape(result.scenario.name)}</code>"
    about = f"{result.trial_count:,} 次试验 trials · seed {result.seed} · 万元"
    head = "".join(f'<th style="{_NAME if n < 2 else _CELL}">{header}</th>' for n, header in enumerate(_HEADERS))
    notes = [tail_text(result), *result.notes()]
    below = "".join(f"<li>{escape(note)}</li>" for note in notes if note)
    return (
        f'<div style="line-height:1.5"><strong>{title}</strong> <span style="opacity:.7">{about}</span>'
        f'<table style="border-collapse:collapse;margin:.5em 0"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(_rows(result))}</tbody></table>"
        f'<ul style="margin:0;padding-left:1.2em;opacity:.8;max-width:60em">{below}</ul></div>'
    )


def _rows(result: Result) -> list[str]:
    titles = result.scenario.categories
    rows = []
    for year, category, mean, low, high, envelope, short in result.summary().itertuples(index=False):
        is_total = category == EVERY
        name = "合计 total" if is_total else f"{escape(titles[category])} <code>{escape(category)}</code>"
        line = "font-weight:600;border-bottom:1px solid rgba(128,128,128,.4)" if is_total else ""
        first = str(year) if category == next(iter(titles)) else ""
        cells = [(_NAME, first), (_NAME, name), (_CELL, wan(mean)), (_CELL, f"{wan(low)} – {wan(high)}")]
        cells += [(_CELL, wan(envelope)), (f"{_CELL};{_bar(short)}", percent(short))]
        rows.append(f'<tr style="{line}">{"".join(f"<td style={chr(34)}{s}{chr(34)}>{t}</td>" for s, t in cells)}</tr>')
    return rows


def _bar(probability: float) -> str:
    """A cell filled from the left as far as a probability goes."""
    if np.isnan(probability):
        return ""
    return f"background:linear-gradient(90deg,rgba(214,84,48,.35) {probability:.0%},transparent {probability:.0%})"
