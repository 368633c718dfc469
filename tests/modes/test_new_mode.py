"""What `new-mode` writes keeps the contract unchanged, of every kind and in both forms."""

from __future__ import annotations

import json
import runpy
import sys
import tomllib
from pathlib import Path

import pytest
from every_day import some_are_slow

from changji_sim.cli import FAULTY_INPUT, FINE, run_cli
from changji_sim.measure import load_measure
from changji_sim.modes.new_mode import STARTER_KINDS
from changji_sim.modes.plugin_loading import installed_modes


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_there_is_a_start_for_each_form_of_support():
    """Of 第三条; 按比例补助 is set in a scenario file and needs no Python."""
    assert set(STARTER_KINDS) == set(load_measure().modes) <= set(installed_modes())


@pytest.mark.parametrize("kind", some_are_slow(STARTER_KINDS, ["grant"]))
def test_both_forms_pass_every_check_unchanged(kind, folder, capsys):
    words = ["new-mode", f"my_{kind}", "--kind", kind, "--title", "我的方式"]
    assert run_cli(words) == FINE and run_cli([*words, "--package"]) == FINE
    file, package = folder / f"my_{kind}.py", folder / f"my_{kind}"
    text = file.read_text(encoding="utf-8")
    assert text == (package / file.name).read_text(encoding="utf-8") and "# The formula stands here" in text
    capsys.readouterr()
    assert run_cli(["check-mode", str(package), "--json"]) == FINE
    (report,) = json.loads(capsys.readouterr().out)
    assert report["has_passed"] and report["ran"] == report["total"] == len(report["checks"])
    assert run_cli(["check", str(package / "try_it.yaml"), "--plugins-dir", str(package)]) == FINE
    project = tomllib.loads((package / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["entry-points"]["changji_sim.plugins"] == {f"my_{kind}": f"my_{kind}"}
    assert f"my_{kind}.py" in (package / "README.md").read_text(encoding="utf-8")
    tests = run_tests(package / "tests" / f"test_my_{kind}.py")
    assert tests == ["test_it_gives_what_was_worked_by_hand", "test_it_keeps_the_contract"]


def run_tests(path: Path) -> list[str]:
    """Run the tests of a package that nobody installed; their names."""
    path_before, modules = list(sys.path), set(sys.modules)
    try:
        tests = {name: one for name, one in runpy.run_path(str(path)).items() if name.startswith("test_")}
        for test in tests.values():
            test()
    finally:
        sys.path[:] = path_before
        for name in set(sys.modules) - modules:
            if name.startswith("my_"):
                del sys.modules[name]
    return sorted(tests)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["创新券"], "cannot name a mode; use small letters"),
        (["../up"], "cannot name a mode"),
        (["class"], "cannot name a mode"),
        (["Voucher"], "such as innovation_voucher"),
        (["voucher", "--title", '"""'], "cannot be a title"),
        (["voucher", "--kind", "lottery"], "'lottery' is none of grant"),
    ],
)
def test_what_cannot_be_a_name_is_refused_and_nothing_written(words, says, folder, capsys):
    assert run_cli(["new-mode", *words]) == FAULTY_INPUT
    assert says in capsys.readouterr().err
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("more", [[], ["--package"]])
def test_what_is_there_is_left_as_it_is(more, folder, capsys):
    assert run_cli(["new-mode", "voucher", *more]) == FINE
    (file,) = folder.rglob("voucher.py")
    file.write_text("mine", encoding="utf-8")
    assert run_cli(["new-mode", "voucher", *more]) == FAULTY_INPUT
    assert "left as it is" in capsys.readouterr().err and file.read_text(encoding="utf-8") == "mine"


def test_check_mode_takes_a_key_a_title_a_file_or_a_folder(folder, capsys):
    assert run_cli(["check-mode", "奖补", "--json"]) == FINE
    assert json.loads(capsys.readouterr().out)[0]["mode"] == "reward_subsidy"
    assert run_cli(["check-mode", "nosuch"]) == run_cli(["check-mode", "nosuch.py"]) == FAULTY_INPUT
    said = capsys.readouterr().err
    assert "there is no support mode 'nosuch'" in said and "nosuch.py: there is no such file or folder" in said
    assert run_cli(["check-mode", "."]) == FAULTY_INPUT
    assert "no *.py stands in this folder" in capsys.readouterr().err
    (folder / "broken.py").write_text("import changji_no_such_package\n", encoding="utf-8")
    assert run_cli(["check-mode", "."]) == FAULTY_INPUT
    assert "install changji_no_such_package where changji-sim runs" in capsys.readouterr().err


def test_check_mode_prints_a_line_a_check_and_how_many_ran(folder, capsys):
    assert run_cli(["new-mode", "voucher", "--kind", "award"]) == FINE
    text = (folder / "voucher.py").read_text(encoding="utf-8")
    (folder / "voucher.py").write_text(text.replace("self.amount_wan, 0.0)", "-1.0, 0.0)"), encoding="utf-8")
    capsys.readouterr()
    assert run_cli(["check-mode", "voucher.py", "--language", "zh"]) == FAULTY_INPUT
    said = capsys.readouterr().out
    assert "voucher.demand() 给出小于0的数" in said and "voucher：共 29 项，已查 29 项，符合" in said
    assert "year" not in said.splitlines()[0] and "已查 29 项，符合 29 项" not in said
