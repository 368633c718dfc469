"""Modes of strangers (examples/) are used like our own: run, assessed, put into the template, turned, looked up."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from comparing import made_scenario, write_scenario
from places import ROOT

from changji_sim.adjustable import adjustables
from changji_sim.api.scenario import load_scenario
from changji_sim.cli import FAULTY_INPUT, FINE, run_cli
from changji_sim.kernel.simulate import simulate
from changji_sim.modes.plugin_loading import folder_of, installed_modes
from changji_sim.scenario_file.draft import Draft

EXAMPLES = ROOT / "examples"
STRANGERS = ("first_sale_insurance", "innovation_voucher", "prize_to_equity")
FOLDER = EXAMPLES / "first_sale_insurance"
YUAN_A_WAN = 10_000

SCENARIO = {
    "doubt": False,
    "pools": {"makers": {"size": 20}},
    "envelopes": {"total": 1000},
    "items": {
        "first_sale": {
            "category": "environment",
            "title": "首台套保险",
            "mode": "first_sale_insurance",
            "guide": {
                "share": 0.8,
                "yearly_step": 0.2,
                "max_years": 3,
                "max_applicant_year_wan": 30,
                "when_short": "defer",
            },
            "assumptions": {"applications": 5, "columns": {"first_premium_wan": {"uniform": [5, 20]}}},
        },
        "exchange": {
            "guide": {"when_short": "partial"},
            "assumptions": {"applications": 5, "columns": {"requested_wan": {"fixed": 6}, "term_years": {"fixed": 1}}},
        },
    },
}


@pytest.fixture(scope="module", autouse=True)
def found():
    """All three are found by the environment, as a bureau would have it."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CHANGJI_PLUGINS", os.pathsep.join(str(EXAMPLES / name) for name in STRANGERS))
        yield


@pytest.fixture(scope="module")
def run(tmp_path_factory, found) -> Path:
    """The folder of a run of the three."""
    folder = tmp_path_factory.mktemp("three")
    path = EXAMPLES / "three_modes.yaml"
    assert run_cli(["run", str(path), "--trials", "100", "--seed", "1", "-o", str(folder), "-q"]) == FINE
    return folder


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """An empty folder to work in, with a scenario of one of them."""
    write_scenario(tmp_path, SCENARIO, "machines")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def means(folder: Path) -> dict[tuple[str, ...], float]:
    with (folder / "budget.csv").open(encoding="utf-8-sig", newline="") as file:
        return {(row["item"], row["year"], row["flow"]): float(row["mean_wan"]) for row in csv.DictReader(file)}


def test_all_three_are_in_a_run(run):
    mean = means(run)
    assert all(mean[name, "2026", "demand"] > 0 and mean[name, "2026", "payment"] > 0 for name in STRANGERS)
    assert mean["innovation_voucher", "2026", "cut:item_year_max"] > 0
    assert mean["innovation_voucher", "2026", "entitlement"] <= 150
    assert mean["first_sale_insurance", "2027", "payment_carried"] > 0
    assert mean["prize_to_equity", "2029", "recovery"] > 0


def test_all_three_are_checked_looked_up_and_in_the_template(folder, capsys):
    path = str(EXAMPLES / "three_modes.yaml")
    assert run_cli(["check", path]) == FINE
    assert run_cli(["measure", "12", "--scenario", path, "--json"]) == FINE
    rows = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {row["mode"] for row in rows if "own_item" in row} == set(STRANGERS)
    assert run_cli(["measure", "12", "--scenario", path]) == FINE
    assert (
        "Innovation vouchers (innovation_voucher), in 创新环境建设专项 (第十二条)"
        in capsys.readouterr().out.replace("\n", " ")
    )
    assert run_cli(["template", "applications.xlsx", "--scenario", path]) == FINE
    book = openpyxl.load_workbook(folder / "applications.xlsx")
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert {"首年保费（万元）", "服务费用（万元）", "企业估值（万元）"} <= cells


def test_the_desk_turns_their_terms_with_no_line_written_for_them():
    found = {(one.group, one.title): one for one in adjustables(Draft(EXAMPLES / "three_modes.yaml"))}
    for group, title, unit in (
        ("innovation_voucher", "兑付比例", "%"), ("innovation_voucher", "最低费用", "万元"),
        ("first_sale_insurance", "逐年降幅", "%"), ("prize_to_equity", "奖金", "万元"),
    ):  # fmt: skip
        assert found[group, title].unit == unit


@pytest.mark.slow
def test_the_folder_or_the_environment_or_both_give_the_same(run, tmp_path, capsys):
    """Found twice, a file is one plugin; the order in which the folders are named changes no byte."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CHANGJI_PLUGINS", os.pathsep.join(str(EXAMPLES / name) for name in STRANGERS[::-1]))
        words = ["run", str(EXAMPLES / "three_modes.yaml"), "--trials", "100", "--seed", "1", "-q"]
        assert run_cli([*words, "--plugins-dir", str(FOLDER), "-o", str(tmp_path)]) == FINE
    assert "set aside" not in capsys.readouterr().err
    assert (tmp_path / "budget.csv").read_bytes() == (run / "budget.csv").read_bytes()


def test_one_that_is_left_out_is_refused_by_name_where_it_is_needed(folder, capsys):
    path = str(EXAMPLES / "three_modes.yaml")
    assert run_cli(["check", path, "-p", "no:innovation_voucher"]) == FAULTY_INPUT
    assert "the mode 'innovation_voucher' is not installed" in capsys.readouterr().err
    assert run_cli(["plugins", "-p", "no:grant", "-p", "no:prize_to_equity", "--json"]) == FINE
    names = {plugin["name"] for plugin in json.loads(capsys.readouterr().out)}
    assert {"award", "innovation_voucher"} <= names and not {"grant", "prize_to_equity"} & names
    assert "grant" in installed_modes(), "left out for that command alone"
    assert run_cli(["check", path, "-p", "no:innovation_vouche"]) == FAULTY_INPUT
    assert "did you mean 'innovation_voucher'" in capsys.readouterr().err
    assert run_cli(["check", path, "-p", "innovation_voucher"]) == FAULTY_INPUT
    assert "write no:NAME" in capsys.readouterr().err


def test_a_folder_of_the_environment_that_is_not_there_is_a_fault(folder, capsys, monkeypatch):
    monkeypatch.setenv("CHANGJI_PLUGINS", "nosuch")
    assert run_cli(["check", "baseline"]) == FAULTY_INPUT
    assert "nosuch: there is no such folder of plugins (CHANGJI_PLUGINS)" in capsys.readouterr().err


# --- one of them, by its folder ---------------------------------------------------------------------------------------


def test_its_formula_in_a_run(tmp_path):
    """0.8 + 0.6 + 0.4 of the premium are promised, and paid year by year in these proportions."""
    scenario = made_scenario(tmp_path, SCENARIO, plugins_dir=FOLDER)
    item = next(item for item in scenario.items if item.key == "first_sale")
    assert type(item.modes[2026]) is installed_modes(FOLDER)["first_sale_insurance"]
    flows = simulate(scenario, 200, 1).flows
    first, carried = flows.fen("first_sale", 2026, "payment"), flows.fen("first_sale", 2027, "payment_carried")
    committed = flows.fen("first_sale", 2026, "commitment")
    assert committed.any()
    np.testing.assert_allclose(first, committed * 0.8 / 1.8, atol=100)
    np.testing.assert_allclose(carried, committed * 0.6 / 1.8, atol=100)
    assert flows.fen("first_sale", 2031, "payment").any()  # 2029's last year
    assert not flows.fen("first_sale", 2032, "payment").any()
    assert (flows.fen("first_sale", 2026, "cut:applicant_year_max") >= 0).all()


def test_it_runs_and_is_repeated_and_without_its_folder_says_which_mode_is_missing(folder, capsys, monkeypatch):
    monkeypatch.delenv("CHANGJI_PLUGINS")
    words = ["run", "machines.yaml", "--trials", "50", "--plugins-dir", str(FOLDER), "-o", "out"]
    assert run_cli(words) == FINE
    how = capsys.readouterr().out.replace("\n", " ")
    assert f"changji-sim run --from {Path('out') / 'manifest.json'} --plugins-dir {FOLDER}" in how
    assert run_cli(["run", "--from", "out/manifest.json", "--plugins-dir", str(FOLDER)]) == FINE
    capsys.readouterr()
    assert run_cli(["run", "--from", "out/manifest.json"]) == FAULTY_INPUT
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "first_sale_insurance" in said and "--plugins-dir" in said
    assert run_cli(["run", "machines.yaml"]) == FAULTY_INPUT
    said = capsys.readouterr().err
    assert "the mode 'first_sale_insurance' is not installed" in said and "Traceback" not in said


def test_two_folders_may_hold_files_of_one_name(tmp_path, monkeypatch):
    monkeypatch.delenv("CHANGJI_PLUGINS")
    source = FOLDER / "first_sale_insurance.py"
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        text = source.read_text(encoding="utf-8").replace('"first_sale_insurance"', f'"{name}_insurance"')
        (tmp_path / name / source.name).write_text(text, encoding="utf-8")
    one, other = (installed_modes(tmp_path / name)[f"{name}_insurance"] for name in ("one", "other"))
    assert folder_of([one()]) == tmp_path / "one"
    assert folder_of([other()]) == tmp_path / "other"


def test_it_assesses_real_applications(folder):
    rows = [
        "application_id,item,applicant,submitted,first_premium_wan",
        "A1,first_sale,甲机械厂,2026-03-01,10",
        "A2,首台套保险,甲机械厂,2026-04-01,9.9999",
        "A3,first_sale,乙机械厂,2026-02-01,20",
    ]
    (folder / "rows.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert run_cli(["assess", "rows.csv", "--scenario", "machines.yaml", "-o", "assessed.csv"]) == FINE
    with (folder / "assessed.csv").open(encoding="utf-8-sig", newline="") as file:
        found = {row["application_id"]: row for row in csv.DictReader(file)}
    # 1.8 × 10 = 18 and 1.8 × 9.9999 = 17.99982 → 17.9998; together at most 30 a firm and year
    demand = {key: float(row["demand_wan"]) for key, row in found.items()}
    assert demand == {"A1": 18.0, "A2": 17.9998, "A3": 36.0}
    assert {key: round(float(row["entitlement_wan"]) * YUAN_A_WAN) for key, row in found.items()} == {
        "A1": 180_000,
        "A2": 120_000,
        "A3": 300_000,
    }
    assert found["A2"]["bound_by"] == "applicant_year_max"
    assert found["A1"]["bound_by"] == ""


def test_a_voucher_says_why_it_pays_nothing(folder):
    rows = [
        "申报编号,支持方向,申报单位,申报日期,服务费用（万元）,与服务机构无隶属关系",
        "V1,科技创新券,某新材料公司,2026-03-01,10,是",
        "V2,科技创新券,某新材料公司,2026-04-01,18,是",
        "V3,科技创新券,某仪器公司,2026-04-01,0.3,是",
        "V4,科技创新券,某软件公司,2026-04-01,6,否",
    ]
    (folder / "rows.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    scenario = str(EXAMPLES / "three_modes.yaml")
    assert run_cli(["assess", "rows.csv", "--scenario", scenario, "-o", "assessed.csv"]) == FINE
    with (folder / "assessed.csv").open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    assert [float(row["entitlement_wan"]) for row in found] == [4.0, 6.0, 0.0, 0.0]
    said = [" ".join(row.values()) for row in found]
    assert "a bill below 0.5万 gets nothing" in said[2] and "the laboratory belongs to the firm" in said[3]


def test_a_scenario_with_an_item_left_out_keeps_saying_so(folder):
    (folder / "less.yaml").write_text(
        f"extends: {EXAMPLES / 'three_modes.yaml'}\nname: less\nleft_out: {{prize_to_equity: 还未定}}\n",
        encoding="utf-8",
    )
    scenario = load_scenario("less.yaml")
    assert "prize_to_equity" not in {item.key for item in scenario.items}
    result = scenario.run(trials=5)
    assert "各项合计均不含“大赛奖金转股权”：还未定。" in result.notes("zh")
