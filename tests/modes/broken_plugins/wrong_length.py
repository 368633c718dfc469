"""Loses the last row."""

import changji_sim as cs


class Mode(cs.SupportMode):
    """Loses the last row."""

    key = "wrong_length"
    title = "缺行"
    columns = [cs.Column("price_wan", label="价格", default={"uniform": [1, 9]})]

    def demand(self, applications):
        return applications.price_wan[:-1]


@cs.hookimpl
def register_support_modes(register):
    register(Mode)
