"""Asks for less than nothing."""

import changji_sim as cs


class Mode(cs.SupportMode):
    """Asks for less than nothing."""

    key = "negative_demand"
    title = "负数"
    columns = [cs.Column("price_wan", label="价格", default={"uniform": [1, 9]})]

    def demand(self, applications):
        return -applications.price_wan


@cs.hookimpl
def register_support_modes(register):
    register(Mode)
