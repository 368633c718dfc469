"""拨投结合: a grant in stages that a financing round may turn into shares (第十一条（一）)."""

import numpy as np
import param

import changji_sim as cs

NO_ROUND = 99


class GrantToEquity(cs.SupportMode):
    """Grant to equity (拨投结合).

    Stages are paid a year apart, each after the first on a milestone. A financing round turns what was paid into a
    stake of at most ``holding_ceiling``; what exceeds it stays a grant and later stages are cancelled. The exit is
    a buy-back, a sale at market value, or a loss. No round: it was a grant. Only enterprises convert. Under the reading
    that it covers pilot bases and scenarios only, the others are plain grants, paid in the guide's tranches.
    """

    key = "grant_to_equity"
    title = "拨投结合"
    title_en = "Grant to equity"
    is_project = True
    selection = "by_score"
    recovery_years = 8  # a round within three years, an exit within five more
    recovers_gains = True  # interest after three years, or the market value of a stake
    columns = [
        cs.Column(
            "total_investment_wan",
            label="项目总投资",
            optional=True,
            simulated=False,
        ),
        cs.Column("requested_wan", label="申请金额"),
        cs.Column(
            "term_years",
            label="实施周期",
            kind="whole",
            bounds=(1, 10),
            optional=True,
            default={"fixed": 3},
        ),
        cs.Column("milestone_fails", label="里程碑未达", kind="flag", optional=True, default={"chance": 0.2}),
        cs.Column(
            "round_year",
            label="融资轮年次",
            kind="whole",
            bounds=(1, NO_ROUND),
            optional=True,
            default={"waiting": {"within": 3, "probability": 0.3}},
        ),
        cs.Column(
            "post_money_wan", label="投后估值", optional=True, default={"lognormal": {"median": 4000, "sigma": 0.6}}
        ),
        cs.Column(
            "exit_kind",
            label="退出方式",
            kind="choice",
            choices={"buy_back": "回购", "market": "市场退出", "loss": "损失"},
            optional=True,
            default={"choice": {"buy_back": 0.6, "market": 0.15, "loss": 0.25}},
        ),
        cs.Column(
            "exit_after_years",
            label="退出年限",
            kind="whole",
            bounds=(1, 5),
            optional=True,
            default={"choice": {1: 0.1, 2: 0.2, 3: 0.4, 4: 0.2, 5: 0.1}},
        ),
        cs.Column(
            "exit_value_wan", label="退出估值", optional=True, default={"lognormal": {"median": 4000, "sigma": 0.9}}
        ),
        cs.Column(
            "is_pilot",
            label="中试基地或应用场景",
            kind="flag",
            optional=True,
            default={"chance": 0.5},
            reading=("equity_scope", "pilots_only"),
        ),
    ]

    stages = param.List(
        [0.7, 0.3], item_type=(int, float), bounds=(1, 4), label="分期比例", doc="Shares, a year apart."
    )
    holding_ceiling = param.Magnitude(0.2, label="持股比例上限", doc="Largest stake the fund may hold.")
    lpr = param.Magnitude(0.03, label="一年期LPR", doc="Rate of a buy-back later than three years.")

    def faulty_terms(self):
        shares = " + ".join(f"{stage:g}" for stage in self.stages)
        if all(0 <= stage <= 1 for stage in self.stages) and abs(sum(self.stages) - 1) < 1e-9:
            return {}
        said = cs.named(
            f"此处为 {shares}；各阶段拨付比例须在0到1之间，合计为1",
            f"found {shares}; the stages lie between 0 and 1 and must add up to 1",
        )
        return {"stages": said}

    def demand(self, applications):
        return applications.requested_wan

    def payments(self, commitments):
        stages = np.array(self.stages, dtype=float)
        if "is_pilot" not in commitments:
            return stages
        tranches = np.atleast_2d(super().payments(commitments))  # of plain grants
        missing = ((0, 0), (0, max(len(stages) - tranches.shape[1], 0)))
        shares = np.broadcast_to(np.pad(tranches, missing), (len(commitments), max(tranches.shape[1], len(stages))))
        of_pilots = np.pad(stages, (0, shares.shape[1] - len(stages)))
        return np.where(commitments.is_pilot[:, None] > 0, of_pilots, shares)

    def stops(self, commitments):
        if len(self.stages) == 1:
            return None
        missed = np.where(commitments.milestone_fails > 0, 1, cs.NEVER)
        converted = np.where(self._converts(commitments), commitments.round_year + 1, cs.NEVER)
        stop = np.minimum(missed, converted)
        return np.where(commitments.is_pilot > 0, stop, cs.NEVER) if "is_pilot" in commitments else stop

    def exits(self, commitments):
        return np.where(self._converts(commitments), commitments.round_year + commitments.exit_after_years, cs.NEVER)

    def recoveries(self, holdings, year):
        exits, round_year = self._exits_in(holdings, year)
        if not exits.any():
            return None
        stake = self._stake(holdings, round_year)
        equity = stake * holdings.post_money_wan
        n = holdings.exit_after_years
        bought_back = np.where(n <= 3, equity, equity * (1 + self.lpr * n))
        cash = np.choose(holdings.exit_kind.astype(np.intp), [bought_back, stake * holdings.exit_value_wan, 0.0])
        return np.where(exits, cash, 0.0)

    def stakes(self, holdings, year):
        exits, round_year = self._exits_in(holdings, year)
        equity = self._stake(holdings, round_year) * holdings.post_money_wan
        return np.where(exits, equity, 0.0), round_year

    def _exits_in(self, holdings, year):
        """Which stakes are given up in a year, and the offset of the round of each."""
        age = year - holdings.year
        round_year = np.where(self._converts(holdings), holdings.round_year, NO_ROUND).astype(np.intp)
        return (round_year + holdings.exit_after_years == age) & (round_year < holdings.ended), round_year

    def _stake(self, holdings, round_year):
        """The share of the company that what was paid by the round buys."""
        offset = np.minimum(round_year, holdings.paid_wan.shape[1] - 1)
        paid = holdings.paid_wan[np.arange(len(holdings)), offset]
        post = holdings.post_money_wan
        return np.minimum(np.divide(paid, post, out=np.zeros_like(paid), where=post > 0), self.holding_ceiling)

    def _converts(self, table):
        may = table.is_enterprise & (table.round_year <= 3) & ((table.milestone_fails == 0) | (len(self.stages) == 1))
        return may & (table.is_pilot > 0) if "is_pilot" in table else may


@cs.hookimpl
def register_support_modes(register):
    register(GrantToEquity)
