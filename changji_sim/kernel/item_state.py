"""What one item carries from year to year in a block of trials, and what it offers in one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ..scenario.model import Item
from . import commitments as rules
from .claims import Claims, ClaimsMaker
from .cohorts import Cohort
from .ledger import Account
from .observers import Observer
from .plan import ItemPlan

_NO_ROWS_BY_TRIAL = np.empty((0, 0), np.int64)


@dataclass(eq=False)
class Offer:
    """This year's commitments of one item: a value for each row with an entitlement."""

    ends: np.ndarray
    rows: np.ndarray
    wanted: np.ndarray
    commitment: np.ndarray
    unpaid: np.ndarray
    due: np.ndarray
    due_total: np.ndarray

    @classmethod
    def of(cls, claims: Claims, left: np.ndarray) -> Offer:
        ends, rows, wanted = rules.entitled_rows(left, claims.offsets)
        number, width = len(rows), claims.shares.shape[1] + 1  # one year more: a failed rating puts a tranche off
        return cls(
            ends,
            rows,
            wanted,
            commitment=np.empty(number, np.int64),
            unpaid=np.zeros(number, np.int64),
            due=np.empty((number, width), np.int64),
            due_total=np.zeros((width, len(claims.offsets) - 1), np.int64),
        )

    @property
    def trial(self) -> np.ndarray:
        """The trial of each row."""
        return np.repeat(np.arange(len(self.ends) - 1), np.diff(self.ends))


@dataclass(eq=False, repr=False)
class ItemState:
    """What one item carries from year to year, and its rows of the year; the rows' fields are set in their step."""

    plan: ItemPlan
    maker: ClaimsMaker
    account: Account
    is_simple: bool  # paid at once and done: nothing but arrears goes on
    is_in_full: bool  # and owed by law, so that no row is committed less than its entitlement
    used: np.ndarray  # one-off awards used up, (trials, keys)
    owed: np.ndarray  # arrears, (trials,)
    counts: np.ndarray  # of projects, see `count_rows`; no year where the item has none
    observer: Observer = field(default_factory=Observer)
    owes: bool = False  # whether there are any
    cohorts: list[Cohort] = field(default_factory=list)  # oldest first
    granted: dict[str, np.ndarray] = field(default_factory=dict)
    claims: Claims = field(init=False)  # this year's; then by row of these:
    left: np.ndarray = field(init=False)  # fen left by the caps
    state: np.ndarray = field(init=False)  # INELIGIBLE_ROW … SELECTED_ROW; empty where it is not needed
    offer: Offer = field(init=False)  # of the rows with an entitlement; not set where they are paid in full
    owed_now: np.ndarray = field(init=False)  # of this year's commitments, where they are made in full
    paid_first: np.ndarray | None = None  # fen a trial: of the first year, what was decided before its other rows

    @property
    def item(self) -> Item:
        return self.plan.item

    def approved_rows(self, y: int) -> np.ndarray:
        """The rows of year index ``y`` with an amount approved already, trial by trial; ``(trials, rows)``."""
        drawn = self.maker.drawn
        number = drawn.known.approved if drawn.known is not None and y == 0 else 0
        if not number:
            return _NO_ROWS_BY_TRIAL
        own = np.diff(drawn.offsets[: drawn.trials + 1])  # behind the claims of earlier years
        return (self.claims.offsets[1:] - own)[:, None] + np.arange(number)

    @property
    def commitment_by_row(self) -> np.ndarray:
        """Fen committed this year to each row of the claims."""
        if self.is_in_full:
            return self.left
        commitment = np.zeros(len(self.left), np.int64)
        commitment[self.offer.rows] = self.offer.commitment
        return commitment

    @property
    def first_due_by_row(self) -> np.ndarray:
        """Fen of this year's first tranches, of each row of the claims."""
        if self.is_in_full:
            return self.left
        due = np.zeros(len(self.left), np.int64)
        due[self.offer.rows] = self.offer.due[:, 0]
        return due
