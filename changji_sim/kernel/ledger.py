"""The ledger (台账): where every fen went, by item, year and trial. Every flow is booked on its own; the sums must
then agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

# Rows of an account. The flows of a year in which the measure is in force:
ASKED, INELIGIBLE, NOT_SELECTED, DEMAND, ENTITLEMENT, UNFUNDED, COMMITMENT, NEED = range(8)
# and those that go on after it:
DUE, PAYMENT, PAYMENT_CARRIED, ARREARS, CANCELLED, OVER_ENVELOPE, CLAWBACK, RETURN, RECOVERY = range(8, 17)
FIRST_CUT = 17  # then, for each cap of the item, its cut; then its headroom

FLOWS = (
    "asked",
    "ineligible",
    "not_selected",
    "demand",
    "entitlement",
    "unfunded",
    "commitment",
    "need",
    "due",
    "payment",
    "payment_carried",
    "arrears",
    "cancelled",
    "over_envelope",
    "clawback",
    "return",
    "recovery",
)

FLOW_TITLES = {
    "asked": "申报额",
    "ineligible": "不符合条件",
    "not_selected": "未入选",
    "demand": "测算额",
    "entitlement": "应补额",
    "unfunded": "未安排",
    "commitment": "立项额",
    "need": "资金需求",
    "due": "应拨额",
    "payment": "拨付额",
    "payment_carried": "其中续建",
    "arrears": "待拨额",
    "cancelled": "取消额",
    "over_envelope": "超预算额度",
    "clawback": "追回",
    "return": "结余上缴",
    "recovery": "股权收益",
}


class Unbalanced(ArithmeticError):
    """The ledger does not balance: a fault of the program, never of a scenario."""


class Account:
    """One item's book over a run of trials: ``amounts[year]`` has shape ``(flows + 2 · caps, trials)``, int64 fen."""

    def __init__(
        self,
        item: str,
        years: Sequence[int],
        tail: Sequence[int],
        caps: Mapping[int, Sequence[str]],
        trials: int,
        opening_unpaid: int = 0,
    ):
        self.item, self.years, self.tail, self.caps = item, tuple(years), tuple(tail), caps
        # One column more than is used: a block's part is then never contiguous, and the kernels are compiled but once.
        self.amounts = {
            y: np.zeros((FIRST_CUT + 2 * len(caps.get(y, ())), trials + 1), np.int64)[:, :trials]
            for y in (*years, *tail)
        }
        self.opening_unpaid = opening_unpaid  # what the opening file promises, fen

    def flow(self, year: int, flow: int) -> np.ndarray:
        """Fen of one flow in a year, shape ``(trials,)``."""
        return self.amounts[year][flow]

    def cuts(self, year: int) -> np.ndarray:
        """Fen cut by each cap in a year, shape ``(caps, trials)``."""
        return self.amounts[year][FIRST_CUT : FIRST_CUT + len(self.caps.get(year, ()))]

    def headrooms(self, year: int) -> np.ndarray:
        """Fen unused under each cap in a year, shape ``(caps, trials)``."""
        return self.amounts[year][FIRST_CUT + len(self.caps.get(year, ())) :]

    def check(self) -> None:
        """Raise :class:`Unbalanced` unless every identity holds in every trial, to the fen."""
        before = np.zeros_like(self.flow((*self.years, *self.tail)[0], ARREARS))
        paid, promised = np.zeros_like(before), np.full_like(before, self.opening_unpaid)
        for year in (*self.years, *self.tail):
            book = self.amounts[year]
            if year in self.years:
                self._must_equal(book[ASKED], book[INELIGIBLE] + book[NOT_SELECTED] + book[DEMAND], year, "asked")
                self._must_equal(book[DEMAND], self.cuts(year).sum(axis=0) + book[ENTITLEMENT], year, "demand")
                self._must_equal(book[ENTITLEMENT], book[COMMITMENT] + book[UNFUNDED], year, "entitlement")
            self._must_equal(book[ARREARS], before + book[DUE] - book[PAYMENT], year, "arrears")
            before = book[ARREARS]
            paid += book[PAYMENT]
            promised += book[COMMITMENT] - book[CANCELLED]
        self._must_equal(paid, promised, (*self.years, *self.tail)[-1], "payments of all years")

    def _must_equal(self, left: np.ndarray, right: np.ndarray, year: int, what: str) -> None:
        if not np.array_equal(left, right):
            trial = int(np.flatnonzero(left != right)[0])
            found, added = left[trial], right[trial]
            raise Unbalanced(
                f"{self.item} {year}, trial {trial} of its block: {what} is {found} fen, its parts add up to {added}"
            )
