#!/usr/bin/env bash
# Babel 2.18.0: in compact Chinese form 15000 and 25000 are the same text.
#
# format_compact_decimal shows no decimals unless told otherwise, and rounds half
# to the even neighbour: 1.5 up and 2.5 down.
#
# Expected: two amounts that differ by 10000 differ when they are shown in units
# of 10000; or half goes up, as 四舍五入 does.
# Seen, in zh_CN:
#   15000 -> 2万
#   25000 -> 2万
#   35000 -> 4万
#   45000 -> 4万
# With fraction_digits=1: 1.5万, 2.5万, 3.5万, 4.5万.
#
# For a user: caps of 1.5 and 2.5 万元 are shown alike on a page, the first too
# large by a third and the second too small by a fifth.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    Babel==2.18.0 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
from importlib.metadata import version

from babel.numbers import format_compact_decimal

print("Babel", version("Babel"))
amounts = (15000, 25000, 35000, 45000)
plain = [format_compact_decimal(n, locale="zh_CN") for n in amounts]
finer = [format_compact_decimal(n, locale="zh_CN", fraction_digits=1) for n in amounts]
for row in zip(amounts, plain, finer):
    print(*row)

assert plain == ["2万", "2万", "4万", "4万"]
assert finer == ["1.5万", "2.5万", "3.5万", "4.5万"]
PY
