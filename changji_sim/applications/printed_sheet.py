"""How a sheet by openpyxl looks and prints: heads, a landscape page of A4, a sheet that is left out of print."""

from __future__ import annotations

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

FONT = "Microsoft YaHei"
TOTAL = "EDF2F7"  # behind a total
_HEAD, _RULE = "DCE6F0", "B8C4D0"


def head_cell(cell: Cell, is_amount: bool = False) -> None:
    """Let a cell look like the head of a column, of amounts to the right."""
    cell.font = Font(name=FONT, bold=True, size=10)
    cell.fill = PatternFill("solid", fgColor=_HEAD)
    cell.border = Border(bottom=Side("thin", color=_RULE))
    cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="right" if is_amount else None)


def print_landscape(sheet: Worksheet) -> None:
    """A4 across, as wide as the page, numbered."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.oddFooter.center.text = "&P / &N"
    for side in ("left", "right", "top", "bottom"):
        setattr(sheet.page_margins, side, 0.5)


def leave_out_of_print(sheet: Worksheet) -> None:
    """Print nothing of a sheet: its print area is an empty cell beyond the table."""
    beyond = get_column_letter(sheet.max_column + 2)
    sheet.print_area = f"{beyond}1"
