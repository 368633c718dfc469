"""Real applications read and assessed: a register of 10,000 rows, by this program and by an earlier commit of it.

As a program, ``register.py FILE``, it assesses the file three times, the first to compile, and prints the CPU seconds
of the others and the sum of entitlements: so an earlier commit is measured in the same way.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from earlier import BEFORE, Build

HERE = Path(__file__).resolve().parent
ROWS = 10_000
REGISTRATIONS = 800
MARK = "虚构示例·"  # in front of every name of the example


def make_register(path: Path, rows: int = ROWS) -> None:
    """Write a workbook with the applications of the example again and again, of other applicants each time."""
    from openpyxl import Workbook, load_workbook

    from changji_sim.assess.assess_applications import EXAMPLE

    head, *given = load_workbook(EXAMPLE, read_only=True).worksheets[0].iter_rows(values_only=True)
    names = [head.index(header) for header in ("申报单位", "所属集团", "平台名称")]
    book = Workbook()
    sheet = book.active
    sheet.title = "申报"
    sheet.append(head)
    for n in range(rows):
        row = list(given[n % len(given)])
        row[0] = f"SL2026-{n + 1:06d}"
        for column in names:
            if row[column]:
                row[column] = row[column].replace(MARK, f"虚构{n // len(given):03d}")
        sheet.append(row)
    for column in (head.index("申报日期"), head.index("起息日")):
        for (cell,) in sheet.iter_rows(min_row=2, min_col=column + 1, max_col=column + 1):
            cell.number_format = "yyyy-mm-dd"
    book.save(path)


def assess_seconds(path: Path, repeats: int = 3) -> tuple[list[float], float]:
    """CPU seconds of each assessment but the first, and the sum of entitlements in 万元."""
    from changji_sim.assess import assess_file

    taken, total = [], 0.0
    for _ in range(repeats):
        start = time.process_time()
        report = assess_file(path, registrations=REGISTRATIONS, out=False)
        taken.append(time.process_time() - start)
        total = round(float(report.frame["entitlement_wan"].sum()), 4)
    return taken[1:], total


def _measured(path: Path, build: Build) -> tuple[list[float], float]:
    """`assess_seconds` in a process of its own."""
    command = [str(build.python), str(HERE / "register.py"), str(path)]
    done = subprocess.run(command, env=build.environment, check=True, capture_output=True, text=True)
    *taken, total = map(float, done.stdout.split())
    return taken, total


def register_lines(
    earlier: Build, pairs: int, rows: int, spread: Callable[..., str]
) -> Iterator[tuple[str, str, str, str]]:
    """The line of the table; both give the same entitlements, or it raises ValueError."""
    what = f"{rows:,} applications read and assessed ÷ commit {BEFORE}"
    this = Build(Path(sys.executable), dict(os.environ))
    with tempfile.TemporaryDirectory() as name:
        register = Path(name) / "register.xlsx"
        make_register(register, rows)
        ours, theirs = [], []
        for _ in range(pairs):
            now, total = _measured(register, this)
            then, before = _measured(register, earlier)
            if total != before:
                raise ValueError(f"{what}: entitlements of {total:,} 万元, {before:,} before")
            ours += now
            theirs += then
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    how = f"CPU time, {statistics.median(ours):.2f} s and {statistics.median(theirs):.2f} s; the same entitlements"
    yield what, spread(ratios), "≤ 1/3", how


if __name__ == "__main__":
    seconds, sum_wan = assess_seconds(Path(sys.argv[1]))
    print(*seconds, sum_wan)
