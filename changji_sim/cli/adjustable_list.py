"""``changji-sim adjustable``: what ``--set`` can set (可调项)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..base.messages import message, text_of
from ..base.spelling import identity
from .answer_output import reader, table, titles_of_items
from .command_output import say, say_json
from .commands import command
from .options import JSON, LANGUAGE, PLUGINS_DIR, REFORM, SCENARIO, console

if TYPE_CHECKING:
    from ..adjustable import Adjustable
    from ..scenario.model import ScenarioModel


@command(
    short_help=message("List what --set can set (可调项)."),
    help=message(
        "The adjustable parameters (可调项) of SCENARIO (情景): the name for --set, what it is, its value, the law's."
        "\n\nWith WORDs, those whose name or title holds every one of them: exchange, ceiling, growth."
    ),
)
@SCENARIO
@click.argument("words", nargs=-1, metavar=message("[WORD] …"))
@REFORM
@PLUGINS_DIR
@LANGUAGE
@JSON
def adjustable(
    scenario: str, words: tuple[str, ...], reform: tuple[str, ...], plugins_dir: str | None, as_json: bool
) -> None:
    """Print the adjustable parameters of a scenario."""
    from ..adjustable import adjustables
    from ..adjustable.set_values import names_of
    from ..scenario_file.draft import Draft
    from ..scenario_file.load import load_scenario

    loaded = load_scenario(scenario, reform, plugins_dir)
    every = adjustables(Draft.of(loaded, plugins_dir, keeps_reform=True), loaded)
    found = [one for one in every if _has(words, names_of(one, loaded))]
    if as_json:
        say_json([_record(one, loaded) for one in found])
        return
    _print(found, loaded)
    if not found:
        say(message("none of {count} has this name; fewer words find more", count=len(every)))


def _has(words: tuple[str, ...], names: list[str]) -> bool:
    within = identity(" ".join(names))
    return all(identity(word) in within for word in words)


def _record(one: Adjustable, scenario: ScenarioModel) -> dict[str, Any]:
    about = {"name": one.key, "title": _title(one, scenario), "value": one.value, "unit": one.unit}
    return about | {"law": one.law, "article": one.article, "path": one.path}


def _print(found: list[Adjustable], scenario: ScenarioModel) -> None:
    rows = []
    for one in found:
        law = f"{_value(one, one.law)} ({one.article})" if one.law is not None else ""
        rows.append((one.key, _title(one, scenario), _value(one, one.value), law))
    heads = (message("name"), message("what it is"), message("value"), message("the law's"))
    if rows:
        console().print(table(heads, rows, ("left", "left", "right", "left")))


def _title(one: Adjustable, scenario: ScenarioModel) -> str:
    """What it is called, behind its item."""
    from ..wording.language import title_with_item

    return title_with_item(titles_of_items(scenario), one.group, reader()(one.title, one.title_en))


def _value(one: Adjustable, value: Any) -> str:
    """A value as it may be typed behind ``--set``, with its unit."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return text_of(message("yes") if value else message("no"))
    if isinstance(value, list):
        return ",".join(value)
    if isinstance(value, str):
        return value
    return f"{value * 100:.10g}%" if one.unit == "%" else f"{value:.10g}{one.unit}"
