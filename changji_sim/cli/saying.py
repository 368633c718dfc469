"""What every command prints in the same way: exit codes, sentences, faults, rows of a table for a program."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from ..base.faults import Fault
from ..base.messages import message, text_of

FINE, OWN_FAILURE, FAULTY_INPUT, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141


def say(sentence: str, to_stderr: bool = False) -> None:
    """Print a sentence in the reader's language."""
    click.echo(text_of(sentence), err=to_stderr)


def say_start(sentence: str) -> None:
    """Print what a command begins with, where a person watches stderr: its modules take a second to load."""
    if sys.stderr.isatty():
        say(sentence, to_stderr=True)


def as_typed(path: str | Path) -> str:
    """A path as it is typed behind a command: quoted, in the way of every shell, where it has a blank."""
    return f'"{path}"' if " " in str(path) else str(path)


def say_faults(faults: Iterable[Fault]) -> int:
    """Print every fault on a line of stderr; give the exit code they mean."""
    code = FINE
    for fault in faults:
        say(message("warning: {what}", what=fault.text()) if fault.is_warning else fault.text(), to_stderr=True)
        code = code if fault.is_warning else FAULTY_INPUT
    return code


def records(frame: Any) -> list[dict[str, Any]]:
    """Rows of a frame for JSON: what is missing is null; a header that stands again gets a number behind it."""
    times: dict[str, int] = {}
    names = []
    for name in map(str, frame.columns):
        times[name] = times.get(name, 0) + 1
        names.append(name if times[name] == 1 else f"{name} ({times[name]})")
    frame = frame.set_axis(names, axis=1)
    rows = frame.astype(object).where(frame.notna(), None)
    return [{k: v.item() if hasattr(v, "item") else v for k, v in row.items()} for row in rows.to_dict("records")]
