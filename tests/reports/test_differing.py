"""What one scenario changes beside another, said in a sentence."""

import pytest

import changji_sim as cs
from changji_sim.base.units import FEN_A_WAN
from changji_sim.reports.differing import difference_sentence, most_moved_sentence
from changji_sim.results import breakdown
from changji_sim.results.breakdown import differences
from changji_sim.results.side_by_side import comparison
from changji_sim.wording.amounts import wan

TITLES = ["基准", "收紧", "同样"]


@pytest.fixture(scope="module")
def results():
    baseline = cs.load_scenario("baseline")
    tight = baseline.with_({"envelopes.total": "-60%"})
    return [one.run(trials=60, seed=1) for one in (baseline, tight, baseline)]


@pytest.fixture(scope="module")
def frame(results):
    return comparison(results)


def test_it_says_amounts_chances_and_what_was_put_off(frame, results):
    said = difference_sentence(frame, results, TITLES, 1)
    assert said.startswith("与“基准”相比，“收紧”2026至2029年合计：")
    whole = frame[(frame.when == "*") & (frame.position == 1)].set_index("quantity")
    assert f"控制数少{wan(-whole.difference.envelope)}万元，" in said
    put_off = sum(sum(one.fen("arrears", year).sum() for year in (2026, 2027, 2028)) * sign
                  for one, sign in ((results[1], 1), (results[0], -1))) / (60 * FEN_A_WAN)  # fmt: skip
    assert put_off > 0 and f"其中这一部分多{wan(put_off)}万元" in said
    english = difference_sentence(frame, results, ["a", "b", "c"], 1, "en")
    assert english.startswith('Compared with "a", "b" in 2026–2029 together: ') and "%" in english


def test_of_the_same_it_says_so(frame, results):
    assert difference_sentence(frame, results, TITLES, 2) == "与“基准”相比，“同样”各项资金恰好相同。"
    assert "exactly the same" in difference_sentence(frame, results, TITLES, 2, "en")


def test_it_names_the_item_that_loses_most(results):
    moved = differences(*results[:2])
    of_2029 = moved[(moved.year == 2029) & (moved.item != "*")].set_index("item").difference_wan
    titles = {item.key: item.title for item in results[0].scenario.items}
    said = most_moved_sentence(moved[moved.year == 2029], titles, "commitment")
    lost = f"2029年立项额减少最多的是{titles[of_2029.idxmin()]}（平均少{wan(-of_2029.min())}万元）"
    assert said.startswith(lost) and of_2029.min() < 0
    assert "2026–2029: " in most_moved_sentence(moved[moved.year <= 2029], titles, "commitment", "en")
    assert most_moved_sentence(differences(results[0], results[2]), titles, "commitment") == ""


def test_means_alone_are_those_of_all_differences(results):
    whole = differences(*results[:2], "payment")
    of_items = whole[(whole.item != "*") & whole.year.isin(results[0].years)]
    found = breakdown.mean_differences(*results[:2], "payment").set_index(["year", "item"]).difference_wan
    expected = of_items.set_index(["year", "item"]).difference_wan
    assert len(found) == len(expected) and found.abs().max() > 1
    assert (found - expected).abs().max() < 1e-9
