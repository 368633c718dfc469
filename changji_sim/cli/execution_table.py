"""``changji-sim execution``: what is paid of the envelopes (预算执行率), what lapses, and what is refused beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..base.messages import message
from .answer_output import RunOptions, numbers, of_changed_runs, print_answer, reader, table
from .command_output import records, say_json
from .commands import command
from .options import SCENARIO
from .run_tables import about_run, one_run

if TYPE_CHECKING:
    import pandas as pd

    from ..results.run_result import RunResult


@command(
    short_help=message("What is paid of the envelopes, what lapses and what is refused beside it (预算执行率)."),
    help=message(
        "Year by year, what of the envelopes of SCENARIO (情景) is paid (预算执行率), how likely it is less than 90% "
        "and 97%, what lapses (结余), what is not funded in the same year, and why both happen; of the first year what "
        "is paid by the end of each month beside the time elapsed (序时进度)."
    ),
)
@SCENARIO
@of_changed_runs
def execution(scenario: str, options: RunOptions) -> None:
    """Print the execution of every year."""
    from ..reports.execution_sentences import execution_sentences, month_sentences
    from ..results.execution import execution as execution_of
    from ..results.execution import lapse_reasons
    from ..results.paid_by_month import paid_by_month

    result = one_run(scenario, options)
    frames = {"execution": execution_of(result), "lapse_reasons": lapse_reasons(result)}
    if result.scenario.payment_months is not None:
        frames["paid_by_month"] = paid_by_month(result)
    options.write({f"{name}.csv": frame for name, frame in frames.items()})
    if options.as_json:
        names = {"execution": "rows", "lapse_reasons": "reasons", "paid_by_month": "months"}
        say_json(about_run(result) | {names[key]: records(frame) for key, frame in frames.items()}, allow_nan=False)
        return
    sentences = (*execution_sentences(result), *month_sentences(result))
    print_answer(sentences, *_tables(result, **frames))
    options.say_written()


def _tables(
    result: RunResult, execution: pd.DataFrame, lapse_reasons: pd.DataFrame, paid_by_month: pd.DataFrame | None = None
) -> Iterator[Any]:
    """The total by year, why money lapses, the categories that have an envelope of their own, and the months."""
    from ..wording.labels import label
    from ..wording.language import category_title

    say = reader()
    is_total = execution.category == "*"
    if is_total.any():
        yield _rates(execution[is_total], [label("total", say, "columns")] * int(is_total.sum()))
        yield _reason_table(lapse_reasons)
    if not is_total.all():
        of = execution[~is_total].sort_values(
            "category", kind="stable", key=lambda keys: keys.map(list(result.scenario.categories).index)
        )
        yield _rates(of, [category_title(result.scenario, key, say) for key in of.category])
    if paid_by_month is not None:
        yield _month_table(paid_by_month[(paid_by_month.category == "*") & (paid_by_month.year == result.years[0])])


def _rates(frame: pd.DataFrame, names: list[str]) -> Any:
    from ..wording.amounts import percent, wan
    from ..wording.labels import label

    say, rows = reader(), []
    for name, row in zip(names, frame.to_dict("records"), strict=True):
        rates = ["–"] * 4
        if row["rate"] == row["rate"]:
            spread = f"{percent(row['rate_p10'])} – {percent(row['rate_p90'])}"
            chances = (percent(row[f"probability_below_{limit}"]) for limit in (90, 97))
            rates = [percent(row["rate"]), spread, *chances]
        amounts = (wan(row[f"{key}_wan"]) for key in ("lapse", "refused", "refused_first"))
        rows.append((name, str(row["year"]), wan(row["envelope_wan"]), wan(row["payment_wan"]), *rates, *amounts))
    heads = [
        label("envelope_short", say, "money"), label("year", say, "columns"), "万元", label("payment", say),
        *(label(key, say, "execution") for key in ("rate", "middle", "below_90", "below_97", "lapse", "refused",
                                                   "refused_first")),
    ]  # fmt: skip
    return table(heads, rows, ("left", "left", *numbers(9)))


def _reason_table(reasons: pd.DataFrame) -> Any:
    """A row a year: what lapses in its parts, then what is refused where nothing is left."""
    from ..wording.amounts import wan
    from ..wording.labels import label

    say = reader()
    columns = ("lapse", "idle", "elsewhere", "order", "later", "refused_first", "gone")
    rows = [
        (str(row["year"]), *(wan(row[f"{column}_wan"]) for column in columns)) for row in reasons.to_dict("records")
    ]
    heads = [message("mean, 万元"), *(label(column, say, "execution") for column in columns)]
    return table(heads, rows, ("left", *numbers(len(columns))))


def _month_table(months: pd.DataFrame) -> Any:
    """A row a month of one year: what is paid by its end, and the year elapsed."""
    from ..wording.amounts import percent, wan, wan_range
    from ..wording.labels import label

    say, rows = reader(), []
    for row in months.to_dict("records"):
        rates = ["–"] * 3
        if row["rate"] == row["rate"]:
            spread = f"{percent(row['rate_p10'])} – {percent(row['rate_p90'])}"
            rates = [percent(row["rate"]), spread, percent(row["probability_behind"])]
        amounts = wan(row["paid_wan"]), wan_range(row["paid_p10_wan"], row["paid_p90_wan"])
        rows.append((f"{row['year']}-{row['month']:02}", percent(row["elapsed"]), *amounts, *rates))
    heads = [
        label("month", say, "columns"),
        *(label(key, say, "execution") for key in ("elapsed", "paid_so_far", "middle", "rate", "middle", "behind")),
    ]
    return table(heads, rows, ("left", *numbers(6)))
