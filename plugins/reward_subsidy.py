"""奖补: a rate of something already done: a transaction (第十一条（三）) or a growth of R&D spend (第十二条（六）)."""

import param

import changji_sim as cs


class RewardSubsidy(cs.SupportMode):
    """A reward subsidy (奖补): ⌊rate × base⌋, paid at once."""

    key = "reward_subsidy"
    title = "奖补"
    title_en = "Reward subsidy"
    when_short = "defer"
    columns = [
        cs.Column("transaction_wan", label="技术交易额", optional=True),
        cs.Column("lands_here", label="是否落地昌吉", kind="flag", optional=True, default={"fixed": 1}),
        cs.Column("rd_last_year_wan", label="上年研发投入", optional=True),
        cs.Column("rd_this_year_wan", label="本年研发投入", optional=True),
    ]

    basis = param.Selector(
        default="transaction", objects=["transaction", "rd_growth"], label="计算依据", doc="What the rate is taken of."
    )
    rate = param.Magnitude(0.01, label="奖补比例", doc="Share of the transaction, or of the increment.")
    growth_threshold = param.Number(0.0, bounds=(0, None), label="增幅门槛", doc="Smallest growth that is rewarded.")

    def demand(self, applications):
        if self.basis == "transaction":
            return self.rate * applications.transaction_wan
        last, this = applications.rd_last_year_wan, applications.rd_this_year_wan
        increment = this - last
        # A billionth of a yuan of slack: 10% of 0.3 must not exceed the increment from 0.3 to 0.33.
        grew = (last > 0) & (increment >= (self.growth_threshold - 1e-13) * last)
        return self.rate * increment * grew


@cs.hookimpl
def register_support_modes(register):
    register(RewardSubsidy)
