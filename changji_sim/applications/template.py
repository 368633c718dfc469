"""An empty workbook for applications (申报表), made from what the modes of a scenario declare."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ..base.faults import Fault, FaultyInput
from ..base.files import is_there, write_whole
from ..base.messages import message
from ..modes.support_mode import Column
from ..scenario.model import ScenarioModel
from .known_columns import COMMON, DECISIONS, DECISIONS_TO_A_DAY, KnownColumns
from .written_table import put_text, workbook_bytes

SHEET, EXPLAINED, OPTIONS = "申报", "说明", "选项"
LAST_ROW = 5_000  # rows that get a list to choose from
FORMATS = {"date": "yyyy-mm-dd", "text": "@", "whole": "0"}
MEANINGS = {
    "application_id": "每项申报一个编号，不得重复",
    "item": "从列表选择，也可写代码",
    "applicant": "单位全称；同一单位写法须一致",
    "submitted": "如 2026-03-01；先后顺序按此日期（可带时刻），同时的按表中先后",
    "credit_code": "18位；填写的按代码认定同一单位",
    "budget_year": "所属预算年度；不填按申报日期的年度",
    "group": "“每家”按集团理解时用；没有可不填",
    "platform": "一次性奖励按平台名称认定",
    "score": "0–100；未评审的不填",
    "is_passed": "是 或 否；未决定的不填",
    "approved_wan": "批准（立项）金额；未决定的不填",
    "decided_on": "批准或不予批准的日期",
    "paid_wan": "截至该日累计已拨付的金额，不超过批准金额",
    "paid_on": "最近一次拨付的日期",
}
KINDS = {"number": "数字", "whole": "整数", "flag": "是 或 否", "date": "日期，如 2026-03-01", "text": "文字"}
NOTES = (
    "本表每行一项申报，填在“申报”表中；各支持方向可填在同一张表里。",
    "金额单位为万元。某列只有需要它的支持方向必填，其余留空。",
    "不要合并单元格，不要加合计行；表头文字不要改动。可以另加列，程序原样保留。",
)


def write_template(
    path: str | os.PathLike[str],
    scenario: ScenarioModel,
    overwrite: bool = False,
    items: Sequence[str] | None = None,
    is_ledger: bool = False,
) -> Path:
    """Write an empty workbook for `changji_sim.assess.assess_file`, or for the ledger of a year so far (年中台账).

    Args:
        path: an .xlsx that does not exist yet, unless ``overwrite``; its folder is made if need be.
        scenario: whose items and modes decide the columns.
        items: keys of the items whose columns are wanted; by default all.
        is_ledger: with columns for what was decided and paid.

    Raises:
        FaultyInput: the path cannot be written.
    """
    if items is not None:
        scenario = replace(scenario, items=tuple(item for item in scenario.items if item.key in items))
    return write_new_workbook(
        Path(path), template_workbook(KnownColumns(scenario, DECISIONS_TO_A_DAY if is_ledger else DECISIONS)), overwrite
    )


def write_new_workbook(path: Path, book: Workbook, overwrite: bool = False) -> Path:
    """Write a workbook where none is yet.

    Raises:
        FaultyInput: the name is no workbook's, there is such a file and ``overwrite`` is not set, or it cannot be
            written.
    """
    if path.suffix.lower() != ".xlsx":
        what = message("the template is an Excel workbook; give it a name that ends in .xlsx")
        raise FaultyInput([Fault(path.name, what)])
    if is_there(path) and (not overwrite or not path.is_file()):
        what = message("there is such a file already; choose another name or add --overwrite")
        raise FaultyInput([Fault(path.name, what)])
    write_whole(path, workbook_bytes(book))
    return path


def template_workbook(known: KnownColumns) -> Workbook:
    """The workbook itself: a sheet to fill in, one that explains, one with the lists."""
    book = Workbook()
    sheet, explained, options = book.active, book.create_sheet(EXPLAINED), book.create_sheet(OPTIONS)
    sheet.title = SHEET
    columns = template_columns(known)
    columns += known.decisions if known.decisions is not DECISIONS else ()
    fill_headers(sheet, [column.header for column in columns])
    for n, column in enumerate(columns, 1):
        letter = get_column_letter(n)
        sheet.column_dimensions[letter].width = max(12, 2.2 * len(column.header))
        sheet.column_dimensions[letter].number_format = FORMATS.get(column.kind, "General")
        validation = _validation(column, options, known)
        if validation is not None:
            sheet.add_data_validation(validation)
            validation.add(f"{letter}2:{letter}{LAST_ROW}")
    _explain(explained, columns, known)
    return book


def template_columns(known: KnownColumns) -> list[Column]:
    """The columns an applicant fills in, in the order of the scenario's items, memo columns last."""
    found = {column.name: column for column in COMMON}
    last: dict[str, Column] = {}
    for of_item in known.of_item.values():
        for name in (*of_item.needed, *of_item.conditions, *of_item.asked_for):
            if name in of_item.columns:
                is_memo = name not in of_item.needed and name not in of_item.conditions
                (last if is_memo else found).setdefault(name, of_item.columns[name])
    return [*found.values(), *(column for name, column in last.items() if name not in found)]


def fill_headers(sheet: Worksheet, headers: Sequence[str]) -> None:
    """Put the headers into the first row, and keep them in sight."""
    for n, header in enumerate(headers, 1):
        cell = put_text(sheet.cell(1, n), header)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDE8F0")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.freeze_panes = "B2"


def _validation(column: Column, options: Worksheet, known: KnownColumns) -> DataValidation | None:
    """What Excel lets a person put into a cell of the column."""
    if column.name == "item":
        words = [item.title for item in known.scenario.items]
    elif column.kind == "flag":
        words = ["是", "否"]
    elif column.kind == "choice":
        words = list(dict.fromkeys(title for _, titles in _choices(column.name, known) for title in titles))
    elif column.kind == "date":
        return DataValidation("date", operator="greaterThan", formula1="DATE(1990,1,1)", allow_blank=True)
    elif column.kind in ("number", "whole"):
        low, high = column.limits
        kind = "whole" if column.kind == "whole" else "decimal"
        return DataValidation(
            kind, operator="between", formula1=f"{low:.10g}", formula2=f"{high:.10g}", allow_blank=True
        )
    else:
        return None
    return DataValidation("list", formula1=list_of(options, column.header, words), allow_blank=True)


def list_of(options: Worksheet, header: str, words: Sequence[str]) -> str:
    """Put a list into the next column of the sheet of options and say where it stands."""
    column = options.max_column + (1 if options.cell(1, 1).value else 0)
    put_text(options.cell(1, column), header).font = Font(bold=True)
    for n, word in enumerate(words, 2):
        put_text(options.cell(n, column), word)
    letter = get_column_letter(column)
    options.column_dimensions[letter].width = 24
    return f"'{OPTIONS}'!${letter}$2:${letter}${max(len(words), 1) + 1}"


def _choices(name: str, known: KnownColumns) -> Iterator[tuple[str, list[str]]]:
    """Title of each item that has the column, and the Chinese names of its choices."""
    year = known.scenario.years[0]
    for item in known.scenario.items:
        of_item = known.of(item.key, year)
        if name in of_item.asked_for and of_item.columns[name].choices:
            yield item.title, list(of_item.columns[name].choices.values())


def _explain(sheet: Worksheet, columns: Sequence[Column], known: KnownColumns) -> None:
    for note in NOTES:
        sheet.append([note])
    sheet.append([])
    sheet.append(["列名", "代码", "单位", "填写内容", "必填的支持方向", "可填的支持方向"])
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for column in columns:
        cells = [column.header, column.name, column.unit, _meaning(column, known), *_who_fills(column, known)]
        sheet.append([""] * len(cells))
        for n, text in enumerate(cells, 1):
            put_text(sheet.cell(sheet.max_row, n), text).alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCDEF", (26, 22, 8, 44, 44, 44), strict=True):
        sheet.column_dimensions[letter].width = width


def _meaning(column: Column, known: KnownColumns) -> str:
    if column.name in MEANINGS:
        return MEANINGS[column.name]
    if column.kind == "choice":
        by_words: dict[str, list[str]] = {}
        for title, words in _choices(column.name, known):
            by_words.setdefault("、".join(words), []).append(title)
        if len(by_words) == 1:
            return next(iter(by_words))
        return "；".join(f"{'、'.join(titles)}：{words}" for words, titles in by_words.items())
    low, high = column.bounds
    within = "" if high is None else f"，{low or 0:g}–{high:g}"
    return "3.45% 或 0.0345" if column.name.endswith(("_rate", "_share")) else KINDS[column.kind] + within


def _who_fills(column: Column, known: KnownColumns) -> tuple[str, str]:
    """Titles of the items that need the column, and of those that may have it."""
    if column.name in {common.name for common in (*COMMON, *known.decisions)}:
        return ("", "全部") if column.optional else ("全部", "")
    must: list[str] = []
    may: list[str] = []
    for item in known.scenario.items:
        of_item = known.of(item.key, known.scenario.years[0])
        if column.name in of_item.needed or column.name in of_item.conditions:
            must.append(item.title)
        elif column.name in of_item.asked_for and column.name in of_item.columns:
            may.append(item.title)
    is_everybody = len(must) + len(may) == len(known.scenario.items)
    rest = ("其余各项" if must else "全部") if is_everybody and may else "、".join(may)
    return "全部" if is_everybody and not may else "、".join(must), rest
