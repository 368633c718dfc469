"""A scenario given a ledger of its first year: what was approved stands, faults are all named, runs repeat."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from comparing import changed, differences, made_scenario
from every_rule import BUSY
from few_items import few_items

import changji_sim as cs
from changji_sim.applications.template import write_template
from changji_sim.base.faults import FaultyInput
from changji_sim.budget_year.known_to_a_day import given
from changji_sim.cli import run_cli

HEADERS = (
    "申报编号,支持方向,申报单位,申报日期,项目总投资（万元）,申请金额（万元）,评分,是否通过,批准金额（万元）,批准日期,"
    "已拨金额（万元）,拨付日期"
)
ROWS = (
    "1,科技交流活动,州科技馆,2026-02-01,,60,,,60,2026-03-01,60,2026-03-20",
    "2,科技交流活动,昌吉学院,2026-03-11,,80,,,80,2026-03-30,80,2026-04-20",
    "3,科技交流活动,甲研究所,2026-04-01,,100,,,100,2026-05-01,50,2026-06-20",
    "4,科技交流活动,乙研究所,2026-06-01,,90,,,,,,",
    "5,产业重大技术攻关,甲公司,2026-03-01,500,80,61,是,80,2026-05-01,70,2026-06-01",
    "6,产业重大技术攻关,乙公司,2026-03-02,600,100,90,否,,2026-05-01,,",
    "7,产业重大技术攻关,丙公司,2026-03-03,600,100,95,,,,,",
)
AS_OF = datetime.date(2026, 6, 30)


def ledger(folder, *rows, name="ledger.csv"):
    path = folder / name
    path.write_text("\n".join([HEADERS, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def baseline():
    return few_items(cs.load_scenario("tight_budget"))


@pytest.fixture(scope="module")
def year(baseline, tmp_path_factory):
    return baseline.midyear(ledger(tmp_path_factory.mktemp("year"), *ROWS), AS_OF, trials=200)


def test_an_empty_ledger_leaves_the_run_as_it_is(baseline, tmp_path):
    empty = write_template(tmp_path / "empty.xlsx", baseline, is_ledger=True)
    assert given(baseline, empty, AS_OF).actuals is None
    found = baseline.midyear(empty, trials=30)
    assert found.now.budget().equals(baseline.run(30).budget())
    assert set(found.lines().advice) and found.moves().columns.tolist()


def test_what_was_approved_stands_and_the_ceiling_with_it(year):
    """The 400万 of 第十三条（三） are partly used up; what is committed never exceeds them."""
    committed = year.now.fen("commitment", 2026, item="exchange") / 1e6
    assert committed.min() >= 240 and committed.max() <= 400
    asked = year.now.fen("asked", 2026, item="exchange") / 1e6
    assert asked.min() >= 330
    core = year.now.fen("commitment", 2026, item="core_technology") / 1e6
    assert core.min() >= 80
    refused = year.now.fen("not_selected", 2026, item="core_technology") / 1e6
    assert refused.min() >= 100
    paid = year.now.fen("payment", 2026, item="core_technology") / 1e6
    assert paid.min() >= 70  # more than the first tranche of 60%


def test_lines_and_items_say_what_is_used_up(year):
    lines = year.lines().set_index("line")
    exchange = lines.loc["exchange:item_year_max"]
    assert (exchange.limit_wan, exchange.approved_wan, exchange.paid_wan, exchange.left_wan) == (400, 240, 190, 160)
    assert exchange.now_mean_wan == pytest.approx(year.now.fen("need", 2026, item="exchange").mean() / 1e6)
    assert exchange.probability_short > exchange.january_probability_short
    assert exchange.gone and exchange.gone > "2026-06-30"
    items = year.items().set_index("item")
    core = items.loc["core_technology", ["seen", "approved", "refused", "pending", "approved_wan", "paid_wan"]]
    assert core.tolist() == [3, 1, 1, 1, 80, 70]
    assert items.loc["technology_trade"].now_mean_wan > 0  # nothing is known of it: its year is still to come


def test_moves_stay_within_what_is_left_and_within_the_total(year):
    lines, moves = year.lines().set_index("line"), year.moves()
    for giver, of in moves.groupby("from_category"):
        assert of.amount_wan.sum() <= lines.loc[f"envelope:{giver}"].sure_left_wan + 1e-9
        assert lines.loc[f"envelope:{giver}"].advice == "room"
    assert all(lines.loc[f"envelope:{taker}"].advice == "short" for taker in moves.to_category)


def test_a_result_is_taken_as_january(baseline, tmp_path):
    january = baseline.run(20, seed=3)
    found = january.midyear(ledger(tmp_path, *ROWS), AS_OF)
    assert found.january is january and found.now.seed == 3
    other = found.scenario.with_({"items.exchange.guide.max_item_year_wan": 350})
    assert other.actuals == found.scenario.actuals
    raised = found.scenario.run(5, reform="exchange-500")
    assert raised.scenario.actuals == found.scenario.actuals
    assert raised.fen("commitment", 2026, item="exchange").min() >= 240_000_000


@pytest.mark.parametrize(
    ("rule", "limits"),
    [("ranked", "payments"), ("partial", "payments"), ("pro_rata", "payments"), ("defer", "commitments")],
)
def test_the_kernel_and_the_second_implementation_agree(tmp_path, rule, limits):
    """Of every rule when money is short: approved projects, awards paid at once, a pool shared pro rata."""
    rows = (
        "1,产业重大技术攻关,甲,2026-02-01,500,80,70,通过,40,2026-03-01,35,2026-03-05,,",
        "2,产业重大技术攻关,乙,2026-02-02,500,50,90,是,,,,,,",
        "3,产业重大技术攻关,丙,2026-02-02,500,40,95,未通过,,,,,,",
        "4,产业重大技术攻关,丁,2026-03-05,500,60,80,,30,2026-04-01,,,,",
        "5,科技交流活动,戊,2026-03-05,,30,,,20,2026-04-01,20,2026-04-02,,",
        "6,科技交流活动,己,2026-03-01,,30,,,,,,,,",
        "7,新认定高企奖励,庚公司,2026-03-01,,,,,10,2026-04-01,10,2026-04-01,,",
        "8,新认定高企奖励,辛公司,2026-03-01,,,,否,,2026-04-01,,,,",
        "9,科技保险保费补贴,庚公司,2026-03-01,,,,,1,2026-04-01,1,2026-04-02,4,1",
        "10,科技保险保费补贴,壬公司,2026-03-02,,,,,,,,,9,1",
    )
    path = tmp_path / "ledger.csv"
    path.write_text("\n".join([HEADERS + ",保费（万元）,投保年次", *rows]) + "\n", encoding="utf-8")
    changes = {
        "items.core_technology.guide.places": {2026: 2}, "items.core_technology.guide.when_short": rule,
        "items.exchange.guide.when_short": rule, "envelopes.total": 700, "readings.envelope_limits": limits,
    }  # fmt: skip
    scenario = made_scenario(tmp_path, changed(BUSY, changes)).given(path, AS_OF)
    assert differences(scenario, 10) == []


@pytest.mark.slow
def test_a_run_repeats_from_its_manifest(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = ledger(tmp_path, *ROWS)
    arguments = ["midyear", "tight_budget", "--actuals", str(path), "--as-of", "2026-06-30", "--trials", "20"]
    assert run_cli([*arguments, "-o", "out"]) == 0
    assert {"items.csv", "lines.csv", "moves.csv", "answer.json"} <= {one.name for one in (tmp_path / "out").iterdir()}
    path.unlink()
    assert run_cli(["run", "--from", "out/manifest.json", "-o", "again"]) == 0
    assert (tmp_path / "again/budget.csv").read_bytes() == (tmp_path / "out/budget.csv").read_bytes()


FAULTY = {
    "a day before the year": (("1,科技交流活动,甲,2025-12-30,,60,,,,,,",), "期初台账"),
    "after the day": (("1,科技交流活动,甲,2026-07-02,,60,,,,,,",), "is after 2026-06-30"),
    "an unknown item": (("1,科技交流会,甲,2026-02-01,,60,,,,,,",), "there is no item '科技交流会'"),
    "paid more than approved": (("1,科技交流活动,甲,2026-02-01,,60,,,50,2026-03-01,55,2026-04-01",), "no more is paid"),
    "paid and not approved": (("1,科技交流活动,甲,2026-02-01,,60,,,,,20,2026-04-01",), "20 万元 are paid, 0"),
    "approved and refused": (("1,科技交流活动,甲,2026-02-01,,60,,否,50,2026-03-01,,",), "did not pass"),
    "decided before": (("1,科技交流活动,甲,2026-02-01,,60,,,50,2026-01-10,,",), "before it was submitted"),
    "paid before decided": (("1,科技交流活动,甲,2026-02-01,,60,,,50,2026-03-01,50,2026-02-10",), "paid on 2026-02-10"),
    "above what it asks": (("1,科技交流活动,甲,2026-02-01,,60,,,70,2026-03-01,,",), "it comes to 60 万元"),
    "above a share of its investment": (
        ("1,产业重大技术攻关,甲,2026-02-01,200,80,,是,60,2026-03-01,,",),
        "allows 40 万元",
    ),
    "above the 400万": (
        (
            "1,科技交流活动,甲,2026-02-01,,300,,,300,2026-03-01,,",
            "2,科技交流活动,乙,2026-02-02,,200,,,200,2026-03-01,,",
        ),
        "第十三条（三）",
    ),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_ledger_is_refused_with_a_sentence(baseline, tmp_path, name):
    rows, sentence = FAULTY[name]
    with pytest.raises(FaultyInput) as error:
        given(baseline, ledger(tmp_path, *rows), AS_OF)
    assert sentence in str(error.value)
    assert all(fault.text("zh") != fault.text("en") for fault in error.value.faults)


def test_all_faults_come_at_once_and_nothing_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    rows = [row for name in ("after the day", "paid and not approved", "decided before") for row in FAULTY[name][0]]
    rows = [f"{n}{row[1:]}" for n, row in enumerate(rows)]
    path = ledger(tmp_path, *rows)
    arguments = ["midyear", "baseline", "--actuals", str(path), "--as-of", "2026-06-30", "-o", "out", "--trials", "5"]
    assert run_cli(arguments) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 3
    assert not (tmp_path / "out").exists()


def test_the_day_and_the_items_are_checked(baseline, tmp_path):
    path = ledger(tmp_path, *ROWS)
    with pytest.raises(FaultyInput, match="not in 2026"):
        given(baseline, path, datetime.date(2027, 1, 1))
    with pytest.raises(FaultyInput, match="there is no item 'x'"):
        given(baseline, path, AS_OF, closed=("x",))
    with pytest.raises(FaultyInput, match="its call is open"):
        given(baseline, path, AS_OF, unopened=("exchange",))
    known = given(baseline, path)
    assert known.actuals is not None and known.actuals.as_of == datetime.date(2026, 6, 20)  # the last day in it
    with pytest.raises(FaultyInput, match="given a ledger already"):
        given(known, path, AS_OF)


def test_closed_and_complete_leave_nothing_to_come(baseline, tmp_path):
    path = ledger(tmp_path, *ROWS)
    closed = cs.Scenario.of(given(baseline, path, AS_OF, closed=("exchange",))).run(20)
    assert np.ptp(closed.fen("asked", 2026, item="exchange")) == 0
    complete = cs.Scenario.of(given(baseline, path, datetime.date(2026, 12, 31), is_complete=True)).run(20)
    assert complete.fen("asked", 2026, item="technology_trade").max() == 0
