"""The choices of a scenario file (选项) by the key under which they stand, and their titles in the table of labels."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ..modes.support_mode import CAP_ORDER, SHARE_OUT
from ..scenario.target import DERIVED, LEVELS, SENSES
from ..wording.labels import label

WHEN_SHORT = ("ranked", "partial", "pro_rata", "defer")
SELECTION = ("by_score", "by_date")
MARKS = ("", "A", "B", "C", "D")
COUNT = ("poisson", "fixed")
ONCE_PER = ("applicant", "platform")
POOL_KINDS = ("enterprise", "institute")

_LABELS: dict[str, tuple[str, dict[str, str]]] = {  # section of the table, and the label of each choice
    "when_short": ("choices", {choice: choice for choice in WHEN_SHORT}),
    "selection": ("choices", {choice: choice for choice in SELECTION}),
    "per": ("choices", {choice: choice for choice in CAP_ORDER}),
    "share_out": ("choices", {choice: choice for choice in SHARE_OUT}),
    "count": ("choices", {"poisson": "poisson", "fixed": "fixed_count"}),
    "once_per": ("choices", {choice: f"once_{choice}" for choice in ONCE_PER}),
    "kind": ("forms", {choice: choice for choice in POOL_KINDS}),
    "level": ("targets", {level: level for level in LEVELS}),
    "sense": ("targets", {sense: sense for sense in SENSES}),
    "quantity": ("targets", {quantity: quantity for quantity in DERIVED}),
    "mark": ("marks", {mark: mark for mark in MARKS if mark}),
}


@cache
def titles_of_choices(name: str) -> Mapping[str, str]:
    """The Chinese titles of the choices under a key; empty where the key has no such choices."""
    of, labels = _LABELS.get(name, ("choices", {}))
    return {choice: label(key, "zh", of) for choice, key in labels.items()}


@cache
def flag_titles() -> Mapping[bool, str]:
    """What true and false are called in Chinese."""
    return {True: label("yes", "zh", "choices"), False: label("no", "zh", "choices")}
