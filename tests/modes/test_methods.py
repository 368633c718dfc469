"""Each hook and public method of a mode: what the program makes of it, by one mode that has them all.

Twice the price of 10 is asked by three applications a year: 60万 a year. Half is paid at once, three tenths the year
after, a fifth the next, but that is stopped. Two years after commitment a tenth of what was paid comes back.
"""

from __future__ import annotations

import csv
import inspect
import re
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from comparing import made_scenario, write_scenario
from places import ROOT

import changji_sim as cs
from changji_sim.assess.assess_applications import assess_file
from changji_sim.base.faults import FaultyInput
from changji_sim.base.units import FEN_A_WAN
from changji_sim.kernel.simulate import simulate
from changji_sim.modes import hookspecs
from changji_sim.modes.plugin_loading import installed_modes, load_plugins
from changji_sim.modes.support_mode import Commitments, SupportMode

MODE = '''
import numpy as np
import param
import changji_sim as cs


class Everything(cs.SupportMode):
    """Has every method there is."""

    key, title = "everything", "样样都有"
    recovery_years = 3
    columns = [cs.Column("price_wan", label="价格")]
    times = param.Number(2.0, bounds=(0, 9), label="倍数", doc="How often the price is paid.")
    most = param.Number(9.0, bounds=(0, 9), label="最多倍数", doc="The most that times may be.")

    def faulty_terms(self):
        return {} if self.times <= self.most else {"times": f"found {self.times:g}; at most {self.most:g} is allowed"}

    def demand(self, applications):
        return self.times * applications.price_wan

    def remarks(self, applications):
        return [cs.named("价格为0", "the price is 0") if not price else "" for price in applications.price_wan]

    def workings(self, applications):
        return [[cs.named(f"{p:g}乘以2", f"{p:g} times 2") if p else ""] for p in applications.price_wan]

    def payments(self, commitments):
        return np.array([0.5, 0.3, 0.2])

    def stops(self, commitments):
        return np.full(len(commitments), 2)

    def exits(self, commitments):
        return np.full(len(commitments), 2)

    def recoveries(self, holdings, year):
        return np.where(year - holdings.year == 2, 0.1 * holdings.paid_wan[:, -1], 0.0)

    def stakes(self, holdings, year):
        return np.where(year - holdings.year == 2, 0.2 * holdings.paid_wan[:, -1], 0.0), np.ones(len(holdings), int)


@cs.hookimpl
def register_support_modes(register):
    register(Everything)
'''
SCENARIO: dict[str, Any] = {
    "doubt": False,
    "pools": {"firms": {"size": 50}},
    "envelopes": {"total": 10_000},
    "items": {
        "all": {
            "category": "environment",
            "title": "全部",
            "mode": "everything",
            "guide": {"times": 2.0},
            "assumptions": {"applications": 3, "count": "fixed", "columns": {"price_wan": {"fixed": 10}}},
        }
    },
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("modes")
    (folder / "everything.py").write_text(MODE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def flows(folder) -> Any:
    """Flows of a run of five trials, 万元 by year and name; all trials are alike."""
    run = simulate(made_scenario(folder, SCENARIO, plugins_dir=folder), 5, 1)

    def of(year: int, name: str) -> float:
        fen = run.flows.fen("all", year, name)
        assert np.ptp(fen) == 0
        return float(fen[0]) / FEN_A_WAN

    return of


def test_register_support_modes(folder):
    (plugin,) = [plugin for plugin in load_plugins(folder) if plugin.name == "everything"]
    assert [mode.key for mode in plugin.modes] == ["everything"] and plugin.is_single_file and not plugin.failure


def test_demand(flows):
    assert flows(2026, "demand") == flows(2026, "commitment") == 60


def test_payments(flows):
    assert (flows(2026, "payment"), flows(2027, "payment_carried"), flows(2027, "payment")) == (30, 18, 48)


def test_stops(flows):
    assert (flows(2027, "cancelled"), flows(2028, "cancelled"), flows(2028, "payment_carried")) == (0, 12, 18)


def test_recoveries(flows):
    assert (flows(2027, "recovery"), flows(2028, "recovery")) == (0, pytest.approx(4.8))


def test_exits(folder, tmp_path, flows):
    """`recoveries` is asked in the year of an exit alone: what it would give in others is not."""
    always = MODE.replace("year - holdings.year == 2", "year - holdings.year > 0").replace('"everything"', '"always"')
    (tmp_path / "always.py").write_text(always, encoding="utf-8")
    item = {**SCENARIO["items"]["all"], "mode": "always"}
    run = simulate(made_scenario(tmp_path, SCENARIO | {"items": {"all": item}}, plugins_dir=tmp_path), 5, 1)
    assert not run.flows.fen("all", 2027, "recovery").any()
    assert run.flows.fen("all", 2028, "recovery")[0] / FEN_A_WAN == pytest.approx(4.8)


def test_stakes(folder):
    """A fifth of the 48 paid was turned into stakes the year after, and a tenth came back: half of them is lost."""
    book = cs.load_scenario(write_scenario(folder, SCENARIO, "stakes"), plugins_dir=folder).run(2, 1).equity()
    whole = book[book.item == "*"].set_index("year")
    assert whole.turned_wan[2027] == pytest.approx(9.6) and whole.held_wan[2027] == pytest.approx(9.6)
    assert whole.loss_wan[2028] == pytest.approx(4.8) and whole.loss_share[2028] == pytest.approx(0.5)


def test_remarks(folder, tmp_path):
    write_scenario(tmp_path, SCENARIO, "mine")
    rows = "application_id,item,applicant,submitted,price_wan\n1,all,甲,2026-03-01,0\n2,all,甲,2026-03-01,5\n"
    (tmp_path / "rows.csv").write_text(rows, encoding="utf-8")
    assess_file(tmp_path / "rows.csv", scenario=tmp_path / "mine.yaml", plugins_dir=folder, out=tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        said = [" ".join(row.values()) for row in csv.DictReader(file)]
    assert "the price is 0" in said[0] and "the price is 0" not in said[1]


def test_workings(folder, tmp_path):
    write_scenario(tmp_path, SCENARIO, "mine")
    rows = "application_id,item,applicant,submitted,price_wan\n1,all,甲,2026-03-01,0\n2,all,甲,2026-03-01,5\n"
    (tmp_path / "rows.csv").write_text(rows, encoding="utf-8")
    assess_file(tmp_path / "rows.csv", scenario=tmp_path / "mine.yaml", plugins_dir=folder, out=tmp_path / "out.xlsx")
    told = openpyxl.load_workbook(tmp_path / "out.xlsx")["Workings"]
    assert [row[4] for row in told.iter_rows(min_row=2, values_only=True)] == ["5 times 2"]


def test_own_columns(tmp_path):
    """The columns of an item are those that its terms name; what goes wrong in the method is a sentence."""
    mode = MODE.replace("self.times * applications.price_wan", "self.times * applications.cost_wan")
    named = mode.replace(
        "    def payments",
        '    def own_columns(self):\n        return [cs.Column("cost_wan", label="成本")]\n\n    def payments',
    )
    item = SCENARIO["items"]["all"]
    drawn = {"items": {"all": item | {"assumptions": item["assumptions"] | {"columns": {"cost_wan": {"fixed": 10}}}}}}
    (tmp_path / "named.py").write_text(named, encoding="utf-8")
    run = simulate(made_scenario(tmp_path, SCENARIO | drawn, plugins_dir=tmp_path), 2, 1)
    assert run.flows.fen("all", 2026, "asked")[0] / FEN_A_WAN == 60
    for broken, said in (
        ("[1]", "own_columns() must give columns"),
        ("1 / 0", "own_columns() raised ZeroDivisionError"),
    ):
        (tmp_path / "named.py").write_text(
            named.replace('[cs.Column("cost_wan", label="成本")]', broken), encoding="utf-8"
        )
        with pytest.raises(FaultyInput, match=re.escape(said)):
            made_scenario(tmp_path, SCENARIO | drawn, plugins_dir=tmp_path)


def test_faulty_terms(folder, tmp_path):
    item = SCENARIO["items"]["all"] | {"guide": {"times": 5.0, "most": 4.0}}
    with pytest.raises(FaultyInput, match=r"times: found 5; at most 4 is allowed"):
        made_scenario(tmp_path, SCENARIO | {"items": {"all": item}}, plugins_dir=folder)


def test_tranche_table():
    """By term and year offset: 0.5 now, 0.2 in the middle of terms over two years, the rest at the end."""
    grant = installed_modes()["grant"](first_tranche=0.5, middle_tranche=0.2)
    np.testing.assert_allclose(
        grant.tranche_table(3), [[1, 0, 0, 0], [0.5, 0.5, 0, 0], [0.5, 0, 0.5, 0], [0.5, 0.2, 0, 0.3]]
    )
    paid = grant.payments(Commitments({"term_years": np.array([3.0, 1.0])}, 2026, 2))
    np.testing.assert_allclose(paid, [[0.5, 0.2, 0, 0.3], [0.5, 0.5, 0, 0]])


# --- documented -------------------------------------------------------------------------------------------------------

DOCUMENTS = ("CONTRIBUTING.md", "CONTRIBUTING.zh-CN.md")
HOOKS = {name: hook for name, hook in vars(hookspecs).items() if name.startswith("register_")}
METHODS = {name: method for name, method in vars(SupportMode).items() if inspect.isfunction(method) and name[0] != "_"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_hook_and_method_is_documented_with_its_signature(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    for name, function in (HOOKS | METHODS).items():
        assert f"`{name}({', '.join(inspect.signature(function).parameters)})`" in text, name
    attributes = {name for name, kind in SupportMode.__annotations__.items() if "ClassVar" in str(kind)}
    table = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`\w+`[^|]*)\|", text, re.MULTILINE))))
    assert attributes <= table, attributes - table


def test_every_hook_and_method_has_a_test_of_its_name():
    assert len(METHODS) > 6
    assert [name for name in HOOKS | METHODS if not callable(globals().get(f"test_{name}"))] == []
    assert all(inspect.getdoc(function) for function in (HOOKS | METHODS).values())
