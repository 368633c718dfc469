"""奖金转股权: the prize of a contest, given to a firm as money for a stake that is sold some years later."""

import numpy as np
import param

import changji_sim as cs


class PrizeToEquity(cs.SupportMode):
    """A prize that buys a stake at the firm's valuation; whoever is no firm keeps it as an award."""

    contract = 1
    key = "prize_to_equity"
    title = "奖金转股权"
    title_en = "Prize to equity"
    when_short = "defer"
    recovery_years = 6
    recovers_gains = True  # a stake may have gained
    columns = [
        cs.Column("valuation_wan", label="企业估值", default={"lognormal": {"median": 2000, "sigma": 0.7}}),
        cs.Column(
            "exit_after_years", label="退出年限", kind="whole", bounds=(1, 6), optional=True,
            default={"choice": {3: 0.3, 5: 0.4, 6: 0.3}},
        ),
        cs.Column(
            "exit_value_wan", label="退出时估值", optional=True, default={"lognormal": {"median": 2000, "sigma": 1.1}}
        ),
    ]  # fmt: skip

    prize_wan = param.Number(20.0, bounds=(0, None), label="奖金（万元）", doc="Prize of each winner.")
    holding_ceiling = param.Magnitude(0.1, label="持股比例上限", doc="Largest stake the fund may hold.")

    def demand(self, applications):
        return np.full(len(applications), self.prize_wan)

    def exits(self, commitments):
        return np.where(commitments.is_enterprise, commitments.exit_after_years, cs.NEVER)

    def recoveries(self, holdings, year):
        paid, valued = holdings.paid_wan[:, -1], holdings.valuation_wan
        stake = np.minimum(np.divide(paid, valued, out=np.zeros_like(paid), where=valued > 0), self.holding_ceiling)
        is_sold = (year - holdings.year == holdings.exit_after_years) & (holdings.exit_after_years < holdings.ended)
        return np.where(is_sold & holdings.is_enterprise, stake * holdings.exit_value_wan, 0.0)


@cs.hookimpl
def register_support_modes(register):
    register(PrizeToEquity)
