"""``changji-sim map``: two numbers against each other, whether money is short and which limit decides (对照图)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..base.faults import Fault, FaultyInput
from ..base.messages import message, text_of
from ..base.spelling import number_of_text
from .answer_output import RunOptions, numbers, of_changed_runs, print_answer, reader, table
from .command_output import records, say_json
from .commands import Whole, command, option
from .options import ANSWER_YEAR, SCENARIO, console

if TYPE_CHECKING:
    from ..adjustable.adjustable import Adjustable
    from ..whatif.regime_map import RegimeMap

STEPS = 9
LETTERS = "abcdefghijklmnopqrstuvwxyz"  # of the limits that decide, in the cells
ENDS = message("LOW..HIGH")


@command(
    name="map",
    short_help=message("Two numbers against each other: is money short, and what decides (两项对照图)."),
    help=message(
        "How likely money is short over a grid of values of two adjustable numbers X and Y of SCENARIO (情景), on the "
        "same futures, and which limit of a year decides: an envelope, or a ceiling of an item. By default each runs "
        "over its range of doubt, else 30% to either side of its value."
    ),
)
@SCENARIO
@click.argument("x", metavar=message("X"))
@click.argument("y", metavar=message("Y"))
@option("--x", "x_ends", help=message("Lowest and highest value of X, such as 3%..15%."), metavar=ENDS)
@option("--y", "y_ends", help=message("Lowest and highest value of Y, such as 6000..10000."), metavar=ENDS)
@option("--steps", type=Whole(2, 51), default=STEPS, metavar="N", show_default=f"{STEPS}",
        help=message("Values of each number."))  # fmt: skip
@ANSWER_YEAR
@of_changed_runs
def two_way_map(
    scenario: str,
    x: str,
    y: str,
    x_ends: str | None,
    y_ends: str | None,
    steps: int,
    year: int | None,
    options: RunOptions,
) -> None:
    """Print a map of two numbers."""
    x_between, y_between = _ends("--x", x_ends), _ends("--y", y_ends)
    options.say_reading(scenario)
    from ..whatif.regime_map import regime_map

    loaded = options.load(scenario)
    with options.runs_done() as done:
        found = regime_map(loaded, x, y, x_between, y_between, steps, year, options.trials, options.seed, progress=done)
    about = _record(found, options.seed)
    options.write({"map.csv": found.cells}, about)
    if options.as_json:
        say_json(about, allow_nan=False)
        return
    _print(found)
    options.say_written()


def _ends(name: str, text: str | None) -> tuple[float, float] | None:
    """Two numbers with .. between; a share may have its percent sign."""
    if text is None:
        return None
    values = []
    for part in text.split(".."):
        number = number_of_text(part.strip().removesuffix("%"))
        values.append(None if number is None else number / 100 if part.strip().endswith("%") else number)
    if len(values) != 2 or values[0] is None or values[1] is None:
        what = message("'{text}' is no range; write 3%..15% or 6000..10000", text=text[:60])
        raise FaultyInput([Fault(name, what)])
    return values[0], values[1]


def _record(found: RegimeMap, seed: int) -> dict[str, Any]:
    def about(one: Adjustable) -> dict[str, Any]:
        return {"name": one.key, "title": one.title, "unit": one.unit, "value_now": one.value}

    return {
        "scenario": found.scenario.name,
        "x": about(found.x),
        "y": about(found.y),
        "years": list(found.years),
        "limits": {key: {"zh": zh, "en": en} for key, (zh, en) in found.limits.items()},
        "trials": found.trials,
        "seed": seed,
        "runs": found.runs,
        "rows": records(found.cells),
    }


def _print(found: RegimeMap) -> None:
    from rich.text import Text

    from ..reports.map_sentences import map_sentences

    print_answer(map_sentences(found), _table(found))
    screen = console()
    screen.print()
    for letter, (zh, en) in zip(LETTERS, found.limits.values(), strict=False):
        screen.print(Text(text_of(message("{letter}: {limit} decides", letter=letter, limit=reader()(zh, en)))))
    failed = found.cells[found.cells.why != ""]
    for why in dict.fromkeys(failed.why):
        screen.print(Text(text_of(message("–: {why}", why=why))), soft_wrap=True)


def _table(found: RegimeMap) -> Any:
    """A row a value of Y, the largest on top; a column a value of X; each cell the probability and a letter."""
    from ..reports.map_sentences import short_amount
    from ..wording.amounts import percent

    letters = dict(zip(found.limits, LETTERS, strict=False))
    cells = found.cells.set_index(["y", "x"])
    xs, ys = sorted(set(found.cells.x)), sorted(set(found.cells.y), reverse=True)
    rows = []
    for y in ys:
        of_row = [cells.loc[(y, x)] for x in xs]
        texts = [f"{percent(one.probability_short)} {letters.get(one.limit, '·')}" for one in of_row]
        rows.append((short_amount(found.y, y), *texts))
    return table(["Y \\ X", *(short_amount(found.x, x) for x in xs)], rows, numbers(len(xs) + 1))
