"""The rules as an agent-based model: Mesa, a step a year, an agent for every firm, budget line, application and award.

What happens is who does what: a firm keeps its bars and what it may still be given, an application asks and is cut, an
award is paid, inspected and rated, a budget line calls its applications in order. The rules are those of
docs/the-year.md, as far as ``peers.check_covered`` lets a scenario through. ``simulate(plan, table)`` runs one trial.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import mesa
from mesa.agent import AgentSet
from peers import FEN_A_WAN, FEN_A_YUAN, NUDGE, Key, check_covered, is_shared, whole_yuan

NO_ROUND = 99
STOPPING = ("violation", "terminated", "closed_early", "not_mended")
CLAIMED_BACK = ("violation", "not_mended")
EPOCH = date(1970, 1, 1)


class Envelope:
    """A budget (预算额度), of a category or of all: what was paid from it, and what is promised in later years."""

    def __init__(self, limits: dict[int, int | None]):
        self.limits = limits
        self.used: dict[int, int] = defaultdict(int)
        self.promised: dict[int, int] = defaultdict(int)

    def _limit(self, year: int) -> float:
        limit = self.limits.get(year)
        return math.inf if limit is None else limit

    def room(self, year: int) -> float:
        return max(0, self._limit(year) - self.used[year])

    def forward_room(self, year: int) -> float:
        return max(0, self._limit(year) - self.promised[year])


class Fund(mesa.Model):
    """The special fund: a step is a year, in the order of the measure."""

    def __init__(self, plan: dict, table: dict):
        super().__init__(seed=0)
        check_covered(plan, table)
        self.plan, self.probabilities = plan, table["probabilities"]
        self.first, self.last, self.end = plan["years"][0], plan["years"][-1], max(*plan["years"], *plan["tail"])
        self.year = self.first
        self.total = Envelope(plan["envelope_total"])
        self.categories = {name: Envelope(limits) for name, limits in plan["envelope_category"].items()}
        self.ledger: dict[Key, int] = defaultdict(int)
        self.firms: dict[int, Firm] = {}
        lines = [BudgetLine(self, item, table["items"][item["key"]]["years"]) for item in plan["items"]]
        self.lines = AgentSet(lines, random=self.random)

    def firm(self, number: int) -> Firm:
        """The firm of this number, which enters the model with its first application."""
        if number not in self.firms:
            self.firms[number] = Firm(self, number)
        return self.firms[number]

    def step(self) -> None:
        self.year = self.first + self.steps - 1
        self.lines.do("open_year")
        if self.year <= self.last:
            self.lines.do("call_for_applications")
            self.lines.do("assess")
        self.lines.do("pay_arrears")
        self.lines.do("pay_carried")
        if self.year <= self.last:
            self.lines.do("commit")
        self.lines.do("close_year")
        self.running = self.year < self.end


class Firm(mesa.Agent):
    """An applicant (申报单位)."""

    def __init__(self, model: Fund, number: int):
        super().__init__(model)
        self.number = number
        self.is_enterprise = model.plan["is_enterprise"][number]
        self.barred: set[int] = set()  # years without applications
        self.praised: set[int] = set()  # years in which it comes first
        self.taken: dict[tuple[int, str, str], int] = defaultdict(int)  # by year, item and cap

    def is_barred(self) -> bool:
        return self.model.year in self.barred

    def bar(self, years: int) -> None:
        self.barred.update(range(self.model.year + 1, self.model.year + years + 1))

    def take(self, item: str, cap: str, ceiling: int, wanted: int) -> int:
        """What the firm may still have under a cap of its own this year."""
        key = (self.model.year, item, cap)
        granted = min(wanted, ceiling - self.taken[key])
        self.taken[key] += granted
        return granted


class Application(mesa.Agent):
    """One application (申报); a loan's asks again every year while its interest is subsidised."""

    def __init__(self, line: BudgetLine, drawn: dict, index: int):
        super().__init__(line.model)
        self.line, self.drawn, self.index = line, drawn, index
        self.start = line.model.year
        self.firm = line.model.firm(drawn["applicant"][index])
        self.claims = DEMAND[line.item["mode"]](line.item["terms"][self.start], self)
        self.left = self.given = 0

    def __getitem__(self, column: str) -> Any:
        return self.drawn["columns"][column][self.index]

    def draw(self, name: str) -> Any:
        return self.drawn[name][self.index]

    @property
    def asked(self) -> int:
        claim = self.model.year - self.start
        return self.claims[claim] if claim < len(self.claims) else 0

    @property
    def key(self) -> int | None:
        """What a one-off award is given to."""
        once_per = self.line.item["once_per"]
        return self.draw("platform") if once_per == "platform" else self.firm.number if once_per else None

    @property
    def rank(self) -> tuple[bool, float]:
        is_by_score = self.line.item["selection"] == "by_score"
        return self.model.year not in self.firm.praised, -self.draw("score") if is_by_score else 0.0

    def is_eligible(self) -> bool:
        return not self.firm.is_barred() and all(self._meets(condition) for condition in self.line.item["requires"])

    def _meets(self, condition: dict) -> bool:
        column, must_be = condition["column"], condition["must_be"]
        has = column in self.drawn["columns"]
        value = self[column] if has or column != "is_enterprise" else self.firm.is_enterprise
        return not value if must_be == "false" else value > 0

    def meet_ceiling(self, cap: dict) -> None:
        level = cap["level"] if cap["of"] is None else cap["level"] * self[cap["of"]]
        self.left = min(self.left, whole_yuan(level))

    def meet_firm_ceiling(self, cap: dict) -> None:
        self.left = self.firm.take(self.line.key, cap["key"], whole_yuan(cap["level"]), self.left)

    def meet_room(self, room: int, share: float) -> int:
        """Meet what is left under a year's cap, of which the application uses a share; what it uses."""
        first = math.floor(self.left * share * NUDGE)
        if first > room:
            self.left = min(self.left, math.floor(room / share * NUDGE / FEN_A_YUAN) * FEN_A_YUAN)
        return min(first, room)

    @property
    def term(self) -> int:
        return int(self["term_years"]) if "term_years" in self.drawn["columns"] else 1

    def shares(self) -> tuple[float, ...]:
        """How an award is paid, by year offset."""
        item, terms = self.line.item, self.line.item["terms"][self.model.year]
        if item["mode"] == "grant_to_equity":
            return tuple(terms["stages"])
        if not item["is_project"] or "term_years" not in self.drawn["columns"]:
            return (1.0,)
        return tranche_shares(self.term, terms.get("first_tranche", 1.0), terms.get("middle_tranche", 0.0))

    def tranches(self, amount: int) -> list[int]:
        """The amount by year offset; the last tranche takes the rest."""
        shares = self.shares()
        split = [math.floor(amount * share * NUDGE) for share in shares]
        last = max(offset for offset, share in enumerate(shares) if share > 0)
        split[last] = amount - sum(split[:last])
        return split


@lru_cache(maxsize=1000)
def tranche_shares(term: int, first: float, middle: float) -> tuple[float, ...]:
    """First in the year of commitment, middle at half time of long projects, the rest on acceptance."""
    if term == 0 or first >= 1:
        return (1.0,)
    middle = middle if term > 2 else 0.0
    shares = [first] + [0.0] * term
    shares[term // 2] += middle
    shares[term] += 1 - first - middle
    return tuple(shares)


class Award(mesa.Agent):
    """A commitment (立项): what falls due, what was paid, and how it ends."""

    def __init__(self, application: Application, amount: int):
        model = application.model
        super().__init__(model)
        self.application, self.line, self.firm = application, application.line, application.firm
        self.year = model.year
        self.odds = {name: by_year[self.year] for name, by_year in model.probabilities.items()}
        self.due: dict[int, int] = defaultdict(int)
        self.arrears = self.paid = 0
        self.paid_by: dict[int, int] = {}  # all that was paid up to the end of a year
        self.events = self._foresee() if self.line.item["is_project"] else {}
        self.conversion = self.stop = None
        if self.line.item["mode"] == "grant_to_equity":
            self._foresee_round()
        for offset, fen in enumerate(application.tranches(amount)):
            self._promise(self.year + offset, fen)

    def _foresee(self) -> dict[int, str]:
        """What oversight will find, by year: the draws alone decide."""
        odds, draw, term = self.odds, self.application.draw, max(1, self.application.term)
        violation = odds["violation"] if term > 1 else 0.0
        middle, end = self.year + max(1, term // 2), self.year + term
        if draw("end_u") < violation:
            return {middle: "violation"}
        if draw("end_u") < violation + odds["terminated"]:
            return {middle: "terminated"}
        if draw("end_u") < violation + odds["terminated"] + odds["closed_early"]:
            return {middle: "closed_early"}
        if draw("rating_u") < odds["excellent"]:
            return {end: "excellent"}
        if draw("rating_u") >= 1 - odds["fail"]:
            return {end: "fail", end + 1: "mended" if draw("mended_u") < odds["mended"] else "not_mended"}
        return {end: "pass"}

    def _foresee_round(self) -> None:
        """A missed milestone stops later stages; a financing round before that makes equity of what was paid."""
        application, stages = self.application, self.line.item["terms"][self.year]["stages"]
        misses = bool(application["milestone_fails"])
        if self.firm.is_enterprise and application["round_year"] < NO_ROUND and not (misses and len(stages) > 1):
            self.conversion = int(application["round_year"])
        if misses:
            self.stop = self.year + 1
        elif self.conversion is not None:
            self.stop = self.year + self.conversion + 1

    def _promise(self, year: int, fen: int) -> None:
        self.due[year] += fen
        self.line.envelope.promised[year] += fen
        if self.line.envelope is not self.model.total:
            self.model.total.promised[year] += fen

    def open_year(self) -> None:
        """What oversight and the mode do before anything is paid."""
        year, event, odds = self.model.year, self.events.get(self.model.year), self.odds
        oversight = self.model.plan["oversight"]
        if event == "excellent":
            self.firm.praised.add(year + 1)
        if event == "fail":
            self._promise(year + 1, self.due[year])
            self._promise(year, -self.due[year])
        if event in STOPPING or year == self.stop:
            self._cancel()
        if event in ("terminated", "closed_early"):
            self.line.book("return", math.floor(self.paid * odds["unspent_share"]))
        if event in CLAIMED_BACK:
            back = math.floor(self.paid * odds["recovered_share"])
            self.line.book("clawback", back, year + oversight["recovery_delay_years"])
            self.firm.bar(oversight["violation_bar_years" if event == "violation" else "bar_years"])
        if self.conversion is not None:
            self.line.book("recovery", self._exit())

    def _cancel(self) -> None:
        for year, fen in list(self.due.items()):
            if year >= self.model.year and fen:
                self.line.book("cancelled", fen)
                self._promise(year, -fen)

    def _exit(self) -> int:
        """股权收益: what the stake brings in the year of its exit."""
        application, terms = self.application, self.line.item["terms"][self.year]
        age, after = self.model.year - self.year, int(application["exit_after_years"])
        if age != self.conversion + after or age > self.line.item["recovery_years"]:
            return 0
        for year, event in self.events.items():
            if event in STOPPING and year - self.year <= self.conversion:
                return 0
            if event in CLAIMED_BACK and year <= self.model.year:
                return 0
        paid = self.paid_by.get(min(self.year + self.conversion, self.model.year - 1), self.paid) / FEN_A_WAN
        post_money = application["post_money_wan"]
        stake = min(paid / post_money, terms["holding_ceiling"]) if post_money > 0 else 0.0
        equity = stake * post_money
        bought_back = equity if after <= 3 else equity * (1 + terms["lpr"] * after)
        wan = (bought_back, stake * application["exit_value_wan"], 0.0)[int(application["exit_kind"])]
        return math.floor(wan * FEN_A_WAN * NUDGE)

    def pay(self, fen: int) -> None:
        self.paid += fen
        self.line.pay(fen, is_carried=self.model.year > self.year)

    def pay_arrears(self) -> None:
        if self.arrears:
            fen = self.line.as_far_as_room_goes(self.arrears)
            self.arrears -= fen
            self.pay(fen)

    def pay_due(self) -> None:
        """What falls due this year, as far as room goes; the rest becomes arrears."""
        due = self.due.pop(self.model.year, 0)
        if due:
            fen = self.line.as_far_as_room_goes(due)
            self.line.book("due", due)
            self.line.book("over_envelope", due - fen)
            self.arrears += due - fen
            self.pay(fen)

    def close_year(self) -> None:
        """Keep what an exit will ask for; leave the model when nothing more can be heard."""
        year = self.model.year
        if self.conversion is not None:
            self.paid_by[year] = self.paid
            is_over = year - self.year >= self.line.item["recovery_years"]
        else:
            is_over = year >= max(self.events, default=0)
        if is_over and not self.arrears and not any(self.due.values()):
            self.line.awards.remove(self)
            self.remove()


class BudgetLine(mesa.Agent):
    """An item (支持方向): calls its applications, applies its caps, commits and pays in its turn."""

    def __init__(self, model: Fund, item: dict, drawn: dict):
        super().__init__(model)
        self.item, self.key, self.drawn = item, item["key"], drawn
        self.envelope = model.categories.get(item["category"], model.total)
        self.awards = AgentSet([], random=model.random)
        self.applications: list[Application] = []  # all that may still claim, in submission order
        self.selected: list[Application] = []  # in submission order
        self.ranking: list[Application] = []
        self.used_keys: set[int] = set()  # one-off awards given
        self.carried = 0

    def book(self, flow: str, fen: int, year: int | None = None) -> None:
        year = self.model.year if year is None else year
        if fen and year <= self.model.end:
            self.model.ledger[self.key, year, flow] += fen

    # --- the year, step by step --------------------------------------------------------------------------------------

    def open_year(self) -> None:
        self.awards.do("open_year")
        year = self.model.year
        self.carried = sum(award.due.get(year, 0) + award.arrears for award in self.awards)
        self.book("need", self.carried)

    def call_for_applications(self) -> None:
        drawn = self.drawn[self.model.year]
        self.applications += [Application(self, drawn, index) for index in range(drawn["rows"])]

    def assess(self) -> None:
        """Who is eligible, who is selected, and what the caps leave."""
        asking = [a for a in self.applications if a.asked > 0 or a.start == self.model.year]
        eligible, keys = [], set(self.used_keys)
        for application in asking:
            self.book("asked", application.asked)
            if application.is_eligible() and (application.key is None or application.key not in keys):
                keys.add(application.key)
                eligible.append(application)
            else:
                self.book("ineligible", application.asked)
        self._select(eligible)
        for application in self.selected:
            application.left, application.given = application.asked, 0
            self.book("demand", application.asked)
        for cap in self.item["caps"][self.model.year]:
            if cap["level"] is not None and cap["key"] != "upgrade_credit":
                before = sum(application.left for application in self.selected)
                self._apply(cap)
                self.book(f"cut:{cap['key']}", before - sum(application.left for application in self.selected))
        for application in self.selected:
            self.book("entitlement", application.left)
            self.book("need", application.tranches(application.left)[0])

    def _select(self, eligible: list[Application]) -> None:
        if not self.item["is_project"]:
            self.selected = self.ranking = eligible
            return
        passing = [application for application in eligible if application.draw("passes")]
        self.ranking = sorted(passing, key=lambda application: application.rank)[: self.item["places"][self.model.year]]
        chosen = set(self.ranking)
        self.selected = [application for application in eligible if application in chosen]
        for application in eligible:
            if application not in chosen:
                self.book("not_selected", application.asked)

    def commit(self) -> None:
        """Promise what fits, in order of the ranking."""
        new = []
        for application in self.ranking:
            if application.left == 0:
                continue
            if self.item["when_short"] == "defer" or self._fits(application, application.left):
                new.append(self._award(application, application.left))
                continue
            if self.item["when_short"] == "partial" and (part := self._largest_part(application)):
                new.append(self._award(application, part))
            break
        place = {application: n for n, application in enumerate(self.selected)}
        for award in sorted(new, key=lambda award: place[award.application]):
            self.awards.add(award)
        for application in self.ranking:
            self.book("unfunded", application.left - application.given)

    def pay_arrears(self) -> None:
        self.awards.do("pay_arrears")

    def pay_carried(self) -> None:
        self.awards.do("pay_due")

    def close_year(self) -> None:
        self.book("arrears", sum(award.arrears for award in self.awards))
        self.awards.do("close_year")
        for application in self.applications:
            if self.model.year + 1 - application.start >= self.item["claim_years"]:
                application.remove()
        self.applications = [a for a in self.applications if self.model.year + 1 - a.start < self.item["claim_years"]]
        self.selected, self.ranking = [], []

    # --- caps --------------------------------------------------------------------------------------------------------

    def _apply(self, cap: dict) -> None:
        if cap["per"] == "application":
            for application in self.selected:
                application.meet_ceiling(cap)
        elif cap["per"] == "applicant_year":
            for application in self.selected:
                application.meet_firm_ceiling(cap)
        elif cap["per"] == "count":
            self._limit_winners(cap)
        else:
            self._limit_year(cap)

    def _limit_winners(self, cap: dict) -> None:
        limit = math.floor(cap["level"] * self.drawn[self.model.year]["item_columns"][cap["of"]] * NUDGE)
        winners: set[Firm] = set()
        for application in sorted(self.selected, key=lambda application: application["tier"]):
            if application.left and application.firm not in winners:
                if len(winners) < limit:
                    winners.add(application.firm)
                else:
                    application.left = 0

    def _limit_year(self, cap: dict) -> None:
        room = whole_yuan(cap["level"]) - (self.carried if cap["net_of_carried"] else 0)
        room = max(0, room) // FEN_A_YUAN * FEN_A_YUAN
        wanted = sum(application.left for application in self.selected)
        if not is_shared(cap):
            for application in self.selected:
                room -= application.meet_room(room, application.shares()[0] if cap["net_of_carried"] else 1.0)
        elif wanted > room:
            asked = [application.left for application in self.selected]
            for application in self.selected:
                application.left = application.left * room // wanted // FEN_A_YUAN * FEN_A_YUAN
            room -= sum(application.left for application in self.selected)
            for application, had in zip(self.selected, asked, strict=True):
                if room and application.left < had:
                    application.left += FEN_A_YUAN
                    room -= FEN_A_YUAN

    # --- envelopes ---------------------------------------------------------------------------------------------------

    def room(self, offset: int = 0) -> float:
        """Room for what is paid now, or net of promises in a later year."""
        year, total = self.model.year + offset, self.model.total
        if offset == 0:
            return min(self.envelope.room(year), total.room(year))
        if not self.model.plan["forward_cover"] or year > self.model.last:
            return math.inf
        return min(self.envelope.forward_room(year), total.forward_room(year))

    def as_far_as_room_goes(self, fen: int) -> int:
        room = self.room()
        return fen if fen <= room else int(room)

    def pay(self, fen: int, is_carried: bool) -> None:
        year = self.model.year
        self.book("payment", fen)
        if is_carried:
            self.book("payment_carried", fen)
        self.envelope.used[year] += fen
        if self.envelope is not self.model.total:
            self.model.total.used[year] += fen

    def _fits(self, application: Application, amount: int) -> bool:
        return all(fen <= self.room(offset) for offset, fen in enumerate(application.tranches(amount)))

    def _largest_part(self, application: Application) -> int:
        amount = application.left
        for offset, share in enumerate(application.shares()):
            room = self.room(offset)
            if share > 0 and room < math.inf:
                amount = min(amount, math.floor(room / share * NUDGE) // FEN_A_YUAN * FEN_A_YUAN)
        while amount > 0 and not self._fits(application, amount):
            amount -= FEN_A_YUAN
        return max(amount, 0)

    def _award(self, application: Application, amount: int) -> Award:
        application.given = amount
        self.book("commitment", amount)
        award = Award(application, amount)
        award.pay_due()
        if application.key is not None:
            self.used_keys.add(application.key)
        return award


# --- the seven modes (支持方式): what an application asks, in fen, by year from its first ----------------------------


def ask_requested(terms: dict, row: Application) -> list[int]:
    """补助, 购买服务, 拨投结合: what is requested."""
    return [whole_yuan(row["requested_wan"])]


def ask_award(terms: dict, row: Application) -> list[int]:
    """奖励: the fixed amount, or the tier's."""
    tiers = terms.get("tiers")
    return [whole_yuan(list(tiers.values())[int(row["tier"])] if tiers else terms["amount_wan"])]


def ask_reward_subsidy(terms: dict, row: Application) -> list[int]:
    """奖补: a rate of the transaction, or of the growth of R&D spending where that is large enough."""
    if terms["basis"] == "transaction":
        return [whole_yuan(terms["rate"] * row["transaction_wan"])]
    last_year = row["rd_last_year_wan"]
    growth = row["rd_this_year_wan"] - last_year
    is_enough = last_year > 0 and growth + 1e-13 * last_year >= terms["growth_threshold"] * last_year
    return [whole_yuan(terms["rate"] * growth) if is_enough else 0]


def ask_loan_interest(terms: dict, row: Application) -> list[int]:
    """贷款贴息: a share of each calendar year's interest while the guide's years last and the measure is in force."""
    start, months = EPOCH + timedelta(days=int(row["start"])), int(row["months"])
    quotes = terms["lpr"] or row.model.plan["lpr"]
    quote = quotes[max(bisect_right([str(quote[0]) for quote in quotes], start.isoformat()) - 1, 0)]
    rate = min(row["annual_rate"], quote[1] if months < 60 else quote[2])
    last_month = min(months, 12 * terms["max_years"])
    full_months = [0.0] * row.line.item["claim_years"]  # months of interest on the whole principal, by calendar year
    for month in range(1, last_month + 1):
        full_months[(start.month + month - 2) // 12] += share_owed(row, month, months)
    return [whole_yuan(terms["subsidy_rate"] * row["principal_wan"] * rate / 12 * number) for number in full_months]


def share_owed(row: Application, month: int, months: int) -> float:
    """What of the principal is owed in a month: repaid at the end, in equal parts, or in equal instalments."""
    if row["repayment"] == 0:
        return 1.0
    monthly = row["annual_rate"] / 12
    if row["repayment"] == 1 or monthly == 0:
        return (months - month + 1) / months
    whole = (1 + monthly) ** months
    return (whole - (1 + monthly) ** (month - 1)) / (whole - 1)


def ask_insurance_premium(terms: dict, row: Application) -> list[int]:
    """保费补贴: the ratio of the insured year; beyond the list the last one."""
    ratios = terms["ratios"]
    return [whole_yuan(ratios[min(int(row["insured_year"]), len(ratios)) - 1] * row["premium_wan"])]


DEMAND = {
    "grant": ask_requested,
    "service_purchase": ask_requested,
    "grant_to_equity": ask_requested,
    "award": ask_award,
    "reward_subsidy": ask_reward_subsidy,
    "loan_interest_subsidy": ask_loan_interest,
    "insurance_premium_subsidy": ask_insurance_premium,
}


def simulate(plan: dict, table: dict) -> dict[Key, int]:
    """One trial: every flow that is not zero, ``{(item, year, flow): fen}``."""
    fund = Fund(plan, table)
    fund.run_model()
    return {key: fen for key, fen in fund.ledger.items() if fen}
