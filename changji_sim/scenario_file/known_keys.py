"""Every key that a scenario file may hold, section by section, taken from the reader's own tables."""

from __future__ import annotations

from ..modes.support_mode import SupportMode
from ..scenario.distributions import KINDS, NAMES
from ..scenario.model import MEMO, READINGS
from .drawn_columns import ABOUT
from .item_reader import ASSUMPTIONS, CASE_KEYS, ITEM_KEYS, OWN_KEYS
from .load import ECONOMY_KEYS, TOP_KEYS
from .parts import AMOUNT_KEYS, ENVELOPE_KEYS, OVERSIGHT_KEYS, POOL_KEYS
from .sheet import ASSUMPTION_KEYS
from .terms import CAP_KEYS, GUIDE_WORDS, terms_of

COLUMN = "items.*.assumptions.columns.*"


def known_keys() -> dict[str, tuple[str, ...]]:
    """The keys by the dotted path of their section; ``*`` stands for a name that the file chooses, ``""`` for the top.

    A guide takes further terms and ``columns`` further names: those of the item's mode (`changji-sim plugins MODE`).
    """
    return {
        "": TOP_KEYS,
        "growth": ASSUMPTION_KEYS,  # as every assumption: tolerated_loss, those of oversight and of items
        "economy": ECONOMY_KEYS,
        "readings": tuple(READINGS),
        "pools.*": POOL_KEYS,
        "envelopes": ENVELOPE_KEYS,
        "envelopes.total": AMOUNT_KEYS,
        "envelopes.categories.*": AMOUNT_KEYS,
        "oversight": OVERSIGHT_KEYS,
        "items.*": (*OWN_KEYS, *ITEM_KEYS),
        "items.*.guide": (*GUIDE_WORDS, *terms_of(SupportMode)),
        "items.*.caps.*": CAP_KEYS,
        "items.*.assumptions": ASSUMPTIONS,
        "items.*.assumptions.cases": CASE_KEYS,
        "items.*.assumptions.columns": tuple(column.name for column in MEMO),
        COLUMN: (*KINDS, *ABOUT),
        **{
            f"{COLUMN}.{kind}": tuple(dict.fromkeys(key for way in ways for key in way)) for kind, ways in NAMES.items()
        },
        f"{COLUMN}.mixture": ("weight",),
    }
