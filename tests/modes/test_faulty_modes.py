"""A stranger's mode that does wrong is named — file, mode, method, what was found — and never the program blamed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from changji_sim import load_scenario
from changji_sim.assess.assess_applications import assess_file
from changji_sim.base.faults import FaultyInput
from changji_sim.base.messages import text_of
from changji_sim.cli import FAULTY_INPUT, run_cli
from changji_sim.modes.mode_guard import ModeFault, Place
from changji_sim.modes.plugin_loading import load_plugins
from changji_sim.modes.support_mode import Applications, SupportMode

MODE = """
import numpy as np
import changji_sim as cs


class Bad(cs.SupportMode):
    key = "bad"
    title = "坏方式"
    recovery_years = 3
    columns = [cs.Column("price_wan", label="价格")]

    def demand(self, applications):
        return applications.price_wan

{more}

@cs.hookimpl
def register_support_modes(register):
    register(Bad)
"""
SCENARIO = """\
extends: baseline
name: mine
items:
  thing:
    category: environment
    title: 东西
    mode: bad
    assumptions:
      applications: 4
      columns:
        price_wan: {lognormal: {median: 5, sigma: 0.5}}
"""
LATER = "len(applications) > 1"  # one row alone, as it is tried out with the scenario, is fine


def method(name: str, body: str) -> str:
    arguments = {"demand": "applications", "recoveries": "holdings, year"}.get(name, "commitments")
    lines = "".join(f"        {line}\n" for line in body.split("; "))
    return f"    def {name}(self, {arguments}):\n{lines}"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "modes").mkdir()
    return tmp_path


def put(folder: Path, more: str) -> None:
    (folder / "modes" / "stranger.py").write_text(MODE.format(more=more), encoding="utf-8")


BAD = [
    ("demand", "return 1 / 0", "raised ZeroDivisionError: division by zero"),
    ("demand", "raise SystemExit(3)", "raised SystemExit: 3"),
    ("demand", "applications.price_wan[:] = 0; return applications.price_wan", "changes the table it is given"),
    ("demand", "raise BaseException('hm')", "raised BaseException: hm"),
    ("demand", "raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})()", "raised E"),
    (
        "demand",
        "x = applications.price_wan; x.flags.writeable = True; x[:] = 1; return x",
        "changes the table it is given",
    ),
    ("demand", "return applications.price_wan * 1j", "gave complex numbers"),
    ("demand", "return np.full(len(applications), 'viel')", "gave text ('viel'); numbers are needed"),
    ("demand", "return [None] * len(applications)", "gave objects"),
    ("demand", "return np.ones((len(applications), 3))", "gave the shape (1, 3) for 1 rows"),
    ("demand", "return -applications.price_wan", "0 to 10,000,000 is allowed"),
    ("demand", "return applications.weight_wan", "have no column 'weight_wan'"),
    ("payments", "raise KeyError('x')", "raised KeyError: 'x'"),
    ("payments", "return ['0.5', '0.5']", "gave text ('0.5')"),
    ("payments", "return np.array([0.5, 0.5j])", "gave complex numbers"),
    ("payments", "return [0.5, 0.4]", "gave the shares 0.5, 0.4; the payments of a commitment must add up to 1"),
    ("payments", "return [[0.5, 0.5], [1]]", "lists of different lengths"),
    ("payments", "return np.ones((5, 1, 1))", "gave the shape (5, 1, 1)"),
    ("stops", "return 'never'", "gave text"),
    ("stops", "return np.full(len(commitments), 0.0)", "gave 0; year offsets from 1 up to NEVER (99) are needed"),
    ("stops", "return np.full(len(commitments), 1.5)", "gave 1.5; a year offset has no parts of a year"),
    ("stops", "return np.full(len(commitments), 1e19)", "gave 1e+19; year offsets from 1 up to NEVER (99) are needed"),
    ("stops", "return np.full(len(commitments), np.nan)", "gave nan; year offsets"),
    ("exits", "return np.full(len(commitments), -1)", "gave -1; year offsets from 0 up to NEVER (99) are needed"),
    ("exits", "return np.zeros(7)", "gave the shape (7,) for 1 rows"),
]


@pytest.mark.parametrize(("name", "body", "says"), BAD)
def test_what_one_application_shows_is_said_with_the_scenario(folder, name, body, says):
    put(folder, method(name, body))
    with pytest.raises(FaultyInput) as caught:
        load_scenario(folder / "mine.yaml", plugins_dir=folder / "modes")
    said = "\n".join(str(fault) for fault in caught.value.faults if not fault.is_warning)
    assert said.startswith(f"mine.yaml:4: thing: 坏方式 (bad, stranger.py): {name}() ")
    assert says in said


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("demand", f"return 1 / 0 if {LATER} else applications.price_wan", "raised ZeroDivisionError"),
        ("demand", f"return applications.price_wan[:3] if {LATER} else applications.price_wan", "gave the shape (3,)"),
        (
            "demand",
            "return np.where(np.arange(len(applications)) == 2, np.nan, 1.0)",
            "in row 3",
        ),
        ("payments", "return [2, -1] if len(commitments) > 1 else [1]", "gave the shares 2, -1"),
        ("recoveries", "raise RuntimeError('no bank')", "raised RuntimeError: no bank"),
        ("recoveries", "return 'much'", "gave text ('much')"),
        ("recoveries", "return np.ones(len(holdings)) * 1j", "gave complex numbers"),
        ("recoveries", "return np.ones((len(holdings), 2))", "it must be ("),
        ("recoveries", "return np.full(len(holdings), np.nan)", "gave nan 万元"),
    ],
)
def test_what_only_a_run_shows_ends_it_with_a_sentence(folder, capsys, name, body, says):
    put(folder, method(name, body))
    assert run_cli(["run", "mine.yaml", "--trials", "20", "--plugins-dir", "modes", "-o", "out", "-q"]) == FAULTY_INPUT
    err = capsys.readouterr().err
    assert f"mine.yaml:4: thing: 坏方式 (bad, stranger.py): {name}() " in err and says in err
    assert "Traceback" not in err and "changji-sim itself" not in err
    assert not (folder / "out").exists()


def test_an_interrupt_in_a_mode_still_interrupts(folder):
    put(folder, method("demand", "raise KeyboardInterrupt"))
    with pytest.raises(KeyboardInterrupt):
        load_scenario(folder / "mine.yaml", plugins_dir=folder / "modes")


@pytest.mark.parametrize("made", [np.arange(3.0), np.arange(6)[::2], np.broadcast_to(2.0, 3), np.zeros(3, bool)])
def test_no_column_lent_can_be_written_nor_is_it_copied(made):
    lent = Applications({"price_wan": made}, 2026, 3).read_only().price_wan
    assert np.shares_memory(lent, made) and lent.strides == made.strides and lent.dtype == made.dtype
    with pytest.raises(ValueError, match="WRITEABLE"):
        lent.flags.writeable = True


def test_assess_names_the_row_and_the_method(folder):
    put(folder, method("demand", "return np.where(applications.price_wan > 8, 1j, 1)"))
    put(folder, method("demand", "return 1 / 0 if (applications.price_wan > 80).any() else applications.price_wan"))
    rows = folder / "rows.csv"
    rows.write_text(
        "application_id,item,applicant,submitted,price_wan\n1,thing,甲,2026-03-01,5\n2,thing,甲,2026-03-01,90\n",
        encoding="utf-8",
    )
    with pytest.raises(FaultyInput) as caught:
        assess_file(rows, scenario=folder / "mine.yaml", plugins_dir=folder / "modes", out=False)
    (fault,) = caught.value.faults
    assert fault.where == "rows.csv row 3"
    assert "坏方式 (bad, stranger.py): demand() raised ZeroDivisionError" in fault.what


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ("    claim_years = 'two'\n", "claim_years of Bad is 'two'"),
        ("    columns = ['price_wan']\n", "columns of Bad holds 'price_wan'"),
        ("    caps = ('all',)\n", "caps of Bad holds 'all'"),
        ("    caps = (cs.Cap('c', 'application', term='most'),)\n", "'most', which is no term"),
        ("    del demand\n", "does not say what it asks"),
    ],
)
def test_a_scenario_that_uses_a_failed_plugins_mode_quotes_its_reason(folder, more, reason):
    put(folder, more)
    (failed,) = [plugin for plugin in load_plugins(folder / "modes") if plugin.failure]
    with pytest.raises(FaultyInput) as caught:
        load_scenario(folder / "mine.yaml", plugins_dir=folder / "modes")
    said = str(caught.value)
    assert "the mode 'bad' is not installed" in said and "--plugins-dir" in said
    assert f"failed to load: stranger.py: {failed.failure}" in said and reason in said


@pytest.mark.parametrize("command", ["run", "check", "assess", "template", "plugins"])
def test_a_folder_of_plugins_that_is_not_there_is_a_fault(folder, capsys, command):
    (folder / "rows.csv").write_text("application_id,item,applicant,submitted\n", encoding="utf-8")
    words = {"run": ["baseline", "--trials", "5"], "check": ["baseline"], "assess": ["rows.csv"]}.get(command, [])
    assert run_cli([command, *words, "--plugins-dir", "nosuch"]) == FAULTY_INPUT
    assert "nosuch: there is no such folder of plugins" in capsys.readouterr().err


def test_a_distribution_that_goes_beyond_all_bounds_is_named_with_its_item(folder, capsys):
    text = "extends: baseline\nitems:\n  exchange:\n    assumptions:\n      columns:\n"
    (folder / "mine.yaml").write_text(
        f"{text}        requested_wan: {{lognormal: {{median: 10000, sigma: 4}}}}\n", encoding="utf-8"
    )
    assert run_cli(["run", "mine.yaml", "--trials", "200", "-q"]) == FAULTY_INPUT
    err = capsys.readouterr().err
    assert "mine.yaml:6: exchange: 购买服务 (service_purchase, service_purchase.py): demand() gave" in err
    assert "look at how its columns are drawn" in err


# --- terms that do not go together ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "term", "says"),
    [
        ("insurance_premium", "ratios: [0.5, 1.5]", "found 1.5; a ratio lies between 0 and 1"),
        ("transfer_project", "stages: [1.5, 0]", "must add up to 1"),
        ("loan_interest", "lpr: [[2025-05-20, 0.03, 0.035], [2024-01-20, 0.03, 0.035]]", "the days must ascend"),
        ("loan_interest", "lpr: [[2025-05-20, 0.03, 0.035], [2025-05-20, 0.03, 0.035]]", "each once"),
        ("loan_interest", "lpr: [[2025-05-20, 0.03]]", "each row is [day, one-year LPR, five-year LPR]"),
        ("loan_interest", "lpr: [0.03]", "each row is [day, one-year LPR, five-year LPR]"),
        ("loan_interest", "lpr: [[2025-05-20, 3.0, 3.5]]", "3.85% is 0.0385"),
        ("loan_interest", "lpr: [['2025年5月', 0.03, 0.035]]", "a day such as 2025-05-20"),
    ],
)
def test_terms_that_cannot_be_are_refused(folder, item, term, says):
    (folder / "mine.yaml").write_text(
        f"extends: baseline\nitems:\n  {item}:\n    guide:\n      {term}\n", encoding="utf-8"
    )
    with pytest.raises(FaultyInput) as caught:
        load_scenario(folder / "mine.yaml")
    (fault,) = caught.value.faults
    assert fault.text("en").startswith("mine.yaml:5: ") and says in fault.text("en")
    assert "；" in fault.text("zh") and "found" not in fault.text("zh")


@pytest.mark.parametrize(
    ("start", "rate"),
    [
        ("2024-10-20", 0.0335),  # the day before a quote
        ("2024-10-21", 0.0310),  # its day
        ("2025-05-19", 0.0310),  # months later, nothing in between
        ("2026-01-02", 0.0300),
        ("2020-04-20", 0.0385),
    ],
)
def test_a_loan_takes_the_latest_quote_on_or_before_the_day_it_starts(start, rate):
    """100万 at 5% for a month, half of the interest at the LPR: rate × 100 ÷ 12 ÷ 2."""
    mode = next(item for item in load_scenario("baseline").items if item.key == "loan_interest").modes[2026]
    day = np.array([np.datetime64(start).astype(float)])
    columns = {"principal_wan": [100.0], "annual_rate": [0.05], "months": [1.0], "repayment": [0.0]}
    loans = {name: np.array(values) for name, values in columns.items()} | {"start": day}
    assert mode.demand(Applications(loans, int(start[:4]), 1)).sum() == pytest.approx(rate * 100 / 24)


def test_a_loan_that_starts_before_the_first_quote_is_refused(folder):
    with pytest.raises(FaultyInput) as caught:
        assess_file(loan(folder, "2019-03-01"), out=False)
    (fault,) = caught.value.faults
    assert fault.where == "loan.csv row 2"
    assert "a loan starts 2019-03-01, before the first LPR of the guide (2020-04-20); add a row" in fault.what


def loan(folder, start):
    path = folder / "loan.csv"
    path.write_text(
        "application_id,item,applicant,submitted,principal_wan,annual_rate,start,months\n"
        f"1,loan_interest,甲,2026-01-05,100,0.05,{start},1\n",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (np.array(["x"]), "demand() 给出的是文字 ('x')；应为数字"),
        (np.ones(3), "demand() 1 行给出的形状为 (3,)；应为 (1,)或(1, 1)"),
        (np.array([-5.0]), "demand() 第 1 行给出 -5 万元；允许 0 至 10,000,000"),
        (KeyError("price"), "demand() 出错 KeyError：'price'"),
    ],
)
def test_a_modes_fault_is_a_chinese_sentence_too(answer, sentence):
    class Bad(SupportMode):
        key, title = "bad", "坏方式"

        def demand(self, applications):
            if isinstance(answer, Exception):
                raise answer
            return answer

    mode = Bad()
    mode.place = Place("mine.yaml:3", "mine")
    with pytest.raises(ModeFault) as caught:
        mode.demand(Applications({"is_enterprise": np.ones(1)}, 2026, 1))
    (fault,) = caught.value.faults
    said = (
        f"mine.yaml:3：mine：坏方式（bad，test_faulty_modes.py）：{sentence}；可重现的最小一例：2026年：is_enterprise 1"
    )
    assert fault.text("zh") == said


def test_a_plugin_that_fails_says_so_in_chinese(tmp_path):
    (tmp_path / "empty.py").write_text("x = 1\n", encoding="utf-8")
    (failed,) = [plugin for plugin in load_plugins(tmp_path) if plugin.failure]
    assert "没有登记任何支持方式；请实现 register_support_modes(register)" in text_of(failed.failure, "zh")
    assert "it registers no support mode" in failed.failure
