"""``changji-sim equity``: what becomes of stakes (股权账), and what is lost against the tolerated loss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..base.messages import message, reader_language
from .answer_output import RunOptions, numbers, of_changed_runs, print_answer, table, titles_of_items
from .command_output import records, say_json
from .commands import command
from .options import SCENARIO
from .run_tables import about_run, one_run

if TYPE_CHECKING:
    import pandas as pd

    from ..results.run_result import RunResult

SHARES = ("loss_share", "probability_over")
SHOWN = ("turned_wan", "held_wan", "value_wan", "exited_wan", "recovery_wan", "loss_wan", *SHARES)


@command(
    short_help=message("What becomes of stakes, and what is lost against the tolerated loss (股权账)."),
    help=message(
        "Year by year, what of the grants of SCENARIO (情景) turns into stakes (拨投结合), what they are worth, what "
        "comes back when they are given up, and how often the loss exceeds the tolerated loss."
    ),
)
@SCENARIO
@of_changed_runs
def equity(scenario: str, options: RunOptions) -> None:
    """Print the equity book."""
    from ..reports.run_sentences import equity_sentences
    from ..results.equity import equity as equity_book

    result = one_run(scenario, options)
    book = equity_book(result)
    options.write({"equity.csv": book})
    if options.as_json:
        say_json(about_run(result) | {"rows": records(book)}, allow_nan=False)
        return
    print_answer(equity_sentences(result), *_tables(result, book))
    options.say_written()


def _tables(result: RunResult, book: pd.DataFrame) -> Iterator[Any]:
    """All stakes together by year, then each item where there are several."""
    from ..wording.amounts import percent, wan
    from ..wording.labels import label

    items = [key for key in dict.fromkeys(book.item) if key != "*"]
    titles = titles_of_items(result.scenario)
    for key in ["*", *items] if len(items) > 1 else ["*"][: len(items)]:
        name = label("total", reader_language(), "columns") if key == "*" else titles[key]
        heads = [name, *(label(column, reader_language(), "equity") for column in SHOWN)]
        rows = [
            (str(row["year"]), *((percent if column in SHARES else wan)(row[column]) for column in SHOWN))
            for row in book[book.item == key].to_dict("records")
        ]
        yield table(heads, rows, ("left", *numbers(len(SHOWN))))
