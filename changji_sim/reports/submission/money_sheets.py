"""The sheets of amounts: project budget (项目支出预算表), calculation (测算说明), rolling plan, summary."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...results.submitted_amounts import PARTS
from ...wording.amounts import decimal
from ...wording.labels import head
from ...wording.language import Translator
from .form_sheet import LEVELS, FormSheet
from .form_titles import form_title
from .formula_page import THIN, Amount, FormulaPage
from .submission import Line, Submission

RATE = "#,##0.0000"  # a mean amount of one, so that the product can be checked by hand
COUNT = "#,##0.00"
CENTRE: dict[str, Any] = {"align": "center"}


def write_costs(page: FormulaPage, of: Submission, say: Translator) -> dict[str, Amount]:
    """测算说明: number × mean amount of one = entitlement; what of it is paid this year, what earlier years promised.

    Returns:
        the cell of what each line asks for.
    """
    sheet = FormSheet(page, say, (5, 25, 16, 38, 6, 10, 12, 13, 13, 12, 13, 12))
    flow = "entitlement" if of.basis == "need" else "commitment"
    names = [head("number", say), *(_of(key, say) for key in ("project", "basis_short", "standard", "unit"))]
    heads = [*names, *(_of(key, say) for key in ("count", "mean_standard")), head(flow, say, "flows")]
    heads += [_of(key, say) for key in ("first", "due", "asked_for")] + [_of("rows", say)]
    sheet.begin(form_title(of.years, "costs", say), of.about, heads, 2)
    cells: dict[str, Amount] = {}
    subtotals: list[list[Amount]] = []
    for key, title in of.programmes:
        top, sheet.row = sheet.row, sheet.row + 1
        rows = [_cost_row(sheet, line, of, say) for line in of.of(key)]
        cells |= {line.key: row[-1] for line, row in zip(of.of(key), rows, strict=True)}
        subtotals.append(_sums(sheet, top, title, [row[1:] for row in rows], 7, 1, range(2, 7), [11]))
    _sums(sheet, sheet.row, head("total", say), subtotals, 7, 0, range(2, 7), [11])
    sheet.row += 1
    sheet.end(_notes(of, say))
    return cells


def _cost_row(sheet: FormSheet, line: Line, of: Submission, say: Translator) -> list[Amount]:
    page, row = sheet.page, sheet.row
    sheet.words(0, str(line.number), **CENTRE)
    for column, text in ((1, line.title), (2, line.article), (3, line.rule)):
        sheet.words(column, text)
    sheet.words(4, line.unit, **CENTRE)
    if line.standard_wan is None:
        sheet.blank([5, 6])
        amount = page.amount(row, 7, line.amount_wan)
    else:
        count = page.amount(row, 5, line.count, COUNT)
        amount = page.product_of(row, 7, count, page.amount(row, 6, line.standard_wan, RATE))
    first, carried = page.amount(row, 8, line.first_wan), page.amount(row, 9, line.carried_wan)
    asked = page.sum_of(row, 10, [first, carried])
    sheet.words(11, rows_of_basis(line), font_size=9, **CENTRE)
    sheet.next([(line.rule, 3), (line.title, 1), (line.article, 2)])
    return [count if line.standard_wan is not None else amount, amount, first, carried, asked]


def rows_of_basis(line: Line) -> str:
    """Which rows of the sheet 测算依据 a line rests on."""
    from .basis_sheets import FIRST_ROW

    if not line.inputs:
        return ""
    low, high = line.inputs[0] + FIRST_ROW, line.inputs[-1] + FIRST_ROW
    return f"{low}–{high}" if low != high else str(low)


def write_budget(page: FormulaPage, of: Submission, costs: Mapping[str, Amount], say: Translator) -> dict[str, Amount]:
    """项目支出预算表: every item with its investment, what was given before, what is asked for now and later.

    Args:
        costs: where what a line asks for is worked out.

    Returns:
        the subtotal of each programme of the year.
    """
    sheet = FormSheet(page, say, (5, 25, 11, 13, 13, 13, 13, *(12,) * len(of.years), 16, 44))
    keys = ("project", "mode", "investment", "fiscal", "own", "earlier")
    heads = [head("number", say), *(head(key, say, "parameters") if key == "mode" else _of(key, say) for key in keys)]
    heads += [_year(year, say) for year in of.years] + [_of("basis_short", say), _of("calculation", say)]
    sheet.begin(form_title(of.years, "budget", say), of.about, heads, 2)
    last = len(heads) - 1
    found: dict[str, Amount] = {}
    subtotals: list[list[Amount]] = []
    for key, title in of.programmes:
        top, sheet.row = sheet.row, sheet.row + 1
        rows = [_budget_row(sheet, line, of, costs[line.key]) for line in of.of(key)]
        sums = _sums(sheet, top, title, rows, 6, 1, range(2, 6), [last - 1, last])
        subtotals.append(sums)
        found[key] = sums[1]
    found["*"] = _sums(sheet, sheet.row, head("total", say), subtotals, 6, 0, range(2, 6), [last - 1, last])[1]
    sheet.row += 1
    sheet.end(_notes(of, say))
    return found


def _budget_row(sheet: FormSheet, line: Line, of: Submission, asked: Amount) -> list[Amount]:
    page, row = sheet.page, sheet.row
    sheet.words(0, str(line.number), **CENTRE)
    sheet.words(1, line.title)
    sheet.words(2, line.mode, **CENTRE)
    for column, value in enumerate((line.investment_wan, line.fiscal_wan, line.own_wan), 3):
        if value is None:
            sheet.words(column, "–", align="right")
        else:
            page.amount(row, column, value)
    cells = [page.amount(row, 6, line.before_wan), page.same_as(row, 7, asked)]
    cells += [page.amount(row, 7 + n, line.total_of(year)) for n, year in enumerate(of.years) if n]
    sheet.words(7 + len(of.years), line.article)
    sheet.words(8 + len(of.years), line.calculation, font_size=9)
    sheet.next([(line.calculation, 8 + len(of.years)), (line.title, 1), (line.article, 7 + len(of.years))])
    return cells


def write_plan(page: FormulaPage, of: Submission, say: Translator) -> dict[tuple[str, int, str], Amount]:
    """三年滚动规划: each year in 续建, 政策性 and 新增, by item.

    Returns:
        the cells of each programme (``*``: of all) by year and part; ``*`` is all parts.
    """
    sheet = FormSheet(page, say, (5, 25, *(11,) * (4 * len(of.years))))
    heads = [head("number", say), _of("project", say)]
    for year in of.years:
        heads += [f"{_year(year, say)}\n{text}" for text in (*_parts(say), head("subtotal", say))]
    sheet.begin(form_title(of.years, "plan", say), of.about, heads, 2)
    found: dict[tuple[str, int, str], Amount] = {}
    subtotals: list[list[Amount]] = []
    for key, title in of.programmes:
        top, sheet.row = sheet.row, sheet.row + 1
        rows = [_plan_row(sheet, line, of) for line in of.of(key)]
        subtotals.append(_sums(sheet, top, title, rows, 2, 1, [], []))
        found |= _named(key, of, subtotals[-1])
    found |= _named("*", of, _sums(sheet, sheet.row, head("total", say), subtotals, 2, 0, [], []))
    sheet.row += 1
    sheet.end(_notes(of, say))
    return found


def _plan_row(sheet: FormSheet, line: Line, of: Submission) -> list[Amount]:
    sheet.words(0, str(line.number), **CENTRE)
    sheet.words(1, line.title)
    cells: list[Amount] = []
    for n, year in enumerate(of.years):
        parts = [sheet.page.amount(sheet.row, 2 + 4 * n + m, line.planned[year][p]) for m, p in enumerate(PARTS)]
        cells += [*parts, sheet.page.sum_of(sheet.row, 5 + 4 * n, parts, bold=True)]
    sheet.next([(line.title, 1)])
    return cells


def _named(key: str, of: Submission, cells: Sequence[Amount]) -> dict[tuple[str, int, str], Amount]:
    names = [(key, year, part) for year in of.years for part in (*PARTS, "*")]
    return dict(zip(names, cells, strict=True))


def write_summary(
    page: FormulaPage, of: Submission, plan: Mapping[tuple[str, int, str], Amount], say: Translator
) -> None:
    """汇总: one page, every number of it from the sheets behind."""
    sheet = FormSheet(page, say, (34, 9, *(14,) * 4, 10, *(14,) * (len(of.years) - 1)))
    heads = [_of("programme", say), _of("items", say)]
    heads += [f"{_year(of.year, say)}\n{text}" for text in (*_parts(say), head("total", say))] + [head("share", say)]
    heads += [f"{_year(year, say)}\n{head('total', say)}" for year in of.years[1:]]
    sheet.begin(form_title(of.years, "summary", say), of.about, heads, 1)
    whole: Amount | None = None
    for key, title in (*of.programmes, ("*", head("total", say))):
        level = 0 if key == "*" else 2
        sheet.words(0, title, level)
        count = len(of.of(key)) if key != "*" else len(of.lines)
        page.number(sheet.row, 1, count, "0", **THIN | LEVELS[level] | CENTRE)
        for n, part in enumerate((*PARTS, "*")):
            page.same_as(sheet.row, 2 + n, plan[key, of.year, part], **LEVELS[level])
        whole = plan["*", of.year, "*"]
        page.share_of(sheet.row, 6, plan[key, of.year, "*"], whole, **LEVELS[level])
        for n, year in enumerate(of.years[1:], 7):
            page.same_as(sheet.row, n, plan[key, year, "*"], **LEVELS[level])
        sheet.next([(title, 0)])
    assert whole is not None
    _against_envelope(sheet, of, plan, say)
    sheet.end([*_band(of, say), *_notes(of, say), *of.notes])
    page.sheet.fit_to_pages(1, 1)


def _against_envelope(
    sheet: FormSheet, of: Submission, plan: Mapping[tuple[str, int, str], Amount], say: Translator
) -> None:
    """The envelope of each year, what is asked beyond it, and what earlier years still owe, below the totals."""
    at = {of.year: 5} | {year: n for n, year in enumerate(of.years[1:], 7)}
    rows: tuple[tuple[str, Callable[[int, int], object]], ...] = (
        (head("envelope", say, "money"), lambda year, column: _envelope(sheet, of, year, column)),
        (_of("gap", say), lambda year, column: _gap(sheet, of, plan, year, column)),
        (
            head("arrears_before", say, "money"),
            lambda year, column: sheet.page.amount(sheet.row, column, of.arrears[year]),
        ),
    )
    for title, write in rows:
        sheet.words(0, title)
        sheet.blank([column for column in range(1, sheet.last + 1) if column not in at.values()])
        for year, column in at.items():
            write(year, column)
        sheet.next([(title, 0)])


def _envelope(sheet: FormSheet, of: Submission, year: int, column: int) -> None:
    amount = of.envelopes[year]
    sheet.words(column, "–", align="right") if amount is None else sheet.page.amount(sheet.row, column, amount)


def _gap(sheet: FormSheet, of: Submission, plan: Mapping[tuple[str, int, str], Amount], year: int, column: int) -> None:
    amount = of.envelopes[year]
    if amount is None:
        sheet.words(column, "–", align="right")
        return
    above = Amount(sheet.page, sheet.row - 1, column, amount)
    sheet.page.difference_of(sheet.row, column, plan["*", year, "*"], above)


# --- what the sheets share --------------------------------------------------------------------------------------------


def _sums(
    sheet: FormSheet,
    row: int,
    title: str,
    rows: Sequence[Sequence[Amount]],
    first: int,
    level: int,
    empty: Sequence[int],
    last: Sequence[int],
) -> list[Amount]:
    """A row of sums over the same columns of some rows, from column ``first`` on."""
    before, sheet.row = sheet.row, row
    sheet.words(0, "", level)
    sheet.words(1, title, level)
    sheet.blank([*empty, *last], level)
    columns = zip(*rows, strict=True)
    sums = [sheet.page.sum_of(row, first + n, list(cells), **LEVELS[level]) for n, cells in enumerate(columns)]
    sheet.page.tall(row, [(title, sheet.widths[1])])
    sheet.row = before
    return sums


def _of(key: str, say: Translator) -> str:
    return head(key, say, "submission")


def _parts(say: Translator) -> list[str]:
    return [head(part, say, "money") for part in PARTS]


def _year(year: int, say: Translator) -> str:
    return say(f"{year}年", str(year))


def _band(of: Submission, say: Translator) -> list[str]:
    low, high = (decimal(value, 2) for value in of.band)
    return [
        say(
            f"{of.year}年合计为平均数，八成可能在{low}万元至{high}万元之间。",
            f"The total of {of.year} is a mean; eight times in ten it lies between {low} and {high}万元.",
        )
    ]


def _notes(of: Submission, say: Translator) -> list[str]:
    return [
        say(
            "各数为模拟平均数，精确到分，保留两位小数显示；分项之和等于合计，与 budget.csv 一致。",
            "Amounts are means over trials, shown with two decimals; parts add up to totals, as in budget.csv.",
        )
    ]
