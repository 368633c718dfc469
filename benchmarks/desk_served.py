"""A desk in a process of its own, as people start it."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from earlier import THIS, Build

_CLI = "from changji_sim.cli import main; main()"


@contextmanager
def desk(scenario: str, trials: int, build: Build = THIS) -> Iterator[str]:
    """Start a build's desk, in Chinese; its address. It is stopped in the end.

    Raises:
        RuntimeError: it did not start.
    """
    process = subprocess.Popen(
        [str(build.python), "-c", _CLI, "desk", scenario, "--port", "0", "--trials", str(trials), "--no-open"],
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
        yield address
    finally:
        process.terminate()
        process.wait()
