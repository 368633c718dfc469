#!/usr/bin/env bash
# bokeh 3.9.2: for every valid dict that a property takes, the text of the error for an invalid one is written first.
#
# Expected: a message is put together where a value is refused.
# Seen: the validation of a property that holds a dict begins with the text
# "expected a dict of type …", whatever the value is; for that text the whole
# type is written, with all types that may stand in it. The styles of a part of
# a page are such a dict.
#
# For a user: 5 to 8% of the time in which a server makes the parts of a page
# of some 600 models goes into texts that nobody reads.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    bokeh==3.9.2 2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - 2>"$work/log" <<'PY' || { tail -5 "$work/log" >&2; exit 1; }
from collections import Counter
from importlib.metadata import version

from bokeh.core.property.bases import ParameterizedProperty
from bokeh.models import Div

print("bokeh", version("bokeh"))
written, write = Counter(), ParameterizedProperty.__str__


def counted(kind):
    written[type(kind).__name__] += 1
    return write(kind)


part = Div(text="a")
ParameterizedProperty.__str__ = counted
part.styles = {"color": "red"}
valid = sum(written.values())
print("texts of types written for one valid dict of styles:", valid)
written.clear()
part.tags = ["a"]
of_list = sum(written.values())
print("for one valid list of tags:", of_list)
assert part.styles == {"color": "red"} and valid > 0 and of_list == 0, "this has changed"
PY
