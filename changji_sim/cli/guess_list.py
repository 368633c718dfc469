"""``changji-sim find-out``: which guess moves an answer most (先查清哪个假设)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ..base.messages import message
from .answer_output import RunOptions, numbers, of_changed_runs, print_answer, reader, table, titles_of_items
from .command_output import records, say, say_json
from .commands import OneOf, command, option
from .options import ANSWER_YEAR, SCENARIO

if TYPE_CHECKING:
    from ..whatif.find_out import FoundOut

ANSWERS = ("need", "year_need", "entitlement", "commitment", "payment", "lacking", "probability_short")
MOST_ROWS = 12  # on a screen
MOST_OF_A_SOURCE = 16  # characters on a screen


@command(
    name="find-out",
    short_help=message("Which guess moves an answer most (先查清哪个假设)."),
    help=message(
        "Which number in doubt of SCENARIO (情景) moves an answer most: each held at the lowest and at the highest "
        "value of its range, everything else as before, on the same futures; and what share of the variance goes with "
        "it alone. With the mark and the source of each number, so that it is known what to find out first."
    ),
)
@SCENARIO
@option(
    "--answer", type=OneOf(ANSWERS), default=ANSWERS[0], metavar=message("ANSWER"), show_default=ANSWERS[0],
    help=message("What is asked about: need, year_need (without arrears), entitlement, commitment, payment, "
                 "lacking (mean shortfall) or probability_short."),
)  # fmt: skip
@ANSWER_YEAR
@of_changed_runs
def find_out(scenario: str, answer: str, year: int | None, options: RunOptions) -> None:
    """Print guesses by what they move."""
    options.say_reading(scenario)
    from ..whatif.find_out import find_out

    loaded = options.load(scenario)
    with options.runs_done() as done:
        found = find_out(loaded, answer, year, options.trials, options.seed, progress=done)
    about = _record(found, options.seed)
    options.write({"guesses.csv": found.table}, about)
    if options.as_json:
        say_json(about, allow_nan=False)
        return
    _print(found)
    options.say_written()


def _record(found: FoundOut, seed: int) -> dict[str, Any]:
    return {
        "scenario": found.scenario.name,
        "answer": found.answer,
        "years": list(found.years),
        "mean_a_year": found.mean_a_year,
        "sd_a_year": found.sd_a_year,
        "rest_of_variance": None if math.isnan(found.rest) else found.rest,
        "trials": found.trials,
        "seed": seed,
        "runs": found.runs,
        "rows": records(found.table),
    }


def _print(found: FoundOut) -> None:
    from ..reports.guess_sentences import guess_sentences
    from ..whatif.find_out import LEAST_TRIALS

    print_answer(guess_sentences(found), _table(found))
    if len(found.table) > MOST_ROWS:
        say(message("{count} more move it less; -o writes all", count=len(found.table) - MOST_ROWS))
    if found.trials < LEAST_TRIALS:
        say(message("Shares of the variance need {least} trials or more.", least=LEAST_TRIALS))


def _table(found: FoundOut) -> Any:
    """A row a guess: its range, the answer at either end, what lies between, its share, where it comes from."""
    from ..wording.amounts import points, wan
    from ..wording.guess_texts import answer_amount, guess_range, guess_value
    from ..wording.language import title_with_item
    from ..wording.source_words import source_words

    items, say_in, rows = titles_of_items(found.scenario), reader(), []
    is_chance = found.answer == ANSWERS[-1]
    for row in found.table.head(MOST_ROWS).to_dict("records"):
        title = title_with_item(items, row["item"], say_in(row["title"], row["title_en"]))
        distance = points(row["swing"]).removeprefix("+") if is_chance else wan(row["swing"])
        ends = (answer_amount(found.answer, row[end]) for end in ("at_low", "at_high"))
        about = guess_value(row["value"], row["unit"]), guess_range(row["low"], row["high"], row["unit"])
        source = _short(source_words(row["source"], say_in))
        rows.append((title, *about, *ends, distance, _share(row), row["mark"] or "–", source))
    heads = (message("guess"), message("value"), message("range"), message("at the lowest"), message("at the highest"),
             message("apart"), message("share of variance"), message("mark"), message("source"))  # fmt: skip
    return table(heads, rows, ("left", *numbers(6), "left", "left"))


def _share(row: dict[Any, Any]) -> str:
    """A share with half its 95% interval; – where none was worked out."""
    from ..wording.amounts import percent

    if math.isnan(row["share"]):
        return "–"
    return f"{percent(row['share'])} ±{percent(row['share_error'])}"


def _short(source: str) -> str:
    return source if len(source) <= MOST_OF_A_SOURCE else source[: MOST_OF_A_SOURCE - 1] + "…"
