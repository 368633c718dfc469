"""The mode keeps the contract, and gives what was worked by hand."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))  # without installing

from first_sale_insurance import FirstSaleInsurance

import changji_sim as cs
from changji_sim.testing import check_support_mode


def test_it_keeps_the_contract():
    report = check_support_mode(FirstSaleInsurance)
    assert not report.skipped, report


def test_a_share_that_falls_is_promised_and_paid_year_by_year():
    mode = FirstSaleInsurance()  # 80%, 60% and 40% of the premium
    applications = cs.Applications({"first_premium_wan": np.array([10.0])}, 2026, 1)
    np.testing.assert_allclose(mode.demand(applications), [18.0])
    np.testing.assert_allclose(mode.payments(applications) * 18.0, [8.0, 6.0, 4.0])
    np.testing.assert_allclose(FirstSaleInsurance(share=0.3, max_years=5).shares(), [0.3, 0.1, 0, 0, 0])
    np.testing.assert_allclose(FirstSaleInsurance(share=0.0).payments(applications), [1.0])
