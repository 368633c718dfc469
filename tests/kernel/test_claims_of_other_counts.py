"""Claims made of those there were, after only the numbers of applications changed: the same rows as made anew."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from changji_sim.kernel.claims import Claims, ClaimsMaker
from changji_sim.kernel.claims_of_other_counts import with_other_counts
from changji_sim.kernel.draws import Chunk, TrialDraws
from changji_sim.kernel.plan import Plan
from changji_sim.kernel.simulate import make_claims, make_registry
from changji_sim.scenario_file.draft import Draft

TRIALS, SEED, FIRST = 20, 3, 5


def _plan_and_draws(growth: float) -> tuple[Plan, TrialDraws]:
    scenario = Draft("baseline").scenario({"growth.value": growth})
    return Plan(scenario, make_registry(scenario), SEED), TrialDraws(scenario, Chunk(SEED, FIRST, TRIALS))


@pytest.fixture(scope="module", params=[(0.05, 0.12), (0.12, 0.05)], ids=["more rows", "fewer rows"])
def pairs(request) -> dict[str, tuple[ClaimsMaker | None, ClaimsMaker]]:
    """By item, claims made of those of another growth, and made anew."""
    (plan, shared), (other, other_shared) = map(_plan_and_draws, request.param)
    pairs = {}
    for item, now in zip(plan.items, other.items, strict=True):
        before = make_claims(plan, item, shared)
        caps = {cap for caps in item.item.caps.values() for cap in caps if cap.per == "application" and cap.of}
        assert all(len(before.ceiling(cap)) for cap in caps)  # worked out before, so taken over
        pairs[item.item.key] = (
            with_other_counts(before, other, now, other_shared),
            make_claims(other, now, other_shared),
        )
    return pairs


def test_rows_are_those_made_anew(pairs):
    for key, (taken_over, anew) in pairs.items():
        if taken_over is None:
            continue
        for field in fields(Claims):
            ours, theirs = getattr(taken_over.all_years, field.name), getattr(anew.all_years, field.name)
            if field.name != "columns":
                assert np.array_equal(ours, theirs), (key, field.name)
        assert all(np.array_equal(taken_over.columns[name], anew.columns[name]) for name in anew.columns), key
        assert all(np.array_equal(of_rows, anew.ceiling(cap)) for cap, of_rows in taken_over._ceilings.items()), key


def test_most_items_are_taken_over(pairs):
    made = {key: taken_over for key, (taken_over, _) in pairs.items() if taken_over is not None}
    assert {"exchange", "core_technology", "loan_interest", "commissioner"} <= set(made)


def test_members_none_of_whom_comes_twice_are_drawn_anew(pairs):
    assert pairs["new_hightech"][0] is None
