"""What is said of rows that are no entries, or that not everybody sees: one sentence a kind, with the lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from ..base.faults import Fault
from ..base.messages import Message, joined, message
from .sheet_cells import Marks
from .table import Row, column_letter

MOST_QUOTED = 10  # lines with one cell that are quoted one by one


class FormNotes:
    """Lines by what they are, and the warnings about them."""

    def __init__(self, where: Callable[..., Message]):
        self.where = where
        self.lines: dict[str, list[int]] = {}
        self.quoted: list[Fault] = []

    def add(self, kind: str, line: int) -> None:
        """Note a line of a kind of `_SENTENCES`."""
        self.lines.setdefault(kind, []).append(line)

    def quote(self, line: int, text: str) -> None:
        """Note a line with one cell, which is quoted."""
        if len(self.quoted) >= MOST_QUOTED:
            self.add("one cell", line)
            return
        what = message("one cell ('{text}') is no entry; the row was left out", text=_short(text))
        self.quoted.append(Fault(self.where(line), what, is_warning=True))

    def counts_all_the_same(self, line: int, text: str) -> None:
        """Note a line that speaks of a withdrawal in other words than the usual ones, or of a refusal."""
        if len(self.lines.setdefault("says withdrawn", [])) >= MOST_QUOTED:
            self.add("says withdrawn", line)
            return
        what = message(
            "'{text}': the row counts all the same; if it was withdrawn or refused, delete it", text=_short(text)
        )
        self.lines["says withdrawn"].append(line)
        self.quoted.append(Fault(self.where(line), what, is_warning=True))

    def warnings(self) -> Iterator[Fault]:
        """Every warning, in the order of its first line within a kind."""
        yield from self.quoted
        for kind, lines in self.lines.items():
            if kind in _SENTENCES:
                yield Fault(self.where(lines[0]), _SENTENCES[kind](spans(lines), len(lines)), is_warning=True)
            elif len(lines) > MOST_QUOTED:
                what = message(
                    "rows that speak of a withdrawal or refusal and count all the same: {rows}", rows=spans(lines)
                )
                yield Fault(self.where(lines[0]), what, is_warning=True)


def hidden_notes(
    rows: Sequence[Row], marks: Marks, headers: Sequence[str], known: Iterable[int], where: Callable[..., Message]
) -> Iterator[Fault]:
    """Warnings about entries that are hidden, columns that are, and single cells that are struck out."""
    hidden = [row.line for row in rows if row.is_hidden]
    if hidden:
        what = message(
            "hidden rows: {count} ({rows}), by a filter or by hand; they were read and count like the others",
            count=len(hidden), rows=spans(hidden),
        )  # fmt: skip
        yield Fault(where(hidden[0]), what, is_warning=True)
    unseen = [n for n in sorted(known) if n in marks.hidden_columns and any(row.cells[n] is not None for row in rows)]
    if unseen:
        columns = [message("{column} ({header})", column=column_letter(n), header=headers[n]) for n in unseen]
        what = message("hidden columns: {columns}; they were read like the others", columns=joined(columns))
        yield Fault(where(rows[0].line), what, is_warning=True)
    lines = {row.line for row in rows}
    struck = [place for place in marks.partly_struck if place.line in lines and place.column < len(headers)]
    if struck:
        cells = [f"{column_letter(place.column)}{place.line}" for place in struck]
        what = message("cells struck out: {cells}; they were read like the others", cells=", ".join(cells))
        yield Fault(where(struck[0].line), what, is_warning=True)
    parts = [place for place in marks.part_struck if place.line in lines and place.column < len(headers)]
    if parts:
        cells = [f"{column_letter(place.column)}{place.line}" for place in parts]
        what = message(
            "cells of which a part is struck out: {cells}; the rest of them was read", cells=", ".join(cells)
        )
        yield Fault(where(parts[0].line), what, is_warning=True)


def spans(lines: Sequence[int]) -> str:
    """Lines as text: ``3, 5–9``."""
    parts: list[list[int]] = []
    for line in lines:
        if parts and line == parts[-1][1] + 1:
            parts[-1][1] = line
        else:
            parts.append([line, line])
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in parts)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


_SENTENCES: dict[str, Callable[[str, int], Message]] = {
    "printed": lambda rows, n: message(
        "rows with only what a form prints in advance: {count} ({rows}); they were left out", rows=rows, count=n
    ),
    "signature": lambda rows, n: message(
        "rows with signatures or remarks of the form: {count} ({rows}); they were left out", rows=rows, count=n
    ),
    "example": lambda rows, n: message(
        "rows that show how to fill in the form: {count} ({rows}); they were left out", rows=rows, count=n
    ),
    "headers": lambda rows, n: message(
        "rows that repeat the headers: {count} ({rows}); they were left out", rows=rows, count=n
    ),
    "ordinals": lambda rows, n: message(
        "rows that number the columns: {count} ({rows}); they were left out", rows=rows, count=n
    ),
    "part": lambda rows, n: message(
        "rows with part of a sum (其中): {count} ({rows}); they were left out", rows=rows, count=n
    ),
    "figure": lambda rows, n: message(
        "rows with averages, shares or other figures about the rows: {count} ({rows}); they were left out",
        rows=rows,
        count=n,
    ),
    "no name": lambda rows, n: message(
        "rows whose name is none (某某, ×××, XX): {count} ({rows}); they count all the same: if they are examples, "
        "delete them, else write the names",
        rows=rows,
        count=n,
    ),
    "one cell": lambda rows, n: message(
        "further rows with one cell: {count} ({rows}); they were left out", rows=rows, count=n
    ),
    "struck": lambda rows, n: message("rows struck out: {count} ({rows}); they were left out", rows=rows, count=n),
    "withdrawn": lambda rows, n: message(
        "rows withdrawn (撤回): {count} ({rows}); they were left out", rows=rows, count=n
    ),
}
