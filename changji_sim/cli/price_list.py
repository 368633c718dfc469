"""``changji-sim price``: what one more unit of each number costs (价格)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..base.faults import Fault, FaultyInput
from ..base.messages import Message, message, reader_language, text_of
from ..base.spelling import number_of_text
from .answer_output import RunOptions, numbers, of_changed_runs, reader, table, titles_of_items
from .command_output import records, say, say_json
from .commands import command, option
from .options import SCENARIO, console

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.model import ScenarioModel

MOST_ROWS = 30  # on a screen


@command(
    short_help=message("What one more unit of each number costs (价格)."),
    help=message(
        "What one unit (1万元, one percentage point, one place, one year) more and less of every ceiling, rate, prize, "
        "place and envelope of SCENARIO (情景) changes, alone and on the same futures; beyond the law as a reform of "
        "it. Those that change most come first.\n\n"
        "With NAME, of these alone. With --values, the flows over these values of one NAME."
    ),
)
@SCENARIO
@click.argument("names", nargs=-1, metavar=message("[NAME] …"))
@option("--values", metavar=message("A,B,C"), help=message("Values of the one NAME, such as 2,4,5,6,8 or 15%,20%,25%."))
@option("--served", "counts_served", is_flag=True,
        help=message("Also how many more applications and applicants are served."))  # fmt: skip
@of_changed_runs
def price(scenario: str, names: tuple[str, ...], values: str | None, counts_served: bool, options: RunOptions) -> None:
    """Print prices, or the flows over a range of values."""
    if values is not None and len(names) != 1:
        raise click.UsageError(message("--values needs one NAME"))
    if values is not None and counts_served:
        raise click.UsageError(message("--served goes without --values"))
    options.say_reading(scenario)
    from ..whatif.prices import curve, prices

    loaded, trials, seed = options.load(scenario), options.trials, options.seed
    with options.runs_done() as done:
        if values is None:
            found = prices(loaded, names, trials, seed, progress=done, counts_served=counts_served)
        else:
            found = curve(loaded, names[0], _numbers(values), trials, seed, progress=done)
    options.write({"prices.csv" if values is None else "curve.csv": found})
    if options.as_json:
        about = {"scenario": loaded.name, "trials": trials, "seed": seed, "rows": records(found)}
        say_json(about, allow_nan=False)
        return
    console().print(_curve_table(found) if values is not None else _price_table(loaded, found))
    if values is None and len(found) > 2 * MOST_ROWS:
        say(message("{count} more change less or nothing; -o writes all", count=len(found) // 2 - MOST_ROWS))
    options.say_written()


def _numbers(text: str) -> list[float]:
    """Numbers between commas; a share may have its percent sign."""
    found = []
    for part in text.replace("，", ",").split(","):
        number = number_of_text(part.strip().removesuffix("%"))
        if number is None:
            what = message("'{text}' is no number; write numbers between commas", text=part.strip()[:60])
            raise FaultyInput([Fault("--values", what)])
        found.append(number / 100 if part.strip().endswith("%") else number)
    return found


def _price_table(loaded: ScenarioModel, found: pd.DataFrame) -> Any:
    """A row a parameter: commitments and payments a year with a unit more and a unit less."""
    from ..whatif.prices import SERVED, by_size
    from ..whatif.seek import amount
    from ..wording.labels import label
    from ..wording.language import title_with_item

    say_in, items, rows = reader(), titles_of_items(loaded), []
    for name in by_size(found).index[:MOST_ROWS]:
        more, less = found[found.name == name].to_dict("records")
        title = title_with_item(items, more["item"], say_in(more["title"], more["title_en"]))
        cells = [_cell(row, flow) for flow in ("commitment", "payment") for row in (more, less)]
        cells += [_count_cell(row, of) for of in SERVED if of in more for row in (more, less)]
        rows.append((title, amount(more["value"], more["unit"]), _unit(more["unit"]), *cells))
    flows = [label(flow, reader_language()) for flow in ("commitment", "payment") for _ in range(2)]
    flows += [text_of(title) for of, title in served_titles().items() if of in found for _ in range(2)]
    heads = [message("one unit of"), message("value"), message("unit")]
    heads += [message("{flow}: more", flow=flow) if n % 2 == 0 else message("{flow}: less", flow=flow)
              for n, flow in enumerate(flows)]  # fmt: skip
    return table(heads, rows, ("left", *numbers(len(heads) - 1)))


def served_titles() -> dict[str, Message]:
    """What the counts of those served are called."""
    return {"applications": message("applications served"), "applicants": message("applicants served")}


def _count_cell(row: dict[Any, Any], of: str) -> str:
    """The change of a count a year with half its 95% interval; – where the number cannot be moved so."""
    from ..wording.amounts import signed_decimal

    mean, high = row[of], row[f"{of}_high"]
    if mean != mean:
        return "–"
    return (
        signed_decimal(mean) if high == mean else f"{signed_decimal(mean)} ±{signed_decimal(high - mean).lstrip('+')}"
    )


def _unit(unit: str) -> str:
    """What one more is: ``1万元``, a percentage point, 1."""
    return text_of(message("1 point")) if unit == "%" else f"1{unit}"


def _cell(row: dict[Any, Any], flow: str) -> str:
    """The change a year with half its 95% interval; – where the number cannot be moved so."""
    from ..wording.amounts import signed_wan, wan

    mean, high = row[f"{flow}_wan"], row[f"{flow}_high_wan"]
    if mean != mean:
        return "–"
    return signed_wan(mean) if high == mean else f"{signed_wan(mean)} ±{wan(high - mean)}"


def _curve_table(found: pd.DataFrame) -> Any:
    from ..whatif.prices import PRICED
    from ..wording.amounts import percent, wan
    from ..wording.labels import label

    titles = (label(flow, reader_language(), "money" if flow == "year_need" else "flows") for flow in PRICED)
    heads = [message("value"), *titles, message("P(short)"), ""]
    rows = [
        (f"{row['value']:g}", *(wan(row[f"{flow}_wan"]) for flow in PRICED), percent(row["short"]), row["why"])
        for row in found.to_dict("records")
    ]
    return table(heads, rows, (*numbers(len(heads) - 1), "left"))
