"""What is paid by the end of each month of a year (累计拨付), beside the part of the year gone by (序时进度).

A run books what is paid in a year. In which month follows from the scenario's ``payment_months``: first payments of
items in order of submission so many months after the application, the others in a month of their own. What would come
after the year's end is paid in December, for it is a payment of the year.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..base.faults import Fault, FaultyInput
from ..base.messages import message
from ..kernel.calendar import MONTHS
from ..kernel.payment_observer import PaymentObserver
from ..scenario.model import Item
from ..scenario.payment_months import PaymentMonths
from .budget_table import EVERY, statistics_wan
from .execution import rate_statistics
from .observed import observed
from .run_result import RunResult, cached_frame

COLUMNS = (
    "year", "category", "month", "elapsed", "paid_wan", "paid_p10_wan", "paid_p90_wan", "rate", "rate_p10", "rate_p90",
    "probability_behind",
)  # fmt: skip


@cached_frame
def paid_by_month(result: RunResult) -> pd.DataFrame:
    """What is paid by the end of each month, by year in force; of every category with an envelope, then of all, ``*``.

    Returns:
        the columns `COLUMNS`: ``elapsed`` is the part of the year gone by, in months; ``paid_wan`` what is paid since
        January, its mean and middle 80%, 万元; ``rate`` the same as a share of the envelope, and
        ``probability_behind`` how likely it is below ``elapsed``: NaN where there is no envelope, or one of 0.

    Raises:
        FaultyInput: the scenario says no months, or the trials were summed as they ran.
    """
    rows = []
    for y, year in enumerate(result.years):
        limited = [key for key in result.scenario.categories if result.has_envelope(year, key)]
        for category in (*limited, None):
            paid = sum(
                (paid_fen(result, item, y) for item in result.scenario.items if category in (None, item.category)),
                np.zeros((MONTHS, result.trial_count), np.int64),
            )
            envelope = result.envelope_fen(year, category)
            for month, fen in enumerate(paid, 1):
                amounts = statistics_wan(fen, ("mean_wan", "p10_wan", "p90_wan"))
                rate = None if envelope is None or not np.all(envelope) else fen / envelope
                rates = rate_statistics(rate, month / MONTHS)
                rows.append((year, category or EVERY, month, month / MONTHS, *amounts, *rates))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def paid_fen(result: RunResult, item: Item, y: int) -> np.ndarray:
    """What is paid of an item by the end of each month of year index ``y``, fen, ``(months, trials)``. December has
    the year's payment.
    """
    months, year = _months(result), result.years[y]
    payment, carried = (result.fen(flow, year, item.key) for flow in ("payment", "payment_carried"))
    first, month, of_month = payment - carried, months.month_of(item), np.arange(1, MONTHS + 1)[:, None]
    paid = np.where(of_month >= months.carried, carried, 0)
    if month is not None:
        return paid + np.where(of_month >= month, first, 0)
    applied = np.cumsum(_due_by_month(result, item)[y], axis=0)
    later = np.zeros_like(applied)
    later[months.lag :] = np.minimum(applied[: MONTHS - months.lag], first)  # what finds no room is paid to nobody
    later[-1] = first
    return paid + later


def _months(result: RunResult) -> PaymentMonths:
    if result.scenario.payment_months is None:
        what = message("the scenario says no 'payment_months' (拨付月份): in which months money is paid")
        raise FaultyInput([Fault(result.scenario.file_name, what)])
    return result.scenario.payment_months


def _due_by_month(result: RunResult, item: Item) -> dict[int, np.ndarray]:
    """First payments due by the month of the application, by year index; the trials run once more for all items."""
    cache = result.cache.setdefault("payment_months", {})
    if not cache:
        months = _months(result)
        following = [one.key for one in result.scenario.items if months.month_of(one) is None]
        observe = observed(result, PaymentObserver, following)
        for key in following:
            observers = observe.of(key)
            cache[key] = {y: np.concatenate([one.due[y] for one in observers], axis=1) for y in observers[0].due}
    return cache[item.key]
