"""The headers of a table, which may take several rows (多级表头), and the lines above them (标题)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.spelling import plain_text
from .sheet_cells import SheetCells
from .table import HEADER_WITHIN, ExpectedColumns

UNIT = re.compile(r"[（(](?:单位[:：]?)?(亿元|万元|千元|百元|元|%|‰|年|个月|月|天)[）)]$")
BARE_UNIT = re.compile(r"[（(]?(?:单位[:：]?)?(亿元|万元|千元|百元|元|%|‰|年|个月|月|天)[）)]?$")
MARKS = re.compile(r"^[*＊※★▲]+\s*|\s*[*＊※★▲]+$|[（(](必填项?|选填项?|必须填写|可不填|下拉选择|请选择)[）)]")
MOST_LEVELS = 3


@dataclass(frozen=True)
class HeaderRows:
    """Where the headers stand.

    Args:
        headers: one a column.
        first, last: positions of the first and last row of headers among the lines of the sheet.
        titles: line and text of what stands above.
    """

    headers: tuple[str, ...]
    first: int
    last: int
    titles: tuple[tuple[int, str], ...]


def find_headers(sheet: SheetCells, expected: ExpectedColumns) -> HeaderRows | None:
    """The headers of a sheet; None where its first lines have none."""
    for position, (_, cells) in enumerate(sheet.lines[:HEADER_WITHIN]):
        if expected.are_in([_header(cell, expected) for cell in cells]):
            return _with_levels(sheet, expected, position)
    return None


def _with_levels(sheet: SheetCells, expected: ExpectedColumns, position: int) -> HeaderRows:
    """The headers of the row at a position together with rows above and below that belong to them."""
    main = {n: _header(text, expected) for n, text in _texts(sheet, position).items()}
    at = {n for n, text in main.items() if expected.name_of(text) in expected.identifying}
    first = last = position
    levels = [main]
    while last + 1 < len(sheet.lines) and len(levels) < MOST_LEVELS and _is_below(sheet, levels[-1], last + 1, at):
        last += 1
        levels.append({n: _header(text, expected) for n, text in _texts(sheet, last).items()})
    headers = _headers(sheet, levels, first, expected)
    if first > 0 and len(levels) < MOST_LEVELS and _is_above(sheet, first - 1):
        grouped = _headers(sheet, [_texts(sheet, first - 1), *levels], first - 1, expected)
        if _known(grouped, expected) > _known(headers, expected) or any(map(_adds_unit, headers, grouped)):
            headers, first = grouped, first - 1
    while headers and not headers[-1]:
        headers.pop()
    titles = [(line, str(cell).strip()) for line, cells in sheet.lines[:first] for cell in cells if plain_text(cell)]
    return HeaderRows(tuple(headers), first, last, tuple(titles))


def _header(cell: Any, expected: ExpectedColumns) -> str:
    """A header as it stands; where it is unknown and known without the marks of what must be filled in, without."""
    text = "" if cell is None else str(cell).strip()
    if text and expected.name_of(text) is None:
        bare = MARKS.sub("", text).strip()
        if bare != text and expected.name_of(bare) is not None:
            return bare
    return text


def second_table(headers: Sequence[str], expected: ExpectedColumns) -> int | None:
    """The column where a second table begins beside the first: behind an empty one, with headers of its own."""
    for gap in (n for n, header in enumerate(headers) if not header and n):
        before = {expected.name_of(header) for header in headers[:gap] if header}
        behind = headers[gap + 1 :]
        if expected.are_in(behind) and before & {expected.name_of(header) for header in behind if header} - {None}:
            return gap + 1
    return None


def _texts(sheet: SheetCells, position: int) -> dict[int, str]:
    """What stands in a row, by column; what is no text is left out of a row of headers."""
    cells = sheet.lines[position][1]
    return {n: str(cell).strip() for n, cell in enumerate(cells) if plain_text(cell)}


def _is_below(sheet: SheetCells, above: Mapping[int, str], position: int, identifying: set[int]) -> bool:
    """Whether a row is a lower level of headers: texts only, and none below a column that says who applies."""
    line, cells = sheet.lines[position]
    before = sheet.lines[position - 1][0]
    texts = _texts(sheet, position)
    if line != before + 1 or identifying & set(texts) or any(not isinstance(cells[n], str) for n in texts):
        return False
    free = [n for n in texts if n not in above or BARE_UNIT.fullmatch(texts[n]) or _spans(sheet, before, n)]
    grouped = [n for n in texts if n in above and n + 1 in texts and n + 1 not in above]
    return bool(texts) and set(texts) == {*free, *grouped} and not any(_is_number(text) for text in texts.values())


def _is_above(sheet: SheetCells, position: int) -> bool:
    """Whether a row may be an upper level of headers, which names groups of columns: texts without colons."""
    line, cells = sheet.lines[position]
    texts = _texts(sheet, position)
    is_text = all(isinstance(cells[n], str) and not re.search("[:：]", texts[n]) for n in texts)
    return len(texts) > 1 and is_text and line == sheet.lines[position + 1][0] - 1


def _headers(
    sheet: SheetCells, levels: Sequence[Mapping[int, str]], first: int, expected: ExpectedColumns
) -> list[str]:
    """One header a column of the levels, the first of which stands at position ``first``."""
    width = max(max(level, default=-1) for level in levels) + 1
    spread = [_spread(sheet, level, first + n, width, n < len(levels) - 1) for n, level in enumerate(levels)]
    return [_composed([level.get(n, "") for level in spread], expected) for n in range(width)]


def _known(headers: Sequence[str], expected: ExpectedColumns) -> int:
    return len({expected.name_of(header) for header in headers if header} - {None})


def _adds_unit(alone: str, grouped: str) -> bool:
    """Whether a level above gives a header its unit."""
    return bool(alone) and grouped != alone and grouped.startswith(alone) and bool(UNIT.search(grouped))


def _spans(sheet: SheetCells, line: int, column: int) -> bool:
    """Whether the cell takes several columns."""
    return any(block.first == (line, column) and block.last.column > block.first.column for block in sheet.marks.merged)


def _spread(sheet: SheetCells, level: Mapping[int, str], position: int, width: int, is_upper: bool) -> dict[int, str]:
    """A level of headers with each group's name over all of its columns."""
    if not is_upper:
        return dict(level)
    line = sheet.lines[position][0]
    ends = {block.first.column: block.last.column for block in sheet.marks.merged if block.first.line == line}
    below = _texts(sheet, position + 1)
    spread: dict[int, str] = {}
    starts = sorted(level)
    for column, following in zip(starts, [*starts[1:], width], strict=True):
        end = ends.get(column)
        if end is None:  # text has no merged cells: the group goes on as long as something stands below
            end = column
            while end + 1 < following and column in below and end + 1 in below:
                end += 1
        spread.update(dict.fromkeys(range(column, min(end, width - 1) + 1), level[column]))
    return spread


def _composed(levels: Sequence[str], expected: ExpectedColumns) -> str:
    """One header of what stands above each other: the lowest, with the unit that a level above names."""
    parts: list[str] = []
    for part in levels:
        if part and part not in parts:
            parts.append(part)
    if not parts:
        return ""
    if len(parts) == 1:
        return parts[0]
    units = [f"（{m[1]}）" for part in parts if (m := UNIT.search(part) or BARE_UNIT.fullmatch(part))]
    lowest = next((part for part in reversed(parts) if not BARE_UNIT.fullmatch(part)), parts[-1])
    # two units that contradict each other make a header that nobody knows, so that it is said
    with_unit = "".join([UNIT.sub("", lowest), *dict.fromkeys(units)])
    upper = UNIT.sub("", parts[0])
    for header in (with_unit, f"{upper}{with_unit}", "".join([UNIT.sub("", lowest), upper, *dict.fromkeys(units)])):
        if expected.name_of(header) is not None:
            return header
    return with_unit


def _is_number(text: Any) -> bool:
    return bool(re.fullmatch(r"[+-]?[\d,.]+%?", str(text)))
