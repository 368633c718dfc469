"""The submission tables in a second program: LibreOffice works every formula out anew and prints no page too many."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile

import pytest

import changji_sim as cs
from changji_sim.reports.submission.submission_files import write_submission

pytest.importorskip("xlsxwriter")
pytest.importorskip("docxtpl")
openpyxl = pytest.importorskip("openpyxl")
pdfium = pytest.importorskip("pypdfium2")

pytestmark = [pytest.mark.office, pytest.mark.slow]
FORMULA_WITH_VALUE = re.compile(rb"(<f>[^<]*</f>)<v>[^<]*</v>")


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    """The files as written; the workbook without stored values as LibreOffice saves it; both as it prints them."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("no LibreOffice on this machine; to run these tests: apt-get install libreoffice-calc-nogui")
    folder = tmp_path_factory.mktemp("office")
    _, (book, word) = write_submission(cs.load_scenario("baseline").run(60, 3), folder / "out", 2027)
    bare = without_values(book, folder / "bare.xlsx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for kind, path, out in (("xlsx", bare, "saved"), ("pdf", book, "book"), ("pdf", word, "word")):
        command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(folder / out), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    return book, folder


def without_values(book, bare):
    """A copy of a workbook in which no formula has a value."""
    taken = 0
    with zipfile.ZipFile(book) as parts, zipfile.ZipFile(bare, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in parts.namelist():
            content, count = FORMULA_WITH_VALUE.subn(rb"\1", parts.read(name))
            copy.writestr(name, content)
            taken += count
    assert taken > 250
    return bare


def test_libreoffice_works_out_what_is_stored(converted):
    book, folder = converted
    stored, worked_out = (openpyxl.load_workbook(path, data_only=True) for path in (book, folder / "saved/bare.xlsx"))
    compared = 0
    for sheet in openpyxl.load_workbook(book):
        for cell in (cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")):
            values = [one[sheet.title][cell.coordinate].value for one in (stored, worked_out)]
            assert values[0] == pytest.approx(values[1], rel=1e-12, abs=1e-9), (sheet.title, cell.coordinate)
            compared += 1
    assert compared > 250


@pytest.mark.parametrize(("kind", "most"), [("book", 6), ("word", 8)])
def test_each_form_begins_a_page_and_no_number_is_cut(converted, kind, most):
    """A column too narrow for its number would print ###."""
    printed = converted[1] / kind / "预算申报.pdf"
    if kind == "word" and not printed.exists():
        pytest.skip("this LibreOffice opens no Word files: apt-get install libreoffice-writer-nogui")
    pages = pages_of(printed)
    forms = ("预算申报汇总表", "项目支出预算表", "测算说明", "三年滚动规划表", "绩效目标表", "测算依据")
    first = [next(n for n, text in enumerate(pages) if f"专项资金{form}" in text) for form in forms]
    assert first == sorted(set(first)) and first[0] == 0 and first[-1] < most
    assert "###" not in "".join(pages)


def pages_of(path):
    document = pdfium.PdfDocument(path)
    return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document]
