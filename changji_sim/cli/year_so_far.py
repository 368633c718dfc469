"""``changji-sim midyear``: the year's forecast given the real figures to a day (年中)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from ..base.faults import Fault, FaultyInput
from ..base.messages import message, text_of
from .answer_output import RunOptions, numbers, of_changed_runs, print_answer, table, titles_of_items
from .command_output import records, say, say_json
from .commands import command, option
from .item_names import item_key
from .options import FILE, SCENARIO

if TYPE_CHECKING:
    from ..budget_year.mid_year import MidYear

DAY = message("DAY")
ITEM = message("ITEM")


def day_of(word: str | None) -> datetime.date | None:
    """A day as it is typed: 2026-06-30, 2026年6月30日.

    Raises:
        FaultyInput: it is none.
    """
    if word is None:
        return None
    from ..applications.days import parse_day

    try:
        return parse_day(word)
    except ValueError as error:
        raise FaultyInput([Fault("--as-of", error.args[0])]) from None


@command(
    "midyear",
    short_help=message("The year's forecast given the real figures to a day (年中)."),
    help=message(
        "The first year of SCENARIO (情景) given a ledger of it (台账): applications, decisions and payments to a day. "
        "The rest of the year is simulated given them. Prints the forecast of January beside that of today, what of "
        "each limit is used up, which lines will be short and which have room.\n\n"
        "changji-sim template --actuals makes an empty ledger."
    ),
)
@SCENARIO
@option("--actuals", required=True, metavar=FILE,
        help=message("The ledger (台账): .xlsx, .xls, .et, .ods or .csv."))  # fmt: skip
@option("--as-of", metavar=DAY, show_default=message("the last day in it"),
        help=message("The day up to which it holds everything (截至)."))  # fmt: skip
@option("--closed", multiple=True, metavar=ITEM,
        help=message("An item that takes no more applications this year (申报已截止); may be repeated."))  # fmt: skip
@option("--not-open", multiple=True, metavar=ITEM,
        help=message("An item whose call is still to come (申报未开始); may be repeated."))  # fmt: skip
@option("--complete", is_flag=True,
        help=message("The ledger holds all items: one without a row has had no application. Otherwise the year of such "
                     "an item is that of January."))  # fmt: skip
@of_changed_runs
def midyear(
    scenario: str,
    actuals: str,
    as_of: str | None,
    closed: tuple[str, ...],
    not_open: tuple[str, ...],
    complete: bool,
    options: RunOptions,
) -> None:
    """Print the year as it stands, and what to do about it."""
    options.say_reading(scenario)
    from ..budget_year.mid_year import mid_year
    from ..reports.mid_year_sentences import mid_year_sentences
    from ..reports.run_files import result_files

    loaded = options.load(scenario)
    shut, to_come = ([item_key(loaded, word) for word in words] for words in (closed, not_open))
    with options.runs_done():
        year = mid_year(loaded, actuals, day_of(as_of), shut, to_come, complete, options.trials, options.seed)
    about = _record(year)
    frames = {"items.csv": year.items(), "lines.csv": year.lines(), "moves.csv": year.moves()}
    options.write(frames, about, result_files(year.now) if options.out else None)
    if options.as_json:
        say_json(about, allow_nan=False)
        return
    for warning in year.scenario.warnings[len(loaded.warnings) :]:
        say(message("warning: {what}", what=warning.text()), to_stderr=True)
    print_answer(mid_year_sentences(year), _line_table(year), _item_table(year))
    options.say_written()


def _record(year: MidYear) -> dict[str, Any]:
    from ..reports.mid_year_sentences import mid_year_sentences

    return {
        "scenario": year.scenario.name,
        "year": year.year,
        "as_of": str(year.as_of) if year.as_of else None,
        "trials": year.now.trial_count,
        "seed": year.now.seed,
        "items": records(year.items()),
        "lines": records(year.lines()),
        "moves": records(year.moves()),
        "sentences": list(map(text_of, mid_year_sentences(year))),
    }


# --- what is printed --------------------------------------------------------------------------------------------------


def _line_table(year: MidYear) -> Any:
    """Each limit: what is used up, and the year's use in January and now."""
    from ..budget_year.line_titles import line_title
    from ..budget_year.mid_year import rows_of
    from ..wording.amounts import percent, wan, wan_range

    rows = [
        (
            text_of(line_title(year.scenario, row)), wan(row.limit_wan), wan(row.approved_wan), wan(row.paid_wan),
            wan(row.left_wan), wan_range(row.january_p10_wan, row.january_p90_wan),
            wan_range(row.now_p10_wan, row.now_p90_wan), percent(row.january_probability_short),
            percent(row.probability_short),
        )
        for row in rows_of(year.lines())
    ]  # fmt: skip
    heads = (
        message("limit, 万元"), message("amount"), message("approved"), message("paid"), message("left"),
        message("in January"), message("now"), message("short: January"), message("short: now"),
    )  # fmt: skip
    return table(heads, rows, ("left", *numbers(8)))


def _item_table(year: MidYear) -> Any:
    """Each item of which something is known: applications and commitments."""
    from ..budget_year.mid_year import rows_of
    from ..wording.amounts import decimal, wan, wan_range

    titles, items = titles_of_items(year.scenario), year.items()
    rows = [
        (
            titles[row.item], str(row.seen), "–" if row.expected_so_far != row.expected_so_far
            else decimal(row.expected_so_far, 1), str(row.approved), str(row.refused), str(row.pending),
            wan(row.approved_wan), wan(row.paid_wan), wan_range(row.january_p10_wan, row.january_p90_wan),
            wan_range(row.now_p10_wan, row.now_p90_wan),
        )
        for row in rows_of(items[items.seen > 0])
    ]  # fmt: skip
    heads = (
        message("item, committed in the year, 万元"), message("applications"), message("expected"),
        message("approved"), message("refused"), message("undecided"), message("approved, 万元"), message("paid"),
        message("in January"), message("now"),
    )  # fmt: skip
    return table(heads, rows, ("left", *numbers(9)))
