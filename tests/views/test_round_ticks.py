"""Ticks along an adjustable value stand at round numbers."""

import pytest

import changji_sim as cs
from changji_sim.adjustable.set_values import named_parameter
from changji_sim.views.round_ticks import round_ticks


@pytest.fixture(scope="module")
def ticks():
    """Texts of the ticks of a parameter between two ends."""
    baseline = cs.load_scenario("baseline")
    return lambda key, *ends: [text for _, text in round_ticks(*ends, named_parameter(baseline, key), 6)]


@pytest.mark.parametrize(
    ("key", "ends", "texts"),
    [
        ("envelopes.total", (5519.4, 12878.6), ["6,000万元", "8,000万元", "10,000万元", "12,000万元"]),
        ("envelopes.total", (8000, 8500), [f"{at:,}万元" for at in range(8000, 8501, 100)]),
        ("growth", (0.029, 0.151), ["4%", "6%", "8%", "10%", "12%", "14%"]),
        ("exchange.max_item_year_wan", (333.3, 333.3), ["333.3万元"]),
    ],
)
def test_ticks_are_round(ticks, key, ends, texts):
    assert ticks(key, *ends) == texts


def test_ticks_of_a_whole_number_are_whole(ticks):
    assert ticks("loan_interest.max_years", 1, 3) == ["1年", "2年", "3年"]


@pytest.mark.parametrize("width", [0.003, 0.8, 7, 123, 46_000, 2e6])
def test_there_are_two_to_six_ticks_within_the_ends(ticks, width):
    for least in (0, 0.37 * width, 41 * width):
        assert 2 <= len(ticks("envelopes.total", least, least + width)) <= 6
