"""Stories of single applications: their amounts are the ledger's, and they say why."""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from comparing import changed, made_scenario
from every_day import some_are_slow
from every_rule import BUSY, OPENING, VARIANTS

import changji_sim as cs
from changji_sim.base.faults import FaultyInput
from changji_sim.kernel.selection import INELIGIBLE_ROW
from changji_sim.measure import article_number, load_measure
from changji_sim.story import step
from changji_sim.story.explanation import one_trial, tell

TRIALS, SEED = 60, 3
FLOWS = ("asked", "ineligible", "not_selected", "demand", "entitlement", "unfunded", "commitment", "payment", "arrears",
         "cancelled", "return", "clawback", "recovery")  # fmt: skip
ODD = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stories")

    @cache
    def result(name):
        if name in VARIANTS:
            return made_scenario(folder, changed(BUSY, VARIANTS[name])).run(TRIALS, SEED)
        return cs.load_scenario(name).run(TRIALS, SEED)

    return result


def booked_by_stories(trial, item) -> Counter:
    """What all stories of an item book, by year and flow."""
    booked: Counter = Counter()
    for y, year in enumerate(trial.years):
        for number in range(len(trial.seen(item, y).state)):
            for part in tell(trial, item, year, number + 1).parts:
                if part.flow:
                    booked[part.year, part.flow] += part.fen
    return booked


@pytest.mark.parametrize("name", some_are_slow(
    ["tight_budget", "as it is", "pooling, partial", "pooling, defer", "applying again", "winners up", "groups",
     "clawback of the unspent", "commitments, partial", "long loans", "caps of the planner", "public money counts",
     "upgrade pays the difference", "money comes back late", "violations bar", "stages by year", "exchange by score"],
    quick=("as it is", "applying again", "upgrade pays the difference"),
))  # fmt: skip
def test_all_stories_of_an_item_add_up_to_its_ledger(results, name):
    """Every flow of every year of randomly picked items and trials, to the fen: some four hundred item-years in all."""
    result, pick = results(name), random.Random(len(name))
    for _ in range(2):
        trial = one_trial(result, pick.randrange(TRIALS))
        for item in pick.sample([i.key for i in result.scenario.items], 6):
            booked = booked_by_stories(trial, item)
            keys = [key for key in result.run.flows.keys() if key[0] == item]  # noqa: SIM118
            for _, year, flow in keys:
                if flow in FLOWS or flow.startswith("cut:"):
                    there = int(result.run.flows.fen(item, year, flow)[trial.trial])
                    assert booked.pop((year, flow), 0) == there, (item, year, flow, trial.trial)
            assert not any(booked.values()), booked


def test_every_step_leaves_what_the_next_one_finds(results):
    """Before, cut and after hang together, and every article is one of the measure's or the guide's."""
    result = results("as it is")
    trial = one_trial(result, 7)
    articles = {p.article for p in load_measure().provisions} | {"申报指南"}
    kinds = set()
    for item in trial.items:
        for y, year in enumerate(trial.years):
            for number in range(len(trial.seen(item, y).state)):
                parts = tell(trial, item, year, number + 1).parts
                kinds |= {part.key.split(":")[0] for part in parts}
                assert parts[0].key == "asked"
                assert all(part.before - part.cut == part.after for part in parts[1:])
                assert all(part.cut >= 0 and (part.after >= 0 or part.flow == "recovery") for part in parts)
                assert {part.article for part in parts} <= articles
                claim = [part for part in parts if part.year == year and part.key != "arrears"]
                for one, other in pairwise(claim):
                    assert one.after == other.before or other.flow in ("return", "clawback", "recovery")
    assert {"ineligible", "not_selected", "cut", "unfunded", "payment", "rated", "mid_term", "inspection"} <= kinds


def test_articles_named_here_stand_in_the_measure():
    there = {p.number for p in load_measure().provisions}
    named = [value for name, value in vars(step).items() if name.isupper() and isinstance(value, str) and "条" in value]
    assert len(named) >= 8
    assert all(article_number(article) in there for article in named)


@pytest.fixture(scope="module")
def stories_with(results):
    """Stories that have a step and a word in it, over trials; each is told once, whatever is looked for."""
    trial_of = cache(lambda name, number: one_trial(results(name), number))
    story_of = cache(lambda name, number, item, year, n: tell(trial_of(name, number), item, year, n + 1))

    def found(name, key, word, most=40):
        for number in range(most):
            trial = trial_of(name, number)
            for item in trial.items:
                for y, year in enumerate(trial.years):
                    for n, state in enumerate(trial.seen(item, y).state):
                        if key == "ineligible" and state != INELIGIBLE_ROW:
                            continue
                        told = story_of(name, number, item, year, n)
                        if any(part.key == key and word in part.zh for part in told.parts):
                            yield trial, told

    return found


def test_who_is_barred_is_told_because_of_what(stories_with):
    """The failure, not mended, stands in the applicant's own earlier story, one or two years before."""
    trial, told = next(stories_with("as it is", "ineligible", "整改未到位"))
    who = told.applicant
    earlier = [
        part
        for item in trial.items
        for y, year in enumerate(trial.years)
        for n, applicant in enumerate(trial.seen(item, y).claims.applicant)
        if trial.applicant(applicant) == who
        for part in tell(trial, item, year, n + 1).parts
        if part.key == "not_mended"
    ]
    assert any(told.year - 2 <= part.year < told.year and str(told.year) in part.zh for part in earlier)


@pytest.mark.parametrize(
    ("name", "key", "word"),
    [
        ("as it is", "ineligible", "一次性奖励已用过"),
        ("as it is", "ineligible", "一次性奖励当年已有更早的申报"),
        ("as it is", "ineligible", "须"),
        ("dates in force", "ineligible", "申报日期"),
        ("violations bar", "ineligible", "违规"),
        ("as it is", "not_selected", "评审未通过"),
        ("places", "not_selected", "名额1个"),
        ("as it is", "selected", "优秀，优先"),
        ("as it is", "cut:winner_share", "低档先减；核减"),
        ("as it is", "cut:applicant_year_max", "核减"),
        ("as it is", "cut:item_year_max", "已扣续建"),
        ("caps of the planner", "cut:year", "按比例分；核减"),
        ("public money counts", "cut:investment_share", "已扣其他财政资金"),
        ("upgrade pays the difference", "cut:upgrade_credit", "此前已获100万元"),
        ("applying again", "asked", "首次申报"),
        ("pooling, partial", "unfunded", "统筹时可用"),
        ("no envelopes", "unfunded", "没有控制数（预算额度）限制"),
        ("as it is", "clawback", "实际追回"),
        ("as it is", "return", "结余上缴"),
        ("as it is", "put_off", "推到下年"),
        ("as it is", "stopped", "不再拨付"),
        ("as it is", "mended", "整改到位"),
        ("as it is", "recovery", "股权退出"),
        ("as it is", "arrears", "应拨未拨"),
    ],
)
def test_what_happens_is_said(stories_with, name, key, word):
    _, told = next(stories_with(name, key, word))
    frame = told.steps
    assert frame.text_zh.str.contains(word, regex=False).any()
    assert not frame.text_en.str.contains("[一-鿿]{4,}", regex=True).any(), "English speaks English"


def test_its_sentences_say_amounts_as_tables_do_and_chinese_has_no_gaps(results):
    """At most two decimals; no blank between a number and Chinese."""
    trial, found = one_trial(results("as it is"), 3), []
    for item in trial.items:
        for y, year in enumerate(trial.years):
            for n in range(min(3, len(trial.seen(item, y).state))):
                found += tell(trial, item, year, n + 1).parts
    assert len(found) > 100
    for part in found:
        amounts = re.findall(r"([\d.,]+) ?万元", part.zh + part.en)
        assert not [one for one in amounts if len(one.partition(".")[2]) > 2], part.zh
        assert not re.search(r"[一-鿿] \d|\d [一-鿿]", part.zh), part.zh


@pytest.mark.parametrize(
    ("amount", "said"),
    [(400.0, "400"), (24.2366, "24.24"), (6.1, "6.10"), (4496.49602, "4,496.50"), (0.004, "≈0"), (0, "0")],
)
def test_an_amount_of_a_sentence(amount, said):
    assert step.in_wan(amount) == said


def test_a_story_shows_itself_and_runs_no_text_of_a_file(tmp_path):
    (tmp_path / "rows.csv").write_text(
        "application_id,item,applicant,submitted,total_investment_wan,requested_wan,term_years\n"
        f"a1,core_technology,{ODD},2026-02-01,300,80,2\n",
        encoding="utf-8",
    )
    changes = {"items.core_technology.assumptions.registers": {2026: "rows.csv"}}
    result = made_scenario(tmp_path, changed(BUSY, changes), OPENING).run(20, SEED)
    told = result.explain("core_technology", 2026, 1, trial=2)
    assert ODD in told.text() and ODD in told.title
    assert "<img" not in told._repr_html_() and "&lt;img" in told._repr_html_()
    english = result.explain("core_technology", 2026, 1, trial=2, language="en")
    assert "Art. 10" in str(english) and "第十条" in str(told)
    assert list(told.steps.columns[:6]) == ["step", "year", "article", "before_wan", "cut_wan", "after_wan"]


def test_the_list_of_applications_is_what_the_ledger_says(results):
    result = results("tight_budget")
    listed = result.applications(trial=4)
    for (year, item), part in listed.groupby(["year", "item"]):
        assert list(part.application) == list(range(1, len(part) + 1))
        for flow in ("asked", "entitlement", "commitment"):
            assert part[f"{flow}_wan"].sum() == pytest.approx(result.fen(flow, year, item)[4] / 1e6, abs=1e-6)
    years = (*result.years, *result.tail)
    paid = sum(int(result.fen("payment", year)[4]) for year in years)
    assert listed.paid_wan.sum() == pytest.approx(paid / 1e6, abs=1e-5)
    some = result.applications(trial=4, item="exchange", year=2027)
    assert set(some.item) == {"exchange"} and set(some.year) == {2027}
    states = {"ineligible", "not_passed", "not_placed", "cut", "unfunded", "committed"}
    assert set(listed.state) <= states and len(set(listed.state)) > 4


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"item": "exchnge"}, "did you mean 'exchange'"),
        ({"year": 2040}, "the measure is in force in 2026, 2027, 2028, 2029"),
        ({"application": 0}, "there are 1 to"),
        ({"application": 10_000}, "there are 1 to"),
        ({"trial": 60}, "there are 0 to 59"),
        ({"trial": -1}, "there is no trial -1"),
        ({"trial": 1.5}, "there is no trial 1.5"),
        ({"language": "fr"}, "there is no language 'fr'"),
        ({"item": "special_case", "year": 2026, "application": 400}, "there is no application 400"),
    ],
)
def test_what_there_is_not_is_refused_in_words(results, arguments, says):
    asked = {"item": "exchange", "year": 2026, "application": 1, "trial": 0} | arguments
    with pytest.raises(FaultyInput, match=says):
        results("baseline").explain(**asked)


def test_scores_are_those_the_kernel_ranks_by(results):
    """With places, who was selected are the first of the ranking that the story tells."""
    result = results("places")
    for number in range(10):
        trial = one_trial(result, number)
        for item in trial.items:
            for y in range(len(trial.years)):
                seen, places = trial.seen(item, y), trial.plans[item].places[y]
                order, _ = trial.ranking(item, y)
                if places >= 0:
                    assert set(order[:places]) == set(np.flatnonzero(seen.state == 3))
