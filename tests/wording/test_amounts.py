"""Amounts and percentages are printed alike everywhere, halves rounded away from zero as Excel does."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import ROOT

from changji_sim.wording.amounts import decimal, percent, points, rounded, rounded_amount, signed_wan, wan, wan_range


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (8_000.5, "8,001"), (8_001.5, "8,002"), (-8_000.5, "-8,001"), (0.25, "0.3"), (0.35, "0.4"), (1.005, "1.0"),
        (2.675, "2.7"), (9.94, "9.9"), (9.95, "10"), (9.96, "10"), (10.5, "11"), (0, "0"), (-0.0, "0"),
        (0.04, "≈0"), (-0.04, "≈0"), (0.05, "0.1"), (12.4999, "12"), (1e6, "1,000,000"), (1e7 + 0.5, "10,000,001"),
        (math.nan, "–"), (math.inf, "–"), (np.float64(16.5), "17"), (np.int64(3), "3.0"),
    ],
)  # fmt: skip
def test_an_amount(amount, text):
    assert wan(amount) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.165, "17%"), (0.285, "29%"), (0.575, "58%"), (0.145, "15%"), (0.005, "<1%"), (1e-9, "<1%"), (0.0, "0%"),
        (-0.0, "0%"), (0.01, "1%"), (0.015, "2%"), (0.985, "99%"), (0.99, "99%"), (0.995, ">99%"), (1.0, "100%"),
        (math.nan, "–"), (np.float64(0.165), "17%"),
    ],
)  # fmt: skip
def test_a_percentage(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0"), (0.004, "≈0"), (-0.004, "≈0"), (0.005, "+0.01"), (-0.125, "−0.13"), (0.994, "+1.0"), (1.25, "+1.3"),
        (-9.95, "−10"), (8_000.5, "+8,001"), (-8_000.5, "−8,001"), (math.nan, "–"),
    ],
)  # fmt: skip
def test_a_difference(amount, text):
    assert signed_wan(amount) == text


def test_differences_of_probabilities_are_percentage_points():
    shares = (0.1205, -0.1205, 0.0004, -0.0004, 0.0, math.nan)
    assert [points(share) for share in shares] == ["+12.1", "−12.1", "≈0", "≈0", "0", "–"]


def test_a_range_of_nothing_is_nothing():
    assert wan_range(0.0, 0.0) == "0"
    assert wan_range(399.5, 650.5) == "400 – 651"
    assert wan_range(math.nan, math.nan) == "–"
    assert decimal(2.25) == "2.3" and decimal(-0.04) == "0.0" and decimal(1234.565, 2) == "1,234.57"


@given(st.integers(-(10**13), 10**13), st.integers(0, 3))
def test_what_is_rounded_is_the_decimal_number(fen, places):
    """A whole number of fen, as 万元, is rounded as its decimals are, whatever binary fraction stands for it."""
    exact = Decimal(fen) / 1_000_000
    assert rounded(fen / 1e6, places) == exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def test_no_other_place_rounds_what_a_reader_sees():
    """Python's own formats round halves to even: they stand only where a file or a style sheet is written."""
    allowed = {
        "run_files.py",
        "export_buttons.py",
        "workbook_cells.py",
        "html_page.py",
        "notebook_html.py",
        "live_picture.py",
    }
    rooms = ("results", "reports", "views", "desk", "whatif", "wording")
    paths = [path for room in rooms for path in (ROOT / "changji_sim" / room).rglob("*.py")]
    found = {path.name for path in paths if re.search(r"[:,]\.[0-9]+[f%]", path.read_text(encoding="utf-8"))}
    assert found <= allowed


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(1 / 3, "%", "33.3%"), (0.0008667, "%", "0.087%"), (1300 / 3, "万元", "433万元"), (12_345.6, "万元", "12,346万元"),
     (7.25, "万元", "7.3万元"), (-0.0866666, "%", "-8.7%"), (0.0, "%", "0%"), (100.0, "", "100"), (0.096, "", "0.096")],
)  # fmt: skip
def test_what_was_worked_out_is_rounded_for_a_reader(value, unit, said):
    assert rounded_amount(value, unit) == said
