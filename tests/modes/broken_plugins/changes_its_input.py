"""Writes into what it was given."""

import changji_sim as cs


class Mode(cs.SupportMode):
    """Writes into what it was given."""

    key = "changes_its_input"
    title = "改动"
    columns = [cs.Column("price_wan", label="价格", default={"uniform": [1, 9]})]

    def demand(self, applications):
        applications.price_wan[:] = 1.0
        return applications.price_wan


@cs.hookimpl
def register_support_modes(register):
    register(Mode)
