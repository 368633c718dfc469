"""Rows alike in some columns: every row's kind has the row's values, and no two kinds are the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import changji_sim as cs

NUMBERS = np.random.default_rng(1)


def check(columns: list, rows: int) -> int:
    values, kind = cs.alike(*columns)
    assert kind.shape == (rows,)
    for column, of_kind in zip(columns, values, strict=True):
        assert np.array_equal(of_kind[kind], np.broadcast_to(column, rows))
    assert len(set(zip(*(of_kind.tolist() for of_kind in values), strict=True))) == len(values[0])
    assert set(kind.tolist()) == set(range(len(values[0])))
    return len(values[0])


@given(st.lists(st.tuples(*[st.integers(-3, 3)] * 6), min_size=1, max_size=60), st.integers(1, 6))
def test_kinds_are_the_different_rows(rows, width):
    columns = [np.array(column, float) for column in zip(*rows, strict=True)][:width]
    assert check(columns, len(rows)) == len({row[:width] for row in rows})


@pytest.mark.parametrize("kinds", [1, 1023, 1024, 1025, 30_000])
def test_as_many_kinds_as_rows(kinds):
    assert check([NUMBERS.permutation(kinds) / 7], kinds) == kinds


def test_whole_numbers_lent_columns_and_one_value_for_all():
    days, years = NUMBERS.integers(0, 9, 500), NUMBERS.integers(2026, 2030, 500).astype(float)
    days.flags.writeable = False
    assert check([days, years, 2026, np.broadcast_to(3.0, 500)], 500) == len(set(zip(days, years, strict=True)))


def test_nobody():
    values, kind = cs.alike(np.empty(0), 2026)
    assert [len(of_kind) for of_kind in values] == [0, 0] and len(kind) == 0
