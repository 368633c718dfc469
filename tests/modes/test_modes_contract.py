"""One contract for every mode there is, ours and a stranger's; and a broken mode for every sentence of it."""

from __future__ import annotations

import random
import re
import sys
import threading
import warnings

import numba
import numpy as np
import param
import pytest
from every_day import some_are_slow
from places import ROOT

import changji_sim as cs
from changji_sim.base.messages import text_of
from changji_sim.modes.contract.contract import CHECKS
from changji_sim.modes.plugin_loading import installed_modes
from changji_sim.testing import check_support_mode, contract_report

STRANGERS = {
    name: installed_modes(ROOT / "examples" / name)[name]
    for name in ("first_sale_insurance", "innovation_voucher", "prize_to_equity")
}
MODES = installed_modes() | STRANGERS
QUICK = ("grant", "service_purchase")  # that `make check` tries
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
    "proportional_subsidy": [{}, {"share": 0.4567}],
    "first_sale_insurance": [{}, {"max_years": 5}, {"share": 0.5, "yearly_step": 0.0}],
    "innovation_voucher": [{}, {"share": 0.25, "smallest_bill_wan": 3.0}],
    "prize_to_equity": [{}, {"prize_wan": 100.0, "holding_ceiling": 0.02}],
}


@pytest.mark.parametrize("key", some_are_slow(MODES, QUICK))
def test_an_installed_mode_passes_every_check(key):
    for terms in TERMS.get(key, [{}]):
        report = check_support_mode(MODES[key], **terms)
        assert (report.ran, report.skipped) == (report.total, ()) and report.total == len(CHECKS)


def test_every_form_of_the_measure_is_tried_with_terms_of_its_own():
    assert set(TERMS) <= set(MODES)
    assert len(set(TERMS) - set(STRANGERS) - {"proportional_subsidy"}) == 7  # 第三条


class Good(cs.SupportMode):
    """Pays half of a price."""

    key = "good"
    title = "好"
    columns = (cs.Column("price_wan", label="价格"),)
    share = param.Magnitude(0.5, label="比例", doc="Share of the price.")

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
        place = np.arange(len(applications)) % 7 == 3  # no row that is asked alone
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


class ExitsOddly(Good):
    """Says one year of its exit, and recovers in another."""

    recovery_years = 2

    def exits(self, commitments):
        return np.full(len(commitments), 1)

    def recoveries(self, holdings, year):
        return holdings.paid_wan[:, -1] * (year - holdings.year == 2)


class RecoversMore(Good):
    """Brings back twice what was paid."""

    recovery_years = 2

    def recoveries(self, holdings, year):
        return np.where(year - holdings.year == 1, 2 * holdings.paid_wan[:, -1], 0.0)


class SharesBounds(Good):
    """Has a term whose bounds belong to the class."""

    share = param.Magnitude(0.5, per_instance=False, label="比例", doc="Share of the price.")


class Undocumented(Good):
    """Has a term that nobody explains."""

    limit = param.Number(3.0)


class WithoutUnit(Good):
    """Has an amount without its unit."""

    limit_wan = param.Number(3.0, bounds=(0, None), label="限额", doc="A limit.")


class NoTitle(Good):
    """Has no title."""

    title = ""


class NoDocstring(Good):
    key = "no_docstring"


class OfTheFuture(Good):
    """Was written for a contract there is not yet."""

    contract = 2


class TakesTooMuch(Good):
    """Wants to be told the year."""

    def demand(self, applications, year):
        return self.share * applications.price_wan


class NoSuchRule(Good):
    """Goes short in a way there is not."""

    when_short = "lottery"


class TwoColumns(Good):
    """Declares a column twice."""

    columns = (cs.Column("price_wan", label="价格"), cs.Column("price_wan", label="价格"))


class NoHeader(Good):
    """Has a column without a header."""

    columns = (cs.Column("price_wan"),)


class WordForColumn(Good):
    """Names a column where it should declare one."""

    columns = ("price_wan",)


class CapOfNothing(Good):
    """Has a cap of a column there is not."""

    caps = (
        *cs.SupportMode.caps,
        cs.Cap("share", "application", term="share", of="nothing_wan"),
    )


class LosesACeiling(Good):
    """Has caps of its own in the place of those of every mode."""

    caps = (cs.Cap("share", "application", term="share", of="price_wan"),)


class CapPerMoon(Good):
    """Has a cap of a kind there is not."""

    caps = (cs.Cap("moon", "moon", term="share"),)


class KnowsTheYears(Good):
    """Takes one year for all otherwise than a year a row."""

    def demand(self, applications):
        return applications.price_wan * (0.5 if np.ndim(applications.year) else 0.4)


class LosesTheLargest(Good):
    """Overflows."""

    def demand(self, applications):
        return np.exp(applications.price_wan / 1e4)


class StumblesOverThree(Good):
    """Is wrong for three rows, which no table made beforehand has."""

    def demand(self, applications):
        return applications.price_wan * (0.4 if len(applications) == 3 else 0.5)


class CannotBePickled(Good):
    """Holds what belongs to this process alone."""

    def __init__(self, **terms):
        super().__init__(**terms)
        self.lock = threading.Lock()


class KeepsOnePlace(Good):
    """Puts its rows where another worker puts its own."""

    both = threading.Barrier(2, timeout=60.0)

    def demand(self, applications):
        KeepsOnePlace.rows = applications.price_wan
        if threading.current_thread() is not threading.main_thread():
            self.both.wait()  # however busy the machine is, the other worker has put its rows there too
        return KeepsOnePlace.rows * self.share


class GoesRowByRow(Good):
    """Is right, and slow."""

    def demand(self, applications):
        asked = np.zeros(len(applications))
        for row in range(len(applications)):
            asked[row] = min(applications.price_wan[row], 20.0) * self.share
        return asked


BROKEN = [
    ("answers", WrongShape, "shape"),
    ("answers", WantsMore, "no column 'prize_wan'"),
    ("answers", AsksRowByRow, r"demand\(\) raises ValueError .*; a mode answers for all rows at once: np.where"),
    ("answers", DividesByZero, r"payments\(\) raises ZeroDivisionError for 60 rows: division by zero"),
    ("bounds", SharesBounds, "changed the class"),
    ("caps", CapOfNothing, "does not declare"),
    ("caps", CapPerMoon, "per is 'moon'"),
    ("caps", LosesACeiling, "holds 'max_application_wan'"),
    ("chance", DrawsNumpy, "draws at random"),
    ("chance", DrawsPython, "draws at random"),
    ("choices", NoSuchRule, "allowed are ranked"),
    ("columns", TwoColumns, "column twice"),
    ("columns", NoHeader, "no label"),
    ("columns", WordForColumn, "'price_wan', which is no Column"),
    ("empty", FailsOnNothing, "empty table"),
    ("finite", NotFinite, "not finite"),
    ("huge", LosesTheLargest, "largest amounts"),
    ("hypothesis", StumblesOverThree, "otherwise one by one.*price_wan"),
    ("identity", NoTitle, "no title"),
    ("identity", NoDocstring, "no docstring"),
    ("inputs", ChangesInput, "changes the applications"),
    ("not_negative", Negative, "below 0"),
    ("offsets", StopsOddly, "parts of a year"),
    ("one_year", KnowsTheYears, "one year for all rows"),
    ("ordinary", AsksNothing, "asks nothing"),
    ("own_terms", ChangesTerms, "changes the terms"),
    ("payments", PaysTooMuch, "add up to 1.1, not to 1"),
    ("pickles", CannotBePickled, "cannot be pickled"),
    ("pure", Remembers, "in two ways"),
    ("pure", DrawsAnew, "in two ways"),
    ("recoveries_end", RecoversLate, "recovery_years says 2"),
    ("recoveries_most", RecoversMore, "recovers_gains"),
    ("recoveries_most", ExitsOddly, "exits"),
    ("row_by_row", KnowsTheBlock, "must not know each other"),
    ("row_order", KnowsTheOrder, "in another order"),
    ("signatures", TakesTooMuch, r"the program calls demand\(self, applications\)"),
    ("speed", GoesRowByRow, "without a loop over rows"),
    ("terms", Undocumented, "label.*doc.*bounds"),
    ("terms", WithoutUnit, "unit"),
    ("version", OfTheFuture, "version 2 of the contract; this program has 1"),
    ("workers", KeepsOnePlace, "two workers"),
]


@pytest.mark.parametrize(("check", "broken", "sentence"), BROKEN, ids=lambda value: getattr(value, "__name__", None))
def test_a_broken_mode_fails_the_check_that_is_about_it(check, broken, sentence):
    report = contract_report(broken)
    reasons = {outcome.name: outcome.reason for outcome in report.failed}
    assert re.search(sentence, reasons.get(check, "")), str(report)
    assert all(outcome.reason for outcome in report.skipped)
    assert all(text_of(outcome.reason, "zh") != outcome.reason for outcome in report.failed), "each has its Chinese"


class Compiled(Good):
    """Is compiled when it is first called, and counts what may be more than an int64 holds."""

    columns = (*Good.columns, cs.Column("pieces", label="件数", kind="whole", bounds=(0, 10**30)))

    def demand(self, applications):
        return _product(applications.price_wan, np.minimum(applications.pieces.astype(np.int64), 9))


@numba.njit
def _product(prices, pieces):
    return prices * pieces / 9


@pytest.mark.slow
def test_a_compiled_mode_is_compiled_before_it_is_measured_and_whole_numbers_are_int64():
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a number beyond int64 would only warn
        report = check_support_mode(Compiled)
    assert report.ran == report.total


def test_every_check_has_a_mode_that_fails_it():
    assert {check for check, _, _ in BROKEN} == {check.name for check in CHECKS}
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def test_in_a_test_every_check_that_fails_is_named_at_once():
    with pytest.raises(AssertionError, match=r"(?s)29 of 29 checks ran.*identity: .*no title.*finite: "):
        check_support_mode(type("Both", (NotFinite,), {"title": "", "__doc__": "Two things are wrong."}))


def test_without_hypothesis_its_check_is_skipped_with_a_reason(monkeypatch):
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    report = check_support_mode(Good)
    (skipped,) = report.skipped
    assert (skipped.name, report.ran) == ("hypothesis", report.total - 1)
    assert "pip install hypothesis" in str(report)


def test_a_good_mode_passes():
    check_support_mode(Good, share=0.3)


def test_a_term_that_is_unknown_or_out_of_bounds():
    with pytest.raises(AssertionError, match="no term 'shaer'"):
        check_support_mode(Good, shaer=0.3)
    with pytest.raises(ValueError, match="share"):
        check_support_mode(Good, share=1.3)
