"""Rows named in a sentence: ``row 2``, ``rows 2, 5–7``."""

from __future__ import annotations

from collections.abc import Iterable

from ..base.messages import Message, message

MOST = 120  # stretches of rows; beyond it a sentence is no longer read


def rows_named(lines: Iterable[int]) -> Message:
    """Numbers of rows, consecutive ones as a stretch."""
    numbers = sorted(set(lines))
    if len(numbers) == 1:
        return message("row {line}", line=numbers[0])
    stretches: list[list[int]] = []
    for line in numbers:
        if stretches and stretches[-1][1] == line - 1:
            stretches[-1][1] = line
        else:
            stretches.append([line, line])
    texts = [str(first) if first == last else f"{first}–{last}" for first, last in stretches[:MOST]]
    return message("rows {rows}", rows=", ".join([*texts, *("…" for _ in stretches[MOST : MOST + 1])]))
