#!/usr/bin/env bash
# ruamel.yaml 0.19.1: what comes through a merge key (<<) is copied at load, but
# written as a merge again.
#
# Expected: the data in memory and the file saved from it say the same.
# Seen:
#   rate of the base set to 0.9:  in memory 0.5, saved and read again 0.9
# After del reform["rate"], which came through the merge:
#   "rate" in reform False, but reform["rate"] 0.5; saved and read again True, 0.5
#
# For a user: a program loads a scenario, changes the base, computes and saves.
# What it computed used the old rate for the part that merges the base; the saved
# file, run again, uses the new one. A key deleted from the merging part still
# answers, and is back after a save.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    ruamel.yaml==0.19.1 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
import io
from importlib.metadata import version

from ruamel.yaml import YAML

print("ruamel.yaml", version("ruamel.yaml"))
TEXT = """\
base: &base
  rate: 0.5
  cap: 30
reform:
  <<: *base
  cap: 50
"""


def saved_and_read(data):
    out = io.StringIO()
    YAML().dump(data, out)
    return YAML().load(out.getvalue())


changed = YAML().load(TEXT)
changed["base"]["rate"] = 0.9
first = (changed["reform"].get("rate"), saved_and_read(changed)["reform"].get("rate"))
print("rate of the base set to 0.9:  in memory %s, saved and read again %s" % first)

cut = YAML().load(TEXT)
del cut["reform"]["rate"]
again = saved_and_read(cut)["reform"]
second = ("rate" in cut["reform"], cut["reform"]["rate"], "rate" in again, again["rate"])
print("rate deleted: listed %s, answers %s; saved and read again: listed %s, answers %s" % second)

assert first == (0.5, 0.9)
assert second == (False, 0.5, True, 0.5)
PY
