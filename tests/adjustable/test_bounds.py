"""Where sliders end: what a planner can move one to is accepted."""

import param
import pytest

from changji_sim.adjustable import adjustables, reform_of
from changji_sim.scenario_file.draft import Draft


def bounds_of(one):
    """What the slider of a thing can be moved to at most; nothing for what has no slider."""
    is_number = isinstance(one.parameter, param.Number) and not isinstance(one.parameter, param.Boolean)
    return one.parameter.softbounds if is_number else ()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["baseline", "growth", "tight_budget"])
def test_the_scenarios_that_ship_are_accepted_at_both_ends_of_every_slider(name):
    draft = Draft(name)
    every = list(adjustables(draft))
    assert len(every) > 200
    for one in every:
        for end in bounds_of(one):
            if one.is_fixed:  # only a reform moves it
                draft.scenario({}, reform_of({(one.group, one.law_term): end}, draft.law))
            else:
                draft.scenario(one.change(end))  # raises FaultyInput with a sentence


@pytest.mark.parametrize(
    "requested",
    [
        "{normal: {mean: 50, sd: 5}}",
        "{uniform: [5, 60]}",
        "{triangular: [5, 5, 60]}",
        "{lognormal: {median: 20, sigma: 4.9}}",
        "{lognormal: {mean: 0.01, sigma: 0.1}}",
        "{mixture: [{weight: 0.4, uniform: [5, 60]}, {weight: 0, lognormal: {median: 20, sigma: 0.5}}]}",
        "{level: {value: 1, range: [0.5, 2]}, uniform: [5, 60]}",
        "{choice: {5: 0, 60: 0.7}}",
        "{share_of: total_investment_wan, beta: {mean: 0.02, sd: 0.1}}",
        "{share_of: total_investment_wan, beta: {mean: 0.5, sd: 0.005}}",
        "{share_of: total_investment_wan, triangular: [0.1, 0.2, 0.9]}",
        "{share_of: total_investment_wan, fixed: 0.3}",
    ],
)
def test_every_number_of_a_distribution_is_accepted_at_both_ends(tmp_path, requested):
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "name: plan\ntitle: 方案\nextends: baseline\nitems:\n  core_technology:\n    assumptions:\n      columns:\n"
        f"        requested_wan: {requested}\n",
        encoding="utf-8",
    )
    draft = Draft(plan)
    turned = [one for one in adjustables(draft) if one.key.startswith("core_technology.requested_wan.")]
    assert turned
    for one in turned:
        low, high = bounds_of(one)
        assert low <= one.value <= high and low < high
        for end in (low, high):
            draft.scenario(one.change(end))
