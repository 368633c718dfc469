"""A stranger's mode, one file in a folder, is used like our own: listed, run, assessed and put into the template."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from comparing import made_scenario, write_scenario
from places import SUPPORT

from changji_sim.kernel.simulate import simulate
from changji_sim.modes.plugin_loading import folder_of, installed_modes

FOLDER = SUPPORT / "first_sale_insurance"
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


@pytest.fixture
def command(tmp_path):
    """``changji-sim`` in a process of its own, in a folder with the scenario."""
    write_scenario(tmp_path, SCENARIO, "machines")

    def run(*words: str, ends_with: int = 0) -> subprocess.CompletedProcess:
        program = Path(sys.executable).with_name("changji-sim")
        done = subprocess.run([program, *words], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
        assert done.returncode == ends_with, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    return run


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


@pytest.mark.subprocess
def test_it_is_listed(command):
    assert "first_sale_insurance" in command("plugins", "--plugins-dir", str(FOLDER)).stdout
    assert "first_sale_insurance" not in command("plugins").stdout


@pytest.mark.subprocess
def test_it_runs(command, tmp_path):
    words = ("run", "machines.yaml", "--trials", "200", "--seed", "1", "--plugins-dir", str(FOLDER), "-o", "out")
    how = command(*words).stdout.replace("\n", " ")
    assert f"changji-sim run --from out/manifest.json --plugins-dir {FOLDER}" in how
    with (tmp_path / "out" / "budget.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["item"] == "first_sale"]
    mean = {(row["year"], row["flow"]): float(row["mean_wan"]) for row in rows}
    assert mean["2026", "demand"] > 0
    assert mean["2027", "payment_carried"] > 0


@pytest.mark.slow
@pytest.mark.subprocess
def test_repeated_without_its_folder_the_run_says_which_mode_is_missing(command):
    command("run", "machines.yaml", "--trials", "20", "--plugins-dir", str(FOLDER), "-o", "out")
    said = command("run", "--from", "out/manifest.json", ends_with=2).stderr
    assert said.count("\n") == 1
    assert "first_sale_insurance" in said and "--plugins-dir" in said


def test_two_folders_may_hold_files_of_one_name(tmp_path):
    source = FOLDER / "first_sale_insurance.py"
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        text = source.read_text(encoding="utf-8").replace('"first_sale_insurance"', f'"{name}_insurance"')
        (tmp_path / name / source.name).write_text(text, encoding="utf-8")
    one, other = (installed_modes(tmp_path / name)[f"{name}_insurance"] for name in ("one", "other"))
    assert folder_of([one()]) == tmp_path / "one"
    assert folder_of([other()]) == tmp_path / "other"


@pytest.mark.subprocess
def test_without_its_folder_the_scenario_is_refused_with_a_sentence(tmp_path):
    write_scenario(tmp_path, SCENARIO, "machines")
    program = Path(sys.executable).with_name("changji-sim")
    done = subprocess.run(
        [program, "run", "machines.yaml"], cwd=tmp_path, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode != 0
    assert "first_sale_insurance" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.subprocess
def test_it_assesses_real_applications(command, tmp_path):
    rows = [
        "application_id,item,applicant,submitted,first_premium_wan",
        "A1,first_sale,甲机械厂,2026-03-01,10",
        "A2,首台套保险,甲机械厂,2026-04-01,9.9999",
        "A3,first_sale,乙机械厂,2026-02-01,20",
    ]
    (tmp_path / "rows.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    command("assess", "rows.csv", "--scenario", "machines.yaml", "--plugins-dir", str(FOLDER), "-o", "assessed.csv")
    with (tmp_path / "assessed.csv").open(encoding="utf-8-sig", newline="") as file:
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


@pytest.mark.subprocess
def test_its_column_is_in_the_template(command, tmp_path):
    command("template", "applications.xlsx", "--scenario", "machines.yaml", "--plugins-dir", str(FOLDER))
    book = openpyxl.load_workbook(tmp_path / "applications.xlsx")
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert any("首年保费" in text for text in cells)
