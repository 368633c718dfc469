#!/usr/bin/env bash
# param 2.4.2: param.update() that is refused has set the values before the
# refused one, and tells their watchers only at the next change of something else
# that is watched.
#
# Expected: all or nothing; or values that are set and told of.
# Seen, for update(share=0.9, cap=99), where cap may be 10 at most:
#   after the refusal: share 0.9, cap 5; paid (share * 100, by a watcher) 50.0
#   after an unrelated "note = 1": share 0.9, paid 90.0
#
# For a user: after an entry is refused, the page shows a share of 0.9 and an
# amount that was worked out with 0.5. The amount jumps when something that has
# nothing to do with it is touched.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    param==2.4.2 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
from importlib.metadata import version

import param

print("param", version("param"))


class Law(param.Parameterized):
    share = param.Number(0.5, bounds=(0, 1))
    cap = param.Number(5, bounds=(0, 10))
    note = param.Integer(0)
    paid = param.Number(50.0)

    @param.depends("share", watch=True)
    def work_out(self):
        self.paid = self.share * 100

    @param.depends("note", watch=True)
    def look_at_note(self):
        pass


law = Law()
try:
    law.param.update(share=0.9, cap=99)
except ValueError as refused:
    print("refused:", refused)
half = (law.share, law.cap, law.paid)
print("after the refusal: share, cap, paid", half)
law.note = 1
print("after an unrelated change: share, paid", (law.share, law.paid))

assert half == (0.9, 5, 50.0)
assert (law.share, law.paid) == (0.9, 90.0)
PY
