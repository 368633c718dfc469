"""Several reforms of one run: all hold, in order; a term set twice is a fault with both files and lines."""

from __future__ import annotations

import json

import pytest

import changji_sim as cs
from changji_sim.base.faults import FaultyInput
from changji_sim.cli import run_cli
from changji_sim.measure import load_measure, load_reform, stacked
from changji_sim.reports.repeat import read_manifest

LAW = load_measure()
TWO = ["exchange-500", "trade-30"]


def reform_file(folder, name, sets):
    path = folder / f"{name}.yaml"
    path.write_text(f"title: {name}\nsets:\n" + "".join(f"  - {one}\n" for one in sets), encoding="utf-8")
    return path


def test_all_reforms_hold():
    scenario = cs.load_scenario("baseline", reform=TWO)
    assert scenario.reform_name == "exchange-500+trade-30"
    terms = {item.key: item.modes[2026] for item in scenario.items}
    assert terms["exchange"].max_item_year_wan == 500 and terms["technology_trade"].max_applicant_year_wan == 30


def test_none_and_one_are_as_they_were():
    one = load_reform("exchange-500")
    assert stacked(None, LAW) is None and stacked([], LAW) is None
    assert stacked(one, LAW) is one and stacked([one], LAW) is one
    assert cs.load_scenario("baseline", reform=TWO[:1]).reform_text == one.text


def test_a_later_one_may_begin_in_years_that_one_before_adds(tmp_path):
    late = reform_file(tmp_path, "late", ["{item: exchange, term: max_item_year_wan, from: 2030, value: 450}"])
    law = LAW.reformed(stacked(["extend-2031", late], LAW))
    assert [law.value("exchange", "max_item_year_wan", year) for year in (2029, 2030, 2031)] == [400, 450, 450]
    assert law.reforms == ("extend-2031", "late")
    with pytest.raises(FaultyInput, match=r"late\.yaml:3"):
        stacked([late, "extend-2031"], LAW)


def test_a_term_set_twice_is_a_fault_with_both_files_and_lines(tmp_path):
    other = "{item: contest, term: tiers.first, from: 2026, value: 11}"
    one = reform_file(tmp_path, "one", [other, "{item: exchange, term: max_item_year_wan, from: 2026, value: 450}"])
    two = reform_file(tmp_path, "two", ["{item: exchange, term: max_item_year_wan, from: 2028, value: 500}"])
    for given in ([one, two], [one, one]):
        with pytest.raises(FaultyInput) as error:
            stacked(given, LAW)
        text = "\n".join(map(str, error.value.faults))
        assert "exchange.max_item_year_wan is set by another reform" in text and "one.yaml:4" in text
        assert f"{given[1].name}:{4 if given[1] is one else 3}" in text


def test_the_faults_of_all_files_are_told_at_once(tmp_path):
    wrong = [reform_file(tmp_path, name, ["{item: exchnge, term: x, from: 2026, value: 1}"]) for name in ("a", "b")]
    with pytest.raises(FaultyInput) as error:
        stacked(wrong, LAW)
    assert {fault.where.partition(":")[0] for fault in error.value.faults} == {"a.yaml", "b.yaml"}


def test_the_manifest_holds_all_and_repeats_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["run", "baseline", "--trials", "20", "--reform", TWO[0], "--reform", TWO[1], "-q"]
    assert run_cli(words) == 0
    folder = tmp_path / "out" / "baseline+exchange-500+trade-30"
    written = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert written["reform"]["parts"] == [{"name": name, "text": load_reform(name).text} for name in TWO]
    again = read_manifest(folder / "manifest.json")
    assert again.scenario.reform_name == "exchange-500+trade-30"
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert run_cli(["run", "--from", str(folder / "manifest.json"), "-q"]) == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


@pytest.mark.parametrize("parts", ["x", [1], [{"name": "x"}], [{"name": 1, "text": "x"}]])
def test_a_manifest_whose_parts_are_no_reforms_is_refused(tmp_path, parts):
    cs.load_scenario("baseline").run(5, reform=TWO).write(tmp_path)
    path = tmp_path / "manifest.json"
    written = json.loads(path.read_text(encoding="utf-8"))
    written["reform"]["parts"] = parts
    path.write_text(json.dumps(written), encoding="utf-8")
    with pytest.raises(FaultyInput, match=r"reform\.parts"):
        read_manifest(path)


@pytest.mark.parametrize("command", [["measure", "--json"], ["check", "baseline"]])
def test_other_commands_take_several_too(command, capsys):
    assert run_cli([*command, "--reform", TWO[0], "--reform", TWO[1]]) == 0
    told = capsys.readouterr().out
    if command[0] == "measure":
        changed = {value["reform"] for row in json.loads(told) for value in row["values"]}
        assert changed >= set(TWO)
    assert run_cli([*command, "--reform", TWO[0], "--reform", TWO[0]]) != 0
