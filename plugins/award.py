"""奖励: a fixed amount, one for each tier (第十二条（二）（三）（五）（六）)."""

import numpy as np
import param

import changji_sim as cs


class Award(cs.SupportMode):
    """An award (奖励): the tier's fixed amount, paid at once and the unit's own to spend (第十五条)."""

    key = "award"
    title = "奖励"
    title_en = "Award"
    when_short = "defer"
    columns = [
        cs.Column("tier", label="档次", kind="choice", optional=True),
        cs.Column("platform", label="平台名称", kind="text", optional=True, simulated=False),
        cs.Column("rd_this_year_wan", label="本年研发投入", optional=True, default={"fixed": 1}),
        cs.Column("is_above_scale", label="是否规上", kind="flag", optional=True, default={"fixed": 1}),
        cs.Column("is_hightech", label="是否高企", kind="flag", optional=True, default={"fixed": 0}),
        cs.Column("has_rd_body", label="有研发机构", kind="flag", optional=True, default={"fixed": 1}),
        cs.Column("has_patent", label="有发明专利", kind="flag", optional=True, default={"fixed": 1}),
        cs.Column("valid_registrations", label="有效报名数量", kind="whole", per_item=True, optional=True),
    ]
    caps = (
        *cs.SupportMode.caps[:2],
        cs.Cap(
            "winner_share",
            "count",
            "获奖企业占有效报名比例",
            term="max_winner_share",
            of="valid_registrations",
            share_out="lowest_first",
            title_en="winners' share of registrations",
        ),
        cs.SupportMode.caps[2],
    )

    amount_wan = param.Number(0.0, bounds=(0, None), label="奖励金额（万元）", doc="Amount where there are no tiers.")
    tiers = param.Dict({}, label="各档金额（万元）", doc="Amount of each tier, best first.")
    tier_titles = param.Dict({}, label="各档名称", doc="Chinese name of each tier.")
    max_winner_share = param.Magnitude(
        None, allow_None=True, label="获奖比例上限", doc="Winning enterprises as a share of valid registrations."
    )

    def demand(self, applications):
        if not self.tiers:
            return np.broadcast_to(self.amount_wan, len(applications))
        return np.array(list(self.tiers.values()))[applications.tier.astype(np.intp)]


@cs.hookimpl
def register_support_modes(register):
    register(Award)
