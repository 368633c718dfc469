"""Trials shared out among processes, where Python lets but one thread at a time run it.

Each process runs its own trials on one thread and sends its flows back. It is a copy of this one (``fork``), which is
safe only where no other thread runs: elsewhere, and on systems other than Linux, blocks run on threads. What a process
fails to do is done in this one, which then says what is wrong.
"""

from __future__ import annotations

import gc
import mmap
import os
import pickle
import signal
import sys
import threading
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

import numpy as np

from .compile import is_compiled
from .flows import Flows
from .joined_flows import SentFlows, joined, sent

LEAST = 2_000  # trials for which a process is worth its start

Report = Callable[[int], None]  # of so many trials that are done
RunPart = Callable[[range, Report], tuple[Flows, Counter[str]]]  # what is run of a part, given by its trials


@dataclass
class _Child:
    """A process that runs a part of the trials."""

    number: int
    answer: BinaryIO
    numbers: int  # a file in memory: what the columns hold, one after the other
    is_done: bool = False

    def result(self) -> tuple[SentFlows, Counter[str]] | None:
        """What it sent; None where it ended without an answer."""
        try:
            answer, ends = pickle.load(self.answer)
        except (EOFError, pickle.UnpicklingError):
            return None
        self.is_done = True
        held = memoryview(mmap.mmap(self.numbers, ends[-1])) if ends[-1] else memoryview(b"")
        columns = [held[start:stop] for start, stop in pairwise(ends)]
        return pickle.loads(answer, buffers=columns)

    def end(self) -> None:
        """Stop it, if it still runs. Somebody else may have waited for it already."""
        self.answer.close()
        os.close(self.numbers)
        if not self.is_done:
            with suppress(ProcessLookupError):
                os.kill(self.number, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(self.number, 0)


def shares(trials: int, chunk: int, workers: int, beside: int = 0) -> list[range]:
    """The trials of each process, in whole blocks; a single part where they run in this one.

    Args:
        beside: what else the first process does, in trials that take as long.
    """
    blocks = -(-trials // chunk)
    number = min(workers, blocks, max(trials // LEAST, 1))
    if number < 2 or not _may_fork():
        return [range(trials)]
    busy = beside // chunk
    firsts = [max((blocks + busy) * n // number - busy, n) for n in range(1, number)]
    ends = [0, *(first * chunk for first in firsts), trials]
    return [range(start, stop) for start, stop in pairwise(ends)]


def _may_fork() -> bool:
    """Whether a copy of this process would find no lock that a thread left behind holds, and no kernel to compile."""
    is_able = sys.platform == "linux" and hasattr(os, "memfd_create")  # which Pythons built for old systems lack
    return is_able and threading.active_count() == 1 and is_compiled()


def run_in_processes(
    parts: Sequence[range], run_here: RunPart, run: RunPart, progress: Report
) -> tuple[Flows, Counter[str]]:
    """The flows of all parts, each run in a process of its own, the first in this one; and what was counted.

    Args:
        run_here: runs the first part. ``run``: the others.
        progress: told how many of all trials are done, one thread at a time.
    """
    done = np.frombuffer(mmap.mmap(-1, 8 * len(parts)), np.int64)  # seen by all processes
    first = os.getpid()

    def report_of(n: int) -> Report:
        def report(trials: int) -> None:
            done[n] = trials
            if n == 0:
                progress(int(done.sum()))
            elif os.getppid() != first:  # which has been killed
                os._exit(1)

        return report

    with _children(parts[1:], lambda n, part: run(part, report_of(n + 1))) as children:
        flows, variates = run_here(parts[0], report_of(0))
        answers = [sent(flows, parts[0])]
        for n, (part, child) in enumerate(zip(parts[1:], children, strict=True), 1):
            answer = child.result() if child else None
            if answer is None:
                again, counted = run(part, lambda trials: None)
                answer = sent(again, part), counted
            done[n] = len(part)
            progress(int(done.sum()))
            answers.append(answer[0])
            variates.update(answer[1])
    return joined(answers, parts), variates


@contextmanager
def _children(
    parts: Sequence[range], run: Callable[[int, range], tuple[Flows, Counter[str]]]
) -> Iterator[list[_Child | None]]:
    """A process for each part, None where the system grants no more; those that still run when the block is left are
    stopped.
    """
    children: list[_Child | None] = []
    try:
        for n, part in enumerate(parts):
            children.append(_forked(part, lambda n=n, part=part: run(n, part)))  # type: ignore[misc]
        yield children
    finally:
        for child in filter(None, children):
            child.end()


def _forked(part: range, run: Callable[[], tuple[Flows, Counter[str]]]) -> _Child | None:
    number, opened = -1, ExitStack()
    try:
        reads, writes = os.pipe()
        opened.callback(os.close, reads)
        opened.callback(os.close, writes)
        numbers = os.memfd_create("flows")
        opened.callback(os.close, numbers)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # threads of numpy's BLAS, which sees to them itself
            number = os.fork()
        if number == 0:
            gc.disable()
            os.close(reads)
            flows, variates = run()
            _answer((sent(flows, part), variates), writes, numbers)
    except OSError:  # no more files or processes are granted
        opened.close()
        return None
    finally:
        if number == 0:  # the copy must never go on with what this process was about to do
            os._exit(0)
    os.close(writes)
    return _Child(number, os.fdopen(reads, "rb"), numbers)


def _answer(result: tuple[SentFlows, Counter[str]], writes: int, numbers: int) -> None:
    """Send a result: what its arrays hold goes into memory that the other process reads without copying it."""
    columns: list[pickle.PickleBuffer] = []
    answer, ends = pickle.dumps(result, protocol=5, buffer_callback=columns.append), [0]
    with os.fdopen(numbers, "wb") as into:
        for column in columns:
            ends.append(ends[-1] + into.write(column))
    with os.fdopen(writes, "wb") as pipe:
        pickle.dump((answer, ends), pipe)
