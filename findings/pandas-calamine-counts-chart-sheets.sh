#!/usr/bin/env bash
# pandas 3.1.1 with python-calamine 0.9.1: a sheet number does not fit sheet_names.
#
# A workbook has three tabs: a chart sheet, then "2025", then "2024".
# ExcelFile.sheet_names lists the two worksheets and leaves the chart sheet out.
#
# Expected: sheet_name=i reads the sheet that sheet_names[i] names, by any engine.
# Seen:
#   openpyxl sheet_names ['2025', '2024']  0 -> {'wan': [500]}  1 -> {'wan': [700]}
#   calamine sheet_names ['2025', '2024']  0 -> {}  1 -> {'wan': [500]}
# calamine counts the chart sheet when it takes a number, and leaves it out of
# the list of names.
#
# For a user: sheet 1 is last year by one engine and this year by the other, and
# no fault is raised. pandas 3.1.1 says that calamine will be the standard engine
# for .xlsx, so code that asks by number changes its answer. Ask by name.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    pandas==3.1.1 python-calamine==0.9.1 openpyxl==3.1.5 xlsxwriter==3.3.1 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
import io
from importlib.metadata import version

import pandas as pd
import xlsxwriter

print({p: version(p) for p in ("pandas", "python-calamine", "openpyxl")})
file = io.BytesIO()
book = xlsxwriter.Workbook(file)
front = book.add_chartsheet("picture")
for year, amount in (("2025", 500), ("2024", 700)):
    book.add_worksheet(year).write_column(0, 0, ["wan", amount])
chart = book.add_chart({"type": "column"})
chart.add_series({"values": "='2025'!$A$2:$A$2"})
front.set_chart(chart)
book.close()

seen = {}
for engine in ("openpyxl", "calamine"):
    excel = pd.ExcelFile(file, engine=engine)
    read = [pd.read_excel(excel, sheet_name=i).to_dict("list") for i in (0, 1)]
    seen[engine] = (excel.sheet_names, read)
    print(engine, "sheet_names", excel.sheet_names, " 0 ->", read[0], " 1 ->", read[1])

assert seen["openpyxl"] == (["2025", "2024"], [{"wan": [500]}, {"wan": [700]}])
assert seen["calamine"] == (["2025", "2024"], [{}, {"wan": [500]}])
PY
