"""The workbook in a second program: LibreOffice opens it, draws its charts, and finds the totals of budget.csv."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
import zlib
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

import changji_sim as cs

pytest.importorskip("xlsxwriter")
openpyxl = pytest.importorskip("openpyxl")
from changji_sim.reports.workbook.workbook import BAND, COLOURS  # noqa: E402

MOST_PAGES = 12
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
pytestmark = [
    pytest.mark.office,
    pytest.mark.filterwarnings("ignore:.*xtension is not supported:UserWarning"),  # openpyxl's, of data bars
]


@pytest.fixture(scope="module")
def result():
    return cs.load_scenario("baseline").run(100, 3)


@pytest.fixture(scope="module")
def budget(result, tmp_path_factory):
    """``budget.csv`` as it stands on the disk."""
    folder = tmp_path_factory.mktemp("out")
    result.write(folder)
    return pd.read_csv(folder / "budget.csv").set_index(["year", "category", "item", "flow"])


@pytest.fixture(scope="module")
def converted(result, tmp_path_factory):
    """The workbook as LibreOffice saves it again, and as LibreOffice prints it."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("no LibreOffice on this machine; to run these tests: apt-get install libreoffice-calc-nogui")
    folder = tmp_path_factory.mktemp("office")
    path = result.to_excel(folder / "预算.xlsx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for kind in ("xlsx", "pdf"):
        command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(folder / "saved"), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / "saved" / "预算.xlsx", folder / "saved" / "预算.pdf"


def titles_of(result) -> dict[str, str]:
    return {title: key for key, title in result.scenario.categories.items()} | {"合计": "*"}


def test_its_totals_are_those_of_the_csv(result, budget, converted):
    """Need, commitment and payment of every year and category, mean and quantiles, to the last of six decimals; the
    year's own need and the arrears that are due add up to the need.
    """
    sheet = openpyxl.load_workbook(converted[0])["预算"]
    statistics = ("mean_wan", "p10_wan", "p50_wan", "p90_wan")
    columns = [(flow, name) for flow in ("commitment", "payment") for name in statistics]
    summed_columns = ["year_need_mean_wan", "year_need_p10_wan", "year_need_p90_wan", "arrears_before_wan"]
    own_need = result.summary().set_index(["year", "category"])
    found = 0
    for year, category, item, *amounts in sheet.iter_rows(min_row=3, max_col=3 + 16, values_only=True):
        if year in result.years and (item == "小计" or category == "合计"):
            key = titles_of(result)[category]
            own, owed, others = amounts[:4], amounts[4:8], amounts[8:]
            meant = [budget.loc[(year, key, "*", flow), name] for flow, name in columns]
            assert others == meant, (year, category)
            assert own[0] + owed[0] == pytest.approx(budget.loc[(year, key, "*", "need"), "mean_wan"], abs=1e-6)
            summed = own_need.loc[(year, key)]
            assert [own[0], own[1], own[3], owed[0]] == [round(float(summed[name]), 6) for name in summed_columns]
            found += 1
    assert found == len(result.years) * (len(result.scenario.categories) + 1)


def test_the_overview_has_the_same_need(result, budget, converted):
    rows = openpyxl.load_workbook(converted[0])["总览"].iter_rows(max_col=3, values_only=True)
    shown = {(year, titles_of(result)[title]): need for year, title, need in rows if title in titles_of(result)}
    needs = budget.mean_wan.xs(("*", "need"), level=("item", "flow"))
    assert len(shown) == len(result.years) * (len(result.scenario.categories) + 1)
    assert shown == {at: needs[at] for at in shown}


def charts_of(path: Path) -> dict[str, dict[str, list[float]]]:
    """Every chart of a workbook by its title, the numbers of each of its series by name."""
    charts = {}
    with zipfile.ZipFile(path) as parts:
        for name in parts.namelist():
            if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
                chart = ElementTree.fromstring(parts.read(name))
                title = "".join(chart.find(f".//{CHART}title").itertext())
                charts[title] = {series_name(one): numbers(one) for one in chart.iter(f"{CHART}ser")}
    return charts


def series_name(series: ElementTree.Element) -> str:
    return series.findtext(f"{CHART}tx//{CHART}v", "")


def numbers(series: ElementTree.Element) -> list[float]:
    return [float(one.text or "nan") for one in series.findall(f"{CHART}val//{CHART}pt/{CHART}v")]


def test_its_charts_show_the_budget(result, budget, converted):
    """What LibreOffice has read out of the cells that a chart refers to."""
    charts = charts_of(converted[0])
    assert set(charts) == {"资金需求（P10–P90）与控制数，万元", "资金需求结构（平均），万元"}
    need, structure = charts.values() if "P10" in next(iter(charts.values())) else reversed(charts.values())

    def means(category: str) -> list[float]:
        return [budget.mean_wan[year, category, "*", "need"] for year in result.years]

    assert need["平均需求"] == pytest.approx(means("*"), abs=1e-6)
    assert need["控制数（预算额度，暂估数）"] == pytest.approx([8000, 8400, 8820, 9261], abs=1e-6)
    assert structure == {
        title: pytest.approx(means(key), abs=1e-6) for key, title in result.scenario.categories.items()
    }


def test_its_charts_are_drawn(result, converted):
    """The printed page is filled with the colour of each category, and with that of the band."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", converted[1].read_bytes(), re.DOTALL)
    filled = set()
    for stream in streams:
        try:
            drawn = zlib.decompress(stream)
        except zlib.error:  # no drawing: a font
            continue
        filled |= {
            tuple(round(float(part) * 255) for part in colour.split())
            for colour in re.findall(rb"([\d.]+ [\d.]+ [\d.]+) rg", drawn)
        }
    for colour in (BAND, *COLOURS[: len(result.scenario.categories)]):
        assert tuple(bytes.fromhex(colour[1:])) in filled, colour


def test_it_prints_on_few_pages(converted):
    """The long table of flows is left out; every page is landscape and begins with its sheet's heads."""
    pdfium = pytest.importorskip("pypdfium2")
    with pdfium.PdfDocument(converted[1]) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
        assert all(page.get_width() > page.get_height() for page in document)
    assert len(texts) <= MOST_PAGES
    assert not [text for text in texts if "资金流（代码）" in text]
    assert [sum(head in text for text in texts) for head in ("当年需求（万元）", "平均余量（万元）")] == [3, 2]
