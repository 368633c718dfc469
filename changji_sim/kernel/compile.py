"""Compiles the kernel before its first run, in two processes: numba compiles one function at a time in each.

A run of few trials compiles what it calls, in the order of its calls: draws, claims and caps first. Meanwhile the
second process compiles the largest functions of the year, for which the run then need not wait: numba keeps for both
what either has compiled.
"""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from numba import types

from . import cohorts, commitments, flows, ordered_counts

_NUMBERS = {
    "b1": types.boolean,
    "u1": types.uint8,
    "u2": types.uint16,
    "i2": types.int16,
    "i4": types.int32,
    "u4": types.uint32,
    "i8": types.int64,
    "u8": types.uint64,
    "f8": types.float64,
}
# What the second process compiles, and what each function is called with: numbers, or arrays of so many dimensions. The
# two largest come first, in the order of a run; then the last that a run comes to, so that both meet half-way.
SIGNATURES: Mapping[Any, str] = {
    commitments.commit: (
        "i8[1] i8[1] u4[1] i8[1] i8[1] i8[1] i8[2] i8[2] f8[2] i8[1] u1[1] i8 i8[1] i8[1] i8[2] i8[2] i8 b1 b1 b1 b1 "
        "b1 i8[1] u2[1] u1[2] u4[1] u4[1] f8[1] i8 i8 u8 u8 i8[2] i8[2]"
    ),
    cohorts.project_outcomes: (
        "i8[1] u4[1] i8[1] i8[1] u4[1] u4[1] i8 i8 u2[1] i2[1] i8[1] b1 b1 b1 f8[2] i8 u1[3] i4[3] u8 u8"
    ),
    ordered_counts.ordered_counts: "u2[2] i8[1]",
    cohorts.holdings: "i8[1] u4[1] u1[1] i4[1] i8[2] i8 i8 i8",
    cohorts.pay_due: "i8[1] i8[2] i8 i8[2] i8[1] i8[1] i8[1] i8[1] i8[2]",
    cohorts.open_year: (
        "u4[1] u4[1] u4[1] u1[1] i4[1] i8[1] u4[1] i8[2] i8[1] i8[2] i8 i8 f8[2] b1 i8 i8 u1[3] u1[2] i8[2] i8[2] "
        "i8[2] i8[1]"
    ),
    flows.keep_counts: "i4[2] i8 u2[2] i8[1] b1[1] i8",
    flows.keep: "i8[2] i8[1] b1[2] u4[2] u4[2] i8[2] i8",
}


def signature(text: str) -> tuple[types.Type, ...]:
    """The types of a function's arguments, from an entry of `SIGNATURES`."""
    return tuple(_type(name) for name in text.split())


def _type(name: str) -> types.Type:
    number = _NUMBERS[name[:2]]
    return types.Array(number, int(name[3]), "C") if name[2:] else number


def is_compiled() -> bool:
    """Whether the kernel is loaded, or kept by numba as it stands: judged by `commit`, which takes longest."""
    if commitments.commit.signatures:
        return True
    kept, source = commitments.commit.stats.cache_path, Path(commitments.__file__)
    indices = Path(kept).glob(f"{source.stem}.commit-*.nbi") if kept else ()
    return any(index.stat().st_mtime > source.stat().st_mtime for index in indices)


@contextmanager
def compiling() -> Iterator[None]:
    """What the ``with`` block has compiled, compiled faster: a second process takes part, without garbage collection.

    Nothing is done where the kernel is compiled. What the second process fails to do is done in this one.
    """
    if is_compiled():
        yield
        return
    with _second_process(), _without_collector():
        yield


def _second_process() -> AbstractContextManager[Any]:
    command = [sys.executable, "-P", "-m", __name__]  # -P: no module is taken from the folder it happens to run in
    nowhere = subprocess.DEVNULL
    try:
        return subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere)
    except OSError:
        return nullcontext()


@contextmanager
def _without_collector() -> Iterator[None]:
    """numba makes millions of objects that stay, and the collector walks through all of them again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def compile_ahead() -> None:
    """What the second process does: compile the functions of `SIGNATURES`, one after the other."""
    with _without_collector():
        for function, text in SIGNATURES.items():
            function.compile(signature(text))


if __name__ == "__main__":
    compile_ahead()
