"""What a card hands on and says of itself, without a browser."""

import pandas as pd
import pytest

pytest.importorskip("panel")

import changji_sim as cs
from changji_sim.desk.pages import caps_page, ledger_page, limit_calendar, overview_page
from changji_sim.desk.widgets.card_notes import NOTES, note_lines
from changji_sim.desk.widgets.card_tools import HandOnTools
from changji_sim.desk.widgets.cards import PictureOf
from changji_sim.measure import load_measure
from changji_sim.reports.page_footer import css_string
from changji_sim.results import breakdown
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
    assert numbers.splitlines() == ["year\tneed_wan", "2026\t0.3333333333333333"]
    assert csv == "\ufeff" + numbers.replace("\t", ",")
    assert "Baseline" in source and "trials 5" in source and "seed 9" in source and "D 75" in source
    assert HandOnTools("last", ZH).handed_on("numbers") == ""


def test_numbers_of_a_chinese_page_are_read_in_chinese():
    """They had the columns' keys as heads, and the keys of categories and items in their cells."""
    result = cs.load_scenario("baseline").run(5, seed=9)
    for frame in (breakdown.structure(result), breakdown.fan(result), breakdown.shortfall(result)):
        before = frame.copy()
        tools = HandOnTools("fan", ZH, lambda frame=frame: frame, lambda: result)
        for what, between in (("numbers", "\t"), ("csv", ",")):
            heads, *rows = (line.split(between) for line in tools.handed_on(what).removeprefix("\ufeff").splitlines())
            assert heads[0] == "年度" and not {"title", "title_en"} & set(heads)
            assert len(rows) == len(frame) and not {"industry", "environment"} & set(rows[0])
        pd.testing.assert_frame_equal(frame, before)


def test_a_text_of_a_file_stays_within_its_string():
    assert css_string('"; } </style>\\') == '"\\22 \\3b \\20 \\7d \\20 \\3c \\2f style\\3e \\5c "'
