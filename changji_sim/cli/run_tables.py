"""``changji-sim tail``, ``caps`` and ``calendar``: what one run says of promises, ceilings and the days money lasts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from ..base.messages import message, reader_language, text_of
from .answer_output import RunOptions, numbers, of_changed_runs, print_answer, reader, table, titles_of_items
from .command_output import records, say_json
from .commands import command, option
from .item_names import item_key
from .options import SCENARIO

if TYPE_CHECKING:
    import pandas as pd

    from ..results.exhaustion import Calendar
    from ..results.run_result import RunResult

ERRORS = option("--errors", "has_errors", is_flag=True,
                help=message("Show how sure each number is after so many trials (模拟误差)."))  # fmt: skip


def one_run(scenario: str, options: RunOptions) -> RunResult:
    """The run that a command is about."""
    options.say_reading(scenario)
    from ..api.result import Result
    from ..kernel.simulate import simulate

    loaded = options.load(scenario)
    with options.runs_done():
        return Result(simulate(loaded, options.trials, options.seed))


def about_run(result: RunResult) -> dict[str, Any]:
    return {"scenario": result.scenario.name, "trials": result.trial_count, "seed": result.seed}


# --- tail -------------------------------------------------------------------------------------------------------------


@command(
    short_help=message("What is promised past the last year, and how bad it may get (以后年度支出责任)."),
    help=message(
        "What SCENARIO (情景) has promised past its last year, by year of promise and by item; what the envelopes "
        "leave for new money each year; the mean of the worst 5% of trials; how likely money is short in any year, and "
        "in every year."
    ),
)
@SCENARIO
@ERRORS
@of_changed_runs
def tail(scenario: str, has_errors: bool, options: RunOptions) -> None:
    """Print what is promised past the last year."""
    from ..reports.run_sentences import tail_sentences
    from ..results.promises import any_and_all, promises, room, worst

    result = one_run(scenario, options)
    paid, left, bad, (ever, always) = promises(result), room(result), worst(result), any_and_all(result)
    options.write({"promises.csv": paid, "room.csv": left, "worst.csv": bad})
    if options.as_json:
        chances = {"probability_any_year": _number(ever), "probability_every_year": _number(always)}
        frames = {"promises": records(paid), "room": records(left), "worst": records(bad)}
        say_json(about_run(result) | chances | frames | _tail_errors(result, ever, always), allow_nan=False)
        return
    tables = [_promise_table(paid), _promised_items(result, paid)] if len(paid) else []
    print_answer(tail_sentences(result, has_errors), *tables, _yearly_table(result, left, bad))
    options.say_written()


def _number(value: float) -> float | None:
    return None if value != value else value


def _tail_errors(result: RunResult, ever: float, always: float) -> dict[str, Any]:
    """The 95% intervals of the probabilities and of all that is paid later."""
    from ..reports.run_sentences import later_interval
    from ..results.monte_carlo import wilson

    chances = {"any_year": ever, "every_year": always}
    found = {name: list(wilson(chance, result.trial_count)) for name, chance in chances.items() if chance == chance}
    return {"intervals": found | {"paid_later_wan": list(later_interval(result))}}


def _promise_table(paid: pd.DataFrame) -> Any:
    """Year of promise by year of payment, all items."""
    from ..wording.amounts import wan

    whole = paid[paid.item == "*"]
    years = sorted(set(whole.year) - {0})
    cells = {(row["promised"], row["year"]): row["mean_wan"] for row in whole.to_dict("records")}
    heads = [message("paid later, mean, 万元: promised in"), *map(str, years), message("total")]
    rows = []
    for promised in sorted(set(whole.promised)):
        name = str(promised) if promised else text_of(message("earlier (opening position)"))
        rows.append((name, *(wan(cells.get((promised, year), 0.0)) for year in (*years, 0))))
    sums = (wan(float(whole.mean_wan[whole.year == year].sum())) for year in (*years, 0))
    rows.append((text_of(message("total")), *sums))
    return table(heads, rows, ("left", *numbers(len(years) + 1)))


def _promised_items(result: RunResult, paid: pd.DataFrame) -> Any:
    """Item by year of promise, all years of payment; those that are owed most first."""
    from ..wording.amounts import wan

    titles = titles_of_items(result.scenario)
    of_items = paid[(paid.item != "*") & (paid.year == 0)]
    years = sorted(set(of_items.promised))
    cells = {(row["item"], row["promised"]): row["mean_wan"] for row in of_items.to_dict("records")}
    sums = of_items.groupby("item").mean_wan.sum().sort_values(ascending=False)
    names = [str(year) if year else text_of(message("earlier")) for year in years]
    heads = [message("paid later by item, mean, 万元"), *names, message("total")]
    rows = [
        (titles[str(item)], *(wan(cells.get((item, year), 0.0)) for year in years), wan(total))
        for item, total in sums.items()
    ]
    return table(heads, rows, ("left", *numbers(len(years) + 1)))


def _yearly_table(result: RunResult, left: pd.DataFrame, bad: pd.DataFrame) -> Any:
    """A row a year: what the total envelope leaves for new money, and the worst trials beside the mean."""
    from ..wording.amounts import percent, wan, wan_range

    rooms = {row["year"]: row for row in left[left.category == "*"].to_dict("records")}
    worse = {(row["quantity"], row["year"]): row for row in bad.to_dict("records")}
    rows = []
    for year in result.years:
        cells = ["–"] * 4
        if year in rooms:
            one = rooms[year]
            spread = wan_range(one["room_p10_wan"], one["room_p90_wan"])
            cells = [wan(one["promised_wan"]), wan(one["room_wan"]), spread, percent(one["probability_none"])]
        need, lacking = worse["year_need", year], worse.get(("lacking", year))
        amounts = [wan(need["mean_wan"]), wan(need["worst_wan"])]
        amounts += ["–", "–"] if lacking is None else [wan(lacking["mean_wan"]), wan(lacking["worst_wan"])]
        rows.append((str(year), *cells, *amounts))
    heads = [
        message("year"), message("promised before, 万元"), message("room for new money"), message("10–90%"),
        message("P(no room)"), message("need of the year"), message("worst 5%"), message("lacking"),
        message("worst 5%"),
    ]  # fmt: skip
    return table(heads, rows, ("left", *numbers(8)))


# --- caps -------------------------------------------------------------------------------------------------------------


@command(
    short_help=message("What every ceiling cuts, and whom it touches (上限)."),
    help=message(
        "How often every ceiling and envelope of SCENARIO (情景) cuts, how much, and how many applications and "
        "applicants it touches, a year; those that cut most first. -o writes every year."
    ),
)
@SCENARIO
@ERRORS
@of_changed_runs
def caps(scenario: str, has_errors: bool, options: RunOptions) -> None:
    """Print what every ceiling cuts."""
    from ..reports.run_sentences import cap_sentences
    from ..results.monte_carlo import cap_errors
    from ..results.touched import touched, touched_a_year

    result = one_run(scenario, options)
    frame, yearly = touched(result), touched_a_year(result)
    options.write({"caps.csv": frame, "cap_errors.csv": cap_errors(result)})
    if options.as_json:
        rows = {"a_year": records(yearly), "rows": records(frame), "errors": records(cap_errors(result))}
        say_json(about_run(result) | rows, allow_nan=False)
        return
    print_answer(cap_sentences(result), _caps_table(yearly, _yearly_errors(result) if has_errors else None))
    options.say_written()


def _yearly_errors(result: RunResult) -> dict[tuple[str, str], Any]:
    """By cap and item: the 95% intervals of the two means over the years."""
    from ..results.monte_carlo import binding_errors

    return {(row["cap"], row["item"]): row for row in binding_errors(result).to_dict("records")}


def _caps_table(yearly: pd.DataFrame, errors: dict[tuple[str, str], Any] | None) -> Any:
    from ..wording.amounts import decimal, percent, percent_with_error, wan, wan_with_error
    from ..wording.labels import label
    from ..wording.language import cited

    say, rows = reader(), []
    for row in yearly[yearly.mean_cut_wan > 0].to_dict("records"):
        item = say(row["item_title"], row["item_title_en"])
        if row["item"] == "*":
            item = label("total", say, "columns") if row["category"] == "*" else say(row["item_title"], row["category"])
        chance, cut = percent(row["probability_binding"]), wan(row["mean_cut_wan"])
        of = (errors or {}).get((row["cap"], row["item"]))
        if of is not None:
            ends = of["probability_binding_low"], of["probability_binding_high"]
            chance = percent_with_error(row["probability_binding"], *ends)
            cut = wan_with_error(row["mean_cut_wan"], of["mean_cut_wan_low"], of["mean_cut_wan_high"])
        title = f"{say(row['cap_title'], row['cap_title_en'])} · {item}"
        counts = (decimal(row[name]) for name in ("mean_applications", "mean_applicants"))
        rows.append((title, cited(row["article"], say), chance, cut, wan(row["p95_cut_wan"]), *counts))
    keys = ("cap", "article", "probability_binding", "yearly_cut", "p95_cut")
    heads = [*(label(key, say, "columns") for key in keys), message("applications"), message("applicants")]
    return table(heads, rows, ("left", "left", *numbers(5)))


# --- calendar ---------------------------------------------------------------------------------------------------------


@command(
    short_help=message("When the money of an item runs out (用完日历)."),
    help=message(
        "By which day a ceiling of ITEM (支持方向) that is used up in order of submission is gone, how likely it lasts "
        "the year, and how many applications and applicants come too late. Without ITEM, of every item that has one."
    ),
)
@SCENARIO
@click.argument("item", required=False, metavar=message("[ITEM]"))
@option(
    "--cap",
    metavar=message("CAP"),
    help=message("Key of a ceiling; by default the last one that submission order uses up."),
)
@of_changed_runs
def calendar(scenario: str, item: str | None, cap: str | None, options: RunOptions) -> None:
    """Print by which days money is gone."""
    if cap is not None and item is None:
        raise click.UsageError(message("--cap needs ITEM: a ceiling is one item's"))
    result = one_run(scenario, options)
    found = list(_calendars(result, item, cap))
    frame = _calendar_frame(found)
    options.write({"calendar.csv": frame} | {f"months_{one.item.key}.csv": one.months() for one in found})
    if options.as_json:
        say_json(about_run(result) | {"rows": records(frame)}, allow_nan=False)
        return
    print_answer(_calendar_sentences(result, found), *([_calendar_table(result, frame)] if found else []))
    options.say_written()


def _calendars(result: RunResult, item: str | None, cap: str | None) -> Iterator[Calendar]:
    """Of the item named; else of every item with a ceiling that submission order uses up."""
    from ..kernel.calendar import is_used_in_order
    from ..results.exhaustion import calendar

    if item is not None:
        yield calendar(result, item_key(result.scenario, item), cap)
        return
    for one in result.scenario.items:
        if any(is_used_in_order(one_cap) for caps in one.caps.values() for one_cap in caps):
            yield calendar(result, one.key)


def _calendar_frame(found: list[Calendar]) -> pd.DataFrame:
    import pandas as pd

    frames = []
    for one in found:
        frame = one.by_year()
        frame.insert(0, "item", one.item.key)
        frame.insert(1, "cap", one.cap.key if one.cap else "envelope")
        frames.append(frame)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["item", "cap", "year"])


def _calendar_sentences(result: RunResult, found: list[Calendar]) -> Iterator[str]:
    from ..reports.briefing import calendar_sentence

    if not found:
        yield message("No ceiling of any item is used up in order of submission.")
    for one in found:
        yield calendar_sentence(result, one, one.years[0], reader_language())


def _calendar_table(result: RunResult, frame: pd.DataFrame) -> Any:
    from ..wording.amounts import decimal, percent, wan

    titles, rows = titles_of_items(result.scenario), []
    for row in frame.to_dict("records"):
        days = [row[name][5:] or "–" for name in ("p10_date", "p50_date", "p90_date")]
        counts = [decimal(row[name]) for name in ("mean_turned_away", "mean_partly", "mean_applicants")]
        amounts = wan(row["limit_wan"]), percent(row["probability_lasts"])
        rows.append((titles[row["item"]], str(row["year"]), *amounts, *days, wan(row["mean_cut_wan"]), *counts))
    heads = [
        message("item"), message("year"), message("limit, 万元"), message("P(lasts the year)"), message("gone by, 10%"),
        "50%", "90%", message("cut, 万元"), message("get nothing"), message("get a part"), message("applicants"),
    ]  # fmt: skip
    return table(heads, rows, ("left", "left", *numbers(9)))
