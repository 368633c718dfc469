"""What a terminal and a notebook's cell show: one language, titles instead of keys, what a total's P(short) means."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from changji_sim.api.scenario import load_scenario
from changji_sim.base.messages import in_language
from changji_sim.reports.assumption_list import assumption_list
from changji_sim.reports.notebook_html import result_html
from changji_sim.reports.summary_text import summary_notes, summary_rows, tail_text
from changji_sim.reports.terminal import result_view
from changji_sim.results.breakdown import promised_beyond
from changji_sim.results.caveats import caveats, idle_note, notes
from changji_sim.wording.amounts import wan
from changji_sim.wording.language import Translator

TRIALS, SEED = 60, 7
CHINESE, LATIN = re.compile(r"[一-鿿]"), re.compile(r"[A-Za-z]{2,}")
ZH, EN = Translator("zh"), Translator("en")


@pytest.fixture(scope="module")
def tight():
    return load_scenario("tight_budget").run(TRIALS, SEED)


def shown(result, language=None) -> str:
    console = Console(width=180, file=io.StringIO())
    console.print(result_view(result, language))
    return console.file.getvalue()


def test_the_terminal_speaks_one_language(tight):
    assert not LATIN.findall(shown(tight, "zh"))
    assert not CHINESE.findall(shown(tight, "en").replace("万元", ""))


def test_a_cell_speaks_one_language(tight):
    plain = {language: re.sub(r"<[^>]*>", "", result_html(tight, language)) for language in ("zh", "en")}
    assert not LATIN.findall(plain["zh"].replace("&gt;", "").replace("&lt;", ""))
    assert not CHINESE.findall(plain["en"].replace("万元", ""))


def test_the_readers_language_is_what_is_not_chosen(tight):
    with in_language("zh"):
        assert shown(tight) == shown(tight, "zh")
    assert shown(tight) == shown(tight, "en")


def test_the_notes_below_the_summary_say_what_holds(tight):
    assert summary_notes(tight, ZH) == [
        "合计行的缺口概率是任一额度（总额度或某一专项额度）出现缺口的概率，1减去它即各项额度都够用的把握。",
        "资金需求等于当年需求加以前年度应拨未拨，与控制数比较的是两者之和；平均缺口是全部模拟的平均。",
        "因四舍五入，分项之和与合计可能略有出入。",
    ]
    baseline = summary_notes(load_scenario("baseline").run(TRIALS, SEED), EN)
    assert baseline == [
        "Categories without an envelope of their own share the total.",
        "What is held against the envelope is the need of the year and the arrears together; what is lacking is the "
        "mean over all trials.",
        "Parts may not add up to totals because of rounding.",
    ]


def test_what_is_still_paid_says_how_much_of_it_is_arrears(tight):
    last = tight.years[-1]
    totals = promised_beyond(tight).query("category == '*'")
    owed = tight.trials("arrears", year=last)[last].mean()
    assert owed > 100
    first = f"{last + 1}年{wan(totals.mean_wan.iloc[0])}（其中{last}年末应拨未拨{wan(owed)}）"
    assert tail_text(tight, ZH).startswith(f"{last}年以后仍须支付（各次模拟的平均，万元）：{first}、")
    assert f"(of which arrears of {last}: {wan(owed)})" in tail_text(tight, EN)
    assert totals.mean_wan.iloc[0] >= owed


def test_nothing_is_printed_as_0(tmp_path):
    path = tmp_path / "none.yaml"
    path.write_text("name: none\nextends: baseline\nitems: {special_case: {assumptions: {applications: 0}}}\n", "utf-8")
    rows = summary_rows(load_scenario(path).run(TRIALS, SEED), EN)
    assert [row.cells[2:4] for row in rows if row.cells[1] == "Negotiated cases"] == [("0", "0")] * 4


def test_idle_readings_are_named_by_title(tight):
    idle = idle_note(tight, "zh")
    assert idle.startswith("下列条款口径怎样取，都不影响本次测算结果：") and "施行期的起止口径" in idle
    assert notes(tight, "zh") == [*caveats(tight, "zh"), idle]
    assert idle in shown(tight, "zh").replace("\n", "")


def test_named_cases_and_swings_are_said_in_words(tmp_path):
    path = tmp_path / "cases.yaml"
    path.write_text(
        "name: cases\nextends: baseline\nitems:\n  special_case:\n    assumptions:\n"
        "      applications: none\n      cases:\n"
        "        - {name: 准东煤化工中试平台, year: 2027, amount: 1200, probability: 0.6, applicant: 某某集团}\n",
        encoding="utf-8",
    )
    said = {one.path: one for one in assumption_list(load_scenario(path))}
    case = said["items.special_case.assumptions.cases"]
    assert (case.title, case.value) == ("个案", "准东煤化工中试平台，2027年，1,200万元，概率60%，承担单位某某集团")
    economy = said["economy"]
    assert (economy.title, economy.value) == ("经济波动幅度", "约±10%（对数标准差0.1）")
    english = {one.path: one.value for one in assumption_list(load_scenario(path), "en")}
    assert english["economy"] == "about ±10% (log sd 0.1)"
    assert english["items.special_case.assumptions.cases"].endswith("2027, 1,200万元, probability 60%, by 某某集团")
