"""tail, caps, calendar, run --errors and --until: in either language, JSON and files; what cannot be is said."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import changji_sim as cs
from changji_sim.cli import run_cli
from changji_sim.cli.command_output import FAULTY_INPUT, FINE, OWN_FAILURE
from changji_sim.results.promises import promises
from changji_sim.results.touched import touched_a_year

FEW = ["--trials", "40", "--seed", "5"]


@pytest.fixture(scope="module")
def tight():
    return cs.load_scenario("tight_budget").run(40, 5)


def printed(capsys, *words):
    assert run_cli([*words, *FEW]) == FINE
    return capsys.readouterr().out


@pytest.mark.slow
def test_tail_says_what_is_promised(capsys, tmp_path, tight):
    chinese = printed(capsys, "tail", "tight_budget", "--language", "zh", "--errors", "-o", str(tmp_path))
    assert "2029年以后，按已作出的承诺平均还须支付" in chinese and "±" in chinese and "至少有一年出现缺口" in chinese
    assert len(chinese.splitlines()) < 50
    english = printed(capsys, "tail", "tight_budget", "--language", "en")
    assert "still to be paid on average" in english and "room for new money" in english
    about = json.loads(printed(capsys, "tail", "tight_budget", "--json"))
    frame = promises(tight)
    assert len(about["promises"]) == len(frame)
    assert about["promises"][0]["mean_wan"] == frame.mean_wan.iloc[0]
    low, high = about["intervals"]["paid_later_wan"]
    assert low < frame[(frame.item == "*") & (frame.year == 0)].mean_wan.sum() < high
    assert {path.name for path in tmp_path.iterdir()} == {"promises.csv", "room.csv", "worst.csv"}


@pytest.mark.slow
def test_caps_say_whom_they_touch(capsys, tmp_path, tight):
    chinese = printed(capsys, "caps", "tight_budget", "--language", "zh", "--errors", "-o", str(tmp_path))
    assert "核减最多的是" in chinese and "单位家数" in chinese
    assert "applicants" in printed(capsys, "caps", "tight_budget", "--language", "en")
    about = json.loads(printed(capsys, "caps", "tight_budget", "--json"))
    assert about["a_year"][0]["mean_applicants"] == touched_a_year(tight).mean_applicants.iloc[0]
    assert len(about["errors"]) == len(about["rows"]) == len(tight.caps())
    assert {path.name for path in tmp_path.iterdir()} == {"caps.csv", "cap_errors.csv"}


def test_counts_say_how_many(capsys, tmp_path):
    chinese = printed(capsys, "counts", "baseline", "--item", "科技特派员", "--language", "zh", "-o", str(tmp_path))
    assert "科技特派员项目：40 次模拟" in chinese and "获支持单位数" in chinese and "应验收数" in chinese
    counts, units = (pd.read_csv(tmp_path / name) for name in ("counts.csv", "unit_amounts.csv"))
    contracts = counts[counts["count"] == "count:contracts"].set_index("year")["mean"]
    funded = units[units.amount == "commitment"].set_index("year")
    assert (contracts[funded.index] == funded["count"]).all() and set(units["item"]) == {"commissioner"}
    assert ((funded["count"] * funded.unit_wan - funded.amount_wan).abs() < 0.01).all()


def test_calendar_says_when_money_is_gone(capsys, tmp_path):
    chinese = printed(capsys, "calendar", "baseline", "科技交流活动", "--language", "zh", "-o", str(tmp_path))
    assert "2026年科技交流活动的额度400万元" in chinese and "单位家数" in chinese
    about = json.loads(printed(capsys, "calendar", "baseline", "--json"))
    assert {row["item"] for row in about["rows"]} >= {"exchange"} and len(about["rows"]) >= 4
    assert {path.name for path in tmp_path.iterdir()} == {"calendar.csv", "months_exchange.csv"}
    assert run_cli(["calendar", "baseline", "--cap", "envelope", *FEW]) == FAULTY_INPUT
    assert run_cli(["calendar", "baseline", "nothing_like_it", *FEW]) == FAULTY_INPUT


@pytest.mark.slow
def test_a_run_shows_its_errors(capsys, tmp_path):
    words = ["run", "baseline", "-o", str(tmp_path), "--errors"]
    out = printed(capsys, *words, "--language", "zh")
    assert "±" in out and "95%区间" in out
    assert (tmp_path / "errors.csv").read_text(encoding="utf-8").startswith("year,category,item,flow,mean_wan_low")
    about = json.loads(printed(capsys, *words, "--json"))
    assert about["summary_errors"][0]["year_need_mean_wan_low"] < about["summary"][0]["year_need_mean_wan"]
    assert "summary_errors" not in json.loads(printed(capsys, *words[:-1], "--json"))


@pytest.mark.slow
def test_a_run_goes_on_until_it_is_sure(capsys, tmp_path):
    words = ["run", "baseline", "-o", str(tmp_path), "--seed", "5", "--json"]
    assert run_cli([*words, "--until", "4%"]) == FINE
    about = json.loads(capsys.readouterr().out)
    assert about["error"] <= about["until"] == 0.04 and about["trials"] == 1000
    assert json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["trials"] == 1000
    assert run_cli([*words[:-1], "--until", "1%", "--trials", "50", "--language", "en"]) == OWN_FAILURE
    assert "50 trials, the most allowed" in capsys.readouterr().out
    assert run_cli([*words, "--until", "much"]) == FAULTY_INPUT
    assert "no share" in capsys.readouterr().err
