"""Numbers that are not the ones computed with: lopsided ranges, a normal cut at 0, half an application."""

import numpy as np
import pytest

from changji_sim import load_scenario
from changji_sim.adjustable import adjustables
from changji_sim.cli import FINE, run_cli
from changji_sim.kernel.draws import Chunk, ItemDraws, TrialDraws
from changji_sim.kernel.simulate import drawn_tables, make_registry
from changji_sim.modes.support_mode import Column
from changji_sim.reports.assumption_list import assumption_list
from changji_sim.scenario.distributions import _knots, parse_distribution
from changji_sim.scenario.means import cut_at_zero, fixed_counts, lopsided_mean
from changji_sim.scenario_file import check_scenario
from changji_sim.scenario_file.draft import Draft

EXCHANGE = (
    "name: plan\nextends: baseline\neconomy: {{log_sd: 0}}\n{more}items: {{exchange: {{assumptions: {{{of}}}}}}}\n"
)
SKEWED = "applications: {value: 20, range: [12, 60]}, count: fixed, columns: {requested_wan: {fixed: 5}}"
NORMAL = "applications: 20, count: fixed, columns: {requested_wan: {normal: {mean: 10, sd: 15}}}"
WAN = Column("requested_wan")


@pytest.fixture
def plan(tmp_path):
    def write(of, more=""):
        path = tmp_path / "plan.yaml"
        path.write_text(EXCHANGE.format(of=of, more=more), encoding="utf-8")
        return path

    return write


def exchange(scenario):
    return next(item for item in scenario.items if item.key == "exchange")


# --- a lopsided range -------------------------------------------------------------------------------------------------


def test_check_says_likeliest_value_and_mean_of_a_lopsided_range(plan, capsys):
    path = plan(SKEWED)
    assert run_cli(["check", str(path)]) == FINE
    said = capsys.readouterr().err
    own = next(line for line in said.splitlines() if "exchange.applications" in line)
    assert "plan.yaml:4" in own and "20" in own and "30.67" in own
    assert check_scenario(path) == []  # a note is no warning


def test_check_says_nothing_of_ranges_where_there_is_no_doubt(plan, capsys):
    run_cli(["check", str(plan(SKEWED, "doubt: false\n"))])
    assert "30.67" not in capsys.readouterr().err


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_of_assumptions_says_both(plan, language):
    (row,) = (
        one
        for one in assumption_list(load_scenario(plan(SKEWED)), language)
        if one.path == "items.exchange.assumptions.applications"
    )
    assert row.value == 20
    assert "12" in row.range and "30.67" in row.range and "20" in row.range


def test_the_desk_says_both_as_long_as_there_is_doubt(plan):
    def mean(path):
        return next(one for one in adjustables(Draft(path)) if one.key == "exchange.applications").mean

    assert mean(plan(SKEWED)) == pytest.approx(92 / 3)
    assert mean(plan(SKEWED, "doubt: false\n")) is None
    assert mean(plan("applications: {value: 55, range: [50, 60]}")) is None


def test_the_mean_is_that_of_the_draws(plan):
    scenario = load_scenario(plan(SKEWED, "growth: 0\n"))
    item = exchange(scenario)
    drawn = ItemDraws(scenario, item, TrialDraws(scenario, Chunk(1, 0, 4000)), make_registry(scenario)).draw()
    rows = np.diff(drawn.offsets[: drawn.trials + 1])  # of the first year, a trial
    assert np.mean(rows) == pytest.approx(lopsided_mean(20, 12, 60) - 0.5, abs=0.5)  # the first year carries nothing in


# --- a normal that is cut at 0 ----------------------------------------------------------------------------------------


def test_a_normal_cut_at_0_says_its_share_and_reports_the_mean_that_results(plan):
    path = plan(NORMAL)
    (fault,) = check_scenario(path)
    assert fault.is_warning and "25.2%" in fault.what and "12.27" in fault.what
    drawn = next(one for one in exchange(load_scenario(path)).columns if one.column.name == "requested_wan")
    assert drawn.distribution.mean == pytest.approx(12.27, abs=0.01)
    row = next(
        one
        for one in assumption_list(load_scenario(path))
        if one.path.endswith("exchange.assumptions.columns.requested_wan")
    )
    assert "12.27" in row.range


@pytest.mark.parametrize(
    "spec",
    [
        {"normal": {"mean": 10, "sd": 15}},
        {"normal": {"mean": -3, "sd": 4}},
        {"mixture": [{"weight": 1, "normal": {"mean": 2, "sd": 5}}, {"weight": 2, "uniform": [3, 9]}]},
    ],
)
def test_share_and_mean_are_those_of_many_draws(spec):
    found = cut_at_zero(parse_distribution(spec), WAN)
    table, u = parse_distribution(spec), (np.arange(200_000) + 0.5) / 200_000
    values = np.interp(u, *_knots(table))
    assert found.below_zero == pytest.approx((values < 0).mean(), abs=1e-3)
    assert found.mean == pytest.approx(np.maximum(values, 0).mean(), rel=1e-3)


def test_what_is_hardly_ever_below_0_is_not_warned_about(plan):
    assert check_scenario(plan("columns: {requested_wan: {normal: {mean: 10, sd: 3}}}")) == []


# --- half an application ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_half_an_application_is_carried_into_the_next_year(plan):
    scenario = load_scenario(
        plan("applications: 2.5, count: fixed, columns: {requested_wan: {fixed: 5}}", "growth: 0\ndoubt: false\n")
    )
    _, (table,) = drawn_tables(scenario, 1, 0)
    years = table["items"]["exchange"]["years"]
    assert [years[year]["rows"] for year in scenario.years] == [2, 3, 2, 3]


@pytest.mark.parametrize("mean", [0.1, 0.3, 1 / 3, 2.5, 7.0])
def test_no_part_of_an_application_is_lost(mean):
    counts = fixed_counts(np.full((30, 2), mean))
    assert (np.abs(np.cumsum(counts, axis=0) - mean * np.arange(1, 31)[:, None]) < 1).all()
    assert counts.sum() == 2 * int(np.floor(30 * mean + 1e-9))
