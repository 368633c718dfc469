"""Running a scenario: trials in chunks, chunks on threads, every chunk through the same years; sums that depend on
neither.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
from .registry import Registry
from .year import Block

CHUNK = 715  # trials a block, fourteen of them 10,000: Python's share of the time stays small, memory below 200 MiB
MOST_TRIALS = 10_000_000

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
) -> Run:
    """Run ``trials`` trials of a scenario (模拟), from number ``first`` on.

    The flows depend on scenario, trials and seed alone, not on ``workers`` (threads, default: the cores there are)
    or ``chunk`` (trials a block). ``progress(done, trials)`` is called from time to time. ``claims_of`` may give claims
    made before; without it they are made by `make_claims`. ``observe(item, chunk)`` gives the observer of an item's
    block (:mod:`changji_sim.kernel.observers`); it changes no flow.

    Raises:
        FaultyInput: for a number of trials or a seed that cannot be, or a mode that asks what it must not.
        Unbalanced: if the ledger of any trial does not balance, which would be an error of this program.
    """
    check_arguments(trials, seed, chunk)
    plan = Plan(scenario, make_registry(scenario), seed)
    flows = Flows(trials)
    variates: Counter[str] = Counter()
    one_at_a_time = Lock()
    done = 0

    def run_block(start: int) -> tuple[int, Counter]:
        part = Chunk(seed, first + start, min(chunk, trials - start))

        def keep(account: Account, year: int, book: np.ndarray, counts: np.ndarray) -> None:
            with one_at_a_time:
                flows.add(account, year, book, counts, start)

        return part.trials, _run_block(plan, part, keep, claims_of or _claims_of_one_run, observe)

    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        for number, tally in pool.map(run_block, range(0, trials, chunk)):
            done += number
            variates.update(tally)
            if progress:
                progress(done, trials)
    return Run(scenario, trials, seed, plan.tail, flows, dict(variates))


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


def drawn_tables(scenario: ScenarioModel, trials: int, seed: int = 0) -> tuple[dict, list[dict]]:
    """The input of a second implementation of the rules: ``(plan, tables)``, plain dicts, lists and numbers
    (docs/the-year.md).
    """
    from .plain_tables import plain_plan, plain_trials

    plan = Plan(scenario, make_registry(scenario), seed)
    shared = TrialDraws(scenario, Chunk(seed, 0, trials))
    makers = {item.item.key: make_claims(plan, item, shared) for item in plan.items}
    return plain_plan(scenario, plan.registry, plan.tail), plain_trials(scenario, shared, makers)


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
