"""Trials run in several processes: the flows are those of one, whatever becomes of the others."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from changji_sim.kernel import processes
from changji_sim.kernel.flows import Packed
from changji_sim.kernel.joined_flows import JoinedYear, SentYear

BEGIN = """
import os, threading
import numpy as np
from changji_sim import load_scenario
from changji_sim.kernel import processes, simulate as kernel
from changji_sim.api.result import Result
from changji_sim.kernel.joined_flows import JoinedYear

processes.LEAST, parent = 60, os.getpid()
processes.is_compiled = lambda: True

def run(scenario, workers, progress=None):
    return kernel.simulate(scenario, 250, seed=3, workers=workers, chunk=40, progress=progress)

def are_equal(one, other):
    assert one.flows.headroom == other.flows.headroom and one.variates == other.variates
    assert sorted(one.flows.keys()) == sorted(other.flows.keys())
    for key in one.flows.keys():
        assert np.array_equal(one.flows.fen(*key), other.flows.fen(*key)), key

def is_joined(run):
    return all(isinstance(year, JoinedYear) for year in run.flows._of.values())
"""
SERVE = """
import json, sys, tempfile

run(load_scenario("baseline"), 1)
for line in sys.stdin:
    with tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            os.dup2(said.fileno(), 2)
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            os.dup2(2, 1)
            parent = os.getpid()
            exec(json.loads(line))
            sys.stderr.flush()
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said.seek(0)
        print(json.dumps([code, said.read().decode()]), flush=True)
"""
EQUAL = """
for name in ("baseline", "tight_budget", "growth"):
    scenario, seen = load_scenario(name), []
    several = run(scenario, 3, lambda done, trials: seen.append((done, trials)))
    assert is_joined(several) and seen == sorted(seen) and seen[-1] == (250, 250)
    alone = run(scenario, 1)
    are_equal(alone, several)
    for table in ("budget", "caps"):
        one, other = (getattr(Result(of), table)() for of in (alone, several))
        assert one.equals(other), table
"""
REFUSED = """
def refuses():
    raise BlockingIOError("no more processes")

scenario, before = load_scenario("baseline"), len(os.listdir("/proc/self/fd"))
alone = run(scenario, 1)
os.fork = refuses
are_equal(alone, run(scenario, 3))
assert len(os.listdir("/proc/self/fd")) == before
"""
REAPED = """
import signal

signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # as some programs have it that start others: nobody is to be waited for
scenario = load_scenario("baseline")
are_equal(run(scenario, 1), run(scenario, 3))
"""
KILLED = """
scenario, run_block = load_scenario("baseline"), kernel._run_block

def dies(*args):
    if os.getpid() != parent:
        os._exit(1)
    return run_block(*args)

alone = run(scenario, 1)
kernel._run_block = dies
several = run(scenario, 3)
assert is_joined(several)
are_equal(alone, several)
"""
FAULTY = """
run_block = kernel._run_block

def fails(plan, block, *rest):
    if block.first >= 80:
        raise ZeroDivisionError(os.getpid())
    return run_block(plan, block, *rest)

kernel._run_block = fails
try:
    run(load_scenario("baseline"), 3)
except ZeroDivisionError as error:
    assert error.args == (parent,)
else:
    raise AssertionError("no error")
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    pass
else:
    raise AssertionError("a process is left")
"""
BESIDE_A_THREAD = """
scenario, is_over = load_scenario("baseline"), threading.Event()
thread = threading.Thread(target=is_over.wait)
thread.start()
try:
    on_threads = run(scenario, 3)
finally:
    is_over.set()
    thread.join()
assert not is_joined(on_threads)
"""


@pytest.fixture(scope="module")
def begun() -> Iterator[subprocess.Popen]:
    """A process that has imported the program and run a little; for each line it is sent it forks, and answers with the
    exit code of the Python in the line and what that said.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", BEGIN + SERVE], stdin=pipe, stdout=pipe, text=True) as process:
        yield process
        process.communicate()


@pytest.mark.slow
@pytest.mark.subprocess
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere blocks run on threads")
@pytest.mark.parametrize(
    "what",
    [
        pytest.param(EQUAL, id="the flows are those of one process"),
        pytest.param(KILLED, id="what a process did not do is done in the first"),
        pytest.param(REFUSED, id="what no process is granted for is done in the first"),
        pytest.param(REAPED, id="processes that nobody can wait for"),
        pytest.param(FAULTY, id="a fault is raised in the first, and no process is left"),
        pytest.param(BESIDE_A_THREAD, id="beside another thread no process is made"),
    ],
)
def test_processes(what, begun):
    """In a process of its own: the tests' workers have threads."""
    print(json.dumps(what), file=begun.stdin, flush=True)
    code, said = json.loads(begun.stdout.readline())
    assert code == 0, said


@pytest.mark.parametrize(
    ("beside", "ends"),
    [
        pytest.param(0, [6_435, 12_870, 20_000], id="alike"),
        pytest.param(2_500, [5_005, 12_155, 20_000], id="less for the first, which does something else"),
        pytest.param(10**6, [715, 1_430, 20_000], id="a block at least"),
    ],
)
def test_every_process_has_its_share(monkeypatch, beside, ends):
    monkeypatch.setattr(processes, "_may_fork", lambda: True)
    parts = processes.shares(20_000, 715, 3, beside)
    assert [part.stop for part in parts] == ends
    assert [part.start for part in parts] == [0, *ends[:-1]]


def test_few_trials_run_in_one_process(monkeypatch):
    monkeypatch.setattr(processes, "_may_fork", lambda: True)
    assert processes.shares(2 * processes.LEAST - 1, 50, 8) == [range(2 * processes.LEAST - 1)]


PARTS = [range(2), range(2, 5), range(5, 6)]


def year_of(**columns: tuple[list[int], type, int]) -> SentYear:
    kept = [Packed(np.array(values, number), unit) for values, number, unit in columns.values()]
    return SentYear(("asked", "payment"), kept, {name: n for n, name in enumerate(columns)})


def test_a_part_without_a_flow_has_0():
    joined = JoinedYear([year_of(), year_of(asked=([1, 2, 3], np.uint32, 100)), None], PARTS)
    assert joined.packed("asked").fen.tolist() == [0, 0, 100, 200, 300, 0]
    assert joined.packed("asked").values.dtype == np.uint32
    assert joined.packed("payment") is None
    assert list(joined.position) == ["asked"]


def test_parts_kept_in_different_units_are_joined_in_fen():
    years = [
        year_of(asked=([1, 2], np.uint32, 100)),
        year_of(asked=([5, 2**40, 7], np.int64, 1)),
        year_of(asked=([9], np.uint32, 1)),
    ]
    assert JoinedYear(years, PARTS).packed("asked").fen.tolist() == [100, 200, 5, 2**40, 7, 9]


def test_counts_of_different_sizes_are_joined_in_the_larger():
    years = [
        year_of(asked=([1, 2], np.uint16, 1)),
        year_of(asked=([3, 70_000, 5], np.uint32, 1)),
        year_of(asked=([6], np.uint16, 1)),
    ]
    packed = JoinedYear(years, PARTS).packed("asked")
    assert packed.values.tolist() == [1, 2, 3, 70_000, 5, 6] and packed.values.dtype == np.uint32


def test_flows_that_are_the_same_in_every_part_are_the_same_object():
    of_part = year_of(asked=([1, 2], np.uint32, 1))
    of_part.place["payment"] = of_part.place["asked"]
    rest = [
        SentYear(of_part.names, [Packed(np.arange(n, dtype=np.uint32), 1)], {"asked": 0, "payment": 0}) for n in (3, 1)
    ]
    joined = JoinedYear([of_part, *rest], PARTS)
    assert joined.packed("asked") is joined.packed("payment")
