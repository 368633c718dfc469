"""贷款贴息: a share of a loan's interest, year by year while it runs (第三条)."""

import numpy as np
import param

import changji_sim as cs

EQUAL_PRINCIPAL, ANNUITY = 1, 2  # positions among the choices of ``repayment``
ANY_INTEREST_WAN = 10_000_000  # no ceiling: more than any loan's interest


class LoanInterestSubsidy(cs.SupportMode):
    """A loan-interest subsidy (贷款贴息): a share of each calendar year's interest at no more than the LPR.

    A month's interest is a twelfth of a year's on what is owed at its beginning. With equal instalments (等额本息) that
    is what the contract's own rate leaves, P ((1+i)^M − (1+i)^(k−1)) / ((1+i)^M − 1) with i = rate ÷ 12. Instalments
    are not rounded to the fen, as a bank does: a year's claim, rounded down to the yuan, differs by a yuan at most.
    """

    key = "loan_interest_subsidy"
    title = "贷款贴息"
    title_en = "Loan-interest subsidy"
    when_short = "defer"
    columns = [
        cs.Column("principal_wan", label="贷款本金", also=("贷款金额", "贷款额度")),
        cs.Column(
            "annual_rate",
            label="年利率",
            bounds=(0, 0.36),
            also=("贷款年利率", "贷款利率", "合同利率", "合同年利率", "执行利率", "年化利率"),
        ),
        cs.Column("start", label="起息日", kind="date", default={"month": [1, 12]}, also=("起息日期", "放款日期")),
        cs.Column("months", label="期限（月）", kind="whole", bounds=(1, 360), also=("贷款期限",)),
        cs.Column(
            "repayment",
            label="还款方式",
            kind="choice",
            choices={"bullet": "到期还本", "equal_principal": "等额本金", "annuity": "等额本息"},
            optional=True,
            default={"fixed": 0},
        ),
        cs.Column(
            "interest_paid_wan",
            label="实付利息",
            optional=True,
            simulated=False,
            default={"fixed": ANY_INTEREST_WAN},
            also=("实际支付利息", "已付利息", "实付利息额"),
        ),
    ]
    claim_years = 4  # three guide years that start in mid-year touch four calendar years

    counting = cs.named(
        "按整月计算：起息当月按整月计，每月利息为年利率的十二分之一；“实付利息”填写的，各年贴息合计不超过该数。",
        "whole months are counted: the month in which a loan starts counts in full, and a month's interest is a "
        "twelfth of a year's; where 实付利息 is given, the subsidies of all years are no more than that.",
    )

    subsidy_rate = param.Magnitude(0.5, label="贴息比例", doc="Share of the interest that the fund pays.")
    max_years = param.Integer(2, bounds=(1, 3), label="贴息年限", doc="Years of a loan that are subsidised.")
    lpr = param.List(
        [["2025-05-20", 0.0300, 0.0350]],
        bounds=(1, None),
        label="贷款市场报价利率",
        doc="Ascending [day, one-year LPR, five-year LPR]; a loan takes the latest on or before the day it starts.",
    )

    def faulty_terms(self):
        found = _faulty_rates(self.lpr)
        return {"lpr": found} if found else {}

    def demand(self, applications):
        if not len(applications):
            return np.zeros((0, self.claim_years))
        # Loans alike in start, year, term and repayment run alike, and there are few such kinds.
        (start, year, months, repayment), kind = cs.alike(
            applications.start, applications.year, applications.months, applications.repayment
        )
        first_month = start.astype(int).astype("datetime64[D]").astype("datetime64[M]").astype(float)
        first, count = self._months_subsidised(first_month - 12 * (year - 1970), months)
        owed = _months_owed(first, count, months, repayment == EQUAL_PRINCIPAL)
        owed *= self.subsidy_rate / 12  # of a year's interest on the full principal
        rate = np.minimum(applications.annual_rate, self._lpr(start, months)[kind])
        claims = np.take(owed, kind, axis=1)
        if (of_annuity := np.flatnonzero((repayment == ANNUITY)[kind])).size:  # each loan's own rate repays it
            alike, own = kind[of_annuity], applications.annual_rate[of_annuity]
            left = _months_owed_of_annuity(first[:, alike], count[:, alike], months[alike], own)
            claims[:, of_annuity] = left * (self.subsidy_rate / 12)
        claims *= applications.principal_wan * rate
        if "interest_paid_wan" in applications:
            most = applications.interest_paid_wan
            above = claims.sum(axis=0) > most
            if above.any():  # what was paid is used up in the order of the years
                used = np.minimum(np.cumsum(claims[:, above], axis=0), most[above])
                claims[:, above] = np.diff(used, axis=0, prepend=0)
        return claims.T

    def remarks(self, applications):
        return [
            self._why_nothing(*row)
            for row in zip(
                applications.start, applications.months, applications.principal_wan, applications.annual_rate,
                applications.interest_paid_wan, applications.year + np.zeros(len(applications), int), strict=True,
            )
        ]  # fmt: skip

    def _why_nothing(self, start, months, principal, rate, paid, year):
        """Why a loan claims nothing in the year of application."""
        first = np.datetime64(int(start), "D").astype("datetime64[M]")
        subsidised = int(min(months, 12 * self.max_years))
        ends, last = first + int(months) - 1, first + subsidised - 1
        this_year = np.datetime64(int(year) - 1970, "Y").astype("datetime64[M]")
        for name, chinese, amount in (
            ("the principal", "贷款本金", principal), ("the rate", "年利率", rate),
            ("the interest paid", "实付利息", paid), ("the share subsidised", "贴息比例", self.subsidy_rate),
        ):  # fmt: skip
            if not amount:
                return cs.named(f"{chinese}为0", f"{name} is 0")
        if ends < this_year:
            return cs.named(f"贷款至{ends}到期，{year}年无利息", f"the loan ended in {ends}, before {year}")
        if last < this_year:
            return cs.named(
                f"只贴前{subsidised}个月，至{last}为止",
                f"only its first {subsidised} months are subsidised, and they ended in {last}",
            )
        if first > this_year + 11:
            return cs.named(
                f"贷款自{first}起息，{year}年无利息", f"the loan starts in {first}: nothing falls in {year}"
            )
        return ""

    def workings(self, applications):
        given = (applications.start, applications.year + np.zeros(len(applications), int), applications.months)
        principal, own, paid = applications.principal_wan, applications.annual_rate, applications.interest_paid_wan
        claims = self.demand(applications)
        return [
            [self._working(*row, paid[n], claims[n, j], j) for j in range(self.claim_years)]
            for n, row in enumerate(zip(*given, applications.repayment, principal, own, strict=True))
        ]

    def _working(self, start, year, months, repayment, principal, own, paid, claim, j):
        """The claim of the j-th calendar year from the application's on, as balances × rate ÷ 12 × share."""
        if not claim:
            return ""
        start, months, own = np.array([start]), np.array([months]), np.array([own])
        first_month = start.astype(int).astype("datetime64[D]").astype("datetime64[M]").astype(float)
        first, count = (
            months_of[j, 0] for months_of in self._months_subsidised(first_month - 12 * (year - 1970), months)
        )
        owed = _months_owed(first, count, months, repayment == EQUAL_PRINCIPAL)
        if repayment == ANNUITY:
            owed = _months_owed_of_annuity(first, count, months, own)
        balances, lpr = principal * owed[0], self._lpr(start, months)[0]
        rate, share = min(own[0], lpr), self.subsidy_rate
        whole, when = balances * rate / 12 * share, year + j
        most = f"；{when}年止各年合计以实付利息{paid:,.10g}万元为限" if claim < whole * (1 - 1e-9) else ""
        most_en = f"; up to {when} no more than the interest paid, {paid:,.10g}万元" if most else ""
        of_rates = f"{100 * rate:.4g}%", f"{100 * own[0]:.4g}%", f"{100 * lpr:.4g}%", f"{100 * share:.4g}%"
        span = f"{first:.0f}—{first + count - 1:.0f}"
        return cs.named(
            f"第{span}个月，各月月初本金余额合计{balances:,.2f}万元 × 年利率{of_rates[0]}"
            f"（合同{of_rates[1]}与LPR {of_rates[2]}取低）÷ 12 × 贴息比例{of_rates[3]} = {whole:,.4f}万元{most}",
            f"months {span}: balances at the beginning of each, {balances:,.2f}万元 together, × {of_rates[0]} "
            f"(lower of contract {of_rates[1]} and LPR {of_rates[2]}) ÷ 12 × share {of_rates[3]} = "
            f"{whole:,.4f}万元{most_en}",
        )

    def _months_subsidised(self, first_month, months):
        """The first subsidised month (1-based) that falls in the j-th calendar year from the application's on, and how
        many do, each of shape ``(claim_years, rows)``.

        ``first_month`` 0 is January of the year of application.
        """
        subsidised = np.minimum(months, 12 * self.max_years)
        j = np.arange(self.claim_years)[:, None]
        first = np.maximum(12 * j + 1 - first_month, 1)
        last = np.minimum(12 * (j + 1) - first_month, subsidised)
        return first, np.maximum(last + 1 - first, 0)

    def _lpr(self, start, months):
        """The LPR that holds for a loan of so many months that starts on a day (counted since 1970)."""
        days, one_year, five_years = (np.array(column) for column in zip(*self.lpr, strict=True))
        days = days.astype("datetime64[D]").astype(float)
        if start.min() < days[0]:
            first = np.datetime64(int(start.min()), "D")
            raise ValueError(f"a loan starts {first}, before the first LPR of the guide ({self.lpr[0][0]}); add a row")
        known = np.searchsorted(days, start, side="right") - 1
        return np.where(months < 60, one_year[known], five_years[known])


def _months_owed(first, count, months, is_repaid):
    """Months from ``first`` on, each by the share of principal owed in it: all of it, or with equal principal
    (M − k + 1) / M in month k, which adds up to count · (2M − first − last + 2) / 2M.
    """
    last = first + count - 1
    return count * np.where(is_repaid, (2 * months - first - last + 2) / (2 * months), 1.0)


def _months_owed_of_annuity(first, count, months, annual_rate):
    """The same with equal instalments: ((1+i)^M − (1+i)^(k−1)) / ((1+i)^M − 1) in month k, i being a twelfth of the
    contract's rate; without interest, equal principal.
    """
    i = annual_rate / 12
    has_rate = i > 1e-9
    log = np.log1p(np.where(has_rate, i, 1.0))
    owed_at_first = np.expm1(months * log)  # (1+i)^M − 1; of it, the instalments before each month have repaid:
    repaid = np.exp((first - 1) * log) * np.expm1(count * log) / np.where(has_rate, i, 1.0) - count
    return np.where(has_rate, count - repaid / owed_at_first, _months_owed(first, count, months, True))


def is_day(text):
    """Whether a text is a day as ISO writes it."""
    try:
        return isinstance(text, str) and str(np.datetime64(text, "D")) == text
    except ValueError:
        return False


def _faulty_rates(lpr):
    """What is wrong with the rows of rates, in two languages; None where nothing is."""
    days = []
    for row in lpr:
        if not isinstance(row, list | tuple) or len(row) != 3:
            return cs.named(
                f"此处为 {row}；每行应为 [日期, 一年期LPR, 五年期LPR]",
                f"found {row}; each row is [day, one-year LPR, five-year LPR]",
            )
        day = row[0]
        if not is_day(day):
            return cs.named(
                f"此处为“{day}”；每行以日期开头，如 2025-05-20",
                f"found '{day}'; a row begins with a day such as 2025-05-20",
            )
        for rate in row[1:]:
            if isinstance(rate, str) or not 0 <= rate <= 0.36:
                return cs.named(
                    f"{day} 为 {rate}；LPR须在0到0.36之间（3.85%写作0.0385）",
                    f"found {rate} on {day}; an LPR lies between 0 and 0.36 (3.85% is 0.0385)",
                )
        if days and day <= days[-1]:
            return cs.named(
                f"{day} 排在 {days[-1]} 之后；日期须依次递增，各出现一次",
                f"found {day} behind {days[-1]}; the days must ascend, each once",
            )
        days.append(day)
    return None


@cs.hookimpl
def register_support_modes(register):
    register(LoanInterestSubsidy)
