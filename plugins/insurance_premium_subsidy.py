"""保费补贴: a share of the premium, by year of insurance (第三条)."""

import numpy as np
import param

import changji_sim as cs


class InsurancePremiumSubsidy(cs.SupportMode):
    """An insurance-premium subsidy (保费补贴): ⌊ratio(year of insurance) × premium⌋; an optional pool is shared pro
    rata.
    """

    key = "insurance_premium_subsidy"
    title = "保费补贴"
    title_en = "Insurance-premium subsidy"
    when_short = "defer"
    columns = [
        cs.Column("premium_wan", label="保费"),
        cs.Column("insured_year", label="投保年次", kind="whole", bounds=(1, 20), optional=True, default={"fixed": 1}),
    ]
    caps = (
        *cs.SupportMode.caps[:2],
        cs.Cap(
            "item_year_max",
            "item_year",
            "每年资金池",
            term="max_item_year_wan",
            share_out="pro_rata",
            title_en="pool of a year",
        ),
    )

    ratios = param.List(
        [0.5],
        item_type=(int, float),
        bounds=(1, 20),
        label="补贴比例",
        doc="By year of insurance; the last one goes on.",
    )

    def faulty_terms(self):
        wrong = [ratio for ratio in self.ratios if not 0 <= ratio <= 1]
        if not wrong:
            return {}
        said = cs.named(
            f"此处为 {wrong[0]:g}；补贴比例须在0到1之间（50%写作0.5）",
            f"found {wrong[0]:g}; a ratio lies between 0 and 1 (50% is 0.5)",
        )
        return {"ratios": said}

    def demand(self, applications):
        ratios = np.array(self.ratios, dtype=float)
        if len(ratios) == 1:
            return ratios[0] * applications.premium_wan
        nth = np.minimum(applications.insured_year.astype(np.intp), len(ratios))
        return ratios[nth - 1] * applications.premium_wan


@cs.hookimpl
def register_support_modes(register):
    register(InsurancePremiumSubsidy)
