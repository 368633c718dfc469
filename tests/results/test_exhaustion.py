"""The calendar of a limit: days that agree with closed forms, money that agrees with the ledger."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from comparing import changed, made_scenario, write_scenario
from every_day import some_are_slow
from every_rule import BUSY, OPENING, VARIANTS
from few_items import few_items
from scipy import stats

import changji_sim as cs
from changji_sim import Live
from changji_sim.base.faults import FaultyInput
from changji_sim.kernel.calendar import days_of_rows, is_used_in_order, month_ends
from changji_sim.kernel.draws import Chunk, ItemDraws, TrialDraws
from changji_sim.kernel.observers import Observers, RowObserver
from changji_sim.kernel.simulate import make_registry, simulate
from changji_sim.kernel.streams import ascending_days, stream_key
from changji_sim.results.exhaustion import calendar, calendars, date_of, limits_recorded

MEAN, AMOUNT, CEILING = 55.0, 7.5, 400.0  # activities a year, 万元 each, 万元 a year (第十三条（三）)
TRIALS, SEEDS = 40_000, tuple(some_are_slow(range(1, 6), [1]))
FEN_A_WAN = 1_000_000
CLOSED = {
    "name": "closed",
    "doubt": False,
    "years": [2026, 2027],
    "pools": {"many": {"size": 1000}},
    "items": {
        "exchange": {
            "guide": {"when_short": "partial", "first_tranche": 1.0},
            "assumptions": {
                "applications": MEAN,
                "growth": 0,
                "columns": {"requested_wan": {"fixed": AMOUNT}, "term_years": {"fixed": 1}},
            },
        },
    },
}


@pytest.fixture(scope="module")
def closed(tmp_path_factory):
    scenario = made_scenario(tmp_path_factory.mktemp("closed"), CLOSED)
    return cache(lambda seed: scenario.run(TRIALS, seed).calendar("exchange"))


@pytest.fixture(scope="module")
def busy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("busy")
    return cache(lambda name: made_scenario(folder, changed(BUSY, VARIANTS[name]), OPENING).run(200, 3))


def agrees(drawn: np.ndarray, exact: float, variance: float) -> None:
    """Within three standard errors of the exact value."""
    assert abs(drawn.mean() - exact) < 3 * np.sqrt(variance / len(drawn))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_day_it_runs_out_is_that_of_a_poisson_arrival(closed, seed):
    """The first application that does not get all is the 54th; arrivals of a Poisson process come after gamma times."""
    nth = int(CEILING // AMOUNT) + 1
    for year in (2026, 2027):
        day = closed(seed).of(year).day
        for limit in (0.7, 0.8, 0.9, 0.95, 1.0):
            exact = stats.gamma.cdf(limit, nth, scale=1 / MEAN)
            agrees((day <= limit).astype(float), exact, exact * (1 - exact))


@pytest.mark.parametrize("seed", SEEDS)
def test_money_used_by_the_end_of_a_month_is_that_of_a_poisson_process(closed, seed):
    counts = np.arange(400)
    for month, end in enumerate(month_ends(2026)):
        chance = stats.poisson.pmf(counts, MEAN * end)
        amounts = np.minimum(counts * AMOUNT, CEILING)
        exact = float(chance @ amounts)
        agrees(closed(seed).of(2026).spent[month] / FEN_A_WAN, exact, float(chance @ (amounts - exact) ** 2))


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_what_ten_more_buy(closed, seed):
    """E[min(demand, 410)] − E[min(demand, 400)], and the applications behind it."""
    counts = np.arange(400)
    chance = stats.poisson.pmf(counts, MEAN)
    raised = closed(seed).raised([10.0, 95.0]).query("year == 2026").set_index("step_wan")
    for step in (10.0, 95.0):
        extra = np.minimum(counts * AMOUNT, CEILING + step) - np.minimum(counts * AMOUNT, CEILING)
        mean = float(chance @ extra)
        error = 3 * np.sqrt(float(chance @ (extra - mean) ** 2) / TRIALS)
        assert abs(raised.extra_wan[step] - mean) < error
        served = np.clip(np.minimum(counts, (CEILING + step) // AMOUNT) - CEILING // AMOUNT, 0, None)
        assert abs(raised.served[step] - chance @ served) < 3 * served.std() / np.sqrt(TRIALS) + 0.05


@pytest.mark.slow
def test_a_higher_limit_buys_what_a_reform_does():
    """In the first year nothing has followed yet: 400万 to 500万 is the same money, future by future."""
    baseline = cs.load_scenario("baseline")
    result, reformed = baseline.run(300, 2), baseline.run(300, 2, reform="exchange-500")
    raised = result.calendar("exchange").raised([100.0])
    gained = reformed.fen("entitlement", 2026, "exchange") - result.fen("entitlement", 2026, "exchange")
    assert raised.extra_wan[raised.year == 2026].item() == pytest.approx(gained.mean() / FEN_A_WAN, abs=1e-9)
    assert gained.any()


def test_a_higher_limit_of_payments_lets_more_through_than_the_step(tmp_path):
    """400万 limits first tranches of 60%: 100 more let 167 more be committed, as the reform does."""
    data = {
        "extends": "baseline",
        "items": {"exchange": {"guide": {"first_tranche": 0.6}, "assumptions": {"applications": 150}}},
    }
    scenario = made_scenario(tmp_path, data)
    result, reformed = scenario.run(200, 2), scenario.run(200, 2, reform="exchange-500")
    raised = result.calendar("exchange").raised([100.0], 2026)
    gained = reformed.fen("entitlement", 2026, "exchange") - result.fen("entitlement", 2026, "exchange")
    assert gained.max() > 100 * FEN_A_WAN
    assert raised.extra_wan.item() == pytest.approx(gained.mean() / FEN_A_WAN, abs=1e-3)
    assert raised.used_share.item() == pytest.approx(0.6 * raised.extra_wan.item() / 100)


@pytest.mark.parametrize("name", ["as it is", "caps of the planner", "applying again", "dates in force", "long loans"])
def test_a_calendar_agrees_with_the_ledger(busy, name):
    """Demand, cut and what is used up at the year's end; every cap there is a calendar of. A guide's ceiling behind the
    law's is met by the demand that the law's meets: who is turned away is so by both together.
    """
    result = busy(name)
    known = calendars(result)
    assert ("exchange", "item_year_max") in known
    for item, cap in known:
        one = next(i for i in result.scenario.items if i.key == item)
        for year in result.years:
            keys = [c.key for c in one.caps[year]]
            if cap not in keys:
                continue
            run, first = calendar(result, item, cap).of(year), keys.index(cap)
            while first and is_used_in_order(one.caps[year][first - 1]):
                first -= 1
            cuts = [result.run.flows.fen(item, year, f"cut:{key}") for key in keys[: keys.index(cap) + 1]]
            asked, cut = result.fen("demand", year, item), sum(cuts[first:])
            assert (run.demand == asked - sum(cuts[:first])).all()
            assert (run.spent[-1] == run.demand - cut).all()
            missed = np.add.reduceat(np.append(run.missed, 0), run.ends[:-1]) * (np.diff(run.ends) > 0)
            assert (missed == cut).all()
            assert (np.isnan(run.day) == (cut == 0)).all()
            assert (run.wholly + run.partly == np.diff(run.ends)).all()
            assert (run.applicants <= np.diff(run.ends)).all()
            assert (np.diff(run.spent, axis=0) >= 0).all()


@pytest.mark.slow
def test_a_guide_below_the_law_meets_the_same_demand(tmp_path):
    """With 300 of the guide as with the law's 400 it takes as much to last the year; all turned away are counted."""
    path = tmp_path / "lower.yaml"
    path.write_text("extends: baseline\nitems: {exchange: {guide: {max_item_year_wan: 300}}}\n", encoding="utf-8")
    lower, law = (cs.load_scenario(name).run(400, 3).calendar("exchange") for name in (path, "baseline"))
    assert lower.cap.key == "item_year_max_guide" and law.cap.key == "item_year_max"
    assert (lower.of(2026).demand == law.of(2026).demand).all()
    assert lower.enough(0.9).enough_wan[0] == law.enough(0.9).enough_wan[0] > 400
    assert (lower.of(2026).missed.sum() - law.of(2026).missed.sum()) > 0


def test_the_ceiling_of_exchanges_is_less_what_is_carried(busy):
    result = busy("as it is")
    run = result.calendar("exchange").of(2027)
    assert (run.free < 60 * FEN_A_WAN).any(), "carried payments take room"
    assert result.calendar("exchange").cap.key == "item_year_max_guide", "the tighter one is meant"
    is_gone = ~np.isnan(run.day) & (run.free > 0)
    room = run.free // 100 * 100
    assert (run.spent[-1][is_gone] == room[is_gone]).all()


@pytest.mark.parametrize("name", some_are_slow(["ranked", "partial", "defer"], ["ranked"]))
def test_the_envelope_s_calendar(busy, name):
    """The day of the first application that was not served in full, from rows seen one by one."""
    result = busy(name)
    observe = Observers({"new_hightech": RowObserver, "exchange": RowObserver})
    run = simulate(result.scenario, 200, 3, observe=observe)
    ran_out = 0
    for item in ("new_hightech", "exchange"):
        (observer,) = observe.of(item)
        seen_by_year = calendar(result, item, "envelope")
        for y, year in enumerate(result.years):
            seen, down = observer.years[y], seen_by_year.of(year)
            ran_out += (~np.isnan(down.day)).sum()
            if name == "defer":
                over = run.flows.fen(item, year, "over_envelope")
                if item == "new_hightech":  # paid at once: what did not fit is what ran over
                    assert (np.isnan(down.day) == (over == 0)).all()
                continue
            is_less = seen.commitment < seen.left[-1]
            short = np.add.reduceat(np.append(is_less, False), seen.offsets[:-1]) * (np.diff(seen.offsets) > 0)
            assert (down.wholly + down.partly == short).all()
            assert (np.isnan(down.day) == (short == 0)).all()
    assert ran_out > 0


def test_days_are_those_of_the_dates_in_force(tmp_path):
    """The same stream whether the kernel draws them or the calendar does; ascending with submission."""
    scenario = cs.load_scenario("baseline")
    registry, chunk = make_registry(scenario), Chunk(5, 100, 40)
    item = next(i for i in scenario.items if i.key == "exchange")
    drawn = ItemDraws(scenario, item, TrialDraws(scenario, chunk), registry).draw()
    days = days_of_rows(drawn, "exchange", chunk)
    theirs = ascending_days(drawn.offsets, drawn.years, chunk.first, *stream_key(5, "exchange", "day"))
    assert np.allclose(days, theirs, rtol=0, atol=1e-12)
    for start, end in zip(drawn.offsets[:-1], drawn.offsets[1:], strict=True):
        assert (np.diff(days[start:end]) >= 0).all()


def test_real_applications_keep_their_days(tmp_path):
    """Events of 300 and 200 on 10 March and 20 August: 400 are used up on the day of the second, in every trial."""
    lines = (
        "申报编号,支持方向,申报单位,申报日期,申请金额（万元）",
        "1,科技交流活动,甲,2026-03-10,300",
        "2,科技交流活动,乙,2026-08-20,200",
    )
    (tmp_path / "register.csv").write_text("\n".join(lines), encoding="utf-8")
    guide, registers = {"first_tranche": 1}, {"registers": {2026: "register.csv"}}
    data = {"extends": "baseline", "items": {"exchange": {"guide": guide, "assumptions": registers}}}
    made = calendar(few_items(cs.load_scenario(write_scenario(tmp_path, data)), ("exchange",)).run(5, 1), "exchange")
    row = made.by_year().iloc[0]
    assert (row.p10_date, row.p90_date) == ("2026-08-20", "2026-08-20")
    assert list(made.months(2026).mean_wan) == [0, 0, *[300] * 5, *[400] * 5]


def test_asking_for_a_calendar_draws_nothing_for_the_run():
    scenario = cs.load_scenario("baseline")
    result = scenario.run(50, 1)
    variates = dict(result.run.variates)
    result.calendar("exchange")
    assert scenario.run(50, 1).run.variates == variates


@pytest.mark.slow
def test_live_looks_on_and_keeps_days_while_draws_stay(tmp_path):
    scenario = cs.load_scenario("baseline")
    live = Live(scenario, trials=120, seed=4, chunk=50)
    first = live.run(calendar_of=("exchange", "no such item"))
    days = dict(live._days)
    again = live.run(calendar_of=("exchange",))
    assert all(live._days[at] is kept for at, kept in days.items())
    whole = scenario.run(120, 4)
    for result in (first, again):
        assert set(limits_recorded(result)) == {"exchange"}
        assert result.calendar("exchange").by_year().equals(whole.calendar("exchange").by_year())
    path = tmp_path / "more.yaml"
    path.write_text("extends: baseline\nname: more\nitems: {exchange: {assumptions: {applications: 70}}}\n")
    more = cs.load_scenario(path)
    changed_run = live.run(more, calendar_of=("exchange",))
    assert changed_run.calendar("exchange").months().equals(more.run(120, 4).calendar("exchange").months())


def test_what_the_frames_say_agrees():
    made = cs.load_scenario("baseline").run(400, 6).calendar("exchange")
    by_year, months, demand = made.by_year(), made.months(), made.demand()
    by = made.exhaustion().query("month == 12").probability_by
    assert np.allclose(by, 1 - by_year.probability_lasts)
    assert np.allclose(demand.probability_over, by.to_numpy())
    december = months[months.month == 12].reset_index(drop=True)
    assert np.allclose(december.mean_wan + by_year.mean_cut_wan, demand.mean_wan)
    days = made.days()
    gone = (days[2029] <= 366).mean()
    assert gone == pytest.approx(1 - by_year.probability_lasts[3])
    median = days[2029].fillna(999).sort_values().iloc[199]
    assert by_year.p50_date[3] == date_of(2029, (median - 0.5) / 365)


def test_a_distribution_is_whole_and_parts_at_the_limit():
    made = cs.load_scenario("baseline").run(400, 6).calendar("exchange")
    spread = made.distribution()
    assert np.allclose(spread.groupby("year").probability.sum(), 1)
    over = spread[spread.is_over].groupby("year").probability.sum()
    assert np.allclose(over, made.demand().probability_over)
    assert ((spread.from_wan >= 400) == spread.is_over).all() and (spread.from_wan < spread.to_wan).all()


@pytest.mark.slow
def test_what_would_be_enough_is(tmp_path):
    """A limit raised to what is called enough lasts in nine of ten futures, and one a little lower does not."""
    scenario = cs.load_scenario("baseline")
    enough = scenario.run(400, 6).calendar("exchange").enough(0.9).enough_wan[0]
    for less, is_enough in ((0, True), (3, False)):
        reform = tmp_path / f"less-{less}.yaml"
        reform.write_text(
            "title: 试\ntitle_en: try\nwhy: 试\n"
            f"sets: [{{item: exchange, term: max_item_year_wan, from: 2026, value: {enough - less}}}]\n",
            encoding="utf-8",
        )
        lasts = scenario.run(400, 6, reform=reform).calendar("exchange").by_year().probability_lasts[0]
        assert (lasts >= 0.9) == is_enough
    with pytest.raises(FaultyInput, match=r"not 1\.5"):
        scenario.run(20).calendar("exchange").enough(1.5)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("exchnge",), "did you mean 'exchange'"),
        (("exchange", "application_max"), "no limit 'application_max'"),
        (("core_technology",), "chosen by score"),
    ],
)
def test_what_has_no_calendar_is_refused_in_words(arguments, says):
    result = cs.load_scenario("baseline").run(20)
    with pytest.raises(FaultyInput, match=says):
        result.calendar(*arguments)


def test_a_step_or_a_year_that_cannot_be_is_refused():
    made = cs.load_scenario("baseline").run(20).calendar("exchange")
    for step in (0, -10, float("nan"), float("inf")):
        with pytest.raises(FaultyInput, match="above 0"):
            made.raised([step])
    with pytest.raises(FaultyInput, match="there is no year '2040'"):
        made.of(2040)
