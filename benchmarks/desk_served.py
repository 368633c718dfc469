"""A desk in a process of its own, as people start it."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import psutil
from earlier import THIS, Build

_CLI = "from changji_sim.cli import main; main()"


class Served(NamedTuple):
    """A desk that is being served: its address, and its process."""

    address: str
    process: psutil.Process

    def milliseconds(self) -> float:
        """CPU time that the desk has taken."""
        return _milliseconds([self.process])

    def milliseconds_of_browsers(self) -> float:
        """CPU time that the browsers have taken which this process has started."""
        started = [child for child in psutil.Process().children() if child.pid != self.process.pid]
        return _milliseconds([*started, *(below for child in started for below in _below(child))])


def _below(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return process.children(recursive=True)
    return []


def _milliseconds(processes: Iterable[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += 1000 * (times.user + times.system)
    return total


@contextmanager
def desk(scenario: str, trials: int, build: Build = THIS, processes: int = 1) -> Iterator[Served]:
    """Start a build's desk, in Chinese. It is stopped in the end. Earlier builds have one process.

    Raises:
        RuntimeError: it did not start.
    """
    several = ["--processes", str(processes)] if processes > 1 else []
    arguments = ["desk", scenario, "--port", "0", "--trials", str(trials), "--no-open", *several]
    process = subprocess.Popen(
        [str(build.python), "-c", _CLI, *arguments],
        env={**build.environment, "PYTHONUNBUFFERED": "1", "CHANGJI_LANGUAGE": "zh"},  # of the sliders' titles
        cwd=build.python.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        address, said = "", []
        for line in process.stdout:
            said.append(line)
            if found := re.search(r"http://localhost:\d+/", line):
                address = found[0]
                break
        if not address:
            raise RuntimeError("the desk did not start:\n" + "".join(said))
        threading.Thread(target=process.stdout.read, daemon=True).start()  # or it would wait for somebody to listen
        yield Served(address, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait()
