"""The budget and the caps of the scenarios that ship are, byte for byte, those of commit 2f721a0.

That commit had no counts: the rows ``count:…`` of ``budget.csv`` are left off, the others are compared as they stand.
"""

from __future__ import annotations

from hashlib import sha256

import pytest
from every_day import some_are_slow

from changji_sim.cli import run_cli

KEPT = {  # sha256 of budget.csv and caps.csv: 2,000 trials, seed 0
    "baseline": (
        "22014bb9e7f9b8c015e6cfa2929dc235f7742cb9bbb8ef82bc046ca356a4cda9",
        "1fd67439aa5981fbc46a1b2d831159a851cb950a9ddc2b38e67acfea9cfdb2b8",
    ),
    "growth": (
        "d072d8ea9840fe1ae2fda04b9c004be390fb5f59e37409d6b6624836d70ca055",
        "d6c6499e6fe2182fd10d49018a9497c0c93dde1d6ddb458a2d180b16b515cc0a",
    ),
    "tight_budget": (
        "5f7b77fba514c0e659680a43c9991f0a4888e1dc74414f833f5d9384eea533f1",
        "4723a0a07960e289034748d49a09d3b401896bc0c1ee43731388d08cb7d18b07",
    ),
}
TABLES = ("budget.csv", "caps.csv")


@pytest.mark.parametrize("name", some_are_slow(KEPT, ["baseline"]))
def test_the_files_of_a_run_keep_their_bytes(name, tmp_path):
    """A change that is meant to move numbers says so in its commit and puts the new digests here."""
    assert run_cli(["run", name, "--trials", "2000", "--seed", "0", "-o", str(tmp_path)]) == 0
    found = tuple(sha256(without_counts((tmp_path / table).read_bytes())).hexdigest() for table in TABLES)
    assert found == KEPT[name]


def without_counts(table: bytes) -> bytes:
    """The rows of amounts, byte for byte."""
    return b"".join(line for line in table.splitlines(keepends=True) if b",count:" not in line)
