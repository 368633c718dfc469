"""compare and readings: what they print is what the same runs give in Python; what cannot be compared is said."""

import json

import pytest

import changji_sim as cs
from changji_sim.cli import run_cli
from changji_sim.cli.command_output import FAULTY_INPUT, FINE
from changji_sim.whatif.marginal_costs import reading_prices

FEW = ["--trials", "30", "--seed", "5"]


def printed(capsys, *words):
    assert run_cli([*words, *FEW]) == FINE
    return capsys.readouterr().out


@pytest.mark.slow
def test_a_change_is_compared_with_the_file(capsys, tmp_path):
    out = printed(
        capsys, "compare", "baseline", "--set", "envelopes.total=-20%", "-o", str(tmp_path), "--language", "en"
    )
    before, after = (
        one.run(30, 5).summary()
        for one in (cs.load_scenario("baseline"), cs.load_scenario("baseline").with_({"envelopes.total": 6400}))
    )
    assert "envelopes.total=-20%" in out and "Transfer projects" in out and "−1,600" in out
    table = (tmp_path / "compare.csv").read_text(encoding="utf-8")
    for summary in (before, after):
        need = summary[(summary.year == 2026) & (summary.category == "*")].need_mean_wan.iloc[0]
        assert f"{need:.6f}" in table
    assert (tmp_path / "items_2.csv").exists()


@pytest.mark.slow
def test_nothing_changed_has_no_item(capsys):
    out = printed(capsys, "compare", "baseline", "--set", "envelopes.total=8000", "--language", "en")
    assert "no item's commitments differ" in out


@pytest.mark.slow
def test_three_files_beside_each_other(capsys):
    about = json.loads(printed(capsys, "compare", "baseline", "tight_budget", "growth", "--json"))
    assert len(about["scenarios"]) == 3 and len(about["items"]) == 2
    assert {row["position"] for row in about["rows"]} == {0, 1, 2}


@pytest.mark.parametrize("words", [["baseline"], ["baseline", "growth", "--set", "growth=1%"]])
def test_what_cannot_be_compared(words, capsys):
    assert run_cli(["compare", *words, *FEW]) == FAULTY_INPUT
    assert "--set" in capsys.readouterr().err


@pytest.mark.slow
def test_readings_are_those_of_python(capsys):
    out = printed(capsys, "readings", "baseline", "--language", "zh")
    prices = reading_prices(cs.load_scenario("baseline"), 30, 5)
    assert "获奖家数的取整方式" in out
    about = json.loads(printed(capsys, "readings", "baseline", "--json"))
    assert len(about["rows"]) == len(prices)
