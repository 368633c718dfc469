#!/usr/bin/env bash
# ruamel.yaml 0.19.1: in-place arithmetic cuts the fraction off a whole number
# that was written with an underscore or has an anchor.
#
# The round-trip loader keeps such a number as a ScalarInt, so that it is written
# again as it was. A plain 25 stays a Python int.
#
# Expected: x *= 0.5 gives what x = x * 0.5 gives.
# Seen, after d[key] *= 0.5:
#   plain: 25          -> 12.5
#   anchored: &cap 25  -> 12
#   underscored: 2_5   -> 12
#   anchored, d[key] = d[key] * 0.5 -> 12.5
# += and -= cut as well.
#
# For a user: a scenario file that names an amount with an anchor, to use it
# twice, gives another result than the same file without the anchor. No fault and
# no warning.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    ruamel.yaml==0.19.1 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
from importlib.metadata import version

from ruamel.yaml import YAML

print("ruamel.yaml", version("ruamel.yaml"))
TEXT = "plain: 25\nanchored: &cap 25\nunderscored: 2_5\n"

halved = YAML().load(TEXT)
for key in halved:
    halved[key] *= 0.5
print("*= 0.5     ", dict(halved))

raised = YAML().load(TEXT)
for key in raised:
    raised[key] += 0.5
print("+= 0.5     ", dict(raised))

spelt = YAML().load(TEXT)
for key in spelt:
    spelt[key] = spelt[key] * 0.5
print("= x * 0.5  ", dict(spelt))

assert dict(halved) == {"plain": 12.5, "anchored": 12, "underscored": 12}
assert dict(raised) == {"plain": 25.5, "anchored": 25, "underscored": 25}
assert dict(spelt) == {"plain": 12.5, "anchored": 12.5, "underscored": 12.5}
PY
