"""Draws by itself."""

import numpy as np

import changji_sim as cs


class Mode(cs.SupportMode):
    """Draws by itself."""

    key = "random_demand"
    title = "随机"
    columns = [cs.Column("price_wan", label="价格", default={"uniform": [1, 9]})]

    def demand(self, applications):
        return applications.price_wan * np.random.default_rng().random(len(applications))


@cs.hookimpl
def register_support_modes(register):
    register(Mode)
