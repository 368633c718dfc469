"""``changji-sim compare`` and ``readings``: what a change, and what another reading of a phrase, costs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from ..base.messages import message, reader_language, text_of
from .answer_output import RunOptions, numbers, of_changed_runs, of_runs, reader, table, titles_of_items
from .command_output import records, say, say_json
from .commands import command
from .options import SCENARIO, console

if TYPE_CHECKING:
    import pandas as pd

    from ..results.run_result import RunResult
    from ..scenario.model import ScenarioModel

FLOWS = {"year_need": "money", "commitment": "flows"}  # of which readings are priced, with their section of labels


@command(
    short_help=message("Compare scenarios, or a scenario with what --set or --reform changes (情景对比)."),
    help=message(
        "What SCENARIO (情景) and each OTHER need, commit and lack, on the same futures, and by item what differs; "
        "what does not differ is left out. With --set or --reform instead of OTHER: the scenario before and after."
    ),
)
@SCENARIO
@click.argument("others", nargs=-1, metavar=message("[OTHER] …"))
@of_changed_runs
def compare(scenario: str, others: tuple[str, ...], options: RunOptions) -> None:
    """Print what differs between scenarios."""
    options.say_reading(scenario)
    from ..api.result import Result
    from ..kernel.simulate import simulate
    from ..reports.guide_changes import guide_changes
    from ..results.breakdown import differences
    from ..results.compare import told_apart
    from ..results.recipients import recipient_comparison, recipient_observers, record_recipients
    from ..results.side_by_side import comparison

    scenarios = _scenarios(scenario, others, options)
    results: list[RunResult] = []
    with options.runs_done() as done:
        for one in scenarios:
            observe = recipient_observers(one)
            results.append(Result(simulate(one, options.trials, options.seed, observe=observe)))
            record_recipients(results[-1], observe)
            done(len(results))
    whole, by_item = comparison(results), [differences(results[0], other) for other in results[1:]]
    recipients = recipient_comparison(results)
    names = told_apart([_name(one, options.settings) for one in scenarios], scenarios)
    guides = [guide_changes(scenarios[0], other, reader_language()) for other in scenarios[1:]]
    frames = {"compare.csv": whole, "recipients.csv": recipients}
    frames |= {f"items_{n}.csv": one for n, one in enumerate(by_item, start=2)}
    options.write(frames, others=_guide_files(scenarios) if options.out else None)
    if options.as_json:
        about = {"scenarios": names, "rows": records(whole), "items": [records(one) for one in by_item]}
        about |= {"guide": [records(one) for one in guides], "recipients": records(recipients)}
        say_json(about | {"trials": options.trials, "seed": options.seed}, allow_nan=False)
        return
    _print_comparison(scenarios, names, whole, by_item)
    _print_recipients(recipients)
    _print_guides(scenarios)
    options.say_written()


def _guide_files(scenarios: Sequence[ScenarioModel]) -> dict[str, bytes]:
    """The tables to attach (指南修改对照表), of the first scenario and each other whose guide differs."""
    from ..base.messages import handed_on_language
    from ..reports.guide_changes import guide_files
    from ..wording.labels import label

    language = handed_on_language()
    files: dict[str, bytes] = {}
    for position, other in enumerate(scenarios[1:], start=2):
        number = f"_{position}" if len(scenarios) > 2 else ""
        name = label("guide_changes", language, "pages") + number
        files |= guide_files(scenarios[0], other, name, language)
    return files


def _print_guides(scenarios: Sequence[ScenarioModel]) -> None:
    """What the guides say otherwise, and how far each has come."""
    from rich.text import Text

    from ..reports.guide_changes import titled_changes
    from ..wording.guide_standing import guide_standing
    from ..wording.labels import label

    screen, say_in = console(), reader()
    for position, one in enumerate(scenarios, start=1):
        standing = guide_standing(one, say_in)
        if standing:
            screen.print(
                Text(text_of(message("{position}: the guide: {standing}", position=position, standing=standing)))
            )
    for position, other in enumerate(scenarios[1:], start=2):
        headers, rows = titled_changes(scenarios[0], other, say_in)
        if rows:
            screen.print()
            screen.print(Text(f"{position}  {label('guide_changes', say_in, 'pages')}"))
            screen.print(table(headers, rows, ["left" for _ in headers]))


def _name(scenario: ScenarioModel, settings: Sequence[str]) -> str:
    """A scenario as its file calls it, its reform, and what was set."""
    from ..wording.language import reform_title, scenario_title

    names = (scenario_title(scenario, reader()), reform_title(scenario, reader()))
    return " · ".join(part for part in (*names, *(settings if scenario.changes else ())) if part)


def _scenarios(scenario: str, others: Sequence[str], options: RunOptions) -> list[ScenarioModel]:
    """The first, and what it is compared with."""
    first = options.load_unchanged(scenario)
    if others and (options.settings or options.reform):
        what = message("--set and --reform change SCENARIO itself; leave out the other scenarios, or compare files")
        raise click.UsageError(what)
    if others:
        return [first, *(options.load_unchanged(other) for other in others)]
    if not (options.settings or options.reform):
        raise click.UsageError(message("compare with what? give another scenario, --set NAME=VALUE or --reform NAME"))
    return [first, options.load(scenario)]


def _print_comparison(
    scenarios: Sequence[ScenarioModel], names: Sequence[str], whole: pd.DataFrame, by_item: Sequence[pd.DataFrame]
) -> None:
    from rich.text import Text

    screen = console()
    for position, name in enumerate(names, start=1):
        screen.print(Text(f"{position}  {name}"), soft_wrap=True)
    screen.print()
    screen.print(_whole_table(whole))
    for position, frame in enumerate(by_item, start=2):
        rows = list(_item_rows(scenarios, frame))
        screen.print()
        if not rows:
            say(message("{position}: no item's commitments differ in any trial", position=position))
            continue
        heads = (message("commitments, 万元 a year"), message("before"), message("after"), message("difference"),
                 message("95% interval"))  # fmt: skip
        screen.print(table(heads, rows, ("left", *numbers(4))))


def _print_recipients(recipients: pd.DataFrame) -> None:
    """What is committed to enterprises and to institutes, where that differs."""
    from ..wording.amounts import signed_wan, wan
    from ..wording.labels import label

    if recipients.is_same.all():
        return
    rows = []
    for kind, group in recipients.groupby("kind", sort=False):
        changes = [_change("commitment", _named(row), signed_wan) for row in group.iloc[1:].itertuples()]
        rows.append((label(str(kind), reader_language(), "forms"), *map(wan, group.value_wan), *changes))
    count = recipients.position.nunique()
    heads = [message("commitments to, 万元 a year"), *map(str, range(1, count + 1))]
    heads += [f"{other} − 1" for other in range(2, count + 1)]
    console().print()
    console().print(table(heads, rows, ("left", *numbers(2 * count - 1))))


def _whole_table(whole: pd.DataFrame) -> Any:
    """A row a quantity and year in which something differs; all years together always."""
    from ..results.side_by_side import LATER, QUANTITIES
    from ..wording.amounts import percent, signed_wan, wan
    from ..wording.labels import label

    language, rows = reader_language(), []
    times = {"*": message("all years"), LATER: message("later years")}
    for (quantity, when), group in whole.groupby(["quantity", "when"], sort=False):
        is_same = bool(group.is_same.iloc[1:].all())
        if is_same and when != "*":
            continue
        show = percent if quantity == "probability_short" else wan
        cells = [show(value) for value in group.value.tolist()]
        changes = [_change(str(quantity), one, signed_wan) for one in group.iloc[1:].to_dict("records")]
        title = label(str(quantity), language, QUANTITIES[str(quantity)])
        rows.append((title, text_of(times.get(str(when), str(when))), *cells, *changes))
    count = whole.position.nunique()
    heads = [message("quantity"), message("year"), *map(str, range(1, count + 1))]
    heads += [f"{other} − 1" for other in range(2, count + 1)]
    return table(heads, rows, ("left", "left", *numbers(2 * count - 1)))


def _change(quantity: str, row: dict[Any, Any], signed: Any) -> str:
    """A difference with its 95% interval; 0 where no trial differs."""
    from ..wording.amounts import points

    mean, low, high = row["difference"], row["low"], row["high"]
    if mean != mean:
        return "–"
    if row["is_same"]:
        return "0"
    if quantity == "probability_short":
        return text_of(message("{points} points", points=points(mean))) + f" ({points(low)} – {points(high)})"
    return signed(mean) if low == high else f"{signed(mean)} ({signed(low)} – {signed(high)})"


def _item_rows(scenarios: Sequence[ScenarioModel], frame: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    """Items whose commitments differ in any trial, those that differ most first, a year's mean."""
    from ..results.compare import differences_a_year
    from ..wording.amounts import signed_wan, wan

    titles = titles_of_items(*scenarios)
    for row in differences_a_year(frame, scenarios[0].years).to_dict("records"):
        ends = f"{signed_wan(row['low_wan'])} – {signed_wan(row['high_wan'])}"
        amounts = wan(row["before_wan"]), wan(row["after_wan"]), signed_wan(row["difference_wan"])
        yield titles[row["item"]], *amounts, ends


@command(
    short_help=message("What each reading of the law's phrases costs (条款口径)."),
    help=message(
        "What need and commitments of SCENARIO (情景) would be if another reading (条款口径) of a phrase held, "
        "everything else as it is, on the same futures, a year, with the 95% interval. What decides nothing here "
        "says why."
    ),
)
@SCENARIO
@of_runs
def readings(scenario: str, options: RunOptions) -> None:
    """Print the price of every other reading."""
    options.say_reading(scenario)
    from ..whatif.marginal_costs import reading_prices

    loaded, trials, seed = options.load(scenario), options.trials, options.seed
    with options.runs_done() as done:
        prices = reading_prices(loaded, trials, seed, lambda trials_done, _: done(trials_done // trials))
    options.write({"readings.csv": prices})
    if options.as_json:
        about = {"scenario": loaded.name, "trials": trials, "seed": seed, "rows": records(prices)}
        say_json(about, allow_nan=False)
        return
    console().print(_price_table(prices))
    options.say_written()


def _price_table(prices: pd.DataFrame) -> Any:
    from ..measure import load_measure
    from ..wording.amounts import signed_wan
    from ..wording.labels import label

    law, say_in, rows = load_measure(), reader(), []
    for (name, choice), group in prices.groupby(["reading", "choice"], sort=False):
        reading = law.readings[str(name)]
        titles = {one.key: say_in(one.title, one.title_en or one.title) for one in reading.choices}
        of = group.set_index("flow")
        first = of.iloc[0]
        why = say_in(first.why, first.why_en)
        amounts = [_change(flow, _named(of.loc[flow]), signed_wan) for flow in FLOWS]
        title = say_in(reading.title, reading.title_en or reading.title)
        was = titles[str(first.chosen)]
        rows.append((title, reading.article, f"{was} → {titles[str(choice)]}", *amounts, str(why or "")))
    flows = (label(flow, reader_language(), of) for flow, of in FLOWS.items())
    heads = (message("reading"), message("article"), message("instead"), *flows, message("why nothing"))
    return table(heads, rows, ("left", "left", "left", *numbers(len(FLOWS)), "left"))


def _named(row: Any) -> dict[str, Any]:
    return {"difference": row.difference_wan, "low": row.low_wan, "high": row.high_wan, "is_same": bool(row.is_same)}
