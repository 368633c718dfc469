"""Pictures: each is drawn by both backends in both languages, fetches nothing, and runs no text of a file."""

import re
import subprocess
import sys
from functools import cache
from types import SimpleNamespace

import pytest
from every_day import some_are_slow
from few_items import few_items
from places import ROOT

import changji_sim as cs
from changji_sim.base.faults import FaultyInput
from changji_sim.base.text_width import PROPORTIONAL, text_width
from changji_sim.results import breakdown
from changji_sim.results.side_by_side import comparison
from changji_sim.whatif.prices import prices

hv = pytest.importorskip("holoviews")
from changji_sim import views  # noqa: E402
from changji_sim.views.changes import movement  # noqa: E402
from changji_sim.views.picture_text import plain  # noqa: E402
from changji_sim.wording.amounts import wan  # noqa: E402

TRIALS, SEED = 200, 3
PIXELS_OF_HALF_A_PAGE, PIXELS_OF_A_DIGIT = 455, 6.7  # within the axes at 1440; in the pictures' font
LEDGER = ROOT / "scenarios" / "examples" / "ledger_2026.csv"
ODD = r"<img src=x onerror=alert(1)> {label} $x^{ & $$\frac$$ \(y\)"


class Made(dict):
    """What it is asked for, each made when it is first asked for."""

    def __init__(self, how):
        super().__init__()
        self.how = how

    def __missing__(self, name):
        self[name] = self.how[name]()
        return self[name]


@pytest.fixture(scope="session")  # slow tests stand before all others: a module's fixtures would be made twice
def results(tmp_path_factory):
    path = tmp_path_factory.mktemp("odd") / "odd.yaml"
    path.write_text(
        f"name: odd\ntitle: '{ODD}'\ntitle_en: '{ODD}'\nextends: tight_budget\nenvelopes: {{refill: true}}\n",
        encoding="utf-8",
    )
    baseline = cs.load_scenario("baseline")
    how = {
        "before": lambda: baseline.run(TRIALS, SEED),
        "after": lambda: baseline.run(TRIALS, SEED, reform="exchange-500"),
        "odd": lambda: cs.load_scenario(path).run(TRIALS, SEED),
        "sought": lambda: baseline.ask(0.1, trials=60, seed=SEED),
        "prices": lambda: prices(baseline, ["exchange.max_item_year_wan", "envelopes.total"], 30, SEED),
        "effects": lambda: baseline.effects("share-25", {"envelopes.total": "-20%"}, trials=30, seed=SEED),
        "found": lambda: few_items(baseline).find_out("need", trials=200, seed=SEED),
        "map": lambda: baseline.map("growth", "envelopes.total", steps=3, trials=20, seed=SEED),
        "baseline": lambda: baseline,
        "year": lambda: few_items(cs.load_scenario("tight_budget")).midyear(LEDGER, trials=30),
        "table": lambda: baseline.sweep({"grid": {"envelopes.total": [7000, 8000], "growth": [0.05, "8%"]}}, 10, SEED),
        "chance": lambda: baseline.find_out("probability_short", trials=20, seed=SEED),
    }
    return Made(how)


@pytest.fixture(scope="session")
def picture(results):
    """A picture in a language, made once for all tests that draw it."""
    return cache(lambda name, language: PICTURES[name](results, language))


@pytest.fixture(scope="session")
def figure(picture):
    """A picture's figure of bokeh in a language, drawn once for all tests that look at it."""
    return cache(lambda name, language: hv.render(picture(name, language), backend="bokeh"))


PICTURES = {
    "lines of a year": lambda r, language: views.mid_lines(r["year"], language),
    "fan": lambda r, language: r["odd"].fan(language=language),
    "fan of a category": lambda r, language: r["odd"].fan("payment", "transfer", language),
    "structure": lambda r, language: r["odd"].structure(language=language),
    "split": lambda r, language: r["odd"].split(language),
    "tail": lambda r, language: views.tail(r["odd"], language),
    "waterfall": lambda r, language: r["odd"].waterfall(2027, language=language),
    "one trial": lambda r, language: r["odd"].waterfall(2026, item="contest", trial=3, language=language),
    "nothing asked": lambda r, language: r["before"].waterfall(2026, item="infrastructure", trial=0, language=language),
    "shortage": lambda r, language: views.shortage(r["odd"], language),
    "shortage of one envelope": lambda r, language: views.shortage(r["before"], language),
    "binding": lambda r, language: r["odd"].binding(language),
    "counted": lambda r, language: r["odd"].counted(2027, language=language),
    "nothing counted": lambda r, language: r["odd"].counted(r["odd"].tail[-1], "contest", language=language),
    "differences": lambda r, language: views.differences(r["before"], r["after"], language=language),
    "calendar": lambda r, language: views.calendar(r["odd"], "exchange", language=language),
    "calendar of an envelope": lambda r, language: views.calendar(r["odd"], "contest", "envelope", 2027, language),
    "exhaustion": lambda r, language: views.exhaustion(r["odd"], "exchange", language=language),
    "demand": lambda r, language: views.demand(r["odd"], "exchange", language=language),
    "raised": lambda r, language: views.raised(r["odd"], "exchange", year=2028, language=language),
    "story": lambda r, language: views.story(r["odd"].explain("exchange", 2028, 70, 5), language),
    "story of one ruled out": lambda r, language: views.story(
        r["odd"].explain("core_technology", 2027, 1, 3), language
    ),
    "sought": lambda r, language: views.sought(r["sought"], language),
    "chances": lambda r, language: r["odd"].chances(language),
    "promised": lambda r, language: views.promised(r["odd"], language),
    "stakes": lambda r, language: views.stakes(r["before"], language),
    "executed": lambda r, language: views.executed(r["odd"], language),
    "paid_months": lambda r, language: views.paid_months(r["odd"], language=language),
    "touching": lambda r, language: views.touching(r["odd"], language),
    "exactly": lambda r, language: views.exactly(r["before"].scenario.exact("contest"), r["before"], language),
    "pricing": lambda r, language: views.pricing(r["prices"], r["before"].scenario, language=language),
    "beside": lambda r, language: views.beside(comparison([r["before"], r["after"]]), [ODD, "500"], language=language),
    "beside in money": lambda r, language: views.beside(
        comparison([r["before"], r["after"]]), [ODD, "500"], "payment", language
    ),
    "contributions": lambda r, language: views.contributions(r["effects"], language),
    "compared": lambda r, language: views.compared(
        comparison([r["before"], r["odd"], r["before"]]), ["基准", ODD, "again"], language
    ),
    "compared with itself": lambda r, language: views.compared(comparison([r["before"]] * 2), ["a", "b"], language),
    "tornado": lambda r, language: views.tornado(r["found"], language),
    "tornado of a probability": lambda r, language: views.tornado(r["chance"], language),
    "two numbers": lambda r, language: views.two_numbers(r["map"], language=language),
    "two numbers by limit": lambda r, language: views.two_numbers(r["map"], "limit", language),
    "swept": lambda r, language: views.swept(r["table"], r["baseline"], "envelopes.total", language=language),
    "swept chance": lambda r, language: views.swept(
        r["table"], r["baseline"], "growth", "probability_short", "2028", language
    ),
    "no difference": lambda r, language: views.differences(r["before"], r["before"], language=language),
}
# `make check` looks at these
EVERY_DAY = ("fan", "structure", "waterfall", "binding", "calendar", "story")


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", PICTURES)
def test_bokeh_draws_it_twice_and_asks_nothing_of_a_network(picture, figure, name, language):
    """Models belong to one page. Addresses fetch; so does a formula, for which bokeh gets a library from outside."""
    from bokeh.embed import json_item

    figures = figure(name, language), hv.render(picture(name, language), backend="bokeh")
    pages = [str(json_item(one)) for one in figures]
    assert len(pages[0]) > 1_000
    for page in pages:
        assert not re.search(r"https?:|\$\$|\\\(|\\\[", page)


@pytest.mark.parametrize("name", some_are_slow(PICTURES, EVERY_DAY))
def test_what_the_pointer_is_on_is_written_as_text(figure, name):
    from bokeh.models import HoverTool

    tips = [tool.tooltips for tool in figure(name, "zh").select(HoverTool)]
    assert all(isinstance(tip, list) for tip in tips)
    assert not [value for tip in tips for _, value in tip if "safe" in value]


@pytest.mark.parametrize("name", some_are_slow(PICTURES, EVERY_DAY))
def test_every_text_of_a_bokeh_figure_has_chinese_fonts(figure, name):
    from bokeh.core.property.vectorization import Value

    figure = figure(name, "zh")
    fonts = [getattr(m, p) for m in figure.references() for p in m.properties() if p.endswith("text_font")]
    assert fonts
    assert {font.value if isinstance(font, Value) else font for font in fonts} == {views.FONTS}


def painted(language):
    """Every picture in it; a few kinds in Chinese are painted by `make check` too."""
    for name in PICTURES:
        is_of_every_day = language == "zh" and name in EVERY_DAY
        yield pytest.param(name, language, marks=[] if is_of_every_day else pytest.mark.slow)


@pytest.mark.filterwarnings("ignore:no Chinese font")
@pytest.mark.parametrize(("name", "language"), [*painted("zh"), *painted("en")])
def test_matplotlib_draws_it_as_a_png(picture, name, language):
    pytest.importorskip("matplotlib")
    assert views.png(picture(name, language), 50).startswith(b"\x89PNG")


def test_a_picture_says_what_the_frame_says(results):
    result = results["odd"]
    picture = result.waterfall(2027)
    shown = [
        label for element in picture if isinstance(element, hv.Labels) for label in element.dimension_values("text")
    ]
    frame = breakdown.waterfall(result, 2027)
    frame = frame[(frame.kind == "total") | (frame.fen != 0)]
    assert [text.lstrip("−+") for text in shown] == [wan(amount) for amount in frame.amount_wan]
    medians = next(element for element in result.fan() if type(element) is hv.Curve)
    assert list(medians.dimension_values("p50_wan")) == list(breakdown.fan(result).p50_wan)


def test_a_step_that_adds_up_several_items_says_so(results):
    """A cap that the guide sets for several items stood there as if it were one, and seemed to cut more than any."""
    result, steps = results["odd"], {}
    for language in ("zh", "en"):
        ticks = dict(views.waterfall.drawing(result, 2027, language=language).bokeh["yticks"])
        steps[language] = [name for name in ticks.values() if re.search("个方向）$| items\\)$", name)]
    assert steps["zh"] and len(steps["zh"]) == len(steps["en"])
    frame = breakdown.waterfall(result, 2027)
    for step in frame[frame.step.str.startswith("cut:") & (frame.fen != 0)].itertuples():
        under = [
            one.key
            for one in result.scenario.items
            if any((f"cut:{cap.key}", cap.article) == (step.step, step.article) for cap in one.caps[2027])
        ]
        name = f"{step.title} · {step.article}（{len(under)}个方向）"
        assert (len(under) > 1) == (name in steps["zh"]), name


def test_the_legend_says_of_what_the_chances_of_a_fan_are(results):
    result = results["odd"]
    keys = views.fan.drawing(result).key
    assert ("缺口概率", views.OVER, 1.0) in keys
    assert "缺口概率" not in [one[0] for one in views.fan.drawing(result, "payment").key]


def test_the_heat_map_is_empty_where_a_cap_cannot_act(tmp_path):
    """The guide goes below the law's 5 from 2028 on: only then is there a ceiling of its own."""
    path = tmp_path / "later.yaml"
    path.write_text(
        "name: later\nextends: baseline\nitems:\n  technology_trade:\n    guide:\n"
        "      max_application_wan: {value: {2026: 5, 2028: 4}, source: x, mark: D}\n",
        encoding="utf-8",
    )
    result = cs.load_scenario(path).run(20, SEED)
    cells = next(element for element in result.binding("en") if isinstance(element, hv.Rectangles))
    years = cells.dimension_values("when")[
        cells.dimension_values("name") == "Technology trade · ceiling per application (guide)"
    ]
    assert list(years) == ["2028", "2029"]
    assert len(cells) == len(result.caps())


def test_how_likely_money_is_short_is_what_the_frames_say(results):
    result = results["before"]  # the total is its only envelope: being short of any is being short of it
    cells = next(element for element in views.shortage(result, "en") if isinstance(element, hv.Rectangles))
    ever = breakdown.shortfall_ever(result)
    ever = ever[ever.category == "*"]
    by_year = breakdown.shortfall(result)
    expected = [*by_year[by_year.category == "*"].probability_short, ever.probability_ever.item()]
    assert list(cells.dimension_values("probability", flat=True)) == [*expected, ever.probability_every_year.item()]
    assert set(cells.dimension_values("name")) == {"total envelope"}


def test_demand_over_the_limit_is_orange_red(results):
    from changji_sim.views.theme import colour_of

    drawing = views.demand.drawing(results["before"], "exchange")
    within, beyond = drawing.layers[:2]
    limit = results["before"].calendar("exchange").demand().limit_wan[0]
    assert (within.columns["y1"] <= limit + 1e-9).all() and (beyond.columns["y0"] >= limit).all()
    assert within.bokeh["color"] == colour_of("regional")
    assert beyond.bokeh["color"] == views.OVER


def test_what_a_higher_limit_buys_is_said_within_half_a_page(results):
    """The last of the words beside the bars was cut off on a card of half a page's width."""
    drawing = views.raised.drawing(results["before"], "exchange")
    words, (start, end) = drawing.layers[-1].columns, drawing.bokeh["xlim"]
    for x, text in zip(words["x"], words["text"], strict=True):
        assert (end - x) / (end - start) * PIXELS_OF_HALF_A_PAGE > PIXELS_OF_A_DIGIT * text_width(text, PROPORTIONAL)


def test_words_that_would_meet_stand_above_each_other():
    from changji_sim.views.calendars import rows_apart

    assert list(rows_apart([1.0, 8.0, 9.5, 10.8], 3.2)) == [0, 0, 1, 2]
    assert list(rows_apart([], 3.2)) == []


def test_what_hardly_moves_is_counted_and_what_does_not_move_apart(results):
    frame = breakdown.differences(results["before"], results["after"])
    is_moved, is_large = movement(frame)
    size = frame[frame.item != "*"].groupby("item").difference_wan.agg(lambda change: change.abs().max())
    assert is_large["exchange"] and not is_moved["special_case"]
    assert (size[is_large.index[is_large]] >= 0.01 * size.max()).all()
    assert (size[is_moved.index[~is_moved]] == 0).all()
    said = views.differences(results["before"], results["after"]).opts.get("plot", backend="bokeh").kwargs["xlabel"]
    small = (is_moved & ~is_large).sum()
    assert f"{(~is_moved).sum()}个方向恰好为0" in said
    assert (f"另有{small}个方向变化不足百分之一" in said) == (small > 0)


def test_one_colour_a_category_and_orange_red_for_nothing_else():
    measure = cs.load_measure()
    assert set(measure.categories) == set(views.CATEGORY_COLOURS)
    used = [*views.CATEGORY_COLOURS.values(), views.OTHER_CATEGORY, *views.PART_COLOURS.values(), views.PALE]
    assert len(set(used)) == len(used)
    assert views.OVER not in used


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        (8_000, "8,000", "8,000"),
        (12_000, "1.2亿", "12,000"),
        (0, "0", "0"),
        (-2.5, "−2.5", "−2.5"),
        (1e5, "10亿", "100,000"),
    ],
)
def test_ticks_are_read_as_spoken(amount, zh, en):
    assert (views.tick(amount), views.tick(amount, "en")) == (zh, en)


def test_long_and_odd_names_are_shortened_to_one_plain_line():
    assert len(plain("很长的名字" * 20)) == views.LONGEST
    assert plain("a\nb $x$ \\(y\\)") == "a b ＄x＄ ＼(y＼)"


@pytest.mark.parametrize(
    "call",
    [
        lambda r: r["odd"].fan(language="fr"),
        lambda r: r["odd"].fan("needs"),
        lambda r: views.differences(r["before"], r["after"], year=2050),
    ],
)
def test_what_there_is_not_is_refused(results, call):
    with pytest.raises(FaultyInput, match="there is no"):
        call(results)


def test_without_a_chinese_font_one_sentence_says_so(monkeypatch):
    font_manager = pytest.importorskip("matplotlib.font_manager")
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    monkeypatch.setattr(font_manager, "findSystemFonts", list)
    views.cjk_font.cache_clear()
    with pytest.warns(UserWarning, match="no Chinese font is installed"):
        assert views.cjk_font() == ""
    views.cjk_font.cache_clear()


def test_a_font_that_was_installed_after_matplotlib_made_its_list_is_found(monkeypatch):
    font_manager = pytest.importorskip("matplotlib.font_manager")
    found = []  # what its list has
    monkeypatch.setattr(font_manager.fontManager, "ttflist", found)
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: ["broken.ttf", "new.ttc"])

    def add(path):
        if path == "broken.ttf":
            raise RuntimeError("it cannot be read")
        found.append(SimpleNamespace(name="Noto Sans CJK SC", fname=path))

    monkeypatch.setattr(font_manager.fontManager, "addfont", add)
    views.cjk_font.cache_clear()
    assert views.cjk_font() == "Noto Sans CJK SC"
    views.cjk_font.cache_clear()


def test_a_notebook_chooses_a_backend(monkeypatch):
    matplotlib = pytest.importorskip("matplotlib")
    from changji_sim.reports.notebook_html import notebook

    views.load_backends()
    monkeypatch.setattr(hv.Store, "current_backend", "bokeh")
    with matplotlib.rc_context():
        notebook()
        fonts = [font for font in (views.cjk_font(), "DejaVu Sans") if font]  # a new machine may have no Chinese one
        assert matplotlib.rcParams["font.family"] == fonts  # for pictures of one's own
    assert hv.Store.current_backend == "matplotlib"
    with pytest.raises(FaultyInput, match="no backend 'plotly'"):
        notebook("plotly")


@pytest.mark.slow
def test_a_live_picture_in_a_cell_names_no_server(tmp_path):
    pytest.importorskip("panel")
    nbformat, nbclient = pytest.importorskip("nbformat").v4, pytest.importorskip("nbclient")
    prepare = "import changji_sim as cs\nfrom changji_sim.reports.notebook_html import notebook\nnotebook('bokeh')"
    cells = [nbformat.new_code_cell(text) for text in (prepare, "cs.load_scenario('baseline').run(20).fan()")]
    book = nbformat.new_notebook(cells=cells)
    nbclient.NotebookClient(book, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output.data["text/html"] for output in book.cells[1].outputs if "text/html" in output.get("data", {})]
    assert shown
    assert not re.search(r"https?://(?!jupyterlab.readthedocs.io)", "".join(shown))  # a help page, in a comment


@pytest.mark.slow
def test_the_first_picture_of_a_process_has_a_chinese_font():
    """Which backends are there is asked after they are loaded, not before."""
    lines = (
        "import holoviews, changji_sim as cs",
        "from changji_sim import views",
        "first = views.structure(cs.load_scenario('baseline').run(2))",
        "print('fig_rcparams' in holoviews.Store.lookup_options('matplotlib', first, 'plot').kwargs)",
    )
    done = subprocess.run([sys.executable, "-c", "; ".join(lines)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"]
