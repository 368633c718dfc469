"""首台套保费补贴: a share of the premium on a first-of-its-kind machine that falls from year to year."""

import numpy as np
import param

import changji_sim as cs


class FirstSaleInsurance(cs.SupportMode):
    """Pays a falling share of a yearly premium, promised once and paid year by year."""

    contract = 1
    key = "first_sale_insurance"
    title = "首台套保费补贴"
    title_en = "First-sale insurance"
    columns = [
        cs.Column(
            "first_premium_wan", label="首年保费", also=("年保费",), default={"lognormal": {"median": 12, "sigma": 0.6}}
        )
    ]

    share = param.Magnitude(0.8, label="首年补贴比例", doc="Share of the first year's premium that the fund pays.")
    yearly_step = param.Magnitude(0.2, label="逐年降幅", doc="By how much the share falls a year.")
    max_years = param.Integer(3, bounds=(1, 5), label="最长年限", doc="Years that are supported.")

    def demand(self, applications):
        return applications.first_premium_wan * self.shares().sum()

    def payments(self, commitments):
        shares = self.shares()
        return shares / shares.sum() if shares.any() else np.ones(1)  # nothing is promised, whenever it is paid

    def shares(self):
        """The share of each year's premium, down to 0."""
        return (self.share - self.yearly_step * np.arange(self.max_years)).clip(0)


@cs.hookimpl
def register_support_modes(register):
    register(FirstSaleInsurance)
