"""The rules a second time, in plain Python, written from docs/the-year.md and nothing else.

The kernel is fast; this is meant to be read. Every function carries the name of a step of the page "The year, exactly",
money is integer fen (分) and everything in between is an exact fraction. Only what the page itself defines in doubles
(money that comes back, equity) is computed in doubles. ``simulate(plan, table)`` runs one trial (试验).
"""

from __future__ import annotations

import bisect
import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from operator import attrgetter

FEN_PER_YUAN = 100
YUAN_PER_WAN = 10**4
FEN_PER_WAN = 10**6
NUDGE = 1 + Fraction(1, 2**49)  # the page's (1 + 2⁻⁴⁹): binary fractions must not show
UNLIMITED = math.inf
AT_ONCE = (Fraction(1),)  # all of a commitment in its first year
TOTAL = "*"  # the total envelope, beside the categories
BEFORE_ALL_YEARS = 0  # the commitment year of opening rows: they are older than any other
STOPPED_BY_OVERSIGHT = ("violation", "terminated", "closed_early", "not_mended")
CLAIMED_BACK = ("violation", "not_mended")
EXCELLENT = ("excellent", "优秀")


# ---------------------------------------------------------------------------------------------------------------------
# Rounding
# ---------------------------------------------------------------------------------------------------------------------


@cache
def exact(number: float) -> Fraction:
    """The decimal a float was written as: 0.29 is 29/100, not the binary fraction beside it."""
    decimal = round(number, 12)
    return Fraction(str(decimal if math.isclose(decimal, number, rel_tol=1e-14) else number))


def column_yuan(wan: float) -> int:
    """An amount column (whole yuan in floating 万元) in yuan."""
    return round(wan * YUAN_PER_WAN)


def term_yuan(wan: float) -> Fraction:
    """An amount the law or the guide sets, in yuan."""
    return exact(wan) * YUAN_PER_WAN


def floor_of(amount: int | Fraction, share: int | Fraction = 1) -> int:
    """``amount · share`` down to a whole number: in integers, a tenth of the time that a product of fractions takes."""
    above = amount.numerator * share.numerator * NUDGE.numerator
    return above // (amount.denominator * share.denominator * NUDGE.denominator)


def down_to_yuan(yuan: Fraction) -> int:
    """Cap amounts: down to 1 yuan, in fen."""
    return floor_of(yuan) * FEN_PER_YUAN


def payable(yuan: Fraction, reading: str) -> int:
    """A demand (测算额) in fen, rounded by the reading ``payable_rounding``."""
    if reading == "hundred":
        return math.floor(yuan * NUDGE / 100) * 100 * FEN_PER_YUAN
    if reading == "nearest":
        return math.floor(yuan * NUDGE + Fraction(1, 2)) * FEN_PER_YUAN
    return down_to_yuan(yuan)


def fen_down_to_yuan(fen: int | Fraction) -> int:
    """Whole yuan of an amount that is already in fen."""
    return fen // FEN_PER_YUAN * FEN_PER_YUAN


def money_back(fen: int, share: float) -> int:
    """A share of money that comes back: defined in doubles, down to the fen."""
    return math.floor(fen * share)


def tranches(amount: int, shares: Sequence[Fraction]) -> list[int]:
    """The commitment split by year offset; the last tranche with a positive share takes the rest."""
    if len(shares) == 1:  # of most commitments
        return [amount]
    last = max(offset for offset, share in enumerate(shares) if share.numerator > 0)
    before = [floor_of(amount, share) for share in shares[:last]]
    return [*before, amount - sum(before), *(0 for _ in shares[last + 1 :])]


# ---------------------------------------------------------------------------------------------------------------------
# What the trial knows
# ---------------------------------------------------------------------------------------------------------------------


class Application:
    """One row of an item and year (申报). It may be a later claim of a loan, or a row that applies again."""

    def __init__(self, plan: dict, drawn: dict, index: int, start_year: int, claim: int, terms_year: int):
        self.plan = plan
        self.drawn = drawn  # the table the row was drawn in
        self.index = index
        self.start_year = start_year  # the year of that table
        self.claim = claim  # which column of the demand is claimed: 0, 1, …
        self.terms_year = terms_year  # whose terms the formula uses
        self.applicant = drawn["applicant"][index]
        self.platform = drawn["platform"][index] if drawn.get("platform") else None
        self.asked = 0
        self.is_eligible = False
        self.is_selected = False
        self.left = 0  # what the caps have left so far; after the last one the entitlement
        self.commitment = 0
        self.is_approved = False  # before the rest of the first year is known (年中已批)
        self.paid_share: Fraction | None = None  # of such a one

    def draw(self, name: str) -> float:
        return self.drawn[name][self.index]

    def has(self, column: str) -> bool:
        return column in self.drawn["columns"]

    def value(self, column: str) -> float:
        if column == "is_enterprise" and not self.has(column):
            return self.plan["is_enterprise"][self.applicant]
        return self.drawn["columns"][column][self.index]

    def yuan(self, column: str) -> int:
        return column_yuan(self.value(column))

    def passed_on_quality(self, item: dict) -> bool:
        return bool(self.draw("passes"))


class Commitment:
    """A promise (立项): what falls due when, what was paid, and how it will end."""

    def __init__(self, item: dict, year: int, position: int, applicant: int, application: Application | None = None):
        self.item = item
        self.year = year
        self.position = position  # its row in submission order (file order for opening rows)
        self.applicant = applicant
        self.application = application
        self.schedule: dict[int, int] = defaultdict(int)  # still to fall due, by year
        self.arrears = 0  # fell due and is unpaid (待拨)
        self.paid = 0
        self.paid_in: dict[int, int] = defaultdict(int)
        self.events: dict[int, str] = {}  # year → what oversight finds then
        self.stop_year: int | None = None  # year in which the mode stops it

    def paid_by_end_of(self, year: int) -> int:
        return sum(amount for when, amount in self.paid_in.items() if when <= year)

    def year_of(self, kinds: tuple[str, ...]) -> int | None:
        """The year of the first event of these kinds, if one comes."""
        return min((year for year, event in self.events.items() if event in kinds), default=None)


class State:
    """Everything one trial carries from year to year."""

    def __init__(self, plan: dict, table: dict):
        self.plan = plan
        self.table = table
        self.first, self.last = plan["years"][0], plan["years"][-1]
        self.horizon = max([*plan["years"], *plan["tail"]])
        self.ledger: dict[tuple[str, int, str], int] = defaultdict(int)
        self.commitments: dict[str, list[Commitment]] = {item["key"]: [] for item in plan["items"]}
        self.barred: dict[int, set[int]] = defaultdict(set)  # year → applicants (暂停申报)
        self.priority: dict[int, set[int]] = defaultdict(set)  # year → applicants rated 优秀 the year before
        self.used_keys: dict[str, set[int]] = defaultdict(set)  # one-off awards already given, by item
        self.platform_committed: dict[tuple[str, int], int] = defaultdict(int)
        self.again: dict[str, list[Application]] = defaultdict(list)  # rows that apply again next year
        self.carried_due: dict[str, int] = {}
        self.opening_arrears: dict[str, int] = {}
        self.limit = {TOTAL: dict(plan["envelope_total"])}
        self.limit.update({category: dict(years) for category, years in plan["envelope_category"].items()})
        self.used: dict[tuple[str, int], int] = defaultdict(int)  # room used, by envelope and year
        self.promised: dict[tuple[str, int], int] = defaultdict(int)  # promises, by envelope and year
        self.pool: int | None = None  # the pool while step 4 of 6b runs
        self.odds: dict[int, dict[str, float]] = {}  # probabilities, by year of commitment

    def reading(self, name: str) -> str:
        return self.plan["readings"][name]

    def limits_payments(self) -> bool:
        return self.reading("envelope_limits") != "commitments"

    def book(self, item: dict, year: int, flow: str, fen: int) -> None:
        if fen and year <= self.horizon:
            self.ledger[item["key"], year, flow] += fen

    def in_order(self) -> list[Commitment]:
        """Item by item in order of priority, opening rows first, then oldest commitment year, row by row."""
        return [
            commitment
            for item in self.plan["items"]
            for commitment in sorted(self.commitments[item["key"]], key=attrgetter("year", "position"))
        ]

    def enterprise(self, applicant: int) -> int:
        """Who “每家” is: the applicant, or its group."""
        return self.plan["group_of"][applicant] if self.reading("enterprise") == "group" else applicant


# ---------------------------------------------------------------------------------------------------------------------
# The seven modes (支持方式)
# ---------------------------------------------------------------------------------------------------------------------


def demand_requested(plan: dict, terms: dict, row: Application) -> Fraction:
    """补助, 购买服务, 拨投结合: what is requested."""
    return Fraction(row.yuan("requested_wan"))


def demand_award(plan: dict, terms: dict, row: Application) -> Fraction:
    """奖励: the fixed amount, or the tier's."""
    if terms.get("tiers"):
        return term_yuan(list(terms["tiers"].values())[int(row.value("tier"))])
    return term_yuan(terms["amount_wan"])


def demand_reward_subsidy(plan: dict, terms: dict, row: Application) -> Fraction:
    """奖补: a rate of the transaction, or of the growth of R&D spending where that is large enough."""
    if terms["basis"] == "transaction":
        return exact(terms["rate"]) * row.yuan("transaction_wan")
    this_year, last_year = row.yuan("rd_this_year_wan"), row.yuan("rd_last_year_wan")
    growth = this_year - last_year
    if last_year > 0 and growth >= exact(terms["growth_threshold"]) * last_year:
        return exact(terms["rate"]) * growth
    return Fraction(0)


def lpr_at(quotes: list, day: date, months: int) -> Fraction:
    """The loan prime rate quoted last on or before the day: one year under 60 months, else five."""
    last_quote = bisect.bisect_right([str(quote[0]) for quote in quotes], day.isoformat()) - 1
    quote = quotes[max(last_quote, 0)]
    return exact(quote[1] if months < 60 else quote[2])


def demand_loan_interest(plan: dict, terms: dict, row: Application) -> Fraction:
    """贷款贴息: a share of the interest of the months that fall in the year of the claim; all years together no more
    than the interest that was paid, where that is known.
    """
    claim_year = row.start_year + row.claim
    claim = loan_claim(plan, terms, row, claim_year)
    if not row.has("interest_paid_wan"):
        return claim
    before = sum(loan_claim(plan, terms, row, year) for year in range(row.start_year, claim_year))
    return min(claim, max(row.yuan("interest_paid_wan") - before, Fraction(0)))


def loan_claim(plan: dict, terms: dict, row: Application, claim_year: int) -> Fraction:
    """What a loan claims in a year by its interest alone."""
    principal, months = row.yuan("principal_wan"), int(row.value("months"))
    start = date(1970, 1, 1) + timedelta(days=int(row.value("start")))
    quotes = terms["lpr"] if terms.get("lpr") else plan["lpr"]
    yearly_rate = min(exact(row.value("annual_rate")), lpr_at(quotes, start, months))
    supported_months = min(months, math.floor(12 * exact(terms["max_years"])))
    owed: int | Fraction = 0  # shares of the principal, a month each
    before = 12 * (claim_year - start.year) - start.month + 1  # months before the year of the claim
    for month in range(max(before, 0) + 1, min(before + 12, supported_months) + 1):
        owed += share_owed(row, month, months)
    if owed == 0:
        return Fraction(0)
    interest = principal * owed * yearly_rate / 12
    return exact(terms["subsidy_rate"]) * interest


def share_owed(row: Application, month: int, months: int) -> int | Fraction:
    """What of the principal is owed at the beginning of a month, by the way of repayment."""
    repayment = int(row.value("repayment"))
    if repayment == 0:  # 到期还本
        return 1
    monthly = exact(row.value("annual_rate")) / 12
    if repayment == 1 or monthly == 0:  # 等额本金
        return Fraction(months - month + 1, months)
    return ((1 + monthly) ** months - (1 + monthly) ** (month - 1)) / ((1 + monthly) ** months - 1)  # 等额本息


def demand_insurance_premium(plan: dict, terms: dict, row: Application) -> Fraction:
    """保费补贴: the ratio of the insured year; beyond the list the last one."""
    ratios = terms["ratios"]
    insured_year = int(row.value("insured_year"))
    return exact(ratios[min(insured_year, len(ratios)) - 1]) * row.yuan("premium_wan")


def demand_proportional(plan: dict, terms: dict, row: Application) -> Fraction:
    """按比例补助: a share of the bill, in the column that the guide names."""
    return exact(terms["share"]) * row.yuan(terms["column"])


DEMAND = {
    "grant": demand_requested,
    "service_purchase": demand_requested,
    "grant_to_equity": demand_requested,
    "award": demand_award,
    "reward_subsidy": demand_reward_subsidy,
    "loan_interest_subsidy": demand_loan_interest,
    "insurance_premium_subsidy": demand_insurance_premium,
    "proportional_subsidy": demand_proportional,
}


def shares_by_offset(item: dict, terms: dict, row: Application) -> Sequence[Fraction]:
    """How a commitment is paid, by year offset; where more than the first tranche is paid, that is the first."""
    shares = agreed_shares(item, terms, row)
    if row.paid_share is None or row.paid_share <= shares[0]:
        return shares
    rest = (1 - row.paid_share) / (1 - shares[0])
    return [row.paid_share, *(share * rest for share in shares[1:])]


def agreed_shares(item: dict, terms: dict, row: Application) -> Sequence[Fraction]:
    if item["mode"] == "grant_to_equity" and not is_plain_grant(row):
        return [exact(share) for share in terms["stages"]]
    if not item["is_project"] or not row.has("term_years"):
        return AT_ONCE
    first = exact(terms.get("first_tranche", 1))
    term = project_term(row)
    if first >= 1 or term == 0:
        return AT_ONCE
    return agreed_tranches(first, exact(terms.get("middle_tranche", 0)) if term > 2 else Fraction(0), term)


@cache
def agreed_tranches(first: Fraction, middle: Fraction, term: int) -> Sequence[Fraction]:
    """At the start, in the middle and at the end of a project."""
    shares = [Fraction(0)] * (term + 1)
    shares[0] = first
    shares[term // 2] += middle
    shares[term] += 1 - first - middle
    return tuple(shares)


def is_plain_grant(row: Application) -> bool:
    """A transfer project that is no pilot, where 拨投结合 covers pilots alone."""
    return row.plan["readings"]["equity_scope"] == "pilots_only" and not row.value("is_pilot")


def project_term(row: Application) -> int:
    return int(row.value("term_years")) if row.has("term_years") else 1


def conversion_offset(state: State, terms: dict, row: Application) -> int | None:
    """The year offset at which a grant becomes equity (a financing round closes), if it does."""
    if not state.plan["is_enterprise"][row.applicant]:
        return None
    if is_plain_grant(row):
        return None
    offset = int(row.value("round_year"))
    has_milestone = len(terms["stages"]) > 1  # each stage but the first waits for a milestone; a single stage has none
    missed_before = bool(row.value("milestone_fails")) and has_milestone and offset >= 1
    return None if offset >= 99 or missed_before else offset


def stop_offset(state: State, item: dict, year: int, row: Application) -> int | None:
    """The year offset from which the mode itself cancels what is still to be paid."""
    if item["mode"] != "grant_to_equity" or is_plain_grant(row):
        return None
    stops = []
    if row.value("milestone_fails"):
        stops.append(1)
    converted = conversion_offset(state, item["terms"][year], row)
    if converted is not None:
        stops.append(converted + 1)
    return min(stops, default=None)


def equity_recovery(state: State, commitment: Commitment, year: int) -> int:
    """股权收益: what the exit brings in ``year``, fen. In doubles, in the order the mode defines."""
    row, terms = commitment.application, commitment.item["terms"][commitment.year]
    converted = conversion_offset(state, terms, row)
    if converted is None:
        return 0
    ended = commitment.year_of(STOPPED_BY_OVERSIGHT)
    if ended is not None and ended - commitment.year <= converted:
        return 0
    after_years = int(row.value("exit_after_years") if row.has("exit_after_years") else terms["exit_after_years"])
    if year != commitment.year + converted + after_years:
        return 0
    paid_wan = commitment.paid_by_end_of(min(commitment.year + converted, year - 1)) / FEN_PER_WAN
    post_money = row.value("post_money_wan")
    stake = min(paid_wan / post_money, terms["holding_ceiling"]) if post_money > 0 else 0.0
    equity = stake * post_money
    exit_kind = int(row.value("exit_kind"))
    if exit_kind == 0:
        wan = equity if after_years <= 3 else equity * (1 + terms["lpr"] * after_years)
    elif exit_kind == 1:
        wan = stake * row.value("exit_value_wan")
    else:
        wan = 0.0
    return math.floor(wan * FEN_PER_WAN * (1 + 2**-49))


# ---------------------------------------------------------------------------------------------------------------------
# 0 Opening position (期初)
# ---------------------------------------------------------------------------------------------------------------------


def take_over_opening(state: State) -> None:
    items = {item["key"]: item for item in state.plan["items"]}
    for position, entry in enumerate(state.plan["opening"]):
        item, applicant = items[entry["item"]], entry["applicant"]
        commitment = Commitment(item, BEFORE_ALL_YEARS, position, applicant)
        commitment.paid = entry["paid"]
        for year, fen in entry["due"].items():
            promise(state, commitment, max(year, state.first), fen)
        accepted_in = entry["acceptance_year"] if item["is_project"] else None  # an award is never rated (第十五条)
        if accepted_in is not None and accepted_in >= state.first:
            drawn = state.table["opening"]
            rating_u, mended_u = drawn["rating_u"][position], drawn["mended_u"][position]
            commitment.events = acceptance(odds_of(state, commitment.year), accepted_in, rating_u, mended_u)
            if state.plan["oversight"]["is_on"]:
                count_events(state, commitment)
        state.commitments[item["key"]].append(commitment)
        if entry["rating"] in EXCELLENT:
            state.priority[state.first].add(applicant)
        if entry["bar_until"] is not None:
            for year in range(state.first, entry["bar_until"] + 1):
                state.barred[year].add(applicant)
        if entry["is_award_given"] or entry["committed"] > 0:
            remember_award(state, item, applicant, entry["platform"], entry["committed"])


def remember_award(state: State, item: dict, applicant: int, platform: int | None, fen: int) -> None:
    """A one-off award uses up its key; a platform's money counts towards its next level."""
    if item["once_per"] == "applicant":
        state.used_keys[item["key"]].add(applicant)
    if item["once_per"] == "platform" and platform is not None:
        state.used_keys[item["key"]].add(platform)
    if platform is not None:
        state.platform_committed[item["key"], platform] += fen


# ---------------------------------------------------------------------------------------------------------------------
# 1 Applications (申报)
# ---------------------------------------------------------------------------------------------------------------------


def applications_of(state: State, item: dict, year: int) -> list[Application]:
    """The rows of an item and year in submission order, each with what it asks."""
    tables = state.table["items"][item["key"]]["years"]
    rows = state.again.pop(item["key"], [])
    for row in rows:
        row.asked = asked_by(state, item, row)
    for start in range(year - item["claim_years"] + 1, year + 1):
        if start not in tables:
            continue
        for index in range(tables[start]["rows"]):
            row = Application(state.plan, tables[start], index, start, claim=year - start, terms_year=start)
            row.asked = asked_by(state, item, row)
            if row.asked > 0 or start == year:
                rows.append(row)
            if start == year == state.plan["years"][0] and index < item.get("approved", 0):
                row.is_approved = True
                row.paid_share = item["paid_shares"].get(index)
    return rows


def asked_by(state: State, item: dict, row: Application) -> int:
    yuan = DEMAND[item["mode"]](state.plan, item["terms"][row.terms_year], row)
    return payable(yuan, state.reading("payable_rounding"))


def apply_again(state: State, item: dict, year: int, rows: list[Application]) -> None:
    """Rows that were eligible and good enough but got nothing come back next year, if they want to."""
    probability = state.table["items"][item["key"]]["reapply"][year]
    if year + 1 not in state.plan["years"] or probability <= 0 or item["claim_years"] > 1:
        return
    for row in rows:
        got_nothing = row.is_eligible and row.passed_on_quality(item) and row.commitment == 0
        if got_nothing and row.draw("reapply_u") < probability:
            again = Application(state.plan, row.drawn, row.index, row.start_year, row.claim, terms_year=year + 1)
            state.again[item["key"]].append(again)


# ---------------------------------------------------------------------------------------------------------------------
# 2 Ineligible (不符合条件)
# ---------------------------------------------------------------------------------------------------------------------


def mark_eligible(state: State, item: dict, year: int, rows: list[Application]) -> None:
    keys_of_this_year = set()
    for row in rows:
        key = one_off_key(item, row)
        if is_barred(state, item, year, row) or fails_a_condition(item, row) or is_out_of_force(state, row):
            continue
        if key is not None and (key in state.used_keys[item["key"]] or key in keys_of_this_year):
            continue
        row.is_eligible = True
        if key is not None:
            keys_of_this_year.add(key)


def one_off_key(item: dict, row: Application) -> int | None:
    if item["once_per"] == "applicant":
        return row.applicant
    if item["once_per"] == "platform":
        return row.platform
    return None


def is_barred(state: State, item: dict, year: int, row: Application) -> bool:
    in_scope = item["is_project"] or state.reading("bar_scope") != "projects_only"
    return in_scope and row.applicant in state.barred[year]


def fails_a_condition(item: dict, row: Application) -> bool:
    for condition in item["requires"]:
        value = row.value(condition["column"])
        if condition["must_be"] in (True, "true"):
            met = bool(value)
        elif condition["must_be"] in (False, "false"):
            met = not value
        else:
            met = value > 0
        if not met:
            return True
    return False


def is_out_of_force(state: State, row: Application) -> bool:
    if state.reading("in_force") != "dates":
        return False
    begin, end = state.plan["in_force"]
    return not begin <= row.start_year + row.draw("day") <= end  # dated when first made, also where it claims later


# ---------------------------------------------------------------------------------------------------------------------
# 3 Selection (立项评审)
# ---------------------------------------------------------------------------------------------------------------------


def ranking_of(state: State, item: dict, year: int, rows: list[Application]) -> list[Application]:
    """The selected rows, in the order in which they are offered money."""
    eligible = [row for row in rows if row.is_eligible]
    if not item["is_project"]:
        return [row for row in eligible if row.passed_on_quality(item)]

    def rank(row: Application) -> tuple:
        comes_later = row.applicant not in state.priority[year]
        return (not row.is_approved, comes_later, -row.draw("score") if item["selection"] == "by_score" else 0)

    ranking = sorted((row for row in eligible if row.passed_on_quality(item)), key=rank)  # ties keep submission order
    places = item["places"].get(year)
    return ranking if places is None else ranking[: int(places)]


def select(state: State, item: dict, year: int, rows: list[Application]) -> list[Application]:
    ranking = ranking_of(state, item, year, rows)
    for row in ranking:
        row.is_selected = True
    return ranking


# ---------------------------------------------------------------------------------------------------------------------
# 4 Demand (测算额)
# ---------------------------------------------------------------------------------------------------------------------


def book_demand(state: State, item: dict, year: int, rows: list[Application]) -> None:
    for row in rows:
        state.book(item, year, "asked", row.asked)
        if not row.is_eligible:
            state.book(item, year, "ineligible", row.asked)
        elif row.is_selected:
            state.book(item, year, "demand", row.asked)
        else:
            state.book(item, year, "not_selected", row.asked)
    count_claims(state, item, year, rows)


# ---------------------------------------------------------------------------------------------------------------------
# 5 Caps (上限)
# ---------------------------------------------------------------------------------------------------------------------


def apply_caps(state: State, item: dict, year: int, rows: list[Application]) -> None:
    """``rows`` are the selected ones in submission order. Each cap books its own cut."""
    for row in rows:
        row.left = row.asked
    for cap in caps_in_order(state, item, year):
        before = sum(row.left for row in rows)
        apply_cap(state, item, year, cap, rows)
        state.book(item, year, "cut:" + cap["key"], before - sum(row.left for row in rows))
    for row in rows:
        state.book(item, year, "entitlement", row.left)


def caps_in_order(state: State, item: dict, year: int) -> list[dict]:
    """The item's caps; the upgrade credit stands behind the other ceilings of an application."""
    caps = [
        cap for cap in item["caps"][min(year, state.last)] if cap["key"] == "upgrade_credit" or cap["level"] is not None
    ]
    if item["upgrade_of"] is None or state.reading("upgrade_pays") != "difference":
        return [cap for cap in caps if cap["key"] != "upgrade_credit"]
    if all(cap["key"] != "upgrade_credit" for cap in caps):
        behind = sum(1 for cap in caps if cap["per"] == "application")
        caps.insert(behind, {"key": "upgrade_credit", "per": "application"})
    return caps


def apply_cap(state: State, item: dict, year: int, cap: dict, rows: list[Application]) -> None:
    if cap["key"] == "upgrade_credit":
        cap_upgrade_credit(state, item, rows)
    elif cap["per"] == "application":
        cap_application(state, cap, rows)
    elif cap["per"] == "applicant_year":
        cap_applicant_year(state, cap, rows)
    elif cap["per"] == "count":
        cap_count(state, item, year, cap, rows)
    elif cap["per"] == "item_year":
        cap_item_year(state, item, year, cap, rows)
    else:
        raise ValueError(f"no rule for a cap per {cap['per']}")


def cap_application(state: State, cap: dict, rows: list[Application]) -> None:
    for row in rows:
        if cap["of"] is None:
            ceiling = down_to_yuan(term_yuan(cap["level"]))
        else:
            ceiling = down_to_yuan(exact(cap["level"]) * row.yuan(cap["of"]))
        if cap["less_public"] and state.reading("public_money") == "yes" and row.has("other_public_wan"):
            ceiling = max(0, ceiling - row.yuan("other_public_wan") * FEN_PER_YUAN)
        row.left = min(row.left, ceiling)


def cap_upgrade_credit(state: State, item: dict, rows: list[Application]) -> None:
    for row in rows:
        credit = state.platform_committed[item["upgrade_of"], row.platform] if row.platform is not None else 0
        row.left = max(0, row.left - credit)


def cap_applicant_year(state: State, cap: dict, rows: list[Application]) -> None:
    ceiling = down_to_yuan(term_yuan(cap["level"]))
    used: dict[int, int] = defaultdict(int)
    for row in rows:
        enterprise = state.enterprise(row.applicant)
        row.left = min(row.left, ceiling - used[enterprise])
        used[enterprise] += row.left


def cap_count(state: State, item: dict, year: int, cap: dict, rows: list[Application]) -> None:
    """Distinct winning enterprises are at most a share of a count (第十二条（五）)."""
    if not rows:
        return
    counted = state.table["items"][item["key"]]["years"][year]["item_columns"][cap["of"]]
    limit = whole_winners(exact(cap["level"]) * exact(counted), state.reading("winner_rounding"))
    best_tier_first = sorted(rows, key=lambda row: row.value("tier") if row.has("tier") else 0)
    winners = set()
    for row in best_tier_first:
        enterprise = state.enterprise(row.applicant)
        if row.left > 0 and enterprise not in winners:
            if len(winners) < limit:
                winners.add(enterprise)
            else:
                row.left = 0


def whole_winners(share: Fraction, reading: str) -> int:
    if reading == "up":
        return math.ceil(share)
    if reading == "nearest":
        return math.floor(share + Fraction(1, 2))
    return math.floor(share)


def cap_item_year(state: State, item: dict, year: int, cap: dict, rows: list[Application]) -> None:
    room = down_to_yuan(term_yuan(cap["level"]))
    if cap["net_of_carried"] and state.reading("exchange_counts") != "commitments":
        room -= state.carried_due[item["key"]] + state.opening_arrears[item["key"]]
    room = fen_down_to_yuan(max(0, room))
    # The law's 400万 count what is paid this year: of a row, its first tranche.
    counts_payments = cap["net_of_carried"] and state.reading("exchange_counts") != "commitments"
    shares = [true_shares(item, year, row)[0] if counts_payments else Fraction(1) for row in rows]
    if cap["share_out"] == "pro_rata":
        approved = [(row, share) for row, share in zip(rows, shares, strict=True) if row.is_approved]
        room = max(0, room - sum(floor_of(row.left, share) for row, share in approved))
        shares = [share for row, share in zip(rows, shares, strict=True) if not row.is_approved]
        rows = [row for row in rows if not row.is_approved]
        wanted = [floor_of(row.left, share) for row, share in zip(rows, shares, strict=True)]
        if sum(wanted) > room:
            for row, share, fen, asked in zip(rows, shares, shared_out(wanted, room, sum(wanted)), wanted, strict=True):
                row.left = min(row.left, whole_of(fen, share)) if fen < asked else row.left
        return
    for row, share in zip(rows, shares, strict=True):
        first = floor_of(row.left, share)
        if first > room:
            row.left = min(row.left, whole_of(room, share))
        room -= min(first, room)


def whole_of(first: int, share: Fraction) -> int:
    """The whole yuan of which so many fen are the first tranche."""
    return math.floor(first / share * NUDGE / FEN_PER_YUAN) * FEN_PER_YUAN


def shared_out(wanted: list[int], room: int, whole: int) -> list[int]:
    """Floor shares in whole yuan; left-over yuan go one each, in the order given, to who has less than he wanted."""
    got = [fen_down_to_yuan(Fraction(fen * room, whole)) for fen in wanted]
    left_over = (room - sum(got)) // FEN_PER_YUAN
    for index, fen in enumerate(wanted):
        if left_over > 0 and got[index] < fen:
            got[index] += FEN_PER_YUAN
            left_over -= 1
    return got


# ---------------------------------------------------------------------------------------------------------------------
# How a project ends
# ---------------------------------------------------------------------------------------------------------------------


def ending(state: State, item: dict, year: int, row: Application) -> dict[int, str]:
    """What oversight will find and when; draws alone decide it."""
    odds = odds_of(state, year)
    if not item["is_project"]:  # 第十九条 alone reaches awards and the like
        return {year + 1: "violation"} if row.draw("end_u") < odds["award_violation"] else {}
    term = max(1, project_term(row))
    middle = year + max(1, term // 2)
    is_found = term > 1 or state.reading("short_project_violations") == "acceptance"
    violation = odds["violation"] if is_found else 0  # no inspection of short projects (第十六条)
    end = row.draw("end_u")
    if end < violation:
        return {middle: "violation"}
    if end < violation + odds["terminated"]:
        return {middle: "terminated"}
    if end < violation + odds["terminated"] + odds["closed_early"]:
        return {middle: "closed_early"}
    return acceptance(odds, year + term, row.draw("rating_u"), row.draw("mended_u"))


def odds_of(state: State, committed_in: int) -> dict[str, float]:
    """The probabilities of the year of commitment; of the first year for what was promised before."""
    year = min(max(committed_in, state.plan["years"][0]), state.last)  # of a claim after the last year those of that
    if year not in state.odds:
        state.odds[year] = {name: by_year[year] for name, by_year in state.table["probabilities"].items()}
    return state.odds[year]


def acceptance(odds: dict[str, float], year: int, rating_u: float, mended_u: float) -> dict[int, str]:
    if rating_u < odds["excellent"]:
        return {year: "excellent"}
    if rating_u >= 1 - odds["fail"]:
        return {year: "fail", year + 1: "mended" if mended_u < odds["mended"] else "not_mended"}
    return {year: "pass"}


# ---------------------------------------------------------------------------------------------------------------------
# 6a The year opens
# ---------------------------------------------------------------------------------------------------------------------


def open_year(state: State, year: int) -> None:
    for commitment in state.in_order():
        if year in commitment.events:
            act_on_event(state, commitment, year, commitment.events[year])
        if commitment.stop_year == year:
            cancel_from(state, commitment, year)
        if commitment.item["mode"] == "grant_to_equity":
            book_recovery(state, commitment, year)
    for item in state.plan["items"]:
        running = state.commitments[item["key"]]
        state.carried_due[item["key"]] = sum(commitment.schedule.get(year, 0) for commitment in running)
        state.opening_arrears[item["key"]] = sum(commitment.arrears for commitment in running)
        state.book(item, year, "need", state.carried_due[item["key"]] + state.opening_arrears[item["key"]])


def act_on_event(state: State, commitment: Commitment, year: int, event: str) -> None:
    item, odds, oversight = commitment.item, odds_of(state, commitment.year), state.plan["oversight"]
    if event in STOPPED_BY_OVERSIGHT:
        cancel_from(state, commitment, year)
    if event in ("terminated", "closed_early"):
        state.book(item, year, "return", money_back(commitment.paid, odds["unspent_share"]))
    if event in CLAIMED_BACK:
        claim = commitment.paid
        if state.reading("clawback_scope") == "unspent":
            claim = money_back(claim, odds["unspent_share"])
        booked_in = year + oversight["recovery_delay_years"]
        state.book(item, booked_in, "clawback", money_back(claim, odds["recovered_share"]))
    if event == "not_mended":
        bar(state, commitment.applicant, year, oversight["bar_years"])
    if event == "violation":
        bar(state, commitment.applicant, year, oversight["violation_bar_years"])
    if event == "fail":
        put_off = commitment.schedule[year]
        promise(state, commitment, year, -put_off)
        promise(state, commitment, year + 1, put_off)
    if event == "excellent":
        state.priority[year + 1].add(commitment.applicant)


def bar(state: State, applicant: int, year: int, calendar_years: int) -> None:
    """No applications in the calendar years that follow."""
    for later in range(year + 1, year + calendar_years + 1):
        state.barred[later].add(applicant)


def cancel_from(state: State, commitment: Commitment, year: int) -> None:
    for due_year in [when for when in commitment.schedule if when >= year]:
        fen = commitment.schedule[due_year]
        state.book(commitment.item, year, "cancelled", fen)
        promise(state, commitment, due_year, -fen)


def promise(state: State, commitment: Commitment, year: int, fen: int) -> None:
    commitment.schedule[year] += fen
    state.promised[commitment.item["category"], year] += fen
    state.promised[TOTAL, year] += fen


def book_recovery(state: State, commitment: Commitment, year: int) -> None:
    item = commitment.item
    if commitment.application is None:
        return
    claimed = commitment.year_of(CLAIMED_BACK)
    if year - commitment.year > item["recovery_years"] or (claimed is not None and year >= claimed):
        return
    state.book(item, year, "recovery", equity_recovery(state, commitment, year))


# ---------------------------------------------------------------------------------------------------------------------
# 6b Envelopes (预算额度)
# ---------------------------------------------------------------------------------------------------------------------


def envelope_limit(state: State, name: str, year: int) -> float:
    limit = state.limit.get(name, {}).get(year)
    return UNLIMITED if limit is None else limit


def room_in(state: State, name: str, year: int) -> float:
    return max(0, envelope_limit(state, name, year) - state.used[name, year])


def room_now(state: State, item: dict, year: int) -> float:
    """Room for what is used this year: the smaller of category and total, or the pool while it is handed out."""
    if state.pool is not None:
        return state.pool
    return min(room_in(state, item["category"], year), room_in(state, TOTAL, year))


def room_at(state: State, item: dict, year: int, offset: int) -> float:
    """Room for the tranche of this offset: now, or net of promises in its own year."""
    later = year + offset
    if offset == 0:
        return room_now(state, item, year)
    if not state.plan["forward_cover"] or later > state.last:
        return UNLIMITED
    return min(
        max(0, envelope_limit(state, name, later) - state.promised[name, later]) for name in (item["category"], TOTAL)
    )


def use_room(state: State, item: dict, year: int, fen: int) -> None:
    state.used[item["category"], year] += fen
    state.used[TOTAL, year] += fen
    if state.pool is not None:
        state.pool -= fen


def pay(state: State, commitment: Commitment, year: int, fen: int) -> None:
    if fen == 0:  # of most commitments in most years
        return
    commitment.paid += fen
    commitment.paid_in[year] += fen
    state.book(commitment.item, year, "payment", fen)
    if commitment.year < year:
        state.book(commitment.item, year, "payment_carried", fen)
    if state.limits_payments():
        use_room(state, commitment.item, year, fen)


def as_far_as_room_goes(state: State, item: dict, year: int, fen: int) -> int:
    room = room_now(state, item, year)
    return fen if fen <= room else int(room)


def pay_arrears(state: State, year: int) -> None:
    """1 Arrears (待拨), as far as room goes."""
    for commitment in state.in_order():
        if not commitment.arrears:
            continue
        fen = as_far_as_room_goes(state, commitment.item, year, commitment.arrears)
        commitment.arrears -= fen
        pay(state, commitment, year, fen)


def pay_carried(state: State, year: int) -> None:
    """2 Carried payments (续建), as far as room goes; the rest becomes arrears."""
    for commitment in state.in_order():
        if not commitment.schedule.get(year):
            continue
        due = fall_due(state, commitment, year)
        fen = as_far_as_room_goes(state, commitment.item, year, due)
        pay(state, commitment, year, fen)
        commitment.arrears += due - fen
        state.book(commitment.item, year, "over_envelope", due - fen)


def pay_everything(state: State, year: int) -> None:
    """In the tail, and where the envelope limits commitments: all that is due and all arrears are paid."""
    for commitment in state.in_order():
        if not commitment.arrears and not commitment.schedule.get(year):
            continue
        owed = commitment.arrears + fall_due(state, commitment, year)
        commitment.arrears = 0
        pay(state, commitment, year, owed)


def fall_due(state: State, commitment: Commitment, year: int) -> int:
    due = commitment.schedule.pop(year, 0)
    state.book(commitment.item, year, "due", due)
    return due


def true_shares(item: dict, year: int, row: Application) -> Sequence[Fraction]:
    terms = item["terms"]
    return shares_by_offset(item, terms[year] if year in terms else terms[max(terms)], row)


def shares_seen(state: State, item: dict, year: int, row: Application) -> Sequence[Fraction]:
    """What the envelopes see of a commitment: its tranches, or (reading ``commitments``) all of it in this year."""
    return true_shares(item, year, row) if state.limits_payments() else AT_ONCE


def fits(state: State, item: dict, year: int, row: Application, amount: int) -> bool:
    split = tranches(amount, shares_seen(state, item, year, row))
    return all(fen <= room_at(state, item, year, offset) for offset, fen in enumerate(split))


def commit(state: State, item: dict, year: int, position: int, row: Application, amount: int) -> None:
    """Promise the amount; tranche 0 is due at once and paid, in full except for what is deferred, or was approved."""
    is_deferred = item["when_short"] == "defer" or row.is_approved
    if amount <= 0:
        return
    row.commitment = amount
    state.book(item, year, "commitment", amount)
    commitment = Commitment(item, year, position, row.applicant, row)
    commitment.events = ending(state, item, year, row)
    count_project(state, commitment)
    stop = stop_offset(state, item, year, row)
    commitment.stop_year = None if stop is None else year + stop
    state.commitments[item["key"]].append(commitment)
    for offset, fen in enumerate(tranches(amount, true_shares(item, year, row))):
        if fen > 0:
            promise(state, commitment, year + offset, fen)
    due = fall_due(state, commitment, year)
    if not state.limits_payments():
        if is_deferred:
            inside = as_far_as_room_goes(state, item, year, amount)
            state.book(item, year, "over_envelope", amount - inside)
        use_room(state, item, year, amount)
        paid = due
    elif is_deferred:
        paid = as_far_as_room_goes(state, item, year, due)
        commitment.arrears = due - paid
        state.book(item, year, "over_envelope", due - paid)
    else:
        paid = due
    pay(state, commitment, year, paid)


def commit_item(state: State, item: dict, year: int, rows: list[Application], queue: list[Application]) -> None:
    """3 New commitments of one item: ``rows`` in submission order, ``queue`` who is offered money, in ranking order."""
    position = {id(row): index for index, row in enumerate(rows)}
    if item["when_short"] == "pro_rata":
        for row, amount in zip(queue, pro_rata_amounts(state, item, year, queue), strict=True):
            commit(state, item, year, position[id(row)], row, amount)
        return
    for row in queue:
        if item["when_short"] == "defer" or fits(state, item, year, row, row.left):
            commit(state, item, year, position[id(row)], row, row.left)
            continue
        if item["when_short"] == "partial":
            commit(state, item, year, position[id(row)], row, largest_part(state, item, year, row))
        return


def largest_part(state: State, item: dict, year: int, row: Application) -> int:
    """The whole yuan that fit of a row that does not fit in full."""
    amount = row.left
    for offset, share in enumerate(shares_seen(state, item, year, row)):
        room = room_at(state, item, year, offset)
        if share > 0 and room != UNLIMITED:
            amount = min(amount, fen_down_to_yuan(Fraction(room) / share))
    while amount > 0 and not fits(state, item, year, row, amount):
        amount -= FEN_PER_YUAN
    return amount


def pro_rata_amounts(state: State, item: dict, year: int, queue: list[Application]) -> list[int]:
    """Everybody in full if that fits in every year; otherwise the tightest year shrinks all by the same share."""
    entitlements = [row.left for row in queue]
    shares = [shares_seen(state, item, year, row) for row in queue]
    wanted: dict[int, int] = defaultdict(int)  # by year offset
    for amount, row_shares in zip(entitlements, shares, strict=True):
        for offset, fen in enumerate(tranches(amount, row_shares)):
            wanted[offset] += fen
    rooms = {offset: room_at(state, item, year, offset) for offset in wanted}
    if all(wanted[offset] <= rooms[offset] for offset in wanted):
        return entitlements
    limited = [offset for offset in sorted(wanted) if wanted[offset] > 0 and rooms[offset] != UNLIMITED]
    tightest = min(limited, key=lambda offset: Fraction(rooms[offset], wanted[offset]))  # the first of equals
    if all(row_shares[0] == 1 for row_shares in shares):
        return shared_out(entitlements, rooms[tightest], wanted[tightest])
    room = max(0, rooms[tightest] - len(queue))
    return [fen_down_to_yuan(Fraction(amount * room, wanted[tightest])) for amount in entitlements]


def hand_out_pool(state: State, year: int, rows_of: dict, ranking_of_item: dict) -> None:
    """4 Pooling: what some categories left over is offered to the others."""
    with_envelope = [name for name in state.limit if name != TOTAL and envelope_limit(state, name, year) != UNLIMITED]
    left_over = sum(room_in(state, name, year) for name in with_envelope)
    state.pool = min(room_in(state, TOTAL, year), left_over)
    pay_arrears(state, year)
    for item in state.plan["items"]:
        if item["category"] in with_envelope:
            queue = [row for row in ranking_of_item[item["key"]] if row.left > 0 and row.commitment == 0]
            commit_item(state, item, year, rows_of[item["key"]], queue)
    state.pool = None


# ---------------------------------------------------------------------------------------------------------------------
# 7 Book, and the year as a whole
# ---------------------------------------------------------------------------------------------------------------------


def close_year(state: State, year: int) -> None:
    for item in state.plan["items"]:
        state.book(item, year, "arrears", sum(commitment.arrears for commitment in state.commitments[item["key"]]))
        if state.plan["refill"]:
            came_back = sum(state.ledger[item["key"], year, flow] for flow in ("clawback", "return", "recovery"))
            for name in (item["category"], TOTAL):
                if envelope_limit(state, name, year + 1) != UNLIMITED:
                    state.limit[name][year + 1] += came_back


def settle(state: State, item: dict, year: int, rows: list[Application], ranking: list[Application]) -> None:
    """After the envelopes: what stayed unfunded, which one-off awards are used up, who comes again."""
    for row in ranking:
        state.book(item, year, "unfunded", row.left - row.commitment)
        if row.commitment > 0:
            remember_award(state, item, row.applicant, row.platform, row.commitment)
    count_served(state, item, year, rows)
    apply_again(state, item, year, rows)


def run_year(state: State, year: int) -> None:
    open_year(state, year)
    items = state.plan["items"]
    rows_of, ranking_of_item = {}, {}
    for item in items:
        rows = applications_of(state, item, year)
        mark_eligible(state, item, year, rows)
        ranking = select(state, item, year, rows)
        book_demand(state, item, year, rows)
        apply_caps(state, item, year, [row for row in rows if row.is_selected])
        for row in ranking:
            state.book(item, year, "need", tranches(row.left, true_shares(item, year, row))[0])
        rows_of[item["key"]], ranking_of_item[item["key"]] = rows, ranking
    if state.limits_payments():
        pay_arrears(state, year)
        pay_carried(state, year)
    else:
        pay_everything(state, year)
    for item in items:  # what was approved already, before all that is still to be decided
        for position, row in enumerate(rows_of[item["key"]]):
            if row.is_approved and row.is_selected:
                commit(state, item, year, position, row, row.left)
    for item in items:
        queue = [row for row in ranking_of_item[item["key"]] if row.left > 0 and row.commitment == 0]
        commit_item(state, item, year, rows_of[item["key"]], queue)
    if state.plan["pooling"]:
        hand_out_pool(state, year, rows_of, ranking_of_item)
    for item in items:
        settle(state, item, year, rows_of[item["key"]], ranking_of_item[item["key"]])
    close_year(state, year)


def run_tail_year(state: State, year: int) -> None:
    """After the last year what was promised is paid; by the reading, so are the later claims of earlier loans."""
    open_year(state, year)
    claimed = {}
    for item in state.plan["items"]:
        if state.reading("claims_after_expiry") == "paid" and item["claim_years"] > 1:
            rows = applications_of(state, item, year)
            mark_eligible(state, item, year, rows)
            for row in rows:
                row.is_selected = row.is_eligible
            book_demand(state, item, year, rows)
            apply_caps(state, item, year, [row for row in rows if row.is_selected])
            claimed[item["key"]] = rows
            for row in rows:
                state.book(item, year, "need", row.left)
    pay_everything(state, year)
    for item in state.plan["items"]:
        for position, row in enumerate(claimed.get(item["key"], [])):
            promise_later_claim(state, item, year, position, row)
        count_served(state, item, year, claimed.get(item["key"], []))
    close_year(state, year)


def promise_later_claim(state: State, item: dict, year: int, position: int, row: Application) -> None:
    """A claim after the last year: there is no envelope, so it is committed and paid in full."""
    if row.left <= 0:
        return
    row.commitment = row.left
    state.book(item, year, "commitment", row.left)
    commitment = Commitment(item, year, position, row.applicant, row)
    commitment.events = ending(state, item, year, row)
    state.commitments[item["key"]].append(commitment)
    promise(state, commitment, year, row.left)
    pay(state, commitment, year, fall_due(state, commitment, year))


# ---------------------------------------------------------------------------------------------------------------------
# 8 Counts
# ---------------------------------------------------------------------------------------------------------------------


def count(state: State, item: dict, year: int, name: str, number: int) -> None:
    state.book(item, year, f"count:{name}", number)


def count_claims(state: State, item: dict, year: int, rows: list[Application]) -> None:
    count(state, item, year, "applications", len(rows))
    count(state, item, year, "applicants", len({row.applicant for row in rows}))
    count(state, item, year, "ineligible", sum(not row.is_eligible for row in rows))
    count(state, item, year, "not_selected", sum(row.is_eligible and not row.is_selected for row in rows))
    count(state, item, year, "selected", sum(row.is_selected for row in rows))


def count_served(state: State, item: dict, year: int, rows: list[Application]) -> None:
    """After the envelopes: who was entitled to something, and who of them got something."""
    funded = [row for row in rows if row.commitment > 0]
    count(state, item, year, "entitled", sum(row.left > 0 for row in rows))
    count(state, item, year, "unfunded", sum(row.left > 0 and row.commitment == 0 for row in rows))
    count(state, item, year, "funded", len(funded))
    count(state, item, year, "funded_applicants", len({row.applicant for row in funded}))


def count_project(state: State, commitment: Commitment) -> None:
    """A project's contract, and what oversight has to do with it later."""
    item, year, row = commitment.item, commitment.year, commitment.application
    if not item["is_project"]:
        return
    count(state, item, year, "contracts", 1)
    if not state.plan["oversight"]["is_on"]:
        return
    term = max(1, project_term(row))
    if term > 1:  # 第十六条
        count(state, item, year + term // 2, "inspections", 1)
    if term > 2:  # 第十八条
        count(state, item, year + term // 2, "midterms", 1)
    count_events(state, commitment)


def count_events(state: State, commitment: Commitment) -> None:
    item = commitment.item
    for year, event in commitment.events.items():
        if event in ("violation", "terminated", "closed_early"):
            count(state, item, year, "ended_early", 1)
        if event in ("excellent", "pass", "fail"):
            count(state, item, year, "acceptances", 1)
        if event in ("excellent", "pass", "mended"):
            count(state, item, year, "accepted", 1)
        for name, counted in (("excellent", "excellent"), ("fail", "failed"), ("mended", "mended")):
            if event == name:
                count(state, item, year, counted, 1)


def simulate(plan: dict, table: dict) -> dict[tuple[str, int, str], int]:
    """One trial: every flow and count that is not zero, ``{(item, year, flow): fen or number}``."""
    state = State(plan, table)
    take_over_opening(state)
    for year in plan["years"]:
        run_year(state, year)
    for year in plan["tail"]:
        run_tail_year(state, year)
    return {key: fen for key, fen in state.ledger.items() if fen != 0}
