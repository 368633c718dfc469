#!/usr/bin/env bash
# SALib 1.6.0: one missing output of a Sobol analysis turns every index into 0.
#
# Expected: NaN, or a fault.
# Seen, for y = a + 2 * b, and the same with one of 384 outputs NaN:
#   whole    S1 [0.2 0.8]  ST [0.2 0.8]
#   one NaN  S1 [0. 0.]  ST [0. 0.]  ST_conf [0. 0.]
# No warning is given.
#
# For a user: a model that failed in a single run says "no input matters, and
# that is certain". The zeros cannot be told from those of an output that does
# not depend on anything.
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

import numpy as np
from SALib.analyze import sobol
from SALib.sample import sobol as sampler

print({p: version(p) for p in ("SALib", "numpy")})
problem = {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1], [0, 1]]}
x = sampler.sample(problem, 64, seed=1)
y = x[:, 0] + 2 * x[:, 1]
whole = sobol.analyze(problem, y, seed=1)
y[5] = np.nan
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    one_nan = sobol.analyze(problem, y, seed=1)

print("outputs", len(y), " warnings", len(said))
print("whole   S1", whole["S1"].round(1), " ST", whole["ST"].round(1))
print("one NaN S1", one_nan["S1"], " ST", one_nan["ST"], " ST_conf", one_nan["ST_conf"])

assert len(y) == 384 and said == []
assert whole["S1"].round(1).tolist() == [0.2, 0.8]
for index in ("S1", "ST", "S1_conf", "ST_conf"):
    assert one_nan[index].tolist() == [0.0, 0.0]
PY
