"""A result on a terminal: need against envelope, the caps that cut most, and what to be wary of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from ..results.budget_table import EVERY
from ..results.shortfall import binding_caps, caveats
from ..wording.amounts import percent, wan, wan_range
from ..wording.language import cap_title

if TYPE_CHECKING:
    from ..results.run_result import RunResult

CAPS_SHOWN = 6


def result_view(result: RunResult) -> RenderableType:
    """The summary, the main caps, the tail and the caveats, one below the other."""
    parts: list[RenderableType] = [Fitting(summary_table(result), leads=2)]
    tail = tail_text(result)
    if tail:
        parts.append(Text(tail))
    if len(binding_caps(result)):
        parts += ["", Fitting(caps_table(result), leads=3)]
    parts += [Text(f"• {note}", style="yellow") for note in caveats(result, "en")]
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
        headers = [str(column.header).split("\n")[0] for column in self.table.columns]
        rows = list(zip(*(column.cells for column in self.table.columns), strict=True))
        yield Text.from_markup(str(self.table.title or ""), style="italic")
        for row in rows:
            cells = [cell if isinstance(cell, Text) else Text.from_markup(str(cell)) for cell in row]
            named = [cell for cell in cells[: self.leads] if cell.plain]
            yield Text(" ").join(named)
            said = [Text(f"{header} {cell.plain}") for header, cell in zip(headers, cells, strict=True)][self.leads :]
            yield Padding(Text(" · ").join(said), (0, 0, 0, 2))
        if self.table.caption:
            yield Text.from_markup(str(self.table.caption), style="dim")


def summary_table(result: RunResult) -> Table:
    """Year × category: need (mean and the middle 80%), envelope, P(short); the year's total below its categories."""
    title = f"{escape(result.scenario.label)} · {result.trial_count:,} trials 试验"
    caption = "万元; categories without an envelope of their own share the total"
    table = Table(title=title, title_justify="left", caption=caption, caption_justify="left", box=None)
    table.add_column("year\n年度")
    table.add_column("category\n专项")
    for header in ("need\n资金需求", "10–90%", "envelope\n预算额度", "P(short)\n缺口概率"):
        table.add_column(header, justify="right", no_wrap=True)
    titles = result.scenario.categories
    for year, category, mean, low, high, envelope, short in result.summary().itertuples(index=False):
        is_total = category == EVERY
        name = "合计 total" if is_total else f"{escape(titles[category])} {escape(category)}"
        cells = [str(year) if category == next(iter(titles)) else "", name]
        cells += [wan(mean), wan_range(low, high), wan(envelope), percent(short)]
        table.add_row(*cells, style="bold" if is_total else "", end_section=is_total)
    return table


def caps_table(result: RunResult) -> Table:
    """The caps that cut most, in the mean over the years in force."""
    table = Table(title="caps that cut most 上限", title_justify="left", box=None)
    for header, justify in (("cap 上限", "left"), ("item 支持方向", "left"), ("article 条款", "left")):
        table.add_column(header, justify=justify)  # type: ignore[arg-type]
    table.add_column("P(binding)", justify="right")
    table.add_column("cut 核减, 万元 a year", justify="right")
    items = {item.key: item for item in result.scenario.items}
    for cap, item, article, probability, cut in binding_caps(result).head(CAPS_SHOWN).itertuples(index=False):
        title = next((cap_title(c) for caps in items[item].caps.values() for c in caps if c.key == cap), "")
        names = [f"{title} {cap}", f"{items[item].title} {item}", article]
        table.add_row(*map(escape, names), percent(probability), wan(cut))
    return table


def tail_text(result: RunResult) -> str:
    """What is still to be paid after the last year, as one sentence; empty if nothing is."""
    paid = {year: result.table.mean_wan(year, EVERY, EVERY, "payment") for year in result.tail}
    shown = [f"{year} {wan(amount)}" for year, amount in paid.items() if amount >= 0.5]
    return (
        f"After {result.years[-1]} what was promised is still paid (尾期), mean: {' · '.join(shown)}" if shown else ""
    )
