"""Effects of articles: by hand, additive to the fen in every trial, and 0 where nothing changes."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import changji_sim as cs
from changji_sim.cli import run_cli
from changji_sim.cli.command_output import FAULTY_INPUT, FINE
from changji_sim.whatif.article_effects import Effects, Part, article_effects

TRIALS, SEED = 60, 3
REFORMS = ["exchange-500", "share-25"]  # 第十三条（三）; 第十条 and 第十三条（一）
SET = {"envelopes.total": "-20%"}
PARTS = tuple(Part(key, key, key) for key in "abc")


@pytest.fixture(scope="module")
def effects():
    return article_effects(cs.load_scenario("tight_budget"), REFORMS, SET, "commitment", TRIALS, SEED)


def test_by_hand():
    """A glove game: a alone 1, b alone 2, together 6; c is nobody's partner and does nothing."""
    worth = {0: 10, 1: 11, 2: 12, 3: 16, 4: 10, 5: 11, 6: 12, 7: 16}
    found = Effects(PARTS, "commitment", {subset: np.array([1_000_000 * fen]) for subset, fen in worth.items()})
    frame = found.frame().set_index("part")
    assert frame.alone_wan.tolist() == [1, 2, 0, 3]
    assert frame.effect_wan.tolist() == [2.5, 3.5, 0, 6]
    assert frame.in_order_wan.tolist() == [1, 5, 0, 6]
    assert frame.is_same.tolist() == [False, False, True, False]
    assert found.crosses().values.tolist() == [["a × b", 3.0, 3.0, 3.0]]


def test_they_add_up_to_the_fen_in_every_trial(effects):
    assert len(effects.parts) == 4
    assert np.array_equal(sum(effects.dividends_fen().values()), effects.total_fen)
    assert np.array_equal(effects.numerators().sum(axis=0), math.factorial(4) * effects.total_fen)
    assert np.array_equal(effects.fen().sum(axis=0), effects.total_fen)
    assert np.abs(effects.fen() - effects.numerators() / math.factorial(4)).max() < 1
    assert effects.total_fen.any() and len(effects.crosses())
    frame = effects.frame()
    assert frame.effect_wan[:-1].sum() == pytest.approx(frame.effect_wan.iloc[-1])
    assert frame.in_order_wan[:-1].sum() == pytest.approx(frame.effect_wan.iloc[-1])


def test_the_whole_is_the_difference_of_two_runs(effects):
    scenario = cs.load_scenario("tight_budget")
    after = cs.load_scenario("tight_budget", reform=REFORMS).with_(SET).run(TRIALS, SEED)
    before = scenario.run(TRIALS, SEED)
    change = sum(after.fen("commitment", year) - before.fen("commitment", year) for year in before.years)
    assert np.array_equal(effects.total_fen, change)


@pytest.mark.slow
def test_the_order_changes_no_effect(effects):
    """Only what is added in order; the changes come in another one here."""
    again = article_effects(cs.load_scenario("tight_budget"), REFORMS[::-1], SET, "commitment", TRIALS, SEED)
    one, other = (found.frame().set_index("part") for found in (effects, again))
    assert [*other.index] != [*one.index]
    assert other.effect_wan.to_dict() == pytest.approx(one.effect_wan.to_dict())


def test_a_null_change_is_0_everywhere():
    found = cs.load_scenario("baseline").effects(
        values={"envelopes.total": 8000, "growth": "+0pp"}, trials=20, seed=SEED
    )
    assert not any(fen.any() for fen in found.dividends_fen().values()) and not found.fen().any()
    frame = found.frame()
    assert frame.is_same.all() and (frame[["effect_wan", "low_wan", "high_wan", "cross_wan"]] == 0).all(axis=None)
    assert found.crosses().empty


def test_one_null_change_among_others_is_0_in_every_trial():
    values = {"envelopes.total": "-30%", "exchange.max_item_year_wan": 400}
    found = cs.load_scenario("baseline").effects(values=values, trials=20, seed=SEED)
    assert not found.fen()[1].any() and found.frame().is_same.tolist() == [False, True, False]


@pytest.mark.slow
def test_they_add_up_in_each_of_10_000_trials():
    found = article_effects(cs.load_scenario("baseline"), ["share-25"], SET, "payment", 10_000, SEED)
    assert np.array_equal(found.fen().sum(axis=0), found.total_fen)
    assert np.array_equal(sum(found.dividends_fen().values()), found.total_fen)


def test_what_cannot_be_is_said(capsys):
    with pytest.raises(cs.FaultyInput, match="not of 0"):
        cs.load_scenario("baseline").effects()
    with pytest.raises(cs.FaultyInput, match="commitment"):
        cs.load_scenario("baseline").effects("exchange-500", flow="comitment", trials=20)
    assert run_cli(["effects", "baseline"]) == FAULTY_INPUT
    assert "--reform" in capsys.readouterr().err


@pytest.mark.slow
def test_the_command(capsys, tmp_path):
    words = ["effects", "baseline", "--reform", "share-25", "--set", "envelopes.total=-20%", "--trials", "30"]
    assert run_cli([*words, "--flow", "立项额", "--language", "zh", "-o", str(tmp_path)]) == FINE
    out = capsys.readouterr().out
    assert "第十条" in out and "分摊的交互作用" in out and "合计" in out and "envelopes.total" not in out
    assert {path.name for path in tmp_path.iterdir()} == {"effects.csv", "crosses.csv"}
    assert run_cli([*words, "--language", "en"]) == FINE
    assert "Art. 10" in capsys.readouterr().out
    assert run_cli([*words, "--json"]) == FINE
    about = json.loads(capsys.readouterr().out)
    assert [row["part"] for row in about["effects"]] == ["第十条", "第十三条（一）", "envelopes.total", "*"]
