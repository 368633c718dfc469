#!/usr/bin/env bash
# Babel 2.18.0: parse_time does not read back the afternoon that format_time wrote
# in Chinese.
#
# Expected: parse_time, given the same pattern and the same locale, gives the same
# time; or a fault, as the word before the hour was not understood.
# Seen, for 14:30:
#   en_US, h:mm a   '2:30 PM'   -> 14:30:00
#   zh_CN, ah:mm    '下午2:30'  -> 02:30:00
# Only the letters AM and PM are looked for.
#
# For a user: a closing time of 下午2:30 in a call for applications is twelve hours
# early, without a fault.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    Babel==2.18.0 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
from datetime import time
from importlib.metadata import version

from babel.dates import format_time, parse_time

print("Babel", version("Babel"))
back = {}
for locale, pattern in (("en_US", "h:mm a"), ("zh_CN", "ah:mm")):
    text = format_time(time(14, 30), pattern, locale=locale)
    back[locale] = (text, parse_time(text, locale=locale, format=pattern))
    print(locale, pattern, repr(text), "->", back[locale][1])

assert back["en_US"] == ("2:30 PM", time(14, 30))
assert back["zh_CN"] == ("下午2:30", time(2, 30))
PY
