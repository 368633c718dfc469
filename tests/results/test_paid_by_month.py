"""Payments by month: worked by hand from a register, adding up to the year's payments, changing no sum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from comparing import write_scenario
from every_rule import BUSY
from few_items import few_items

import changji_sim as cs
from changji_sim.base.faults import FaultyInput
from changji_sim.reports.execution_sentences import month_sentences
from changji_sim.results.paid_by_month import COLUMNS, paid_by_month, paid_fen
from changji_sim.scenario.payment_months import PaymentMonths

MONTHS = {"lag": 2, "ranked": 6, "carried": 11}
REGISTER = """申报编号,支持方向,申报单位,申报日期,技术交易额（万元）,是否落地昌吉
1,技术交易补助,甲厂,2026-01-15,200,是
2,技术交易补助,乙厂,2026-03-31,300,是
3,技术交易补助,丙厂,2026-12-01,100,是
"""


def by_hand(folder, **months):
    """In 2026 contracts of 200, 300 and 100, of which 2, 3 and 1 are paid; two projects a year of 100, 60 at once."""
    (folder / "register.csv").write_text(REGISTER, encoding="utf-8")
    columns = {"total_investment_wan": {"fixed": 1000}, "requested_wan": {"fixed": 100}, "term_years": {"fixed": 1}}
    common = {"count": "fixed", "growth": 0, "quality_pass": 1, "economy_elasticity": 0, "columns": columns}
    items = {
        "core_technology": {"guide": {"first_tranche": 0.6}, "assumptions": {"applications": 2, **common}},
        "technology_trade": {"assumptions": {"applications": 0, "registers": {2026: "register.csv"}}},
    }
    data = {
        "extends": "baseline", "doubt": False, "oversight": {"is_on": False}, "items": items,
        "envelopes": {"total": {"value": 1000, "growth": 0}}, "payment_months": MONTHS | months,
    }  # fmt: skip
    return few_items(cs.load_scenario(write_scenario(folder, data, "months")), items).run(2, 1)


def test_months_worked_by_hand(tmp_path):
    """Contracts are paid two months after they come: in March, in May, and, as a payment of the year, in December;
    first payments of the projects, 120, in June, what was promised the year before, 80, in November.
    """
    frame = paid_by_month(by_hand(tmp_path)).set_index(["year", "month"])
    assert list(frame.paid_wan[2026]) == [0, 0, 2, 2, 5, 125, 125, 125, 125, 125, 125, 126]
    assert list(frame.paid_wan[2027]) == [0] * 5 + [120] * 5 + [200] * 2
    assert frame.rate[2026, 6] == 0.125 and frame.elapsed[2026, 6] == 0.5
    assert frame.probability_behind[2026, 6] == 1
    first = list(map(str, month_sentences(by_hand(tmp_path))))
    assert "by the end of June 13% of 2026's envelope are paid on average, where 50%" in first[0]
    assert "at the end of month 12: 13% against 100%" in first[1]


def test_an_item_has_a_month_of_its_own(tmp_path):
    frame = paid_by_month(by_hand(tmp_path, by_item={"technology_trade": 4, "core_technology": 1}))
    assert list(frame.paid_wan[frame.year == 2026]) == [120] * 3 + [126] * 9


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    return cs.load_scenario(write_scenario(tmp_path_factory.mktemp("busy"), BUSY, "busy"))


def test_months_rise_to_the_payment_of_the_year_in_every_trial(busy):
    result = cs.Scenario.of(replace(busy, payment_months=PaymentMonths(5, 9, 11))).run(40, 3)
    for y, year in enumerate(result.years):
        for item in result.scenario.items:
            paid = paid_fen(result, item, y)
            assert np.all(np.diff(paid, axis=0) >= 0) and paid.min() >= 0
            assert np.array_equal(paid[-1], result.fen("payment", year, item.key))
    assert list(paid_by_month(result)) == list(COLUMNS)
    assert result.budget().equals(busy.run(40, 3).budget())


def test_without_months_nothing_is_made_up(busy):
    result = cs.Scenario.of(replace(busy, payment_months=None)).run(2, 1)
    with pytest.raises(FaultyInput, match="payment_months"):
        paid_by_month(result)
    assert "says no 'payment_months'" in next(iter(month_sentences(result)))


def test_faults_of_the_months_are_named_together(tmp_path):
    data = {
        "extends": "baseline",
        "payment_months": {"lag": 12, "ranked": 6.5, "carryed": 3, "by_item": {"exchagne": 3}},
    }
    with pytest.raises(FaultyInput) as found:
        cs.load_scenario(write_scenario(tmp_path, data, "faulty"))
    said = str(found.value)
    assert all(part in said for part in ("lag", "ranked", "'carryed'", "'exchagne'")), said
