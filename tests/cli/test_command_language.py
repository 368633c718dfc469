"""The command line in the reader's language: help, errors, tables and sentences, in Chinese and in English."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from changji_sim.assess.assess_applications import EXAMPLE
from changji_sim.cli import FAULTY_INPUT, FINE, cli, run_cli

TRIALS = "40"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
IN_BRACKETS = re.compile(r"\([^()]*\)|（[^（）]*）")
TYPED = re.compile(  # what stays as it is typed: options, keys, files, commands, names of scenarios, numbers
    r"--?[\w-]+|zh\|en|\S*[./_]\S*|changji-sim( \w+)?"
    r"|\b(UTF-8|JSON|Excel|Word|PDF|CHANGJI_LANGUAGE|CHANGJI_PLUGINS|no:|grant|exchange(-500)?|baseline|growth|Ctrl-C|localhost)\b"
    r"|\b(need|entitlement|commitment|payment|lacking|grid|list|sobol|Dask|CSV|Parquet)\b"
)
COMMANDS = [None, *cli.commands]
EIGHT_FAULTS = """extends: baseline
itmes: {}
growth: -5
years: [2026, 2040]
items:
  core_technology:
    guide:
      max_investment_share: 0.25
      max_application_wan: many
  exchnge:
    guide: {max_item_year_wan: 3}
  exchange:
    guide: {max_item_year_wan: 900, places: -1}
"""


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def help_of(command, language, capsys):
    assert run_cli([*([command] if command else []), "--help", "--language", language]) == FINE
    return capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_chinese_help_has_no_english_left(command, capsys):
    page = help_of(command, "zh", capsys)
    assert page.startswith("用法：changji-sim") and "选项：" in page
    listed = "|".join(cli.commands)
    for line in page.splitlines():
        rest = TYPED.sub("", re.sub(rf"^  ({listed})(?= |$)", "", line))
        assert not re.search(r"[A-Za-z]{2,}", rest), f"{line!r} has English in it"


@pytest.mark.parametrize("command", COMMANDS)
def test_english_help_has_chinese_in_brackets_or_as_typed_words_only(command, capsys):
    page = " ".join(help_of(command, "en", capsys).split())
    assert page.startswith("Usage: changji-sim")
    rest = IN_BRACKETS.sub("", re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", page))
    for typed in ("科技交流活动", "第十一条（三）", "第十一条", "奖补"):
        rest = rest.replace(typed, "")
    assert not CHINESE.search(rest), CHINESE.findall(rest)


@pytest.mark.parametrize("command", COMMANDS)
def test_no_line_of_a_help_page_begins_with_what_closes_the_one_before(command, capsys):
    assert [
        line for line in help_of(command, "zh", capsys).splitlines() if re.match(r"\s+[\])）」》，。；：、]", line)
    ] == []


@pytest.mark.parametrize("command", cli.commands)
def test_every_explanation_ends_as_a_sentence_does(command):
    of = cli.commands[command]
    said = [of.help, of.short_help, *(one.help for one in of.params if one.param_type_name == "option")]
    ends = {"zh": "。？", "en": ".?"}
    assert [
        one.text(language) for one in said for language in ends if one.text(language)[-1] not in ends[language]
    ] == []


@pytest.mark.parametrize("command", cli.commands)
def test_every_command_and_option_is_explained_in_both_languages(command):
    from changji_sim.base.messages import Message

    of = cli.commands[command]
    said = [of.help, of.short_help, *(one.help for one in of.params if one.param_type_name == "option")]
    said += [one.metavar for one in of.params if one.param_type_name == "argument"]
    assert all(isinstance(text, Message) for text in said)
    assert any("--language" in one.opts for one in of.params)


@pytest.mark.parametrize(
    ("arguments", "chinese", "english"),
    [
        (["rum"], "没有“rum”这个命令；是否为“run”？", "No such command 'rum'; did you mean 'run'?"),
        (
            ["run", "--trails", "5"],
            "没有“--trails”这个选项；是否为“--trials”？",
            "No such option: --trails; did you mean",
        ),
        (
            ["run", "baseline", "--trials", "many"],
            "--trials：“many”不是整数",
            "--trials: 'many' is not a valid integer",
        ),
        (["explain", "--trial", "-1"], "--trial：-1 过小；最小为 0", "--trial: -1 is too small; at least 0 is allowed"),
        (["run", "baseline", "--trials"], "--trials 后应有数值", "--trials needs a value"),
        (["run", "--quiet=1"], "--quiet 后不带数值", "--quiet takes no value"),
        (["check"], "缺少参数：情景", "Missing argument SCENARIO"),
        (["check", "a", "b"], "多余的参数“b”", "'b' is one argument too many"),
        (["run"], "缺少情景", "Missing SCENARIO"),
        (["run", "baseline", "--from", "manifest.json"], "请去掉 SCENARIO", "leave out SCENARIO"),
    ],
)
def test_errors_in_the_words_of_a_command_are_said_in_either_language(arguments, chinese, english, capsys):
    for language, said in (("zh", chinese), ("en", english)):
        assert run_cli(["--language", language, *arguments]) == FAULTY_INPUT
        error = capsys.readouterr().err
        assert said in error
        assert error.startswith("用法：" if language == "zh" else "Usage: ")


def test_a_language_that_there_is_not_is_refused(capsys):
    assert run_cli(["check", "baseline", "--language", "fr"]) == FAULTY_INPUT
    assert "'fr' is none of zh, en" in capsys.readouterr().err


def test_the_language_stands_on_the_group_or_on_the_command(capsys):
    for arguments in (["--language", "zh", "check", "baseline"], ["check", "baseline", "--language=zh"]):
        assert run_cli(arguments) == FINE
        assert capsys.readouterr().out == "baseline：检查通过，未发现问题\n"
    assert run_cli(["check", "baseline"]) == FINE
    assert capsys.readouterr().out == "baseline: fine, no faults found\n"


@pytest.mark.slow
@pytest.mark.subprocess
def test_eight_faults_are_eight_sentences_in_the_language_of_the_system():
    """In a process of its own, for the language is read from its environment."""
    Path("bad.yaml").write_text(EIGHT_FAULTS, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if name not in ("CHANGJI_LANGUAGE", "LC_ALL")}
    environment |= {"LANG": "zh_CN.UTF-8", "PYTHONUTF8": "1"}
    lines = {}
    for language, options in (("zh", []), ("en", ["--language", "en"])):
        command = [sys.executable, "-m", "changji_sim", "check", "bad.yaml", *options]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)
        assert done.returncode == FAULTY_INPUT and done.stdout == ""
        lines[language] = done.stderr.strip().splitlines()
    assert len(lines["zh"]) == len(lines["en"]) == 8
    assert all(CHINESE.search(line) and line.startswith("bad.yaml:") for line in lines["zh"])
    for chinese, english in zip(lines["zh"], lines["en"], strict=True):
        assert re.match(r"bad.yaml:\d+", chinese).group() == re.match(r"bad.yaml:\d+", english).group()
        assert chinese != english


@pytest.mark.slow
def test_a_run_prints_and_writes_in_the_language_asked_for(capsys):
    assert run_cli(["run", "baseline", "--trials", TRIALS, "--language", "zh", "-o", "out"]) == FINE
    out = capsys.readouterr().out
    assert "结果文件：" in out and "复现命令：changji-sim run --from" in out and "读取 " in out
    assert "Open next" not in out and "loading" not in out
    assert run_cli(["run", "baseline", "--trials", TRIALS, "--json", "--language", "zh", "-o", "out"]) == FINE
    told = json.loads(capsys.readouterr().out)
    assert all(CHINESE.search(note) for note in told["notes"]) and "loading" in told["seconds"]


@pytest.mark.slow
def test_a_run_says_that_it_replaces_another(capsys):
    assert run_cli(["run", "baseline", "--trials", TRIALS, "-o", "out", "-q"]) == FINE
    assert capsys.readouterr().err == ""
    assert run_cli(["run", "baseline", "--trials", "5", "-o", "out", "-q"]) == FINE
    assert "out holds a run of 'baseline' with 40 trials; it is replaced" in capsys.readouterr().err


def test_assess_prints_and_notes_in_the_language_asked_for(capsys):
    arguments = ["assess", str(EXAMPLE), "--registrations", "120", "-o", "done.csv", "--language", "zh"]
    assert run_cli(arguments) == FINE
    out = capsys.readouterr().out
    assert (
        "按支持方向和年度汇总（万元）" in out
        and "办法未规定，暂按基准情景的指南取值" in out
        and "结果文件：done.csv" in out
    )
    assert run_cli([*arguments, "--json"]) == FINE
    assert all(CHINESE.search(note) for note in json.loads(capsys.readouterr().out)["notes"])


# --- names as the program prints them ---------------------------------------------------------------------------------


def test_an_item_is_known_by_title_key_or_how_it_begins(capsys):
    told = []
    for word in ("exchange", "科技交流活动", "科技交流"):
        assert run_cli(["explain", "--item", word, "--year", "2027", "--json"]) == FINE
        told.append(capsys.readouterr().out)
    assert told[0] == told[1] == told[2]
    assert run_cli(["explain", "--item", "科技交硫活动", "--language", "zh"]) == FAULTY_INPUT
    assert "是否为“科技交流活动”？" in capsys.readouterr().err
    assert run_cli(["explain", "--item", "科技"]) == FAULTY_INPUT  # several begin so
    assert "commissioner" in capsys.readouterr().err


def test_a_year_without_applications_is_said_without_an_empty_table(capsys):
    assert run_cli(["explain", "--item", "special_case", "--year", "2026", "--language", "zh", "--trial", "4"]) == FINE
    out = capsys.readouterr().out
    assert out == "该次模拟中，该支持方向该年度无申报\n"


def test_a_reform_is_known_by_its_title(capsys):
    from changji_sim import load_reform

    title = load_reform("exchange-500").title
    shown = []
    for word in ("exchange-500", title):
        assert run_cli(["measure", "13", "--reform", word, "--json"]) == FINE
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1] and "≤ 500万元" in shown[0]


def test_an_article_is_known_however_it_is_written(capsys):
    shown = []
    for word in ("11(3)", "第十一条（三）", "Art. 11(3)", "article 11.3"):
        assert run_cli(["measure", word]) == FINE
        shown.append(capsys.readouterr().out)
    assert len(set(shown)) == 1 and "a transaction" in shown[0].lower()
    assert run_cli(["measure", "11(3)", "--language", "zh"]) == FINE
    assert "条款口径" in capsys.readouterr().out


# --- what a mode may be given -----------------------------------------------------------------------------------------


def test_plugins_lists_the_terms_columns_and_caps_of_a_mode(capsys):
    for word, language in (("奖补", "zh"), ("reward_subsidy", "en")):
        assert run_cli(["plugins", word, "--language", language]) == FINE
        out = capsys.readouterr().out
        for key in ("growth_threshold", "transaction_wan", "item_year_max"):
            assert key in out
    assert "Share of the transaction" in out
    assert run_cli(["plugins", "award", "--json"]) == FINE
    about = json.loads(capsys.readouterr().out)
    assert {"tier", "platform"} <= {column["key"] for column in about["columns"]}
    assert "tiers" in {term["key"] for term in about["terms"]}
    assert all(term["title"] and term["meaning"] for term in about["terms"])
    assert run_cli(["plugins", "grants", "--language", "zh"]) == FAULTY_INPUT
    assert "没有“grants”这一支持方式" in capsys.readouterr().err


@pytest.mark.subprocess
def test_looking_up_loads_nothing_that_computes():
    """In a process of its own, for this one has loaded it all."""
    code = (
        "import sys; from changji_sim.cli import run_cli; run_cli(['measure', '11', '--json']);"
        "heavy = {'numba', 'pandas', 'openpyxl', 'param.parameterized', 'holoviews', 'rich'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
