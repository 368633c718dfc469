"""``changji-sim score``: scores of forecasts whose truth is known, and what a faulty file of amounts is told."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from changji_sim.base.faults import FaultyInput
from changji_sim.cli import run_cli
from changji_sim.history.actual_amounts import score_file
from changji_sim.history.score import LEVELS, score, sentences

NORMAL = np.array([-1.6448536, -1.2815516, 0.0, 1.2815516, 1.6448536])  # at LEVELS
COUNT = 100


def scored(seed, width=1.0, count=COUNT):
    """Amounts from normal distributions, forecast with ``width`` times their spread."""
    rng = np.random.default_rng(seed)
    means, spreads = rng.uniform(100, 500, count), rng.uniform(5, 50, count)
    actual = means + spreads * rng.standard_normal(count)
    named = pd.DataFrame({"year": 2027, "item": [f"i{n}" for n in range(count)]})
    return score(named, means[:, None] + width * spreads[:, None] * NORMAL, actual)


@pytest.mark.slow
def test_forecasts_of_a_known_model_have_a_uniform_pit_and_bands_that_hold():
    assert scored(0).p_value > 0.01 and scored(0).verdict == ""
    repeats = [scored(seed) for seed in range(60)]
    assert sum(one.p_value <= 0.01 for one in repeats) <= 3
    assert np.mean([one.inside / COUNT for one in repeats]) == pytest.approx(0.8, abs=0.02)


def test_bands_half_as_wide_are_said_to_be_too_narrow_and_twice_as_wide_too_wide():
    narrow, wide = scored(1, 0.5), scored(1, 2.0)
    assert narrow.verdict == "too_narrow" and narrow.p_value < 0.01
    assert "the bands were too narrow" in map(str, sentences(narrow))
    assert wide.verdict == "too_wide" and "the bands were too wide" in map(str, sentences(wide))


def test_crps_is_the_distance_from_what_is_certain_and_that_of_straight_lines_between_quantiles():
    named = pd.DataFrame({"year": [2027], "item": ["a"]})
    assert score(named, np.full((1, 5), 10.0), np.array([13.0])).frame["crps_wan"][0] == pytest.approx(3.0)
    uniform = score(named, LEVELS[None], np.array([0.5])).frame["crps_wan"][0]
    assert uniform == pytest.approx(2 * (0.5**3 - 0.05**3) / 3, abs=1e-5)  # ∫F² below, ∫(1 − F)² above


@pytest.mark.parametrize("actual, pit", [(-9, 0.025), (-1.2815516, 0.1), (0.0, 0.5), (0.6407758, 0.7), (9, 0.975)])
def test_where_an_amount_lies(actual, pit):
    named = pd.DataFrame({"year": [2027], "item": ["a"]})
    assert score(named, NORMAL[None], np.array([actual])).frame["pit"][0] == pytest.approx(pit)
    assert len(LEVELS) == len(NORMAL)


def test_an_amount_that_several_quantiles_share_lies_in_the_middle_of_their_levels():
    named = pd.DataFrame({"year": [2027, 2027], "item": ["a", "b"]})
    quantiles = np.array([[0.0, 0.0, 0.0, 5.0, 6.0], [1.0, 2.0, 7.0, 7.0, 7.0]])
    assert list(score(named, quantiles, np.array([0.0, 7.0])).frame["pit"]) == pytest.approx([0.25, 0.75])


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    assert run_cli(["run", "baseline", "--trials", "20", "-o", str(folder / "run"), "--json"]) == 0
    return folder


def write(path, rows):
    pd.DataFrame(rows, columns=["年度", "支持方向", "实际金额（元）"]).to_csv(path, index=False)
    return path


GOOD = [[2026, "科技交流活动", 3_500_000], [2027, "exchange", 4_000_000], [2026, "新认定高企奖励", 90_000_000]]


def test_a_run_is_scored(kept, capsys):
    path = write(kept / "good.csv", GOOD)
    assert run_cli(["score", str(kept / "run"), "--actuals", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    amounts = {(one["year"], one["item"]): one for one in told["amounts"]}
    assert amounts[2026, "exchange"]["actual_wan"] == 350 and amounts[2026, "new_hightech"]["pit"] == 0.975
    assert told["total"] == 3 and not amounts[2026, "new_hightech"]["in_band"]
    assert run_cli(["score", str(kept / "run"), "--actuals", str(path), "--language", "zh"]) == 0
    printed = capsys.readouterr().out
    assert "八成区间" in printed and "科技交流活动" in printed


FAULTY = {
    "no such item": ([[2026, "交流会", 1]], "there is no item"),
    "no such year": ([[1999, "exchange", 1]], "no payment of"),
    "a year in words": ([["今年", "exchange", 1]], "今年"),
    "an amount in words": ([[2026, "exchange", "约三百"]], "约三百"),
    "an amount below 0": ([[2026, "exchange", -1]], "-1"),
    "no amount": ([[2026, "exchange", None]], "实际金额"),
    "no item": ([[2026, None, 5]], "支持方向"),
    "no year": ([[None, "exchange", 5]], "年度"),
    "one twice": ([[2026, "exchange", 5], [2026, "科技交流活动", 6]], "already"),
    "an error of Excel": ([[2026, "exchange", "#DIV/0!"]], "#DIV/0!"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_file_of_amounts_is_told_with_all_its_faults(name, kept, tmp_path):
    rows, says = FAULTY[name]
    path = write(tmp_path / "actuals.csv", [[2027, "nothing", 1], *rows])
    with pytest.raises(FaultyInput) as found:
        score_file(kept / "run", path)
    texts = [fault.text() for fault in found.value.faults]
    assert any("nothing" in text for text in texts) and any(says in text for text in texts), texts


def test_what_is_no_run_is_told(kept, tmp_path):
    path = write(tmp_path / "good.csv", GOOD)
    for folder, flow in ((tmp_path, "payment"), (kept / "run", "money")):
        with pytest.raises(FaultyInput):
            score_file(folder, path, flow)
