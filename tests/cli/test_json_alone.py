"""``--json``: UTF-8 whatever the terminal, and nothing beside it that a plugin prints."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from changji_sim.cli import FAULTY_INPUT, FINE, run_cli

CHATTY = '''
import os
import changji_sim as cs

print("loading")
if os.environ.get("PAST_PYTHON"):
    os.write(1, b"past Python\\n")


class Voucher(cs.SupportMode):
    """A voucher."""

    key = "voucher"
    title = "创新券"
    columns = [cs.Column("voucher_wan", label="券面金额")]

    def demand(self, applications):
        print("asked")
        return applications.voucher_wan


@cs.hookimpl
def register_support_modes(register):
    register(Voucher)
'''
SCENARIO = """\
name: vouchers
extends: baseline
items:
  vouchers:
    category: environment
    title: 创新券
    mode: voucher
    guide: {max_applicant_year_wan: 10}
    assumptions: {applications: 3, count: fixed, columns: {voucher_wan: {fixed: 4}}}
"""
RARE = "昌吉䶮科技公司"  # a character that GBK lacks


@pytest.fixture
def chatty(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("modes").mkdir()
    Path("modes/chatty.py").write_text(CHATTY, encoding="utf-8")
    Path("vouchers.yaml").write_text(SCENARIO, encoding="utf-8")
    return ["--plugins-dir", "modes", "--json"]


@pytest.mark.parametrize("words", [["check", "vouchers.yaml"], ["run", "vouchers.yaml", "--trials", "3"], ["plugins"]])
def test_what_a_plugin_prints_goes_to_stderr(chatty, capsys, words):
    assert run_cli([*words, *chatty]) == FINE
    told = capsys.readouterr()
    json.loads(told.out)
    assert ("asked" in told.err) == (words[0] != "plugins")


def test_standard_output_is_as_it_was_behind_a_command(chatty, capsys):
    run_cli(["check", "vouchers.yaml", *chatty])
    print("behind")
    assert capsys.readouterr().out.endswith("behind\n")
    run_cli(["check", "vouchers.yaml", *chatty[:2]])
    assert "no faults" in capsys.readouterr().out


def test_a_register_with_a_rare_character_keeps_it(tmp_path, capsysbinary):
    row = {
        "申报编号": "A1",
        "支持方向": "科技交流活动",
        "申报单位": RARE,
        "申报日期": "2026-03-01",
        "申请金额（万元）": 5,
    }
    pd.DataFrame([row]).to_excel(tmp_path / "rare.xlsx", index=False)
    assert run_cli(["assess", str(tmp_path / "rare.xlsx"), "--json"]) == FINE
    assert json.loads(capsysbinary.readouterr().out.decode("utf-8"))["rows"][0]["申报单位"] == RARE


@pytest.mark.slow
@pytest.mark.subprocess
@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_a_process_of_its_own_prints_json_alone_in_utf_8(chatty, encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "CHANGJI_LANGUAGE": "zh", "PAST_PYTHON": "1"}
    text = SCENARIO.replace("applications: 3", "applications: -3").replace("title: 创新券", f"title: {RARE}")
    Path("vouchers.yaml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "changji_sim", "check", "vouchers.yaml", *chatty]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert done.returncode == FAULTY_INPUT
    faults = json.loads(done.stdout.decode("utf-8"))
    assert any("applications" in fault["what"] and "-3" in fault["what"] for fault in faults)
    assert b"past Python" in done.stderr and b"loading" in done.stderr
