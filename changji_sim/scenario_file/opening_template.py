"""An empty workbook for the opening ledger (期初台账), with the columns that `read_opening` reads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ..applications.template import EXPLAINED, LAST_ROW, OPTIONS, fill_headers, list_of, write_new_workbook
from ..applications.written_table import put_text
from ..scenario.model import ScenarioModel
from .opening_columns import HEADERS, NEEDED, due_header, inflow_header, paid_header
from .opening_rows import RATINGS

SHEET = "期初台账"
YES_NO = ("是", "否")
MEANINGS = {
    "item": "从列表选择，也可写代码",
    "applicant": "单位全称；同一单位写法须一致",
    "committed_wan": "立项（承诺）金额，万元",
    "paid_wan": "截至首个测算年度之前已拨金额，万元",
    "arrears_wan": "首个测算年度之前已到期、尚未拨付的金额，万元；也可并入首年应拨",
    "cancelled_wan": "终止等取消、不再拨付的金额，万元",
    "commitment_year": "立项的年度；填写的，此后的检查、终止、验收和违规照常模拟",
    "acceptance_year": "预计验收年度；已验收的填实际年度",
    "ended_year": "终止或提前结题的年度",
    "rating": "绩效评价等级：优秀、合格、不合格；未评价不填",
    "bar_until": "暂停申报的最后年度；未被暂停不填",
    "is_award_given": "一次性奖励是否已发放",
    "platform": "按平台只奖励一次的支持方向必填",
    "credit_code": "18位；填写的按代码认定同一单位",
    "group": "“每家”按集团理解时用；没有可不填",
    "may_apply_again": "上年符合条件且通过评审、未获支持的，填是；测算其是否再次申报",
    "application_year": "首次申报的年度；存续的贷款、可再次申报的必填",
    "application_row": "该年度同一支持方向申报的顺序号，从1起；由结转写出，手工填写时可不填",
}
NOTES = (
    "本表每行一项首个测算年度之前已立项的项目或已发放的奖励，填在“期初台账”表中。",
    "金额单位为万元；立项金额应等于已拨、应拨未拨、已取消与各年应拨金额之和。已逾期未拨的，填入“应拨未拨”，或填入首个测算年度的应拨列。",
    "填有立项年度或申报年度的行，还可加列填写真实申报表的内容：贷款本金、年利率、起息日、期限，融资轮年次、投后估值等。",
    "不要合并单元格，不要加合计行；表头文字不要改动。",
)


def write_opening_template(path: Path, scenario: ScenarioModel, overwrite: bool = False) -> Path:
    """Write an empty workbook that a scenario may name as its opening file once it is filled in.

    Args:
        path: an .xlsx that does not exist yet, unless ``overwrite``.
        scenario: whose items and years there are.

    Raises:
        FaultyInput: the path cannot be written.
    """
    return write_new_workbook(path, opening_workbook(scenario), overwrite)


def opening_workbook(scenario: ScenarioModel) -> Workbook:
    """The workbook itself: a sheet to fill in, one that explains, one with the lists."""
    book = Workbook()
    sheet, explained, options = book.active, book.create_sheet(EXPLAINED), book.create_sheet(OPTIONS)
    sheet.title = SHEET
    columns = _columns([*scenario.years, scenario.years[-1] + 1])
    fill_headers(sheet, [header for _, header, _ in columns])
    lists = {
        "item": [item.title for item in scenario.items],
        "rating": _ratings(),
        "is_award_given": YES_NO,
        "may_apply_again": YES_NO,
    }
    for n, (name, header, _) in enumerate(columns, 1):
        letter = get_column_letter(n)
        sheet.column_dimensions[letter].width = max(12, 2.2 * len(header))
        if name in lists:
            validation = DataValidation("list", formula1=list_of(options, header, lists[name]), allow_blank=True)
            sheet.add_data_validation(validation)
            validation.add(f"{letter}2:{letter}{LAST_ROW}")
    for note in NOTES:
        explained.append([note])
    explained.append([])
    for row in (("列名", "代码", "填写内容", "是否必填"), *_explained(columns)):
        explained.append([""] * len(row))
        for n, text in enumerate(row, 1):
            put_text(explained.cell(explained.max_row, n), text).alignment = Alignment(wrap_text=True, vertical="top")
    for cell in explained[len(NOTES) + 2]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCD", (26, 22, 60, 12), strict=True):
        explained.column_dimensions[letter].width = width
    return book


def _columns(years: Sequence[int]) -> list[tuple[str, str, str]]:
    """Name, header and meaning of each column: what is due in each year stands behind what is paid."""
    known = [(name, header, MEANINGS[name]) for name, header in HEADERS.items()]
    due = [(f"due_{year}", due_header(year), f"{year}年应拨金额，万元；没有不填") for year in years]
    first, behind = years[0], list(HEADERS).index("paid_wan") + 1
    more = [
        (f"paid_{first - 1}", paid_header(first - 1), "其中当年已拨的金额，万元；拨投结合按年填写，其他可不填"),
        (f"inflow_{first}", inflow_header(first), "已追回、当年到账的金额，万元；没有不填"),
    ]
    return [*known[:behind], *due, *more, *known[behind:]]


def _explained(columns: Sequence[tuple[str, str, str]]) -> list[tuple[str, ...]]:
    return [(header, name, meaning, "必填" if name in NEEDED else "") for name, header, meaning in columns]


def _ratings() -> list[str]:
    return [title for title, key in RATINGS.items() if title != key]
