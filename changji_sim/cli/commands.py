"""Commands whose help and errors are in the reader's language: click parses, the words are ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import click

from ..base.faults import nearest
from ..base.messages import Message, joined, message, text_of
from ..base.spelling import number_of_text, plain_text
from .help_text import definitions, paragraph


class Option(click.Option):
    """An option with a message for its help; click would make plain text of it."""

    def __init__(self, *names: Any, help: str = "", **attributes: Any):
        super().__init__(*names, **attributes)
        self.help = help


class Command(click.Command):
    """A command whose help page is in the reader's language."""

    allow_extra_args = True  # refused below, in our words

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with _of_context(ctx):
            super().parse_args(ctx, args)
        if ctx.args and not ctx.resilient_parsing:
            raise click.UsageError(message("'{argument}' is one argument too many", argument=ctx.args[0]), ctx)
        return ctx.args

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write("\n".join(_help_parts(self, ctx, formatter.width)))

    def get_short_help_str(self, limit: int = 0) -> str:
        return text_of(self.short_help or "")


class Group(click.Group):
    """A group of such commands.

    Args:
        examples: what may be typed, and what it does.
    """

    command_class = Command

    def __init__(self, *arguments: Any, examples: Iterable[tuple[str, str]] = (), **attributes: Any):
        super().__init__(*arguments, **attributes)
        self.examples = tuple(examples)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write("\n".join(_help_parts(self, ctx, formatter.width)))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with _of_context(ctx):
            return super().parse_args(ctx, args)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and self.get_command(ctx, args[0]) is None:
            hint = nearest(args[0], self.commands)
            raise click.UsageError(message("No such command '{name}'{hint}", name=args[0], hint=hint), ctx)
        return super().resolve_command(ctx, args)


@contextmanager
def _of_context(ctx: click.Context) -> Iterator[None]:
    """An error of the parser knows the command it is about."""
    try:
        yield
    except click.UsageError as error:
        error.ctx = error.ctx or ctx
        raise


option = partial(click.option, cls=Option)
command = partial(click.command, cls=Command)


# --- what may be given ------------------------------------------------------------------------------------------------


class Whole(click.ParamType):
    """A whole number between two bounds."""

    name = "whole number"

    def __init__(self, low: int | None = None, high: int | None = None):
        self.low, self.high = low, high

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            number = int(value)
        except ValueError:
            self.fail(message("'{value}' is not a valid integer", value=str(value)[:60]), param, ctx)
        if self.low is not None and number < self.low:
            what = message("{value} is too small; at least {low} is allowed", value=number, low=self.low)
            self.fail(what, param, ctx)
        if self.high is not None and number > self.high:
            what = message("{value} is too large; at most {high:,} is allowed", value=number, high=self.high)
            self.fail(what, param, ctx)
        return number


class Share(click.ParamType):
    """A share above 0 and below 1, or up to it: ``1%`` or ``0.01``."""

    name = "share"

    def __init__(self, may_be_whole: bool = False):
        self.may_be_whole = may_be_whole

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        text = plain_text(value)
        number = number_of_text(text.removesuffix("%").strip())
        share = None if number is None else number / 100 if text.endswith("%") else number
        if share is None or not (0 < share < 1 or (self.may_be_whole and share == 1)):
            self.fail(message("'{value}' is no share; write 1% or 0.01", value=str(value)[:60]), param, ctx)
        return share


class OneOf(click.ParamType):
    """One of a few words."""

    name = "choice"

    def __init__(self, choices: Iterable[str]):
        self.choices = tuple(choices)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in self.choices:
            self.fail(message("'{value}' is none of {choices}", value=value, choices=joined(self.choices)), param, ctx)
        return str(value)


# --- help pages -------------------------------------------------------------------------------------------------------


def usage_line(ctx: click.Context) -> str:
    """How the command is typed, as one line in the reader's language."""
    parts = [ctx.command_path, text_of(message("[OPTIONS]"))]
    parts += [text_of(one.metavar or one.name) for one in ctx.command.params if isinstance(one, click.Argument)]
    if isinstance(ctx.command, click.Group):
        parts.append(text_of(message("COMMAND …")))
    return text_of(message("Usage: {line}", line=" ".join(parts)))


def _help_parts(of: click.Command, ctx: click.Context, columns: int) -> Iterator[str]:
    yield f"{usage_line(ctx)}\n"
    for text in text_of(of.help or "").split("\n\n"):
        yield paragraph(text, columns)
    if isinstance(of, Group):
        yield text_of(message("Examples:"))
        yield definitions(((text_of(line), text_of(what)) for line, what in of.examples), columns)
        yield text_of(message("Commands:"))
        yield definitions(((name, one.get_short_help_str()) for name, one in of.commands.items()), columns)
    yield text_of(message("Options:"))
    yield definitions(((_names(one), _meaning(one)) for one in _options(of, ctx)), columns)


def _options(of: click.Command, ctx: click.Context) -> list[click.Option]:
    return [one for one in of.get_params(ctx) if isinstance(one, click.Option)]


def _names(one: click.Option) -> str:
    names = " / ".join([", ".join(sorted(one.opts, key=len)), *one.secondary_opts])
    return names if one.is_flag or not one.metavar else f"{names} {text_of(one.metavar)}"


def _meaning(one: click.Option) -> str:
    if not isinstance(one, Option):
        return text_of(message("Show this page and exit."))  # click's own, --help
    default = one.default if one.show_default is True else one.show_default
    if default is None:
        return text_of(one.help)
    return " ".join(map(text_of, (one.help, message("[default: {value}]", value=default))))


# --- errors -----------------------------------------------------------------------------------------------------------


def usage_sentence(error: click.ClickException) -> str:
    """What is wrong with the words of a command, in the reader's language."""
    return text_of(_sentence(error))


def _sentence(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        hint = nearest(error.option_name, error.possibilities or _spellings(error.ctx))
        return message("No such option: {option}{hint}", option=error.option_name, hint=hint)
    if isinstance(error, click.MissingParameter):
        return message("Missing argument {argument}", argument=_parameter(error))
    if isinstance(error, click.BadParameter):
        return message("{parameter}: {what}", parameter=_parameter(error), what=error.message)
    if isinstance(error, click.BadOptionUsage):
        return _bad_option(error)
    return error.message


def _parameter(error: click.BadParameter) -> str:
    one = error.param
    return "" if one is None else one.opts[-1] if isinstance(one, click.Option) else one.metavar or one.name or ""


def _bad_option(error: click.BadOptionUsage) -> Message:
    options = _options(error.ctx.command, error.ctx) if error.ctx else []
    if any(one.is_flag and error.option_name in one.opts for one in options):
        return message("{option} takes no value", option=error.option_name)
    return message("{option} needs a value", option=error.option_name)


def _spellings(ctx: click.Context | None) -> list[str]:
    return [name for one in _options(ctx.command, ctx) for name in one.opts] if ctx else []
