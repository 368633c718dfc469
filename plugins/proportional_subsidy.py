"""按比例补助: a share of a bill that a planner names. No form of 第三条; the commonest local support of a guide."""

import param

import changji_sim as cs

LONGEST_NAME, LONGEST_TITLE = 45, 20  # characters
MARKS = "（）()：:，,"


class ProportionalSubsidy(cs.SupportMode):
    """A share of a bill (按比例补助): ⌊share × bill⌋, paid at once. The guide says which column holds the bill."""

    key = "proportional_subsidy"
    title = "按比例补助"
    title_en = "Proportional subsidy"
    columns = [cs.Column("bill_wan", label="实际支出")]

    share = param.Magnitude(0.3, label="补助比例", doc="Share of the bill that the fund pays.")
    column = param.String(
        "bill_wan", label="支出列（代码）", doc="Code name of the column with the bill; ends in _wan."
    )
    column_title = param.String("实际支出", label="支出列（列名）", doc="Its Chinese header, without a unit.")

    def faulty_terms(self):
        faulty = {}
        if not is_name(self.column):
            faulty["column"] = cs.named(
                f"此处为“{self.column}”；应为小写字母、数字和下划线，以 _wan 结尾，如 testing_fee_wan",
                f"found '{self.column}'; small letters, digits and '_' that end in _wan are needed, as testing_fee_wan",
            )
        if not is_title(self.column_title):
            faulty["column_title"] = cs.named(
                f"此处为“{self.column_title}”；应为不带单位、括号和标点的列名，如 检测费用",
                f"found '{self.column_title}'; a header without unit, brackets and marks is needed, such as 检测费用",
            )
        return faulty

    def own_columns(self):
        return [cs.Column(self.column, label=self.column_title)]

    def demand(self, applications):
        return self.share * getattr(applications, self.column)

    def remarks(self, applications):
        nothing = cs.named(f"{self.column_title}为0", f"the bill ({self.column}) is 0")
        return [nothing if not bill else "" for bill in getattr(applications, self.column)]


def is_name(text):
    """Whether a text is a code name that ends in _wan."""
    is_code = text.isascii() and text.isidentifier() and text == text.lower() and text[0] != "_"
    return is_code and text.endswith("_wan") and len(text) <= LONGEST_NAME


def is_title(text):
    """Whether a text is a header without unit, brackets and marks."""
    return 0 < len(text) <= LONGEST_TITLE and not any(one.isspace() or one in MARKS + "万" for one in text)


@cs.hookimpl
def register_support_modes(register):
    register(ProportionalSubsidy)
