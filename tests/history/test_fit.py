"""``changji-sim fit``: ranges that cover, what is said of little, the file it writes, and what it refuses."""

from __future__ import annotations

import datetime
import json

import numpy as np
import pandas as pd
import pytest

from changji_sim import load_scenario
from changji_sim.applications.application import Application
from changji_sim.base.faults import FaultyInput
from changji_sim.cli import run_cli
from changji_sim.history.fit import FEW_ROWS, fit
from changji_sim.history.fitted_file import fit_file
from changji_sim.history.posteriors import NORMAL_90, Estimate, share, triangular_doubt
from changji_sim.scenario.distributions import triangular_quantile

REPEATS = 200
YEARS = (2023, 2024, 2025)
TRUTH = {
    ("", "growth"): 0.08,
    ("core_technology", "applications"): 30.0,
    ("core_technology", "quality_pass"): 0.45,
    ("core_technology", "total_investment_wan"): 200.0,  # median
    ("core_technology", "requested_wan"): 0.25,  # mean share of the investment
    ("loan_interest", "applications"): 60.0,
    ("loan_interest", "principal_wan"): 380.0,  # median
    ("transfer_project", "applications"): 3.0,
    ("transfer_project", "milestone_fails"): 0.3,
}


@pytest.fixture(scope="module")
def baseline():
    return load_scenario("baseline")


def application(item, year, values, **decision):
    return Application(0, "", item, "甲", datetime.date(year, 3, 1), year, "", "", values, decision=decision)


def drawn(seed, economy_log_sd, years=YEARS, size=1.0):
    """Applications of past years drawn from `TRUTH`, with nothing of ours but the record of one."""
    rng, rows = np.random.default_rng(seed), []
    for year in years:
        pull = np.exp(economy_log_sd * rng.standard_normal() - economy_log_sd**2 / 2)
        numbers = {
            item: rng.poisson(TRUTH[item, "applications"] * size * 1.08 ** (year - 2026) * pull)
            for item in ("core_technology", "loan_interest", "transfer_project")
        }
        for _ in range(numbers["core_technology"]):
            whole = rng.lognormal(np.log(200), 0.8)
            values = {"total_investment_wan": whole, "requested_wan": whole * rng.beta(5, 15)}
            rows.append(application("core_technology", year, values, is_passed=float(rng.random() < 0.45)))
        for _ in range(numbers["loan_interest"]):
            rows.append(application("loan_interest", year, {"principal_wan": rng.lognormal(np.log(380), 1.0)}))
        for _ in range(numbers["transfer_project"]):
            rows.append(application("transfer_project", year, {"milestone_fails": float(rng.random() < 0.3)}))
    return rows


@pytest.mark.slow
def test_the_ranges_cover_the_known_assumptions_in_8_of_10_repeats(baseline):
    covered = {key: [] for key in TRUTH}
    for seed in range(REPEATS):
        for one in fit(drawn(seed, baseline.economy_log_sd), baseline).numbers:
            key = one.item, one.name
            covered[key].append(one.estimate.low <= TRUTH[key] <= one.estimate.high)
    shares = {key: np.mean(found) for key, found in covered.items()}
    assert all(len(found) > REPEATS * 0.7 for found in covered.values())
    assert all(0.75 <= one <= 0.85 for one in shares.values()), shares


def test_little_data_widens_every_range_and_says_so(baseline):
    rows = drawn(5, baseline.economy_log_sd, size=3)
    few = [row for row in rows if row.item == "core_technology"][:: len(rows) // 15][:15]
    few = [*few, *[row for row in rows if row.item == "core_technology"][-(15 - len(few)) :]][:15]
    much, little = (fit(of, baseline) for of in (rows, few))
    widths = [
        {one.name: np.log(one.estimate.high / one.estimate.low) for one in found.numbers
         if one.item == "core_technology" and one.estimate}
        for found in (much, little)
    ]  # fmt: skip
    assert len(few) == 15 < FEW_ROWS and widths[0].keys() == widths[1].keys()
    assert all(widths[1][name] > widths[0][name] for name in widths[0])
    assert any("few rows (15, " in str(note) and "the range is wide" in str(note) for note in little.notes)
    assert not any("core" in str(note).lower() and "few" in str(note) for note in much.notes)


def test_two_years_give_no_growth(baseline):
    found = fit(drawn(1, 0.1, YEARS[1:]), baseline)
    assert "growth" not in {one.name for one in found.numbers}
    assert "growth is fitted from 3 on" in str(found.notes[0])


@pytest.mark.parametrize("yes, rows", [(3, 8), (9, 20), (40, 90), (2, 5), (150, 160)])
def test_the_ends_of_a_written_range_have_the_quantiles_of_the_fit(yes, rows):
    estimate = share(yes, rows)
    ends = triangular_doubt(estimate, 0, 1)
    assert 0 <= ends[0] <= ends[1] <= ends[2] <= 1
    assert triangular_quantile(np.array([0.1, 0.9]), *ends) == pytest.approx([estimate.low, estimate.high], abs=1e-9)


@pytest.mark.parametrize("yes", [0, 20])
def test_beside_a_bound_the_far_quantile_is_kept(yes):
    estimate = share(yes, 20)
    low, high = triangular_quantile(np.array([0.1, 0.9]), *triangular_doubt(estimate, 0, 1))
    far = (high, estimate.high) if yes == 0 else (low, estimate.low)
    assert far[0] == pytest.approx(far[1]) and (low, high) == pytest.approx((estimate.low, estimate.high), abs=0.01)


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A register of three years with decisions, the scenario fitted to it, and what was printed as JSON."""
    folder = tmp_path_factory.mktemp("history")
    rng, rows = np.random.default_rng(2), []
    for year in YEARS:
        for n in range(30):
            whole = round(float(rng.lognormal(5.3, 0.8)), 2)
            rows.append({
                "支持方向": "产业重大技术攻关", "总投资（万元）": whole,
                "申请金额（万元）": round(whole / 4 + n / 9, 2),
                "项目期限（年）": int(rng.integers(1, 4)), "是否通过": "是" if rng.random() < 0.45 else "否",
                "申报日期": f"{year}-03-{n % 28 + 1:02d}",
            })  # fmt: skip
        for n in range(12):
            rows.append({
                "支持方向": "科技贷款贴息",
                "贷款本金（万元）": round(float(rng.lognormal(6, 1)), 2), "贷款年利率（%）": 4,
                "起息日": f"{year}-02-01", "贷款期限（月）": 12 + 12 * (n % 2), "还款方式": "到期还本",
                "申报日期": f"{year}-04-{n + 1:02d}",
            })  # fmt: skip
    for n, row in enumerate(rows):
        row |= {"申报编号": f"A{n}", "申报单位": f"昌吉{n}号公司"}
    pd.DataFrame(rows).to_csv(folder / "往年.csv", index=False)
    return folder


def test_the_file_holds_what_was_fitted(written, capsys):
    out = written / "fitted.yaml"
    assert run_cli(["fit", str(written / "往年.csv"), "-o", str(out), "--json", "--overwrite"]) == 0
    told = json.loads(capsys.readouterr().out)
    numbers = {(one["item"], one["assumption"]): one for one in told["numbers"]}
    assert told["years"] == list(YEARS) and told["counts"]["loan_interest"] == {"2023": 12, "2024": 12, "2025": 12}
    scenario = load_scenario(out)
    items = {item.key: item for item in scenario.items}
    count = items["core_technology"].applications
    ends = count.value * np.exp(-(count.log_sd**2) / 2 + np.array([-1, 1]) * NORMAL_90 * count.log_sd)
    wanted = numbers["core_technology", "applications"]
    assert list(ends) == pytest.approx([wanted["low"], wanted["high"]], rel=1e-4)
    assert (count.source, count.mark) == ("往年.csv，2023–2025年，90行", "A")
    passed, wanted = items["core_technology"].quality_pass, numbers["core_technology", "quality_pass"]
    quantiles = triangular_quantile(np.array([0.1, 0.9]), passed.low, passed.value, passed.high)
    assert list(quantiles) == pytest.approx([wanted["low"], wanted["high"]], rel=1e-4)
    columns = {drawn.column.name: drawn for drawn in items["loan_interest"].columns}
    principal, wanted = columns["principal_wan"], numbers["loan_interest", "principal_wan"]
    level, median = principal.level.log_sd, principal.distribution.spec["lognormal"]["median"]
    ends = median * np.exp(-(level**2) / 2 + np.array([-1, 1]) * NORMAL_90 * level)
    assert list(ends) == pytest.approx([wanted["low"], wanted["high"]], rel=1e-4)
    months = columns["months"].distribution.spec["choice"]
    assert months[12] == pytest.approx(18.5 / 37.5, rel=1e-4) and principal.mark == "A"
    assert scenario.growth.mark == "A" and items["exchange"].applications.mark == "D"


def test_check_and_run_take_the_file(written, capsys):
    run_cli(["fit", str(written / "往年.csv"), "-o", str(written / "again.yaml"), "--language", "zh"])
    printed = capsys.readouterr().out
    assert "产业重大技术攻关" in printed and "八成" in printed
    assert run_cli(["check", str(written / "again.yaml")]) == 0
    assert load_scenario(written / "again.yaml").run(20).trial_count == 20


def test_a_file_that_is_there_stays(written, capsys):
    (written / "mine.yaml").write_text("extends: baseline\n", encoding="utf-8")
    assert run_cli(["fit", str(written / "往年.csv"), "-o", str(written / "mine.yaml")]) == 2
    assert "--overwrite" in capsys.readouterr().err
    assert (written / "mine.yaml").read_text(encoding="utf-8") == "extends: baseline\n"


def cell(column, value, row=0):
    def spoil(frame):
        return frame.assign(**{column: frame[column].where(frame.index != row, value)})

    return spoil


FAULTY = {
    "no such item": (cell("支持方向", "产业攻关项目"), "there is no item"),
    "no day": (cell("申报日期", "去年三月"), "去年三月"),
    "a date that is none": (cell("申报日期", "2024-02-31"), "2024-02-31"),
    "no applicant": (cell("申报单位", ""), "申报单位"),
    "an amount in words": (cell("申请金额（万元）", "约三百"), "约三百"),
    "an amount below 0": (cell("申请金额（万元）", "-3"), "-3"),
    "neither yes nor no": (cell("是否通过", "待定"), "待定"),
    "a number twice": (cell("申报编号", "A1"), "A1"),
    "a header lost": (lambda frame: frame.drop(columns="申报日期"), "申报日期"),
    "no rows": (lambda frame: frame.iloc[:0], "no applications"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_history_is_told_in_a_sentence_and_nothing_is_written(name, written, tmp_path):
    spoil, says = FAULTY[name]
    frame = pd.read_csv(written / "往年.csv", dtype=str)
    spoil(frame).to_csv(tmp_path / "往年.csv", index=False)
    with pytest.raises(FaultyInput) as found:
        fit_file(tmp_path / "往年.csv", out=tmp_path / "fitted.txt")
    texts = [fault.text() for fault in found.value.faults]
    assert any(says in text for text in texts), texts
    assert any("ends in .yaml" in text for text in texts)  # all at once
    assert [path.name for path in tmp_path.iterdir()] == ["往年.csv"]


def test_a_picture_shows_the_fit_against_the_data(baseline):
    pytest.importorskip("holoviews")
    from changji_sim.views.fitted import fitted

    history = fit(drawn(0, 0.1), baseline)
    for language in ("zh", "en"):
        drawing = fitted.drawing(history, "core_technology", language)
        points = next(layer for layer in drawing.layers if layer.kind == "Points")
        assert list(points.columns["count"]) == list(history.counts["core_technology"].values())
    with pytest.raises(FaultyInput):
        fitted.drawing(history, "contest")


def test_an_estimate_can_be_written_without_bounds():
    assert triangular_doubt(Estimate(-0.1, 0.05, 0.2)) == pytest.approx((-0.2214, 0.05, 0.3214), abs=1e-3)
