"""Was never finished."""


def register_support_modes(register:
