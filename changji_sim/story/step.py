"""One step of a story: what happened, by which article, and the money it moved."""

from __future__ import annotations

from dataclasses import dataclass

from ..base.units import FEN_A_WAN
from ..wording.amounts import NEARLY_NOTHING, decimal

RANKING = RATING = "第十八条（四）"  # 优秀 comes first the next year; 不合格 is mended, or barred and claimed back
ENVELOPES = "第十四条"
PAYING = "第十五条"
INSPECTION = "第十六条"
MID_TERM = "第十八条（二）"
ACCEPTANCE = "第十八条（三）"
BREACH = "第十九条"
RETURNS = "第五条（五）"
TERM = "第二十二条"


@dataclass(frozen=True)
class Step:
    """``fen`` is what the ledger books for it under ``flow`` in ``year``; 0 and no flow where no money moves.

    ``before``, ``cut`` and ``after`` (fen) are what the application had before the step, what the step took or moved,
    and what is left.
    """

    key: str
    year: int
    article: str
    zh: str
    en: str
    flow: str = ""
    fen: int = 0
    before: int = 0
    cut: int = 0
    after: int = 0


def wan(fen: int) -> str:
    """Fen as 万元, as `in_wan`; `Step.fen` has them exactly."""
    return in_wan(int(fen) / FEN_A_WAN)


def in_wan(amount: float) -> str:
    """An amount in 万元 with two decimals, as tables have it: ``4.57``, whole ones without: ``400``."""
    text = decimal(amount, 2)
    if amount and text == "0.00":
        return NEARLY_NOTHING
    return text.removesuffix(".00") if amount == int(amount) else text


def share(rate: float) -> str:
    """A rate as percent, as exactly as it was given: ``20%``, ``0.5%``."""
    return f"{rate * 100:.10g}%"
