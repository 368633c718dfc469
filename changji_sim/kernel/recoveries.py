"""Cash from holdings (股权收益): what a mode says that commitments bring back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..modes.support_mode import Commitments, Holdings, SupportMode
from . import caps as ceilings
from .claims import ClaimsMaker
from .cohorts import Cohort
from .plan import FEN_A_WAN, ItemPlan, Plan

Held = tuple[Cohort, np.ndarray, np.ndarray, np.ndarray]  # a cohort, then what `Cohort.held` gives


def joined(held: list[Held], name: str) -> np.ndarray:
    """A field of the rows held, one cohort's after the other's."""
    return np.concatenate([getattr(cohort, name)[rows] for cohort, rows, *_ in held])


def recoveries(
    plan: Plan, item: ItemPlan, maker: ClaimsMaker, cohorts: Iterable[Cohort], y: int, year: int
) -> Iterator[tuple[list[Held], np.ndarray]]:
    """What an item's commitments bring back in a year, fen a row held: the mode is asked once, or once a commitment
    year where its terms change.

    Raises:
        FaultyInput: if the mode's answer is no amount for each.
    """
    years = item.recovery_years + 1
    held = [(cohort, *rows) for cohort in cohorts if len((rows := cohort.held(y, years))[0])]
    parts = [held] if held and item.is_steady else [[one] for one in held]
    for part in parts:
        cash = _cash(plan, maker, part, item.mode_of(0 if item.is_steady else part[0][0].start, plan.years[0]), year)
        if cash is not None:
            yield part, np.floor(cash * FEN_A_WAN * ceilings.SLACK).astype(np.int64)


def holdings_of(plan: Plan, maker: ClaimsMaker, held: list[Held]) -> Holdings:
    """The rows held as a mode is asked about them."""
    index = joined(held, "index")
    start = np.repeat([cohort.start for cohort, *_ in held], [len(rows) for _, rows, *_ in held])
    columns = maker.columns.of_rows(index)
    columns["is_enterprise"] = lambda: plan.is_enterprise[maker.drawn.applicant[index]]
    columns["ended"] = lambda: np.concatenate([ended for *_, ended in held])
    columns["paid_wan"] = lambda: np.concatenate([paid for _, _, paid, _ in held]) / FEN_A_WAN
    return Holdings(columns, plan.years[0] + start, len(index))


def _cash(plan: Plan, maker: ClaimsMaker, held: list[Held], mode: SupportMode, year: int) -> np.ndarray | None:
    rows = holdings_of(plan, maker, held)
    cash = mode.recoveries(rows, year)
    if cash is None:
        return None
    cash = np.asarray(cash, dtype=float)
    if cash.shape != (len(rows),) or not (cash >= 0).all() or not np.isfinite(cash).all():
        what = message("recoveries() must give {count} amounts of 万元, finite and not below 0", count=len(rows))
        raise FaultyInput([Fault(message("mode {mode}", mode=mode.key), what)])
    return cash


def exits_by_offset(plan: Plan, item: ItemPlan, maker: ClaimsMaker, y: int, index: np.ndarray) -> list[np.ndarray]:
    """Which rows may bring money back in which year offset: the mode says, or it is any row in any year.

    Args:
        index: the rows of the drawn table committed in year index ``y``, which may lie before the first year.
    """
    offsets = np.arange(item.recovery_years + 1)
    columns = maker.columns.of_rows(index)
    columns["is_enterprise"] = lambda: plan.is_enterprise[maker.drawn.applicant[index]]
    comes = item.mode_of(y, plan.years[0]).exits(Commitments(columns, plan.years[0] + y, len(index)))
    if comes is None:
        return [np.arange(len(index))] * len(offsets)
    order = np.argsort(comes, kind="stable")
    return np.split(order, np.searchsorted(comes[order], offsets[1:]))[: len(offsets)]
