#!/usr/bin/env bash
# python-docx 1.2.0: run.font.name does not set the font of Chinese text, and cell.width
# does not set the width that LibreOffice gives a column.
#
# Expected: after run.font.name = "仿宋" Chinese text stands in 仿宋; after cell.width
# was set in every row, columns are that wide.
# Seen: font.name sets w:ascii and w:hAnsi, for Latin text, and is read back as set;
# Chinese follows w:eastAsia, which stays away, so that Word takes the font of its own
# default. cell.width sets the width of each cell (w:tcW), which Word follows; the
# table's grid (w:gridCol) keeps equal columns, and LibreOffice 7.4 follows the grid and
# prints them equally wide.
#
# For a user: a document looks right in the Word of the person who made it and wrong
# on the next desk. Set rFonts' w:eastAsia as well, and table.columns[n].width.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    python-docx==1.2.0 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
from importlib.metadata import version

import docx
from docx.oxml.ns import qn
from docx.shared import Cm

print("python-docx", version("python-docx"))
document = docx.Document()
run = document.add_paragraph().add_run("州科技局")
run.font.name = "仿宋"
fonts = run._element.rPr.rFonts
print("font.name:", run.font.name, "| ascii:", fonts.get(qn("w:ascii")), "| eastAsia:", fonts.get(qn("w:eastAsia")))
assert run.font.name == "仿宋" and fonts.get(qn("w:eastAsia")) is None

table = document.add_table(rows=2, cols=2)
table.autofit = False
before = [column.width for column in table.columns]
for row in table.rows:
    row.cells[0].width, row.cells[1].width = Cm(1), Cm(9)
print("cells, cm:", [round(cell.width.cm, 1) for cell in table.rows[0].cells],
      "| grid, cm:", [round(column.width.cm, 1) for column in table.columns])
assert [column.width for column in table.columns] == before and before[0] == before[1]
PY
