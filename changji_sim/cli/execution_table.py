"""``changji-sim execution``: what is paid of the envelopes (预算执行率), what lapses, and what is refused beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..base.messages import message
from .answer_output import RunOptions, numbers, of_changed_runs, print_answer, reader, table
from .commands import command
from .options import SCENARIO
from .run_tables import about_run, one_run
from .saying import records, say_json

if TYPE_CHECKING:
    import pandas as pd

    from ..results.run_result import RunResult


@command(
    short_help=message("What is paid of the envelopes, what lapses and what is refused beside it (预算执行率)."),
    help=message(
        "Year by year, what of the envelopes of SCENARIO (情景) is paid (预算执行率), how likely it is less than 90% "
        "and 97%, what lapses (结余), what is not funded in the same year, and why both happen."
    ),
)
@SCENARIO
@of_changed_runs
def execution(scenario: str, options: RunOptions) -> None:
    """Print the execution of every year."""
    from ..reports.execution_sentences import execution_sentences
    from ..results.execution import execution as execution_of
    from ..results.execution import lapse_reasons

    result = one_run(scenario, options)
    frame, reasons = execution_of(result), lapse_reasons(result)
    options.write({"execution.csv": frame, "lapse_reasons.csv": reasons})
    if options.as_json:
        say_json(about_run(result) | {"rows": records(frame), "reasons": records(reasons)}, allow_nan=False)
        return
    print_answer(execution_sentences(result), *_tables(result, frame, reasons))
    options.say_written()


def _tables(result: RunResult, frame: pd.DataFrame, reasons: pd.DataFrame) -> Iterator[Any]:
    """The total by year, why money lapses, and the categories that have an envelope of their own."""
    from ..wording.labels import label
    from ..wording.language import category_title

    say = reader()
    is_total = frame.category == "*"
    if is_total.any():
        yield _rates(frame[is_total], [label("total", say, "columns")] * int(is_total.sum()))
        yield _reason_table(reasons)
    if not is_total.all():
        of = frame[~is_total].sort_values(
            "category", kind="stable", key=lambda keys: keys.map(list(result.scenario.categories).index)
        )
        yield _rates(of, [category_title(result.scenario, key, say) for key in of.category])


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
