"""What was approved already (年中已批) comes before all that is still to be decided: under caps, and within envelopes.

In the first year of a scenario with real figures up to a day (`changji_sim.scenario.actuals`), the rows with an amount
approved stand first in each trial. A cap that is used up in order serves them first by that; one that is shared out
pro rata shares what they leave. Before any item commits anything else, they are committed in full, whatever the rule
of their item, since that has happened: what finds no room now is owed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..modes.support_mode import Cap
from ..scenario.model import Item
from . import commitments as rules
from .cap_rules import CapContext, share_of_count
from .caps import SLACK
from .draws import Drawn
from .item_state import ItemState, Offer
from .ledger import COMMITMENT, ENTITLEMENT, NEED, PAYMENT, UNFUNDED

if TYPE_CHECKING:
    from .year import Block

_NONE = np.empty(0, np.int64)


def set_aside(cap: Cap, state: ItemState, y: int, context: CapContext) -> tuple[np.ndarray, np.ndarray | None]:
    """Take what was approved out of ``state.left`` before a cap that would share it out again.

    Returns:
        what was taken, fen ``(trials, rows)``; and what it uses of the ceiling, fen a trial, None where the cap is no
        such one.
    """
    rows = state.approved_rows(y)
    if not rows.size or cap.per != "item_year" or cap.share_out != "pro_rata":
        return _NONE, None
    kept = state.left[rows]
    state.left[rows] = 0
    if not cap.net_of_carried:
        return kept, kept.sum(axis=1)
    share = np.broadcast_to(context.first_share(), len(state.left))[rows]
    return kept, np.floor(kept * share * SLACK).astype(np.int64).sum(axis=1)


def commit_approved(block: Block, state: ItemState, y: int, year: int) -> None:
    """Commit what was approved of an item, in full and first of all; `commit_rest` adds the others."""
    rows = state.approved_rows(y)
    if not rows.size:
        return
    book, category = state.account.book(year), state.plan.category
    is_approved = np.zeros(len(state.left), bool)
    is_approved[rows] = True
    paid_before = book[PAYMENT].copy()
    rooms = block.room_category[category], block.room_total
    if state.is_in_full:
        state.owed_now = np.empty(block.trials, np.int64)
        approved = np.where(is_approved, state.left, 0)
        of, limits = state.claims.offsets, block.limits_commitments
        rules.commit_in_full(approved, of, state.owed_now, *rooms, limits, book)
    else:
        offer = state.offer = Offer.of(state.claims, state.left)
        wanted = np.where(is_approved[offer.rows], offer.wanted, 0)
        forward = block.forward_category[category], block.forward_total
        block.commit_offer(state, y, year, offer, wanted, rules.DEFER, rooms, forward, False, book)
    state.paid_first = book[COMMITMENT].copy() if block.limits_commitments else book[PAYMENT] - paid_before


def with_winners(drawn: Drawn, item: Item, year: int, rounding: str) -> Drawn:
    """The rows with so many valid registrations at least that who has won already may have (第十二条（五）)."""
    known, columns = drawn.known, dict(drawn.item_columns)
    if known is None or not known.approved:
        return drawn
    for cap in item.caps[year]:
        if cap.per == "count" and cap.of in columns and cap.level:
            most = int(np.ceil((known.approved + 1) / cap.level))
            allowed = share_of_count(cap.level, np.arange(most + 1), rounding)
            columns[cap.of] = columns[cap.of].copy()
            columns[cap.of][0] = np.maximum(columns[cap.of][0], int(np.argmax(allowed >= known.approved)))
    return replace(drawn, item_columns=columns)


def commit_rest_in_full(block: Block, state: ItemState, y: int, year: int) -> None:
    """The other rows of an item that is owed by law and paid at once."""
    book, rest = state.account.book(year), state.left.copy()
    rest[state.approved_rows(y)] = 0
    entitled, committed, owed = book[ENTITLEMENT].copy(), book[COMMITMENT].copy(), state.owed_now
    state.owed_now = np.empty(block.trials, np.int64)
    rooms = block.room_category[state.plan.category], block.room_total
    rules.commit_in_full(rest, state.claims.offsets, state.owed_now, *rooms, block.limits_commitments, book)
    state.owed_now += owed
    book[ENTITLEMENT] += entitled
    book[COMMITMENT] += committed


def commit_rest(block: Block, state: ItemState, y: int, year: int) -> None:
    """The other rows of an item, by its rule, within what is left."""
    book, offer, category = state.account.book(year), state.offer, state.plan.category
    whole = np.zeros_like(book)  # what all rows would be entitled to and need, as if none had been committed
    rooms = block.room_category[category], block.room_total
    forward = block.forward_category[category], block.forward_total
    unlimited = np.full(block.trials, rules.UNLIMITED)
    every, ahead = Offer.of(state.claims, state.left), np.full_like(block.forward_total, rules.UNLIMITED)
    no_limit = (unlimited, unlimited.copy()), (ahead, ahead.copy())
    block.commit_offer(state, y, year, every, every.wanted, rules.DEFER, *no_limit, False, whole)
    rest = whole[ENTITLEMENT] - book[ENTITLEMENT]
    book[NEED] += whole[NEED] - offer.due_total[0]
    book[ENTITLEMENT] += rest
    book[UNFUNDED] += rest
    block.commit_offer(state, y, year, offer, offer.wanted, state.plan.rule, rooms, forward, True, book)
