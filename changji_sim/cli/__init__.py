"""``changji-sim``: the commands. Tables and sentences go to a person's terminal, ``--json`` to a program.

Exit codes: 0 fine · 1 our own failure · 2 faulty input, every fault on stderr, one a line · 130 interrupted ·
141 whoever read the output stopped reading.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from pathlib import Path

import click

from ..base.faults import Fault, FaultyInput
from .applications import assess, template
from .desk import desk
from .explain import explain
from .look_up import measure, plugins
from .run import run
from .saying import FAULTY_INPUT, FINE, INTERRUPTED, OWN_FAILURE, PIPE_CLOSED, say_faults
from .scenario_files import check, new

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
    """One command, its exit code given back; never a traceback for bad input."""
    try:
        _check_arguments(arguments)
        return cli.main(arguments, prog_name="changji-sim", standalone_mode=False) or FINE
    except FaultyInput as error:
        return say_faults(error.faults)
    except click.ClickException as error:
        error.show()
        return FAULTY_INPUT
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted; nothing was written.", err=True)
        return INTERRUPTED
    except MemoryError:
        click.echo("There is not enough memory for so many trials on this machine; try fewer (--trials).", err=True)
        return FAULTY_INPUT
    except (BrokenPipeError, SystemExit):  # so click and rich say that nobody reads any more
        return _say_no_more()
    except OSError as error:  # a full disk, a name too long, no permission: nothing of ours is wrong
        place = f"{Path(os.fsdecode(error.filename)).name[:60]}" if error.filename else ""
        return say_faults((Fault(place, f"it cannot be read or written: {error.strerror or error}"),))
    except Exception as error:  # whatever it is, it is ours, and must not look like the user's doing
        traceback.print_exc()
        click.echo(f"This is a fault of changji-sim itself, not of your files ({type(error).__name__}).", err=True)
        return OWN_FAILURE


def _check_arguments(arguments: list[str]) -> None:
    """Refuse what no file can be called and no output can show."""
    faults = []
    for argument in arguments:
        shown = argument[:60].encode(errors="replace").decode()
        if len(argument) > MOST_CHARACTERS:
            faults.append(
                Fault("", f"an argument of {len(argument):,} characters ('{shown}…') is longer than any name")
            )
        elif any("\ud800" <= character <= "\udfff" for character in argument):
            faults.append(Fault("", f"the argument '{shown}' is no UTF-8 text; rename the file or folder"))
    if faults:
        raise FaultyInput(faults)


def _say_no_more() -> int:
    """Whoever read our output has seen enough: stop as a program does that a signal ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PIPE_CLOSED


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="changji-sim")
def cli() -> None:
    """What a science fund's rules will cost, and how sure that is (昌吉州科技专项资金).

    \b
    changji-sim run baseline           simulate a scenario (情景)
    changji-sim desk baseline          the same in a browser, with sliders (看板)
    changji-sim explain --trial 3      one future's applications, one of them told (来龙去脉)
    changji-sim assess FILE.xlsx       work out real applications (申报)
    changji-sim measure 11(3)          look up the measure (办法)
    """


for command in (run, desk, explain, check, new, assess, template, measure, plugins):
    cli.add_command(command)
