"""Divides by nothing."""

import numpy as np

import changji_sim as cs


class Mode(cs.SupportMode):
    """Divides by nothing."""

    key = "not_a_number"
    title = "非数"
    columns = [cs.Column("price_wan", label="价格", default={"uniform": [1, 9]})]

    def demand(self, applications):
        return applications.price_wan * np.nan


@cs.hookimpl
def register_support_modes(register):
    register(Mode)
