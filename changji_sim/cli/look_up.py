"""``changji-sim measure`` and ``plugins``: what there is to look up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from .options import JSON, PLUGINS_DIR, REFORM, console


@click.command(short_help="Look up the measure (办法).")
@click.argument("article", required=False)
@REFORM
@JSON
def measure(article: str | None, reform: str | None, as_json: bool) -> None:
    """The measure (办法): all of it, or one ARTICLE (条) such as 11, 11(3) or 第十一条（三）.

    Says the gist, the numbers the law fixes, what of the program they touch, and the readings (条文理解) left open.
    """
    from ..measure import load_measure, load_reform

    law = load_measure()
    law = law.reformed(load_reform(reform, law)) if reform else law
    rows = law.as_rows(article)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    screen = console()
    for row in rows:
        for line in _provision_lines(row):
            screen.print(line)


def _provision_lines(row: dict[str, Any]) -> Iterator[Text]:
    """One provision as a person reads it: article and gist, then its numbers and readings, then what it touches."""
    yield Text.assemble((row["article"], "bold"), " ", row["gist_zh"])
    yield Text(f"    {row['gist_en']}", style="dim")
    for value in row["values"]:
        by = f"  ({value['reform']})" if value["reform"] else ""
        yield Text(f"    {value['item']}.{value['term']}  {value['title']}  {value['shown']}{by}", style="cyan")
    for reading in row["readings"]:
        choices = ", ".join(
            f"{key} {choice['title']}{' (default)' if key == reading['default'] else ''}"
            for key, choice in reading["choices"].items()
        )
        yield Text(f"    reading {reading['name']} 条文理解: {reading['title']} {choices}", style="yellow")
    if row["touches"]:
        yield Text(f"    touches {', '.join(row['touches'])}", style="dim")


@click.command(short_help="List the plugins (插件) and what failed.")
@PLUGINS_DIR
@JSON
def plugins(plugins_dir: str | None, as_json: bool) -> None:
    """The plugins (插件): which are loaded, from where, with which modes (支持方式), and which failed and why."""
    from ..modes.plugin_loading import check_folder, load_plugins
    from ..reports.terminal import Fitting

    check_folder(plugins_dir)
    loaded = load_plugins(plugins_dir)
    if as_json:
        rows = [
            {
                "name": plugin.name,
                "source": plugin.source,
                "version": plugin.version,
                "modes": {mode.key: mode.title for mode in plugin.modes},
                "failure": plugin.failure,
            }
            for plugin in loaded
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    table = Table(box=None)
    for header in ("plugin 插件", "modes 支持方式", "from 来源"):
        table.add_column(header)
    for plugin in loaded:
        modes = ", ".join(f"{mode.key} {mode.title}" for mode in plugin.modes)
        what = Text(f"failed: {plugin.failure}", style="red") if plugin.failure else Text(modes)
        table.add_row(Text(plugin.name), what, Text(plugin.source))
    console().print(Fitting(table, leads=1))
