"""What `assess` writes for people: a summary, a result a row, how each claim came about, and the whole table.

The sheets print as wide as a landscape page, but for the last: it has all columns of the input and is there to be
looked up. Titles and notes are in one language; amounts are 万元, whole yuan as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..applications.printed_sheet import FONT, TOTAL, head_cell, leave_out_of_print, print_landscape
from ..applications.written_table import AMOUNT, LINE, Rows, put_text, with_rows
from ..base.messages import Message, text_of
from ..base.text_width import lines_in, text_width
from ..base.units import FEN_A_WAN
from ..wording.labels import label
from ..wording.language import Translator, cap_title, cited, item_titles
from .assess_report import by_item, frame
from .assessment import Assessment, Book

SHEETS = ("summary", "results", "workings", "table")  # as the columns of the labels name them
CUT = "cut:"
TEXTS = ("bound_by", "article", "note")  # of the columns that `assess` adds
DECIMALS = 6  # of an amount in 万元: a fen
TEXT_MOST = 60  # the widest a column of texts is
WIDTH_ROWS = 500  # rows that decide how wide a column is


def assess_workbook(done: Assessment, notes: Iterable[Message], language: str = "zh") -> bytes:
    """The workbook as bytes, the same for the same applications."""
    say = Translator(language)
    book, titles = Workbook(), _Titles(done, say)
    _write_summary(book.active, done, notes, titles)
    tables = {"results": _results(done, titles), "table": _whole_table(done, titles)}
    workings = _workings(done, titles)
    if workings.rows:
        tables = {"results": tables["results"], "workings": workings, "table": tables["table"]}
    filled = {}
    for key, table in tables.items():
        sheet = book.create_sheet(label(key, say, "assessed"))
        filled[sheet.title] = table.as_rows()
        table.head(sheet)
    leave_out_of_print(book.worksheets[-1])
    return with_rows(book, filled)


class _Titles:
    """What columns, items and ceilings are called."""

    def __init__(self, done: Assessment, say: Translator):
        self.say = say
        self.items = item_titles(done.rules, say)
        self.caps = {
            cap.key: cap_title(cap, say.language)
            for book in done.books.values()
            for caps in book.item.caps.values()
            for cap in caps
        }
        self.years = {str(year) for year in done.years}

    def column(self, name: str) -> str:
        """The title of a column that `assess` adds: ``核减：每家每年上限（2027年，万元）``."""
        base, _, year = name.rpartition("_")
        year, base = (year, base) if year in self.years else ("", name)
        if base.startswith(CUT):
            key = base.removeprefix(CUT)
            title = label("cut", self.say) + self.say("：", ": ") + self.caps.get(key, key)
        else:
            title = label(base, self.say, "assessed")
            if not base.endswith("_wan"):
                return title
        of_year = self.say(f"{year}年，", f"{year}, ") if year else ""
        return title + self.say(f"（{of_year}万元）", f" ({of_year}万元)")

    def heads(self, *names: str) -> list[str]:
        return [self.column(name) for name in names]


@dataclass(frozen=True)
class _Table:
    """Rows with their headers; ``looks`` as of `Rows`."""

    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    looks: Mapping[int, str]

    def width(self, n: int) -> float:
        """How wide a column has to be, in digits."""
        widest = max([text_width(self.headers[n]) / 2, *(text_width(_shown(row[n])) for row in self.rows[:WIDTH_ROWS])])
        return min(max(widest + 2, 14 if self.looks.get(n) == "amount" else 9), TEXT_MOST)

    def as_rows(self) -> Rows:
        """What `with_rows` writes."""
        wrapped = [n for n, look in self.looks.items() if look == "wrapped"]
        return Rows(self.rows, self.looks, {n: self.width(n) - 2 for n in wrapped})

    def head(self, sheet: Worksheet) -> None:
        """Write the headers, and how the sheet looks and prints."""
        for n, header in enumerate(self.headers):
            head_cell(put_text(sheet.cell(1, n + 1), header), self.looks.get(n) == "amount")
            sheet.column_dimensions[get_column_letter(n + 1)].width = self.width(n)
        sheet.row_dimensions[1].height = 2 * LINE + 4
        sheet.freeze_panes = "B2"
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(self.headers))}{len(self.rows) + 1}"
        print_landscape(sheet)
        sheet.print_title_rows = "1:1"


# --- 汇总 -------------------------------------------------------------------------------------------------------------


def _write_summary(sheet: Worksheet, done: Assessment, notes: Iterable[Message], titles: _Titles) -> None:
    """Items and years of claim with their sums, the total, and on what terms the numbers stand."""
    say = titles.say
    sheet.title = label("summary", say, "assessed")
    put_text(sheet["A1"], say(f"申报测算：{done.file.path.name}", f"Applications worked out: {done.file.path.name}"))
    sheet["A1"].font = Font(name=FONT, bold=True, size=16)
    sheet.row_dimensions[1].height = 28
    columns = ("item", "year", "rows", "demand_wan", "cut_wan", "entitlement_wan")
    for n, title in enumerate(titles.heads(*columns), 1):
        head_cell(put_text(sheet.cell(3, n), title), n > 1)
    table = by_item(done)
    line = 3
    rows: list[Any] = list(table.itertuples(index=False))
    for row in rows:
        line += 1
        cells = (titles.items[row.item], row.year, row.rows, row.demand_wan, row.cut_wan, row.entitlement_wan)
        _summary_row(sheet, line, cells)
    sums = [float(table[name].sum()) for name in columns[3:]]
    _summary_row(sheet, line + 1, (label("total", say, "columns"), "", int(table.rows.sum()), *sums), is_total=True)
    widths = (34, 10, 12, 18, 18, 18)
    for n, wide in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(n)].width = wide
    line += 3
    put_text(sheet.cell(line, 1), label("terms", say, "assessed")).font = Font(name=FONT, bold=True, size=10)
    for note in notes:
        line += 1
        text = f"• {text_of(note, say.language)}"
        put_text(sheet.cell(line, 1), text).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.merge_cells(start_row=line, start_column=1, end_row=line, end_column=len(widths))
        sheet.row_dimensions[line].height = LINE * lines_in(text, 0.9 * sum(widths)) + 2
    print_landscape(sheet)
    sheet.print_area = f"A1:{get_column_letter(len(widths))}{line}"


def _summary_row(sheet: Worksheet, line: int, cells: Sequence[Any], is_total: bool = False) -> None:
    for n, value in enumerate(cells, 1):
        cell = sheet.cell(line, n)
        if isinstance(value, str):
            put_text(cell, value)
        else:
            cell.value = value
        cell.number_format = AMOUNT if isinstance(value, float) else "0"
        if is_total:
            cell.font, cell.fill = Font(name=FONT, bold=True, size=10), PatternFill("solid", fgColor=TOTAL)


# --- 逐项结果 ---------------------------------------------------------------------------------------------------------


def _results(done: Assessment, titles: _Titles) -> _Table:
    """A row an application: what it asks, what is cut, what is left and why; the total last."""
    say = titles.say
    place = {row.line: n for n, row in enumerate(done.rows)}
    given = frame(done, say.language)[["demand_wan", "entitlement_wan", "bound_by", "article", "note"]]
    results: list[dict[Any, Any]] = given.to_dict("records")
    rows: list[Sequence[Any]] = [()] * len(done.rows)
    for book in done.books.values():
        for row in book.rows:
            at = place[row.line]
            one = results[at]
            demand, left = one["demand_wan"], one["entitlement_wan"]
            rows[at] = (
                row.application_id, titles.items[row.item], row.applicant, row.year, demand,
                round((demand - left) * FEN_A_WAN) / FEN_A_WAN, left, titles.caps.get(one["bound_by"], ""),
                cited(one["article"], say), one["note"],
            )  # fmt: skip
    sums = [round(float(sum(row[n] for row in rows)), DECIMALS) for n in (4, 5, 6)]
    rows.append((label("total", say, "columns"), "", "", "", *sums, "", "", ""))
    names = ("application_id", "item", "applicant", "year", "demand_wan", "cut_wan", "entitlement_wan", "bound_by",
             "article", "note")  # fmt: skip
    looks = dict.fromkeys((4, 5, 6), "amount") | dict.fromkeys((1, 2, 7, 9), "wrapped")
    return _Table(titles.heads(*names), rows, looks)


# --- 测算过程 ---------------------------------------------------------------------------------------------------------


def _workings(done: Assessment, titles: _Titles) -> _Table:
    """A row a claim of which its mode says how it came about: the sum in words, each ceiling's cut, what is left."""
    names = ("application_id", "item", "applicant", "year", "working", "demand_wan", "cuts", "entitlement_wan")
    claims = ((row.line, cells) for book in done.books.values() for row, cells in _claims(book, done, titles))
    rows = [cells for _, cells in sorted(claims, key=lambda claim: (claim[0], claim[1][3]))]
    return _Table(titles.heads(*names), rows, {4: "wrapped", 5: "amount", 6: "wrapped", 7: "amount"})


def _claims(book: Book, done: Assessment, titles: _Titles) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    language = titles.say.language
    for n, row in enumerate(book.rows):
        for j, working in enumerate(book.workings[n]):
            year = row.year + j
            if not working or year not in done.years:
                continue
            y = done.years.index(year)
            cuts = {titles.caps[key]: cut[n, y] / FEN_A_WAN for key, cut in book.cuts.items() if cut[n, y]}
            said = titles.say("；", "; ").join(f"{title} −{amount:,.10g}" for title, amount in cuts.items())
            yield row, (
                row.application_id, titles.items[row.item], row.applicant, year, text_of(working, language),
                book.demand[n, y] / FEN_A_WAN, said, book.entitlement[n, y] / FEN_A_WAN,
            )  # fmt: skip


# --- 原表及结果 -------------------------------------------------------------------------------------------------------


def _whole_table(done: Assessment, titles: _Titles) -> _Table:
    """The input's rows and columns in their order, then every result by its title."""
    say, given = titles.say, len(done.file.table.headers)
    table = frame(done, say.language)
    table["bound_by"] = [titles.caps.get(key, key) for key in table["bound_by"]]
    table["article"] = [cited(article, say) for article in table["article"]]
    names = list(table.columns)
    headers = [*map(str, names[:given]), *(titles.column(name) for name in names[given:])]
    looks = {n: "amount" for n, name in enumerate(names) if n >= given and name not in TEXTS}
    return _Table(headers, list(table.itertuples(index=False, name=None)), looks)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return "" if value != value else f"{value:,.4f}"
    return "" if value is None else str(value)
