"""What can be turned, as it stands in a scenario that was changed."""

import pytest

from changji_sim.adjustable import adjustables, reform_of
from changji_sim.base.faults import FaultyInput
from changji_sim.desk.state.settings import Settings
from changji_sim.scenario_file.draft import Draft, with_changes
from changji_sim.scenario_file.save import changed_text


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


BY_YEAR = """\
name: plan
title: 方案
extends: baseline
items:
  exchange: {guide: {max_item_year_wan: {2028: 300}}}
  special_case: {guide: {places: {2027: 5}}}
  core_technology: {guide: {first_tranche: {value: {2026: 0.6, 2027: 0.5}, source: 指南, mark: A}}}
  transfer_project: {guide: {max_application_wan: {2028: 200}}}
envelopes: {categories: {environment: {share: {2026: 0.3, 2028: 0.2}}}}
"""


@pytest.fixture(scope="module")
def by_year(tmp_path_factory):
    path = tmp_path_factory.mktemp("by_year") / "plan.yaml"
    path.write_text(BY_YEAR, encoding="utf-8")
    return Draft(path)


def named(draft, scenario=None, **changes):
    return {one.key: one for one in adjustables(draft, scenario, with_changes(draft.data, changes.get("changes", {})))}


def test_a_guides_term_given_by_year_has_one_control_a_year(by_year):
    found = named(by_year)
    values = {key: one.value for key, one in found.items() if key.startswith("exchange.max_item_year_wan")}
    assert values == {"exchange.max_item_year_wan.2026": 400, "exchange.max_item_year_wan.2028": 300}
    assert found["exchange.max_item_year_wan.2028"].law == 400
    assert found["core_technology.first_tranche.2027"].source == "指南"
    assert [found[f"transfer_project.max_application_wan.{year}"].value for year in (2026, 2027, 2028)] == [
        500,
        500,
        200,
    ]
    assert [found[f"special_case.places.{year}"].value for year in (2026, 2027)] == [7, 5]
    assert found["envelopes.categories.environment.share.2028"].value == 0.2


@pytest.mark.parametrize(
    ("key", "value", "term", "then"),
    [
        ("exchange.max_item_year_wan.2028", 250, "max_item_year_wan", [400, 400, 250, 250]),
        ("exchange.max_item_year_wan.2026", 350, "max_item_year_wan", [350, 350, 300, 300]),
        ("core_technology.first_tranche.2027", 0.4, "first_tranche", [0.6, 0.4, 0.4, 0.4]),
        ("transfer_project.max_application_wan.2028", 150, "max_application_wan", [500, 500, 150, 150]),
        ("transfer_project.max_application_wan.2027", 300, "max_application_wan", [500, 300, 200, 200]),
    ],
)
def test_turning_one_year_leaves_the_others(by_year, key, value, term, then):
    one = named(by_year)[key]
    changes = Settings("plan").with_value(one, value).changes
    scenario = by_year.scenario(changes)
    item = next(item for item in scenario.items if item.key == one.group)
    assert [getattr(item.modes[year], term) for year in scenario.years] == then
    assert named(by_year, scenario, changes=changes)[key].value == value
    assert Settings("plan").with_value(one, value).without(one).changes == {}


def test_what_is_turned_in_one_year_is_saved_in_the_shape_of_the_file(by_year):
    one = named(by_year)["exchange.max_item_year_wan.2028"]
    text = changed_text(by_year.path, BY_YEAR, Settings("plan").with_value(one, 250, is_reforming=True).changes)
    assert text == BY_YEAR.replace("2028: 300", "2028: 250")
