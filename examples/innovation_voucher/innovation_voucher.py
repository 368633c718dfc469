"""创新券: part of what a firm pays a laboratory or a testing house, out of a pool."""

import numpy as np
import param

import changji_sim as cs


class InnovationVoucher(cs.SupportMode):
    """A share of a bill for services bought from others, up to an amount a firm and year; a pool is shared pro rata."""

    contract = 1
    key = "innovation_voucher"
    title = "创新券"
    title_en = "Innovation voucher"
    columns = [
        cs.Column(
            "bill_wan", label="服务费用", also=("服务合同金额", "发票金额"),
            default={"lognormal": {"median": 8, "sigma": 0.9}},
        ),
        cs.Column("is_independent", label="与服务机构无隶属关系", kind="flag", optional=True, default={"fixed": 1}),
    ]  # fmt: skip
    caps = (
        *cs.SupportMode.caps[:2],
        cs.Cap(
            "item_year_max", "item_year", "每年券池", term="max_item_year_wan", share_out="pro_rata",
            title_en="pool of a year",
        ),
    )  # fmt: skip

    share = param.Magnitude(0.4, label="兑付比例", doc="Share of the bill that a voucher pays.")
    smallest_bill_wan = param.Number(0.5, bounds=(0, None), label="最低费用（万元）", doc="Smaller bills get nothing.")
    max_applicant_year_wan = 10  # the default; the guide may set another

    def demand(self, applications):
        bill = applications.bill_wan
        is_paid = applications.is_enterprise & (applications.is_independent > 0) & (bill >= self.smallest_bill_wan)
        return np.where(is_paid, self.share * bill, 0.0)

    def remarks(self, applications):
        rows = zip(applications.bill_wan, applications.is_enterprise, applications.is_independent, strict=True)
        return [self._why_nothing(*row) for row in rows]

    def _why_nothing(self, bill, is_enterprise, is_independent):
        if not is_enterprise:
            return cs.named("创新券只发给企业", "vouchers are for enterprises")
        if not is_independent:
            return cs.named("与服务机构有隶属关系", "the laboratory belongs to the firm")
        if bill < self.smallest_bill_wan:
            least = f"{self.smallest_bill_wan:g}"
            return cs.named(f"费用不足{least}万元", f"a bill below {least}万 gets nothing")
        return ""


@cs.hookimpl
def register_support_modes(register):
    register(InnovationVoucher)
