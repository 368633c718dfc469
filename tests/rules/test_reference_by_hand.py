"""Trials small enough to work out on paper; they check the reference, and so what the kernel is compared with."""

from datetime import date

import pytest
from reference import shared_out, simulate

WAN = 10**6  # fen
YUAN = 100
READINGS = {
    "winner_rounding": "down",
    "enterprise": "applicant",
    "exchange_counts": "payments",
    "upgrade_pays": "full",
    "clawback_scope": "all_paid",
    "bar_scope": "every_item",
    "payable_rounding": "yuan",
    "public_money": "no",
    "equity_scope": "all_projects",
    "trade_claimant": "seller",
    "envelope_limits": "payments",
    "in_force": "whole_years",
    "claims_after_expiry": "lapse",
    "short_project_violations": "never",
}
NOTHING_HAPPENS = {
    "violation": 0.0,
    "terminated": 0.0,
    "closed_early": 0.0,
    "excellent": 0.0,
    "fail": 0.0,
    "mended": 0.0,
    "unspent_share": 0.0,
    "recovered_share": 0.0,
    "award_violation": 0.0,
}
UPFRONT = {"first_tranche": 1.0, "middle_tranche": 0.0}
SIXTY_FORTY = {"first_tranche": 0.6, "middle_tranche": 0.0}


def cap(key, per, level, **more):
    blank = {"of": None, "share_out": "in_order", "less_public": False, "net_of_carried": False}
    return {"key": key, "per": per, "level": level, **blank, **more}


class Case:
    """Builds a plan and one trial's table, item by item and row by row, and checks that the ledger balances."""

    def __init__(self, years=(2026, 2027, 2028, 2029), tail=(2030, 2031, 2032, 2033), applicants=10, **plan):
        self.years, self.tail = list(years), list(tail)
        self.readings = {**READINGS, **plan.pop("readings", {})}
        self.odds = {**NOTHING_HAPPENS, **plan.pop("odds", {})}
        self.total = plan.pop("total", {})
        self.items, self.tables, self.opening = [], {}, []
        self.opening_draws = {"rating_u": [], "mended_u": []}
        self.plan = {
            "forward_cover": True,
            "pooling": False,
            "refill": False,
            "envelope_category": {},
            "oversight": {"recovery_delay_years": 0, "violation_bar_years": 0, "bar_years": 2, "is_on": True},
            "applicants": applicants,
            "group_of": list(range(applicants)),
            "is_enterprise": [True] * applicants,
            **plan,
        }

    def item(self, key, mode="grant", category="c", terms=None, caps=(), reapply=0.0, **more):
        projects = ("grant", "service_purchase", "grant_to_equity")
        self.items.append(
            {
                "key": key,
                "category": category,
                "mode": mode,
                "is_project": mode in projects,
                "selection": "by_date",
                "when_short": "ranked",
                "claim_years": 1,
                "recovery_years": 0,
                "once_per": None,
                "upgrade_of": None,
                "requires": [],
                "places": dict.fromkeys(self.years),
                "terms": {year: dict(terms or UPFRONT) for year in self.years},
                "caps": {year: list(caps) for year in self.years},
                **more,
            }
        )
        empty = {"rows": 0, "applicant": [], "passes": [], "score": [], "columns": {}, "item_columns": {}}
        years = {year: {**empty, "columns": {}, "item_columns": {}} for year in self.years}
        for table in years.values():
            for name in ("applicant", "platform", "passes", "score", "end_u", "rating_u", "mended_u", "reapply_u"):
                table[name] = []
        self.tables[key] = {"reapply": dict.fromkeys(self.years, reapply), "years": years}

    def row(self, key, year, applicant=0, platform=None, **draws):
        table = self.tables[key]["years"][year]
        table["rows"] += 1
        table["applicant"].append(applicant)
        table["platform"].append(platform)
        flags = {"passes": True, "score": 0.5, "end_u": 0.5, "rating_u": 0.5, "mended_u": 0.5, "reapply_u": 0.99}
        for name, usual in flags.items():
            table[name].append(draws.pop(name, usual))
        for name, value in draws.items():
            table["columns"].setdefault(name, []).append(value)

    def promised_before(self, item, due, paid=0, rating_u=0.5, mended_u=0.5, **more):
        entry = {"applicant": 0, "item": item, "committed": paid + sum(due.values()), "paid": paid, "due": due}
        entry |= {"acceptance_year": None, "rating": None, "bar_until": None, "is_award_given": False, "platform": None}
        self.opening.append(entry | more)
        self.opening_draws["rating_u"].append(rating_u)
        self.opening_draws["mended_u"].append(mended_u)

    def run(self):
        plan = {
            **self.plan,
            "years": self.years,
            "tail": self.tail,
            "readings": self.readings,
            "envelope_total": {year: self.total.get(year) for year in self.years},
            "items": self.items,
            "opening": self.opening,
        }
        odds = {name: dict.fromkeys(self.years, value) for name, value in self.odds.items()}
        flows = simulate(plan, {"probabilities": odds, "opening": self.opening_draws, "items": self.tables})
        self.check_identities(flows)
        return lambda item, year, flow: flows.get((item, year, flow), 0)

    def check_identities(self, flows):
        def get(item, year, flow):
            return flows.get((item, year, flow), 0)

        for item in (item["key"] for item in self.items):
            arrears = 0
            for year in self.years + self.tail:
                cuts = sum(fen for (i, y, flow), fen in flows.items() if (i, y) == (item, year) and flow[:4] == "cut:")
                parts = [get(item, year, flow) for flow in ("ineligible", "not_selected", "demand")]
                assert get(item, year, "asked") == sum(parts)
                assert get(item, year, "demand") == cuts + get(item, year, "entitlement")
                parts = [get(item, year, flow) for flow in ("commitment", "unfunded")]
                assert get(item, year, "entitlement") == sum(parts)
                arrears += get(item, year, "due") - get(item, year, "payment")
                assert get(item, year, "arrears") == arrears
                parts = [get(item, year, f"count:{name}") for name in ("ineligible", "not_selected", "selected")]
                assert get(item, year, "count:applications") == sum(parts)
                parts = [get(item, year, f"count:{name}") for name in ("funded", "unfunded")]
                assert get(item, year, "count:entitled") == sum(parts)
            over_years = {
                flow: sum(get(item, year, flow) for year in self.years + self.tail)
                for flow in ("payment", "commitment", "cancelled")
            }
            opened = sum(sum(entry["due"].values()) for entry in self.opening if entry["item"] == item)
            assert over_years["payment"] == over_years["commitment"] + opened - over_years["cancelled"]


def grants(total, amounts, terms=UPFRONT, **more):
    """One item, the requests of 2026 by applicants 0, 1, … and a total envelope."""
    case = Case(total={year: None if wan is None else wan * WAN for year, wan in total.items()})
    case.item("g", terms=terms, **more)
    for applicant, amount in enumerate(amounts):
        case.row("g", 2026, applicant, requested_wan=amount, term_years=1.0)
    return case


# ---- Counts ---------------------------------------------------------------------------------------------------------


def counted(get, year, *names):
    return [get("g", year, f"count:{name}") for name in names]


def test_what_becomes_of_nine_applications():
    """One is barred, one fails review, one is cut to nothing, the envelope has room for three of the others."""
    case = grants({2026: 30}, [10, 10, 10, 10, 10, 10, 10], when_short="ranked")
    case.items[0]["caps"][2026] = [cap("firm_max", "applicant_year", 10.0)]
    case.row("g", 2026, 3, requested_wan=10, term_years=1.0)  # 3 has had its ten
    case.row("g", 2026, 7, requested_wan=10, term_years=1.0, passes=False)
    case.promised_before("g", {}, applicant=6, bar_until=2026)
    get = case.run()
    whole = ("applications", "applicants", "ineligible", "not_selected", "selected")
    assert counted(get, 2026, *whole) == [9, 8, 1, 1, 7]
    assert counted(get, 2026, "entitled", "unfunded", "funded", "funded_applicants", "contracts") == [6, 3, 3, 3, 3]


def test_when_projects_are_inspected_evaluated_and_accepted():
    """Terms of one, two and three years; 第十六条 has no inspection up to a year, 第十八条 evaluates above two."""
    case = grants({}, [])
    for term in (1.0, 2.0, 3.0):
        case.row("g", 2026, int(term), requested_wan=10, term_years=term)
    get = case.run()
    names = ("inspections", "midterms", "acceptances", "accepted")
    assert [counted(get, year, *names) for year in (2026, 2027, 2028, 2029)] == [
        [0, 0, 0, 0], [2, 1, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1],
    ]  # fmt: skip


def test_how_projects_are_rated_and_end():
    """优秀, 合格, 不合格 and mended, 不合格 and not, terminated half-way: one each, of two years."""
    odds = {"terminated": 0.1, "excellent": 0.2, "fail": 0.3, "mended": 0.5}
    case = grants({}, [], when_short="defer")
    case.odds = {**NOTHING_HAPPENS, **odds}
    ends = [{"rating_u": 0.1}, {}, {"rating_u": 0.9, "mended_u": 0.1}, {"rating_u": 0.9, "mended_u": 0.9}]
    for applicant, draws in enumerate([*ends, {"end_u": 0.05}]):
        case.row("g", 2026, applicant, requested_wan=10, term_years=2.0, **draws)
    case.promised_before("g", {}, applicant=9, paid=5 * WAN, acceptance_year=2028, rating_u=0.1)  # 优秀, of the file
    get = case.run()
    names = ("contracts", "inspections", "ended_early", "acceptances", "excellent", "failed", "accepted", "mended")
    assert [counted(get, year, *names) for year in (2026, 2027, 2028, 2029)] == [
        [5, 0, 0, 0, 0, 0, 0, 0], [0, 5, 1, 0, 0, 0, 0, 0], [0, 0, 0, 5, 2, 2, 3, 0], [0, 0, 0, 0, 0, 0, 1, 1],
    ]  # fmt: skip


def test_an_application_made_again_counts_in_both_years():
    case = grants({2026: 10, 2027: 10}, [10], reapply=0.5)
    case.row("g", 2026, 1, requested_wan=10, term_years=1.0, reapply_u=0.1)
    get = case.run()
    names = ("applications", "funded", "unfunded")
    assert counted(get, 2026, *names) == [2, 1, 1] and counted(get, 2027, *names) == [1, 1, 0]


# ---- Caps -----------------------------------------------------------------------------------------------------------


def test_twenty_per_cent_of_the_investment():
    case = Case()
    share = cap("investment_share", "application", 0.2, of="total_investment_wan", less_public=True)
    case.item("g", caps=[share])
    # 20% of 1,234,567 yuan is 246,913.4: 246,913 yuan; 300,000 were requested
    case.row("g", 2026, requested_wan=30.0, total_investment_wan=123.4567, other_public_wan=4.6913)
    get = case.run()
    assert get("g", 2026, "demand") == 300_000 * YUAN
    assert get("g", 2026, "entitlement") == 246_913 * YUAN
    assert get("g", 2026, "cut:investment_share") == 53_087 * YUAN
    case.readings["public_money"] = "yes"  # the region's 46,913 yuan count towards the 20%
    assert case.run()("g", 2026, "entitlement") == 200_000 * YUAN


def test_trade_one_per_cent_five_a_project_twenty_a_firm():
    case = Case()
    caps = [cap("project_max", "application", 5.0), cap("firm_max", "applicant_year", 20.0)]
    case.item("t", "reward_subsidy", terms={"basis": "transaction", "rate": 0.01}, caps=caps)
    for wan in (123.4567, 600.0, 500.0, 500.0, 450.0):  # 12,345 · 60,000 · 50,000 · 50,000 · 45,000 yuan
        case.row("t", 2026, 0, transaction_wan=wan)
    case.row("t", 2026, 1, transaction_wan=600.0)
    get = case.run()
    assert get("t", 2026, "demand") == 277_345 * YUAN
    assert get("t", 2026, "cut:project_max") == 20_000 * YUAN  # twice 60,000 → 50,000
    assert get("t", 2026, "cut:firm_max") == 7_345 * YUAN  # 12,345 + 3 × 50,000 leave 37,655 of 45,000
    assert get("t", 2026, "payment") == 250_000 * YUAN
    case.readings["enterprise"] = "group"
    case.plan["group_of"] = [0, 0, *range(2, 10)]  # both firms are one group: nothing left for the second
    assert case.run()("t", 2026, "payment") == 200_000 * YUAN


@pytest.mark.parametrize(("reading", "yuan"), [("yuan", 12_345), ("hundred", 12_300), ("nearest", 12_346)])
def test_payable_rounding(reading, yuan):
    case = Case(readings={"payable_rounding": reading})
    case.item("t", "reward_subsidy", terms={"basis": "transaction", "rate": 0.01})
    case.row("t", 2026, transaction_wan=123.4567)  # 12,345.67 yuan
    assert case.run()("t", 2026, "demand") == yuan * YUAN


def test_binary_fractions_do_not_show():
    case = Case()
    case.item("t", "reward_subsidy", terms={"basis": "transaction", "rate": 0.29})
    case.row("t", 2026, transaction_wan=0.01)  # 29% of 100 yuan
    assert case.run()("t", 2026, "demand") == 29 * YUAN


@pytest.mark.parametrize(
    ("registrations", "reading", "paid_wan"),
    [
        (9, "down", 0),
        (10, "down", 10),
        (19, "down", 10),
        (20, "down", 23),
        (9, "up", 10),
        (4, "nearest", 0),
        (5, "nearest", 10),
        (14, "nearest", 10),
        (15, "nearest", 23),
    ],
)
def test_winners_are_a_tenth_of_the_registrations(registrations, reading, paid_wan):
    case = Case(readings={"winner_rounding": reading})
    terms = {"tiers": {"first": 10.0, "second": 8.0, "third": 5.0}}
    case.item("p", "award", terms=terms, caps=[cap("winner_share", "count", 0.1, of="valid_registrations")])
    case.tables["p"]["years"][2026]["item_columns"]["valid_registrations"] = float(registrations)
    case.row("p", 2026, 0, tier=2.0)  # firm 0: a third and a second prize, one winner
    case.row("p", 2026, 1, tier=0.0)  # firm 1: the first prize
    case.row("p", 2026, 0, tier=1.0)
    get = case.run()
    assert get("p", 2026, "demand") == 23 * WAN
    assert get("p", 2026, "payment") == paid_wan * WAN
    assert get("p", 2026, "cut:winner_share") == (23 - paid_wan) * WAN


def test_the_activity_that_straddles_four_million_gets_the_rest():
    case = Case()
    ceiling = cap("exchange_year_max", "item_year", 400.0, net_of_carried=True)
    case.item("x", "service_purchase", terms={"first_tranche": 0.5, "middle_tranche": 0.0}, caps=[ceiling])
    for wan in (180.0, 150.0, 100.0):
        case.row("x", 2026, requested_wan=wan, term_years=1.0)
    for wan in (300.0, 100.0):
        case.row("x", 2027, requested_wan=wan, term_years=1.0)
    get = case.run()
    assert get("x", 2026, "cut:exchange_year_max") == 0  # what is paid in the year counts: half of 430
    assert get("x", 2026, "payment") == 215 * WAN
    assert get("x", 2027, "entitlement") == 370 * WAN  # 215 are carried and 150 paid: 35 are the half of 70
    assert get("x", 2027, "cut:exchange_year_max") == 30 * WAN
    assert get("x", 2027, "need") == get("x", 2027, "payment") == 400 * WAN
    case.readings["exchange_counts"] = "commitments"
    get = case.run()
    assert get("x", 2026, "cut:exchange_year_max") == 30 * WAN
    assert get("x", 2026, "payment") == 200 * WAN
    assert get("x", 2027, "entitlement") == 400 * WAN


def test_a_pool_shared_pro_rata():
    case = Case()
    pool = cap("pool", "item_year", 0.01, share_out="pro_rata")  # 100 yuan
    case.item("i", "insurance_premium_subsidy", terms={"ratios": [0.5, 0.3]}, caps=[pool])
    case.row("i", 2026, 0, premium_wan=0.02, insured_year=1.0)  # 50% of 200 yuan: 100
    case.row("i", 2026, 1, premium_wan=0.02, insured_year=2.0)  # 30%: 60
    case.row("i", 2026, 2, premium_wan=0.02, insured_year=7.0)  # beyond the list, the last: 60
    get = case.run()
    assert get("i", 2026, "demand") == 220 * YUAN
    assert get("i", 2026, "entitlement") == 100 * YUAN
    # 45.45 · 27.27 · 27.27 → 45 · 27 · 27, the left-over yuan to the first
    assert shared_out([10_000, 6_000, 6_000], 10_000, 22_000) == [4_600, 2_700, 2_700]


# ---- Envelopes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when_short", "committed"),
    [
        ("ranked", [60 * WAN]),  # 50 does not fit behind 60 and ends it, though 30 would
        ("partial", [60 * WAN, 40 * WAN]),
        ("pro_rata", [428_572 * YUAN, 357_143 * YUAN, 214_285 * YUAN]),  # ×100/140, two yuan left over to the first two
        ("defer", [60 * WAN, 50 * WAN, 30 * WAN]),
    ],
)
def test_when_a_hundred_must_do_for_140(when_short, committed):
    get = grants({2026: 100}, [60.0, 50.0, 30.0], when_short=when_short).run()
    assert get("g", 2026, "need") == 140 * WAN
    assert get("g", 2026, "commitment") == sum(committed)
    assert get("g", 2026, "unfunded") == 140 * WAN - sum(committed)
    assert get("g", 2026, "payment") == min(100 * WAN, sum(committed))
    assert get("g", 2026, "over_envelope") == (40 * WAN if when_short == "defer" else 0)
    assert get("g", 2027, "payment_carried") == (40 * WAN if when_short == "defer" else 0)


def test_by_score_the_better_one_comes_first():
    case = Case(total={2026: 50 * WAN})
    case.item("g", selection="by_score")
    case.row("g", 2026, 0, requested_wan=40.0, score=0.2)
    case.row("g", 2026, 1, requested_wan=50.0, score=0.9)
    assert case.run()("g", 2026, "commitment") == 50 * WAN
    case.items[0]["selection"] = "by_date"
    assert case.run()("g", 2026, "commitment") == 40 * WAN


def test_places():
    case = Case()
    case.item("g", selection="by_score", places={2026: 1})
    case.row("g", 2026, 0, requested_wan=40.0, score=0.2)
    case.row("g", 2026, 1, requested_wan=50.0, score=0.9)
    case.row("g", 2026, 2, requested_wan=70.0, score=0.99, passes=False)
    get = case.run()
    assert get("g", 2026, "demand") == 50 * WAN
    assert get("g", 2026, "not_selected") == 110 * WAN


def test_partial_with_tranches():
    get = grants({2026: 100, 2027: 90}, [200.0], terms=SIXTY_FORTY, when_short="partial").run()
    # 1,000,000 ÷ 0.6 = 1,666,666.67 yuan; the second tranche 666,666.40 fits into 900,000
    assert get("g", 2026, "commitment") == 1_666_666 * YUAN
    assert get("g", 2026, "payment") == 99_999_960
    assert get("g", 2027, "payment") == 66_666_640
    get = grants({2026: 100, 2027: 40}, [200.0], terms=SIXTY_FORTY, when_short="partial").run()
    assert get("g", 2026, "commitment") == 100 * WAN  # 40 ÷ 0.4


def test_pro_rata_with_tranches_follows_the_tightest_year():
    get = grants({2026: 90, 2027: 40}, [100.0, 50.0], terms=SIXTY_FORTY, when_short="pro_rata").run()
    # 2027: 60 wanted, room 40 less one fen a row: × 39,999,998 ÷ 60,000,000 → 666,666 and 333,333 yuan
    assert get("g", 2026, "commitment") == (666_666 + 333_333) * YUAN
    assert get("g", 2027, "payment") == 26_666_640 + 13_333_320


def test_forward_cover_refuses():
    case = grants({2026: 100, 2027: 30}, [100.0], terms=SIXTY_FORTY)
    get = case.run()
    assert get("g", 2026, "unfunded") == 100 * WAN  # 60 fit into 2026, 40 do not fit into 2027's 30
    case.plan["forward_cover"] = False
    get = case.run()
    assert get("g", 2026, "payment") == 60 * WAN
    assert (get("g", 2027, "due"), get("g", 2027, "payment")) == (40 * WAN, 30 * WAN)
    assert (get("g", 2027, "arrears"), get("g", 2027, "over_envelope")) == (10 * WAN, 10 * WAN)
    assert get("g", 2028, "payment_carried") == 10 * WAN


def test_arrears_are_paid_first_next_year():
    case = Case(total={2026: 100 * WAN, 2027: 50 * WAN})
    case.item("first", terms=UPFRONT)  # the higher priority
    case.item("owed", "award", terms={"amount_wan": 70.0}, when_short="defer")
    case.row("owed", 2026, 0)
    case.row("owed", 2026, 1)
    case.row("first", 2027, 2, requested_wan=20.0)
    get = case.run()
    assert (get("owed", 2026, "payment"), get("owed", 2026, "arrears")) == (100 * WAN, 40 * WAN)
    assert get("owed", 2027, "payment") == 40 * WAN
    assert get("owed", 2027, "payment_carried") == 40 * WAN
    assert get("first", 2027, "commitment") == 0  # 10 are left
    assert get("owed", 2027, "need") == 40 * WAN


def test_pooling():
    case = Case(total={2026: 200 * WAN}, envelope_category={"a": {2026: 100 * WAN}, "b": {2026: 100 * WAN}})
    case.item("one", category="a")
    case.item("two", category="b")
    case.row("one", 2026, 0, requested_wan=60.0)
    case.row("two", 2026, 1, requested_wan=80.0)
    case.row("two", 2026, 2, requested_wan=50.0)
    assert case.run()("two", 2026, "commitment") == 80 * WAN
    case.plan["pooling"] = True  # 40 left in a and 20 in b, and 60 in total
    assert case.run()("two", 2026, "commitment") == 130 * WAN
    case.total[2026] = 180 * WAN  # 40 left in total: 50 do not fit
    assert case.run()("two", 2026, "commitment") == 80 * WAN


def test_the_envelope_may_limit_commitments():
    case = grants({2026: 100, 2027: 0}, [60.0, 50.0], terms=SIXTY_FORTY, when_short="partial")
    case.readings["envelope_limits"] = "commitments"
    get = case.run()
    assert get("g", 2026, "commitment") == 100 * WAN
    assert get("g", 2026, "payment") == 60 * WAN
    assert get("g", 2027, "payment") == 40 * WAN  # no room is asked for
    case.items[0]["when_short"] = "defer"
    get = case.run()
    assert get("g", 2026, "commitment") == 110 * WAN
    assert get("g", 2026, "over_envelope") == 10 * WAN
    assert get("g", 2026, "arrears") == 0


# ---- How projects end -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bar_scope", "barred_prizes"),
    [("every_item", (2029, 2030)), ("projects_only", ())],
    ids=["every_item", "projects"],
)
def test_not_mended(bar_scope, barred_prizes):
    odds = {"fail": 0.1, "mended": 0.3, "recovered_share": 0.5}
    years = (2026, 2027, 2028, 2029, 2030, 2031)
    case = Case(years, (2032, 2033), odds=odds, readings={"bar_scope": bar_scope})
    case.plan["oversight"]["recovery_delay_years"] = 1
    case.item("g", terms=SIXTY_FORTY)
    case.item("other")
    case.item("prize", "award", terms={"amount_wan": 1.0})
    case.row("g", 2026, 0, requested_wan=100.0, term_years=1.0, rating_u=0.95, mended_u=0.4)
    for year in years:
        case.row("prize", year, 0)
        case.row("other", year, 0, requested_wan=3.0)
    get = case.run()
    assert get("g", 2026, "payment") == 60 * WAN
    assert get("g", 2027, "due") == 0  # rated 不合格 in 2027: the 40 are put off
    assert get("g", 2028, "cancelled") == 40 * WAN  # not mended in 2028
    assert get("g", 2028, "payment") == 0
    assert get("g", 2029, "clawback") == 30 * WAN  # half of the 60 paid, a year later
    for year in years:
        assert get("other", year, "ineligible") == (3 * WAN if year in (2029, 2030) else 0)
        assert get("prize", year, "ineligible") == (1 * WAN if year in barred_prizes else 0)


def test_mended_in_time_is_paid_a_year_later():
    case = Case(odds={"fail": 0.1, "mended": 0.5})
    case.item("g", terms=SIXTY_FORTY)
    case.row("g", 2026, 0, requested_wan=100.0, term_years=1.0, rating_u=0.95, mended_u=0.4)
    get = case.run()
    assert (get("g", 2027, "payment"), get("g", 2028, "payment")) == (0, 40 * WAN)
    assert get("g", 2028, "cancelled") == get("g", 2028, "clawback") == 0


def test_termination_returns_forty_per_cent_of_what_was_paid():
    case = Case(odds={"terminated": 0.1, "violation": 0.2, "unspent_share": 0.4, "recovered_share": 1.0})
    case.item("g", terms={"first_tranche": 0.5, "middle_tranche": 0.2})
    case.row("g", 2026, 0, requested_wan=100.0, term_years=4.0, end_u=0.25)  # 0.2 ≤ end_u < 0.3, found at ⌊4 ÷ 2⌋
    get = case.run()
    assert get("g", 2028, "return") == 20 * WAN  # 40% of 50; the middle tranche of 2028 is not paid any more
    assert get("g", 2028, "cancelled") == 50 * WAN
    assert get("g", 2028, "clawback") == 0


def test_a_violation_claims_back_what_was_paid():
    odds = {"violation": 0.2, "unspent_share": 0.4, "recovered_share": 0.5}
    case = Case(odds=odds)
    case.plan["oversight"]["violation_bar_years"] = 1
    case.item("g", terms=SIXTY_FORTY)
    case.row("g", 2026, 0, requested_wan=100.0, term_years=2.0, end_u=0.1)
    case.row("g", 2026, 1, requested_wan=100.0, term_years=1.0, end_u=0.1)  # a year at most: not inspected
    for year in (2027, 2028, 2029):
        case.row("g", year, 0, requested_wan=10.0, term_years=1.0)
    get = case.run()
    assert get("g", 2027, "clawback") == 30 * WAN
    assert get("g", 2027, "cancelled") == 40 * WAN
    assert [get("g", year, "ineligible") for year in (2027, 2028, 2029)] == [0, 10 * WAN, 0]
    case.readings["clawback_scope"] = "unspent"
    assert case.run()("g", 2027, "clawback") == 12 * WAN  # half of 40% of 60


def test_excellent_comes_first_the_year_after():
    case = Case(odds={"excellent": 0.2}, total={2028: 50 * WAN})
    case.item("g")
    case.row("g", 2026, 1, requested_wan=10.0, term_years=1.0, rating_u=0.1)  # 优秀 in 2027
    case.row("g", 2028, 0, requested_wan=40.0, term_years=1.0)
    case.row("g", 2028, 1, requested_wan=50.0, term_years=1.0)
    assert case.run()("g", 2028, "commitment") == 50 * WAN


# ---- Applications ---------------------------------------------------------------------------------------------------


def test_a_one_off_award_is_given_once():
    case = Case()
    case.item("a", "award", terms={"amount_wan": 20.0}, once_per="applicant")
    for applicant in (0, 0, 2):
        case.row("a", 2026, applicant)
    for applicant in (0, 1):
        case.row("a", 2027, applicant)
    case.promised_before("a", due={}, paid=20 * WAN, applicant=2, is_award_given=True)
    get = case.run()
    assert (get("a", 2026, "commitment"), get("a", 2026, "ineligible")) == (20 * WAN, 40 * WAN)
    assert (get("a", 2027, "commitment"), get("a", 2027, "ineligible")) == (20 * WAN, 20 * WAN)
    case.total = {2026: 0}  # nothing was given in 2026, so nothing is used up
    assert case.run()("a", 2027, "commitment") == 40 * WAN


def test_who_got_nothing_may_apply_again():
    case = Case(total={2026: 50 * WAN, 2027: 50 * WAN})
    case.item("g", reapply=0.5)
    case.items[0]["caps"][2027] = [cap("guide_max", "application", 45.0)]
    case.row("g", 2026, 0, requested_wan=50.0, reapply_u=0.1)  # funded
    case.row("g", 2026, 1, requested_wan=48.0, reapply_u=0.4)  # applies again, before the new one
    case.row("g", 2026, 2, requested_wan=30.0, reapply_u=0.6)  # does not
    case.row("g", 2026, 3, requested_wan=20.0, reapply_u=0.1, passes=False)  # not good enough
    case.row("g", 2027, 4, requested_wan=10.0, reapply_u=0.9)
    get = case.run()
    assert get("g", 2027, "asked") == 58 * WAN
    assert get("g", 2027, "cut:guide_max") == 3 * WAN
    assert get("g", 2027, "commitment") == 45 * WAN
    assert get("g", 2028, "asked") == 0


def test_conditions():
    case = Case()
    requires = [
        {"column": "is_hightech", "must_be": False},
        {"column": "has_patent", "must_be": True},
        {"column": "rd_wan", "must_be": "positive"},
    ]
    case.item("a", "award", terms={"amount_wan": 1.0}, requires=requires)
    for hightech, patent, spent in ((0.0, 1.0, 3.0), (1.0, 1.0, 3.0), (0.0, 0.0, 3.0), (0.0, 1.0, 0.0)):
        case.row("a", 2026, is_hightech=hightech, has_patent=patent, rd_wan=spent)
    get = case.run()
    assert (get("a", 2026, "commitment"), get("a", 2026, "ineligible")) == (1 * WAN, 3 * WAN)


def test_an_upgraded_platform_may_get_the_difference():
    case = Case()
    case.item("national", "award", terms={"amount_wan": 500.0}, once_per="platform", upgrade_of="regional")
    case.item("regional", "award", terms={"amount_wan": 100.0}, once_per="platform")
    case.row("regional", 2026, 0, platform=7)
    case.row("national", 2026, 0, platform=7)  # the same year: not yet an upgrade
    case.row("national", 2027, 0, platform=7)  # once only
    case.row("national", 2027, 0, platform=8)
    case.promised_before("regional", due={2026: 30 * WAN}, paid=20 * WAN, platform=8)
    assert case.run()("national", 2027, "commitment") == 500 * WAN
    case.readings["upgrade_pays"] = "difference"
    get = case.run()
    assert get("national", 2026, "commitment") == 500 * WAN
    assert get("national", 2027, "cut:upgrade_credit") == 50 * WAN
    assert get("regional", 2026, "payment_carried") == 30 * WAN


def test_growth_of_rd_spending():
    case = Case()
    case.item("r", "reward_subsidy", terms={"basis": "rd_growth", "rate": 0.05, "growth_threshold": 0.1})
    for last, this in ((100.0, 110.0), (100.0, 109.9999), (0.0, 50.0), (300.0, 360.0)):
        case.row("r", 2026, rd_last_year_wan=last, rd_this_year_wan=this)
    assert case.run()("r", 2026, "demand") == int(3.5 * WAN)  # 5% of 10 and of 60


# ---- Loans, equity, the opening file --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("repayment", "first_year", "second_year"),
    [(0.0, 2_500, 12_500), (1.0, 2_395, 5_729)],  # 1,250 × (12 + 11) ÷ 12 and × 55 ÷ 12
)
def test_a_loan_claims_in_two_years(repayment, first_year, second_year):
    quotes = [["2025-01-20", 0.031, 0.036], ["2026-11-01", 0.03, 0.035], ["2026-11-20", 0.02, 0.02]]
    terms = {"subsidy_rate": 0.5, "max_years": 3, "lpr": quotes}
    case = Case()
    case.item("l", "loan_interest_subsidy", terms=terms, claim_years=4)
    start = (date(2026, 11, 15) - date(1970, 1, 1)).days
    # 1,000,000 yuan at min(5%, 3%): 2,500 yuan a month, half of it; November 2026 to October 2027
    case.row("l", 2026, principal_wan=100.0, annual_rate=0.05, start=float(start), months=12.0, repayment=repayment)
    get = case.run()
    assert [get("l", year, "payment") for year in (2026, 2027, 2028)] == [first_year * YUAN, second_year * YUAN, 0]


STAGES = {"stages": [0.7, 0.3], "holding_ceiling": 0.08, "lpr": 0.03}
ROUND = {"round_year": 1.0, "milestone_fails": 0.0, "post_money_wan": 1000.0, "term_years": 3.0}


@pytest.mark.parametrize(
    ("draws", "year", "wan"),
    [
        ({"exit_kind": 0.0, "exit_after_years": 3.0}, 2030, 80),  # 100 ÷ 1000 is held to 8%: 80, at par
        ({"exit_kind": 0.0, "exit_after_years": 4.0}, 2031, 89.6),  # × (1 + 3% × 4)
        ({"exit_kind": 1.0, "exit_after_years": 2.0, "exit_value_wan": 500.0}, 2029, 40),
        ({"exit_kind": 2.0, "exit_after_years": 2.0}, 2029, 0),
    ],
)
def test_equity(draws, year, wan):
    case = Case()
    case.item("e", "grant_to_equity", terms=STAGES, recovery_years=15)
    case.row("e", 2026, requested_wan=100.0, **ROUND, **draws)
    get = case.run()
    assert (get("e", 2026, "payment"), get("e", 2027, "payment")) == (70 * WAN, 30 * WAN)
    assert get("e", year, "recovery") == round(wan * WAN)
    case.plan["is_enterprise"][0] = False  # only enterprises convert
    assert case.run()("e", year, "recovery") == 0


def test_a_missed_milestone_cancels_the_second_stage():
    case = Case()
    case.item("e", "grant_to_equity", terms=STAGES, recovery_years=15)
    missed = {**ROUND, "milestone_fails": 1.0, "exit_kind": 0.0, "exit_after_years": 1.0}
    case.row("e", 2026, requested_wan=100.0, **missed)
    get = case.run()
    assert get("e", 2027, "cancelled") == 30 * WAN
    assert get("e", 2028, "recovery") == 0


def test_the_opening_file():
    case = Case(odds={"fail": 0.1, "mended": 0.0, "recovered_share": 1.0}, total={2027: 30 * WAN})
    case.item("g", terms=UPFRONT)
    case.promised_before("g", due={2026: 10 * WAN, 2027: 20 * WAN}, paid=70 * WAN)  # only pays what is due
    # rated 不合格 in 2026, not mended in 2027: 5 cancelled, 25 claimed back, barred in 2028 and 2029
    case.promised_before("g", due={2026: 5 * WAN}, paid=25 * WAN, applicant=1, acceptance_year=2026, rating_u=0.95)
    case.promised_before("g", due={}, paid=5 * WAN, applicant=2, bar_until=2027, rating="excellent")
    for year in (2026, 2027, 2028, 2029):
        for applicant in (0, 1, 2):
            case.row("g", year, applicant, requested_wan=float(applicant + 1), term_years=1.0)
    get = case.run()
    assert get("g", 2026, "payment_carried") == 10 * WAN
    assert (get("g", 2027, "payment_carried"), get("g", 2027, "cancelled")) == (20 * WAN, 5 * WAN)
    assert get("g", 2027, "clawback") == 25 * WAN
    ineligible = [get("g", year, "ineligible") for year in (2026, 2027, 2028, 2029)]
    assert ineligible == [3 * WAN, 3 * WAN, 2 * WAN, 2 * WAN]


def test_refill():
    odds = {"terminated": 0.1, "unspent_share": 0.4}
    case = Case(odds=odds, total={2026: 60 * WAN, 2027: 60 * WAN, 2028: 10 * WAN})
    case.item("g", terms=SIXTY_FORTY)
    case.row("g", 2026, 0, requested_wan=100.0, term_years=2.0, end_u=0.05)
    case.plan["forward_cover"] = False
    case.row("g", 2028, 1, requested_wan=34.0, term_years=0.0)
    assert case.run()("g", 2028, "commitment") == 0
    case.plan["refill"] = True  # 24 come back in 2027
    get = case.run()
    assert get("g", 2027, "return") == 24 * WAN
    assert get("g", 2028, "commitment") == 34 * WAN
