"""Loading plugins: one that fails is set aside and named, the others go on, and their order changes nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import ClassVar

import pytest
from places import ROOT

import changji_sim as cs
from changji_sim.cli import FAULTY_INPUT, run_cli
from changji_sim.modes.plugin_loading import installed_modes, load_plugins
from changji_sim.scenario_file import check_scenario
from changji_sim.testing import check_support_mode

OURS = {
    "award",
    "grant",
    "grant_to_equity",
    "insurance_premium_subsidy",
    "loan_interest_subsidy",
    "reward_subsidy",
    "service_purchase",
}
STRANGER = ROOT / "examples" / "first_sale_insurance" / "first_sale_insurance.py"

MODE = '''
import changji_sim as cs


class {name}(cs.SupportMode):
    """A mode."""

    key = "{key}"
    title = "{title}"
    columns = [cs.Column("price_wan", label="价格")]
    {more}

    def demand(self, applications):
        return applications.price_wan


@cs.hookimpl
def register_support_modes(register):
    register({name})
'''


UNBOUNDED = "most = __import__('param').Number({}); caps = [cs.Cap('c', 'application', term='most')]"


def mode(key: str, name: str = "Mode", title: str = "方式", more: str = "") -> str:
    return MODE.format(key=key, name=name, title=title, more=more)


def by_name(folder: Path) -> dict:
    return {plugin.name: plugin for plugin in load_plugins(folder)}


def test_the_seven_forms_come_through_the_same_door():
    plugins = load_plugins()
    keys = {mode.key for plugin in plugins for mode in plugin.modes}
    assert keys >= OURS
    for plugin in plugins:
        assert plugin.source and plugin.version and not plugin.failure, plugin


def test_a_single_file_is_a_plugin(tmp_path):
    shutil.copy(STRANGER, tmp_path)
    plugin = by_name(tmp_path)["first_sale_insurance"]
    assert [mode.key for mode in plugin.modes] == ["first_sale_insurance"]
    assert plugin.source.endswith("first_sale_insurance.py") and not plugin.failure
    assert set(installed_modes(tmp_path)) == {*installed_modes(), "first_sale_insurance"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("raise RuntimeError('out of order')", "RuntimeError: out of order (bad.py:1)"),
        ("import changji_simulator", "ModuleNotFoundError"),
        ("def broken(:", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("", "registers no support mode"),
        (mode("x").replace("@cs.hookimpl", ""), "registers no support mode"),
        (mode("x").replace("    register(Mode)", "    pass"), "registers no support mode"),
        (mode("x").replace("register(Mode)", "register('Mode')"), "takes a subclass of SupportMode, not 'Mode'"),
        (mode("x").replace("register(Mode)", "register(Mode())"), "takes a subclass of SupportMode"),
        (mode("x").replace("(register)", "(register, more)"), "register_support_modes"),
        (mode("x").replace("register_support_modes", "register_support_moods"), "register_support_moods"),
        (mode(""), "needs a key and a title"),
        (mode("x", title=""), "needs a key and a title"),
        (mode("award"), "the key 'award' is already taken by plugin 'award'"),
        (mode("x") + "    register(Mode)\n", "the key 'x' is already taken"),
        (mode("x", more="caps = [cs.Cap('c', 'moon')]"), "per is 'moon'"),
        (mode("x", more="max_application_wan = -5"), "max_application_wan of Mode: found -5; at least 0 is allowed"),
        (mode("x", more="max_application_wan = -5"), "(bad.py:5)"),
        (
            mode("x", more="caps = [cs.Cap('c', 'application', level=-5)]"),
            "cap 'c' of Mode is -5; at least 0 is needed",
        ),
        (mode("x", more=UNBOUNDED.format(-5)), "cap 'c' of Mode is -5; at least 0 is needed"),
        (mode("x", more="first_tranche = 60"), "at most 1 is allowed; for 60% write 0.6"),
        (mode("x", more="max_item_year_wan = 'much'"), "a number is needed"),
        (mode("x").replace("    register(Mode)", "    register(Mode)\n    1 / 0"), "ZeroDivisionError"),
    ],
)
def test_a_plugin_that_fails_is_quarantined_and_named(tmp_path, text, reason):
    (tmp_path / "bad.py").write_text(text, encoding="utf-8")
    shutil.copy(STRANGER, tmp_path)
    (tmp_path / "gone.py").symlink_to(tmp_path / "nowhere.py")
    plugins = by_name(tmp_path)
    assert "FileNotFoundError" in plugins["gone"].failure
    assert reason in plugins["bad"].failure
    assert plugins["bad"].modes == ()
    assert set(installed_modes(tmp_path)) == {*installed_modes(), "first_sale_insurance"}


def test_of_two_plugins_with_one_key_the_first_keeps_it(tmp_path):
    (tmp_path / "b.py").write_text(mode("same", "Second"), encoding="utf-8")
    (tmp_path / "a.py").write_text(mode("same", "First"), encoding="utf-8")
    plugins = by_name(tmp_path)
    assert installed_modes(tmp_path)["same"].__name__ == "First"
    assert "already taken by plugin 'a'" in plugins["b"].failure and not plugins["a"].failure


def own_item(folder: Path, key: str) -> Path:
    item = f"{{category: environment, title: 自设, mode: {key}, guide: {{}}, assumptions: {{applications: 3}}}}"
    path = folder / "mine.yaml"
    path.write_text(f"extends: baseline\nitems:\n  own: {item}\n", encoding="utf-8")
    return path


def test_a_mode_that_several_files_offer_is_a_fault_where_it_is_used(tmp_path, capsys):
    """The order of the names must not decide, in silence, which of two files counts."""
    for name in ("voucher - 副本.py", "voucher.py"):
        (tmp_path / name).write_text(mode("voucher"), encoding="utf-8")
    for command in ("check", "run"):
        code = run_cli([command, str(own_item(tmp_path, "voucher")), "--plugins-dir", str(tmp_path)])
        said = capsys.readouterr().err
        assert code == FAULTY_INPUT and "mine.yaml:3: own.mode: several plugins offer the mode 'voucher'" in said
        assert str(tmp_path / "voucher - 副本.py") in said and str(tmp_path / "voucher.py") in said
    (aside,) = check_scenario("baseline", None, tmp_path)
    assert aside.is_warning and "the plugin 'voucher' was set aside" in aside.what and "-p no:voucher" in aside.what


def test_a_file_that_takes_the_key_of_an_installed_mode_is_a_fault_where_it_is_used(tmp_path):
    (tmp_path / "grants.py").write_text(mode("grant"), encoding="utf-8")
    said = "\n".join(map(str, check_scenario("baseline", None, tmp_path)))
    assert "several plugins offer the mode 'grant'" in said and "grants.py" in said


def test_a_guide_sets_no_ceiling_below_0_where_the_mode_bounds_none(tmp_path):
    text = mode("mine", more=UNBOUNDED.format(5))
    (tmp_path / "mode.py").write_text(text, encoding="utf-8")
    path = own_item(tmp_path, "mine")
    path.write_text(path.read_text(encoding="utf-8").replace("guide: {}", "guide: {most: -5}"), encoding="utf-8")
    assert any("most: found -5; at least 0 is allowed" in str(fault) for fault in check_scenario(path, None, tmp_path))


# --- a plain value over a parameter -----------------------------------------------------------------------------------


class Ceiling:
    """What a mode may take from another class."""

    max_item_year_wan = 70


class Plain(Ceiling, cs.SupportMode):
    """A mode whose ceilings are written the plain way."""

    key, title = "plain", "方式"
    columns: ClassVar = [cs.Column("price_wan", label="价格")]
    max_application_wan = 5

    def demand(self, applications):
        return applications.price_wan


def test_a_plain_value_over_a_term_is_its_default_and_keeps_its_bounds():
    for term, value in (("max_application_wan", 5), ("max_item_year_wan", 70)):
        assert getattr(Plain(), term) == Plain.param[term].default == value
        assert Plain.param[term].bounds == (0, None) and Plain.param[term].label
        with pytest.raises(ValueError, match="must be at least 0"):
            Plain(**{term: -1})
    assert cs.SupportMode.max_application_wan is None and cs.SupportMode.max_item_year_wan is None
    check_support_mode(Plain)


def test_a_plain_value_out_of_bounds_is_refused_when_the_class_is_made():
    with pytest.raises(ValueError, match=r"first_tranche of Over: found 1\.2; at most 1 is allowed"):
        type("Over", (Plain,), {"first_tranche": 1.2})


def test_the_contract_kit_names_a_plain_value_that_takes_bounds_off():
    class Later(Plain):
        """A mode whose parameter was replaced after the class was made."""

    type.__setattr__(Later, "max_application_wan", 5)
    with pytest.raises(AssertionError, match="Later: the plain value 5 stands over the parameter"):
        check_support_mode(Later)


def test_a_file_that_was_mended_is_read_again(tmp_path):
    """In one process, as in a notebook; what did not change stays the very same class."""
    shutil.copy(STRANGER, tmp_path)
    (tmp_path / "mine.py").write_text("def broken(:", encoding="utf-8")
    assert "SyntaxError" in by_name(tmp_path)["mine"].failure
    (tmp_path / "mine.py").write_text(mode("mine", title="旧"), encoding="utf-8")
    first = installed_modes(tmp_path)["mine"]
    assert first.title == "旧" and installed_modes(tmp_path)["mine"] is first
    (tmp_path / "mine.py").write_text(mode("mine", title="新方式"), encoding="utf-8")
    assert installed_modes(tmp_path)["mine"].title == "新方式"


def test_one_bad_mode_takes_its_whole_plugin_out(tmp_path):
    two = mode("good") + "\n\nclass Other(Mode):\n    key = 'award'\n"
    (tmp_path / "two.py").write_text(
        two.replace("    register(Mode)", "    register(Mode)\n    register(Other)"), encoding="utf-8"
    )
    assert by_name(tmp_path)["two"].failure
    assert "good" not in installed_modes(tmp_path)


def test_a_folder_that_is_not_there_or_empty_adds_nothing(tmp_path):
    assert set(installed_modes(tmp_path)) == set(installed_modes(tmp_path / "none")) == set(installed_modes())


def test_a_failing_plugin_leaves_no_class_behind(tmp_path):
    """Bounds, keys and modes of our own are as they were."""
    before = {key: (mode, dict(mode.param.objects("existing"))) for key, mode in installed_modes().items()}
    (tmp_path / "bad.py").write_text(mode("award"), encoding="utf-8")
    load_plugins(tmp_path)
    assert {key: (mode, dict(mode.param.objects("existing"))) for key, mode in installed_modes().items()} == before
