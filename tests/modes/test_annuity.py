"""等额本息: a loan repaid in equal instalments, as banks usually do, has a subsidy of its own."""

from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from comparing import made_scenario

from changji_sim.assess.assess_applications import assess_file
from changji_sim.modes.plugin_loading import installed_modes
from changji_sim.modes.support_mode import Applications

MODE = installed_modes()["loan_interest_subsidy"]
BULLET, EQUAL_PRINCIPAL, ANNUITY = range(3)


def claims(repayment, principal=100.0, rate=0.036, months=24, start="2026-01-01", **terms):
    """The claims of one loan by calendar year, yuan."""
    day = float((np.datetime64(start) - np.datetime64("1970-01-01")).astype(int))
    columns = {"principal_wan": principal, "annual_rate": rate, "start": day, "months": months, "repayment": repayment}
    mode = MODE(subsidy_rate=0.5, lpr=[["2020-01-01", 0.05, 0.05]], **terms)
    return mode.demand(Applications({name: np.array([float(v)]) for name, v in columns.items()}, 2026, 1))[0] * 10_000


def by_a_bank(principal=1_000_000, rate="0.036", months=24, first=12):
    """Half the interest of the first calendar years, month by month; each instalment to the fen."""
    i = Fraction(rate) / 12
    instalment = round(principal * i * (1 + i) ** months / ((1 + i) ** months - 1) * 100) / Fraction(100)
    left, years = Fraction(principal), [Fraction(0)] * 4
    for month in range(months):
        interest = round(left * i * 100) / Fraction(100)
        years[(12 - first + month) // 12] += interest / 2
        left -= instalment - interest
    return [float(year) for year in years]


def test_it_is_what_a_bank_makes_of_it_to_a_yuan():
    assert claims(ANNUITY) == pytest.approx(by_a_bank(), abs=0.5)
    assert claims(ANNUITY, months=36, max_years=3) == pytest.approx(by_a_bank(months=36), abs=0.5)


def test_it_lies_between_equal_principal_and_a_bullet():
    assert claims(EQUAL_PRINCIPAL)[0] < claims(ANNUITY)[0] < claims(BULLET)[0]


@pytest.mark.parametrize("rate", [0.0, 1e-12])
def test_without_interest_nothing_is_owed_and_nothing_fails(rate):
    assert (claims(ANNUITY, rate=rate) < 1e-3).all()


@pytest.mark.parametrize("months", [1, 12, 59, 360])
def test_each_month_owes_less_and_the_last_instalment_repays_all(months):
    one = np.array([claims(ANNUITY, months=months, max_years=1, start="2026-01-01").sum()])
    exact, i = Fraction(0), Fraction("0.036") / 12
    for month in range(1, min(months, 12) + 1):
        exact += ((1 + i) ** months - (1 + i) ** (month - 1)) / ((1 + i) ** months - 1)
    assert one[0] == pytest.approx(float(exact * i * 1_000_000 / 2), rel=1e-11)


def test_a_register_may_say_so(tmp_path):
    row = {
        "申报编号": "L1", "支持方向": "科技贷款贴息", "申报单位": "甲公司", "申报日期": "2026-03-01",
        "贷款本金（万元）": 100, "年利率": 0.03, "起息日": date(2026, 1, 1), "期限（月）": 24,
    }  # fmt: skip
    amounts = {}
    for repayment in ("到期还本", "等额本金", "等额本息"):
        pd.DataFrame([row | {"还款方式": repayment}]).to_excel(tmp_path / "l.xlsx", index=False)
        frame = assess_file(tmp_path / "l.xlsx", year=2026, out=False).frame
        amounts[repayment] = frame.filter(like="entitlement").iloc[0].sum()
    assert len(set(amounts.values())) == 3 and amounts["等额本金"] < amounts["等额本息"] < amounts["到期还本"]


def test_under_the_reading_for_pilots_alone_other_projects_are_grants_in_tranches(tmp_path):
    plan = {
        "growth": 0,
        "doubt": False,
        "readings": {"equity_scope": "pilots_only"},
        "oversight": {"is_on": False},
        "pools": {"enterprises": {"size": 50}},
        "items": {
            "transfer_project": {
                "guide": {"stages": [0.7, 0.3], "first_tranche": 0.6},
                "assumptions": {
                    "applications": 2,
                    "count": "fixed",
                    "columns": {
                        "requested_wan": {"fixed": 100},
                        "term_years": {"fixed": 2},
                        "milestone_fails": {"fixed": 1},
                        "round_year": {"fixed": 1},
                        "is_pilot": {"fixed": 0},
                    },
                },
            }
        },
    }
    grants = made_scenario(tmp_path, plan).run(3)
    assert (grants.fen("payment", 2026) == 120_000_000).all() and not grants.fen("cancelled", 2027).any()
    assert (grants.fen("payment", 2028) == 200_000_000).all()  # 0.6 of that year's, 0.4 of 2026's on acceptance
    assert not any(grants.fen("recovery", year).any() for year in grants.tail)
    plan["items"]["transfer_project"]["assumptions"]["columns"]["is_pilot"] = {"fixed": 1}
    pilots = made_scenario(tmp_path, plan).run(3)
    assert (pilots.fen("payment", 2026) == 140_000_000).all() and pilots.fen("cancelled", 2027).all()
