"""Takes the key of a mode there is."""

import changji_sim as cs


class Mode(cs.SupportMode):
    """Takes the key of a mode there is."""

    key = "grant"
    title = "重名"
    columns = [cs.Column("price_wan", label="价格", default={"uniform": [1, 9]})]

    def demand(self, applications):
        return applications.price_wan


@cs.hookimpl
def register_support_modes(register):
    register(Mode)
