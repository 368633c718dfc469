"""What a change moves besides what it is about: nothing where nothing is shared, and every way with its money."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest
from running import run_of

import changji_sim as cs
from changji_sim.base.faults import FaultyInput
from changji_sim.scenario_file.draft import Draft
from changji_sim.whatif.side_effects import WAYS, ripple_sentences, side_effects

TRIALS, SEED = 1_000, 3
ALONE = "envelopes: {total: none}\noversight: {is_on: false}"
SETTINGS = {
    "alone": ALONE,
    "unlimited": "envelopes: {total: none}",
    "no oversight": "oversight: {is_on: false}",
    "as it is": "",
    "applying again": "items: {commissioner: {assumptions: {reapply: 0.9}}}\noversight: {is_on: false}",
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The baseline in some other settings, with 400万 and with 500万 for exchange events."""
    folder = tmp_path_factory.mktemp("ripples")

    @cache
    def pair(name):
        path = folder / f"{name.replace(' ', '_')}.yaml"
        path.write_text(f"extends: baseline\nname: {path.stem}\n{SETTINGS[name]}\n", encoding="utf-8")
        scenario = cs.load_scenario(path)
        return scenario.run(TRIALS, SEED), scenario.run(TRIALS, SEED, reform="exchange-500")

    return pair


def moved_flows(before, after):
    """Item -> flows that differ in any trial of any year."""
    one, other = before.run.flows, after.run.flows
    found = {}
    for item, year, flow in {*one.keys(), *other.keys()}:
        if not np.array_equal(one.fen(item, year, flow), other.fen(item, year, flow)):
            found.setdefault(item, set()).add(flow)
    return found


@pytest.mark.slow
def test_without_envelopes_and_oversight_a_reform_moves_one_item_alone(runs):
    """400万 to 500万, and not a fen of any other item in any trial of any year."""
    before, after = runs("alone")
    flows = moved_flows(before, after)
    assert set(flows) == {"exchange"}
    money = {"cut:item_year_max", "entitlement", "commitment", "due", "need", "payment"}
    assert flows["exchange"] == money | {
        f"count:{of}" for of in ("entitled", "funded", "funded_applicants", "contracts")
    }
    assert ripple_sentences(before, after) == ["变动只在科技交流活动。其余17个方向在每一次模拟中都恰好相差0。"]


@pytest.mark.slow
def test_with_oversight_whoever_is_barred_carries_it_on(runs):
    before, after = runs("unlimited")
    frame = side_effects(before, after)
    assert set(frame["item"]) == set(moved_flows(before, after)) > {"exchange"}
    assert set(frame.ways[~frame.is_meant]) == {"barred"}
    lead, why = ripple_sentences(before, after)
    assert f"还牵动{len(frame) - 1}个方向" in lead and f"其余{18 - len(frame)}个方向" in lead
    assert "暂停申报" in why and "第十八条（四）" in why


@pytest.mark.slow
def test_with_envelopes_projects_behind_it_give_way(runs):
    before, after = runs("no oversight")
    frame = side_effects(before, after)
    assert set(frame.ways[~frame.is_meant]) == {"envelope"}
    assert (frame.set_index("item").difference_wan[["core_technology", "transfer_project", "local_linkage"]] < 0).all()
    others = frame["item"][~frame.is_meant]
    lost = sum(
        (after.fen("unfunded", year, item) - before.fen("unfunded", year, item)).mean() / 1e6 / len(before.years)
        for year in before.years for item in others
    )  # fmt: skip
    (_, why) = ripple_sentences(before, after, "en")
    assert "Art. 14" in why and f"together +{lost:,.0f}万元" in why


@pytest.mark.slow
def test_every_item_that_moves_is_told_and_every_way_has_its_sentence(runs):
    before, after = runs("as it is")
    frame, flows = side_effects(before, after), moved_flows(before, after)
    assert set(frame["item"]) == set(flows)
    assert list(frame["item"][frame.is_meant]) == ["exchange"]
    for row in frame[~frame.is_meant].itertuples():
        assert set(row.ways.split(",")) <= set(WAYS)
        assert ("barred" in row.ways) == ("ineligible" in flows[row.item])
    ways = {way for ways in frame.ways[~frame.is_meant] for way in ways.split(",")}
    assert ways == {"envelope", "barred"}
    chinese, english = (ripple_sentences(before, after, language) for language in ("zh", "en"))
    assert len(chinese) == len(english) == 1 + len(ways)
    assert not re.search(r"[A-Za-z]", "".join(chinese))
    assert not re.search(r"[\u4e00-\u9fff]", "".join(english).replace("万元", ""))


@pytest.mark.slow
def test_who_got_nothing_applies_again(runs):
    frame = side_effects(*runs("applying again")).set_index("item")
    assert frame.ways["commissioner"] == "envelope,again"
    assert any("再申报" in sentence for sentence in ripple_sentences(*runs("applying again")))


@pytest.mark.slow
def test_a_change_of_the_whole_is_about_every_item():
    """Named are the items that were changed themselves, then the others, the largest move first; all are counted."""
    draft = Draft("baseline")
    before = run_of(draft.original, 100, SEED)
    after = run_of(draft.scenario({"growth": 0.2, "items.exchange.guide.max_item_year_wan": 300}), 100, SEED)
    frame = side_effects(before, after)
    assert frame.is_meant.all()
    others = frame[frame["item"] != "exchange"].set_index("title").difference_wan.abs()
    largest = list(others.sort_values(ascending=False, kind="stable").index[:2])
    lead = ripple_sentences(before, after)[0]
    assert lead.startswith(f"变动在科技交流活动、{'、'.join(largest)}等{len(frame)}个方向。")
    assert f"and {len(frame) - 3} more" in ripple_sentences(before, after, "en")[0]


def test_nothing_changed_and_other_futures():
    result = cs.load_scenario("baseline").run(100, SEED)
    assert side_effects(result, result).empty
    assert ripple_sentences(result, result, "en") == ["Nothing changed: exactly 0 in every trial."]
    with pytest.raises(FaultyInput, match="same seed"):
        side_effects(result, cs.load_scenario("baseline").run(100, SEED + 1))
