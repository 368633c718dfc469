#!/usr/bin/env bash
# ruamel.yaml 0.19.1: removing a key leaves its comment above the next key, and
# takes the next key's own comment away.
#
# Expected: the comment above a key goes with it, and other comments stay.
# Seen, after removing loan (its comment: "notice of 2024"):
#   # notice of 2024
#   award: 10
# The comment of award, "notice of 2025", is gone. The loader hangs a comment on
# the key before it, not on the key below it.
#
# For a user: a saved scenario file names the wrong legal source for an amount.
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
data = YAML().load("""\
grant: 30
# notice of 2024
loan: 20
# notice of 2025
award: 10
""")
del data["loan"]
out = io.StringIO()
YAML().dump(data, out)
print(out.getvalue(), end="")

assert out.getvalue() == "grant: 30\n# notice of 2024\naward: 10\n"
PY
