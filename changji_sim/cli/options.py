"""Options that several commands share, the language asked for, and the console results go to."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..base.messages import LANGUAGES, message
from .commands import OneOf, Whole, option

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


class LeftOutPlugin(click.ParamType):
    """``no:NAME``: a plugin (插件) that is not loaded."""

    name = "plugin"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        start, _, name = value.partition(":")
        if start != "no" or not name:
            self.fail(message("'{value}' is no plugin to leave out; write no:NAME", value=value[:60]), param, ctx)
        return str(name)


def _leave_out(ctx: click.Context, _: click.Parameter, names: tuple[str, ...]) -> None:
    """Load none of the plugins named, as long as the command runs."""
    if names and not ctx.resilient_parsing:
        from ..modes.plugin_loading import check_left_out, leaving_out

        ctx.with_resource(leaving_out(names))
        check_left_out(ctx.params.get("plugins_dir"))


_FOLDER_OF_PLUGINS = option(
    "--plugins-dir",
    type=click.Path(),
    metavar=FOLDER,
    is_eager=True,  # first, for -p names a plugin that may lie there
    help=message("A folder of single-file plugins (插件) to load as well, beside those that CHANGJI_PLUGINS names."),
)


def _left_out_plugins(*names: str) -> Any:
    return option(
        *names, "left_out", type=LeftOutPlugin(), multiple=True, expose_value=False, callback=_leave_out,
        metavar=message("no:NAME"), help=message("Leave out a plugin (插件)."),
    )  # fmt: skip


def PLUGINS_DIR(command: Any) -> Any:
    """Which plugins are loaded: from a folder as well, without some."""
    return _FOLDER_OF_PLUGINS(_left_out_plugins("-p", "--plugin")(command))


def PLUGINS_OF_RUNS(command: Any) -> Any:
    """The same where -p is a probability: ``--plugin no:NAME`` alone."""
    return _FOLDER_OF_PLUGINS(_left_out_plugins("--plugin")(command))


def _leave_broken(ctx: click.Context, _: click.Parameter, is_asked: bool) -> bool:
    """Leave out what is broken, as long as the command runs."""
    if is_asked and not ctx.resilient_parsing:
        from ..scenario_file.left_out import without_broken

        ctx.with_resource(without_broken())
    return is_asked


WITHOUT_BROKEN = option(
    "--without-broken",
    is_flag=True,
    callback=_leave_broken,
    help=message("Leave out the items whose mode is not there or fails; every total says which (不含)."),
)
SCENARIO = click.argument("scenario", metavar=message("SCENARIO"))
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
BUDGET_YEAR = option("--year", type=Whole(), metavar=message("YEAR"), show_default=message("the first of the scenario"),
                     help=message("The year of the budget."))  # fmt: skip
ANSWER_YEAR = option("--year", type=Whole(), metavar=message("YEAR"), show_default=message("all years"),
                     help=message("The year the answer is about."))  # fmt: skip
WORD_TEMPLATE = option(
    "--template", type=click.Path(path_type=Path), metavar=FILE,
    help=message("A Word file of your own (.docx) to be filled in, in place of the one that ships."),
)  # fmt: skip
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


def written_to(folder: Path) -> Any:
    """The option ``-o`` of a command that writes into a folder of the scenario's name, by default in this one."""
    return option("-o", "--out", type=click.Path(path_type=Path), metavar=FOLDER,
                  show_default=message("{folder}/ and the scenario's name", folder=folder.as_posix()),
                  help=message("Where to write."))  # fmt: skip


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
