"""``changji-sim measure`` and ``plugins``: what there is to look up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..base.messages import joined, message, named, reader_language, text_of
from .command_output import say, say_json
from .commands import command, option
from .options import JSON, LANGUAGE, NAME_OR_FILE, PLUGINS_DIR, REFORM, console

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
@option("--scenario", metavar=NAME_OR_FILE,
        help=message("Also name the items of SCENARIO (情景) that are not in the measure (自设)."))  # fmt: skip
@REFORM
@PLUGINS_DIR
@LANGUAGE
@JSON
def measure(
    article: str | None, scenario: str | None, reform: tuple[str, ...], plugins_dir: str | None, as_json: bool
) -> None:
    """Print provisions of the measure."""
    from ..measure import load_measure, stacked

    law = load_measure()
    changed = stacked(reform, law)
    law = law.reformed(changed) if changed else law
    rows = law.as_rows(ENGLISH_ARTICLE.sub("", article) if article else None)
    own = _own_items(scenario, reform, plugins_dir, [row["article"] for row in rows]) if scenario else []
    if as_json:
        say_json([*rows, *own])
        return
    screen = console()
    for row in rows:
        for line, style in _provision_lines(row):
            screen.print(line, style=style, markup=False, highlight=False)
    for item in own:
        screen.print(_own_line(item), markup=False, highlight=False)


def _own_items(
    scenario: str, reform: tuple[str, ...], plugins_dir: str | None, articles: Sequence[str]
) -> list[dict[str, Any]]:
    """The items of a scenario that no article names, under the articles of their programmes or of what covers them."""
    from ..measure import load_measure
    from ..scenario_file.load import load_scenario

    loaded, law = load_scenario(scenario, reform, plugins_dir), load_measure()
    rows = []
    for item in loaded.items:
        if not item.is_own:
            continue
        mode = next(iter(item.modes.values()))
        article = law.items[item.covered_by].article if item.covered_by else law.categories[item.category].article
        if any(one.startswith(article) or article.startswith(one) for one in articles):
            titles = {"title": item.title, "title_en": item.title_en, "category": loaded.categories[item.category]}
            about = {"mode": mode.key, "mode_title": mode.title, "mode_title_en": mode.title_en}
            rows.append({"article": article, "own_item": item.key, **titles, **about})
    return rows


def _own_line(row: dict[str, Any]) -> str:
    line = message(
        "Not in the measure (自设): {title} ({item}), in {category} ({article}), by the mode {mode} ({key})",
        title=named(row["title"], row["title_en"] or row["title"]), item=row["own_item"], category=row["category"],
        article=row["article"], mode=named(row["mode_title"], row["mode_title_en"] or row["mode"]), key=row["mode"],
    )  # fmt: skip
    return text_of(line)


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
        "The plugins (插件): which are loaded, from where, with which modes (支持方式), and which were set aside, why, "
        "and what mends them.\n\n"
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
    return {
        "name": plugin.name,
        "source": plugin.source,
        "version": plugin.version,
        "file": plugin.file,
        "modes": {mode.key: mode.title for mode in plugin.modes},
        "is_set_aside": bool(plugin.failure),
        "failure": text_of(plugin.failure),
        "cure": text_of(plugin.cure),
    }


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
    for header in (message("plugin"), message("version"), message("modes"), message("from")):
        table.add_column(text_of(header), overflow="fold")  # a reason that is cut off says nothing
    for plugin in loaded:
        modes = joined([named(f"{mode.title} {mode.key}", f"{mode.key} {mode.title}") for mode in plugin.modes])
        failed = message("set aside: {why}; {cure}", why=plugin.failure, cure=plugin.cure)
        what = Text(text_of(failed), style="red") if plugin.failure else Text(text_of(modes))
        source = plugin.file if plugin.is_single_file else f"{plugin.source} · {Path(plugin.file).name}"
        table.add_row(Text(plugin.name), Text(plugin.version or "–"), what, Text(source))
    console().print(table)
