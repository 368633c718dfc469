"""The HTML page: it paints from a disk alone, asks for nothing, and runs no text of a file."""

import re
import subprocess
import sys
from functools import cache, partial

import pytest
from browser import opened
from printing import A4, faults_of_sheets, sheets, texts_of

import changji_sim as cs
from changji_sim.base.faults import FaultyInput
from changji_sim.cli import FINE, run_cli
from changji_sim.reports.briefing import sentences
from changji_sim.results.caveats import idle_note

pytest.importorskip("holoviews")
from changji_sim.reports.html_page import PICTURES, html_page

TRIALS, SEED = 100, 3
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}"
ODD = """\
name: odd
title: TITLE
title_en: TITLE
extends: tight_budget
items:
  mine:
    category: environment
    title: TITLE
    mode: service_purchase
    guide: {max_applicant_year_wan: 3}
    assumptions: {applications: 50, columns: {requested_wan: {fixed: 9}}}
"""


@pytest.fixture(scope="module")
def result():
    return cs.load_scenario("baseline").run(TRIALS, SEED)


@pytest.fixture(scope="module")
def page_in(result):
    """The result's page in a language, written once."""
    return cache(partial(html_page, result))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    path = tmp_path_factory.mktemp("odd") / "odd.yaml"
    path.write_text(ODD.replace("TITLE", f"'{HOSTILE}'"), encoding="utf-8")
    return cs.load_scenario(path).run(TRIALS, SEED)


def without_scripts(page: str) -> str:
    return re.sub(r"<script\b[^>]*>.*?</script>", "", page, flags=re.DOTALL)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_holds_the_sentences_the_table_and_the_scripts_once(result, page_in, language):
    page = page_in(language)
    for sentence in sentences(result, language):
        assert sentence.replace('"', "&#34;") in page
    assert page.count("<figure") == len(PICTURES)
    assert page.count("END bokeh.min.js") == 1
    assert page.count("<tr") == 1 + len(result.summary())
    assert len(page) < 3_000_000


@pytest.mark.slow
def test_idle_readings_are_not_on_a_page_for_leaders(result, page_in):
    assert "条款口径" in idle_note(result, "zh") and "条款口径" not in page_in("zh")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_fetched(page_in, language):
    page = page_in(language)
    assert not re.search(r"<script[^>]*\bsrc=|<link\b|@import|url\(", without_scripts(page) + page[:2000])
    assert not re.findall(r"<script[^>]*\bsrc", page)
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", without_scripts(page))


@pytest.mark.slow
@pytest.mark.subprocess
def test_nothing_is_fetched_where_panel_is_loaded_too():
    """Panel adds files of its own to whatever bokeh writes."""
    program = (
        "import panel; panel.extension(); import panel_material_ui; import changji_sim as cs; "
        "from changji_sim.reports.html_page import html_page; page = html_page(cs.load_scenario('baseline').run(20)); "
        "print(page.count('<script'), page.count(' src='), 'static/extensions' in page)"
    )
    pytest.importorskip("panel_material_ui")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split()[-2:] == ["0", "False"]


@pytest.mark.slow
def test_text_of_a_file_is_escaped(hostile):
    page = html_page(hostile)
    assert "<script>alert" not in page
    assert "<img" not in without_scripts(page)
    assert "&lt;script&gt;alert(1)" in page
    assert "{{ 7*7 }}" in page


@pytest.mark.browser
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_paints_in_a_browser_that_asks_for_nothing(hostile, tmp_path, language, scheme):
    path = hostile.to_html(tmp_path / "页.html", language)
    with opened(path, viewport={"width": 1440, "height": 900}, color_scheme=scheme) as (page, trouble):
        page.wait_for_function(f"Bokeh.documents[0]?.roots().length === {len(PICTURES)}")
        page.wait_for_timeout(300)
        assert trouble == []
        boxes = [page.locator(f"#{name}").bounding_box() for name in PICTURES]
        assert all(box["width"] >= 800 and box["height"] >= 250 for box in boxes)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert page.evaluate(_INKED) == len(PICTURES)
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(map(int, re.findall(r"\d+", ground)[:3])) > 380) == (scheme == "light")
        foot = (HOSTILE, f"{'模拟次数' if language == 'zh' else 'trials'} {TRIALS}", str(SEED), "A ")
        assert faults_of_sheets(sheets(page), foot, size=A4[::-1]) == []


# How many pictures have drawn something: canvases lie in bokeh's shadow roots.
_INKED = """() => {
  const canvases = node => [...node.querySelectorAll("*")].flatMap(
    one => [...(one.tagName === "CANVAS" ? [one] : []), ...(one.shadowRoot ? canvases(one.shadowRoot) : [])]);
  const isInked = canvas => {
    if (!canvas.width || !canvas.height) return false;
    const seen = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return new Set(new Uint32Array(seen.buffer)).size > 3;
  };
  return [...document.querySelectorAll("figure")].filter(figure => canvases(figure).some(isInked)).length;
}"""


@pytest.mark.slow
def test_on_paper_no_picture_is_larger_than_a_page(page_in):
    page = page_in("zh")
    fits = [float(fit) for fit in re.findall(r"--fit:([\d.]+)", page)]
    assert len(fits) == len(PICTURES) and all(0 < fit <= 1.2 for fit in fits)
    assert "size: A4 landscape" in page and "break-inside:avoid" in page


@pytest.mark.browser
@pytest.mark.parametrize(("language", "total"), [("zh", "合计"), ("en", "total")])
def test_the_first_printed_sheet_holds_the_sentences_and_the_whole_table(page_in, tmp_path, language, total):
    """In English the table lacked the height of a few lines, and half of the first sheet was empty."""
    path = tmp_path / "page.html"
    path.write_text(page_in(language), encoding="utf-8")
    with opened(path) as (page, trouble):
        first = texts_of(sheets(page))[0]
        assert trouble == []
    assert first.count(total) >= 4


@pytest.mark.slow
def test_the_command_line_writes_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert (
        run_cli(["run", "baseline", "--trials", "40", "-o", "out", "--html", "a.html", "--json", "--language", "zh"])
        == FINE
    )
    assert '"exports": ["a.html"]' in capsys.readouterr().out
    assert "基准情景" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_what_cannot_be_written_is_refused(result, tmp_path):
    with pytest.raises(FaultyInput, match="must end in"):
        result.to_html(tmp_path / "a.pdf")
    (tmp_path / "b.html").mkdir()
    with pytest.raises(FaultyInput, match="a folder"):
        result.to_html(tmp_path / "b.html")
    with pytest.raises(FaultyInput, match="no language"):
        html_page(result, "fr")
