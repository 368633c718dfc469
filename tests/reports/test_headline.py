"""The one sentence: short enough, and true of the run it is about."""

import random
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import changji_sim as cs
from changji_sim.base.units import FEN_A_WAN
from changji_sim.reports.headline import LONGEST, headline, times
from changji_sim.wording.amounts import percent, wan
from changji_sim.wording.language import Translator

TRIALS = 40
SHORT = re.compile(
    r"^(最紧的)?(\d{4})年，?(十次约|百次约)?(每次都|几乎每次都|百次不到一次|\d+次)不够"
    r"(，(?:平均|每次均)缺([\d,.≈]+)万元)?$"
)


def lacking(result, year):
    """By trial and envelope, from the flows alone: what the total and the categories together lack, 万元."""
    need = lambda key: result.fen("need", year, category=key)  # noqa: E731
    of = lambda key: np.maximum(need(key) - result.envelope_fen(year, key), 0)  # noqa: E731
    has = [key for key in result.scenario.categories if result.envelope_fen(year, key) is not None]
    total = of(None) if result.envelope_fen(year) is not None else np.zeros(result.trial_count)
    parts = np.sum([of(key) for key in has], axis=0) if has else 0 * total
    is_short = (total > 0) | np.any([of(key) > 0 for key in has], axis=0) if has else total > 0
    return is_short, np.maximum(total, parts) / FEN_A_WAN


def check(result):
    """Everything that is said against the run."""
    said, english = headline(result), headline(result, "en")
    assert len(said.sentence) <= LONGEST["zh"] and len(english.sentence) <= LONGEST["en"], said.sentence
    by_year = {year: lacking(result, year) for year in result.years}
    chances = {year: is_short.mean() for year, (is_short, _) in by_year.items()}
    never = 1 - np.any([is_short for is_short, _ in by_year.values()], axis=0).mean()
    assert said.number == english.number == percent(never)
    assert said.is_short == (max(chances.values()) >= 0.5)
    if max(chances.values()) == 0:
        assert "每次模拟都够用" in said.sentence and "every trial" in english.sentence
        return
    tightest, year, of, times, _, amount = SHORT.match(said.sentence).groups()
    chance = chances[int(year)]
    assert year in english.sentence
    if of:
        assert abs(int(times[:-1]) - chance * (10 if of == "十次约" else 100)) <= 0.5 + 1e-9
        assert f"{times[:-1]} times in" in english.sentence or "once in" in english.sentence
    else:
        assert chance == 1 if times == "每次都" else chance >= 0.995 if times == "几乎每次都" else chance < 0.005
    if tightest:
        assert chance == max(chances.values()) < 0.5 and amount is None
    else:
        assert int(year) == next(y for y, p in chances.items() if p >= 0.5)
        is_short, missing = by_year[int(year)]
        assert amount == wan(missing[is_short].mean()) and f"then by {amount}万元" in english.sentence


def settings(number):
    """Settings that leave too little, about enough and plenty."""
    rng = random.Random(number)
    chosen = {"envelopes.total": round(rng.choice([rng.uniform(1500, 9000), rng.uniform(6000, 30000)]))}
    chosen["growth"] = round(rng.uniform(-0.1, 0.4), 3)
    chosen["exchange.max_item_year_wan"] = rng.randint(0, 400)
    chosen["new_hightech.amount_wan"] = rng.randint(0, 40)
    if rng.random() < 0.3:
        chosen["envelopes.refill"] = True
    return chosen


def check_all(numbers):
    baseline, tight = cs.load_scenario("baseline"), cs.load_scenario("tight_budget")
    for number in numbers:
        of = tight if number % 5 == 4 else baseline
        check(of.with_(settings(number)).run(TRIALS, number))


@pytest.mark.slow
def test_it_is_true_of_a_few_settings():
    check_all(range(8))


@pytest.mark.slow
def test_it_is_true_of_two_hundred_settings():
    check_all(range(8, 208))


def test_without_an_envelope_it_says_what_is_needed(tmp_path):
    file = tmp_path / "free.yaml"
    file.write_text("extends: baseline\nname: free\ntitle: 不限\nenvelopes: {total: none}\n", encoding="utf-8")
    result = cs.load_scenario(file).run(TRIALS, 1)
    mean = result.fen("need", 2026).mean() / FEN_A_WAN
    assert headline(result).sentence == f"未设控制数，2026年约需{wan(mean)}万元"
    assert headline(result, "en").number == wan(mean)


@given(st.floats(0.0001, 1))
def test_a_frequency_is_that_of_the_probability(chance):
    said = times(chance, Translator("en"))
    found = re.search(r"about (once|(\d+) times) in (\d+)", said)
    if found:
        assert abs(int(found[2] or 1) / int(found[3]) - chance) <= 0.5 / int(found[3]) + 1e-9
        assert 0 < int(found[2] or 1) < int(found[3])
