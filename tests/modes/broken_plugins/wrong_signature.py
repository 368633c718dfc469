"""Takes another argument."""

import changji_sim as cs


class Mode(cs.SupportMode):
    """Takes another argument."""

    key = "wrong_signature"
    title = "参数不符"
    columns = [cs.Column("price_wan", label="价格", default={"uniform": [1, 9]})]

    def demand(self, applications, year):
        return applications.price_wan


@cs.hookimpl
def register_support_modes(register):
    register(Mode)
