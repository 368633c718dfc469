"""What can be turned, as it stands in a scenario that was changed."""

import pytest

from changji_sim.adjustable import adjustables, reform_of
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
