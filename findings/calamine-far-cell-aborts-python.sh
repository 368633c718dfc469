#!/usr/bin/env bash
# python-calamine 0.9.1: a workbook of five kilobytes with two cells ends Python itself.
#
# Expected: the values of A1 and XFD1048576, or an exception; memory for what the file
# holds, as openpyxl takes.
# Seen: opening works. Asking for the sheet makes room for every cell of the rectangle
# between the two (512 GiB); where that is refused, the process is aborted with signal 6
# and "memory allocation of 549755813888 bytes failed". No `except` gets to see it. Where
# it is granted (a cell in A1 and one far below in the same column) it is merely slow and
# large: 32 bytes a cell.
#
# For a user: one stray character in the last row of a sheet, or a hostile file sent to a
# server, takes the whole process along. Who reads files of strangers has to look for the
# last cell with a value before calamine does (in the XML of the sheet), or read in a
# process of its own.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    python-calamine==0.9.1 openpyxl==3.1.5 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
cat >far.py <<'PY'
import io
import sys
from importlib.metadata import version

from openpyxl import Workbook, load_workbook

book = Workbook()
book.active["A1"], book.active["XFD1048576"] = 1, 2
file = io.BytesIO()
book.save(file)
print({name: version(name) for name in ("python-calamine", "openpyxl")}, f"file: {len(file.getvalue()):,} bytes")

read = load_workbook(file).active
print("openpyxl", read["A1"].value, read["XFD1048576"].value)

from python_calamine import CalamineWorkbook

file.seek(0)
opened = CalamineWorkbook.from_filelike(file)
print("calamine opened", opened.sheet_names, flush=True)
try:
    opened.get_sheet_by_index(0)
except BaseException as error:
    print("calamine raised", type(error).__name__)
    sys.exit(0)
print("calamine gave a sheet")
PY

# A process of its own, with at most 4 GiB, so that it is this one that ends.
status=0
(ulimit -v 4194304; "$work/venv/bin/python" far.py 2>"$work/err") || status=$?
grep -h "memory allocation" "$work/err"
echo "exit status $status (134 is signal 6, abort)"
[ "$status" -eq 134 ] || { echo "the behaviour has changed" >&2; exit 1; }
