"""The flows of cells in which something differs, from what is kept of an item's year to the ledger's rows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .compiled import compiled, in_place
from .ledger import (
    ARREARS,
    ASKED,
    CANCELLED,
    CLAWBACK,
    COMMITMENT,
    DEMAND,
    DUE,
    ENTITLEMENT,
    FIRST_CUT,
    INELIGIBLE,
    NEED,
    NOT_SELECTED,
    OVER_ENVELOPE,
    PAYMENT,
    PAYMENT_CARRIED,
    RECOVERY,
    RETURN,
    UNFUNDED,
)  # fmt: skip

APPLIED = 5  # rows of what is kept of selection and caps, before cuts and headrooms
_ENTITLED = APPLIED - 1


class KeptYear(NamedTuple):
    """What is kept of one item's year, fen a trial. Arrays are empty where there is nothing of the kind."""

    applied: np.ndarray  # (APPLIED + 2 · caps, trials); no row after the measure
    committed: np.ndarray  # empty: all that was entitled
    need: np.ndarray
    promised: np.ndarray  # what was committed by year offset, (trials, offsets)
    over: np.ndarray
    owed: np.ndarray  # when the year opens
    paid: np.ndarray  # of that
    over_carried: np.ndarray
    owed_after: np.ndarray
    carried: np.ndarray
    cancelled: np.ndarray
    returned: np.ndarray
    clawback: np.ndarray
    recovery: np.ndarray
    returned_by_row: np.ndarray  # where `is_owed` is 1, instead of the sums
    clawback_by_row: np.ndarray
    is_owed: np.ndarray  # uint8


@compiled
def flows_of_cell(t, kept, caps, limits_commitments, flow):
    """All flows of a trial of a block, as an `Account` has them but without headrooms; ``flow`` holds 0 for others."""
    owed, paid, over_carried, over, new = kept.owed[t], kept.paid[t], kept.over_carried[t], np.int64(0), np.int64(0)
    need, due, payment = owed, np.int64(0), paid
    if len(kept.applied) > 0:
        over, entitled = kept.over[t], kept.applied[_ENTITLED, t]
        flow[ASKED], flow[INELIGIBLE] = kept.applied[0, t], kept.applied[1, t]
        flow[NOT_SELECTED], flow[DEMAND] = kept.applied[2, t], kept.applied[3, t]
        flow[ENTITLEMENT] = entitled
        for cap in range(caps):
            flow[FIRST_CUT + cap] = kept.applied[APPLIED + cap, t]
        is_in_full = len(kept.committed) == 0
        committed = entitled if is_in_full else kept.committed[t]
        new = entitled if is_in_full else kept.promised[t, 0]
        need += entitled if is_in_full else kept.need[t]
        flow[COMMITMENT], flow[UNFUNDED] = committed, entitled - committed
    if len(kept.carried) > 0:
        need += kept.carried[t]
        due = kept.carried[t]
        payment += kept.carried[t] - over_carried
        is_by_row = len(kept.is_owed) > 0 and kept.is_owed[t] != 0
        flow[CANCELLED] = kept.cancelled[t]
        flow[RETURN] = kept.returned_by_row[t] if is_by_row else kept.returned[t]
        flow[CLAWBACK] = kept.clawback_by_row[t] if is_by_row else kept.clawback[t]
    flow[NEED], flow[DUE], flow[PAYMENT_CARRIED] = need, due + new, payment
    flow[PAYMENT] = payment + new - (0 if limits_commitments else over)
    flow[OVER_ENVELOPE] = over_carried + over
    flow[ARREARS] = kept.owed_after[t]
    if len(kept.recovery) > 0:
        flow[RECOVERY] = kept.recovery[t]


_flows_of_cell = in_place(flows_of_cell)


@compiled
def put_books(which, kept, caps, limits_commitments, book, at):
    """Book all flows of some trials of a block.

    Args:
        book: fen, ``(flows + caps, trials)``; columns are written from ``at`` on.
    """
    flow = np.zeros(len(book), np.int64)
    for w in range(len(which)):
        _flows_of_cell(which[w], kept, caps, limits_commitments, flow)
        for n in range(len(flow)):
            book[n, at + w] = flow[n]


@compiled
def trials_marked(marks, years):
    """The trials that are marked, by year: ``(ends, which)``; ``marks``, uint8 ``(years or more, trials)``."""
    trials = marks.shape[1]
    ends, n = np.zeros(years + 1, np.int64), 0
    for y in range(years):
        of_year = marks[y]
        for t in range(trials):
            n += of_year[t] != 0
        ends[y + 1] = n
    which, n = np.empty(n + 1, np.int64), 0
    for y in range(years):
        of_year = marks[y]
        if ends[y + 1] > ends[y]:
            for t in range(trials):
                which[n] = t
                n += of_year[t] != 0
    return ends, which[:n]
