"""A value that begins later: the years before keep what the file it extends, or the law, says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from changji_sim.base.faults import FaultyInput
from changji_sim.measure import load_measure
from changji_sim.scenario_file.draft import Draft
from changji_sim.scenario_file.earlier_years import entry_of, overlaid
from changji_sim.scenario_file.load import load_scenario
from changji_sim.scenario_file.save import save_scenario, whole_text

YEARS = (2026, 2027, 2028, 2029)


def files(folder, *texts):
    """One scenario file a text, each extending the one before, the first the baseline; the last one's path."""
    parent = "baseline"
    for number, text in enumerate(texts):
        path = folder / f"plan_{number}.yaml"
        path.write_text(f"name: plan_{number}\nextends: {parent}\n{text}\n", encoding="utf-8")
        parent = path.stem
    return path


def item(scenario, key):
    return next(item for item in scenario.items if item.key == key)


def term(scenario, key, name):
    return [getattr(item(scenario, key).modes[year], name) for year in YEARS]


def column(scenario, key, name):
    return next(drawn for drawn in item(scenario, key).columns if drawn.column.name == name)


def limits(scenario, key, name):
    """The tightest level of a ceiling by year."""
    caps = item(scenario, key).caps
    return [min(cap.level for cap in caps[year] if cap.key.startswith(name)) for year in YEARS]


def test_before_a_guides_own_ceiling_the_law_holds(tmp_path):
    path = files(tmp_path, "items: {exchange: {guide: {max_item_year_wan: {2028: 300}}}}")
    assert limits(load_scenario(path), "exchange", "item") == [400, 400, 300, 300]


def test_the_law_before_may_be_a_reformed_one(tmp_path):
    path = files(tmp_path, "items: {exchange: {guide: {max_item_year_wan: {2029: 300}}}}")
    reform = tmp_path / "later.yaml"
    reform.write_text("title: x\nsets: [{item: exchange, term: max_item_year_wan, from: 2028, value: 500}]\n")
    assert limits(load_scenario(path, reform), "exchange", "item") == [400, 400, 500, 300]


@pytest.mark.parametrize(
    ("texts", "read", "expected"),
    [
        (
            ["items: {commissioner: {guide: {max_application_wan: {2028: 10}}}}"],
            lambda s: term(s, "commissioner", "max_application_wan"),
            [20, 20, 10, 10],
        ),
        (
            ["items: {commissioner: {guide: {first_tranche: {value: {2029: 0.5}, source: x, mark: A}}}}"],
            lambda s: term(s, "commissioner", "first_tranche"),
            [0.6, 0.6, 0.6, 0.5],
        ),
        (
            ["items: {core_technology: {guide: {max_investment_share: {2027: 0.15}}}}"],
            lambda s: term(s, "core_technology", "max_investment_share"),
            [0.2, 0.15, 0.15, 0.15],
        ),
        (
            ["items: {transfer_project: {guide: {stages: {2028: [0.5, 0.5]}}}}"],
            lambda s: term(s, "transfer_project", "stages"),
            [[0.7, 0.3], [0.7, 0.3], [0.5, 0.5], [0.5, 0.5]],
        ),
        (
            ["items: {special_case: {guide: {places: {2028: 3}}}}"],
            lambda s: list(item(s, "special_case").places.values()),
            [7, 7, 3, 3],
        ),
        (
            [
                "items: {special_case: {guide: {places: {2026: 5, 2027: 4}}}}",
                "items: {special_case: {guide: {places: {2029: 3}}}}",
            ],
            lambda s: list(item(s, "special_case").places.values()),
            [5, 4, 4, 3],
        ),
        (
            [
                "items: {exchange: {caps: {each: {per: applicant_year, wan: 50}}}}",
                "items: {exchange: {caps: {each: {per: applicant_year, wan: {2028: 30}}}}}",
            ],
            lambda s: limits(s, "exchange", "each"),
            [50, 50, 30, 30],
        ),
        (
            ["items: {exchange: {assumptions: {applications: {value: {2028: 70}, mark: D}}}}"],
            lambda s: [item(s, "exchange").applications.at(year) for year in YEARS],
            [55, 55, 70, 70],
        ),
        (
            [
                "items: {exchange: {assumptions: {applications: {2028: 70}}}}",
                "items: {exchange: {assumptions: {applications: 60}}}",
            ],
            lambda s: [item(s, "exchange").applications.at(year) for year in YEARS],
            [60, 60, 60, 60],
        ),
        (
            ["oversight: {violation: {2028: 0.02}}"],
            lambda s: [s.oversight.violation.at(year) for year in YEARS],
            [0.01, 0.01, 0.02, 0.02],
        ),
        (["growth: {2028: 0.1}"], lambda s: [s.growth.at(year) for year in YEARS], [0.08, 0.08, 0.1, 0.1]),
        (
            ["items: {transfer_project: {assumptions: {columns: {milestone_fails: {chance: {value: {2028: 0.3}}}}}}}"],
            lambda s: [column(s, "transfer_project", "milestone_fails").probability.at(year) for year in YEARS],
            [0.2, 0.2, 0.3, 0.3],
        ),
        (
            ["envelopes: {total: {2028: 9000}}"],
            lambda s: list(s.envelopes.total_wan.values()),
            [8000, 8400, 9000, 9000],
        ),
        (
            ["envelopes: {total: {value: {2028: 9000}, growth: 0.1}}"],
            lambda s: list(s.envelopes.total_wan.values()),
            [8000, 8400, 9000, 9900],
        ),
        (
            [
                "envelopes: {categories: {industry: {value: 1000, growth: 0.1}}}",
                "envelopes: {categories: {industry: {2028: 900}}}",
            ],
            lambda s: list(s.envelopes.category_wan["industry"].values()),
            [1000, 1100, 900, 900],
        ),
        (
            [
                "envelopes: {categories: {industry: {share: 0.2}}}",
                "envelopes: {categories: {industry: {share: {2028: 0.3}}}}",
            ],
            lambda s: list(s.envelopes.category_wan["industry"].values()),
            [1600, 1680, 2646, 2778.3],
        ),
        (
            [
                "envelopes: {categories: {industry: {share: 0.2}}}",
                "envelopes: {total: 6000, categories: {industry: {value: {2028: 900}, growth: 0.1}}}",
            ],
            lambda s: list(s.envelopes.category_wan["industry"].values()),
            [1200, 1200, 900, 990],
        ),
        (
            [
                "envelopes: {categories: {industry: 1000}}",
                "envelopes: {categories: {industry: {share: {2028: 0.1}, mark: A}}}",
            ],
            lambda s: list(s.envelopes.category_wan["industry"].values()),
            [1000, 1000, 882, 926.1],
        ),
    ],
)
def test_the_years_before_keep_what_the_file_it_extends_says(tmp_path, texts, read, expected):
    scenario = load_scenario(files(tmp_path, *texts))
    assert read(scenario) == expected
    whole = tmp_path / "whole.yaml"
    whole.write_text(whole_text(scenario), encoding="utf-8")  # what a manifest keeps
    assert read(load_scenario(whole)) == expected


@pytest.mark.parametrize(
    ("text", "where", "missing"),
    [
        ("items: {exchange: {guide: {places: {2028: 3}}}}", "exchange.places", "2026、2027|2026, 2027"),
        ("items:\n  exchange:\n    guide: {max_application_wan: {2027: 9}}", "exchange.max_application_wan", "2026"),
        ("items: {exchange: {caps: {each: {per: applicant_year, wan: {2028: 30}}}}}", "each.wan", "2026.+2027"),
        ("items: {exchange: {assumptions: {reapply: {2028: 0.5}}}}", "exchange.reapply", "2026.+2027"),
        ("items: {exchange: {assumptions: {reapply: {value: {2028: 0.5}}}}}", "exchange.reapply", "2026.+2027"),
        ("envelopes: {categories: {industry: {2028: 900}}}", "envelopes.categories.industry", "2026.+2027"),
        ("envelopes: {categories: {industry: {share: {2028: 0.1}}}}", "industry.share", "2026.+2027"),
        ("years: [2027, 2029]\nenvelopes: {categories: {industry: {2028: 900}}}", "industry", "2027:"),
    ],
)
def test_years_that_nothing_gives_a_value_are_a_fault_with_its_line(tmp_path, text, where, missing):
    with pytest.raises(FaultyInput) as error:
        load_scenario(files(tmp_path, text))
    (fault,) = error.value.faults
    line = 2 + len(text.splitlines())
    assert re.fullmatch(rf"plan_0.yaml:{line}: .*{where}.*: no value for ({missing}).*", str(fault)), str(fault)


def test_years_that_are_not_simulated_need_no_value(tmp_path):
    money = "envelopes: {categories: {industry: {2028: 900}}}"
    text = f"years: [2028, 2029]\n{money}\nitems: {{exchange: {{guide: {{places: {{2028: 3}}}}}}}}"
    assert item(load_scenario(files(tmp_path, text)), "exchange").places[2028] == 3


def test_an_earlier_year_at_fault_is_placed_where_it_stands(tmp_path):
    path = files(
        tmp_path, "items: {special_case: {guide: {places: -1}}}", "items: {special_case: {guide: {places: {2028: 3}}}}"
    )
    with pytest.raises(FaultyInput, match=r"plan_0\.yaml:3"):
        load_scenario(path)


def test_a_draft_and_the_file_saved_from_it_keep_the_years_before(tmp_path):
    path = files(tmp_path, "envelopes: {total: {value: 7000, growth: 0.1}}")
    changes = {
        "envelopes.total.value": {2028: 9000},
        "items.exchange.guide.max_item_year_wan": {2029: 300},
        "items.special_case.guide.places": {2027: 4},
    }
    draft = Draft(path).scenario(changes)
    save_scenario(path, changes)
    for scenario in (draft, load_scenario(path)):
        assert list(scenario.envelopes.total_wan.values()) == [7000, 7700, 9000, 9900]
        assert limits(scenario, "exchange", "item") == [400, 400, 400, 300]
        assert list(item(scenario, "special_case").places.values()) == [7, 4, 4, 4]


# --- whatever is laid over whatever -----------------------------------------------------------------------------------

LAW = load_measure().items["exchange"].values["max_item_year_wan"]
amounts = st.integers(1, 400)
by_year = st.dictionaries(st.sampled_from(YEARS), amounts, min_size=1)
written = st.one_of(st.none(), amounts, by_year)


def rule(*layers):
    """The value of each year as SPEC section 3 says: the last layer that has begun, in it the latest year."""
    found = []
    for year in YEARS:
        value = LAW.at(year)
        for layer in layers:
            if isinstance(layer, dict):
                begun = [y for y in layer if y <= year]
                value = layer[max(begun)] if begun else value
            elif layer is not None:
                value = layer
        found.append(value)
    return found


def explained(value, is_explained):
    return {"value": value, "source": "x"} if is_explained else value


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(written, st.booleans()), min_size=1, max_size=3))
def test_every_year_takes_the_value_of_the_rule(tmp_path_factory, layers):
    texts = [
        f"items: {{exchange: {{guide: {{max_item_year_wan: {explained(value, is_explained)}}}}}}}" if value else ""
        for value, is_explained in layers
    ]
    scenario = load_scenario(files(tmp_path_factory.mktemp("layers"), *texts))
    assert term(scenario, "exchange", "max_item_year_wan") == rule(*(value for value, _ in layers))


amount_or_share = st.one_of(amounts, by_year, by_year.map(lambda value: {"value": value, "growth": 0.1}))


@given(amounts, amount_or_share, st.booleans())
def test_a_value_laid_over_another_keeps_the_years_before(first, late, is_share):
    old = {"share": first} if is_share else {"value": first, "growth": 0.5}
    new = overlaid(old, late, YEARS[0])
    begin = min(late.get("value", late)) if isinstance(late, dict) else YEARS[0]
    for year in YEARS:
        other = old if year < begin else late
        assert entry_of(new, year, YEARS[0]) == pytest.approx(entry_of(other, year, YEARS[0]))
