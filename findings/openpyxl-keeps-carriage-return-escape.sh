#!/usr/bin/env bash
# openpyxl 3.1.5: a carriage return in a cell is read as the seven characters _x000D_,
# which python-calamine 0.9.1 takes back.
#
# Expected: both readers give the text that Excel shows, or both give the escape.
# A workbook writes characters that XML cannot hold as _xHHHH_ (ECMA-376, 22.9.2.19,
# ST_Xstring); a line break made in a Windows program comes out as _x000D_.
# Seen, for a cell that holds 甲, a carriage return, a line feed and 公司:
#   openpyxl '甲_x000D_\n公司'
#   calamine '甲\r\n公司'
#
# For a user: names read through openpyxl (and pandas with it) are others than the
# same names read through calamine or typed anew; grouping by name counts one
# applicant twice.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    python-calamine==0.9.1 openpyxl==3.1.5 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
import io
from importlib.metadata import version

from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

print({p: version(p) for p in ("python-calamine", "openpyxl")})
book = Workbook()
book.active["A1"] = "甲_x000D_\n公司"  # as Excel writes it into the file
file = io.BytesIO()
book.save(file)

by_openpyxl = load_workbook(file).active["A1"].value
file.seek(0)
by_calamine = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()[0][0]
print("openpyxl", repr(by_openpyxl))
print("calamine", repr(by_calamine))

assert by_openpyxl == "甲_x000D_\n公司"
assert by_calamine == "甲\r\n公司"
PY
