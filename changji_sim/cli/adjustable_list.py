"""``changji-sim adjustable``: what ``--set`` can set (可调项)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..base.messages import joined, message, reader_language, text_of
from ..base.spelling import identity
from .commands import command
from .options import JSON, LANGUAGE, PLUGINS_DIR, REFORM, console
from .saying import say, say_json

if TYPE_CHECKING:
    from ..adjustable import Adjustable
    from ..scenario.model import ScenarioModel


@command(
    short_help=message("List what --set can set (可调项)."),
    help=message(
        "The adjustable parameters (可调项) of SCENARIO (情景): the name for --set, what it is, its value, the law's."
        "\n\nWith WORDS, those whose name or title holds every one of them: exchange, ceiling, growth."
    ),
)
@click.argument("scenario", metavar=message("SCENARIO"))
@click.argument("words", nargs=-1, metavar=message("[WORDS]"))
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
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0))
    heads = (message("name"), message("what it is"), message("value"), message("the law's"))
    for head, justify in zip(heads, ("left", "left", "right", "left"), strict=True):
        table.add_column(text_of(head), justify=justify, overflow="fold")  # type: ignore[arg-type]
    for one in found:
        law = f"{_value(one, one.law)} ({one.article})" if one.law is not None else ""
        row = (one.key, _title(one, scenario), _value(one, one.value), law)
        table.add_row(*(Text(cell) for cell in row))
    if found:
        console().print(table)


def _title(one: Adjustable, scenario: ScenarioModel) -> str:
    """What it is called, behind its item."""
    is_chinese = reader_language() == "zh"
    item = next((item for item in scenario.items if item.key == one.group), None)
    names = [(item.title if is_chinese else item.title_en or item.title)] if item else []
    return text_of(joined([*names, one.title if is_chinese else one.title_en], " · ", " · "))


def _value(one: Adjustable, value: Any) -> str:
    """A value as it may be typed behind ``--set``, with its unit."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return text_of(message("yes") if value else message("no"))
    if isinstance(value, str):
        return value
    return f"{value * 100:.10g}%" if one.unit == "%" else f"{value:.10g}{one.unit}"
