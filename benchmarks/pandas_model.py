"""The rules as pandas would have them, a trial at a time: an application is a row of a frame, a rule works on a column.

``prepare(plan, table)`` puts what is drawn into a frame an item (not timed: a program that drew itself would start
from there), ``simulate(plan, drawn)`` runs one trial. The rules are those of docs/the-year.md, as far as
``peers.check_covered`` lets a scenario through.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
from peers import FEN_A_WAN, FEN_A_YUAN, NUDGE, YUAN_A_WAN, Key, check_covered, is_shared, whole_yuan

NEVER = 9999
NO_ROUND = 99
TOTAL = "*"
STOPPING = ("violation", "terminated", "closed_early")


# --- what is drawn ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """One trial's draws: a frame of applications an item, the counts an item and year, the trial's probabilities."""

    applications: dict[str, pd.DataFrame]
    counts: dict[tuple[str, int], dict[str, float]]
    odds: pd.DataFrame  # a column a probability, a row a year of commitment


ROW_DRAWS = ("applicant", "passes", "score", "end_u", "rating_u", "mended_u")


def prepare(plan: dict, table: dict) -> Drawn:
    """The drawn table of one trial as frames."""
    check_covered(plan, table)
    frames = {}
    for item in plan["items"]:
        years = table["items"][item["key"]]["years"]
        names = next(iter(years.values()))["columns"]
        data = {name: list(chain.from_iterable(year[name] for year in years.values())) for name in ROW_DRAWS}
        data |= {name: list(chain.from_iterable(year["columns"][name] for year in years.values())) for name in names}
        if item["once_per"] == "platform":
            data["platform"] = list(chain.from_iterable(year["platform"] for year in years.values()))
        frame = pd.DataFrame(data)
        frame["drawn_in"] = np.repeat(list(years), [year["rows"] for year in years.values()])
        frames[item["key"]] = frame.astype(dict.fromkeys(names, float) | {"applicant": int})
    counts = {
        (key, year): drawn["item_columns"]
        for key, item in table["items"].items()
        for year, drawn in item["years"].items()
    }
    return Drawn(frames, counts, pd.DataFrame(table["probabilities"]))


# --- the seven modes (支持方式): what a frame of applications asks, in 万元 ------------------------------------------


def fen(wan: pd.Series) -> pd.Series:
    """Amounts in 万元, rounded down to whole yuan, in fen."""
    return np.floor(wan * YUAN_A_WAN * NUDGE).astype("int64") * FEN_A_YUAN


def ask_requested(terms: dict, rows: pd.DataFrame) -> pd.Series:
    """补助, 购买服务, 拨投结合: what is requested."""
    return rows["requested_wan"]


def ask_award(terms: dict, rows: pd.DataFrame) -> pd.Series:
    """奖励: the fixed amount, or the tier's."""
    if terms.get("tiers"):
        return rows["tier"].map(dict(enumerate(terms["tiers"].values()))).astype(float)
    return pd.Series(float(terms["amount_wan"]), index=rows.index)


def ask_reward_subsidy(terms: dict, rows: pd.DataFrame) -> pd.Series:
    """奖补: a rate of the transaction, or of the growth of R&D spending where that is large enough."""
    if terms["basis"] == "transaction":
        return terms["rate"] * rows["transaction_wan"]
    last_year = rows["rd_last_year_wan"]
    growth = rows["rd_this_year_wan"] - last_year
    is_enough = (last_year > 0) & (growth + 1e-13 * last_year >= terms["growth_threshold"] * last_year)
    return (terms["rate"] * growth).where(is_enough, 0.0)


def ask_loan_interest(terms: dict, rows: pd.DataFrame) -> pd.DataFrame:
    """贷款贴息: a share of each calendar year's interest, one column a year from the loan's first."""
    start = pd.to_datetime(rows["start"], unit="D").rename("day")
    quotes = pd.DataFrame(terms["lpr"], columns=["day", "one_year", "five_years"])
    quotes["day"] = pd.to_datetime(quotes["day"]).astype(start.dtype)
    at = pd.merge_asof(start.sort_values().reset_index(), quotes, on="day").set_index("index").reindex(rows.index)
    at = at.fillna({"one_year": quotes["one_year"].iloc[0], "five_years": quotes["five_years"].iloc[0]})
    lpr = at["one_year"].where(rows["months"] < 60, at["five_years"])
    monthly = terms["subsidy_rate"] * rows["principal_wan"] * np.minimum(rows["annual_rate"], lpr) / 12
    last, months = np.minimum(rows["months"], 12 * terms["max_years"]), rows["months"]
    growth = 1 + rows["annual_rate"] / 12
    claims = {}
    for claim in range(terms["max_years"] + 1):
        first_of_year = (12 * claim + 2 - start.dt.month).clip(lower=1)
        last_of_year = np.minimum(12 * (claim + 1) + 1 - start.dt.month, last)
        number = (last_of_year - first_of_year + 1).clip(lower=0)
        in_parts = number * (2 * months - first_of_year - last_of_year + 2) / (2 * months)
        repaid = growth ** (first_of_year - 1) * (growth**number - 1) / (growth - 1)
        instalments = ((number * growth**months - repaid) / (growth**months - 1)).where(growth > 1, in_parts)
        owed = number.where(rows["repayment"] == 0, in_parts.where(rows["repayment"] == 1, instalments))
        claims[claim] = monthly * owed
    return pd.DataFrame(claims)


def ask_insurance_premium(terms: dict, rows: pd.DataFrame) -> pd.Series:
    """保费补贴: the ratio of the insured year; beyond the list the last one."""
    ratios = terms["ratios"]
    nth = rows["insured_year"].clip(upper=len(ratios)).astype(int) - 1
    return nth.map(dict(enumerate(ratios))).astype(float) * rows["premium_wan"]


DEMAND = {
    "grant": ask_requested,
    "service_purchase": ask_requested,
    "grant_to_equity": ask_requested,
    "award": ask_award,
    "reward_subsidy": ask_reward_subsidy,
    "insurance_premium_subsidy": ask_insurance_premium,
}


# --- what an application would be paid, and how it would end: nothing here depends on the money there is -------------


def tranche_shares(item: dict, terms: dict, rows: pd.DataFrame) -> pd.DataFrame:
    """Shares by year offset, one column each."""
    if item["mode"] == "grant_to_equity":
        return pd.DataFrame({k: float(share) for k, share in enumerate(terms["stages"])}, index=rows.index)
    first, middle = terms.get("first_tranche", 1.0), terms.get("middle_tranche", 0.0)
    if not item["is_project"] or first >= 1 or "term_years" not in rows:
        return pd.DataFrame({0: 1.0}, index=rows.index)
    by_term = {0: {0: 1.0}}
    for term in range(1, int(rows["term_years"].max()) + 1):
        shares = dict.fromkeys(range(term + 1), 0.0)
        shares[0] = first
        shares[term // 2] += middle if term > 2 else 0.0
        shares[term] += 1 - first - (middle if term > 2 else 0.0)
        by_term[term] = shares
    return pd.DataFrame.from_dict(by_term, orient="index").fillna(0.0).loc[rows["term_years"]].set_axis(rows.index)


def project_outcomes(rows: pd.DataFrame, odds: pd.DataFrame) -> pd.DataFrame:
    """What oversight would find of projects, and how many years after the commitment; the draws alone decide it."""
    term = (rows["term_years"] if "term_years" in rows else pd.Series(1.0, index=rows.index)).clip(lower=1).astype(int)
    odds = odds.loc[rows["year"]].set_axis(rows.index)
    violation = (term > 1) * odds["violation"]
    terminated = violation + odds["terminated"]
    closed = terminated + odds["closed_early"]
    end, rating = rows["end_u"], rows["rating_u"]
    event = pd.Series("pass", index=rows.index)
    event = event.mask(rating >= 1 - odds["fail"], "fail").mask(rating < odds["excellent"], "excellent")
    event = event.mask(end < closed, "closed_early").mask(end < terminated, "terminated")
    event = event.mask(end < violation, "violation")
    after = term.where(end >= closed, (term // 2).clip(lower=1))
    is_not_mended = (event == "fail") & (rows["mended_u"] >= odds["mended"])
    return pd.DataFrame({"event": event, "event_after": after, "is_not_mended": is_not_mended})


def rounds(item: dict, terms: dict, rows: pd.DataFrame, is_enterprise: pd.Series) -> pd.DataFrame:
    """拨投结合: after how many years a grant becomes equity, when the mode stops paying, and when it exits."""
    misses = rows["milestone_fails"] > 0
    converts = is_enterprise & (rows["round_year"] < NO_ROUND)
    if len(terms["stages"]) > 1:
        converts &= ~misses
    converted = rows["round_year"].where(converts, NEVER).astype(int)
    return pd.DataFrame({"converted": converted, "stop_after": (converted + 1).mask(misses, 1)})


# --- a trial ---------------------------------------------------------------------------------------------------------


class Trial:
    """One trial: a frame of claims in the order in which they are paid, and what is committed, due and paid of each."""

    def __init__(self, plan: dict, drawn: Drawn):
        self.plan, self.drawn, self.odds = plan, drawn, drawn.odds
        self.items = plan["items"]
        self.last, self.horizon = plan["years"][-1], [*plan["years"], *plan["tail"]]
        self.category = pd.Series([item["category"] for item in self.items])
        limits = pd.DataFrame({TOTAL: plan["envelope_total"]} | plan["envelope_category"], dtype=float).fillna(np.inf)
        self.limits = limits.reindex(self.horizon, fill_value=np.inf).to_dict()
        self.envelopes = [[name for name in (item["category"], TOTAL) if name in self.limits] for item in self.items]
        self.used = dict.fromkeys(self.limits, 0)  # room used this year
        self.promised: dict[tuple[str, int], int] = {}  # in later years
        self.claims, self.shares = self._all_claims()
        self.is_last = (self.shares > 0) & (self.shares.iloc[:, ::-1].cumsum(axis=1).iloc[:, ::-1] == self.shares)
        rows = self.claims.index
        self.due = pd.DataFrame(0, index=rows, columns=range(self.horizon[0], self.horizon[-1] + 8))
        self.paid = pd.DataFrame(0, index=rows, columns=self.horizon)
        self.money = pd.DataFrame({"commitment": 0, "arrears": 0, "paid": 0}, index=rows)
        self.barred: dict[int, set[int]] = defaultdict(set)
        self.praised: dict[int, set[int]] = defaultdict(set)
        self.used_keys: set[int] = set()
        self.ledger: dict[Key, int] = defaultdict(int)

    def _all_claims(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Everything that may be asked in all years, item by item in order of priority, in submission order."""
        is_enterprise = pd.Series(self.plan["is_enterprise"])
        frames, shares = [], []
        for number, item in enumerate(self.items):
            rows = self.drawn.applications[item["key"]]
            if rows.empty:
                continue
            for terms, part in self._by_terms(item, rows):
                claims = self._claims(item, terms, part)
                claims["item"] = number
                if item["is_project"]:
                    claims = claims.join(project_outcomes(claims, self.odds))
                if item["mode"] == "grant_to_equity":
                    claims = claims.join(rounds(item, terms, claims, claims["applicant"].map(is_enterprise)))
                claims["meets"] = self._meets(item, claims, is_enterprise)
                frames.append(claims)
                shares.append(tranche_shares(item, terms, claims))
        claims = pd.concat(frames, ignore_index=True)
        split = pd.concat(shares, ignore_index=True).fillna(0.0)
        order = claims.sort_values(["item", "year", "drawn_in"], kind="stable").index
        claims, split = claims.loc[order].reset_index(drop=True), split.loc[order].reset_index(drop=True)
        missing = {"event": "", "event_after": NEVER, "is_not_mended": False, "converted": NEVER, "stop_after": NEVER}
        claims = claims.assign(**{name: missing[name] for name in missing if name not in claims}).fillna(missing)
        ints = {"event_after": int, "converted": int, "stop_after": int, "is_not_mended": bool, "passes": bool}
        return claims.astype(ints), split[sorted(split)]

    @staticmethod
    def _by_terms(item: dict, rows: pd.DataFrame):
        """The rows by the terms of their year; all together where the terms never change."""
        terms = item["terms"]
        if len({repr(values) for values in terms.values()}) == 1:
            return [(next(iter(terms.values())), rows)]
        return [(terms[year], part) for year, part in rows.groupby("drawn_in", sort=False)]

    def _claims(self, item: dict, terms: dict, rows: pd.DataFrame) -> pd.DataFrame:
        if item["mode"] != "loan_interest_subsidy":
            claims = rows.assign(asked=fen(DEMAND[item["mode"]](terms, rows)), year=rows["drawn_in"])
        else:
            asked = ask_loan_interest(terms, rows).apply(fen)
            claims = rows.join(asked.melt(ignore_index=False, var_name="claim", value_name="asked"))
            claims["year"] = claims["drawn_in"] + claims["claim"].astype(int)
            claims = claims[((claims["asked"] > 0) | (claims["claim"] == 0)) & (claims["year"] <= self.last)]
            claims = claims.reset_index(drop=True)
        key = claims[item["once_per"]].astype(int) if item["once_per"] else -1
        is_by_score = item["is_project"] and item["selection"] == "by_score"
        return claims.assign(key=key, rank=-claims["score"] if is_by_score else 0.0)

    @staticmethod
    def _meets(item: dict, rows: pd.DataFrame, is_enterprise: pd.Series) -> pd.Series:
        meets = pd.Series(True, index=rows.index)
        for condition in item["requires"]:
            column, must_be = condition["column"], condition["must_be"]
            value = rows[column] if column in rows else rows["applicant"].map(is_enterprise)
            meets &= (value == 0) if must_be == "false" else (value > 0)
        return meets

    # --- booking -----------------------------------------------------------------------------------------------------

    def book(self, year: int, flows: dict[str, pd.Series], item: pd.Series) -> None:
        """Add up columns of fen by item and book them."""
        if year in self.horizon and len(item):
            sums = pd.DataFrame(flows).fillna(0).groupby(item).sum()
            for flow, by_item in sums.items():
                for number, amount in by_item.items():
                    if amount:
                        self.ledger[self.items[number]["key"], year, flow] += int(amount)

    # --- the year ----------------------------------------------------------------------------------------------------

    def run(self) -> dict[Key, int]:
        for year in self.horizon:
            self.used = dict.fromkeys(self.limits, 0)
            running = self.claims[self.money["commitment"] > 0]
            self._open(year, running)
            owed = self.due.loc[running.index, year] + self.money.loc[running.index, "arrears"]
            carried = owed.groupby(running["item"]).sum()
            assessed = self._assess(year, carried) if year <= self.last else None
            self._pay_running(year, running)
            if assessed is not None:
                self._commit(year, assessed)
            arrears = self.money.loc[self.money["arrears"] > 0, "arrears"]
            self.book(year, {"arrears": arrears}, self.claims.loc[arrears.index, "item"])
        return {key: amount for key, amount in self.ledger.items() if amount}

    def _open(self, year: int, running: pd.DataFrame) -> None:
        """What oversight and the modes do before anything is paid."""
        if running.empty:
            return
        oversight, rows = self.plan["oversight"], running.index
        event = running["event"].where(running["year"] + running["event_after"] == year, "")
        is_not_mended = running["is_not_mended"] & (running["year"] + running["event_after"] + 1 == year)
        self.praised[year + 1].update(running.loc[event == "excellent", "applicant"])
        self._bar(year, running.loc[is_not_mended, "applicant"], oversight["bar_years"])
        self._bar(year, running.loc[event == "violation", "applicant"], oversight["violation_bar_years"])
        failed = rows[event == "fail"]
        self.due.loc[failed, year + 1] += self.due.loc[failed, year]
        self.due.loc[failed, year] = 0
        stopped = rows[event.isin(STOPPING) | is_not_mended | (running["year"] + running["stop_after"] == year)]
        cancelled = self.due.loc[stopped, year:].sum(axis=1)
        self.due.loc[stopped, year:] = 0
        paid = self.money.loc[rows, "paid"]
        ended = event.isin(("terminated", "closed_early"))
        is_back, odds = is_not_mended | (event == "violation"), self.odds.loc[running["year"]].set_axis(rows)
        returned = np.floor(paid[ended] * odds.loc[ended, "unspent_share"]).astype("int64")
        back = np.floor(paid[is_back] * odds.loc[is_back, "recovered_share"]).astype("int64")
        need = self.due.loc[rows, year] + self.money.loc[rows, "arrears"]
        flows = {"need": need, "cancelled": cancelled, "return": returned, "recovery": self._exits(year, running)}
        self.book(year, flows, running["item"])
        self.book(year + oversight["recovery_delay_years"], {"clawback": back}, running.loc[back.index, "item"])

    def _bar(self, year: int, applicants: pd.Series, years: int) -> None:
        for later in range(year + 1, year + years + 1):
            self.barred[later].update(applicants)

    def _exits(self, year: int, running: pd.DataFrame) -> pd.Series:
        """股权收益: what stakes bring in the year of their exit."""
        if not (running["converted"] < NEVER).any():
            return pd.Series(dtype="int64")
        age = year - running["year"]
        stops = running["event"].isin(STOPPING)
        is_claimed = (running["event"] == "violation") & (running["event_after"] <= age)
        is_claimed |= running["is_not_mended"] & (running["event_after"] + 1 <= age)
        ended = running["event_after"].where(stops, NEVER).mask(running["is_not_mended"], running["event_after"] + 1)
        longest = running["item"].map(pd.Series([item["recovery_years"] for item in self.items]))
        after = running["exit_after_years"]
        leaves = (running["converted"] + after == age) & (ended > running["converted"]) & ~is_claimed & (age <= longest)
        rows = running[leaves & (running["post_money_wan"] > 0)]
        if rows.empty:
            return pd.Series(dtype="int64")
        until = np.minimum(rows["year"] + rows["converted"], year - 1)
        payments = self.paid.loc[rows.index]
        paid = payments.where(payments.columns.to_numpy() <= until.to_numpy()[:, None], 0).sum(axis=1) / FEN_A_WAN
        terms = [self.items[number]["terms"][start] for number, start in zip(rows["item"], rows["year"], strict=True)]
        ceiling, lpr = [t["holding_ceiling"] for t in terms], pd.Series([t["lpr"] for t in terms], index=rows.index)
        stake = np.minimum(paid / rows["post_money_wan"], ceiling)
        equity, after = stake * rows["post_money_wan"], after[rows.index]
        cash = equity.where(after <= 3, equity * (1 + lpr * after))
        cash = cash.mask(rows["exit_kind"] == 1, stake * rows["exit_value_wan"]).mask(rows["exit_kind"] == 2, 0.0)
        return np.floor(cash * FEN_A_WAN * NUDGE).astype("int64")

    # --- applications ------------------------------------------------------------------------------------------------

    def _assess(self, year: int, carried: pd.Series) -> pd.DataFrame:
        """The year's selected claims with their entitlements, in the order in which they are offered money."""
        rows = self.claims[self.claims["year"] == year]
        is_project = rows["item"].map(pd.Series([item["is_project"] for item in self.items]))
        eligible = rows["meets"] & ~rows["applicant"].isin(self.barred[year])
        code = rows["item"] * 10**9 + rows["key"]
        once = rows["key"] >= 0
        eligible &= ~(once & code.isin(self.used_keys))
        eligible &= ~(once & code.where(eligible, -rows.index.to_series() - 1).duplicated())
        comes_later = is_project & ~rows["applicant"].isin(self.praised[year])
        ranking = rows.assign(code=code, later=comes_later)[eligible & (rows["passes"] | ~is_project)]
        ranking = ranking.sort_values(["item", "later", "rank"], kind="stable")
        places = [item["places"][year] if item["is_project"] else None for item in self.items]
        places = ranking["item"].map(pd.Series(places, dtype=float).fillna(np.inf))
        ranking = ranking[ranking.groupby("item").cumcount() < places]
        asked = rows["asked"]
        selected = pd.Series(rows.index.isin(ranking.index), index=rows.index)
        flows = {
            "asked": asked,
            "ineligible": asked.where(~eligible, 0),
            "not_selected": asked.where(eligible & ~selected, 0),
            "demand": asked.where(selected, 0),
        }
        in_order = rows[selected]
        left = [self._cap(number, year, part, flows, carried) for number, part in in_order.groupby("item")]
        left = pd.concat(left) if left else pd.Series(dtype="int64")
        first = self.tranches(left)[0]
        self.book(year, flows | {"entitlement": left, "need": first}, rows["item"])
        return ranking.assign(left=left)

    def _cap(self, number: int, year: int, rows: pd.DataFrame, flows: dict, carried: pd.Series) -> pd.Series:
        """One item's selected claims in submission order: what its caps leave. Each cap books its own cut."""
        item, left = self.items[number], rows["asked"]
        for cap in item["caps"][year]:
            if cap["level"] is None or cap["key"] == "upgrade_credit":
                continue
            before = left
            if cap["per"] == "application":
                ceiling = whole_yuan(cap["level"]) if cap["of"] is None else fen(cap["level"] * rows[cap["of"]])
                left = left.clip(upper=ceiling)
            elif cap["per"] == "applicant_year":
                asked = left.groupby(rows["applicant"]).cumsum()
                ceiling = whole_yuan(cap["level"])
                left = asked.clip(upper=ceiling) - (asked - left).clip(upper=ceiling)
            elif cap["per"] == "count":
                limit = math.floor(cap["level"] * self.drawn.counts[item["key"], year][cap["of"]] * NUDGE)
                best_first = rows[left > 0].sort_values("tier", kind="stable")["applicant"]
                left = left.where(rows["applicant"].isin(best_first.drop_duplicates().head(limit)), 0)
            else:
                room = whole_yuan(cap["level"]) - (int(carried.get(number, 0)) if cap["net_of_carried"] else 0)
                room = max(0, room) // FEN_A_YUAN * FEN_A_YUAN
                shares = self.shares.loc[rows.index, 0] if cap["net_of_carried"] else 1.0
                left = shared_out(left, room) if is_shared(cap) else cut_in_order(left, room, shares)
            name = f"cut:{cap['key']}"
            flows[name] = pd.concat([flows[name], before - left]) if name in flows else before - left
        return left

    def tranches(self, amount: pd.Series) -> pd.DataFrame:
        """Amounts by year offset; the last tranche with a positive share takes the rest."""
        rows = amount.index
        split = np.floor(self.shares.loc[rows].mul(amount, axis=0) * NUDGE).astype("int64")
        return split.add(self.is_last.loc[rows].mul(amount - split.sum(axis=1), axis=0))

    # --- envelopes ---------------------------------------------------------------------------------------------------

    def room(self, number: int, year: int) -> float:
        """What an item may still be paid this year: the smaller of its category's and the total envelope."""
        return min(max(0.0, self.limits[name][year] - self.used[name]) for name in self.envelopes[number])

    def _forward_room(self, number: int, year: int) -> float:
        """The same of a later year, net of what is promised in it."""
        if not self.plan["forward_cover"] or year > self.last:
            return math.inf
        return min(max(0.0, self.limits[name][year] - self.promised[name, year]) for name in self.envelopes[number])

    def _use(self, number: int, fen: int) -> None:
        for name in self.envelopes[number]:
            self.used[name] += fen

    def _as_far_as_room_goes(self, year: int, wanted: pd.Series) -> pd.Series:
        """Pay running commitments in order, item by item."""
        parts = [wanted]
        for number, part in wanted.groupby(self.claims.loc[wanted.index, "item"]):
            parts.append(paid_in_order(part, self.room(number, year)))
            self._use(number, int(parts[-1].sum()))
        paid = pd.concat(parts[1:] or parts)
        self.money.loc[paid.index, "paid"] += paid
        self.paid.loc[paid.index, year] += paid
        return paid

    def _pay_running(self, year: int, running: pd.DataFrame) -> None:
        """Arrears (待拨) first, then what falls due (续建); what does not fit becomes arrears."""
        owed = self.money.loc[running.index, "arrears"]
        owed = owed[owed > 0]
        old = self._as_far_as_room_goes(year, owed)
        self.money.loc[owed.index, "arrears"] -= old
        due = self.due.loc[running.index, year]
        due = due[due > 0]
        now = self._as_far_as_room_goes(year, due)
        self.money.loc[due.index, "arrears"] += due - now
        self.due.loc[due.index, year] = 0
        both = old.add(now, fill_value=0)
        flows = {"due": due, "over_envelope": due - now, "payment": both, "payment_carried": both}
        self.book(year, flows, running.loc[both.index, "item"])

    def _commit(self, year: int, ranking: pd.DataFrame) -> None:
        """New commitments (立项) item by item, each in the order of its ranking."""
        later = [y for y in self.plan["years"] if y > year]
        by_category = self.due.loc[:, later].groupby(self.claims["item"].map(self.category)).sum()
        self.promised = defaultdict(int, by_category.stack().to_dict())
        self.promised.update({(TOTAL, y): fen for y, fen in by_category.sum().items()})
        queue = ranking.loc[ranking["left"] > 0, "left"]
        split = self.tranches(queue)
        made = [
            self._commit_item(number, year, left, split.loc[left.index])
            for number, left in queue.groupby(ranking["item"])
        ]
        made = pd.concat(made) if made else pd.DataFrame({"given": queue, "paid": queue})
        rows, split = made.index, self.tranches(made["given"])
        self.money.loc[rows, "commitment"] = made["given"]
        self.money.loc[rows, "arrears"] = split[0] - made["paid"]
        self.money.loc[rows, "paid"] = self.paid.loc[rows, year] = made["paid"]
        later = [year + offset for offset in split.columns[1:]]
        self.due.loc[rows, later] = split.iloc[:, 1:].set_axis(later, axis=1)
        given = made["given"].reindex(ranking.index, fill_value=0)
        self.used_keys.update(ranking.loc[(given > 0) & (ranking["key"] >= 0), "code"])
        flows = {"commitment": given, "unfunded": ranking["left"] - given, "due": split[0], "payment": made["paid"]}
        self.book(year, flows | {"over_envelope": split[0] - made["paid"]}, ranking["item"])

    def _commit_item(self, number: int, year: int, left: pd.Series, split: pd.DataFrame) -> pd.DataFrame:
        """What one item's claims are given, and paid of it now."""
        when_short, room = self.items[number]["when_short"], self.room(number, year)
        given = left
        if when_short == "defer":
            paid = paid_in_order(split[0], room)
        else:
            split = split.loc[:, split.any()]  # the years in which anything is paid
            rooms = pd.Series({k: self._forward_room(number, year + k) if k else room for k in split.columns})
            fits = (split.cumsum() <= rooms).all(axis=1).cummin()
            given, refused, split = left[fits], left[~fits], split[fits]
            if len(refused) and when_short == "partial":
                part = self._largest_part(refused.head(1), rooms - split.sum())
                given, split = pd.concat([given, part]), pd.concat([split, self.tranches(part)[split.columns]])
            paid = split[0]
        self._use(number, int(paid.sum()))
        for offset, fen in split.iloc[:, 1:].sum().items():
            for name in self.envelopes[number]:
                self.promised[name, year + offset] += fen
        return pd.DataFrame({"given": given, "paid": paid})

    def _largest_part(self, left: pd.Series, rooms: pd.Series) -> pd.Series:
        """The whole yuan that fit of the first claim that does not fit in full; nothing if there are none."""
        shares = self.shares.loc[left.index[0], rooms.index]
        part = np.floor(rooms[shares > 0] / shares[shares > 0] * NUDGE / FEN_A_YUAN).min() * FEN_A_YUAN
        part = int(min(part, left.iloc[0]))
        while part > 0 and (self.tranches(pd.Series(part, index=left.index)).iloc[0][rooms.index] > rooms).any():
            part -= FEN_A_YUAN
        return pd.Series(part, index=left.index) if part > 0 else left.head(0)


def paid_in_order(wanted: pd.Series, room: float) -> pd.Series:
    """Each in turn gets the smaller of what it wants and what is left of the room."""
    so_far = wanted.cumsum()
    return (so_far.clip(upper=room) - (so_far - wanted).clip(upper=room)).astype("int64")


def cut_in_order(wanted: pd.Series, room: int, shares: pd.Series | float) -> pd.Series:
    """Each in turn gets what it wants as long as there is room for a share of it, and the whole yuan that fit then."""
    first = np.floor(wanted * shares * NUDGE).astype("int64")
    room_left = (room - (first.cumsum() - first)).clip(lower=0)
    fitting = np.floor(room_left / shares * NUDGE / FEN_A_YUAN).fillna(0).astype("int64") * FEN_A_YUAN
    return wanted.where(first <= room_left, np.minimum(wanted, fitting))


def shared_out(wanted: pd.Series, room: int) -> pd.Series:
    """Floor shares in whole yuan; left-over yuan go one each, in order, to claims that got less than they wanted."""
    if wanted.sum() <= room:
        return wanted
    got = wanted // FEN_A_YUAN * (room // FEN_A_YUAN) // (wanted.sum() // FEN_A_YUAN) * FEN_A_YUAN
    is_short = got < wanted
    return got + FEN_A_YUAN * (is_short & (is_short.cumsum() <= (room - got.sum()) // FEN_A_YUAN))


def simulate(plan: dict, drawn: Drawn) -> dict[Key, int]:
    """One trial: every flow that is not zero, ``{(item, year, flow): fen}``."""
    return Trial(plan, drawn).run()
