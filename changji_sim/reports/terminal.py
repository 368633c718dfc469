"""A result on a terminal: need against envelope, the caps that cut most, and what to be wary of, in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..base.messages import reader_language
from ..results.breakdown import binding_caps
from ..results.caveats import notes
from ..results.monte_carlo import binding_errors
from ..wording.amounts import percent, percent_with_error, wan, wan_with_error
from ..wording.labels import label
from ..wording.language import Translator, cap_title, cited, item_titles
from .summary_text import summary_heads, summary_notes, summary_rows, tail_text, title_line

if TYPE_CHECKING:
    from ..results.run_result import RunResult

CAPS_SHOWN = 6


def result_view(result: RunResult, language: str | None = None, has_errors: bool = False) -> RenderableType:
    """The summary, the main caps, what is still to be paid and the notes, one below the other.

    Args:
        language: ``zh`` or ``en``; by default the reader's.
        has_errors: whether numbers are printed with their Monte Carlo errors.

    Raises:
        FaultyInput: there is no such language.
    """
    say = Translator(language or reader_language())
    parts: list[RenderableType] = [Fitting(summary_table(result, say, has_errors), leads=2)]
    tail = tail_text(result, say)
    if tail:
        parts.append(Text(tail))
    if len(binding_caps(result)):
        parts += ["", Fitting(caps_table(result, say, has_errors), leads=3)]
    if has_errors:
        parts.append(Text(label("errors", say, "notes")))
    parts += [Text(f"• {note}", style="yellow") for note in notes(result, say.language)]
    return Group(*parts)


class Fitting:
    """A table where it fits; on a narrower terminal its rows as lines, so that no column is lost.

    Args:
        leads: how many columns name a row; behind them every cell goes with its header.
    """

    def __init__(self, table: Table, leads: int):
        self.table, self.leads = table, leads

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if console.measure(self.table, options=options.update(max_width=10_000)).minimum <= options.max_width:
            yield self.table
            return
        headers = [str(column.header) for column in self.table.columns]
        rows = list(zip(*(column.cells for column in self.table.columns), strict=True))
        yield Text.from_markup(str(self.table.title or ""), style="italic")
        for row in rows:
            cells = [cell if isinstance(cell, Text) else Text.from_markup(str(cell)) for cell in row]
            named = [cell for cell in cells[: self.leads] if cell.plain]
            yield Text(" ").join(named)
            shown = [Text(f"{header} {cell.plain}") for header, cell in zip(headers, cells, strict=True)][self.leads :]
            yield Padding(Text(" · ").join(shown), (0, 0, 0, 2))
        if self.table.caption:
            yield Text.from_markup(str(self.table.caption), style="dim")


def summary_table(result: RunResult, say: Translator, has_errors: bool = False) -> Table:
    """Year × category: need (mean and the middle 80%), envelope, P(short); the year's total below its categories."""
    table = Table(
        title=escape(title_line(result, say)), title_justify="left",
        caption=say("", " ").join(summary_notes(result, say)), caption_justify="left", box=None,
    )  # fmt: skip
    for n, header in enumerate(summary_heads(say)):
        table.add_column(header, justify="left" if n < 2 else "right", no_wrap=n >= 2)
    for row in summary_rows(result, say, has_errors):
        table.add_row(*map(escape, row.cells), style="bold" if row.is_total else "", end_section=row.is_total)
    return table


def caps_table(result: RunResult, say: Translator, has_errors: bool = False) -> Table:
    """The caps that cut most, in the mean over the years in force."""
    title = say("核减最多的上限（年均核减，万元）", "Caps that cut most (cut a year, mean, 万元)")
    table = Table(title=title, title_justify="left", box=None)
    for header in ("cap", "item", "article"):
        table.add_column(label(header, say, "columns"))
    table.add_column(label("probability_binding", say, "columns"), justify="right")
    table.add_column(label("yearly_cut", say, "columns"), justify="right")
    items, titles = {item.key: item for item in result.scenario.items}, item_titles(result.scenario, say)
    rows: list[Any] = list(binding_caps(result).head(CAPS_SHOWN).itertuples(index=False))
    errors: list[Any] = list(binding_errors(result).itertuples(index=False)) if has_errors else []
    for n, row in enumerate(rows):
        of_item = [cap for caps in items[row.item].caps.values() for cap in caps if cap.key == row.cap]
        title = cap_title(of_item[0], say.language)
        numbers = percent(row.probability_binding), wan(row.mean_cut_wan)
        if has_errors:
            of = errors[n]
            ends = of.probability_binding_low, of.probability_binding_high
            numbers = (
                percent_with_error(row.probability_binding, *ends),
                wan_with_error(row.mean_cut_wan, of.mean_cut_wan_low, of.mean_cut_wan_high),
            )
        table.add_row(*map(escape, (title, titles[row.item], cited(row.article, say), *numbers)))
    return table
