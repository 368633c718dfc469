"""Fails in 2028, where a row is above 5."""

import changji_sim as cs


class Mode(cs.SupportMode):
    """Fails in 2028, where a row is above 5."""

    key = "raises_in_year_3"
    title = "第三年出错"
    columns = [cs.Column("price_wan", label="价格", default={"uniform": [1, 9]})]

    def demand(self, applications):
        late = (applications.year == 2028) & (applications.price_wan > 6)
        if late.any():
            raise ValueError("no rate for 2028")
        return applications.price_wan


@cs.hookimpl
def register_support_modes(register):
    register(Mode)
