#!/usr/bin/env bash
# hypothesis 6.170.15 with numba 0.68.1: a property that holds is reported as
# failing and flaky, because its first example waits for numba to compile.
#
# Expected: the deadline of 200 ms is about the code that is tested. A function
# that is compiled once and then takes a microsecond keeps it.
# Seen: the first example takes most of a second, which breaks the deadline; the
# same example run again takes nothing. The test ends with FlakyFailure, "Failed
# on the first call but did not on a subsequent one", though no assertion failed.
# With a call before @given runs, or with deadline=None, it passes. With
# cache=True it fails on the first run on a machine, and passes on every other.
#
# For a user: a kit that holds other people's compiled code to a contract calls
# it flaky where nothing is wrong, and only where nothing was cached, such as on
# a fresh clone.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    hypothesis==6.170.15 numba==0.68.1 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
from importlib.metadata import version

import numba
from hypothesis import given, settings
from hypothesis import strategies as st

print("hypothesis", version("hypothesis"), "numba", version("numba"))


def outcome(is_called_before, **options):
    @numba.njit
    def half(x):
        return 0.5 * x

    @settings(database=None, **options)
    @given(st.floats(0, 1))
    def holds(x):
        assert half(x) <= 1

    if is_called_before:
        half(0.5)
    try:
        holds()
    except BaseException as error:
        return type(error).__name__
    return "passes"


seen = {
    "first call inside": outcome(False),
    "called before": outcome(True),
    "deadline=None": outcome(False, deadline=None),
}
for what, came in seen.items():
    print(f"{what:18} {came}")
assert seen == {"first call inside": "FlakyFailure", "called before": "passes", "deadline=None": "passes"}
PY
