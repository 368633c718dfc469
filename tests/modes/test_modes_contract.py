"""One contract for every mode there is, ours and a stranger's; and a broken mode for every sentence of it."""

from __future__ import annotations

import random

import numpy as np
import param
import pytest
from places import SUPPORT

import changji_sim as cs
from changji_sim.modes.plugin_loading import installed_modes
from changji_sim.testing import check_support_mode

STRANGER = SUPPORT / "first_sale_insurance"
MODES = installed_modes(STRANGER)
TERMS = {
    "grant": [{}, {"first_tranche": 0.6}, {"first_tranche": 0.3, "middle_tranche": 0.3, "max_investment_share": 0.2}],
    "award": [{"amount_wan": 10}, {"tiers": {"first": 10.0, "second": 8.0, "third": 5.0}}],
    "reward_subsidy": [{}, {"rate": 0.0537}, {"basis": "rd_growth", "rate": 0.04, "growth_threshold": 0.1}],
    "service_purchase": [{}, {"first_tranche": 0.7}],
    "grant_to_equity": [{}, {"stages": [1.0]}, {"stages": [0.4, 0.3, 0.2, 0.1], "holding_ceiling": 0.05}],
    "loan_interest_subsidy": [
        {},
        {"max_years": 1, "subsidy_rate": 0.3333},
        {"max_years": 3, "lpr": [["2020-08-01", 0.0385, 0.0465], ["2027-01-01", 0.03, 0.035]]},
    ],
    "insurance_premium_subsidy": [{}, {"ratios": [0.5, 0.4, 0.3]}],
    "first_sale_insurance": [{}, {"max_years": 5}, {"share": 0.5, "yearly_step": 0.0}],
}


@pytest.mark.parametrize("key", MODES)
def test_an_installed_mode_keeps_the_contract(key):
    for terms in TERMS.get(key, [{}]):
        check_support_mode(MODES[key], **terms)


def test_every_form_of_the_measure_is_tried_with_terms_of_its_own():
    assert set(TERMS) <= set(MODES)
    assert len(set(TERMS) - {"first_sale_insurance"}) == 7  # 第三条


class Good(cs.SupportMode):
    """Pays half of a price."""

    key = "good"
    title = "好"
    columns = (cs.Column("price_wan", label="价格"),)
    share = param.Magnitude(0.5)

    def demand(self, applications):
        return self.share * applications.price_wan


class Remembers(Good):
    """Asks more the second time."""

    calls = 0

    def demand(self, applications):
        Remembers.calls += 1
        return applications.price_wan * Remembers.calls


class ChangesInput(Good):
    """Writes into what it was given."""

    def demand(self, applications):
        applications.price_wan[0] = 1.0
        return applications.price_wan * self.share


class ChangesTerms(Good):
    """Turns its own screw."""

    def demand(self, applications):
        self.share = 0.25
        return self.share * applications.price_wan


class DrawsNumpy(Good):
    """Draws, and throws away what it drew."""

    def demand(self, applications):
        np.random.random()
        return self.share * applications.price_wan


class DrawsPython(Good):
    """Draws, and throws away what it drew."""

    def demand(self, applications):
        random.random()
        return self.share * applications.price_wan


class DrawsAnew(Good):
    """Draws from a generator nobody sees."""

    def demand(self, applications):
        return applications.price_wan * np.random.default_rng().random(len(applications))


class KnowsTheBlock(Good):
    """Shares out among the rows of its block."""

    def demand(self, applications):
        return applications.price_wan / max(applications.price_wan.sum(), 1)


class KnowsTheOrder(Good):
    """Gives the first seven rows of seventy more."""

    def demand(self, applications):
        place = np.arange(len(applications)) % 7 == 3
        return applications.price_wan * np.where(place, 0.5, 0.4)


class WrongShape(Good):
    """Gives one sum."""

    def demand(self, applications):
        return np.full(3, applications.price_wan.sum())


class Negative(Good):
    """Asks for less than nothing."""

    def demand(self, applications):
        return -applications.price_wan


class NotFinite(Good):
    """Divides by nothing."""

    def demand(self, applications):
        with np.errstate(all="ignore"):
            return applications.price_wan / 0.0


class AsksNothing(Good):
    """Asks nothing."""

    def demand(self, applications):
        return np.zeros(len(applications))


class WantsMore(Good):
    """Reads a column it does not declare."""

    def demand(self, applications):
        return applications.prize_wan


class AsksRowByRow(Good):
    """Writes a formula as if there were one application."""

    def demand(self, applications):
        return applications.price_wan if applications.price_wan > 1 else 0.0


class DividesByZero(Good):
    """Raises."""

    def payments(self, commitments):
        return [1 / 0]


class FailsOnNothing(Good):
    """Has no answer to an empty table."""

    def demand(self, applications):
        return applications.price_wan * self.share if len(applications) else 0.0


class PaysTooMuch(Good):
    """Pays eleven tenths."""

    def payments(self, commitments):
        return np.array([0.6, 0.5])


class StopsOddly(Good):
    """Stops between the years."""

    def stops(self, commitments):
        return np.full(len(commitments), 1.5)


class RecoversLate(Good):
    """Brings in cash that nobody will ask for."""

    recovery_years = 2

    def recoveries(self, holdings, year):
        return np.full(len(holdings), 1.0)


class SharesBounds(Good):
    """Has a term whose bounds belong to the class."""

    share = param.Magnitude(0.5, per_instance=False)


class NoTitle(Good):
    """Has no title."""

    title = ""


class NoDocstring(Good):
    key = "no_docstring"


class TwoColumns(Good):
    """Declares a column twice."""

    columns = (cs.Column("price_wan"), cs.Column("price_wan"))


class CapOfNothing(Good):
    """Has a cap of a column there is not."""

    caps = (cs.Cap("share", "application", term="share", of="nothing_wan"),)


class CapPerMoon(Good):
    """Has a cap of a kind there is not."""

    caps = (cs.Cap("moon", "moon", term="share"),)


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (Remembers, "in two ways"),
        (ChangesInput, "changes the applications"),
        (ChangesTerms, "changes the terms"),
        (DrawsNumpy, "draws at random"),
        (DrawsPython, "draws at random"),
        (DrawsAnew, "in two ways"),
        (KnowsTheBlock, "must not know each other"),
        (KnowsTheOrder, "another answer|in another order"),
        (WrongShape, "shape"),
        (Negative, "below 0"),
        (NotFinite, "not finite"),
        (AsksNothing, "asks nothing"),
        (WantsMore, "no column 'prize_wan'"),
        (AsksRowByRow, r"demand\(\) raises ValueError: .*; a mode answers for all rows at once: np.where"),
        (DividesByZero, r"payments\(\) raises ZeroDivisionError: division by zero"),
        (FailsOnNothing, "empty table"),
        (PaysTooMuch, "add up to 1.1, not to 1"),
        (StopsOddly, "parts of a year"),
        (RecoversLate, "recovery_years says 2"),
        (SharesBounds, "changed the class"),
        (NoTitle, "no title"),
        (NoDocstring, "no docstring"),
        (TwoColumns, "column twice"),
        (CapOfNothing, "does not declare"),
        (CapPerMoon, "per 'moon'"),
    ],
)
def test_a_broken_mode_is_told_what_is_wrong(broken, sentence):
    with pytest.raises(AssertionError, match=sentence):
        check_support_mode(broken)


def test_a_good_mode_passes():
    check_support_mode(Good, share=0.3)


def test_a_term_that_is_unknown_or_out_of_bounds():
    with pytest.raises(AssertionError, match="no term 'shaer'"):
        check_support_mode(Good, shaer=0.3)
    with pytest.raises(ValueError, match="share"):
        check_support_mode(Good, share=1.3)
