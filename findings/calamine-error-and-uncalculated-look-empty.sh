#!/usr/bin/env bash
# python-calamine 0.9.1: an error, a formula never calculated and an empty cell
# are all the same empty text.
#
# Expected: three different answers, or at least one for "there is something here
# that has no value" and one for "there is nothing here".
# Seen, for a row of 10, #N/A, =1+1 (written by a program, not yet calculated),
# an empty cell and 20:
#   openpyxl [10, '#N/A', '=1+1', None, 20]
#   calamine [10.0, '', '', '', 20.0]
#
# For a user: "treat an empty amount as nothing asked for" also takes in amounts
# that could not be worked out. Nothing calamine returns can tell them apart, so a
# check needs a second reader.
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
book.active.append([10, "#N/A", "=1+1", None, 20])
assert book.active["B1"].data_type == "e"
file = io.BytesIO()
book.save(file)

by_openpyxl = [cell.value for cell in load_workbook(file).active[1]]
file.seek(0)
by_calamine = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()[0]
print("openpyxl", by_openpyxl)
print("calamine", by_calamine)

assert by_openpyxl == [10, "#N/A", "=1+1", None, 20]
assert by_calamine == [10.0, "", "", "", 20.0]
PY
