"""购买服务: activities paid as needed, within a yearly total (第十三条（三）)."""

import changji_sim as cs


class ServicePurchase(cs.SupportMode):
    """A service bought (购买服务): each activity costs what it costs; the item's yearly total is limited."""

    key = "service_purchase"
    title = "购买服务"
    title_en = "Service purchase"
    is_project = True
    when_short = "partial"
    columns = [
        cs.Column("requested_wan", label="申请金额"),
        cs.Column(
            "term_years",
            label="实施周期",
            kind="whole",
            bounds=(1, 10),
            optional=True,
            default={"fixed": 1},
        ),
    ]
    caps = (
        *cs.SupportMode.caps[:2],
        cs.Cap(
            "item_year_max",
            "item_year",
            "每年总额上限",
            term="max_item_year_wan",
            net_of_carried=True,
            title_en="ceiling per year",
        ),
    )

    def demand(self, applications):
        return applications.requested_wan


@cs.hookimpl
def register_support_modes(register):
    register(ServicePurchase)
