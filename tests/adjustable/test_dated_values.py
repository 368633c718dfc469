"""What has no slider of its own in a file: a number for one year, the order of priority, an envelope, a range."""

import pytest

import changji_sim as cs
from changji_sim.adjustable import adjustables
from changji_sim.adjustable.dated_values import can_be_dated, in_year, split_by_year
from changji_sim.adjustable.set_values import with_values
from changji_sim.base.faults import FaultyInput
from changji_sim.desk.state.settings import Settings
from changji_sim.scenario_file.draft import Draft


@pytest.fixture(scope="module")
def baseline():
    return cs.load_scenario("baseline")


@pytest.fixture(scope="module")
def draft():
    return Draft("baseline")


@pytest.fixture(scope="module")
def every(draft):
    return {one.key: one for one in adjustables(draft)}


def test_every_parameter_that_can_be_given_by_year_is_read_so_and_means_the_same(draft, every):
    dated = [one for one in every.values() if can_be_dated(one)]
    assert len(dated) > 80 and {"envelopes.total", "growth", "exchange.applications"} <= {one.key for one in dated}
    changes = {path: value for one in dated for path, value in split_by_year(one, draft.original).items()}
    split = draft.scenario(changes)
    found = {one.key: one for one in adjustables(draft, split, split.raw)}
    for one in dated:
        assert [found[f"{one.key}.{year}"].value for year in split.years] == [
            in_year(one, year, draft.original).value for year in split.years
        ]
    assert split.envelopes == draft.original.envelopes
    same = zip(split.items, draft.original.items, strict=True)
    assert all([now.modes[y] == was.modes[y] or now.caps[y] == was.caps[y] for y in split.years] for now, was in same)
    assert all(now.applications.at(y) == was.applications.at(y) for now, was in same for y in split.years)


def test_a_year_behind_a_name_sets_that_year_alone(baseline):
    now = with_values(baseline, {"envelopes.total.2028": 9000, "总额度.2027": "-10%"})
    was = baseline.envelopes.total_wan
    assert now.envelopes.total_wan == {**was, 2027: was[2027] * 0.9, 2028: 9000}
    now = with_values(baseline, {"exchange.max_item_year_wan.2027": 350, "exchange.applications.2029": "+5"})
    item, before = (next(one for one in of.items if one.key == "exchange") for of in (now, baseline))
    assert [item.modes[year].max_item_year_wan for year in now.years] == [400, 350, 400, 400]
    assert item.applications.at(2029) == before.applications.at(2029) + 5
    assert (item.applications.low, item.applications.high) == (before.applications.low, before.applications.high)
    for name, value, said in (
        ("exchange.applications.2028", 100_000, "can be set"),
        ("envelopes.total.2035", 1, "no adjustable parameter"),
        ("exchange.max_item_year_wan.2027", 500, "beyond|400"),
    ):
        with pytest.raises(FaultyInput, match=said):
            with_values(baseline, {name: value})


def test_the_order_of_priority_is_set_by_those_that_come_first(baseline):
    order = [item.key for item in baseline.items]
    last, other = order[-1], order[3]
    now = with_values(baseline, {"priority": f"{last}、{other}"})
    assert [item.key for item in now.items] == [last, other, *(key for key in order if key not in (last, other))]
    title = next(item.title for item in baseline.items if item.key == last)
    assert with_values(baseline, {"安排的优先顺序": [title]}).items[0].key == last
    for wrong in ("nothing", f"{last},{last}"):
        with pytest.raises(FaultyInput, match=r"is no item here|stands twice"):
            with_values(baseline, {"priority": wrong})


def test_a_category_without_an_envelope_can_be_given_one(baseline, draft, every):
    one = every["envelopes.categories.industry"]
    assert one.value is None and one.parameter.bounds[1] == min(baseline.envelopes.total_wan.values())
    now = with_values(baseline, {one.key: 1500})
    assert now.envelopes.category_wan["industry"] == dict.fromkeys(baseline.years, 1500)
    with pytest.raises(FaultyInput):
        with_values(baseline, {one.key: 1_000_000})
    settings = Settings("baseline").with_value(one, 1500)
    assert draft.scenario(settings.changes).envelopes.category_wan["industry"][2026] == 1500
    assert settings.without(one).changes == {}


def test_each_end_of_what_is_thinkable_can_be_set_alone(baseline, every):
    low, high = every["exchange.applications.low"], every["exchange.applications.high"]
    centre = every["exchange.applications"]
    assert (low.value, high.value) == centre.doubt
    now = with_values(baseline, {high.key: high.value + 10})
    applications = next(item for item in now.items if item.key == "exchange").applications
    assert (applications.low, applications.high) == (low.value, high.value + 10)
    assert applications.at(2026) == centre.value
    both = with_values(baseline, {low.key: 20, high.key: 90, centre.key: 60})
    applications = next(item for item in both.items if item.key == "exchange").applications
    assert (applications.low, applications.at(2026), applications.high) == (20, 60, 90)
    settings = Settings("baseline").with_value(centre, 60).with_value(high, 90).with_value(low, 20)
    assert settings.changes[centre.path] == {"value": 60, "range": [20, 90]}
    for key, value in ((low.key, centre.value + 1), (high.key, centre.value - 1)):
        with pytest.raises(FaultyInput, match="does not contain the value"):
            with_values(baseline, {key: value})
