"""What every command says in the same way: exit codes, faults, rows of a table for a program."""

from __future__ import annotations

from typing import Any

import click

from ..base.faults import Fault

FINE, OWN_FAILURE, FAULTY_INPUT, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141


def say_faults(faults: tuple[Fault, ...]) -> int:
    """Every fault on a line of stderr; the exit code they mean."""
    for fault in faults:
        click.echo(f"{'warning: ' if fault.is_warning else ''}{fault}", err=True)
    return FAULTY_INPUT if any(not fault.is_warning for fault in faults) else FINE


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
