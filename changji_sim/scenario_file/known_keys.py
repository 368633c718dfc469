"""The keys that a scenario file may hold, section by section: what the reader accepts."""

from __future__ import annotations

from typing import Any

from ..base.messages import Message, message
from ..modes.support_mode import SupportMode
from ..scenario.distributions import KINDS, NAMES
from ..scenario.model import MEMO, READINGS

TOP_KEYS = (
    "name", "title", "title_en", "description", "measure", "extends", "years", "doubt", "growth", "economy", "opening",
    "readings", "in_force", "guide", "pools", "envelopes", "oversight", "tolerated_loss", "priority", "items",
    "left_out", "targets", "payment_months",
)  # fmt: skip
NUMBER_KEYS = ("value", "source", "mark")  # of a number with its source
ASSUMPTION_KEYS = ("value", "range", "log_sd", "source", "mark")
ECONOMY_KEYS = ("log_sd", "source", "mark")
POOL_KEYS = ("title", "size", "kind", "groups", "group_size", "source", "mark")
ENVELOPE_KEYS = ("total", "categories", "forward_cover", "pooling", "refill")
AMOUNT_KEYS = ("value", "share", "growth", "source", "mark")  # of one envelope
CHANCES = ("violation", "terminated", "closed_early", "excellent", "fail", "mended", "unspent_share", "recovered_share")
OVERSIGHT_KEYS = (*CHANCES, "award_violation", "recovery_delay_years", "violation_bar_years", "is_on")
ITEM_KEYS = ("guide", "caps", "assumptions")
OWN_KEYS = ("category", "title", "title_en", "mode", "once_per", "article")  # a planner's own item
GUIDE_WORDS = ("places", "selection", "when_short")  # guide values that are no terms of a mode
GUIDE_LIFE_KEYS = ("status", "drafted", "sent", "approved", "document")  # how far a guide has come
CAP_KEYS = ("per", "wan", "rate", "of", "title", "title_en", "source", "mark", "share_out")
ASSUMPTIONS = (
    "applications", "count", "growth", "economy_elasticity", "quality_pass", "reapply", "pool", "claimants",
    "other_claimants", "distinct", "platforms", "platform_pool", "tiers", "cases", "registers", "columns",
    "item_columns",
)  # fmt: skip
TARGET_KEYS = (
    "level", "title", "title_en", "value", "sense", "unit", "quantity", "item", "category", "source", "mark",
)  # fmt: skip
PAYMENT_MONTH_KEYS = ("lag", "ranked", "carried", "by_item")
CASE_KEYS = ("name", "year", "amount", "probability", "applicant", "source", "mark")
ABOUT = ("share_of", "added_to", "level", "source", "mark")  # what may stand beside a distribution
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
        "guide": GUIDE_LIFE_KEYS,
        "pools.*": POOL_KEYS,
        "envelopes": ENVELOPE_KEYS,
        "envelopes.total": AMOUNT_KEYS,
        "envelopes.categories.*": AMOUNT_KEYS,
        "oversight": OVERSIGHT_KEYS,
        "targets.*": TARGET_KEYS,
        "payment_months": PAYMENT_MONTH_KEYS,
        "items.*": (*OWN_KEYS, *ITEM_KEYS),
        "items.*.guide": (*GUIDE_WORDS, *(name for name in SupportMode.param if name != "name")),
        "items.*.caps.*": CAP_KEYS,
        "items.*.assumptions": ASSUMPTIONS,
        "items.*.assumptions.cases": CASE_KEYS,
        "items.*.assumptions.columns": tuple(column.name for column in MEMO),
        COLUMN: (*KINDS, *ABOUT),
        **{f"{COLUMN}.{kind}": tuple(dict.fromkeys(sum(ways, ()))) for kind, ways in NAMES.items()},
        f"{COLUMN}.mixture": ("weight",),
    }


def misplaced(keys: tuple[Any, ...], key: Any) -> Message | None:
    """A sentence about a key below ``keys`` that is known elsewhere, mostly because of its indentation; else None."""
    if keys == ("items",) and key in (*ITEM_KEYS, *ASSUMPTIONS, *GUIDE_WORDS):
        return message(
            "'{key}' stands where items stand: it belongs below an item, further right by two spaces or more", key=key
        )
    if keys == () and key in (*ITEM_KEYS, *ASSUMPTIONS, *GUIDE_WORDS, *OWN_KEYS):
        return message("'{key}' stands at the very left: it belongs below an item of 'items'", key=key)
    if keys == () and key in (*ENVELOPE_KEYS, *OVERSIGHT_KEYS):
        group = "envelopes" if key in ENVELOPE_KEYS else "oversight"
        return message("'{key}' stands at the very left: it belongs below '{group}', indented", key=key, group=group)
    if len(keys) == 2 and keys[0] == "items":
        group = "guide" if key in known_keys()["items.*.guide"] else "assumptions" if key in ASSUMPTIONS else ""
        if group:
            return message("'{key}' belongs below '{group}', further right by two spaces or more", key=key, group=group)
    return None
