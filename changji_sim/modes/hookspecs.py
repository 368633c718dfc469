"""The one hook a plugin implements."""

import pluggy

PROJECT = "changji_sim"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def register_support_modes(register):
    """Offer support modes (支持方式).

    ``register(mode_class)`` takes a subclass of :class:`changji_sim.SupportMode`; call it once for each class.
    """
