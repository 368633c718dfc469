"""Incremental runs that all sessions of a desk go on from: few, since each keeps books of every row."""

from __future__ import annotations

from typing import Any

from ...base.memory import give_back_memory
from ...whatif.incremental import IncrementalRun
from .settings import Settings

MOST = 3  # of one file; at 10,000 trials of the baseline each takes some 600 MiB
NEAR = 1  # values that two settings differ in, up to which nobody needs a run of his own


class SharedRuns:
    """The runs of one scenario's file, all of the same trials; used by one thread.

    A run costs what differs from its last settings. So everybody goes on from the run whose settings are nearest, and
    another is begun for somebody who is far from all that others use, while there are few.
    """

    def __init__(self, first: IncrementalRun, settings: Settings):
        self._runs: list[tuple[IncrementalRun, Settings, Any]] = [(first, settings, None)]

    def nearest(self, settings: Settings, user: Any) -> IncrementalRun:
        """The run to go on from; from then on its settings are these and its last user is this one."""
        kept = min(self._runs, key=lambda one: one[1].distance(settings))
        run, last, last_user = kept
        if last.distance(settings) <= NEAR or last_user in (None, user) or len(self._runs) == MOST:
            self._runs.remove(kept)
        else:
            run = run.fork()
        self._runs.append((run, settings, user))
        return run

    def let_go(self, user: Any) -> None:
        """Let go of the books of runs that nobody but this user goes on from: the next run of each is one from
        nothing.
        """
        mine = [run for run, _, last_user in self._runs if last_user in (None, user) and run.has_books]
        for run in mine:
            run.forget()
        if mine:
            give_back_memory()
