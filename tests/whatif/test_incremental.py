"""The incremental run: whatever is changed in whatever order, its flows are those of a run from nothing, to the fen."""

from __future__ import annotations

import gc
import random
from dataclasses import replace
from weakref import ref

import pytest
from chains_of_moves import DATED, Turned, some_value, unequal, unequal_calendars

from changji_sim import Live, Result, load_scenario
from changji_sim.adjustable import PARTS, adjustables
from changji_sim.base.faults import FaultyInput
from changji_sim.kernel.calendar import CalendarObserver, gathered
from changji_sim.kernel.observers import Observers
from changji_sim.kernel.simulate import simulate
from changji_sim.results.exhaustion import limits_recorded
from changji_sim.scenario_file.draft import Draft

TRIALS = 60
ENVELOPE = "extends: baseline\nname: live\ntitle: live\n"
CHANGES = [
    "envelopes: {total: {value: 7000, growth: 0.05}}",
    "envelopes: {total: {value: 3000}, categories: {regional: {share: 0.1}}}",
    "items: {exchange: {guide: {max_item_year_wan: 300}}}",
    "items: {exchange: {assumptions: {applications: 70}}}",
    "items: {core_technology: {guide: {max_investment_share: 0.15, places: 6}}}",
    "items: {core_technology: {guide: {first_tranche: 0.5, when_short: pro_rata}}}",
    "items: {rd_growth: {guide: {rate: 0.05}}}",
    "items: {loan_interest: {guide: {max_years: 1}}}",
    "growth: 0.12",
    "readings: {payable_rounding: hundred, bar_scope: projects_only}",
    "oversight: {fail: 0.3, mended: 0.1}",
    "items: {commissioner: {assumptions: {reapply: 0.7}}}",
]


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory):
    folder = tmp_path_factory.mktemp("live")
    made = [load_scenario("baseline"), load_scenario("baseline", reform="exchange-500")]
    for number, change in enumerate(CHANGES):
        path = folder / f"{number}.yaml"
        path.write_text(f"{ENVELOPE}{change}\n", encoding="utf-8")
        made.append(load_scenario(path))
    return made


def assert_same(live_run, whole_run):
    assert unequal(live_run.flows, whole_run.flows) == []


@pytest.mark.slow
def test_a_hundred_changes_in_a_row_give_what_runs_from_nothing_give(scenarios):
    live = Live(scenarios[0], trials=TRIALS, seed=5, chunk=40)
    whole = [simulate(scenario, TRIALS, 5, chunk=TRIALS) for scenario in scenarios]
    order = random.Random(11)
    for _ in range(100):
        number = order.randrange(len(scenarios))
        assert_same(live.run(scenarios[number]).run, whole[number])


@pytest.mark.slow
def test_whatever_is_turned_a_hundred_times_in_a_row():
    """Things of every part, the law's numbers by a reform too, each on top of those before it."""
    chance, turned = random.Random(29), Turned(Draft("tight_budget"))
    live = Live(turned.scenario(), trials=TRIALS, seed=5, chunk=40)
    every = [one for one in adjustables(turned.draft) if one.value is not None]
    by_part = {part: [one for one in every if one.part == part] for part in PARTS}
    done = dict.fromkeys((*PARTS, "reform"), 0)
    while sum(done.values()) < 100:
        one = chance.choice(by_part[chance.choice(PARTS)])
        further = turned.with_value(one, some_value(one, chance))
        try:
            scenario = further.scenario()
            whole = simulate(scenario, TRIALS, 5, chunk=TRIALS)
        except FaultyInput:  # terms that cannot stand together, or a width that leads to absurd amounts
            continue
        result = live.run(scenario, calendar_of=("exchange",), has_matching_funds=True)
        assert_same(result.run, whole)
        if not sum(done.values()) % 10:  # what is looked on besides
            assert result.calendar("exchange").by_year().equals(Result(whole).calendar("exchange").by_year()), one.key
            assert result.own_money().equals(Result(whole).own_money()), one.key
        done["reform" if further.reform != turned.reform else one.part] += 1
        turned = further
    assert min(done.values()) >= 3, done


def test_only_what_a_change_touches_is_drawn_again(scenarios):
    live = Live(scenarios[0], trials=TRIALS)
    live.run()
    assert len(live.redrawn_items) == len(scenarios[0].items)
    live.run()
    assert live.redrawn_items == ()
    for number, redrawn_items in {
        1: (),
        2: (),
        4: (),
        5: ("exchange",),
        6: (),
        7: ("core_technology",),
        8: ("rd_growth",),
    }.items():
        live.run(scenarios[0])
        live.run(scenarios[number])
        assert live.redrawn_items == redrawn_items, CHANGES[number - 2]


def test_a_move_is_worked_out_by_cells_whatever_is_looked_on_besides(scenarios):
    live = Live(scenarios[0], trials=TRIALS, seed=5, chunk=40)
    live.run(calendar_of=("exchange",))
    moved = live.run(scenarios[4], calendar_of=("exchange",), has_matching_funds=True)
    whole = Result(simulate(scenarios[4], TRIALS, 5))
    assert live.is_by_cells
    assert moved.calendar("exchange").by_year().equals(whole.calendar("exchange").by_year())
    assert moved.own_money().equals(whole.own_money())


def test_a_calendar_follows_an_envelope_that_moves_again_and_again(scenarios):
    live = Live(scenarios[0], trials=TRIALS, seed=5, chunk=40)
    for total in (20_000, 21_000, 22_000):  # nothing is short: the room alone differs
        scenario = scenarios[0].with_({"envelopes.total": total})
        moved = live.run(scenario, calendar_of=DATED)
        observe = Observers(dict.fromkeys(DATED, CalendarObserver))
        simulate(scenario, TRIALS, 5, observe=observe)
        for key, seen in limits_recorded(moved).items():
            assert unequal_calendars(seen, gathered(observe, key)) == [], (total, key)


def test_books_that_nobody_needs_are_gone_at_once(scenarios):
    live = Live(scenarios[0], trials=TRIALS, seed=5)
    live.run(calendar_of=("exchange",))
    books = [ref(cells) for cells in live._cells.blocks.values()]
    gc.disable()  # on the desk what is there from the start is frozen: the collector does not look there
    try:
        live.forget()
        assert [book() for book in books] == [None] * len(books)
    finally:
        gc.enable()


def test_what_an_earlier_result_says_of_a_limit_stays(scenarios):
    live = Live(scenarios[0], trials=TRIALS, seed=5)
    before = live.run(calendar_of=("exchange",))
    days = before.calendar("exchange").days().copy()
    live.run(scenarios[4], calendar_of=("exchange",))
    assert before.calendar("exchange").days().equals(days)


def test_where_a_number_comes_from_changes_nothing(scenarios):
    first = scenarios[0]
    live = Live(first, trials=TRIALS)
    live.run()
    item = next(i for i in first.items if i.key == "exchange")
    renamed = replace(item, applications=replace(item.applications, source="another page", mark="A"))
    live.run(replace(first, items=tuple(renamed if i is item else i for i in first.items)))
    assert live.redrawn_items == ()
