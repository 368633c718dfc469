"""For authors of modes: `check_support_mode` holds a mode to the contract."""

from .modes.mode_contract import check_support_mode

__all__ = ["check_support_mode"]
