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


@pytest.mark.slow
@pytest.mark.subprocess
def test_numba_is_not_made_ready_to_compile_where_nothing_is_compiled():
    cs.load_scenario("baseline").run(20)  # whatever this calls is kept
    done = subprocess.run([sys.executable, "-c", READ], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"


CALLED_BY_OTHERS = """
from llvmlite import binding
from numba import njit
from changji_sim.kernel.caps import product_floor
parsed = []
parse = binding.parse_bitcode
binding.parse_bitcode = lambda code: (parsed.append(1), parse(code))[1]
first = product_floor(7, 6, 4)
of_reading = len(parsed)
twice = njit(lambda a: product_floor(a, 6, 4) + product_floor(a, 6, 4))
print(first, twice(7), of_reading, len(parsed) > of_reading)
"""


@pytest.mark.slow
@pytest.mark.subprocess
def test_what_was_compiled_before_is_parsed_only_where_other_code_is_compiled_against_it():
    for _ in range(2):  # the first may compile it
        done = subprocess.run([sys.executable, "-c", CALLED_BY_OTHERS], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["10", "20", "0", "True"]


AT_THE_END = """
import atexit, gc
atexit.register(lambda: print(gc.get_freeze_count() > before))
import changji_sim.kernel.simulate
before = gc.get_freeze_count()
"""


@pytest.mark.slow
@pytest.mark.subprocess
def test_python_ends_without_going_through_every_object_once_more():
    done = subprocess.run([sys.executable, "-c", AT_THE_END], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"]
