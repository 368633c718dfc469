"""同上, 〃 and their like: cells that stand for what is written above them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ..base.faults import Fault
from ..base.messages import message
from ..base.spelling import plain_text
from ..tables.table import Row, Table
from .rows_named import rows_named

# as `plain_text` leaves them, without spaces
MARKS = frozenset(
    [
        "同上",
        "上同",
        "同前",
        "同上行",
        "同上一行",
        "同上格",
        "同左上",
        "〃",
        "〞",
        "〟",
        "々",
        "々々",
        "″",
        "′′",
        '"',
        "''",
        "“",
        "”",
        "”",
        "“”",
        ",,",
        "、、",
        "↑",
        "⇑",
        "^",
        "ditto",
        "do",
        "do.",
        "id",
        "id.",
        "idem",
        "ibid",
        "ibid.",
    ]
)
_TWICE = re.compile(r"(.)\1+")  # 〃〃
_BEGINS = re.compile(
    r"\W*(?:同上|同前|如上|见上|上同|同第\d+行|同[左右下]|下同|余同|其[余他它]同[上前]|〃|ditto)(?:单位|企业|公司|项目)?\d*(?:\W.*)?"
)


def without_marks(
    table: Table, positions: Iterable[int], faults: list[Fault], warnings: list[Fault]
) -> tuple[Row, ...]:
    """The rows with what stands directly above in the place of such marks.

    A mark below a row that is missing or that nobody sees is a fault: then nobody knows what stood above it. One that
    stands for something is told, with its rows.

    Args:
        positions: the columns in which a mark may stand; in others it is no number and refused as that.
    """
    filled: list[Row] = []
    told: dict[tuple[int, str], dict[Any, list[int]]] = {}
    positions = sorted(set(positions))
    for row in table.rows:
        cells = row.cells
        for position in positions:
            mark = mark_of(cells[position])
            if mark is None:
                continue
            above = filled[-1] if filled and filled[-1].line == row.line - 1 else None
            if mark not in MARKS or above is None or above.is_hidden != row.is_hidden:
                faults.append(Fault(table.where(row.line, position), _nothing_above(mark, above)))
                continue
            value = above.cells[position]
            if value is None or plain_text(value) == "" or mark_of(value) is not None:
                faults.append(Fault(table.where(row.line, position), _nothing_above(mark, None)))
                continue
            cells = [*cells[:position], value, *cells[position + 1 :]]
            told.setdefault((position, mark), {}).setdefault(plain_text(value), []).append(row.line)
        filled.append(row if cells is row.cells else replace(row, cells=cells))
    for (position, mark), by_value in told.items():
        for value, lines in by_value.items():
            what = message(
                "'{mark}' in {rows} is '{value}', what stands above it; if rows were sorted or left out since, "
                "write it out",
                mark=mark, rows=rows_named(lines), value=value[:40],
            )  # fmt: skip
            warnings.append(Fault(table.where(lines[0], position), what, is_warning=True))
    return tuple(filled)


def mark_of(cell: Any) -> str | None:
    """The mark that a cell holds, or what begins like one; None for anything else."""
    return _mark_of_text(cell) if isinstance(cell, str) and len(cell) < 25 else None


@lru_cache(maxsize=100_000)
def _mark_of_text(cell: str) -> str | None:
    text = re.sub(r"\s", "", plain_text(cell)).casefold()
    bare = text.strip("()[]【】「」") or text
    for word in (bare, bare.strip("-—–~"), _TWICE.sub(r"\1", bare)):
        if word in MARKS:
            return word
    without_remark = re.sub(r"[(\[【].*", "", text).rstrip("。.,，、;；")
    return text if without_remark in MARKS or _BEGINS.fullmatch(text) else None


def _nothing_above(mark: str, above: Row | None) -> str:
    if mark not in MARKS:
        return message("found '{mark}'; write out what is meant", mark=mark)
    if above is None:
        return message("found '{mark}', but nothing stands directly above; write out what is meant", mark=mark)
    return message("found '{mark}', but the row above is hidden; write out what is meant", mark=mark)
