"""``changji-sim measure`` and ``plugins``: what there is to look up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from ..base.messages import joined, message, named, reader_language, text_of
from .commands import command
from .options import JSON, LANGUAGE, PLUGINS_DIR, REFORM, console
from .saying import say, say_json

if TYPE_CHECKING:
    from ..modes.plugin_loading import LoadedPlugin

ENGLISH_ARTICLE = re.compile(r"^\s*art(icle|\.)?\s*", re.IGNORECASE)
PAGE_WIDTH = 100  # of what is looked up, in columns


@command(
    short_help=message("Look up the measure (办法)."),
    help=message(
        "The measure (办法): all of it, or one ARTICLE (条) such as 11, 11(3) or 第十一条（三）.\n\n"
        "Prints the gist, the numbers the law fixes, what of the program they touch, and the readings (条款口径) left "
        "open."
    ),
)
@click.argument("article", required=False, metavar=message("[ARTICLE]"))
@REFORM
@LANGUAGE
@JSON
def measure(article: str | None, reform: tuple[str, ...], as_json: bool) -> None:
    """Print provisions of the measure."""
    from ..measure import load_measure, stacked

    law = load_measure()
    changed = stacked(reform, law)
    law = law.reformed(changed) if changed else law
    rows = law.as_rows(ENGLISH_ARTICLE.sub("", article) if article else None)
    if as_json:
        say_json(rows)
        return
    screen = console()
    for row in rows:
        for line, style in _provision_lines(row):
            screen.print(line, style=style, markup=False, highlight=False)


def _provision_lines(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """One provision, with the style of each line: article and gist, its numbers and readings, what it touches."""
    if reader_language() == "zh":
        yield f"{row['article']} {row['gist_zh']}", "bold"
    else:
        yield f"{row['article']} {row['gist_en']}", "bold"
    for value in row["values"]:
        title = named(value["title"], value["title_en"] or value["title"])
        by = message(" ({reform})", reform=value["reform"]) if value["reform"] else ""
        parts = [f"    {value['item']}.{value['term']}", title, f"{_shown(value)}{text_of(by)}"]
        yield joined(parts, "  ", "  ").text(), "cyan"
    for reading in row["readings"]:
        yield _reading_line(reading), "yellow"
    if row["touches"]:
        yield text_of(message("    touches {keys}", keys=joined(row["touches"]))), "dim"


def _shown(value: dict[str, Any]) -> str:
    """A value of the law as it is printed: a number with its unit, a word by its title."""
    from ..wording.labels import label

    is_word = any(isinstance(one, str) for one in value["by_year"].values())
    return label(value["shown"], reader_language(), "choices") if is_word else value["shown"]


def _reading_line(reading: dict[str, Any]) -> str:
    choices = [
        joined(
            [
                f"{key} ",
                named(choice["title"], choice["title_en"] or ""),
                message(" (default)") if key == reading["default"] else "",
            ],
            "",
            "",
        )
        for key, choice in reading["choices"].items()
    ]
    line = message(
        "    reading {name}: {title}: {choices}",
        name=reading["name"],
        title=named(reading["title"], reading["title_en"] or reading["title"]),
        choices=joined(choices),
    )
    return text_of(line)


@command(
    short_help=message("List the plugins (插件), or the terms and columns of a mode (支持方式)."),
    help=message(
        "The plugins (插件): which are loaded, from where, with which modes (支持方式), and which failed and why.\n\n"
        "With MODE, the key or title of a mode such as reward_subsidy or 奖补: the terms its guide may set, the "
        "columns of its applications and its caps, with what each means and may hold."
    ),
)
@click.argument("mode", required=False, metavar=message("[MODE]"))
@PLUGINS_DIR
@LANGUAGE
@JSON
def plugins(mode: str | None, plugins_dir: str | None, as_json: bool) -> None:
    """Print the plugins that are loaded, or what a mode may be given."""
    from ..modes.plugin_loading import check_folder, load_plugins

    check_folder(plugins_dir)
    loaded = load_plugins(plugins_dir)
    if mode is not None:
        _mode(loaded, mode, as_json)
    elif as_json:
        say_json([_plugin_json(plugin) for plugin in loaded])
    else:
        _list(loaded)


def _plugin_json(plugin: LoadedPlugin) -> dict[str, Any]:
    about = {"name": plugin.name, "source": plugin.source, "version": plugin.version}
    return {**about, "modes": {mode.key: mode.title for mode in plugin.modes}, "failure": text_of(plugin.failure)}


def _mode(loaded: Sequence[LoadedPlugin], word: str, as_json: bool) -> None:
    from .help_text import definitions
    from .mode_details import mode_json, mode_named, mode_sections

    mode = mode_named(loaded, word)
    if as_json:
        say_json(mode_json(mode))
        return
    say(message("{title} ({key})", title=named(mode.title, mode.title_en or mode.key), key=mode.key))
    for title, rows in mode_sections(mode):
        say(f"\n{title}\n{definitions(rows, PAGE_WIDTH)}".rstrip())


def _list(loaded: Sequence[LoadedPlugin]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None)
    for header in (message("plugin"), message("modes"), message("from")):
        table.add_column(text_of(header))
    for plugin in loaded:
        modes = joined([named(f"{mode.title} {mode.key}", f"{mode.key} {mode.title}") for mode in plugin.modes])
        failed = message("failed: {why}", why=plugin.failure)
        what = Text(text_of(failed), style="red") if plugin.failure else Text(text_of(modes))
        table.add_row(Text(plugin.name), what, Text(plugin.source))
    console().print(table)
