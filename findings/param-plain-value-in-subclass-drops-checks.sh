#!/usr/bin/env bash
# param 2.4.2: a plain value in the body of a subclass replaces an inherited
# Parameter, while .param goes on showing that Parameter.
#
# Expected: "cap = 7" in a subclass gives the Parameter a new default and keeps
# its bounds. This is what the same line does outside of the class body.
# Seen, with cap = param.Number(5, bounds=(0, 10)) in the parent, then cap=99:
#   class body  .param says default 5 and bounds (0, 10); accepted 99; watchers called 0
#   afterwards  .param says default 8 and bounds (0, 10); refused
# No warning is given.
#
# For a user: a reform written as a subclass loses the legal limit it thinks it
# inherits. A page built from .param still shows a slider that ends at the limit
# and starts at the parent's value, and nothing that depends on the value is
# worked out again.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    param==2.4.2 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
import warnings
from importlib.metadata import version

import param

warnings.simplefilter("error")
print("param", version("param"))


class Law(param.Parameterized):
    cap = param.Number(5, bounds=(0, 10))


class InBody(Law):
    cap = 7


class Afterwards(Law):
    pass


Afterwards.cap = 8

seen = {}
for cls in (InBody, Afterwards):
    law, calls = cls(), []
    law.param.watch(calls.append, "cap")
    try:
        law.cap = 99
        result = f"accepted {law.cap}"
    except ValueError:
        result = "refused"
    shown = cls.param["cap"]
    seen[cls.__name__] = (shown.default, shown.bounds, result, len(calls))
    print(cls.__name__, seen[cls.__name__])

assert type(InBody.__dict__["cap"]) is int
assert seen["InBody"] == (5, (0, 10), "accepted 99", 0)
assert seen["Afterwards"] == (8, (0, 10), "refused", 0)
PY
