"""The mode keeps the contract, and gives what was worked by hand."""

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))  # without installing

from innovation_voucher import InnovationVoucher

import changji_sim as cs
from changji_sim.testing import check_support_mode


def test_it_keeps_the_contract():
    report = check_support_mode(InnovationVoucher)
    assert not report.skipped, report


def test_a_share_of_the_bill_to_independent_firms():
    rows = {
        "bill_wan": np.array([10.0, 0.4999, 0.5, 10.0, 10.0]),
        "is_enterprise": np.array([True, True, True, False, True]),
        "is_independent": np.array([1.0, 1.0, 1.0, 1.0, 0.0]),
    }
    applications = cs.Applications(rows, 2026, 5)
    voucher = InnovationVoucher()
    np.testing.assert_allclose(voucher.demand(applications), [4.0, 0.0, 0.2, 0.0, 0.0])
    said = voucher.remarks(applications)
    assert [bool(remark) for remark in said] == [False, True, False, True, True]
    assert voucher.max_applicant_year_wan == 10
