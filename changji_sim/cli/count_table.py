"""``changji-sim counts``: how many applications, applicants and projects a year (件数), beside the money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..base.messages import message
from .answer_output import RunOptions, numbers, of_changed_runs, print_answer, reader, table, titles_of_items
from .command_output import records, say_json
from .commands import command, option
from .item_names import item_key
from .options import SCENARIO
from .run_tables import about_run, one_run

if TYPE_CHECKING:
    import pandas as pd

    from ..results.run_result import RunResult


@command(
    short_help=message("How many applications, applicants and projects a year (件数)."),
    help=message(
        "How many applications SCENARIO (情景) has a year, how many are selected, entitled, funded and left unfunded, "
        "of how many applicants; how many projects are begun, inspected, evaluated and accepted. -o writes every item, "
        "and unit × standard × count (测算说明)."
    ),
)
@SCENARIO
@option("--item", metavar=message("ITEM"), help=message("Of one item (支持方向) alone, by key or title."))
@of_changed_runs
def counts(scenario: str, item: str | None, options: RunOptions) -> None:
    """Print the counts of every year."""
    from ..results.counts import counts as counts_of
    from ..results.counts import unit_amounts

    result = one_run(scenario, options)
    key = None if item is None else item_key(result.scenario, item)
    frame, units = counts_of(result, key), unit_amounts(result)
    units = units if key is None else units[units["item"] == key]
    options.write({"counts.csv": _of_items(result, key), "unit_amounts.csv": units})
    if options.as_json:
        say_json(about_run(result) | {"rows": records(frame), "unit_amounts": records(units)}, allow_nan=False)
        return
    print_answer(_sentences(result, key), _table(frame))
    options.say_written()


def _of_items(result: RunResult, key: str | None) -> pd.DataFrame:
    """The counts of one item; or of all together (``*``), then of every item."""
    import pandas as pd

    from ..results.counts import counts as counts_of

    keys = [key] if key is not None else [None, *(item.key for item in result.scenario.items)]
    return pd.concat([counts_of(result, one).assign(item=one or "*") for one in keys], ignore_index=True)


def _sentences(result: RunResult, key: str | None) -> list[str]:
    title = message("all items") if key is None else titles_of_items(result.scenario)[key]
    return [
        message(
            "{item}: mean of {trials:,} trials; -o writes quantiles too. An applicant counts once an item and year.",
            item=title,
            trials=result.trial_count,
        )
    ]


def _table(frame: pd.DataFrame) -> Any:
    from ..wording.amounts import wan
    from ..wording.labels import label

    say = reader()
    years = [year for year in dict.fromkeys(frame.year) if (frame[frame.year == year]["mean"] > 0).any()]
    cells = {(row["count"], row["year"]): row for row in frame.to_dict("records")}
    rows = []
    for count in dict.fromkeys(frame["count"]):
        of_years = [cells.get((count, year)) for year in years]
        if any(row and row["mean"] for row in of_years):
            shown = [wan(row["mean"]) if row else "–" for row in of_years]
            rows.append((label(count, say, "counts"), *shown))
    return table([message("number of"), *map(str, years)], rows, ("left", *numbers(len(years))))
