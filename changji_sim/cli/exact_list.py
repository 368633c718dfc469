"""``changji-sim exact``: exact distributions beside simulated ones, where counts are small (精确分布)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..base.messages import message, text_of
from .answer_output import RunOptions, numbers, of_changed_runs, table
from .command_output import records, say_json
from .commands import Whole, command, option
from .item_names import item_key
from .options import SCENARIO, console

if TYPE_CHECKING:
    from ..results.exact import Exact
    from ..results.run_result import RunResult

MOST_AMOUNTS = 12  # on a screen


@command(
    short_help=message("Exact distributions beside simulated ones, where counts are small (精确分布)."),
    help=message(
        "How likely each amount of ITEM (支持方向) is in a year, worked out exactly by convolution and simulated, "
        "before the envelopes; where a count limits the winners (the contest), what each range of the count comes to. "
        "Without ITEM, of every item that has an exact distribution: awards by tier, platforms, named cases."
    ),
)
@SCENARIO
@click.argument("item", required=False, metavar=message("[ITEM]"))
@option("--year", type=Whole(), metavar=message("YEAR"), show_default=message("the first"),
        help=message("Which year."))  # fmt: skip
@of_changed_runs
def exact(scenario: str, item: str | None, year: int | None, options: RunOptions) -> None:
    """Print exact distributions beside simulated ones."""
    options.say_reading(scenario)
    from ..api.result import Result
    from ..kernel.simulate import simulate
    from ..results.exact import beside_simulated, exact, exact_items, ranges

    loaded = options.load(scenario)
    when = loaded.years[0] if year is None else year
    keys = [item_key(loaded, item)] if item is not None else exact_items(loaded, when)
    found = [exact(loaded, key, when) for key in keys]
    with options.runs_done():
        result = Result(simulate(loaded, options.trials, options.seed))
    options.write(
        {f"{one.item.key}.csv": beside_simulated(one, result) for one in found}
        | {f"{one.item.key}_counts.csv": one.counted for one in found if len(one.counted)},
    )
    if options.as_json:
        rows = [
            {"item": one.item.key, "year": one.year, "flow": one.flow, "mean_wan": one.mean_wan, "sd_wan": one.sd_wan,
             "amounts": records(beside_simulated(one, result)), "ranges": records(ranges(one))}
            for one in found
        ]  # fmt: skip
        about = {"scenario": loaded.name, "trials": options.trials, "seed": options.seed, "items": rows}
        say_json(about, allow_nan=False)
        return
    _print(result, found)
    options.say_written()


def _print(result: RunResult, found: list[Exact]) -> None:
    from rich.text import Text

    from ..reports.run_sentences import exact_sentences

    screen = console()
    if not found:
        screen.print(Text(text_of(message("No item has an exact distribution in that year."))))
    for one in found:
        for line in exact_sentences(one, result):
            screen.print(Text(text_of(line)), soft_wrap=True)
        screen.print(_amount_table(result, one))
        if len(one.counted):
            screen.print()
            screen.print(_range_table(one))
        screen.print()


def _amount_table(result: RunResult, one: Exact) -> Any:
    """The likeliest amounts in order of the amount."""
    from ..results.exact import beside_simulated
    from ..wording.amounts import decimal, exact_percent, percent_with_error

    frame = beside_simulated(one, result)
    frame = frame.loc[sorted(frame.exact.sort_values(ascending=False).index[:MOST_AMOUNTS])]
    rows = [
        (decimal(row["amount_wan"], 0), exact_percent(row["exact"]),
         percent_with_error(row["simulated"], row["low"], row["high"]))
        for row in frame.to_dict("records")
    ]  # fmt: skip
    return table((message("amount, 万元"), message("exact"), message("simulated (95%)")), rows, numbers(3))


def _range_table(one: Exact) -> Any:
    """What each range of the count comes to."""
    from ..results.exact import ranges
    from ..wording.amounts import decimal, exact_percent

    rows = [
        (f"{row['first']}–{row['last']}", str(row["limit"]), decimal(row["amount_wan"], 0),
         exact_percent(row["probability"]))
        for row in ranges(one).to_dict("records")
    ]  # fmt: skip
    heads = (message("valid registrations"), message("winners"), message("amount, 万元"), message("exact"))
    return table(heads, rows, numbers(4))
