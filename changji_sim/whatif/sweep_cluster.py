"""Settings of a sweep on the workers of a Dask cluster, on this machine or on several.

A worker gets scenarios and gives rows; it reads no file of the planner's. What a worker that is lost had begun is done
by another. What a setting gives does not depend on where it is run.
"""

from __future__ import annotations

import itertools
import os
import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from ..base.faults import SWEEP_EXTRA, Fault, FaultyInput
from ..base.messages import message
from ..scenario.model import ScenarioModel
from .incremental import IncrementalRun
from .sweep import Engine, Outcome, Sweep, Why, live_run, outcome

if TYPE_CHECKING:
    from distributed import Client

PARTS_A_WORKER = 8  # settings are handed out in so many parts: few enough to keep what is drawn, enough to go round
MOST_OF_A_PART = 16  # settings
AHEAD = 3  # parts a worker that are handed out before any is done: no more scenarios than these are held
SECONDS = 30  # to reach a scheduler


@contextmanager
def cluster_engine(workers: int | None = None, scheduler: str | None = None) -> Iterator[Engine]:
    """An engine on so many worker processes of this machine, or on the workers of a scheduler.

    Raises:
        FaultyInput: Dask distributed is not installed; the scheduler does not answer; its workers are of another
            version.
    """
    try:
        import distributed
    except ImportError as missing:
        raise FaultyInput([Fault("", message("workers need Dask distributed; {how}", how=SWEEP_EXTRA))]) from missing
    if scheduler is None:
        with _local_cluster(workers or os.cpu_count() or 1) as local, distributed.Client(local) as client:
            yield on_client(client)
        return
    try:
        client = distributed.Client(scheduler, timeout=SECONDS)
    except (OSError, ValueError) as error:
        what = message("no scheduler answers at {address}", address=scheduler[:100])
        raise FaultyInput([Fault("--scheduler", what)]) from error
    with client:
        yield on_client(client)


@contextmanager
def _local_cluster(workers: int) -> Iterator[Any]:
    """So many workers of this machine, none of which samples its own stack a hundred times a second."""
    import dask
    from distributed import LocalCluster

    with (
        dask.config.set({"distributed.worker.profile.enabled": False}),
        LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
    ):
        yield cluster


def on_client(client: Client) -> Engine:
    """An engine on the workers that a client of Dask distributed has.

    Raises (when it is run):
        FaultyInput: its workers are of another version, or a mode cannot be sent to them.
    """

    def engine(sweep: Sweep, numbers: Sequence[int]) -> Iterator[Outcome]:
        from distributed import as_completed

        _must_be_of_one_version(client)
        workers = max(len(client.scheduler_info()["workers"]), 1)
        size = max(1, min(MOST_OF_A_PART, -(-len(numbers) // (PARTS_A_WORKER * workers))))
        scenarios = sweep.scenarios(numbers)
        parts = iter(lambda: list(itertools.islice(scenarios, size)), [])
        futures = (_submitted(client, sweep, part) for part in parts)
        waiting = as_completed(list(itertools.islice(futures, AHEAD * workers)))
        for future in waiting:
            if (following := next(futures, None)) is not None:
                waiting.add(following)
            yield from future.result()
            future.release()

    return engine


def _submitted(client: Client, sweep: Sweep, part: Sequence[tuple[int, ScenarioModel | None, Why]]) -> Any:
    try:
        sent = pickle.dumps([(number, _light(scenario), why) for number, scenario, why in part])
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        what = message("a mode of a plugins folder cannot be sent to workers: install it as a package on each machine")
        raise FaultyInput([Fault("--plugins-dir", what)]) from error
    return client.submit(run_part, sent, sweep.trials, sweep.seed, pure=False, retries=3)


def _light(scenario: ScenarioModel | None) -> ScenarioModel | None:
    """A scenario without the text it was read from, which a run does not need."""
    return scenario and replace(scenario, raw={}, places={}, text="", warnings=(), as_read=None)


def run_part(sent: bytes, trials: int, seed: int) -> list[Outcome]:
    """On a worker: what some settings give. What was drawn before is kept for the next part."""
    part = pickle.loads(sent)
    return [outcome(_live(trials, seed), number, scenario, why) for number, scenario, why in part]


@lru_cache(maxsize=1)
def _live(trials: int, seed: int) -> IncrementalRun:
    return live_run(None, trials, seed, 1)  # type: ignore[arg-type]  # the first run names the scenario


def _must_be_of_one_version(client: Client) -> None:
    found = client.run(version, "changji-sim")
    mine = version("changji-sim")
    faults = [
        Fault(
            str(address), message("this worker has version {found}, this program {mine}", found=found_there, mine=mine)
        )
        for address, found_there in found.items()
        if found_there != mine
    ]
    if faults:
        raise FaultyInput(faults)
