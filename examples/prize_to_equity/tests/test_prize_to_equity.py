"""The mode keeps the contract, and gives what was worked by hand."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))  # without installing

from prize_to_equity import PrizeToEquity

import changji_sim as cs
from changji_sim.testing import check_support_mode


def test_it_keeps_the_contract():
    report = check_support_mode(PrizeToEquity)
    assert not report.skipped, report


def test_a_prize_is_a_stake_that_is_sold():
    mode = PrizeToEquity()
    rows = {
        "is_enterprise": np.array([True, True, False, True]),
        "valuation_wan": np.array([1000.0, 100.0, 1000.0, 1000.0]),
        "exit_after_years": np.array([3.0, 3.0, 3.0, 5.0]),
        "exit_value_wan": np.array([2000.0, 500.0, 2000.0, 2000.0]),
    }
    np.testing.assert_allclose(mode.demand(cs.Applications(rows, 2026, 4)), 20.0)
    np.testing.assert_array_equal(mode.exits(cs.Commitments(rows, 2026, 4)), [3, 3, cs.NEVER, 5])
    held = rows | {"paid_wan": np.full((4, 7), 20.0), "ended": np.full(4, cs.NEVER)}
    # 20 of 1000 is 2% of 2000; 20 of 100 would be a fifth, but a tenth of 500 is the most
    np.testing.assert_allclose(mode.recoveries(cs.Holdings(held, 2026, 4), 2029), [40.0, 50.0, 0.0, 0.0])
    ended = held | {"ended": np.array([3, cs.NEVER, cs.NEVER, cs.NEVER])}  # clawed back before it is sold
    np.testing.assert_allclose(mode.recoveries(cs.Holdings(ended, 2026, 4), 2029), [0.0, 50.0, 0.0, 0.0])
