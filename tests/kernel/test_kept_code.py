"""What the kernel compiled before is read without importing what numba compiles with."""

from __future__ import annotations

import subprocess
import sys

import pytest

import changji_sim as cs

READ = """
from numba.core.base import BaseContext
from changji_sim import load_scenario
made_ready = []
refresh = BaseContext.refresh
BaseContext.refresh = lambda self: (made_ready.append(1), refresh(self))
load_scenario("baseline").run(20)
print(len(made_ready))
"""


@pytest.mark.subprocess
def test_numba_is_not_made_ready_to_compile_where_nothing_is_compiled():
    cs.load_scenario("baseline").run(20)  # whatever this calls is kept
    done = subprocess.run([sys.executable, "-c", READ], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
