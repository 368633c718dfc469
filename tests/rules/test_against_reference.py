"""The kernel against the independent reference: not one fen apart, in any flow of any item, year and trial."""

from __future__ import annotations

from dataclasses import replace

import pytest
from comparing import booked, changed, differences, made_scenario
from every_rule import BUSY, EVERY_DAY, OPENINGS, OPENINGS_EVERY_DAY, TRANCHED, VARIANTS

from changji_sim import load_scenario

PARTS = ((0, 3), (3, 70), (70, 135), (135, 200))  # of 200 trials; `make check` compares the first
VARIANT_TRIALS = 15
FIRST = 3  # trials that `make check` compares, of the variants of every day


@pytest.mark.parametrize("name", ["baseline", "tight_budget", "growth"])
@pytest.mark.parametrize(
    ("first", "last"), [PARTS[0], *(pytest.param(*part, marks=pytest.mark.slow) for part in PARTS[1:])]
)
def test_two_hundred_trials_of_a_shipped_scenario(name, first, last):
    assert differences(load_scenario(name), last, seed=2026, first=first) == []


def test_the_parts_are_two_hundred_trials():
    assert [trial for part in PARTS for trial in range(*part)] == list(range(200))


def in_parts(names, every_day):
    """The first trials of each, and the others."""
    return [
        pytest.param(name, first, last, marks=pytest.mark.slow if first or name not in every_day else [])
        for name in names
        for first, last in ((0, FIRST), (FIRST, VARIANT_TRIALS))
    ]


@pytest.mark.parametrize(("variant", "first", "last"), in_parts(VARIANTS, EVERY_DAY))
def test_a_variant(variant, first, last, tmp_path):
    scenario = made_scenario(tmp_path, changed(BUSY, VARIANTS[variant]))
    assert differences(scenario, last, seed=3, first=first) == []


@pytest.mark.parametrize(("name", "first", "last"), in_parts(OPENINGS, OPENINGS_EVERY_DAY))
def test_an_opening_position(name, first, last, tmp_path):
    opening, changes = OPENINGS[name]
    scenario = made_scenario(tmp_path, changed(BUSY, changes), opening)
    assert differences(scenario, last, seed=4, first=first) == []


@pytest.mark.slow
def test_a_register_instead_of_draws(tmp_path):
    """Real rows of one year, with names that the opening file knows too, and drawn ones after."""
    rows = [
        "application_id,item,applicant,submitted,total_investment_wan,requested_wan,term_years",
        "a1,core_technology,甲,2026-02-01,300,80,2",
        "a2,core_technology,丁,2026-02-02,300,50,2",
        "a3,core_technology,甲,2026-02-02,123.4567,40,3",
        "a4,core_technology,寅,2026-03-05,500,60,1",
    ]
    (tmp_path / "rows.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    changes = {"items.core_technology.assumptions.registers": {2026: "rows.csv"}}
    scenario = made_scenario(tmp_path, changed(BUSY, changes), OPENINGS["opening"][0])
    assert differences(scenario, VARIANT_TRIALS) == []


@pytest.mark.slow
def test_what_was_decided_on_real_applications_instead_of_draws(tmp_path):
    """评分 ranks, 是否通过 selects, 批准金额 is a ceiling; what an application does not say is drawn."""
    rows = [
        "申报编号,支持方向,申报单位,申报日期,项目总投资（万元）,申请金额（万元）,评分,是否通过,批准金额（万元）",
        "1,产业重大技术攻关,甲,2026-02-01,500,80,70,通过,40",
        "2,产业重大技术攻关,乙,2026-02-02,500,50,90,是,",
        "3,产业重大技术攻关,丙,2026-02-02,500,40,95,未通过,",
        "4,产业重大技术攻关,丁,2026-03-05,500,60,80,,30",
    ]
    (tmp_path / "rows.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    changes = {
        "items.core_technology.assumptions.registers": {2026: "rows.csv"},
        "items.core_technology.guide.places": {2026: 2},
    }
    scenario = made_scenario(tmp_path, changed(BUSY, changes))
    assert differences(scenario, VARIANT_TRIALS) == []


def test_the_reference_sees_a_changed_term(tmp_path):
    """The comparison itself can fail: a mode that asks one yuan more is seen in every flow it moves."""
    scenario = made_scenario(tmp_path, changed(BUSY, {}))
    dearer = next(item for item in scenario.items if item.key == "new_hightech")
    kinds = {type(mode) for mode in dearer.modes.values()}
    assert len(kinds) == 1

    class Dearer(kinds.pop()):
        def demand(self, applications):
            return super().demand(applications) + 0.0001

    modes = {
        year: Dearer(**{k: v for k, v in mode.param.values().items() if k != "name"})
        for year, mode in dearer.modes.items()
    }
    items = tuple(replace(item, modes=modes) if item is dearer else item for item in scenario.items)
    found = differences(replace(scenario, items=items), 2)
    assert any("new_hightech 2026 asked" in line for line in found)


def test_the_busy_scenario_is_busy(tmp_path):
    """Every flow, and every cap that the law or the guide sets, does something: a variant changes what is there."""
    totals = booked(made_scenario(tmp_path, BUSY), 60)
    flows = (
        "ineligible",
        "not_selected",
        "unfunded",
        "arrears",
        "cancelled",
        "over_envelope",
        "clawback",
        "return",
        "recovery",
    )
    caps = ("investment_share", "application_max", "applicant_year_max", "item_year_max", "winner_share")
    idle = [
        name for name in (*flows, *(f"cut:{cap}" for cap in (*caps, "item_year_max_guide"))) if not totals.get(name)
    ]
    assert idle == []


def test_tranches_really_differ(tmp_path):
    """The tranched items carry payments into later years, otherwise forward cover would decide nothing."""
    scenario = made_scenario(tmp_path, BUSY)
    carried = booked(replace(scenario, items=tuple(i for i in scenario.items if i.key in TRANCHED)), 30)
    assert carried["payment_carried"] > 0
