#!/usr/bin/env bash
# python-calamine 0.9.1, openpyxl 3.1.5, pandas 3.1.1: a part of a text that is
# struck out is read like the rest, without a sign that it was.
#
# Expected: of a cell in which somebody struck out 60 and wrote 6 behind it, the
# text as two parts, or the part that holds.
# Seen: '606' by every reader, which a conversion to numbers takes for an amount.
# openpyxl tells the parts apart only with rich_text=True; calamine and pandas
# have no such choice.
#
# For a user: a corrected amount grows a hundredfold without an error. Whoever
# reads workbooks that people correct by hand needs a look at the runs of texts
# (<strike/> in xl/sharedStrings.xml) beside the values.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    python-calamine==0.9.1 openpyxl==3.1.5 pandas==3.1.1 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
import io
from importlib.metadata import version

import pandas as pd
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from python_calamine import CalamineWorkbook

print({p: version(p) for p in ("python-calamine", "openpyxl", "pandas")})
book = Workbook()
book.active["A1"] = CellRichText(TextBlock(InlineFont(strike=True), "60"), "6")
file = io.BytesIO()
book.save(file)

seen = {"openpyxl": load_workbook(file).active["A1"].value}
for engine in ("openpyxl", "calamine"):
    file.seek(0)
    seen[f"pandas, {engine}"] = str(pd.read_excel(file, header=None, engine=engine).iloc[0, 0])
file.seek(0)
seen["calamine"] = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()[0][0]
print(seen)
file.seek(0)
parts = load_workbook(file, rich_text=True).active["A1"].value
print("openpyxl, rich_text=True:", [str(part) for part in parts])

assert set(seen.values()) == {"606"}
assert parts[0].font.strike and parts[1] == "6"
PY
