"""Performance targets of a scenario file: read, merged with those of its parent, and every fault said at once."""

from __future__ import annotations

import pytest

import changji_sim as cs
from changji_sim.scenario.target import LEVELS

TARGETS = """name: one
extends: baseline
targets:
  content: {level: satisfaction, title: 满意度, value: 90}
  firms: {level: quantity, title: 家数, value: {2027: 70, 2029: 80}, quantity: funded_applicants, item: new_hightech,
    source: 规划, mark: A}
"""


def read(folder, text, name="one"):
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return cs.load_scenario(path)


def test_targets_stand_in_the_order_of_the_form(tmp_path):
    scenario = read(tmp_path, TARGETS)
    assert [target.key for target in scenario.targets] == ["firms", "content"]
    firms, content = scenario.targets
    assert [firms.at(year) for year in (2026, 2027, 2028, 2029)] == [None, 70, 70, 80]
    assert (firms.source, firms.mark, firms.sense) == ("规划", "A", "at_least") and content.at(2026) == 90
    assert firms.line.startswith("one.yaml:") and {target.level for target in scenario.targets} <= set(LEVELS)
    other = read(tmp_path, "name: two\nextends: one.yaml\ntargets: {firms: {value: 60}, content: none}\n", "two")
    assert [(target.key, target.at(2027), target.source) for target in other.targets] == [("firms", 60, "规划")]


def test_targets_change_no_number(tmp_path):
    plain, with_targets = (one.run(5, 1).budget() for one in (cs.load_scenario("baseline"), read(tmp_path, TARGETS)))
    assert plain.equals(with_targets)


def test_every_fault_is_said_at_once(tmp_path):
    text = (
        "name: bad\nextends: baseline\ntargets:\n"
        "  a: {level: quantitiy, title: x}\n  b: {title: x, item: new_hightec}\n  c: {level: cost, quantity: paymant}\n"
        "  d: {level: cost, title: x, item: contest, category: environment}\n"
        "  e: {level: cost, title: x, quantity: own_per_yuan, item: contest, valu: 3}\n"
    )
    with pytest.raises(cs.FaultyInput) as error:
        read(tmp_path, text, "bad")
    said = [fault.text("en") for fault in error.value.faults]
    for number, words in ((4, "quantity"), (5, "'level' is missing"), (5, "no item 'new_hightec'"), (6, "payment"),
                          (6, "'title' is missing"), (7, "not both"), (8, "own_per_yuan"), (8, "valu")):  # fmt: skip
        assert any(f"bad.yaml:{number}" in one and words in one for one in said), (number, words, said)
    assert all(fault.text("zh") != fault.text("en") for fault in error.value.faults)
