"""The most memory that a process and those it starts hold together: pages they share are counted once.

As a program, ``watch_memory.py NUMBER`` looks at a process again and again until something is written to it; then it
prints how many bytes that was. It is a process of its own, since a run beside a thread starts none.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

OFTEN = 0.003  # seconds


@contextmanager
def most_held() -> Iterator[Callable[[], int]]:
    """Watch this process; the function says the most bytes since, and ends it. 0 where the system does not say."""
    command = [sys.executable, __file__, str(os.getpid())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as watcher:
        assert watcher.stdin is not None and watcher.stdout is not None
        watcher.stdout.readline()
        yield lambda: int(watcher.communicate("\n")[0])


def held(number: int) -> int:
    """Bytes that a process holds, of pages that it shares with others a part."""
    try:
        lines = Path(f"/proc/{number}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _together(number: int) -> int:
    try:
        children = Path(f"/proc/{number}/task/{number}/children").read_text(encoding="ascii").split()
    except OSError:
        children = []
    return held(number) + sum(held(int(child)) for child in children if int(child) != os.getpid())


def watch(number: int) -> int:
    """The most bytes until a line can be read."""
    most = 0
    print("looks", flush=True)
    while not select.select([sys.stdin], [], [], OFTEN)[0]:
        most = max(most, _together(number))
    return most


if __name__ == "__main__":
    print(watch(int(sys.argv[1])))
