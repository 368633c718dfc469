"""Tables on a page, as static HTML: scenarios beside each other, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from ...results.breakdown import EVERY
from ...results.side_by_side import LATER, QUANTITIES
from ...views import PictureTranslator
from ...wording.amounts import percent, points, signed_wan, wan
from ...wording.labels import label
from ..widgets.ui_text import html

SOURCED = ("envelope", "assumption", "oversight")  # parts of a scenario whose numbers ought to have a source
CHANCE = "probability_short"  # the one quantity that is no amount: years do not add up


def rows_of(frame: pd.DataFrame) -> Iterable[Any]:
    """The rows of a frame by the names of its columns, of whatever types these are."""
    return frame.itertuples()


def table(heads: Sequence[str], rows: Iterable[Sequence[str] | str], numbers: range = range(0)) -> str:
    """A table of cells that are HTML already; those in the columns ``numbers`` stand to the right. A row that is text
    alone goes over all columns.
    """
    kinds = [' class="number"' if n in numbers else "" for n in range(len(heads))]
    head = "".join(f"<th{kind}>{text}</th>" for kind, text in zip(kinds, heads, strict=True))
    body = ""
    for row in rows:
        cells = [f'<td class="over-all" colspan="{len(heads)}">{row}</td>']
        if not isinstance(row, str):
            cells = [f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row, strict=True)]
        body += f"<tr>{''.join(cells)}</tr>"
    return f'<div class="wide"><table class="numbers"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def comparison_table(frame: pd.DataFrame, titles: Sequence[str], say: PictureTranslator) -> str:
    """What `comparison` gives: a block for each quantity, a line for each scenario, a column for each year. Lines of
    scenarios that are the same as the first in a quantity are folded away below.
    """
    whens = list(dict.fromkeys(frame.when))
    whens = [*(when for when in whens if when.isdigit()), *(when for when in (LATER, EVERY) if when in whens)]
    names = {LATER: label("later_years", say, "columns"), EVERY: label("all_years", say, "columns")}
    cells = {(row.quantity, row.when, row.position): row for row in rows_of(frame)}
    heads = [say("万元，平均", "万元, mean"), *(names.get(when, when) for when in whens)]

    def block(quantity: str, positions: Iterable[int]) -> list[Sequence[str] | str]:
        ever = say("；末列为任一年出现缺口的概率", "; last column: in any year") if quantity == CHANCE else ""
        rows: list[Sequence[str] | str] = [f"<b>{label(quantity, say, QUANTITIES[quantity])}</b>{ever}"]
        for position in positions:
            line = [_cell(cells.get((quantity, when, position)), position, say) for when in whens]
            rows.append([f'{place(position + 1)} <span class="name">{html(titles[position])}</span>', *line])
        return rows

    others = range(1, len(titles))
    moved = {name: [n for n in others if not _is_same(cells, name, whens, n)] for name in QUANTITIES}
    shown = [row for name, ones in moved.items() if ones or not others for row in block(name, [0, *ones])]
    still = {name: [n for n in others if n not in ones] for name, ones in moved.items()}
    folded = [row for name, ones in still.items() if ones for row in block(name, ones if moved[name] else [0, *ones])]
    numbers, rounding = range(1, len(heads)), label("rounding", say, "notes")
    made = table(heads, shown, numbers) if shown else ""
    if folded:
        count = sum(map(len, still.values()))
        words = say(f"与第1个恰好相同的{count}行", f"{count} rows that are exactly as in no. 1")
        made += f"<details><summary>{words}</summary>{table(heads, folded, numbers)}</details>"
    return made + f'<div class="about">{rounding}</div>'


def as_numbered(frame: pd.DataFrame, titles: Sequence[str], say: PictureTranslator) -> pd.DataFrame:
    """What `comparison` gives, to hand on: scenarios as the page numbers and calls them, years and units in words."""
    names = {LATER: label("later_years", say, "columns"), EVERY: label("all_years", say, "columns")}
    units = (frame.quantity == CHANCE).map({True: label("probability", say, "columns"), False: "万元"})
    is_chance, is_every = frame.quantity == CHANCE, frame.when == EVERY
    handed = frame.assign(
        when=frame.when.replace(names).mask(is_chance & is_every, label("any_year", say, "columns")),
        scenario=[f"{position + 1} {titles[position]}" for position in frame.position],
    ).drop(columns="position")
    handed.insert(list(handed).index("value"), "unit", units)
    return handed


def _is_same(cells: Mapping[Any, Any], quantity: str, whens: Iterable[str], position: int) -> bool:
    """Whether a scenario is in no year other than the first; what neither of them has is the same."""
    for when in whens:
        first, row = cells.get((quantity, when, 0)), cells.get((quantity, when, position))
        is_there = [one is not None and not pd.isna(one.value) for one in (first, row)]
        if is_there[0] != is_there[1] or (row is not None and is_there[1] and not row.is_same):
            return False
    return True


def place(number: int) -> str:
    """A scenario's number in a ring."""
    return f'<span class="place">{number}</span>'


def _cell(row: Any, position: int, say: PictureTranslator) -> str:
    """A value, below it its middle 80%, or how far it is from the first and how sure that is."""
    if row is None or pd.isna(row.value):
        return "–"
    is_chance = row.quantity == CHANCE
    value = percent(row.value) if is_chance else wan(row.value)
    if position == 0:
        is_spread = not pd.isna(row.p10) and row.p10 != row.p90
        about = f"{wan(row.p10)}–{wan(row.p90)}" if is_spread else ""
    else:
        shown, unit = (points, say("个百分点", " pp")) if is_chance else (signed_wan, "")
        about = change_text(row.difference, row.low, row.high, row.is_same, say, shown, unit)
    return f'{value}<div class="about">{about}</div>'


def change_text(
    mean: float,
    low: float,
    high: float,
    is_same: bool,
    say: PictureTranslator,
    shown: Callable[[float], str] | None = None,
    unit: str = "",
) -> str:
    """A difference, with its unit, and its 95% interval; exactly 0 is written in words."""
    shown = shown or signed_wan
    if is_same:
        return say("恰好为0", "exactly 0")
    if pd.isna(mean):
        return "–"
    if low == high:
        return shown(mean) + unit
    is_sure = low > 0 or high < 0
    middle = f"<b>{shown(mean)}{unit}</b>" if is_sure else shown(mean) + unit
    return f'{middle}<div class="interval">[{shown(low)}, {shown(high)}]</div>'


def changed_table(frame: pd.DataFrame, item_names: dict[str, str], say: PictureTranslator) -> str:
    """What `changed` gives, a line for each value."""
    rows = []
    for row in rows_of(frame):
        whose = item_names.get(row.item, row.item) if row.item != EVERY else label("whole", say, "parts")
        values = (row.before, row.after) if say.language == "zh" else (row.before_en, row.after_en)
        law = f'<b class="beyond">{label("reform", say, "columns")}</b> ' if row.part == "reform" else ""
        certificate = [part for part in (row.article, say(row.source, row.source_en), row.mark) if part]
        if not certificate and row.part in SOURCED:
            certificate = [label("no_source", say, "notes")]
        says = " · ".join(map(html, certificate))
        rows.append([
            html(whose), law + html(say(row.title, row.title_en)),
            f"{html(values[0])} → <b>{html(values[1])}</b>", f'<span class="about">{says}</span>',
        ])  # fmt: skip
    heads = [
        label("item", say, "columns"),
        say("参数", "value"),
        say("改动", "change"),
        say("条款、来源", "article, source"),
    ]
    return table(heads, rows)
