"""What can be turned, as it stands in a scenario that was changed."""

import pytest

from changji_sim.adjustable import adjustables, reform_of
from changji_sim.faults import FaultyInput
from changji_sim.scenario_file.draft import Draft


@pytest.fixture(scope="module")
def draft():
    return Draft("baseline")


@pytest.mark.parametrize("value", [60, 30])
def test_an_amount_the_law_fixes_is_what_a_reform_makes_of_it(draft, value):
    """The desk reads everything anew after each change, also while a reform is being tried."""
    (term,) = (one for one in adjustables(draft) if one.key == "regional_platform.tiers.social")
    assert term.is_fixed and term.value == term.law == 50
    scenario = draft.scenario({}, reform_of({(term.group, term.law_term): value}, draft.law))
    (now,) = (one for one in adjustables(draft, scenario) if one.key == term.key)
    assert (now.value, now.law) == (value, 50)
    assert now.parameter.bounds == (value, value)


@pytest.mark.parametrize(
    "term",
    [
        ("exchange", "max_item_year_wan, value: 999, from: 2026} #"),
        ("exchange, term: max_item_year_wan, value: 999, from: 2026} #", "x"),
        ("nothing", "max_item_year_wan"),
    ],
)
def test_a_reform_is_made_of_the_laws_own_words(draft, term):
    with pytest.raises(FaultyInput, match="the law fixes no"):
        reform_of({term: 450}, draft.law)


@pytest.mark.parametrize("path", ["items.²", "²", "items." + "9" * 5000])
def test_the_path_of_a_change_that_is_no_number_is_a_name(draft, path):
    with pytest.raises(FaultyInput):
        draft.scenario({path: 5})
