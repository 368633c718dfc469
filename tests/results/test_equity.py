"""The equity book: it adds up in every trial, gives the ledger's recoveries, and holds loss against the limit."""

from __future__ import annotations

import numpy as np
import pytest
from comparing import write_scenario

import changji_sim as cs
from changji_sim.cli import FINE, run_cli
from changji_sim.results.equity import COLUMNS, equity_fen
from changji_sim.wording.labels import label

ITEM = "transfer_project"


@pytest.fixture(scope="module")
def result():
    return cs.load_scenario("baseline").run(60, 5)


@pytest.fixture(scope="module")
def sure(tmp_path_factory):
    """One project a year of 100, all paid at once, a round in its first year at 1,000, an exit two years on."""
    columns = {
        "requested_wan": {"fixed": 100}, "milestone_fails": {"chance": 0}, "round_year": {"fixed": 1},
        "post_money_wan": {"fixed": 1000}, "exit_kind": {"choice": {"loss": 1}}, "exit_after_years": {"fixed": 2},
        "exit_value_wan": {"fixed": 2000},
    }  # fmt: skip
    changes = {
        "doubt": False, "tolerated_loss": 0.4, "oversight": {"is_on": False},
        "items": {ITEM: {
            "guide": {"stages": [1.0]},
            "assumptions": {
                "applications": 1, "count": "fixed", "growth": 0, "quality_pass": 1, "columns": columns,
                "economy_elasticity": 0,
            },
        }},
    }  # fmt: skip
    folder = tmp_path_factory.mktemp("sure")

    def of(kind: str):
        columns["exit_kind"] = {"choice": {kind: 1}}
        path = write_scenario(folder, {"extends": "baseline", **changes}, kind)
        return cs.load_scenario(path or folder / f"{kind}.yaml").run(3, 1)

    return of


def test_it_adds_up_in_every_trial(result):
    for key, of in equity_fen(result).items():
        assert (of["cash"] == of["exited"] - of["loss"] + of["gain"]).all(), key
        assert (of["held"] == np.cumsum(of["turned"], axis=0) - np.cumsum(of["exited"], axis=0)).all(), key
        later = np.cumsum(of["cash"][::-1], axis=0)[::-1] - of["cash"]
        assert (of["value"] <= later).all() and not of["held"][-1].any()


def test_what_comes_back_is_the_ledgers(result):
    of = equity_fen(result)[ITEM]
    for y, year in enumerate((*result.years, *result.tail)):
        assert (of["cash"][y] == result.fen("recovery", year, ITEM)).all(), year


def test_blocks_and_workers_change_nothing(result):
    other = cs.load_scenario("baseline").run(60, 5, workers=1)
    assert other.equity().equals(result.equity())


@pytest.mark.parametrize(("kind", "back"), [("loss", 0), ("buy_back", 100), ("market", 200)])
def test_a_stake_worked_by_hand(sure, kind, back):
    """100 of 1,000 is a stake of 10%: lost, bought back at 100, or sold at 10% of 2,000."""
    book = sure(kind).equity()
    whole = book[book.item == "*"].set_index("year")
    assert whole.turned_wan[2027] == 100 and whole.held_wan[2027] == 100 and whole.held_wan[2028] == 200
    assert whole.value_wan[2027] == back and whole.exited_wan[2029] == 100 and whole.recovery_wan[2029] == back
    assert whole.loss_wan[2029] == max(100 - back, 0) and whole.gain_wan[2029] == max(back - 100, 0)
    assert (whole.loss_share[2029], whole.probability_over[2029]) == ((1, 1) if kind == "loss" else (0, 0))
    assert whole.tolerated_share[2029] == 0.4 and np.isnan(whole.loss_share[2028])


def test_without_stakes_the_book_is_empty(tmp_path, capsys):
    path = write_scenario(tmp_path, {"extends": "baseline", "items": {ITEM: "none"}}, "none")
    path = path or tmp_path / "none.yaml"
    book = cs.load_scenario(path).run(2, 1).equity()
    assert book.empty and list(book.columns) == list(COLUMNS)
    assert run_cli(["equity", str(path), "--trials", "2"]) == FINE
    assert "No grant turns into a stake." in capsys.readouterr().out


def test_the_command_prints_and_writes_it(result, tmp_path, capsys):
    words = ["equity", "baseline", "--trials", "60", "--seed", "5", "--language", "zh", "-o", str(tmp_path)]
    assert run_cli(words) == FINE
    printed = capsys.readouterr().out
    assert "容错比例40%" in printed and label("held_wan", "zh", "equity") in printed
    assert (tmp_path / "equity.csv").exists()
    assert run_cli([*words[:4], "--json"]) == FINE
