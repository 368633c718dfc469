#!/usr/bin/env bash
# panel-material-ui 0.16.6: a number input whose value is None sends 0 to the page.
#
# Expected: an empty field with its placeholder, for None is allowed as a value
# and the placeholder is described as that of an empty field.
# Seen: in Python the value is None; the model that goes to the page holds 0, so
# the field shows 0 (0.0 in its usual format) and the placeholder never. In a
# subclass whose default is None the model holds None.
#
# For a user: a limit that nobody has set reads as a limit of nothing, and no
# event ever tells Python that the two differ.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    panel==1.9.4 panel-material-ui==0.16.6 bokeh==3.9.2 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
from importlib.metadata import version

import panel_material_ui as pmui
import param

print("panel-material-ui", version("panel-material-ui"), "panel", version("panel"))


class OptionalInput(pmui.FloatInput):
    value = param.Number(default=None, allow_None=True)


seen = {}
for kind in (pmui.FloatInput, pmui.IntInput, OptionalInput):
    widget = kind(value=None, placeholder="not set")
    seen[kind.__name__] = widget.value, widget.get_root().data.value
    print(kind.__name__, "in Python", widget.value, "- sent to the page", widget.get_root().data.value)
assert seen == {"FloatInput": (None, 0), "IntInput": (None, 0), "OptionalInput": (None, None)}, seen
PY
