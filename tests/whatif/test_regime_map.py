"""A map of two numbers: each cell is that of a run from nothing; the limit that decides is the one that cuts most."""

import json

import numpy as np
import pytest

import changji_sim as cs
from changji_sim.base.faults import FaultyInput
from changji_sim.base.units import FEN_A_WAN
from changji_sim.cli import run_cli
from changji_sim.cli.command_output import FAULTY_INPUT, FINE
from changji_sim.results.shortfall import short_trials
from changji_sim.whatif.regime_map import limits_of

TRIALS, SEED, YEAR = 40, 2, 2028
X, Y = "exchange.max_item_year_wan", "growth"


@pytest.fixture(scope="module")
def baseline():
    return cs.load_scenario("baseline")


@pytest.fixture(scope="module")
def found(baseline):
    return baseline.map(X, Y, x_ends=(200, 500), steps=3, year=YEAR, trials=TRIALS, seed=SEED)


def test_a_cell_is_that_of_a_run_from_nothing(baseline, found):
    assert list(dict.fromkeys(found.cells.x)) == [200, 350, 500] and sorted(set(found.cells.y)) == [0.03, 0.09, 0.15]
    for row in found.cells.iloc[[1, 5, 6]].itertuples():
        run = baseline.with_({X: row.x, Y: row.y}, beyond_law=True).run(TRIALS, SEED)
        assert row.probability_short == short_trials(run, [YEAR]).mean()
        cuts = {key: (cut, chance) for key, _, cut, chance in limits_of(run, [YEAR]) if chance >= 0.5}
        assert row.limit == max(cuts, key=lambda key: cuts[key][0])
        assert (row.mean_cut_wan, row.probability_binding) == cuts[row.limit]


def test_limits_are_what_the_tables_say(baseline):
    run = cs.load_scenario("tight_budget").run(TRIALS, SEED)
    limits = {key: (cut, chance) for key, _, cut, chance in limits_of(run, [YEAR])}
    need, (envelope, _) = run.fen("need", YEAR), limits["envelope:*"]
    assert envelope == np.maximum(need - run.envelope_fen(YEAR), 0).sum() / (TRIALS * FEN_A_WAN)
    caps = run.caps().query("year == @YEAR and item == 'exchange' and cap == 'item_year_max'")
    assert limits["exchange:item_year_max"] == (caps.mean_cut_wan.iloc[0], caps.probability_binding.iloc[0])


@pytest.mark.slow
def test_what_is_drawn_anew_is_changed_less_often_and_the_map_is_the_same(baseline):
    """Growth is the outer one either way; cells are those of the map the other way round."""
    one = baseline.map("growth", "envelopes.total", steps=2, trials=20, seed=SEED).cells
    other = baseline.map("envelopes.total", "growth", steps=2, trials=20, seed=SEED).cells
    turned = other.rename(columns={"x": "y", "y": "x"}).sort_values(["x", "y"], ignore_index=True)[one.columns]
    assert one.equals(turned) and one.probability_short.iloc[0] > one.probability_short.iloc[1]


@pytest.mark.slow
def test_today_and_whole_numbers(baseline):
    found = baseline.map("core_technology.places", "envelopes.total", x_ends=(1, 3), steps=5, trials=10, seed=SEED)
    assert sorted(set(found.cells.x)) == [1, 2, 3] and found.y.value == 8000


def test_cells_that_cannot_be_had_say_why(baseline):
    found = baseline.map(
        "oversight.excellent", "oversight.fail", x_ends=(0.5, 1.0), y_ends=(0.4, 0.6), steps=2, trials=10
    )
    failed = found.cells[found.cells.why != ""]
    assert 0 < len(failed) < 4 and failed.probability_short.isna().all()
    assert found.grid()[2].shape == (2, 2)


@pytest.mark.parametrize(
    ("names", "options", "words"),
    [
        ((X, X), {}, "two different"),
        ((X, "nothing"), {}, "no adjustable"),
        ((X, "doubt"), {}, "no number"),
        ((X, Y), {"steps": 1}, "from 2 to 51"),
        ((X, Y), {"year": 1999}, "no year"),
        ((X, Y), {"x_ends": (4, 4)}, "a higher one"),
        (("rd_growth.max_item_year_wan", Y), {}, "say between which"),
    ],
)
def test_what_cannot_be_mapped(baseline, names, options, words):
    with pytest.raises(FaultyInput, match=words):
        baseline.map(*names, trials=10, **options)


def test_the_command(tmp_path, capsys):
    words = ["map", "baseline", "growth", "envelopes.total", "--steps", "2", "--trials", "10", "-o", str(tmp_path)]
    assert run_cli([*words, "--x", "3%..15%", "--year", "2028", "--language", "zh"]) == FINE
    printed = capsys.readouterr().out
    assert "2028年缺口概率从" in printed and "a：总额度起决定作用" in printed and "15%" in printed
    about = json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))
    assert len(about["rows"]) == 4 and about["limits"]["envelope:*"]["en"] == "total envelope"
    assert (tmp_path / "map.csv").read_text(encoding="utf-8").startswith("x,y,probability_short,limit")
    assert run_cli([*words, "--y", "6000-8000"]) == FAULTY_INPUT
    assert "3%..15%" in capsys.readouterr().err
