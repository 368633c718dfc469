"""补助: money asked for a project, up to a share of its total investment (第十条, 第十三条（一）)."""

import param

import changji_sim as cs


class Grant(cs.SupportMode):
    """A grant to a project (补助): what the applicant asks, paid in tranches."""

    key = "grant"
    title = "补助"
    title_en = "Grant"
    is_project = True
    selection = "by_score"
    columns = [
        cs.Column("total_investment_wan", label="项目总投资", optional=True),
        cs.Column("requested_wan", label="申请金额"),
        cs.Column(
            "term_years",
            label="实施周期",
            kind="whole",
            bounds=(1, 10),
            optional=True,
            default={"fixed": 2},
        ),
    ]
    caps = (
        cs.Cap(
            "investment_share",
            "application",
            "总投资比例上限",
            term="max_investment_share",
            of="total_investment_wan",
            less_public=True,
            title_en="share of total investment",
        ),
        *cs.SupportMode.caps,
    )

    max_investment_share = param.Magnitude(
        None, allow_None=True, label="占总投资比例上限", doc="Largest share of a project's total investment."
    )

    def demand(self, applications):
        return applications.requested_wan


@cs.hookimpl
def register_support_modes(register):
    register(Grant)
