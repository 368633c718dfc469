#!/usr/bin/env bash
# numba 0.68.1: the first call of any compiled function imports scipy.linalg.
#
# numba does not need scipy. Where it is installed, the first call of a compiled
# function, also of one kept in numba's cache, looks whether there is a BLAS by
# importing scipy.linalg.cython_blas, and with it a good part of scipy.
#
# Expected: a function that adds two numbers imports no linear algebra.
# Seen: after `import numba` 10 modules of scipy are there, none of linear
# algebra; after the first call 85, scipy.linalg among them. With the import
# refused meanwhile, the call works without it, and a product of matrices that is
# compiled later, too.
#
# For a user: a program that starts in a second spends a sixth of it on that.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check \
    numba==0.68.1 numpy==2.4.6 scipy==1.17.1 \
    2>"$work/pip.log" || { cat "$work/pip.log" >&2; exit 1; }

cd "$work"
"$work/venv/bin/python" - <<'PY'
import sys
from importlib.metadata import version

import numba

print("numba", version("numba"), "scipy", version("scipy"))


def of_scipy():
    return [name for name in sys.modules if name.split(".")[0] == "scipy" and sys.modules[name]]


before = of_scipy()
assert numba.njit(lambda a, b: a + b)(1, 2) == 3
after = of_scipy()
print("modules of scipy: after import numba", len(before), "- after a first call", len(after))
assert not any("linalg" in name for name in before)
assert "scipy.linalg.cython_blas" in after
PY
"$work/venv/bin/python" - <<'PY'
import sys

import numba
import numpy as np

sys.modules["scipy.linalg.cython_blas"] = None
import numba.np.arraymath

del sys.modules["scipy.linalg.cython_blas"]
assert numba.njit(lambda a, b: a + b)(1, 2) == 3
assert "scipy.linalg" not in sys.modules
print("refused meanwhile: the same call imports none")
assert (numba.njit(lambda a: np.dot(a, a))(np.eye(2)) == np.eye(2)).all()
assert "scipy.linalg" in sys.modules
PY
