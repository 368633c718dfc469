"""Plain columns are worked out once, and say what the frames say."""

import pytest

import changji_sim as cs
from changji_sim.results import breakdown, year_columns


@pytest.fixture(scope="module")
def tight():
    return cs.load_scenario("tight_budget").run(300, 3)


def test_what_cuts_most_is_the_first_of_the_caps_that_bind(tight):
    cap, item, article, cut_wan = year_columns.cuts_most(tight)
    first = breakdown.binding_caps(tight).iloc[0]
    assert (cap, item, article) == (first.cap, first["item"], first.article)
    assert cut_wan == pytest.approx(first.mean_cut_wan, rel=1e-14)


def test_nothing_cuts_most_where_nothing_is_cut(tight, monkeypatch):
    monkeypatch.setattr(type(tight.rows), "sum", lambda rows, *name: 0)
    assert year_columns.cuts_most(tight) is None


@pytest.mark.parametrize("table", ["fan", "need_split", "structure", "promised_beyond", "shortfall", "shortfall_ever"])
def test_columns_are_worked_out_once(tight, table):
    columns = getattr(year_columns, table)(tight)
    assert getattr(year_columns, table)(tight) is columns
    assert list(getattr(breakdown, table)(tight).columns) == list(columns)


def test_what_is_left_out_is_the_same_as_what_is_written(tight):
    assert year_columns.fan(tight) is year_columns.fan(tight, "need", None)
    assert year_columns.structure(tight) is year_columns.structure(tight, flow="need")


def test_shares_are_those_that_pandas_finds(tight):
    frame = breakdown.structure(tight)
    wholes = frame.groupby("year").mean_wan.transform("sum")
    assert frame.share.tolist() == pytest.approx((frame.mean_wan / wholes).tolist(), rel=1e-15)
