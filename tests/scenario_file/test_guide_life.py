"""``guide:`` says how far a guide has come; what is not approved says so, and `compare` has a table of changes."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

import changji_sim as cs
from changji_sim.base.faults import FaultyInput
from changji_sim.cli import FINE, run_cli
from changji_sim.reports.assumption_list import assumption_list
from changji_sim.reports.guide_changes import guide_changes, guide_files
from changji_sim.results.caveats import caveats
from changji_sim.scenario_file.as_run import raw_as_run
from changji_sim.wording.guide_standing import guide_standing
from changji_sim.wording.language import Translator

ZH = Translator("zh")
APPROVED = (
    "{status: approved, drafted: 2025-08-01, sent: 2025-08-20, approved: 2025-09-25, document: 某政函〔2025〕8号}"
)
OLD = f"extends: baseline\nname: old\nguide: {APPROVED}\n"
NEW = """\
extends: old
name: new
guide: {status: sent, drafted: 2026-07-01, sent: 2026-08-20}
items:
  exchange:
    guide: {max_item_year_wan: {value: 300, source: 办公会, mark: A}}
  commissioner:
    caps: {mine: {per: application, wan: {2026: 8, 2028: 7}, title: 单个特派员, source: 拟定, mark: D}}
    assumptions: {applications: 12}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guides")
    (folder / "old.yaml").write_text(OLD, encoding="utf-8")
    (folder / "new.yaml").write_text(NEW, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def old(folder):
    return cs.load_scenario(folder / "old.yaml")


@pytest.fixture(scope="module")
def new(folder):
    return cs.load_scenario(folder / "new.yaml")


def test_status_and_days_are_read_and_said(old, new):
    assert guide_standing(old, ZH) == "已审定（2025-09-25，某政函〔2025〕8号）"
    assert guide_standing(new, ZH) == "已报送，待审定（2026-08-20）"
    rows = {row.path: row for row in assumption_list(new)}
    assert rows["guide"].value == "已报送，待审定（2026-08-20）" and rows["guide"].line == "new.yaml:3"
    assert guide_standing(cs.load_scenario("baseline"), ZH) == ""


def test_a_scenario_that_extends_another_has_another_guide(folder):
    (folder / "child.yaml").write_text("extends: old\nname: child\n", encoding="utf-8")
    assert cs.load_scenario(folder / "child.yaml").guide_life is None


def test_what_is_not_approved_is_a_caveat(old, new):
    assert not [note for note in caveats(old.run(2, 1), "zh") if "第二十条" in note]
    assert [note for note in caveats(new.run(2, 1), "zh") if "待审定" in note and "第二十条" in note]


def test_it_is_kept_in_what_a_manifest_repeats(new):
    assert raw_as_run(new)["guide"]["status"] == "sent"


@pytest.mark.parametrize(
    ("guide", "said"),
    [
        ("{status: approved, sent: 2025-08-20}", "'approved' is missing: the day"),
        ("{status: sent, drafted: 2026-09-01, sent: 2026-08-20}", "found 2026-08-20, before 'drafted' on 2026-09-01"),
        ("{status: draft, sent: 2026-08-20}", "found 2026-08-20, but the status is draft"),
        ("{status: done}", "allowed are draft, sent, approved"),
        ("{sent: 2026-08-20}", "'status' is missing"),
        ("{status: sent, sent: yesterday}", "a day such as"),
        ("{status: draft, when: 3}", "unknown key 'when'"),
    ],
)
def test_what_will_not_do_is_said(tmp_path, guide, said):
    (tmp_path / "bad.yaml").write_text(f"extends: baseline\nname: bad\nguide: {guide}\n", encoding="utf-8")
    with pytest.raises(FaultyInput) as refused:
        cs.load_scenario(tmp_path / "bad.yaml")
    assert said in str(refused.value) and "bad.yaml:3" in str(refused.value)


def test_a_late_approval_is_warned_about(tmp_path):
    text = OLD.replace("approved: 2025-09-25", "approved: 2026-01-05")
    (tmp_path / "late.yaml").write_text(text, encoding="utf-8")
    assert any("第五条（三）" in str(one) for one in cs.load_scenario(tmp_path / "late.yaml").warnings)


def test_the_table_has_what_the_guides_say_otherwise_and_nothing_else(old, new):
    frame = guide_changes(old, new)
    assert set(frame["path"]) == {"items.exchange.guide.max_item_year_wan", "items.commissioner.caps.mine"}
    cap = frame.set_index("path").loc["items.commissioner.caps.mine"]
    assert (cap.title, cap.before, cap.after) == ("单个特派员", "未设", "2026年：8万元，2028年：7万元（单个项目）")
    assert guide_changes(old, old).empty and guide_files(old, old, "x", "zh") == {}


def test_the_table_is_written_to_be_attached(old, new):
    files = guide_files(old, new, "对照", "zh")
    rows = list(csv.reader(io.StringIO(files["对照.csv"].decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(files["对照.xlsx"])).active
    shown = [[cell or "" for cell in row] for row in sheet.iter_rows(min_row=5, values_only=True)]
    assert shown == rows and rows[0][:4] == ["支持方向", "名称", "之前", "之后"]
    assert "待审定" in sheet["A3"].value and sheet.page_setup.orientation == "landscape"


@pytest.mark.slow
def test_compare_prints_and_writes_it(folder, tmp_path, capsys):
    words = [str(folder / "old.yaml"), str(folder / "new.yaml"), "--trials", "4", "--language", "zh"]
    assert run_cli(["compare", *words, "-o", str(tmp_path / "out")]) == FINE
    printed = capsys.readouterr().out
    assert "指南修改对照表" in printed and "待审定" in printed
    assert {"指南修改对照表.xlsx", "指南修改对照表.csv"} <= {path.name for path in (tmp_path / "out").iterdir()}
