"""What a speaker says of a result: its numbers are the result's, and what nobody has set is said to be so."""

import re

import pytest

import changji_sim as cs
from changji_sim.base.faults import FaultyInput
from changji_sim.reports.briefing import calendar_effect, calendar_sentence, sentences
from changji_sim.results.breakdown import ANY, promised_beyond, shortfall
from changji_sim.wording.amounts import percent, wan

TRIALS, SEED = 200, 3


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("said")

    def make(more: str = "", extends: str = "baseline"):
        path = folder / "said.yaml"
        path.write_text(f"name: said\nextends: {extends}\n{more}", encoding="utf-8")
        return cs.load_scenario(path).run(TRIALS, SEED)

    return make


@pytest.fixture(scope="module")
def baseline(run):
    return run()


def test_its_numbers_are_the_results(baseline):
    need, fit, beyond = sentences(baseline)
    total = baseline.summary().query("category == '*'")
    first, last = total.iloc[0], total.iloc[-1]
    assert [wan(first[c]) for c in ("need_mean_wan", "need_p10_wan", "need_p90_wan")] == re.findall(
        r"([\d,]+)万元", need
    )
    assert f"把握为{1 - first.probability_short:.0%}" in fit
    assert f"2029年为{1 - last.probability_short:.0%}" in fit
    paid = promised_beyond(baseline).query("category == '*'")
    assert f"{wan(paid.mean_wan.sum())}万元" in beyond


def test_every_number_stands_in_the_result(baseline):
    """No figure of its own: what is said is a year, an amount or a share of the tables, or an article."""
    result = baseline
    budget, caps = result.budget(), result.caps()
    known = {wan(x) for x in budget[["mean_wan", "p10_wan", "p90_wan"]].to_numpy().ravel()}
    known |= {wan(x) for x in result.summary().envelope_wan.dropna()} | {str(y) for y in (*result.years, *result.tail)}
    known |= {wan(x) for x in caps.groupby(["cap", "item"]).mean_cut_wan.sum() / len(result.years)}
    known |= {wan(promised_beyond(result).query("category == '*'").mean_wan.sum())}
    shares = budget.query("flow == 'need' and item == '*' and year == 2026").mean_wan
    known |= {
        percent(x).strip("%") for x in [*(shares / shares.max()), *(1 - result.summary().probability_short.dropna())]
    }
    for language, more in (("zh", set()), ("en", {"10"})):  # Art. 10
        said = " ".join(sentences(result, language))
        assert set(re.findall(r"\d[\d,.]*\d|\d", said)) <= known | more


@pytest.mark.parametrize(("language", "placeholder", "missing"), [
    ("zh", "暂估数", "未录入期初台账"), ("en", "placeholder", "no opening position"),
])  # fmt: skip
def test_a_placeholder_is_said_to_be_one(run, baseline, language, placeholder, missing):
    need, fit, _ = sentences(baseline, language)
    assert placeholder in fit and missing in need
    approved = run("envelopes: {total: {value: 8000, growth: 0.05, source: 预算批复, mark: A}}\n")
    assert placeholder not in sentences(approved, language)[1]


def test_without_an_envelope_nothing_is_claimed(run):
    result = run("envelopes: {total: none}\n")
    assert "未设控制数（预算额度）" in sentences(result)[1]
    assert "no envelope" in sentences(result, "en")[1].lower()


def test_with_several_envelopes_all_must_suffice_and_the_tightest_is_named(run):
    result = run(extends="tight_budget")
    frame = shortfall(result).query("year == 2026")
    fit = sentences(result)[1]
    assert "各项额度都够用" in fit and "最紧的是创新环境建设专项" in fit
    together = frame[frame.category == ANY].probability_short.item()
    assert ("把握不足1%" in fit) == (1 - together < 0.01)


def test_a_language_there_is_not_is_refused(baseline):
    with pytest.raises(FaultyInput, match="no language 'fr'"):
        sentences(baseline, "fr")


def test_notes_are_the_same_in_either_language(baseline):
    zh, en = baseline.notes("zh"), baseline.notes()
    assert len(zh) == len(en) >= 4
    assert all(re.search(r"[一-鿿]", note) for note in zh)


def test_a_limit_is_said_with_its_day_and_what_would_be_enough(baseline):
    made = baseline.calendar("exchange")
    row, enough = made.by_year().iloc[0], made.enough(0.9).enough_wan[0]
    zh, en = (calendar_sentence(baseline, made, 2026, language) for language in ("zh", "en"))
    _, month, day = (int(part) for part in row.p50_date.split("-"))
    assert f"半数情形在{month}月{day}日之前用完" in zh and f"须{wan(enough)}万元" in zh
    assert f"gone by {day} " in en and f"{wan(enough)}万元 would last the year" in en


def test_what_another_limit_does_is_said_against_the_file(baseline):
    before = baseline.calendar("exchange")
    after = baseline.scenario.run(TRIALS, SEED, reform="exchange-500").calendar("exchange")
    said = calendar_effect(before, after, 2026)
    for made in (before, after):
        row = made.by_year().iloc[0]
        assert percent(row.probability_lasts) in said
        assert f"{row.mean_turned_away + row.mean_partly:.1f}份、{wan(row.mean_cut_wan)}万元" in said
    assert "由400万元改为500万元" in said
    assert "由" not in calendar_effect(before, before, 2026).split("，")[0]
    assert calendar_effect(before, after, 2035) == ""
