"""What the need exceeds the envelope by (资金缺口), trial by trial."""

from __future__ import annotations

import numpy as np

from .run_result import RunResult


def shortfall_fen(result: RunResult, year: int, category: str | None = None) -> np.ndarray:
    """What the need exceeds the envelope by, fen, shape ``(trials,)``; 0 where it fits or nothing limits it."""
    envelope = result.envelope_fen(year, category)
    need = result.fen("need", year, category=category)
    return np.zeros_like(need) if envelope is None else np.maximum(need - envelope, 0)
