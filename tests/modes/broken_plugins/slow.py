"""Is right, and goes row by row."""

import numpy as np

import changji_sim as cs


class Mode(cs.SupportMode):
    """Is right, and goes row by row."""

    key = "slow"
    title = "缓慢"
    columns = [cs.Column("price_wan", label="价格", default={"uniform": [1, 9]})]

    def demand(self, applications):
        asked = np.zeros(len(applications))
        for row in range(len(applications)):
            asked[row] = min(applications.price_wan[row], 5.0)
        return asked


@cs.hookimpl
def register_support_modes(register):
    register(Mode)
