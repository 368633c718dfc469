#!/usr/bin/env bash
# pandas 3.1.1 with XlsxWriter 3.3.1: constant_memory loses most of a frame.
#
# XlsxWriter's constant_memory option is there for large tables. It writes a row
# away as soon as a later row begins. pandas hands over a frame column by column.
#
# Expected: the same cells, with less memory; or a fault.
# Seen:
#   written  {'unit': ['A', 'B', 'C'], 'wan': [10, 20, 30]}
#   read     {'unit': ['A', 'B', 'C'], 'wan': [nan, nan, 30.0]}
# No warning is given.
#
# For a user: the first column is whole, so the file looks right at a glance, and
# the sum of the amounts is 30 where it should be 60.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    pandas==3.1.1 openpyxl==3.1.5 xlsxwriter==3.3.1 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
import io
import math
import warnings
from importlib.metadata import version

import pandas as pd

print({p: version(p) for p in ("pandas", "xlsxwriter")})
frame = pd.DataFrame({"unit": ["A", "B", "C"], "wan": [10, 20, 30]})
file = io.BytesIO()
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    options = {"options": {"constant_memory": True}}
    with pd.ExcelWriter(file, engine="xlsxwriter", engine_kwargs=options) as writer:
        frame.to_excel(writer, index=False)
back = pd.read_excel(file, engine="openpyxl")
print("written ", frame.to_dict("list"))
print("read    ", back.to_dict("list"))
print("warnings", len(said))

assert said == []
assert back["unit"].tolist() == ["A", "B", "C"]
assert [math.isnan(v) for v in back["wan"]] == [True, True, False]
assert back["wan"].sum() == 30
PY
