"""What is held of claims: in a single run nothing that no rule reads; small numbers from one scenario to the next."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from changji_sim import load_scenario
from changji_sim.kernel.draws import Chunk, PackedColumn, TrialDraws, packed
from changji_sim.kernel.plan import Plan
from changji_sim.kernel.simulate import make_claims, make_registry
from changji_sim.whatif.incremental import IncrementalRun

TRIALS = 6


@pytest.fixture(scope="module")
def make():
    scenario = load_scenario("baseline")
    plan, shared = Plan(scenario, make_registry(scenario), 0), TrialDraws(scenario, Chunk(0, 0, TRIALS))
    items = {item.item.key: item for item in plan.items}
    return lambda key: make_claims(plan, items[key], shared)


@given(arrays(np.float64, st.integers(1, 20), elements=st.floats(-1e7, 1e7) | st.integers(0, 300).map(float)))
def test_a_packed_column_gives_back_every_bit(column):
    small = packed(column)
    numbers = small.numbers if isinstance(small, PackedColumn) else small
    assert np.array_equal(numbers.view(np.int64), column.view(np.int64))


@pytest.mark.parametrize(("column", "number"), [([0.0, 3.0], np.uint8), ([12.3456, 400.0], np.uint32)])
def test_flags_and_whole_yuan_are_packed(column, number):
    small = packed(np.array(column))
    assert isinstance(small, PackedColumn) and small.values.dtype == number


def test_a_single_run_holds_no_column_that_is_read_no_more(make):
    columns = make("core_technology").forget().columns
    assert not columns.drawn and columns._within is not None and not columns._within.drawn


def test_a_column_that_caps_read_is_the_same_when_packed(make):
    maker = make("core_technology")
    before = np.array(maker.columns["total_investment_wan"])
    maker.keep_only_what_caps_read()
    assert maker.columns._drawn["total_investment_wan"].values.dtype == np.uint32
    assert np.array_equal(maker.columns["total_investment_wan"], before)
    assert np.array_equal(maker.columns.of_some("total_investment_wan", slice(3, 9)), before[3:9])


def test_claims_of_later_years_are_read_off_the_rows_of_all_years(make):
    maker = make("loan_interest")
    asked, most, years = maker.asked.copy(), maker.most_asked, len(maker.years)
    maker.keep_only_what_caps_read()
    assert "asked" not in vars(maker)
    year_of_row = np.repeat(np.arange(years), np.diff(maker.drawn.offsets[::TRIALS]))
    for lag, claims in enumerate(asked):
        claims[year_of_row + lag >= years] = 0  # after the last year nobody claims
    assert np.array_equal(maker.asked, asked) and maker.asked.dtype == asked.dtype and maker.most_asked == most


def test_a_column_that_is_asked_for_later_is_packed_too(make):
    columns = make("core_technology").columns
    columns.keep_only({"term_years"})
    before = make("core_technology").columns["term_years"]
    assert np.array_equal(columns["term_years"], before)
    assert columns._drawn["term_years"].values.dtype == np.uint8 and not columns._within.drawn


def test_amounts_that_are_all_the_same_take_the_memory_of_one(make):
    maker, other = make("new_hightech"), make("new_hightech")
    maker.keep_only_what_caps_read()
    assert not maker.all_years.asked.strides[0] and other.all_years.asked.strides[0]
    for y in range(len(maker.years)):
        assert np.array_equal(maker.of_year(y).asked, other.of_year(y).asked)
        assert maker.of_year(y).asked.flags.writeable, "what is compiled for others serves"
        some = np.array([1, 4])
        assert np.array_equal(maker.of_trials(y, some, ("asked",)).asked, other.of_trials(y, some, ("asked",)).asked)


def test_investments_are_kept_once():
    live = IncrementalRun(load_scenario("baseline"), TRIALS)
    live.run()
    live.run(has_matching_funds=True)
    block = live._cells.blocks[0]
    kept = live._investments._of_rows["core_technology", 0][1]
    column = block.by_key["core_technology"].claims.columns._drawn["total_investment_wan"]
    assert kept is column.values and kept.dtype == np.uint32
