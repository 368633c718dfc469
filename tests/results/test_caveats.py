"""What a summary says that the numbers leave out."""

from pathlib import Path

import pytest

from changji_sim import load_scenario

HEAD = "支持方向,申报单位,立项金额（万元）,已拨金额（万元）,2026年应拨（万元）,验收年度\n"


def notes_of(folder: Path, rows: str, more: str = "", language: str = "en") -> str:
    (folder / "opening.csv").write_text(HEAD + rows, encoding="utf-8")
    path = folder / "plan.yaml"
    path.write_text(f"extends: baseline\nopening: opening.csv\n{more}", encoding="utf-8")
    return " ".join(load_scenario(path).run(10).notes(language))


@pytest.mark.parametrize(("language", "said"), [("en", "bring none"), ("zh", "2笔未计股权收益")])
def test_opening_rows_that_cannot_bring_recoveries_are_said(tmp_path, language, said):
    rows = "成果转化应用项目,甲,200,140,60,2027\n成果转化应用项目,乙,100,70,30,2027\n"
    assert said in notes_of(tmp_path, rows, language=language)
    assert said not in notes_of(tmp_path, "产业重大技术攻关,甲,200,140,60,2027\n", language=language)


def test_a_tolerated_loss_that_nothing_is_compared_with_is_said(tmp_path):
    rows = "产业重大技术攻关,甲,200,140,60,2027\n"
    assert "the loss against the tolerated 25%" in notes_of(tmp_path, rows, "tolerated_loss: 0.25\n")
    gone = "items: {transfer_project: none}\n"
    assert "tolerated loss" not in notes_of(tmp_path, rows, gone)
