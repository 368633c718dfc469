"""The benchmark beside an earlier commit compares like with like: results first, and no timing here."""

import io
import json
import sys

import pytest
from places import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

import desk_before
import earlier
import readme_table
import register
from desk_moves import SLIDERS


def test_the_register_that_is_timed_is_read_without_a_fault(tmp_path):
    register.make_register(tmp_path / "a.xlsx", 300)
    seconds, total = register.assess_seconds(tmp_path / "a.xlsx", repeats=2)
    assert len(seconds) == 1 and total > 0


@pytest.mark.slow
@pytest.mark.subprocess
def test_the_earlier_commit_gives_the_same_entitlements():
    try:
        with earlier.build_of() as before:
            lines = list(register.register_lines(before, 1, 300, lambda ratios: f"{len(ratios)} ratios"))
    except earlier.NoHistory:
        pytest.skip("a copy without its history")
    assert [line[1] for line in lines] == ["2 ratios"]


def test_a_commit_that_is_not_there_is_said_to_be_missing():
    with pytest.raises(earlier.NoHistory, match="commit 0000000 is not in this copy"), earlier.build_of("0000000"):
        pass


class Mover:
    """A process that answers what it is told to."""

    def __init__(self, *answers: tuple[float, str]):
        self.stdin = io.StringIO()
        self.stdout = io.StringIO("".join(f"{json.dumps(answer)}\n" for answer in answers))

    def wait(self) -> int:
        return 1


def test_moves_count_only_where_both_builds_give_the_same_flows():
    slider = SLIDERS[0]
    taken = desk_before.seconds_of_moves(slider, [Mover((3.0, "a"), (4.0, "b")), Mover((1.0, "a"), (2.0, "b"))], 10, 2)
    assert taken == [[3.0, 1.0], [4.0, 2.0]]
    with pytest.raises(desk_before.Unequal, match="the 400万 limit, move 2: other flows"):
        desk_before.seconds_of_moves(slider, [Mover((3.0, "a"), (4.0, "b")), Mover((1.0, "a"), (2.0, "c"))], 10, 2)
    with pytest.raises(desk_before.Unequal, match="ended with 1"):
        desk_before.seconds_of_moves(slider, [Mover(), Mover()], 10, 2)


def test_the_table_in_the_readme_is_that_of_the_results():
    text = readme_table.README.read_text(encoding="utf-8")
    shown = readme_table.TABLE.search(text)
    assert shown and readme_table.table_of(readme_table.RESULTS.read_text(encoding="utf-8")) in shown[0]
