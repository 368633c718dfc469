"""预算.csv and 上限.csv: the numbers of budget.csv and caps.csv under Chinese titles, for Excel."""

from __future__ import annotations

import io

import pandas as pd
import pytest

import changji_sim as cs
from changji_sim.reports.run_files import csv_bytes
from changji_sim.reports.titled_tables import TITLED, titled_files

ODD = (
    "name: odd\nextends: baseline\n"
    "items: {mine: {category: environment, title: '=cmd|calc', mode: service_purchase, "
    "assumptions: {applications: 5, columns: {requested_wan: {fixed: 4}}}}}\n"
)


@pytest.fixture(scope="module")
def result():
    return cs.load_scenario("baseline").run(30, 3)


@pytest.fixture(scope="module")
def files(result):
    return titled_files(result)


def read(content):
    return pd.read_csv(io.BytesIO(content), keep_default_na=False, na_values=[""])


def test_they_open_in_chinese_and_are_told_apart_from_the_plain_ones(result, files, tmp_path):
    assert all(content.startswith("\ufeff年度,专项,支持方向,".encode()) for content in files.values())
    assert not any(header.isascii() and header[0] != "P" for content in files.values() for header in read(content))
    result.write(tmp_path / "both")
    result.write(tmp_path / "plain", plain=True)
    both, plain = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("both", "plain"))
    assert set(both) - set(plain) == set(TITLED.values())
    assert all(both[name] == content for name, content in plain.items())
    result.write(tmp_path / "both", plain=True)
    assert {path.name for path in (tmp_path / "both").iterdir()} == set(plain), "those of the run before are gone"


def test_the_budget_has_every_number_and_key(result, files):
    plain, titled = read(csv_bytes(result.budget())), read(files[TITLED["budget"]])
    numbers = [name for name in plain if name.endswith("_wan")]
    assert titled.iloc[:, 5 : 5 + len(numbers)].to_numpy() == pytest.approx(plain[numbers].to_numpy(), abs=1e-6)
    keys = titled[["专项（代码）", "支持方向（代码）", "资金流（代码）"]]
    assert keys.to_numpy().tolist() == plain[["category", "item", "flow"]].to_numpy().tolist()
    assert {"核减：每年总额上限", "超控制数应拨额", "申报数"} <= set(titled["资金流"])
    assert set(titled["单位"][~plain.flow.str.startswith("count:")]) == {"万元"}
    assert set(titled["单位"][titled["资金流"] == "申报单位数"]) == {"家"}


def test_the_caps_have_every_number_and_key(result, files):
    plain, titled = read(csv_bytes(result.caps())), read(files[TITLED["caps"]])
    assert titled["上限（代码）"].tolist() == plain["cap"].tolist()
    assert titled["起作用概率"].tolist() == pytest.approx(plain["probability_binding"].tolist(), abs=1e-6)
    assert titled["平均核减（万元）"].tolist() == pytest.approx(plain["mean_cut_wan"].tolist(), abs=1e-6)


def test_a_title_that_looks_like_a_formula_is_text(tmp_path):
    (tmp_path / "odd.yaml").write_text(ODD, encoding="utf-8")
    titled = titled_files(cs.load_scenario(tmp_path / "odd.yaml").run(4, 1))
    titles = {cell for content in titled.values() for cell in read(content)["支持方向"]}
    assert "'=cmd|calc" in titles and "=cmd|calc" not in titles
