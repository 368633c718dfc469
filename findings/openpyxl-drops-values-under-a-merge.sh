#!/usr/bin/env bash
# openpyxl 3.1.5: values that lie under a merged block are read or lost, by mode.
#
# Excel lets a user lay a merge over filled cells with the format painter. The
# block looks like one cell, and the values below it stay in the file: filters
# and SUM still see them. It is done on purpose, so that every row keeps its unit
# or its amount.
#
# Expected: load_workbook gives what the file stores, in both of its modes.
# Seen:
#   read_only=True   [10, 20, 30]  sum 60
#   read_only=False  [10, None, None]  sum 10
#   after load and save, in the file: ['10', None, None]
# No warning is given.
#
# For a user: the same file has two totals. A tool that opens a workbook only to
# add a sheet, and saves it, deletes amounts that nobody sees, and the SUM in
# Excel changes.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    openpyxl==3.1.5 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
import io
import re
import warnings
import zipfile
from importlib.metadata import version

from openpyxl import Workbook, load_workbook

warnings.simplefilter("error")
print("openpyxl", version("openpyxl"))
book = Workbook()
for amount in (10, 20, 30):
    book.active.append([amount])
plain = io.BytesIO()
book.save(plain)

# What the format painter leaves: all three values, and a merge over them.
SHEET = "xl/worksheets/sheet1.xml"
MERGE = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:A3"/></mergeCells>'
painted = io.BytesIO()
with zipfile.ZipFile(plain) as old, zipfile.ZipFile(painted, "w") as new:
    for name in old.namelist():
        data = old.read(name)
        new.writestr(name, data.replace(b"</sheetData>", MERGE) if name == SHEET else data)

seen = {}
for mode in (True, False):
    sheet = load_workbook(painted, read_only=mode).active
    seen[mode] = [row[0].value for row in sheet.iter_rows()]
    print(f"read_only={mode}", seen[mode], "sum", sum(v or 0 for v in seen[mode]))

saved = io.BytesIO()
load_workbook(painted).save(saved)
xml = zipfile.ZipFile(saved).read(SHEET).decode()
kept = [m and m[1] for m in (re.search(rf'<c r="A{i}"[^>]*><v>(\d+)', xml) for i in (1, 2, 3))]
print("after load and save, in the file:", kept)

assert seen[True] == [10, 20, 30]
assert seen[False] == [10, None, None]
assert kept == ["10", None, None]
PY
