#!/usr/bin/env bash
# openpyxl 3.1.5: a day in a Chinese Excel's own date format is read as a number.
#
# Expected: what the sheet shows, 2026年3月1日, is a date, as with any other date format.
# Seen: in a Chinese Excel the formats 2012年3月14日, 3月14日 and the like are numbers of
# formats, 27 to 36 and 50 to 58, without a code of their own in the file (the standard
# lists them by language). openpyxl knows none of them: the cell has the value 46082, the
# format General, and is no date. python-calamine 0.9.1 knows them.
#
# For a user: of two columns of days that look alike on the screen, one is read as days
# and the other as numbers around 46,000, by pandas as well, whose engine openpyxl is.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    openpyxl==3.1.5 python-calamine==0.9.1 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
import datetime
import io
import zipfile
from importlib.metadata import version

from openpyxl import Workbook, load_workbook
from python_calamine import CalamineWorkbook

print({name: version(name) for name in ("openpyxl", "python-calamine")})
book = Workbook()
book.active["A1"] = 46082  # 2026-03-01
book.active["A1"].number_format = "0.00"  # number 2, to be exchanged below
plain = io.BytesIO()
book.save(plain)

day = datetime.date(2026, 3, 1)
for number in (14, 31, 57):  # yyyy/m/d; yyyy年m月d日; yyyy年m月
    file = io.BytesIO()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/styles.xml":
                content = content.replace(b'numFmtId="2"', b'numFmtId="%d"' % number)
            target.writestr(name, content)
    file.seek(0)
    cell = load_workbook(file).active["A1"]
    file.seek(0)
    other = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()[0][0]
    print(f"format {number}: openpyxl {cell.value!r}, {cell.number_format}, is_date {cell.is_date}; calamine {other}")
    assert other == day
    assert cell.is_date == (number == 14), "the behaviour has changed"
PY
