"""Options that several commands share, the language asked for, and the console results go to."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from ..base.messages import LANGUAGES, message
from .commands import OneOf, option

if TYPE_CHECKING:
    from rich.console import Console

NAME_OR_FILE, FILE, FOLDER = message("NAME|FILE"), message("FILE"), message("DIR")
LARGEST_SEED = 2**63 - 1


class ReformName(click.ParamType):
    """A reform (办法调整方案): its name or file as it is, a title taken for the name of the reform it belongs to."""

    name = "reform"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from ..base.spelling import identity
        from ..measure import load_measure, load_reform, reform_names

        if value in reform_names() or value.endswith((".yaml", ".yml")):
            return str(value)
        for name in reform_names():
            reform = load_reform(name, load_measure())
            if identity(value) in map(identity, (reform.title, reform.title_en or "")):
                return name
        return str(value)


PLUGINS_DIR = option(
    "--plugins-dir",
    type=click.Path(),
    metavar=FOLDER,
    help=message("A folder of single-file plugins (插件) to load as well."),
)
REFORM = option(
    "--reform",
    type=ReformName(),
    multiple=True,
    metavar=NAME_OR_FILE,
    help=message(
        "Change the law's numbers first (办法调整方案): a name such as exchange-500, a title or a file. Given several "
        "times, all are applied in order."
    ),
)
SET = option(
    "--set",
    "settings",
    multiple=True,
    metavar=message("NAME=VALUE"),
    help=message(
        "Set a value first (改数): envelopes.total=-10%, exchange.max_item_year_wan=350; changji-sim adjustable lists "
        "the names."
    ),
)
BEYOND_LAW = option(
    "--beyond-law",
    is_flag=True,
    help=message("With --set: try values beyond the law's as a reform of it (办法调整方案)."),
)
JSON = option("--json", "as_json", is_flag=True, help=message("Print JSON for a program, nothing else, on stdout."))
LANGUAGE = option(
    "--language",
    type=OneOf(LANGUAGES),
    metavar="zh|en",
    expose_value=False,  # `language_asked` has read it, so that an error in the other words is in it too
    show_default=message("that of the system, or of CHANGJI_LANGUAGE"),
    help=message("Language of what is printed."),
)


def language_asked(arguments: Sequence[str]) -> str | None:
    """The language that the words of a command ask for, the last one if several do; None if none does."""
    found = None
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if word == "--":
            break
        name, _, value = word.partition("=")
        if name == "--language" and (value or following) in LANGUAGES:
            found = value or following
    return found


def console() -> Console:
    """The console results go to; into a file or a pipe with room for a whole table."""
    from rich.console import Console

    return Console() if sys.stdout.isatty() else Console(width=140)
