"""What can be turned, as it stands in a scenario that was changed."""

import pytest

from changji_sim.adjustable import adjustables, reform_of
from changji_sim.base.faults import FaultyInput
from changji_sim.scenario_file.draft import Draft


@pytest.fixture(scope="module")
def draft():
    return Draft("baseline")


@pytest.mark.slow
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


TIERS = (
    "items: {contest: {assumptions: {tiers: {first: {value: 1, source: 去年实际, mark: B}, second: 2, third: 3}}}}\n"
)


def test_the_number_of_a_tier_may_stand_beside_its_source(tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text(f"name: plan\ntitle: 方案\nextends: baseline\n{TIERS}", encoding="utf-8")
    draft = Draft(plan)
    first, second, _ = [one for one in adjustables(draft) if one.path.startswith("items.contest.assumptions.tiers.")]
    assert (first.value, first.source, first.mark) == (1, "去年实际", "B")
    assert (second.value, second.source) == (2, "")
    now = draft.scenario(first.change(4) | second.change(5))
    (contest,) = (item for item in now.items if item.key == "contest")
    assert contest.tiers == (("first", 4), ("second", 5), ("third", 3))
    assert now.raw["items"]["contest"]["assumptions"]["tiers"] == {"first": {"value": 4}, "second": 5, "third": 3}
