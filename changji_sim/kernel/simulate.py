"""Running a scenario: trials in chunks, chunks on threads or in processes, every chunk through the same years; flows
that depend on neither.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Lock

import numpy as np

from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..base.units import year_fraction
from ..scenario.model import ScenarioModel
from .approved_first import with_winners
from .claims import ClaimsMaker
from .draws import Chunk, ItemDraws, TrialDraws
from .earlier_rows import with_earlier
from .flows import Flows
from .ledger import Account, Keep, forget
from .observers import ObserverOf, no_observer
from .plan import ItemPlan, Plan
from .processes import Report, run_in_processes, shares
from .registry import Registry
from .year import Block

CHUNK = 715  # trials a block, fourteen of them 10,000: Python's share of the time stays small, memory below 200 MiB
MOST_TRIALS = 10_000_000
IMPORT = 2_500  # trials that take as long as what is done meanwhile, an import of pandas

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Run:
    """The result of a run: flows by trial, and the number of variates drawn, by kind."""

    scenario: ScenarioModel
    trials: int
    seed: int
    tail: tuple[int, ...]
    flows: Flows
    variates: Mapping[str, int]


def simulate(
    scenario: ScenarioModel,
    trials: int = 10_000,
    seed: int = 0,
    workers: int | None = None,
    chunk: int = CHUNK,
    progress: Progress | None = None,
    claims_of: Callable[[Plan, ItemPlan, TrialDraws], ClaimsMaker] | None = None,
    observe: ObserverOf = no_observer,
    first: int = 0,
    meanwhile: Callable[[], object] | None = None,
) -> Run:
    """Run ``trials`` trials of a scenario (模拟), from number ``first`` on.

    The flows depend on scenario, trials and seed alone, not on ``workers`` (threads or, where that is safe, processes;
    default: the cores there are) or ``chunk`` (trials a block). ``progress(done, trials)`` is called from time to time.
    ``claims_of`` may give claims made before; without it they are made by `make_claims`. ``observe(item, chunk)`` gives
    the observer of an item's block (:mod:`changji_sim.kernel.observers`); it changes no flow. ``meanwhile`` is done
    while the trials run.

    Raises:
        FaultyInput: for a number of trials or a seed that cannot be, or a mode that asks what it must not.
        Unbalanced: if the ledger of any trial does not balance, which would be an error of this program.
    """
    check_arguments(trials, seed, chunk)
    plan = Plan(scenario, make_registry(scenario), seed)
    blocks = _Blocks(plan, trials, chunk, first, claims_of or _claims_of_one_run, observe)
    cores = workers or os.cpu_count() or 1

    def run_here(part: range, report: Report, threads: int = 1) -> tuple[Flows, Counter[str]]:
        with _beside(meanwhile):
            return blocks.run(part, report, threads)

    def report(done: int) -> None:
        if progress:
            progress(done, trials)

    # What is kept besides flows, of claims or by an observer, would not come back from another process.
    beside = IMPORT if meanwhile else 0
    parts = shares(trials, chunk, cores, beside) if claims_of is None and observe is no_observer else [range(trials)]
    if len(parts) > 1:
        flows, variates = run_in_processes(parts, run_here, blocks.run, report)
    else:
        flows, variates = run_here(parts[0], report, cores)
    return Run(scenario, trials, seed, plan.tail, flows, dict(variates))


class _Blocks:
    """The trials of a run in blocks."""

    def __init__(
        self,
        plan: Plan,
        trials: int,
        chunk: int,
        first: int,
        claims_of: Callable[..., ClaimsMaker],
        observe: ObserverOf,
    ):
        self.plan, self.trials, self.chunk, self.first = plan, trials, chunk, first
        self.claims_of, self.observe = claims_of, observe
        self._one_at_a_time = Lock()

    def run(self, part: range, report: Report, threads: int = 1) -> tuple[Flows, Counter[str]]:
        """Run a part of the trials: their flows, in room for all, and the variates drawn.

        ``report`` is told how many of them are done.
        """
        done, flows, variates = 0, Flows(self.trials), Counter[str]()
        with _map_on(threads) as map_all:
            for number, tally in map_all(partial(self._run_block, flows), part[:: self.chunk]):
                done += number
                variates.update(tally)
                report(done)
        return flows, variates

    def _run_block(self, flows: Flows, start: int) -> tuple[int, Counter[str]]:
        block = Chunk(self.plan.seed, self.first + start, min(self.chunk, self.trials - start))

        def keep(account: Account, year: int, book: np.ndarray, counts: np.ndarray) -> None:
            with self._one_at_a_time:
                flows.add(account, year, book, counts, start)

        return block.trials, _run_block(self.plan, block, keep, self.claims_of, self.observe)


@contextmanager
def _beside(work: Callable[[], object] | None) -> Iterator[None]:
    """Do some work on a thread of its own while the block runs; what becomes of it is not asked."""
    if work is None:
        yield
        return
    with ThreadPoolExecutor(1) as thread:
        thread.submit(work)
        yield


@contextmanager
def _map_on(threads: int) -> Iterator[Callable]:
    """A function like `map`, on so many threads."""
    if threads == 1:
        yield map
        return
    with ThreadPoolExecutor(threads) as pool:
        yield pool.map


def _run_block(plan: Plan, chunk: Chunk, keep: Keep, claims_of: Callable, observe: ObserverOf) -> Counter:
    shared = TrialDraws(plan.scenario, chunk)
    makers = {item.item.key: claims_of(plan, item, shared) for item in plan.items}
    block = Block(plan, chunk, shared, makers, keep, observe)
    block.run()
    tally = Counter(shared.tally)
    for maker in makers.values():
        tally.update(maker.drawn.tally)
    tally.update({f"uniform ({name})": number for name, number in block.tally.items()})
    return tally


def make_claims(plan: Plan, item: ItemPlan, shared: TrialDraws) -> ClaimsMaker:
    """One item's claims in the chunk of ``shared``: its applications drawn, and their demand."""
    scenario = plan.scenario
    drawn = ItemDraws(scenario, item.item, shared, plan.registry).draw()
    drawn = with_winners(drawn, item.item, scenario.years[0], scenario.readings["winner_rounding"])
    drawn = with_earlier(drawn, scenario, item.item, shared.chunk, plan.registry)
    maker = ClaimsMaker(item.item, drawn, scenario.readings, plan.is_enterprise, item.is_steady)
    if scenario.readings["in_force"] == "dates" and scenario.in_force:
        maker.restrict_days(*(year_fraction(day) for day in scenario.in_force))
    return maker


def _claims_of_one_run(plan: Plan, item: ItemPlan, shared: TrialDraws) -> ClaimsMaker:
    return make_claims(plan, item, shared).forget()


def make_registry(scenario: ScenarioModel) -> Registry:
    """All possible applicants, those of register files included."""
    return Registry(scenario, scenario.register_rows)


def check_arguments(trials: int, seed: int, chunk: int) -> None:
    """Raise a FaultyInput for a number of trials, a seed or a chunk that cannot be."""
    faults = []
    if isinstance(trials, bool) or not isinstance(trials, (int, np.integer)) or not 1 <= trials <= MOST_TRIALS:
        what = message(
            "the number of trials must be a whole number from 1 to {most:,}, not {found!r}",
            most=MOST_TRIALS,
            found=trials,
        )
        faults.append(Fault("trials", what))
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or not 0 <= seed < 2**63:
        what = message("the seed must be a whole number from 0 to 2⁶³ − 1, not {found!r}", found=seed)
        faults.append(Fault("seed", what))
    if not isinstance(chunk, int) or chunk < 1:
        faults.append(Fault("chunk", message("a chunk has at least one trial, not {found!r}", found=chunk)))
    if faults:
        raise FaultyInput(faults)


def drawn_tables(scenario: ScenarioModel, trials: int, seed: int = 0, first: int = 0) -> tuple[dict, list[dict]]:
    """The input of a second implementation of the rules: ``(plan, tables)``, plain dicts, lists and numbers
    (docs/the-year.md); tables of the trials from ``first`` on.
    """
    from .plain_tables import plain_plan, plain_trials

    plan = Plan(scenario, make_registry(scenario), seed)
    shared = TrialDraws(scenario, Chunk(seed, 0, trials))
    makers = {item.item.key: make_claims(plan, item, shared) for item in plan.items}
    return plain_plan(scenario, plan.registry, plan.tail), plain_trials(scenario, shared, makers, first)


def observe_trial(
    scenario: ScenarioModel, trial: int, seed: int, observe: ObserverOf
) -> tuple[Plan, dict[str, ClaimsMaker]]:
    """Run one trial alone under observers. Streams are keyed by trial, so it is the same trial as in a run of many.

    Raises:
        Unbalanced: as `simulate` does.
    """
    plan, chunk = Plan(scenario, make_registry(scenario), seed), Chunk(seed, trial, 1)
    shared = TrialDraws(scenario, chunk)
    makers = {item.item.key: make_claims(plan, item, shared) for item in plan.items}
    Block(plan, chunk, shared, makers, forget, observe).run()
    return plan, makers
