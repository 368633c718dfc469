"""A manifest holds the scenario that was run, also where it was changed in memory since its file was read."""

from __future__ import annotations

import doctest
from dataclasses import replace

import pytest
from running import run_of

from changji_sim import Result, Scenario, load_scenario
from changji_sim.base.faults import FaultyInput
from changji_sim.reports.repeat import read_manifest
from changji_sim.scenario.distributions import parse_distribution
from changji_sim.scenario.model import Assumption
from changji_sim.scenario_file import as_run

TRIALS = 30


def with_item(scenario: Scenario, key: str, **changes) -> Scenario:
    items = tuple(replace(item, **changes) if item.key == key else item for item in scenario.items)
    return replace(scenario, items=items)


def with_terms(scenario: Scenario, key: str, year: int, **terms) -> Scenario:
    """A mode's terms changed where they stand: modes are objects."""
    for item in scenario.items:
        if item.key == key:
            for term, value in terms.items():
                setattr(item.modes[year], term, value)
    return scenario


def with_column(scenario, key, column, spec):
    item = next(item for item in scenario.items if item.key == key)
    columns = tuple(
        replace(d, distribution=parse_distribution(spec)) if d.column.name == column else d for d in item.columns
    )
    return with_item(scenario, key, columns=columns)


CHANGES = {
    "envelopes": lambda s: replace(s, envelopes=replace(s.envelopes, total_wan=dict.fromkeys(s.years, 3000.0))),
    "no envelope": lambda s: replace(s, envelopes=replace(s.envelopes, total_wan=dict.fromkeys(s.years), mark="")),
    "readings": lambda s: replace(s, readings={**s.readings, "clawback_scope": "unspent"}),
    "doubt": lambda s: replace(s, has_doubt=False),
    "growth": lambda s: replace(s, growth=Assumption(0.2)),
    "oversight": lambda s: replace(s, oversight=replace(s.oversight, fail=Assumption(0.5, 0.4, 0.6))),
    "pools": lambda s: replace(s, pools=(replace(s.pools[0], size=700), *s.pools[1:])),
    "priority": lambda s: replace(s, items=s.items[::-1]),
    "an item less": lambda s: replace(s, items=tuple(i for i in s.items if i.key != "contest")),
    "applications": lambda s: with_item(s, "exchange", applications=Assumption(90.0, log_sd=0.2), is_count_fixed=True),
    "places": lambda s: with_item(s, "core_technology", places={2026: 3, 2027: 4, 2028: 4, 2029: 5}),
    "terms": lambda s: with_terms(s, "rd_growth", 2027, rate=0.02),
    "column": lambda s: with_column(s, "exchange", "requested_wan", {"uniform": [1, 9]}),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_in_memory_is_repeated(tmp_path, change):
    changed = CHANGES[change](load_scenario("baseline"))
    result: Result = changed.run(trials=TRIALS)
    result.write(tmp_path)
    repeat = read_manifest(tmp_path / "manifest.json")
    again = run_of(repeat.scenario, trials=repeat.trials, seed=repeat.seed)
    again.write(tmp_path / "again")
    for name in ("budget.csv", "caps.csv"):
        assert (tmp_path / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


@pytest.mark.slow
def test_what_no_file_can_say_is_refused_before_anything_is_written(tmp_path):
    baseline = load_scenario("baseline")
    without_caps = with_item(baseline, "exchange", caps=dict.fromkeys(baseline.years, ()))
    with pytest.raises(FaultyInput, match=r"items\.exchange\.caps was changed in memory"):
        without_caps.run(trials=TRIALS).write(tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_an_unchanged_scenario_keeps_its_text():
    assert doctest.testmod(as_run).failed == 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["opening", "register"])
def test_no_manifest_vouches_for_a_file_that_changed_since_it_was_read(tmp_path, kind):
    opening = "item,applicant,committed_wan,paid_wan,due_2026\nexchange,甲,5,2,3\n"
    rows = "申报编号,支持方向,申报单位,申报日期,申请金额（万元）\n1,科技交流活动,甲,2026-03-01,5\n"
    content = (opening if kind == "opening" else rows).encode()
    (tmp_path / "read.csv").write_bytes(content)
    register = "items: {exchange: {assumptions: {registers: {2026: read.csv}}}}"
    text = "opening: read.csv" if kind == "opening" else register
    (tmp_path / "mine.yaml").write_text(f"name: mine\nextends: baseline\n{text}\n", encoding="utf-8")
    result = load_scenario(tmp_path / "mine.yaml").run(trials=5)
    (tmp_path / "read.csv").write_bytes(content + b"\n")
    with pytest.raises(FaultyInput, match=r"read\.csv: the file was changed since it was read"):
        result.write(tmp_path / "out")
    (tmp_path / "read.csv").write_bytes(content)
    result.write(tmp_path / "out")
