#!/usr/bin/env bash
# SALib 1.6.0: a Sobol sample with second-order rows, analysed without them, gives
# wrong indices where the row count happens to divide.
#
# sample() adds second-order rows unless told not to. analyze() is called with
# calc_second_order=False. It looks whether the number of outputs can be divided
# by its own block size. With D inputs a block has 2D+2 rows in the sample and
# D+2 in the analysis; for D = 2 (also 6 and 14) and a usual sample size it divides.
#
# Expected: the fault that other numbers of inputs get.
# Seen, for y = a + 2 * b (true S1: 0.2 and 0.8):
#   2 inputs, matching     S1 [0.2 0.8]
#   2 inputs, not matching S1 [0.1  0.53]
#   3 inputs, not matching RuntimeError
# No warning is given.
#
# For a user: the indices look like indices and belong to shuffled rows.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    SALib==1.6.0 numpy==2.4.6 scipy==1.17.1 pandas==3.1.1 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
import warnings
from importlib.metadata import version

from SALib.analyze import sobol
from SALib.sample import sobol as sampler

warnings.simplefilter("error")
print({p: version(p) for p in ("SALib", "numpy")})


def first_order(inputs, second):
    names = ["a", "b", "c"][:inputs]
    problem = {"num_vars": inputs, "names": names, "bounds": [[0, 1]] * inputs}
    x = sampler.sample(problem, 256, seed=1)
    y = x[:, 0] + 2 * x[:, 1]
    return sobol.analyze(problem, y, calc_second_order=second, seed=1)["S1"].round(2)


right, wrong = first_order(2, True), first_order(2, False)
print("2 inputs, matching    ", right)
print("2 inputs, not matching", wrong)
try:
    first_order(3, False)
    third = "no fault"
except RuntimeError:
    third = "RuntimeError"
print("3 inputs, not matching", third)

assert abs(right - [0.2, 0.8]).max() < 0.02
assert abs(wrong - [0.2, 0.8]).max() > 0.1
assert third == "RuntimeError"
PY
