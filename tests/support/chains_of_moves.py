"""Moves of what can be adjusted, one on top of the other and back again: each run against one from nothing.

Run as a program (``chains_of_moves.py scenario.yaml moves trials seed [part]``) it ends with 1 at the first move after
which a fen differs, so that a copy of the package with its bookkeeping broken on purpose can be tried in a process of
its own.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path

import numpy as np
import param

from changji_sim import Live, Scenario
from changji_sim.adjustable import Adjustable, adjustables, reform_of
from changji_sim.base.faults import FaultyInput
from changji_sim.kernel.calendar import CalendarObserver, RunDown, gathered
from changji_sim.kernel.flows import Flows, Packed
from changji_sim.kernel.observers import Observers
from changji_sim.kernel.recompute import is_covered
from changji_sim.kernel.simulate import simulate
from changji_sim.results.exhaustion import Seen, limits_recorded
from changji_sim.scenario_file.draft import Draft

RETURNS = 0.25  # how often a move goes back to where things stood before
# Of each way in which a limit is used up in order: paid at once and in parts, by law and within what envelopes leave.
DATED = ("exchange", "insurance_premium", "new_hightech", "technology_trade")


def some_value(one: Adjustable, chance: random.Random):
    """A value that a widget for this thing could be set to; a term of the law may be set beyond it, by a reform."""
    parameter = one.parameter
    if isinstance(parameter, param.Selector):
        return chance.choice(list(parameter.objects))
    if isinstance(parameter, param.Boolean):
        return chance.random() < 0.5
    if isinstance(parameter, param.List):  # the order of items
        return chance.sample(one.value, len(one.value))
    low, high = parameter.softbounds
    high = 1.5 * one.law if one.law_term and one.law else high
    value = chance.uniform(low, high)
    return round(value) if isinstance(parameter, param.Integer) else round(value, 4)


class Turned:
    """Changes to a scenario piling up: some of the guide and the assumptions, some of the law by a reform."""

    def __init__(self, draft: Draft):
        self.draft, self.changes, self.reform = draft, {}, {}

    def with_value(self, one: Adjustable, value) -> Turned:
        """The same with one more thing set; what a term of the law is set to beyond it is a reform."""
        other = Turned(self.draft)
        other.changes, other.reform = dict(self.changes), dict(self.reform)
        if one.law_term and (one.is_fixed or value > one.law):
            other.changes.pop(one.path, None)
            other.reform[one.group, one.law_term] = value
        else:
            other.reform.pop((one.group, one.law_term), None)
            other.changes |= one.change(value)
        return other

    def scenario(self) -> Scenario:
        return self.draft.scenario(self.changes, reform_of(self.reform, self.draft.law))


def unequal(one: Flows, other: Flows) -> list[str]:
    """The flows and headrooms that differ."""
    keys, others = set(one.keys()), set(other.keys())
    are_same = cache(_are_same)  # half of the flows are the very same as another
    flows = sorted(key for key in keys | others if not are_same(one.packed(*key), other.packed(*key)))
    there = keys ^ others  # one says that a flow is there, the other that all of it is 0
    caps = {*one.headroom, *other.headroom}
    return [
        *map(str, flows), *(f"is there: {key}" for key in sorted(there)),
        *(f"headroom: {key}" for key in sorted(caps) if one.headroom.get(key) != other.headroom.get(key)),
    ]  # fmt: skip


def _are_same(one: Packed | None, other: Packed | None) -> bool:
    """Whether two flows, of which one may not be there, have the same fen in every trial."""
    if one is None or other is None:
        return all(not packed.values.any() for packed in (one, other) if packed is not None)
    if one.unit == other.unit:
        return bool((one.values == other.values).all())
    return bool((one.fen == other.fen).all())


def unequal_calendars(one: Seen, other: Seen) -> list[str]:
    """The limits that are used up otherwise in some trial, to the last digit."""
    there = sorted(map(str, one.keys() ^ other.keys()))
    return [f"is there: {at}" for at in there] + [
        f"{at}: {name.name}"
        for at in sorted(one.keys() & other.keys())
        for name in fields(RunDown)
        if not np.array_equal(getattr(one[at], name.name), getattr(other[at], name.name), equal_nan=name.name == "day")
    ]


def first_difference(draft: Draft, moves: int, trials: int, seed: int, parts: Sequence[str] = ()) -> str:
    """What was moved when a flow first differed from a run from nothing, and which; empty if none ever did.

    Args:
        parts: kinds of what is moved (`Adjustable.part`), or its key; all by default, each kind as often as any other.

    In two of three runs it is asked besides how the limits of `DATED` are used up, which is compared too.

    A chain that begins with a scenario that is worked out by cells goes back at once after a move that leads out of
    these: what follows would be one run from nothing against another.
    """
    chance, turned = random.Random(seed), Turned(draft)
    past: list[Turned] = [turned]
    run_before: dict[Turned, tuple[Flows, Observers]] = {}  # from nothing: a return asks for it again
    dated = [item.key for item in turned.scenario().items if item.key in DATED]
    live = Live(turned.scenario(), trials=trials, seed=seed, chunk=max(trials // 2, 1), workers=1)
    every = [one for one in adjustables(draft) if one.value is not None]
    every = [one for one in every if not parts or one.part in parts or one.key in parts]
    kinds = {part: [one for one in every if one.part == part] for part in sorted({one.part for one in every})}
    what, done, further = "nothing", 0, turned
    by_cell, is_outside = is_covered(turned.scenario()), False
    while done <= moves:
        if done and (is_outside or chance.random() < RETURNS):
            what, further = "back", chance.choice(past)
        elif done:
            one = chance.choice(kinds[chance.choice(list(kinds))])
            value = some_value(one, chance)
            what, further = f"{one.key} = {value}", turned.with_value(one, value)
        try:
            scenario = further.scenario()
            if further not in run_before:
                observe = Observers(dict.fromkeys(dated, CalendarObserver))
                flows = simulate(scenario, trials, seed, workers=1, chunk=trials, observe=observe).flows
                run_before[further] = flows, observe
        except FaultyInput:  # terms that cannot stand together, or a width that leads to absurd amounts
            continue
        flows, observe = run_before[further]
        result = live.run(scenario, calendar_of=dated if done % 3 else ())
        found = unequal(result.run.flows, flows)
        for key, seen in limits_recorded(result).items():
            found += [f"{key}, {what}" for what in unequal_calendars(seen, gathered(observe, key))]
        if found:
            return f"move {done}, {what}: {found[:5]}"
        turned = further
        is_outside = by_cell and not is_covered(scenario)
        if not is_outside:
            past.append(turned)
        done += 1
    return ""


if __name__ == "__main__":
    moves, trials, seed = map(int, sys.argv[2:5])
    difference = first_difference(Draft(Path(sys.argv[1])), moves, trials, seed, sys.argv[5:])
    print(difference)
    sys.exit(1 if difference else 0)
