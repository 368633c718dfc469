"""What a second process compiles ahead is what a run calls, and everything is compiled for one type of arguments."""

from __future__ import annotations

import subprocess
import sys

import pytest

from changji_sim import load_scenario
from changji_sim.kernel import compile as ahead

SEVERAL = """
import importlib, pkgutil, sys
from changji_sim import kernel, load_scenario
for name in ("baseline", "tight_budget", "growth"):
    load_scenario(name).run(20)
print(*sorted({"scipy.linalg", "scipy.special", "scipy.stats"} & set(sys.modules)), end="")
for module in pkgutil.iter_modules(kernel.__path__, "changji_sim.kernel."):
    for name, function in vars(importlib.import_module(module.name)).items():
        signatures = getattr(function, "signatures", ())
        if len(signatures) > 1:
            print(module.name, name, *signatures, sep="\\n")
"""


@pytest.mark.slow
@pytest.mark.subprocess
def test_the_shipped_scenarios_call_every_function_with_arguments_of_one_type_and_without_scipy():
    done = subprocess.run([sys.executable, "-c", SEVERAL], capture_output=True, text=True, check=True)
    assert done.stdout == ""


@pytest.fixture(scope="module")
def has_run():
    result = load_scenario("baseline").run(20)
    result.budget()
    return result


@pytest.mark.parametrize("function", ahead.SIGNATURES, ids=lambda function: function.py_func.__name__)
def test_what_is_compiled_ahead_is_what_a_run_calls(function, has_run):
    assert ahead.signature(ahead.SIGNATURES[function]) in function.signatures


def test_a_kernel_that_is_compiled_needs_no_second_process(has_run, monkeypatch):
    assert ahead.is_compiled()
    monkeypatch.setattr(ahead.subprocess, "Popen", None)
    with ahead.compiling():
        pass


def test_a_kernel_that_is_loaded_is_compiled_whatever_the_times_of_files(has_run, monkeypatch):
    monkeypatch.setattr(ahead, "Path", None)
    assert ahead.is_compiled()


def test_a_second_process_that_cannot_begin_leaves_the_work_to_the_first(monkeypatch):
    monkeypatch.setattr(ahead, "is_compiled", lambda: False)
    monkeypatch.setattr(ahead.sys, "executable", "no-such-python")
    with ahead.compiling():
        assert not ahead.gc.isenabled()
    assert ahead.gc.isenabled()


def test_the_second_process_compiles_what_is_listed(monkeypatch):
    done = []
    monkeypatch.setattr(ahead, "SIGNATURES", {type("F", (), {"compile": done.append}): "i8[2] b1"})
    ahead.compile_ahead()
    assert [[str(kind) for kind in kinds] for kinds in done] == [["array(int64, 2d, C)", "bool"]]
