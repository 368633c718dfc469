"""One small, busy scenario with all items, where every rule has something to do; and variants for its other choices."""

from __future__ import annotations

from typing import Any

_TERMS = {"choice": {1: 0.25, 2: 0.35, 3: 0.25, 4: 0.15}}


def _project(applications: float, **guide: Any) -> dict[str, Any]:
    return {
        "guide": {"first_tranche": 0.6, **guide},
        "assumptions": {"applications": applications, "columns": {"term_years": _TERMS}},
    }


BUSY: dict[str, Any] = {
    "extends": "baseline",
    "pools": {
        "enterprises": {"size": 30, "groups": 6, "group_size": 3},
        "institutes": {"size": 8},
    },
    "envelopes": {
        "total": {"value": 1600, "growth": 0.05},
        "categories": {
            "industry": {"share": 0.1},
            "transfer": {"share": 0.3},
            "environment": {"share": 0.3},
            "regional": {"share": 0.1},
            "special": {"share": 0.15},
        },
        "forward_cover": True,
        "pooling": False,
        "refill": False,
    },
    "readings": {},
    "oversight": {
        "violation": 0.1,
        "terminated": 0.1,
        "closed_early": 0.1,
        "excellent": 0.3,
        "fail": 0.35,
        "mended": 0.4,
        "recovery_delay_years": 1,
    },
    "items": {
        "core_technology": _project(6, max_application_wan=60),
        "transfer_project": {
            "guide": {},
            "assumptions": {
                "applications": 3,
                "columns": {"round_year": {"waiting": {"within": 3, "probability": 0.7}}},
            },
        },
        "commissioner": _project(6),
        "technology_trade": {
            "guide": {},
            "assumptions": {
                "applications": 14,
                "claimants": 6,
                "other_claimants": 12,
                "columns": {"transaction_wan": {"lognormal": {"median": 250, "sigma": 1.5}}},
            },
        },
        "infrastructure": _project(0.2),
        "national_platform": {"guide": {}, "assumptions": {"applications": 0.4}},
        "regional_platform": {"guide": {}, "assumptions": {"applications": 2, "platforms": 5}},
        "social_development": _project(4),
        "contest": {"guide": {}, "assumptions": {"distinct": False}},
        "rd_growth": {"guide": {}, "assumptions": {"applications": 6}},
        "rd_starter": {
            "guide": {},
            "assumptions": {
                "applications": 5,
                "columns": {"is_hightech": {"chance": 0.2}, "has_patent": {"chance": 0.8}},
            },
        },
        "new_hightech": {"guide": {}, "assumptions": {"applications": 5}},
        "loan_interest": {"guide": {"max_applicant_year_wan": 6}, "assumptions": {"applications": 6}},
        "insurance_premium": {
            "guide": {"max_item_year_wan": 8, "ratios": [0.5, 0.4, 0.3]},
            "assumptions": {"applications": 6},
        },
        "cross_region": _project(4),
        "local_linkage": {
            "guide": {"first_tranche": 0.6},
            "assumptions": {
                "applications": 4,
                "columns": {"term_years": _TERMS, "local_public_wan": {"choice": {0: 0.3, 20: 0.7}}},
            },
        },
        "exchange": {
            "guide": {"first_tranche": 0.7, "max_item_year_wan": 60},
            "assumptions": {"applications": 14, "columns": {"term_years": {"choice": {1: 0.6, 2: 0.4}}}},
        },
        "special_case": {
            "guide": {"places": 1},
            "assumptions": {"applications": 1, "columns": {"requested_wan": {"uniform": [50, 300]}}},
        },
    },
}

PROJECTS = (
    "core_technology",
    "transfer_project",
    "commissioner",
    "infrastructure",
    "social_development",
    "cross_region",
    "local_linkage",
    "exchange",
    "special_case",
)
TRANCHED = tuple(key for key in PROJECTS if key != "transfer_project")  # the others are paid in stages


def each(keys: tuple[str, ...], path: str, value: Any) -> dict[str, Any]:
    return {f"items.{key}.{path}": value for key in keys}


def _when_short(rule: str) -> dict[str, Any]:
    return {"items.*.guide.when_short": rule}


def _without_ceilings() -> dict[str, Any]:
    return {"envelopes.categories": {}}


_COMMITMENTS = {"readings.envelope_limits": "commitments"}
_PUBLIC = {"readings.public_money": "yes"} | {
    f"items.{key}.assumptions.columns.other_public_wan": {"uniform": [0, 30]}
    for key in ("core_technology", "cross_region", "social_development")
}
_AGAIN = each(
    (*PROJECTS, "technology_trade", "rd_starter", "new_hightech", "insurance_premium", "regional_platform"),
    "assumptions.reapply",
    0.7,
)
_EVERYTHING_FITS = {"envelopes.total": {"value": 100_000}, **_without_ceilings()}

_BREACHES = {
    "oversight.award_violation": {"value": {2026: 0.4, 2028: 0.2}, "range": [0.1, 0.6]},
    "oversight.violation_bar_years": 1,
}
_LATER_CLAIMS = {"readings.claims_after_expiry": "paid"}
_EXCHANGE_IN_PARTS = {
    "items.exchange.guide.first_tranche": {2026: 0.37, 2028: 0.6},
    "items.exchange.guide.max_item_year_wan": 60,
    "items.exchange.assumptions.columns.term_years": {"choice": {1: 0.5, 2: 0.5}},
}

VARIANTS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "no envelopes": {"envelopes.total": None, **_without_ceilings()},
    "only a total": _without_ceilings(),
    "only some categories": {"envelopes.categories": {"industry": {"share": 0.1}, "environment": {"share": 0.4}}},
    "no money in one year": {"envelopes.total": {"value": {2026: 1600, 2027: 0, 2028: 1600}}},
    "no doubt": {"doubt": False},
    "two years": {"years": [2027, 2028]},
    "one year": {"years": [2029, 2029]},
    # when money is short
    "ranked": _when_short("ranked"),
    "partial": _when_short("partial"),
    "pro rata": _when_short("pro_rata"),
    "defer": _when_short("defer"),
    "partial without forward cover": _when_short("partial") | {"envelopes.forward_cover": False},
    "pro rata without forward cover": _when_short("pro_rata") | {"envelopes.forward_cover": False},
    "pooling, ranked": _when_short("ranked") | {"envelopes.pooling": True},
    "pooling, partial": _when_short("partial") | {"envelopes.pooling": True},
    "pooling, pro rata": _when_short("pro_rata") | {"envelopes.pooling": True},
    "pooling, defer": _when_short("defer") | {"envelopes.pooling": True},
    "pooling between some": {
        "envelopes.pooling": True,
        "envelopes.categories": {"industry": {"share": 0.3}, "environment": {"share": 0.1}},
    },
    "refill": {"envelopes.refill": True, "oversight.recovery_delay_years": 0},
    "refill and pooling": {"envelopes.refill": True, "envelopes.pooling": True} | _when_short("partial"),
    "an envelope with odd fen": _when_short("defer") | {"envelopes.total": 30.00005, "envelopes.categories": {}},
    # readings
    "winners nearest": {"readings.winner_rounding": "nearest"},
    "winners up": {"readings.winner_rounding": "up"},
    "groups": {"readings.enterprise": "group", "items.contest.assumptions.distinct": True},
    "exchange counts commitments": {"readings.exchange_counts": "commitments"},
    "upgrade pays the difference": {
        "readings.upgrade_pays": "difference",
        "items.national_platform.assumptions.applications": 2,
    },
    "clawback of the unspent": {"readings.clawback_scope": "unspent"},
    "bar on projects only": {"readings.bar_scope": "projects_only"},
    "hundreds of yuan": {"readings.payable_rounding": "hundred"},
    "nearest yuan": {"readings.payable_rounding": "nearest"},
    "public money counts": _PUBLIC,
    "pilots only": {"readings.equity_scope": "pilots_only"},
    "pilots only, grants in tranches": {
        "readings.equity_scope": "pilots_only",
        "items.transfer_project.guide.first_tranche": {2026: 0.5, 2028: 0.7},
        "items.transfer_project.guide.middle_tranche": 0.2,
        "items.transfer_project.assumptions.applications": 6,
        **_EVERYTHING_FITS,
    },
    "loans in equal instalments": {
        "items.loan_interest.assumptions.columns.repayment": {
            "choice": {"bullet": 0.2, "equal_principal": 0.3, "annuity": 0.5}
        }
    },
    "the buyer claims": {"readings.trade_claimant": "buyer"},
    "dates in force": {"readings.in_force": "dates", "in_force": ["2026-05-10", "2029-08-20"]},
    "dates in force, applying again": {"readings.in_force": "dates", "in_force": ["2026-05-10", "2029-03-20"]} | _AGAIN,
    "claims after the last year": _LATER_CLAIMS,
    "claims after the last year, commitments, partial": _LATER_CLAIMS | _COMMITMENTS | _when_short("partial"),
    "claims after two years": _LATER_CLAIMS
    | {"years": [2026, 2027], "items.loan_interest.guide.max_applicant_year_wan": 2},
    "violations in short projects": {"readings.short_project_violations": "acceptance", "oversight.violation": 0.4},
    "exchange counts first tranches": _EXCHANGE_IN_PARTS,
    "exchange counts first tranches, pro rata": _EXCHANGE_IN_PARTS
    | {"items.exchange.caps": {"year": {"per": "item_year", "wan": 33.3333, "share_out": "pro_rata"}}},
    "commitments": _COMMITMENTS,
    "commitments, ranked": _COMMITMENTS | _when_short("ranked"),
    "commitments, partial": _COMMITMENTS | _when_short("partial"),
    "commitments, pro rata": _COMMITMENTS | _when_short("pro_rata"),
    "commitments, defer": _COMMITMENTS | _when_short("defer"),
    "commitments, pooling": _COMMITMENTS | _when_short("partial") | {"envelopes.pooling": True},
    "commitments, pooling, defer": _COMMITMENTS | _when_short("defer") | {"envelopes.pooling": True},
    # selection
    "places": each(PROJECTS, "guide.places", {2026: 2, 2027: 1, 2028: 3}) | _EVERYTHING_FITS,
    "no places": each(PROJECTS, "guide.places", 0),
    "by date": each(PROJECTS, "guide.selection", "by_date"),
    "exchange by score": {"items.exchange.guide.selection": "by_score", "items.exchange.guide.places": 6},
    "quality of awards": {
        "items.new_hightech.assumptions.quality_pass": 0.5,
        "items.rd_growth.assumptions.quality_pass": 0.3,
    },
    "applying again": _AGAIN,
    "applying again, few places": _AGAIN | each(PROJECTS, "guide.places", 1),
    "applying again, pro rata": _AGAIN
    | _when_short("pro_rata")
    | {"items.core_technology.guide.first_tranche": {2026: 0.3, 2028: 0.9}},
    # tranches, oversight
    "probabilities by year": _AGAIN
    | {
        "oversight.violation": {2026: 0.3, 2028: 0.05},
        "oversight.fail": {2026: 0.1, 2027: 0.6},
        "oversight.unspent_share": {2026: 0.4, 2027: 0.7},
        "oversight.recovered_share": {2026: 1.0, 2027: 0.5},
        "items.exchange.assumptions.reapply": {2026: 0.9, 2027: 0.1},
    },
    "a middle tranche": each(TRANCHED, "guide.first_tranche", 0.3) | each(TRANCHED, "guide.middle_tranche", 0.3),
    "nothing at the end": each(TRANCHED, "guide.first_tranche", 0.6) | each(TRANCHED, "guide.middle_tranche", 0.4),
    "nothing at the start": each(TRANCHED, "guide.first_tranche", 0.0) | _when_short("partial"),
    "all at once": each(TRANCHED, "guide.first_tranche", 1.0),
    "middle tranche, partial": each(TRANCHED, "guide.first_tranche", 0.37)
    | each(TRANCHED, "guide.middle_tranche", 0.29)
    | _when_short("partial"),
    "middle tranche, pro rata": each(TRANCHED, "guide.first_tranche", 0.37)
    | each(TRANCHED, "guide.middle_tranche", 0.29)
    | _when_short("pro_rata"),
    "one stage": {"items.transfer_project.guide.stages": [1.0], **_EVERYTHING_FITS},
    "four stages": {"items.transfer_project.guide.stages": [0.4, 0.3, 0.2, 0.1], **_EVERYTHING_FITS},
    "stages by year": {
        "items.transfer_project.guide.stages": {2026: [0.7, 0.3], 2027: [0.5, 0.25, 0.25], 2029: [1.0]},
        **_EVERYTHING_FITS,
    },
    "a low holding ceiling": {"items.transfer_project.guide.holding_ceiling": 0.01, **_EVERYTHING_FITS},
    "no oversight": {"oversight.is_on": False},
    "violations bar": {"oversight.violation": 0.4, "oversight.violation_bar_years": 1},
    "violations by who received awards": _BREACHES,
    "violations by who received awards, partial": _BREACHES | _when_short("partial") | {"envelopes.pooling": True},
    "violations of later claims": _BREACHES | _LATER_CLAIMS,
    "violations by who received awards, the unspent": _BREACHES
    | {"readings.clawback_scope": "unspent", "readings.bar_scope": "projects_only"},
    "no oversight, so no violation": _BREACHES | {"oversight.is_on": False},
    "money comes back at once": {"oversight.recovery_delay_years": 0},
    "money comes back late": {"oversight.recovery_delay_years": 4},
    "everything fails": {"oversight.fail": 1.0, "oversight.excellent": 0.0, "oversight.mended": 0.1},
    "everything is excellent": {"oversight.fail": 0.0, "oversight.excellent": 1.0, "oversight.violation": 0.0},
    # the guide
    "tighter than the law": {
        "items.technology_trade.guide.max_application_wan": 2.3,
        "items.technology_trade.guide.max_applicant_year_wan": 7.7,
        "items.technology_trade.guide.rate": {2026: 0.01, 2028: 0.01},
        "items.core_technology.guide.max_investment_share": 0.15,
        "items.contest.guide.max_winner_share": 0.05,
    },
    "caps of the planner": {
        "items.core_technology.caps": {
            "firm": {"per": "applicant_year", "wan": 30},
            "half": {"per": "application", "rate": 0.5, "of": "requested_wan"},
            "year": {"per": "item_year", "wan": {2026: 90, 2027: 60}, "share_out": "pro_rata"},
        },
        "items.contest.caps": {"few": {"per": "count", "rate": 0.03, "of": "valid_registrations"}},
        "items.new_hightech.caps": {"year": {"per": "item_year", "wan": 38, "share_out": "pro_rata"}},
        "items.rd_starter.caps": {"year": {"per": "item_year", "wan": 25}},
    },
    "exchange pro rata": {
        "items.exchange.caps": {"year": {"per": "item_year", "wan": 33.3333, "share_out": "pro_rata"}}
    },
    "terms by year": {
        "items.core_technology.guide.first_tranche": {2026: 0.5, 2027: 1.0, 2028: 0.25},
        "items.core_technology.guide.middle_tranche": {2026: 0.25, 2027: 0.0},
        "items.core_technology.guide.max_application_wan": {2026: 40, 2028: 25},
        "items.rd_growth.guide.rate": {2026: 0.04, 2027: 0.0537},
        "items.rd_growth.guide.growth_threshold": {2026: 0.1, 2028: 0.3},
        "items.loan_interest.guide.subsidy_rate": {2026: 0.5, 2027: 0.3333},
        "items.loan_interest.guide.max_years": {2026: 3, 2027: 1},
        "items.insurance_premium.guide.ratios": {2026: [0.5], 2027: [0.5, 0.25]},
        "items.insurance_premium.guide.max_item_year_wan": {2026: 10, 2027: 6, 2028: 3},
        "items.rd_starter.guide.amount_wan": {2026: 10, 2027: 7.77},
        "items.exchange.guide.max_item_year_wan": {2026: 80, 2027: 45.5, 2029: 20},
    },
    "long loans": {"items.loan_interest.guide.max_years": 3, "items.loan_interest.guide.max_applicant_year_wan": 3},
    "loans do not apply again": {
        "items.loan_interest.assumptions.reapply": 0.8,
        "items.loan_interest.guide.when_short": "ranked",
        "envelopes.categories.environment": {"share": 0.02},
    },
    # who and what applies
    "named cases": {
        "items.special_case": {
            "guide": {"places": 2, "first_tranche": 0.5},
            "assumptions": {
                "applications": None,
                "cases": [
                    {"name": "a", "year": 2026, "amount": 120, "probability": 0.7},
                    {
                        "name": "b",
                        "year": 2026,
                        "amount": {"uniform": [50, 150]},
                        "probability": 0.5,
                        "applicant": "某大学",
                    },
                    {"name": "c", "year": 2028, "amount": 80, "applicant": "某企业"},
                ],
            },
        }
    },
    "a barred firm's cases": {
        # 甲 of the opening file, not mended in 2027, is barred in 2028 and 2029
        "items.special_case": {
            "guide": {"places": 2, "first_tranche": 0.5},
            "assumptions": {
                "applications": None,
                "cases": [
                    {"name": "a", "year": 2027, "amount": 30, "applicant": "甲"},
                    {"name": "b", "year": 2028, "amount": 30, "applicant": "甲"},
                    {"name": "c", "year": 2029, "amount": 30, "applicant": "甲"},
                ],
            },
        }
    },
    "a fixed number": {"items.*.assumptions.count": "fixed"},
    "items of the planner": {
        "items.vouchers": {
            "category": "environment",
            "title": "创新券",
            "mode": "service_purchase",
            "guide": {"max_applicant_year_wan": 5, "first_tranche": 0.5, "when_short": "partial"},
            "assumptions": {
                "applications": 8,
                "reapply": 0.5,
                "columns": {"requested_wan": {"lognormal": {"median": 4, "sigma": 0.6}}, "term_years": {"fixed": 2}},
            },
        },
        "items.prize": {
            "category": "special",
            "title": "单项奖",
            "mode": "award",
            "once_per": "applicant",
            "guide": {"amount_wan": 3.3333, "when_short": "pro_rata"},
            "assumptions": {"applications": 5},
        },
        "items.stakes": {
            "category": "transfer",
            "title": "早期投入",
            "mode": "grant_to_equity",
            "once_per": "applicant",
            "guide": {"stages": [0.5, 0.5], "when_short": "defer"},
            "assumptions": {
                "applications": 2,
                "reapply": 0.6,
                "columns": {"requested_wan": {"uniform": [20, 60]}, "term_years": _TERMS},
            },
        },
    },
}

EVERY_DAY = (  # variants that `make check` runs too: each way when money is short, each way back, each kind of end
    "as it is", "pro rata", "defer", "groups", "exchange counts commitments", "upgrade pays the difference",
    "commitments, partial", "places", "middle tranche, partial", "everything fails", "everything is excellent",
    "violations bar", "pooling, partial", "refill", "applying again",
)  # fmt: skip

OPENING_HEADER = (
    "item,applicant,committed_wan,paid_wan,due_2026,due_2027,due_2031,"
    "acceptance_year,rating,bar_until,is_award_given,platform"
)
OPENING = "\n".join(
    [
        OPENING_HEADER,
        "core_technology,甲,120,72,48,,,2026,,,,",
        "core_technology,乙,80,48,,32,,2027,,,,",
        "core_technology,丙,80,48,,20,12,2031,,,,",
        "core_technology,丁,60,60,,,,,fail,2027,,",
        "core_technology,甲,33.3333,19.9999,13.3334,,,2026,,,,",
        "exchange,戊,30,10,15,5,,2027,,,,",
        "transfer_project,己,200,140,60,,,2028,,,,",
        "commissioner,庚,10,10,,,,,excellent,,,",
        "regional_platform,辛,100,100,,,,,,,true,实验室",
        "regional_platform,壬,100,40,60,,,,,,true,另一实验室",
        "new_hightech,癸,15,15,,,,,,,true,",
        "technology_trade,甲,3,0,3,,,2027,,,,",
    ]
)
OPENING_IN_FEN = f"{OPENING_HEADER}\ncore_technology,甲,33.3333,19.99998,13.33332,,,2026,,,,"
OPENING_OF_POOL = OPENING_HEADER + "\n"  # a header alone: nothing was promised

OPENINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "opening": (OPENING, {}),
    "opening, defer": (OPENING, {"items.*.guide.when_short": "defer"}),
    "opening, pooling": (OPENING, {"envelopes.pooling": True}),
    "opening, commitments": (OPENING, _COMMITMENTS),
    "opening, no oversight": (OPENING, {"oversight.is_on": False}),
    "opening, the difference": (OPENING, {"readings.upgrade_pays": "difference"}),
    "opening, all fail": (OPENING, {"oversight.fail": 1.0, "oversight.excellent": 0.0, "oversight.mended": 0.0}),
    "opening, no money": (OPENING, {"envelopes.total": {"value": 20}, "envelopes.categories": {}}),
    "opening, three years": (
        OPENING.replace("due_2026", "due_2028").replace(",2026,", ",2028,"),
        {"years": [2027, 2029]},
    ),
    "opening, promises fill the years": (
        OPENING,
        _when_short("pro_rata") | each(TRANCHED, "guide.first_tranche", 0.0) | {"envelopes.total": {"value": 400}},
    ),
    "opening, shares of odd fen": (
        OPENING,
        _when_short("pro_rata") | {"envelopes.pooling": True} | each(TRANCHED, "guide.first_tranche", 1.0),
    ),
    "opening in fen": (OPENING_IN_FEN, {}),
    "opening of nothing": (OPENING_OF_POOL, {}),
}
OPENINGS_EVERY_DAY = ("opening", "opening, commitments", "opening, shares of odd fen")
