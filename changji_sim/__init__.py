"""What a science fund's rules will cost, and how sure that is (昌吉州科技专项资金)."""

from .hookspecs import hookimpl
from .modes import NEVER, Applications, Cap, Column, Commitments, Holdings, SupportMode

__all__ = ["NEVER", "Applications", "Cap", "Column", "Commitments", "Holdings", "SupportMode", "hookimpl"]
