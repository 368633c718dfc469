"""A desk in a process of its own, as people start it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_CLI = "from changji_sim.cli import main; main()"


@contextmanager
def desk(scenario: str, trials: int) -> Iterator[str]:
    """Start it; its address. It is stopped in the end.

    Raises:
        RuntimeError: it did not start.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", _CLI, "desk", scenario, "--port", "0", "--trials", str(trials), "--no-open"],
        env={**os.environ, "PYTHONUNBUFFERED": "1", "CHANGJI_LANGUAGE": "zh"},  # sliders are found by their titles
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
