"""The ledger (台账): every flow in fen, by item, year and trial. Every flow is booked on its own; the sums must
then agree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from .compiled import compiled

# Rows of a book. The flows of a year in which the measure is in force:
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


# Rows of the counts of a year: of its applications,
APPLICATIONS, APPLICANTS, N_INELIGIBLE, N_NOT_SELECTED, SELECTED, ENTITLED, N_UNFUNDED, FUNDED, FUNDED_APPLICANTS = (
    range(9)
)
# and of projects, by what falls in the year:
CONTRACTS, INSPECTIONS, MIDTERMS, ACCEPTANCES, RATED_EXCELLENT, RATED_FAILED, ACCEPTED, N_MENDED, ENDED_EARLY = range(
    9, 18
)
COUNT = "count:"  # begins the name of a count, as ``cut:`` does that of a cut
OF_APPLICATIONS = tuple(
    f"{COUNT}{name}"
    for name in (
        "applications",
        "applicants",
        "ineligible",
        "not_selected",
        "selected",
        "entitled",
        "unfunded",
        "funded",
        "funded_applicants",
    )
)
OF_PROJECTS = tuple(
    f"{COUNT}{name}"
    for name in (
        "contracts",
        "inspections",
        "midterms",
        "acceptances",
        "excellent",
        "failed",
        "accepted",
        "mended",
        "ended_early",
    )
)
COUNTS = (*OF_APPLICATIONS, *OF_PROJECTS)  # numbers of applications, applicants and projects


def is_count(flow: str) -> bool:
    """Whether a flow is a number of things, and no amount."""
    return flow.startswith(COUNT)


class Unbalanced(ArithmeticError):
    """The ledger does not balance: an error of the program, never of a scenario."""


Keep = Callable[["Account", int, np.ndarray, np.ndarray], None]


def forget(account: Account, year: int, book: np.ndarray, counts: np.ndarray) -> None:
    """Keep nothing: for runs of which only an observer's records are needed."""


class Account:
    """One item's books over a block of trials: ``book(year)`` has shape ``(flows + 2 · caps, trials)``, int64 fen, and
    ``counts(year)``, ``(len(COUNTS), trials)``, int32.

    A book is opened when something is first booked in it, and closed for good when its year is over: it must balance
    then, is handed to ``keep``, and held no longer.
    """

    def __init__(
        self,
        item: str,
        years: Sequence[int],
        tail: Sequence[int],
        caps: Mapping[int, Sequence[str]],
        trials: int,
        opening_unpaid: int,
        keep: Keep,
        opening_arrears: int = 0,
    ):
        """``opening_unpaid``: what the opening file promises, fen, with what was due before and is unpaid."""
        self.item, self.years, self.tail, self.caps, self.trials = item, tuple(years), tuple(tail), caps, trials
        self.keep = keep
        self.books: dict[int, np.ndarray] = {}
        self.counted: dict[int, np.ndarray] = {}
        self._arrears, self._paid = np.zeros((2, trials), np.int64)
        self._arrears += opening_arrears
        self._is_owing = bool(opening_arrears)
        self._promised = np.full(trials, opening_unpaid, np.int64)

    def book(self, year: int) -> np.ndarray:
        """All flows of a year; then, for each cap, its cut, and for each its headroom."""
        if year not in self.books:
            self.books[year] = np.zeros((FIRST_CUT + 2 * len(self.caps.get(year, ())), self.trials), np.int64)
        return self.books[year]

    def counts(self, year: int) -> np.ndarray:
        """All counts of a year."""
        if year not in self.counted:
            self.counted[year] = np.zeros((len(COUNTS), self.trials), np.int32)
        return self.counted[year]

    def names(self, year: int) -> tuple[str, ...]:
        """The flows of a year in the order of its book, headrooms left out."""
        return (*FLOWS, *(f"cut:{cap}" for cap in self.caps.get(year, ())))

    def close(self, year: int) -> None:
        """Hand a year's book on.

        Raises:
            Unbalanced: unless every identity of the year holds in every trial, to the fen.
        """
        if not (year in self.books or year in self.counted or self._is_owing):
            return
        book = self.book(year)
        caps = len(self.caps.get(year, ()))
        found = first_imbalance(book, caps, year in self.caps, self._arrears, self._paid, self._promised)
        self._must_hold(year, *found)
        counts = self.counted.pop(year, _NOTHING_COUNTED)
        self._must_hold(year, *first_miscount(counts))
        self._is_owing = bool(self._arrears.any())
        self.keep(self, year, book, counts)
        del self.books[year]

    def settle(self) -> None:
        """After the last year.

        Raises:
            Unbalanced: unless all that was promised is paid or cancelled, in every trial, to the fen.
        """
        trial = int(np.argmax(self._paid != self._promised))
        if self._paid[trial] != self._promised[trial]:
            self._must_hold(self.years[-1], PAYMENTS, trial, self._paid[trial], self._promised[trial])

    def _must_hold(self, year: int, identity: int, trial: int, found: int, added: int) -> None:
        if identity != BALANCED:
            unit = "" if is_count(IDENTITIES[identity]) else " fen"
            raise Unbalanced(
                f"{self.item} {year}, trial {trial} of its block: {IDENTITIES[identity]} is {found}{unit}, "
                f"its parts add up to {added}"
            )


_NOTHING_COUNTED = np.zeros((len(COUNTS), 0), np.int32)
IDENTITIES = (
    "",
    "asked",
    "demand",
    "entitlement",
    "arrears",
    "payments of all years",
    "count:applications",
    "count:entitled",
    "count:acceptances",
)
BALANCED, OF_ASKED, OF_DEMAND, OF_ENTITLEMENT, OF_ARREARS, PAYMENTS, N_ASKED, N_ENTITLED, N_RATED = range(
    len(IDENTITIES)
)


@compiled
def first_imbalance(book, caps, is_in_force, arrears, paid, promised):
    """The first identity of a year that does not hold: (identity, trial, amount, sum of its parts); `BALANCED` if none.

    Args:
        arrears: at the end of the year before; becomes this year's. ``paid`` and ``promised``, fen a trial, go on.
    """
    for t in range(len(arrears)):
        owed = arrears[t] + book[DUE, t] - book[PAYMENT, t]
        if book[ARREARS, t] != owed:
            return OF_ARREARS, t, book[ARREARS, t], owed
        arrears[t] = owed
        paid[t] += book[PAYMENT, t]
        promised[t] += book[COMMITMENT, t] - book[CANCELLED, t]
    for t in range(len(arrears) if is_in_force else 0):
        asked = book[INELIGIBLE, t] + book[NOT_SELECTED, t] + book[DEMAND, t]
        entitlement = book[COMMITMENT, t] + book[UNFUNDED, t]
        demand = book[ENTITLEMENT, t]
        for cap in range(caps):
            demand += book[FIRST_CUT + cap, t]
        if book[ASKED, t] != asked:
            return OF_ASKED, t, book[ASKED, t], asked
        if book[DEMAND, t] != demand:
            return OF_DEMAND, t, book[DEMAND, t], demand
        if book[ENTITLEMENT, t] != entitlement:
            return OF_ENTITLEMENT, t, book[ENTITLEMENT, t], entitlement
    return BALANCED, 0, 0, 0


@compiled
def first_miscount(counts):
    """The first identity of a year's counts that does not hold, as `first_imbalance` gives it."""
    for t in range(counts.shape[1]):
        parts = counts[N_INELIGIBLE, t] + counts[N_NOT_SELECTED, t] + counts[SELECTED, t]
        if counts[APPLICATIONS, t] != parts:
            return N_ASKED, t, counts[APPLICATIONS, t], parts
        parts = counts[FUNDED, t] + counts[N_UNFUNDED, t]
        if counts[ENTITLED, t] != parts or parts > counts[SELECTED, t]:
            return N_ENTITLED, t, counts[ENTITLED, t], parts
        parts = counts[ACCEPTED, t] - counts[N_MENDED, t] + counts[RATED_FAILED, t]
        if counts[ACCEPTANCES, t] != parts:
            return N_RATED, t, counts[ACCEPTANCES, t], parts
    return BALANCED, 0, np.int32(0), np.int32(0)
