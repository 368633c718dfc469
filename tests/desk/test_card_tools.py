"""What a card hands on and says of itself, without a browser."""

import asyncio
import threading

import pandas as pd
import pytest

pytest.importorskip("panel")

import changji_sim as cs
from changji_sim.adjustable import adjustables
from changji_sim.adjustable.dated_values import split_by_year
from changji_sim.desk.pages import caps_page, ledger_page, limit_calendar, overview_page
from changji_sim.desk.pages.tables import as_numbered
from changji_sim.desk.widgets.card_notes import NOTES, note_lines
from changji_sim.desk.widgets.card_tools import HandOnTools, MadeFrom
from changji_sim.desk.widgets.cards import PictureOf
from changji_sim.measure import load_measure, load_reform
from changji_sim.reports.page_footer import css_string
from changji_sim.results import breakdown
from changji_sim.results.exhaustion import calendar, calendars
from changji_sim.results.paid_by_month import paid_by_month
from changji_sim.results.side_by_side import comparison
from changji_sim.scenario_file.draft import Draft
from changji_sim.views import PictureTranslator

ZH, EN = PictureTranslator("zh"), PictureTranslator("en")


def test_every_picture_has_a_note_and_notes_cite_articles_that_are_there():
    articles = {provision.article for provision in load_measure().provisions}
    for key, note in NOTES.items():
        assert note.articles and set(note.articles) <= articles, key
        assert [len(note_lines(key, say)) for say in (ZH, EN)] == [3, 3]
    pages = (overview_page, caps_page, ledger_page, limit_calendar)
    keys = {one.key for page in pages for one in vars(page).values() if isinstance(one, PictureOf)}
    assert keys >= {"fan", "structure", "binding", "waterfall"} and keys <= NOTES.keys()
    assert note_lines("unknown", ZH) == []


def test_numbers_csv_and_source_are_made_when_they_are_asked_for():
    frame = pd.DataFrame({"year": [2026], "need_wan": [1 / 3]})
    result = cs.load_scenario("baseline").run(5, seed=9)
    tools, sent = HandOnTools("fan", EN, lambda: frame, lambda: result), []
    tools._send_msg = sent.append
    for what in ("numbers", "csv", "source", "secrets", 7):
        tools._handle_msg({"what": what})
    tools._handle_msg("csv")
    assert [one["what"] for one in sent] == ["numbers", "csv", "source"]
    numbers, csv, source = (one["text"] for one in sent)
    assert numbers.splitlines() == ["year\tneed (万元)", "2026\t0.333333"]
    assert csv == "\ufeff" + numbers.replace("\t", ",")
    assert "Baseline" in source and "trials 5" in source and "seed 9" in source and "D 75" in source
    assert HandOnTools("last", ZH).handed_on("numbers") == ""


def test_while_a_card_s_numbers_are_made_the_loop_goes_on():
    """To write out what was changed took most of a second, in which the pages of all others stood."""
    sent, is_going_on = [], threading.Event()

    def frame():
        assert is_going_on.wait(60), "the loop waits for the numbers"
        return pd.DataFrame({"year": [2026]})

    async def copied():
        tools._handle_msg({"what": "numbers"})
        while not sent:
            is_going_on.set()
            await asyncio.sleep(0.01)

    tools = HandOnTools("fan", EN, frame)
    tools._send_msg = sent.append
    asyncio.run(asyncio.wait_for(copied(), 90))
    assert sent == [{"what": "numbers", "text": "year\n2026\n"}]


def test_numbers_of_a_chinese_page_are_read_in_chinese():
    """They had the columns' keys as heads, and the keys of categories and items in their cells."""
    result = cs.load_scenario("baseline").run(5, seed=9)
    for frame in (breakdown.structure(result), breakdown.fan(result), breakdown.shortfall(result)):
        before = frame.copy()
        tools = HandOnTools("fan", ZH, lambda frame=frame: frame, lambda: result)
        for what, between in (("numbers", "\t"), ("csv", ",")):
            heads, *rows = (line.split(between) for line in tools.handed_on(what).removeprefix("\ufeff").splitlines())
            assert heads[0] == "年度" and not {"title", "title_en"} & set(heads)
            named = rows[0][: len(heads) - sum("代码" in head for head in heads)]  # keys stand last
            assert len(rows) == len(frame) and not {"industry", "environment"} & set(named)
        pd.testing.assert_frame_equal(frame, before)


def test_a_text_of_a_file_stays_within_its_string():
    assert css_string('"; } </style>\\') == '"\\22 \\3b \\20 \\7d \\20 \\3c \\2f style\\3e \\5c "'


# --- what was changed --------------------------------------------------------------------------------------------


def source_of(draft, say, changes, reform=None):
    made = MadeFrom(draft.scenario(changes, reform), 5, 9)
    return HandOnTools("fan", say, None, lambda: made).handed_on("source")


def test_a_picture_says_what_was_changed_from_what_to_what():
    draft = Draft("baseline")
    known = {one.key: one for one in adjustables(draft)}
    changes = known["envelopes.total"].change(7200)
    assert " · 已改 1 处（总额度：8,000万元 → 7,200万元） · " in source_of(draft, ZH, changes)
    assert " · changed in 1 place (total envelope: 8,000万元 → 7,200万元) · " in source_of(draft, EN, changes)
    changes |= known["growth"].change(0.1)
    two = "已改 2 处（总额度：8,000万元 → 7,200万元；申报年增长率：8%（3%–15%） → 10%（3.75%–18.8%））"
    assert f" · {two} · " in source_of(draft, ZH, changes)
    changes |= known["exchange.max_item_year_wan"].change(300) | known["core_technology.applications"].change(80)
    assert "已改 4 处（总额度：8,000万元 → 7,200万元；" in source_of(draft, ZH, changes)
    assert "；另有2处） · " in source_of(draft, ZH, changes)
    assert "; and 2 more) · " in source_of(draft, EN, changes)
    assert "已改" not in source_of(draft, ZH, {})


def test_a_number_given_by_year_and_one_of_an_item_are_named_as_on_the_page():
    draft = Draft("baseline")
    known = {one.key: one for one in adjustables(draft)}
    by_year = split_by_year(known["envelopes.total"], draft.original)
    assert " · 已改 1 处（总额度：逐年设定） · " in source_of(draft, ZH, by_year)
    assert "(total envelope: a number for each year)" in source_of(draft, EN, by_year)
    limit = known["exchange.max_item_year_wan"].change(300)
    assert " · 已改 1 处（科技交流活动 · 每年总额上限：400万元 → 300万元） · " in source_of(draft, ZH, limit)


def test_a_reform_that_is_tried_says_which_numbers_of_the_law_it_moves():
    draft, name = Draft("baseline"), "exchange-500"
    said = source_of(draft, ZH, {}, load_reform(name))
    assert "（科技交流活动 · 每年总额（办法）：≤ 400万元 → ≤ 500万元） · 模拟次数" in said


def test_changes_of_a_changed_scenario_are_written_from_the_file_on():
    again = Draft.of(Draft("baseline").scenario({"envelopes.total.value": 9000}))
    assert "总额度：8,000万元 → 9,500万元" in source_of(again, ZH, {"envelopes.total.value": 9500})


# --- numbers to hand on -----------------------------------------------------------------------------------------------


def handed(say, frame, result):
    return HandOnTools("structure", say, lambda: frame, lambda: result).handed_on("numbers").splitlines()


def test_numbers_have_heads_and_names_in_the_readers_language_and_keys_last():
    result = cs.load_scenario("baseline").run(20, seed=9)
    frame = breakdown.structure(result)
    for say, head, name in ((ZH, "专项", "产业重大技术攻关专项"), (EN, "category", "Industrial technology")):
        heads, first = (line.split("\t") for line in handed(say, frame, result)[:2])
        assert heads[:2] == ["年度" if say is ZH else "year", head] and first[-1] == "industry"
        assert heads[-1] == ("专项（代码）" if say is ZH else "category key")
        assert first[1] == name
        assert first[2] == str(round(frame.mean_wan[0], 6)) and first[-2] == str(round(frame.share[0], 4))
        assert not any("_" in one for one in heads)
    steps = handed(ZH, breakdown.waterfall(result, 2027), result)
    assert not any("_" in one for one in steps[0].split("\t")) and steps[1].endswith("asked\ttotal")
    limits = handed(EN, breakdown.binding(result), result)
    assert (
        limits[0].startswith("cap\tarticle\titem\tyear\tP(binding)\tmean cut (万元)") and "\tArt. 12(5)\t" in limits[1]
    )


def test_heads_of_a_limit_say_what_their_columns_hold_and_every_share_is_rounded():
    result = cs.load_scenario("baseline").run(7, seed=9)
    one = calendar(result, *calendars(result)[0])
    raised = [line.split("\t") for line in handed(ZH, one.raised(), result)]
    assert raised[0][3:] == ["提高部分的使用率", "平均多足额安排申报数", "平均新获安排申报数（含部分安排）"]
    months = [line.split("\t") for line in handed(ZH, paid_by_month(result), result)]
    shares = [row[3] for row in raised[1:]] + [row[months[0].index("序时进度")] for row in months[1:]]
    assert len(shares) > 40 and all(len(share.partition(".")[2]) <= 4 for share in shares)
    late = handed(ZH, one.by_year(), result)[0].split("\t")
    assert [head for head in late if "用完日期" in head] == [
        f"用完日期（{share}情形更早）" for share in ("一成", "半数", "九成")
    ]


def test_numbers_of_scenarios_beside_each_other_say_which_is_which():
    """The settings of now had the name of their file, so that two scenarios were called the same."""
    results = [cs.load_scenario("baseline").with_({"envelopes.total": total}).run(7, seed=9) for total in (8000, 7200)]
    frame = as_numbered(comparison(results), ["基准情景", "当前设置"], ZH)
    heads, *rows = (line.split("\t") for line in handed(ZH, frame, None))
    assert heads[:5] == ["指标", "年度", "情景", "单位", "取值"] and "序号（自0起）" not in heads
    assert {row[2] for row in rows} == {"1 基准情景", "2 当前设置"}
    assert {row[1] for row in rows} == {"2026", "2027", "2028", "2029", "以后", "各年合计", "任一年"}
    assert {row[3] for row in rows if row[0] == "缺口概率"} == {"概率"}
    assert {row[1] for row in rows if row[3] == "概率"} >= {"任一年"} and len({row[3] for row in rows}) == 2
