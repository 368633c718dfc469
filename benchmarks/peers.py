"""What the peers have in common: which rules they cover, and the check that they give the kernel's numbers to the fen.

A peer is a function ``simulate(plan, table) -> {(item, year, flow): fen}`` of one trial that reads what
``changji_sim.kernel.simulate.drawn_tables`` gives, as ``tests/support/reference.py`` does. It draws nothing itself.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

Key = tuple[str, int, str]

FEN_A_YUAN = 100
YUAN_A_WAN = 10_000
FEN_A_WAN = FEN_A_YUAN * YUAN_A_WAN
NUDGE = 1 + 2.0**-49  # binary fractions must not show (docs/the-year.md, Rounding)

# Readings for which a peer has rules; the others act on the draws alone.
COVERED = {
    "winner_rounding": "down",
    "enterprise": "applicant",
    "exchange_counts": "payments",
    "upgrade_pays": "full",
    "clawback_scope": "all_paid",
    "bar_scope": "every_item",
    "payable_rounding": "yuan",
    "public_money": "no",
    "equity_scope": "all",
    "envelope_limits": "payments",
    "in_force": "whole_years",
    "short_project_violations": "never",
    "claims_after_expiry": "lapse",
}
MODES = (
    "grant", "award", "reward_subsidy", "service_purchase", "grant_to_equity", "loan_interest_subsidy",
    "insurance_premium_subsidy",
)  # fmt: skip
WHEN_SHORT = ("ranked", "partial", "defer")


class NotCovered(ValueError):
    """The scenario has a rule that the peers were not written for."""


def check_covered(plan: Mapping[str, Any], table: Mapping[str, Any]) -> None:
    """Raise :class:`NotCovered`, with everything that is missing, unless the peers know every rule of the scenario."""
    missing = [f"reading {name}" for name, choice in COVERED.items() if plan["readings"].get(name, choice) != choice]
    missing += [name for name in ("pooling", "refill", "opening") if plan[name]]
    missing += [f"mode {item['mode']}" for item in plan["items"] if item["mode"] not in MODES]
    missing += [f"when_short {item['when_short']}" for item in plan["items"] if item["when_short"] not in WHEN_SHORT]
    missing += [f"reapply of {key}" for key, item in table["items"].items() if any(item["reapply"].values())]
    caps = [(item["key"], cap) for item in plan["items"] for cap in item["caps"][plan["years"][0]]]
    missing += [f"pro rata of first tranches of {key}" for key, cap in caps if cap["net_of_carried"] and is_shared(cap)]
    missing += ["oversight of awards"] if any(table["probabilities"]["award_violation"].values()) else []
    if missing:
        raise NotCovered("the peers do not cover: " + ", ".join(missing))


def is_shared(cap: Mapping[str, Any]) -> bool:
    """Whether what is left under a cap goes to all in proportion, not to the first."""
    return cap["share_out"] == "pro_rata"


@cache
def reference() -> ModuleType:
    """``tests/support/reference.py``: the rules in plain Python."""
    spec = importlib.util.spec_from_file_location(
        "benchmarked_reference", Path(__file__).parent.parent / "tests" / "support" / "reference.py"
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def whole_yuan(wan: float) -> int:
    """An amount in 万元, rounded down to whole yuan, in fen."""
    return math.floor(wan * YUAN_A_WAN * NUDGE) * FEN_A_YUAN


def unequal(flows: Any, trial: int, given: Mapping[Key, int]) -> list[str]:
    """A line for every amount of a trial in which a peer and the kernel's ``Run.flows`` disagree; none counts."""
    lines = []
    for key in sorted(key for key in {*flows.keys(), *given} if not key[2].startswith("count:")):
        ours, theirs = int(flows.fen(*key)[trial]), int(given.get(key, 0))
        if ours != theirs:
            item, year, flow = key
            lines.append(f"trial {trial}: {item} {year} {flow}: the kernel has {ours}, the peer {theirs}")
    return lines


def disagreements(flows: Any, peer: Any, plan: Mapping[str, Any], tables: Iterable[Mapping[str, Any]]) -> list[str]:
    """:func:`unequal` over the first trials: ``peer(plan, table)`` against the kernel."""
    return [line for trial, table in enumerate(tables) for line in unequal(flows, trial, peer(plan, table))]
