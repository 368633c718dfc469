"""Execution of the budget: worked by hand, adding up in every trial, said and written by the command."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from comparing import write_scenario
from every_rule import BUSY
from few_items import few_items

import changji_sim as cs
from changji_sim.cli import FINE, run_cli
from changji_sim.reports.execution_sentences import execution_sentences
from changji_sim.results.brief_numbers import brief_numbers
from changji_sim.results.execution import (
    COLUMNS,
    REASON_COLUMNS,
    execution,
    execution_rate,
    lapse_fen,
    lapse_reasons,
    lapse_reasons_fen,
    refused_first_fen,
)
from changji_sim.wording.labels import section

ITEMS = ("core_technology", "cross_region")  # of the categories industry and regional
BOTH = ("later", "order", "elsewhere")


def made(folder, name, applications, **envelopes):
    """So many projects of 100 a year, 60 paid at once and 40 in the year after; nothing is left to chance."""
    columns = {"total_investment_wan": {"fixed": 1000}, "requested_wan": {"fixed": 100}, "term_years": {"fixed": 1}}
    common = {"count": "fixed", "growth": 0, "quality_pass": 1, "economy_elasticity": 0, "columns": columns}
    items = {
        key: {"guide": {"first_tranche": 0.6}, "assumptions": {"applications": number, **common}}
        for key, number in zip(ITEMS, applications, strict=True)
    }
    data = {"extends": "baseline", "doubt": False, "oversight": {"is_on": False}, "items": items}
    scenario = cs.load_scenario(write_scenario(folder, data | {"envelopes": envelopes}, name))
    return few_items(scenario, ITEMS).run(2, 1)


@pytest.fixture(scope="module")
def by_category(tmp_path_factory):
    envelopes = {
        "total": {"value": 500, "growth": 0}, "forward_cover": False, "pooling": False,
        "categories": {"industry": {"value": 100, "growth": 0}, "regional": {"value": 300, "growth": 0}},
    }  # fmt: skip
    return made(tmp_path_factory.mktemp("by_category"), "by_category", (3, 1), **envelopes)


@pytest.fixture(scope="module")
def by_later_years(tmp_path_factory):
    total = {2026: 300, 2027: 30, 2028: 300, 2029: 300}
    return made(tmp_path_factory.mktemp("by_later_years"), "by_later_years", (3, 0), total=total, forward_cover=True)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    data = {"refill": BUSY | {"envelopes": BUSY["envelopes"] | {"refill": True}},
            "pooled": BUSY | {"envelopes": BUSY["envelopes"] | {"pooling": True}}}  # fmt: skip
    scenarios = [cs.load_scenario(write_scenario(folder, of, name)) for name, of in data.items()]
    return [one.run(60, 3) for one in (cs.load_scenario("tight_budget"), *scenarios)]


def parts_of(result, year):
    row = lapse_reasons(result).set_index("year").loc[year]
    return {name: float(row[f"{name}_wan"]) for name in ("lapse", "idle", *BOTH, "gone", "refused_first")}


def test_a_category_s_envelope_worked_by_hand(by_category):
    """2026, industry: of 100, 60 for the first of three projects, 40 are too little for the second; regional: 60 of
    300. Of the total of 500, 380 lapse; 120 are refused: 40 lapse in industry itself, 80 could come from elsewhere.
    2027: 40 carried and 60 for a new one use industry's 100 up; regional pays 100.
    """
    frame = execution(by_category).set_index(["year", "category"])
    assert frame.loc[(2026, "industry"), ["payment_wan", "rate", "lapse_wan"]].tolist() == [60, 0.6, 40]
    assert frame.loc[(2026, "regional"), ["payment_wan", "rate", "lapse_wan"]].tolist() == [60, 0.2, 240]
    total = frame.loc[2026, "*"]
    assert (total.envelope_wan, total.payment_wan, total.rate, total.lapse_wan) == (500, 120, 0.24, 380)
    assert (total.refused_wan, total.refused_first_wan) == (200, 120)
    assert (total.probability_below_90, total.probability_below_97) == (1, 1)
    assert frame.loc[2027, "industry"].rate == 1 and frame.loc[2027, "industry"].probability_below_97 == 0
    assert parts_of(by_category, 2026) == {
        "lapse": 380, "idle": 260, "later": 0, "order": 40, "elsewhere": 80, "gone": 0, "refused_first": 120,
    }  # fmt: skip
    assert parts_of(by_category, 2027) == {
        "lapse": 300, "idle": 180, "later": 0, "order": 0, "elsewhere": 120, "gone": 0, "refused_first": 120,
    }  # fmt: skip


def test_envelopes_of_later_years_worked_by_hand(by_later_years):
    """2026: three times 60 fit into 300, the 40 of the year after not into its 30: 180 are refused while 300 lapse.
    2027: 30 are too little for 60; 30 lapse beside 180 refused. 2028: all three are paid. 2029: 120 carried and 180.
    """
    frame = execution(by_later_years).set_index("year")
    assert frame.rate.tolist() == [0, 0, 0.6, 1] and frame.lapse_wan.tolist() == [300, 30, 120, 0]
    assert frame.refused_wan.tolist() == [300, 300, 0, 0] and frame.refused_first_wan.tolist() == [180, 180, 0, 0]
    assert parts_of(by_later_years, 2026) == {
        "lapse": 300, "idle": 120, "later": 180, "order": 0, "elsewhere": 0, "gone": 0, "refused_first": 180,
    }  # fmt: skip
    assert parts_of(by_later_years, 2027) == {
        "lapse": 30, "idle": 0, "later": 0, "order": 30, "elsewhere": 0, "gone": 150, "refused_first": 180,
    }  # fmt: skip
    said = "\n".join(one.text("en") for one in execution_sentences(by_later_years))
    assert "300 万元 lapse on average" in said and "By later years: 180" in said and "By chance" not in said


def test_it_adds_up_to_the_fen_in_every_trial(results):
    """The envelope, with what came back the year before where that is added to it, is payment and lapse; a category's
    with what it gets of the pool.
    """
    for result in results:
        envelopes = result.scenario.envelopes
        for year in result.years:
            for category in (*result.scenario.categories, None):
                by_year = envelopes.total_wan if category is None else envelopes.category_wan[category]
                envelope = round(by_year[year] * 1_000_000) + np.zeros(result.trial_count, np.int64)
                if envelopes.refill and year > result.years[0]:
                    for flow in ("clawback", "return", "recovery"):
                        envelope += result.fen(flow, year - 1, category=category)
                paid = result.fen("payment", year, category=category)
                pooled = np.maximum(paid - envelope, 0)
                assert not pooled.any() or (envelopes.pooling and category), (year, category)
                assert np.array_equal(envelope + pooled, paid + lapse_fen(result, year, category)), (year, category)
                assert np.allclose(execution_rate(result, year, category), paid / envelope)
            of = lapse_reasons_fen(result, year)
            both = of.later + of.order + of.elsewhere
            assert np.array_equal(of.lapse, of.idle + both) and np.array_equal(of.refused, of.gone + both)
            assert not (of.idle * of.gone).any()  # in one trial money is left, or it is gone
            assert all((getattr(of, name) >= 0).all() for name in ("idle", "gone", *BOTH))
            assert np.array_equal(of.refused, refused_first_fen(result, year))
            assert (of.refused <= result.fen("unfunded", year)).all()


def test_brief_and_targets_say_the_same(results):
    of, row = brief_numbers(results[0], 2027), execution(results[0]).query("year == 2027 and category == '*'").iloc[0]
    assert (of.execution, of.lapsing_wan, of.unfunded_wan) == (row.rate, row.lapse_wan, row.refused_wan)
    reasons = parts_of(results[0], 2027)
    assert of.refused_wan == pytest.approx(sum(reasons[name] for name in BOTH))


def test_without_a_total_there_is_no_rate():
    scenario = few_items(cs.load_scenario("baseline"))
    free = replace(scenario, envelopes=replace(scenario.envelopes, total_wan=dict.fromkeys(scenario.years)))
    result = cs.Scenario.of(free).run(2, 1)
    assert execution(result).empty and lapse_reasons(result).empty and execution_rate(result, 2026) is None
    assert ["No total envelope" in str(one) for one in execution_sentences(result)] == [True]


def test_every_column_and_part_has_a_title():
    shown = {name.removesuffix("_wan") for name in REASON_COLUMNS} - {"year"}
    assert shown | {"rate", "below_90", "below_97", "refused"} <= set(section("execution"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_command(tmp_path, capsys, language):
    asked = ["execution", "tight_budget", "--trials", "30", "--language", language]
    assert run_cli([*asked, "-o", str(tmp_path)]) == FINE
    said = capsys.readouterr().out
    assert ("lapse on average" if language == "en" else "年末平均结余") in said and "5,000" in said
    assert list(pd.read_csv(tmp_path / "execution.csv").columns) == list(COLUMNS)
    assert run_cli([*asked, "--json"]) == FINE
    answer = json.loads(capsys.readouterr().out)
    assert len(answer["months"]) == 12 * 24 and "序时进度" in said
    assert len(answer["rows"]) == 24 and [row["year"] for row in answer["reasons"]] == [2026, 2027, 2028, 2029]
