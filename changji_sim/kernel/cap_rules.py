"""One cap (上限) applied to one item's claims of one year: the same for a simulated year and for real applications."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ..modes.support_mode import Cap
from . import caps as ceilings
from .claims import CapClaims, smallest_for, to_fen

ROUNDING: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "down": np.floor,
    "nearest": lambda x: np.floor(x + 0.5),
    "up": np.ceil,
}


_ALL = np.ones(1)


@dataclass(frozen=True, eq=False)
class CapContext:
    """What caps read besides the claims. Amounts are fen; functions are called only where a cap needs them.

    Args:
        readings: reading -> choice (条款口径).
        group_of: group of each applicant, by applicant number.
        ceiling: ceiling of each row under a cap per application that is a share of a column, whole yuan.
        count: name of a per-item column -> its value in each trial (有效报名数).
        carried: carried payments due and opening arrears of the item, one a trial.
        credit: what the platform of each row was committed under the lower item (reading ``upgrade_pays``), one a row.
        first_share: the share of each row that is paid in its first year, or one for all rows.
    """

    readings: Mapping[str, str]
    group_of: np.ndarray
    ceiling: Callable[[Cap], np.ndarray]
    count: Callable[[str], np.ndarray]
    carried: Callable[[], np.ndarray]
    credit: Callable[[], np.ndarray]
    first_share: Callable[[], np.ndarray]

    def enterprise(self, claims: CapClaims) -> np.ndarray:
        """The enterprise (每家) of each row, as a number: the applicant, or its group under reading ``enterprise``."""
        return self.group_of[claims.applicant] if self.readings["enterprise"] == "group" else claims.applicant


def apply_cap(
    cap: Cap,
    level: int,
    left: np.ndarray,
    claims: CapClaims,
    context: CapContext,
    cut: np.ndarray,
    headroom: np.ndarray,
    used: np.ndarray | None = None,
) -> None:
    """Reduce ``left`` (fen a row, in place) to what the cap allows.

    Args:
        level: the cap's ceiling in fen (`level_fen`); not read where the ceiling is a rate of something.
        used: of a ceiling per item and year, what others have used of it, fen a trial.
        cut, headroom: fen a trial, written: what was cut, and what stayed free under the ceilings of the rows.
    """
    offsets, groups = claims.offsets, len(context.group_of)
    if cap.key == "upgrade_credit":
        ceilings.per_application(left, offsets, np.maximum(left - context.credit(), 0), 1, cut, headroom)
    elif cap.per == "application":
        yuan = level // ceilings.FEN_A_YUAN
        ceiling = context.ceiling(cap) if cap.of else np.array([yuan], smallest_for(yuan))
        ceilings.per_application(left, offsets, ceiling, ceilings.FEN_A_YUAN, cut, headroom)
    elif cap.per == "applicant_year":
        ceilings.per_group_in_order(left, offsets, context.enterprise(claims), level, groups, cut, headroom)
    elif cap.per == "count":
        limit = share_of_count(cap.level or 0.0, context.count(cap.of or ""), context.readings["winner_rounding"])
        tiers = int(claims.tier.max(initial=0)) + 1
        enterprise = context.enterprise(claims)
        ceilings.winners_within_count(left, offsets, enterprise, claims.tier, tiers, limit, groups, cut)
    else:
        room = np.full(len(cut), level)
        if used is not None:
            room = np.maximum(room - used, 0)
        if cap.net_of_carried:
            room = np.maximum(room - context.carried(), 0) // ceilings.FEN_A_YUAN * ceilings.FEN_A_YUAN
        share_out = ceilings.per_year_pro_rata if cap.share_out == "pro_rata" else ceilings.per_year_in_order
        first = context.first_share() if cap.net_of_carried else _ALL
        if (first < 1).any():
            _share_out_payments(share_out, left, offsets, first, room, cut, headroom)
        else:
            share_out(left, offsets, room, cut, headroom)


def _share_out_payments(
    share_out: Callable[..., None],
    left: np.ndarray,
    offsets: np.ndarray,
    first_share: np.ndarray,
    room: np.ndarray,
    cut: np.ndarray,
    headroom: np.ndarray,
) -> None:
    """Reduce ``left`` so that this year's first tranches of it stay within ``room``; each cut row in whole yuan."""
    share = np.broadcast_to(first_share, len(left))
    wanted = np.floor(left * share * ceilings.SLACK).astype(np.int64)
    allowed, before = wanted.copy(), left.copy()
    share_out(allowed, offsets, room, cut, headroom)
    rows = np.flatnonzero(allowed < wanted)
    yuan = np.floor(allowed[rows] / share[rows] * ceilings.SLACK / ceilings.FEN_A_YUAN).astype(np.int64)
    left[rows] = np.minimum(yuan * ceilings.FEN_A_YUAN, left[rows])
    total = np.concatenate([[0], np.cumsum(before - left)])
    cut[:] = total[offsets[1:]] - total[offsets[:-1]]


def level_fen(cap: Cap) -> int:
    """The cap's ceiling in fen, rounded down to whole yuan."""
    return int(to_fen(np.array([float(cap.level or 0.0)]))[0])


def share_of_count(rate: float, count: np.ndarray, rounding: str) -> np.ndarray:
    """A share of a count as a whole number; 10% of 69.999… cannot become 7 and 10% of 70 cannot become 6."""
    exact = np.rint(rate * 1e4).astype(np.int64) * np.rint(count).astype(np.int64)
    return ROUNDING[rounding](exact / 1e4).astype(np.int64)
