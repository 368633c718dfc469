"""The rows below the headers: which are entries, and which the form around the table put there (合计、填表人、说明).

Whatever is left out is said, with its lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..base.faults import Fault
from ..base.messages import message
from ..base.spelling import plain_text
from .form_notes import FormNotes
from .printed_sums import PrintedSum
from .row_labels import (
    amount_of,
    is_about_state,
    is_count,
    is_example,
    is_figure,
    is_hint,
    is_label,
    is_ordinal,
    is_printed,
    is_refusal,
    is_signature,
    is_sum,
    is_withdrawal,
    is_withdrawn,
    label,
    may_say_withdrawn,
    says_withdrawn,
    stands_for_a_name,
    tells_withdrawn,
)
from .sheet_cells import SheetCells
from .table import ExpectedColumns, Row, Table

SHORT_STATE = 6  # characters: no name of a project
NO_FORMATS: Mapping[int, str] = {}


@dataclass
class FormRows:
    """Goes through the rows below the headers once.

    Args:
        table: headers and where they stand; its rows are read here.
        sheet: the cells.
        name_at: the known name of each column that has one, by position.
        expected: which columns tell an entry.
    """

    table: Table
    sheet: SheetCells
    name_at: Mapping[int, str]
    expected: ExpectedColumns
    rows: list[Row] = field(default_factory=list)
    withdrawn: list[Row] = field(default_factory=list)
    sums: list[PrintedSum] = field(default_factory=list)
    texts: list[tuple[int, str]] = field(default_factory=list)  # of lines left out, that may name a unit
    faults: list[Fault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.width = len(self.table.headers)
        self.identifying = [n for n, name in self.name_at.items() if name in self.expected.identifying]
        self.entry = [n for n, name in self.name_at.items() if name in self.expected.entry]
        around = (*self.expected.entry, *self.expected.printed)
        self.values = [n for n, name in self.name_at.items() if name not in around]
        self.unknown = [n for n in range(self.width) if n not in self.name_at]
        self.of_state = {n for n in self.unknown if is_about_state(self.table.headers[n])}
        self.withdrawals = [n for n in self.unknown if is_withdrawal(self.table.headers[n])]
        self.notes = FormNotes(self.table.where)

    def read(self, start: int) -> None:
        """Read the lines from position ``start`` on."""
        marks, width = self.sheet.marks, self.width
        for line, cells in self.sheet.lines[start:]:
            here = cells[:width] if len(cells) >= width else [*cells, *[None] * (width - len(cells))]
            if not self._is_entry(line, here):
                continue
            if len(cells) > width and any(map(plain_text, cells[width:])):
                what = message(
                    "there are cells beyond the last header ({count} columns): delete them, or give them a header; in "
                    "a csv a text with a comma needs quotation marks",
                    count=width,
                )
                self.faults.append(Fault(self.table.where(line), what))
            formats = marks.formats.get(line, NO_FORMATS)
            row = Row(line, here, formats, line in marks.hidden, line in marks.struck)
            (self.withdrawn if self._is_withdrawn(row) else self.rows).append(row)

    # --- what a row is --------------------------------------------------------------------------------------------

    def _is_entry(self, line: int, cells: list[Any]) -> bool:
        """Whether a row is an entry; what else it is is noted."""
        if self.rows and all(cells[n] is not None for n in self.identifying):
            first = next(cell for cell in cells if cell is not None)
            is_text = isinstance(first, str)
            if not is_text or (plain_text(first) and first not in self.table.headers and not is_label(first)):
                return True  # most rows, quickly
        filled = [n for n, cell in enumerate(cells) if not is_printed(cell)]
        if not filled:
            if any(map(plain_text, cells)):
                self.notes.add("printed", line)
            return False
        if self._is_forms_own(line, cells, filled):
            return False
        if any(n in filled for n in self.entry):
            if len(filled) > 1 or len(self.name_at) == 1:
                return True
        elif any(amount_of(cells[n]) for n in self.values):
            return True
        alone = cells[filled[0]]
        if len(filled) == 1 and (filled[0] in self.entry or _is_remark(alone)):
            self._keep_text(line, cells)
            self.notes.quote(line, plain_text(alone))
        else:
            self.notes.add("printed", line)
        return False

    def _is_forms_own(self, line: int, cells: list[Any], filled: list[int]) -> bool:
        """Whether a row is a sum, a signature or another line of the form by what stands first in it."""
        first = label(cells[filled[0]])
        of_entry = {n: label(cells[n]) for n in self.entry if n in filled and n != filled[0]}
        others = [n for n, text in of_entry.items() if not is_count(text) and not is_sum(text)]
        if not others and any(map(is_sum, (first, *of_entry.values()))):
            self.sums.append(PrintedSum(line, cells))
        elif not others and first.startswith("其中"):
            self.notes.add("part", line)
        elif not any(n in filled for n in self.entry) and is_figure(first):
            self.notes.add("figure", line)
        elif is_signature(first) and (filled[0] in self.identifying or not set(self.identifying) <= set(filled)):
            self._keep_text(line, cells)
            self.notes.add("signature", line)
        elif is_example(first) or (not self.rows and sum(is_hint(label(cells[n])) for n in filled) > 1):
            self.notes.add("example", line)
        elif self.expected.are_in([plain_text(cell) for cell in cells]):
            self._headers_again(line, cells)
        elif not self.rows and len(filled) > 2 and all(is_ordinal(cells[n]) for n in filled):
            self.notes.add("ordinals", line)
        else:
            return False
        return True

    def _headers_again(self, line: int, cells: list[Any]) -> None:
        names = {n: self.expected.name_of(plain_text(cell)) for n, cell in enumerate(cells) if cell is not None}
        if any(name is not None and self.name_at.get(n) != name for n, name in names.items()):
            what = message("a second table begins here, with headers of its own; keep one table a sheet")
            self.faults.append(Fault(self.table.where(line), what))
        else:
            self.notes.add("headers", line)

    def _keep_text(self, line: int, cells: Sequence[Any]) -> None:
        self.texts += [(line, cell.strip()) for cell in cells if isinstance(cell, str) and "单位" in cell]

    def _is_withdrawn(self, row: Row) -> bool:
        """Whether an entry was struck out, or a cell beside the known ones says that it was withdrawn (撤回)."""
        if row.is_struck:
            self.notes.add("struck", row.line)
            return True
        told = {n: tells_withdrawn(row.cells[n]) for n in self.withdrawals}
        beside = {n: label(row.cells[n]) for n in self.unknown if isinstance(row.cells[n], str) and n not in told}
        if (told and any(told.values())) or any(map(is_withdrawn, beside.values())):
            self.notes.add("withdrawn", row.line)
            return True
        texts = [cell for cell in row.cells if isinstance(cell, str) and not cell.isascii()]
        said = [label(row.cells[n]) for n, is_told in told.items() if is_told is None]
        said += [
            text for n, text in beside.items() if (n in self.of_state or len(text) <= SHORT_STATE) and is_refusal(text)
        ]
        if may_say_withdrawn("".join(texts)):
            said += filter(says_withdrawn, texts)
        if said:
            self.notes.counts_all_the_same(row.line, said[0])
        if any(isinstance(row.cells[n], str) and stands_for_a_name(row.cells[n]) for n in self.entry):
            self.notes.add("no name", row.line)
        return False


def _is_remark(cell: Any) -> bool:
    """Whether a cell that stands alone is worth quoting: no number, and more than a mark."""
    return not isinstance(cell, (int, float)) and len(label(cell)) > 3
