"""What can never happen in a scenario, and amounts that are far from each other, are warnings of `check`."""

from __future__ import annotations

import pytest

from changji_sim import load_scenario
from changji_sim.scenario.distributions import parse_distribution
from changji_sim.scenario_file import check_scenario
from changji_sim.scenario_file.plausibility import least

CASES = (
    "items: {{special_case: {{assumptions: {{applications: none, cases: [{{name: 准东, year: 2027, amount: {}}}]}}}}}}"
)
OPENING = "支持方向,申报单位,立项金额（万元）,已拨金额（万元）,2026年应拨（万元）,2027年应拨（万元）\n"
OWN = "items: {mine: {category: environment, title: 我的, mode: award, guide: {tiers: {one: 5}}, assumptions: {}}}"

MEANS = "items: {{{}: {{assumptions: {{columns: {{{}: {{fixed: {}}}}}}}}}}}"


@pytest.fixture
def said(tmp_path):
    """The warnings of a scenario file with this text below ``extends: baseline``, joined; it has no faults."""

    def check(text: str, opening: str = "") -> str:
        (tmp_path / "promised.csv").write_text(OPENING + opening, encoding="utf-8")
        path = tmp_path / "mine.yaml"
        path.write_text(f"extends: baseline\nname: mine\n{text}\n", encoding="utf-8")
        found = check_scenario(path)
        assert all(fault.is_warning for fault in found), found
        return "\n".join(map(str, found))

    check.folder = tmp_path
    return check


@pytest.mark.parametrize("name", ["baseline", "tight_budget", "growth"])
def test_the_scenarios_that_ship_have_no_warning(name):
    assert check_scenario(name) == []


# --- named cases -----------------------------------------------------------------------------------------------------

NEVER = "it is committed in no future"


@pytest.mark.parametrize(
    ("amount", "envelopes", "is_said"),
    [
        ("1200", "{categories: {special: 650}}", True),  # its first tranche is 720
        ("1000", "{categories: {special: 650}}", False),  # 600
        ("{uniform: [1200, 1500]}", "{categories: {special: 650}}", True),
        ("{uniform: [900, 1500]}", "{categories: {special: 650}}", False),
        ("{lognormal: {median: 5000, sigma: 0.5}}", "{categories: {special: 650}}", False),  # it may be small
        ("1200", "{categories: {special: 650}, pooling: true}", False),
        ("1200", "{categories: {special: 650}, refill: true}", False),
        ("15000", "{total: 8000}", True),
        ("1200", "{categories: {special: {2026: 650, 2027: 720}}}", False),
    ],
)
def test_a_case_that_is_committed_in_no_future_is_said(said, amount, envelopes, is_said):
    found = said(f"{CASES.format(amount)}\nenvelopes: {envelopes}")
    assert (NEVER in found) == is_said, found
    committed = load_scenario(said.folder / "mine.yaml").run(trials=100).fen("commitment", 2027, "special_case")
    if is_said:
        assert "mine.yaml:3" in found and not committed.any()


def test_the_case_that_is_never_committed_is_said_with_its_numbers(said):
    found = said(f"{CASES.format(1200)}\nenvelopes: {{categories: {{special: 650}}}}")
    assert "first payment of 720 万元 is more than the envelope of 一事一议 in 2027, 650" in found


@pytest.mark.parametrize(
    "guide", ["when_short: partial", "when_short: defer", "max_application_wan: 500", "max_item_year_wan: 9000"]
)
def test_a_case_that_may_yet_be_committed_is_not_said(said, guide):
    text = CASES.format(1200).replace("{assumptions:", "{guide: {" + guide + "}, assumptions:", 1)
    assert NEVER not in said(f"{text}\nenvelopes: {{categories: {{special: 650}}}}")


def test_cases_that_replace_ordinary_applications_are_said_with_their_number(said):
    found = said(CASES.format(300))
    assert "the 3.5 ordinary applications a year of the scenario it extends" in found and "ask 1,400 万元" in found
    only = "items: {special_case: {assumptions: {applications: none}}}"
    assert said(only) == ""


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        (5, 5),
        ({"fixed": 5}, 5),
        ({"uniform": [2, 9]}, 2),
        ({"triangular": [1, 2, 3]}, 1),
        ({"choice": {4: 1, 3: 1}}, 3),
    ],
)
def test_the_least_value_of_a_distribution(spec, value):
    assert least(parse_distribution(spec)) == value


# --- priority --------------------------------------------------------------------------------------------------------


def test_an_item_of_ones_own_that_stands_last_is_said(said):
    assert "'priority' does not name it, so it stands behind the 18 that are named" in said(OWN)
    listed = [item.key for item in load_scenario("baseline").items]
    assert "'priority'" not in said(f"{OWN}\npriority: [mine, {', '.join(listed)}]")


def test_a_list_of_two_says_in_which_order_the_others_stand(said):
    found = said("priority: [contest, exchange]")
    rest = [item.key for item in load_scenario(said.folder / "mine.yaml").items][2:]
    assert f"2 of 18 items are named; the others stand behind them, in this order: {', '.join(rest)}" in found


# --- a count above what is proposed ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("registrations", "is_said"), [("{fixed: 70}", True), ("{fixed: 69}", False), ("{uniform: [60, 300]}", False)]
)
def test_registrations_beyond_what_the_ceiling_cuts_are_said(said, registrations, is_said):
    text = f"items: {{contest: {{assumptions: {{item_columns: {{valid_registrations: {registrations}}}}}}}}}"
    assert ("10% of 70 is 7 winners, and only 7 are proposed" in said(text)) == is_said
    scenario = load_scenario(said.folder / "mine.yaml")
    contest = next(item for item in scenario.items if item.key == "contest")
    (share,) = [cap.key for cap in contest.caps[2026] if cap.per == "count"]
    cut = scenario.run(trials=100).caps().query(f"item == 'contest' and cap == '{share}'")
    assert len(cut) == 4 and (cut.probability_binding == 0).all() == is_said


# --- yuan for 万元 ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "opening", "sentence"),
    [
        ("envelopes: {total: 9000000}", "", "times what all applications ask"),
        ("envelopes: {total: 9000}", "", ""),
        (
            MEANS.format("commissioner", "requested_wan", 100000),
            "",
            "a typical application asks 100,000 万元, 5,000 times",
        ),
        (MEANS.format("technology_trade", "transaction_wan", 500000), "", "mine.yaml:3: technology_trade: a typical"),
        (MEANS.format("commissioner", "requested_wan", 1000), "", ""),
        (MEANS.format("core_technology", "total_investment_wan", 9000000), "", "times the total envelope"),
        ("opening: promised.csv", "core_technology,甲,1000000,600000,0,400000", "1 of 1 rows are 100 times"),
        ("opening: promised.csv", "commissioner,甲,100000,60000,0,40000", "first of '甲' with 100,000 万元"),
        (
            "opening: promised.csv",
            "core_technology,甲,9000,0,9000,0",
            "what falls due in 2026, 9,000 万元, is more than",
        ),
        ("opening: promised.csv", "core_technology,甲,900,0,900,0", ""),
    ],
)
def test_amounts_that_are_far_from_each_other_are_said(said, text, opening, sentence):
    found = said(text, opening)
    assert sentence in found if sentence else found == ""
