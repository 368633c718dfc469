"""第十九条 for awards, and the readings of what the articles leave open, by closed forms."""

import numpy as np
import pytest
from comparing import made_scenario

import changji_sim as cs
from changji_sim.measure import load_measure
from changji_sim.results.idle_readings import WHY_IDLE, idle_readings
from changji_sim.scenario_file.draft import Draft
from changji_sim.whatif.marginal_costs import reading_prices

FEN = 1_000_000


def award(**more):
    """One award of 10万 to each of ten firms, the same every year."""
    return {
        "growth": 0,
        "doubt": False,
        "pools": {"enterprises": {"size": 40}},
        "readings": more.pop("readings", {}),
        "oversight": {"recovered_share": 0.5, "recovery_delay_years": 1, **more},
        "items": {
            "gift": {
                "category": "environment",
                "title": "奖",
                "mode": "award",
                "guide": {"amount_wan": 10},
                "assumptions": {"applications": 10, "count": "fixed", "distinct": True},
            }
        },
    }


def flows(result, flow, item="gift"):
    return {year: result.run.flows.fen(item, year, flow) / FEN for year in (*result.years, *result.tail)}


# --- 第十九条 reaches awards ---------------------------------------------------------------------------------------


def test_by_default_nothing_is_found_where_an_award_was_given(tmp_path):
    result = made_scenario(tmp_path, award()).run(20)
    assert not any(values.any() for values in flows(result, "clawback").values())
    assert cs.load_scenario("baseline").oversight.award_violation.mark == "D"


def test_an_award_is_claimed_back_the_year_after_and_comes_when_it_is_recovered(tmp_path):
    result = made_scenario(tmp_path, award(award_violation=1)).run(20)
    back = flows(result, "clawback")
    assert not back[2026].any() and not back[2027].any()  # found in 2027, recovered in 2028
    for year in (2028, 2029, 2030, 2031):
        assert (back[year] == 50).all()  # half of ten awards of 10万


def test_its_applicant_is_barred_as_long_as_the_scenario_says(tmp_path):
    free = made_scenario(tmp_path, award(award_violation=1)).run(20)
    barred = made_scenario(tmp_path, award(award_violation=1, violation_bar_years=2)).run(20)
    assert not any(values.any() for values in flows(free, "ineligible").values())
    shut = flows(barred, "ineligible")
    assert not shut[2026].any() and not shut[2027].any()
    assert (shut[2028] == 0).all()  # the pool goes round: the firms of 2026 come again in 2030
    again = award(award_violation=1, violation_bar_years=2)
    again["pools"]["enterprises"]["size"] = 10
    shut = flows(made_scenario(tmp_path, again).run(20), "ineligible")
    assert not shut[2027].any()
    assert (shut[2028] == 100).all() and (shut[2029] == 100).all()


def test_the_share_that_is_claimed_back_is_the_chance(tmp_path):
    result = made_scenario(tmp_path, award(award_violation=0.3)).run(400)
    back = np.concatenate([flows(result, "clawback")[year] for year in (2028, 2029, 2030)])
    assert back.mean() == pytest.approx(15, abs=1)


def test_the_story_of_an_award_tells_the_breach_and_no_acceptance(tmp_path):
    scenario = made_scenario(tmp_path, award(award_violation=1, violation_bar_years=1))
    told = scenario.run(3).explain("gift", 2026, 1)
    sentences = " ".join(told.steps.text_zh)
    assert "检查发现违规" in sentences and "验收" not in sentences


# --- readings ---------------------------------------------------------------------------------------------------------

POOLS = {"pools": {"enterprises": {"size": 40}, "institutes": {"size": 40, "kind": "institute"}}}
LOAN = {
    **POOLS,
    "growth": 0,
    "doubt": False,
    "items": {
        "loan_interest": {
            "category": "environment",
            "guide": {"max_years": 2, "lpr": [["2020-01-01", 0.04, 0.05]], "max_applicant_year_wan": 50},
            "assumptions": {
                "applications": 5,
                "count": "fixed",
                "distinct": True,
                "columns": {
                    "principal_wan": {"fixed": 240},
                    "annual_rate": {"fixed": 0.04},
                    "start": {"month": [7, 7]},
                    "months": {"fixed": 24},
                    "repayment": {"fixed": 0},
                },
            },
        }
    },
}


def test_claims_after_the_last_year_lapse_or_are_paid(tmp_path):
    lapse = made_scenario(tmp_path, LOAN).run(5)
    paid = made_scenario(tmp_path, {**LOAN, "readings": {"claims_after_expiry": "paid"}}).run(5)
    # Interest of half a year is 240 × 4% ÷ 2 × 50% = 2.4万: July to December, a year, January to June.
    assert (flows(lapse, "payment", "loan_interest")[2029] == 5 * (2.4 + 4.8 + 2.4)).all()
    assert not flows(lapse, "payment", "loan_interest")[2030].any()
    after = flows(paid, "payment", "loan_interest")
    assert (after[2030] == 5 * (4.8 + 2.4)).all() and (after[2031] == 5 * 2.4).all() and not after[2032].any()
    assert all((flows(paid, flow, "loan_interest")[2030] == after[2030]).all() for flow in ("asked", "commitment"))
    assert "claims_after_expiry" not in idle_readings(lapse)


PROJECTS = {
    **POOLS,
    "growth": 0,
    "doubt": False,
    "oversight": {"violation": 0.5, "recovered_share": 1, "recovery_delay_years": 0},
    "items": {
        "commissioner": {
            "assumptions": {
                "applications": 10,
                "count": "fixed",
                "columns": {"requested_wan": {"fixed": 10}, "term_years": {"fixed": 1}},
            }
        }
    },
}


def test_a_violation_in_a_project_of_a_year_is_found_at_acceptance_by_the_reading(tmp_path):
    never = made_scenario(tmp_path, PROJECTS).run(200)
    found = made_scenario(tmp_path, {**PROJECTS, "readings": {"short_project_violations": "acceptance"}}).run(200)
    assert not any(values.any() for values in flows(never, "clawback", "commissioner").values())
    back = flows(found, "clawback", "commissioner")
    assert not back[2026].any() and back[2027].mean() == pytest.approx(50, abs=3)


def exchange(first_tranche, reading="payments"):
    return {
        **POOLS,
        "growth": 0,
        "doubt": False,
        "readings": {"exchange_counts": reading},
        "oversight": {"is_on": False},
        "items": {
            "exchange": {
                "guide": {"first_tranche": first_tranche, "max_item_year_wan": 100},
                "assumptions": {
                    "applications": 30,
                    "count": "fixed",
                    "columns": {"requested_wan": {"fixed": 10}, "term_years": {"fixed": 1}},
                },
            }
        },
    }


def test_the_400_count_first_tranches_and_carried_payments(tmp_path):
    paid = made_scenario(tmp_path, exchange(0.5)).run(3)
    promised = made_scenario(tmp_path, exchange(0.5, "commitments")).run(3)
    commitment, payment = flows(paid, "commitment", "exchange"), flows(paid, "payment", "exchange")
    assert (commitment[2026] == 200).all() and (payment[2026] == 100).all()
    assert not commitment[2027].any() and (payment[2027] == 100).all()  # all of it is carried
    assert (commitment[2028] == 200).all()
    assert (flows(promised, "commitment", "exchange")[2027] == 100).all()
    whole = [
        flows(made_scenario(tmp_path, exchange(1.0, reading)).run(3), "payment", "exchange")
        for reading in ("payments", "commitments")
    ]
    assert all((whole[0][year] == whole[1][year]).all() for year in range(2026, 2030))


@pytest.mark.slow
def test_every_new_reading_is_priced_and_has_a_title():
    law = load_measure()
    for name in ("claims_after_expiry", "short_project_violations"):
        assert law.readings[name].title and len(law.readings[name].choices) == 2
    prices = reading_prices(cs.load_scenario("baseline"), 200, 1)
    later = prices[prices.reading == "claims_after_expiry"]
    assert (later.later_difference_wan > 0).any()
    assert set(prices.reading) >= {"claims_after_expiry", "short_project_violations"}


def test_reasons_why_the_new_readings_decide_nothing(tmp_path):
    idle = idle_readings(made_scenario(tmp_path, award()).run(3))
    assert idle["claims_after_expiry"] == "no application claims in several years"
    assert idle["short_project_violations"] == "no violation is found"
    assert set(idle.values()) <= set(WHY_IDLE)


def test_a_draft_redraws_claims_when_the_reading_changes():
    from changji_sim.whatif.incremental import IncrementalRun

    draft = Draft("baseline")
    other = draft.scenario({"readings.claims_after_expiry": "paid"})
    run = IncrementalRun(draft.original, 20, 1)
    run.run(draft.original)
    assert (run.run(other).run.flows.fen("loan_interest", 2030, "payment") > 0).any()
