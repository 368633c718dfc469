"""The months in which money is paid (``payment_months``, 拨付月份)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..base.messages import message
from ..base.title_words import nearest_title
from ..scenario.model import Item
from ..scenario.payment_months import PaymentMonths
from .known_keys import PAYMENT_MONTH_KEYS
from .section import Section

BOUNDS = {"lag": (0, 11), "ranked": (1, 12), "carried": (1, 12)}


def read_payment_months(top: Section, items: Iterable[Item]) -> PaymentMonths | None:
    """The months; None where the file says none, or with a fault."""
    if "payment_months" not in top:
        return None
    section = top.section("payment_months")
    section.only(PAYMENT_MONTH_KEYS)
    before = section.sheet.fault_count
    found: dict[str, Any] = {}
    for key, (low, high) in BOUNDS.items():
        if key not in section:
            section.fault(message("'{key}' is missing: a whole number of {low} to {high}", key=key, low=low, high=high))
        found[key] = section.number(key, None, low, high, whole=True)
    below, titles = section.section("by_item"), {item.key: item.title for item in items}
    for key in below.data:
        if key not in titles:
            hint = nearest_title(str(key), titles)
            below.fault(message("there is no item '{name}' in this scenario{hint}", name=key, hint=hint), key)
    by_item = {key: below.number(key, None, 1, 12, whole=True) for key in below.data if key in titles and key in below}
    return PaymentMonths(**found, by_item=by_item) if section.sheet.fault_count == before else None
