"""How the program uses a mode: kept and sent as bytes, asked by two threads at once, as fast as numpy on its rows."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import numpy as np

from ...base.messages import message
from .answer_checks import MANY, asked, same
from .contract_report import Broken, Check, require
from .subject import Columns, Subject, answer_of, made_up, taken, years_of

MOST_TIMES = 50.0  # as long as numpy's own steps on the same rows; a loop over rows takes hundreds
REPEATS = 3
STEPS = 5  # element-wise steps for each column


def _pickles(subject: Subject) -> None:
    mode = subject.mode
    try:
        other = pickle.loads(pickle.dumps(mode))
    except Exception as error:
        what = message("{mode} cannot be pickled: {why}", mode=mode.key, why=str(error))
        raise Broken(what) from None
    for name, _ in subject.methods():
        columns = subject.tables[0]
        is_same = same(asked(mode, name, columns, years_of(columns)), asked(other, name, columns, years_of(columns)))
        what = message("{mode}.{method}() answers otherwise once it was pickled", mode=mode.key, method=name)
        require(is_same, what)


def _workers(subject: Subject) -> None:
    """Two threads at once get what one gets alone."""
    mode, columns = subject.mode, subject.tables[0]
    halves = [taken(columns, slice(n, None, 2)) for n in range(2)]
    start = Barrier(2)

    def asked_at_once(name: str, half: Columns) -> np.ndarray:
        start.wait()  # a worker that starts late would be alone
        return asked(mode, name, half, years_of(half))

    for name, _ in subject.methods():
        alone = [asked(mode, name, half, years_of(half)) for half in halves]
        with ThreadPoolExecutor(2) as both:
            for _round in range(2):
                found = [both.submit(asked_at_once, name, half) for half in halves]
                is_same = all(same(one.result(), other) for one, other in zip(found, alone, strict=True))
                require(
                    is_same,
                    message("{mode}.{method}() answers two workers otherwise than one", mode=mode.key, method=name),
                )


def _speed(subject: Subject) -> None:
    """The time of all answers together as a ratio to numpy's on the same rows; compiled before it is measured."""
    columns = made_up(subject.mode, MANY, np.random.default_rng(4))
    years = years_of(columns)
    few = taken(columns, slice(0, 50))
    for name, _ in subject.methods():
        asked(subject.mode, name, few, years[:50])  # what is compiled, is compiled now
    ours = sum(
        _seconds(partial(answer_of(subject.mode, name, is_copied=False), columns, years))
        for name, _ in subject.methods()
    )
    times = ours / _seconds(lambda: _numpy_steps(columns))
    what = message(
        "{mode} takes {times:,.0f} times as long as {steps} steps of numpy on the same {rows:,} rows; at most {most:g} "
        "times is allowed: compute whole columns, without a loop over rows",
        mode=subject.mode.key, times=times, steps=STEPS, rows=MANY, most=MOST_TIMES,
    )  # fmt: skip
    require(times <= MOST_TIMES, what)


def _numpy_steps(columns: Columns) -> None:
    for values in columns.values():
        result = np.asarray(values, dtype=float)
        for _ in range(STEPS):
            result = np.minimum(result * 0.5, 1e6)


def _seconds(work: Callable[[], object]) -> float:
    """CPU time of this thread, the least of a few times."""
    found = []
    for _ in range(REPEATS):
        start = time.thread_time()
        work()
        found.append(time.thread_time() - start)
    return max(min(found), 1e-7)


USE_CHECKS = (
    Check("pickles", message("it can be pickled, and answers the same"), _pickles),
    Check("workers", message("two workers at once get the same answers"), _workers),
    Check("speed", message("it takes no longer than a multiple of numpy's time on the same rows"), _speed),
)
