"""``changji-sim``: the commands. Tables and sentences go to a person's terminal, ``--json`` to a program.

Exit codes: 0 fine · 1 a failure of the program itself · 2 faulty input, every fault on stderr, one a line ·
130 interrupted · 141 the reader of the output stopped reading.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from ..base.faults import Fault, FaultyInput
from ..base.messages import in_language, message, named, reader_language
from .adjustable_list import adjustable
from .answers import ask, seek
from .applications import assess, template
from .command_output import FAULTY_INPUT, FINE, INTERRUPTED, OWN_FAILURE, PIPE_CLOSED, json_alone, say, say_faults
from .commands import Group, Option, usage_line, usage_sentence
from .count_table import counts
from .desk import desk
from .effect_list import effects
from .equity_book import equity
from .exact_list import exact
from .execution_table import execution
from .explain import explain
from .forecast_score import score
from .guess_list import find_out
from .leaders_brief import brief
from .many_settings import sweep
from .measure_and_plugins import measure, plugins
from .mode_files import check_mode, new_mode
from .options import LANGUAGE, language_asked
from .past_years import fit
from .price_list import price
from .run import run
from .run_tables import calendar, caps, tail
from .scenario_files import check, new
from .side_by_side_runs import compare, readings
from .submission_tables import tables
from .two_way_map import two_way_map
from .year_end import close
from .year_so_far import midyear

MOST_CHARACTERS = 4_000  # of an argument


def main() -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal of another encoding shows '?', not a traceback
    code = run_cli(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = _say_no_more()
    sys.exit(code)


def run_cli(arguments: list[str]) -> int:
    """Run one command and return its exit code; never a traceback for bad input.

    All it prints is in the language that ``--language`` asks for, by default the reader's.
    """
    with in_language(language_asked(arguments) or reader_language()), json_alone(arguments):
        return _run(arguments)


def _run(arguments: list[str]) -> int:
    try:
        _check_arguments(arguments)
        return cli.main(arguments, prog_name="changji-sim", standalone_mode=False) or FINE
    except FaultyInput as error:
        return say_faults(error.faults)
    except click.ClickException as error:
        return _say_usage(error)
    except (KeyboardInterrupt, click.Abort):
        say(message("Interrupted; nothing was written."), to_stderr=True)
        return INTERRUPTED
    except MemoryError:
        what = message("There is not enough memory for so many trials on this machine; try fewer (--trials).")
        say(what, to_stderr=True)
        return FAULTY_INPUT
    except (BrokenPipeError, SystemExit):  # so click and rich report that the output is read no more
        return _say_no_more()
    except OSError as error:  # a full disk, a name too long, no permission: nothing of ours is wrong
        place = f"{Path(os.fsdecode(error.filename)).name[:60]}" if error.filename else ""
        why = message("it cannot be read or written: {why}", why=error.strerror or str(error))
        return say_faults([Fault(place, why)])
    except Exception as error:  # whatever it is, it is ours, and must not look like the user's doing
        traceback.print_exc()
        what = message("This is a fault of changji-sim itself, not of your files ({kind}).", kind=type(error).__name__)
        say(what, to_stderr=True)
        return OWN_FAILURE


def _say_usage(error: click.ClickException) -> int:
    """Print how the command is typed, where its help is, and what is wrong with the words given."""
    ctx = getattr(error, "ctx", None)
    if ctx is not None:
        say(usage_line(ctx), to_stderr=True)
        say(message("Try '{command} --help' for help.", command=ctx.command_path), to_stderr=True)
    say(message("Error: {what}", what=usage_sentence(error)), to_stderr=True)
    return FAULTY_INPUT


def _check_arguments(arguments: Sequence[str]) -> None:
    """Refuse what no file can be called and no output can show."""
    faults = []
    for argument in arguments:
        shown = argument[:60].encode(errors="replace").decode()
        if len(argument) > MOST_CHARACTERS:
            what = message(
                "an argument of {count:,} characters ('{shown}…') is longer than any name",
                count=len(argument),
                shown=shown,
            )
            faults.append(Fault("", what))
        elif any("\ud800" <= character <= "\udfff" for character in argument):
            what = message("the argument '{shown}' is no UTF-8 text; rename the file or folder", shown=shown)
            faults.append(Fault("", what))
    if faults:
        raise FaultyInput(faults)


def _say_no_more() -> int:
    """The output is read no more: stop as a program does that a signal ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PIPE_CLOSED


EXAMPLES = (
    ("changji-sim run baseline", message("simulate a scenario (情景)")),
    ("changji-sim desk baseline", message("the same in a browser, with sliders (看板)")),
    ("changji-sim explain --trial 3", message("the applications of one future, and the story of one of them")),
    ("changji-sim tables baseline", message("the tables to submit a budget with (预算申报)")),
    (
        named("changji-sim assess 申报表.xlsx", "changji-sim assess FILE.xlsx"),
        message("work out real applications (申报)"),
    ),
    ("changji-sim measure 11(3)", message("look up the measure (办法)")),
)


@click.group(
    cls=Group,
    examples=EXAMPLES,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help=message("What a science fund's rules will cost, and how sure that is (昌吉州科技专项资金)."),
)
@click.version_option(
    package_name="changji-sim",
    message="%(prog)s %(version)s",
    cls=Option,
    help=message("Show the version and exit."),
)
@LANGUAGE
@click.pass_context
def cli(ctx: click.Context) -> None:
    """The group of all commands; without one, its help page."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


COMMANDS = (
    run, desk, explain, check, new, adjustable, compare, ask, seek, price, readings, effects, find_out, two_way_map,
    sweep, tail, execution, equity, caps, calendar, counts, midyear, exact, tables, brief, assess, close, fit, score,
    template, measure, plugins, new_mode, check_mode,
)  # fmt: skip
for one in COMMANDS:
    cli.add_command(one)
