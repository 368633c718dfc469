"""What every command prints in the same way: exit codes, sentences, faults, rows of a table for a program."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import click

from ..base.faults import Fault
from ..base.messages import message, text_of

# What writes the bytes of the JSON while standard output is kept for it alone.
_write_json: ContextVar[Callable[[bytes], None] | None] = ContextVar("write_json", default=None)

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


def say_json(value: Any, **options: Any) -> None:
    """Print a value as one line of JSON, in UTF-8 whatever the terminal's encoding; ``options`` as in `json.dumps`."""
    line = f"{json.dumps(value, ensure_ascii=False, **options)}\n".encode(errors="backslashreplace")  # half a character
    write = _write_json.get() or _writer_of(sys.stdout)
    write(line)


@contextmanager
def json_alone(arguments: Sequence[str]) -> Iterator[None]:
    """While a command with ``--json`` runs, whatever else is printed goes to stderr: a plugin may print, and so may a
    library or a process that it starts.
    """
    words = list(arguments)
    if "--json" not in (words[: words.index("--")] if "--" in words else words):
        yield
        return
    with _own_output_aside() as write:
        token = _write_json.set(write or _writer_of(sys.stdout))
        try:
            with redirect_stdout(sys.stderr):
                yield
        finally:
            _write_json.reset(token)


def _writer_of(stream: Any) -> Callable[[bytes], None]:
    """What writes bytes to a stream of text; as text where it has no bytes below it."""

    def write(line: bytes) -> None:
        stream.flush()
        if hasattr(stream, "buffer"):
            stream.buffer.write(line)
            stream.buffer.flush()
        else:
            stream.write(line.decode())

    return write


@contextmanager
def _own_output_aside() -> Iterator[Callable[[bytes], None] | None]:
    """Put the process's standard output aside and give what writes to it; None where another stream stands for it."""
    try:
        is_own = sys.stdout.fileno() == 1 and sys.stderr.fileno() == 2 and sys.stdout is sys.__stdout__
    except (OSError, ValueError, AttributeError):
        is_own = False
    if not is_own:
        yield None
        return
    sys.stdout.flush()
    aside = os.dup(1)
    os.dup2(2, 1)

    def write(line: bytes) -> None:
        rest = memoryview(line)
        while rest:
            rest = rest[os.write(aside, rest) :]

    try:
        yield write
    finally:
        sys.stderr.flush()
        os.dup2(aside, 1)
        os.close(aside)


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
