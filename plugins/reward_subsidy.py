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
        cs.Column("transaction_wan", label="技术交易额", optional=True, also=("技术合同成交额", "技术合同金额")),
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

    def remarks(self, applications):
        if self.basis == "transaction":
            return None
        spent = zip(applications.rd_last_year_wan, applications.rd_this_year_wan, strict=True)
        return [self._why_nothing(last, this) for last, this in spent]

    def _why_nothing(self, last, this):
        if not last > 0:
            return cs.named("上年研发投入为0，无从计算增幅", "nothing was spent the year before, so there is no growth")
        if this <= last:
            return cs.named("研发投入没有增长", "R&D spending did not grow")
        if this - last < (self.growth_threshold - 1e-13) * last:
            grown, least = this / last - 1, self.growth_threshold
            return cs.named(f"增幅{grown:.1%}，低于门槛{least:.10g}", f"it grew by {grown:.1%}, less than {least:.10g}")
        return ""


@cs.hookimpl
def register_support_modes(register):
    register(RewardSubsidy)
