"""Which guess moves an answer: ends by runs from nothing, shares by brute force, what is refused before SALib."""

import json
from dataclasses import replace

import numpy as np
import pytest
from few_items import few_items

import changji_sim as cs
from changji_sim.base.faults import FaultyInput
from changji_sim.base.units import FEN_A_WAN
from changji_sim.cli import run_cli
from changji_sim.cli.command_output import FAULTY_INPUT, FINE
from changji_sim.kernel.simulate import simulate
from changji_sim.results.run_result import RunResult
from changji_sim.scenario.distributions import Distribution
from changji_sim.scenario.model import Assumption, NamedCase
from changji_sim.whatif.doubts import doubts_of, sampled, without
from changji_sim.whatif.find_out import ANSWERS, by_trial, find_out, shares_of_variance

TRIALS, SEED = 400, 3
DOMINANT = """extends: baseline
name: dominant
title: 一项假设起决定作用
economy: {log_sd: 0.02}
items:
  core_technology:
    assumptions:
      applications: {value: 40, range: [5, 100], source: 未查, mark: D}
      quality_pass: {value: 0.45, source: 设定, mark: D}
"""


@pytest.fixture(scope="module")
def dominant(tmp_path_factory):
    path = tmp_path_factory.mktemp("dominant") / "dominant.yaml"
    path.write_text(DOMINANT, encoding="utf-8")
    return few_items(cs.load_scenario(path), ("technology_trade", "exchange", "core_technology", "transfer_project"))


@pytest.fixture(scope="module")
def found(dominant):
    return dominant.find_out("entitlement", 2026, trials=TRIALS, seed=SEED)


def a_year(scenario, trials=TRIALS, seed=SEED):
    return by_trial(RunResult(simulate(scenario, trials, seed)), "entitlement", (2026,)) / FEN_A_WAN


def test_the_dominant_guess_comes_first(found):
    first, second = found.table.iloc[0], found.table.iloc[1]
    assert first["name"] == "core_technology.applications" and (first.mark, first.source) == ("D", "未查")
    assert first.swing > 2 * second.swing and first.share == found.table.share.max() > 2 * second.share
    assert (first.low, first.value, first.high) == (5, 40, 100)


def test_its_ends_are_those_of_runs_from_nothing(dominant, found):
    (one,) = (doubt for doubt in doubts_of(dominant) if doubt.key == "core_technology.applications")
    first, before = found.table.iloc[0], a_year(dominant)
    for end, column in ((5, "at_low"), (100, "at_high")):
        after = a_year(without(one, dominant, end))
        assert first[column] == pytest.approx(after.mean(), abs=1e-9)
        assert first[f"change{column[2:]}"] == pytest.approx((after - before).mean(), abs=1e-9)
    assert found.mean_a_year == pytest.approx(before.mean()) and found.sd_a_year == pytest.approx(before.std())


def test_a_share_is_that_of_brute_force(dominant, found):
    """The variance of the means of runs with the number held at the middle of each of twelve equal parts of what is
    drawn of it, without the noise of these means, over the variance in all.
    """
    (one,) = (doubt for doubt in doubts_of(dominant) if doubt.key == "core_technology.applications")
    drawn = np.sort(sampled([one], dominant, 20_000, 1)[:, 0])
    middles = drawn[(np.arange(12) + 0.5).astype(int) * len(drawn) // 12 + len(drawn) // 24]
    runs = np.array([a_year(without(one, dominant, float(value)), 150, 99) for value in middles])
    noise = runs.var(axis=1).mean() / runs.shape[1]
    share = (runs.mean(axis=1).var() - noise) / (runs.mean(axis=1).var() + runs.var(axis=1).mean())
    assert found.table.share.iloc[0] == pytest.approx(share, abs=found.table.share_error.iloc[0] + 0.03)


def test_shares_of_a_known_sum():
    drawn = np.random.default_rng(1).random((4_000, 3))
    shares, errors = shares_of_variance(drawn, drawn @ [3.0, 1.0, 0.0], ["a", "b", "c"])
    assert np.abs(shares - [0.9, 0.1, 0.0]).max() < 0.03 and (errors > 0).all()


@pytest.mark.parametrize(
    ("answer", "drawn", "words"),
    [
        ([1.0, np.nan, 2.0], [1.0, 2.0, 3.0], "no number"),
        ([1.0, np.inf, 2.0], [1.0, 2.0, 3.0], "no number"),
        ([1.0, 3.0, 2.0], [1.0, np.nan, 3.0], "no number"),
        ([5.0, 5.0, 5.0], [1.0, 2.0, 3.0], "same in every trial"),
        ([1.0, 3.0, 2.0], [4.0, 4.0, 4.0], "the number is the same"),
    ],
)
def test_what_salib_answers_with_zeros_is_refused(answer, drawn, words):
    with pytest.raises(FaultyInput, match=words):
        shares_of_variance(np.array(drawn)[:, None], np.array(answer), ["a"])


def test_every_doubt_is_found_and_held(dominant):
    """What a run draws of a number has one value in every trial once it is held; each has where it comes from."""
    doubts = doubts_of(dominant)
    assert len({one.key for one in doubts}) == len(doubts) > 10
    for one in doubts:
        held = without(one, dominant, one.high)
        assert one.key not in {other.key for other in doubts_of(held)}
        assert one.low < one.value < one.high and one.mark and one.title and one.title_en
        assert "thinkable" not in one.title_en, "it is called as the number is, not as an end of its range"
    assert sampled(doubts, dominant, 50, 1).std(axis=0).min() > 0


def test_the_economy_held_is_what_it_draws(dominant):
    """Trials in which the economy is as good as held there have the same mean count."""
    scenario = replace(dominant, economy_log_sd=0.4)
    (one,) = (doubt for doubt in doubts_of(scenario) if doubt.key == "economy")
    score = sampled([one], scenario, 4_000, SEED)[:, 0]
    near = np.abs(score - 1) < 0.1
    held = a_year(without(one, scenario, float(np.exp(0.4 - 0.08))), 1_000)
    assert a_year(scenario, 4_000)[near].mean() == pytest.approx(held.mean(), rel=0.03)


def test_a_number_by_year_and_a_case_are_held_in_proportion(dominant):
    item = dominant.items[0]
    by_year = Assumption({2026: 2.0, 2028: 4.0}, 1.0, 3.0)
    case = NamedCase("一事", 2027, Distribution("fixed", (500.0,)), Assumption(0.5, 0.2, 0.9))
    scenario = replace(dominant, items=(replace(item, applications=by_year, cases=(case,)),))
    doubts = {one.key: one for one in doubts_of(scenario)}
    held = without(doubts[f"{item.key}.applications"], scenario, 1.0)
    assert held.items[0].applications.value == {2026: 1.0, 2028: 2.0}
    one = doubts[f"{item.key}.cases.0.probability"]
    assert (one.title, one.value) == ("一事", 0.5)
    (held,) = without(one, scenario, 0.9).items
    assert held.cases[0].probability == Assumption(0.9)


def test_what_cannot_be_found_out(dominant):
    for words, arguments in (("write one of", ("nothing",)), ("no year of the scenario", ("need", 2040))):
        with pytest.raises(FaultyInput, match=words):
            find_out(dominant, *arguments, trials=10)
    with pytest.raises(FaultyInput, match="no number is in doubt"):
        find_out(replace(dominant, has_doubt=False), trials=10)
    free = replace(dominant, envelopes=replace(dominant.envelopes, total_wan=dict.fromkeys(dominant.years)))
    with pytest.raises(FaultyInput, match="same in every trial"):
        find_out(free, "probability_short", trials=10)


@pytest.mark.slow
def test_the_command(tmp_path, capsys):
    words = ["find-out", "baseline", "--trials", "20", "--year", "2026", "-o", str(tmp_path)]
    assert run_cli([*words, "--language", "zh"]) == FINE
    printed = capsys.readouterr().out
    assert "影响最大的假设是" in printed and "应先查清" in printed and "至少需要200次" in printed
    about = json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))
    assert about["answer"] == "need" and about["rest_of_variance"] is None
    assert (tmp_path / "guesses.csv").read_text(encoding="utf-8").startswith("name,title")
    assert len(about["rows"]) == about["runs"] // 2
    assert run_cli(["find-out", "baseline", "--answer", "x"]) == FAULTY_INPUT
    from changji_sim.cli.guess_list import ANSWERS as typed

    assert typed == ANSWERS
