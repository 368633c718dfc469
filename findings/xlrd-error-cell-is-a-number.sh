#!/usr/bin/env bash
# xlrd 2.0.2: an error cell of an .xls file is read as a whole number.
#
# Expected: a faulty cell gives text, None or an object that cannot be added.
# Seen, for a row of 10, #N/A and #DIV/0!:
#   row_values [10.0, 42, 7]  sum 59.0
# The number is the code that the file format gives the error. Only cell_type
# tells it from an amount.
#
# For a user: a lookup that failed in a bureau's old workbook adds 42 to a total,
# and a division by zero adds 7.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    xlrd==2.0.2 xlwt==1.3.0 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
import io
from importlib.metadata import version

import xlrd
import xlwt

print("xlrd", version("xlrd"))
book = xlwt.Workbook()
row = book.add_sheet("2025").row(0)
row.write(0, 10)
row.set_cell_error(1, 0x2A)  # #N/A
row.set_cell_error(2, 0x07)  # #DIV/0!
file = io.BytesIO()
book.save(file)

sheet = xlrd.open_workbook(file_contents=file.getvalue()).sheet_by_index(0)
values = sheet.row_values(0)
print("row_values", values, " sum", sum(values))
print("meaning   ", [xlrd.error_text_from_code[v] for v in values[1:]])

assert values == [10.0, 42, 7]
assert [type(v) for v in values] == [float, int, int]
assert sum(values) == 59
assert list(sheet.row_types(0)) == [xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_ERROR, xlrd.XL_CELL_ERROR]
PY
