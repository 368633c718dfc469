"""A sweep: the same bytes in one process, after a kill and resume, on two workers of which one is killed; what fails is
named and the rest kept.
"""

import io
import json
import os
import signal

import numpy as np
import pandas as pd
import pytest

import changji_sim as cs
from changji_sim.base.faults import FaultyInput
from changji_sim.base.units import FEN_A_WAN
from changji_sim.cli import run_cli
from changji_sim.cli.command_output import FAULTY_INPUT, FINE, INTERRUPTED, OWN_FAILURE
from changji_sim.reports.sweep_files import CSV, JOURNAL, PARQUET, parquet_bytes, sweep_bytes
from changji_sim.results.shortfall import short_trials
from changji_sim.whatif import sweep as sweep_module
from changji_sim.whatif.sweep import in_process, sweep
from changji_sim.whatif.sweep_settings import read_settings, settings_of

TRIALS, SEED = 20, 6
GRID_LIMIT = "exchange.max_item_year_wan"
GRID = {"grid": {"envelopes.total": [7000, 8000, 9000], GRID_LIMIT: [300, 400, 500]}}


@pytest.fixture(scope="module")
def scenario():
    return cs.load_scenario("baseline")


@pytest.fixture(scope="module")
def whole(scenario):
    return sweep(scenario, GRID, TRIALS, SEED)


def both(frame):
    return sweep_bytes(frame, True) | sweep_bytes(frame, False)


@pytest.mark.slow
def test_a_row_is_that_of_a_run_from_nothing(scenario, whole):
    run = cs.load_scenario("baseline").with_({"envelopes.total": 8000, GRID_LIMIT: 300}).run(TRIALS, SEED)
    of = whole[whole.setting == 4].set_index(["year", "quantity"])
    for year in run.years:
        fen = run.fen("payment", year)
        assert of.loc[(str(year), "payment"), "mean"] == int(fen.sum()) / (TRIALS * FEN_A_WAN)
        assert of.loc[(str(year), "payment"), "p90"] == pytest.approx(np.quantile(fen, 0.9) / FEN_A_WAN)
        assert of.loc[(str(year), "probability_short"), "mean"] == short_trials(run, [year]).mean()
    assert of.loc[("*", "probability_short"), "mean"] == short_trials(run).mean()
    assert (of["envelopes.total"] == 8000).all() and (of[GRID_LIMIT] == 300).all()


def test_what_fails_is_named_and_the_others_kept(scenario, whole):
    failed = whole[whole.why != ""]
    assert list(failed.setting) == [3, 6, 9] and failed["mean"].isna().all()
    assert failed.why_en.str.contains("the law says 400").all() and failed.why.str.contains("办法").all()
    assert (failed[GRID_LIMIT] == 500).all() and whole.setting.nunique() == 9
    reformed = sweep(scenario, {"list": [{GRID_LIMIT: 500}]}, TRIALS, SEED, is_beyond_law=True)
    assert (reformed.why == "").all()


@pytest.mark.slow
def test_a_kill_at_a_third_and_a_resume_give_the_same_bytes(scenario, whole, tmp_path):
    journal = tmp_path / JOURNAL

    def killed(done, of):
        if done == of // 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(scenario, GRID, TRIALS, SEED, journal=journal, progress=killed)
    with journal.open("ab") as file:
        file.write(b'{"setting": 7, "rows": [["2026", "ne')  # the line that a kill left
    seen = []
    resumed = sweep(scenario, GRID, TRIALS, SEED, journal=journal, progress=lambda done, of: seen.append(done))
    assert seen == [3, 4, 5, 6, 7, 8, 9] and both(resumed) == both(whole)
    assert both(sweep(scenario, GRID, TRIALS, SEED, journal=journal, engine=never)) == both(whole)
    with pytest.raises(FaultyInput, match="begun with other settings"):
        sweep(scenario, GRID, TRIALS, SEED + 1, journal=journal)
    journal.write_text("something else\n", encoding="utf-8")
    with pytest.raises(FaultyInput, match="no journal"):
        sweep(scenario, GRID, TRIALS, SEED, journal=journal)


def never(planned, numbers):
    raise AssertionError(f"all are done, not {numbers}")


@pytest.mark.slow
def test_two_workers_of_which_one_is_killed_give_the_same_bytes(scenario, whole):
    from distributed import Client, LocalCluster

    from changji_sim.whatif.sweep_cluster import on_client

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster,
        Client(cluster) as client,
    ):
        (victim, *_) = client.run(os.getpid).values()
        done = []

        def kill_one(settings_done, of):
            done.append(settings_done)
            if len(done) == 2:
                os.kill(victim, signal.SIGKILL)

        found = sweep(scenario, GRID, TRIALS, SEED, engine=on_client(client), progress=kill_one)
        assert victim not in client.run(os.getpid).values()
    assert both(found) == both(whole)


def test_threads_and_order_change_nothing(scenario, whole):
    def backwards(planned, numbers):
        return in_process(1)(planned, list(numbers)[::-1])

    assert both(sweep(scenario, GRID, TRIALS, SEED, engine=backwards)) == both(whole)


def test_parquet_is_read_as_written(whole):
    read = pd.read_parquet(io.BytesIO(parquet_bytes(whole)))
    assert list(read.columns) == list(whole.columns) and len(read) == len(whole)
    for name in whole:
        assert [one if one == one else None for one in read[name]] == [
            one if one == one else None for one in whole[name]
        ]


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_points_lie_between_their_ends_and_are_the_same_again(scenario, kind):
    given = {kind: {"count": 8, "seed": 3, "between": {"growth": ["3%", 0.15], "envelopes.total": [2000, "+50%"]}}}
    rows = settings_of(given, scenario).rows
    assert rows == settings_of(given, scenario).rows and len(rows) == 8
    assert all(0.03 <= row["growth"] <= 0.15 and 2000 <= row["envelopes.total"] <= 12_000 for row in rows)
    if kind == "latin_hypercube":  # one in each eighth
        assert sorted(int((row["growth"] - 0.03) / 0.015) for row in rows) == list(range(8))


def test_a_frame_is_a_list_with_what_is_missing_left_as_it_is(scenario):
    frame = pd.DataFrame(
        {"growth": [0.05, np.nan], "总额度": [3000.0, 4000.0], "readings.bar_scope": ["projects_only"] * 2}
    )
    found = settings_of(frame, scenario)
    assert [one.key for one in found.parameters] == ["growth", "envelopes.total", "readings.bar_scope"]
    assert found.rows[1] == {"envelopes.total": 4000.0, "readings.bar_scope": "projects_only"}
    table = sweep(scenario, found, 10, SEED)
    assert table[table.setting == 2].growth.iloc[0] == 0.08 and table["readings.bar_scope"].iloc[0] == "projects_only"


FAULTY = [
    ("grids: {growth: [1%]}", "unknown key 'grids'"),
    ("grid: {growth: 1%}", "a list of values is needed"),
    ("grid: {growht: [1%]}", "no adjustable parameter"),
    ("grid: {growth: [1%], 申报年增长率: [2%]}", "set twice"),
    ("grid: {growth: [1%]}\nlist: [{growth: 1%}]", "one of grid, list"),
    ("list: [3]", "names with their values"),
    ("sobol: {count: 6, between: {growth: [1%, 2%]}}", "powers of two: 4 or 8"),
    ("sobol: {count: 8, between: {growth: [2%, 1%]}}", "must be below"),
    ("sobol: {count: 8, between: {doubt: [no, yes]}}", "no number"),
    ("latin_hypercube: {count: 0, between: {growth: [1%]}}", "lowest, highest"),
    ("grid: {growth: [" + "1%, " * 400 + "1%], envelopes.total: [" + "1, " * 400 + "1]}", "from 1 to 100,000"),
]


@pytest.mark.parametrize(("text", "words"), FAULTY)
def test_a_faulty_file_is_refused_with_its_line(scenario, tmp_path, text, words):
    path = tmp_path / "settings.yaml"
    path.write_text(f"# a sweep\n{text}\n", encoding="utf-8")
    with pytest.raises(FaultyInput) as error:
        read_settings(path, scenario)
    assert words in str(error.value) and "settings.yaml" in str(error.value)


@pytest.mark.slow
def test_the_command(tmp_path, capsys, monkeypatch):
    path = tmp_path / "totals.yaml"
    path.write_text("grid: {envelopes.total: [7000, 8000], exchange.max_item_year_wan: [400, 500]}\n", encoding="utf-8")
    words = ["sweep", "baseline", str(path), "--trials", "10", "-o", str(tmp_path / "out")]
    monkeypatch.setattr(sweep_module, "in_process", broken_off)
    assert run_cli(words) == INTERRUPTED
    assert "the same command goes on" in capsys.readouterr().err
    monkeypatch.undo()
    assert run_cli([*words, "--language", "zh"]) == OWN_FAILURE
    assert "4组中有2组已完成" in (printed := capsys.readouterr().out) and "办法规定" in printed
    assert sorted(os.listdir(tmp_path / "out")) == [PARQUET]
    path.write_text("list: [{envelopes.total: 7000}]\n", encoding="utf-8")
    assert run_cli([*words, "--csv", "--json"]) == FINE
    about = json.loads(capsys.readouterr().out)
    assert about["failed"] == {} and about["file"].endswith(CSV) and os.path.exists(about["file"])
    assert run_cli([*words, "--workers", "2", "--scheduler", "tcp://127.0.0.1:1"]) == FAULTY_INPUT


def broken_off(workers=None):
    def engine(planned, numbers):
        yield from in_process(workers)(planned, numbers[:1])
        raise KeyboardInterrupt

    return engine
