"""``changji-sim ask`` and ``seek``: what to ask for, and how far a number may go (求值)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from ..base.messages import Message, message, reader_language, text_of
from .answer_output import RunOptions, numbers, of_changed_runs, print_answer, table, titles_of_items
from .command_output import FINE, OWN_FAILURE, records, say_json
from .commands import Share, Whole, command, option
from .options import SCENARIO

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.model import ScenarioModel
    from ..whatif.seek import Sought

SURE = 0.9  # where none is given
LEAST_SHOWN = 1  # 万元 owed at the end of the last year in all, below which it has no column
SURE_OPTION = option("-p", "--probability", "sure", type=Share(may_be_whole=True), default=SURE, metavar="P",
                     show_default=f"{SURE}", help=message("How sure it must be (把握): 0.9 or 90%."))  # fmt: skip
YEAR_OPTION = option("--year", type=Whole(), metavar=message("YEAR"), show_default=message("all years, jointly"),
                     help=message("The year in which money must suffice."))  # fmt: skip


@command(
    short_help=message("What total to ask for, so that money suffices (应报多少)."),
    help=message(
        "The smallest total envelope (总额度) of SCENARIO (情景) with which money suffices in all years, or one, with "
        "the probability asked for; what one year alone would take; the split over categories; how the probability "
        "moves with the total, and what 100,000 yuan more buy; what falls off, by item, with a tenth and two tenths "
        "less."
    ),
)
@SCENARIO
@SURE_OPTION
@YEAR_OPTION
@option("--total", "totals", type=float, multiple=True, metavar=message("AMOUNT"),
        help=message("Also what falls off with this total (万元); several may be given."))  # fmt: skip
@of_changed_runs
def ask(scenario: str, sure: float, year: int | None, totals: tuple[float, ...], options: RunOptions) -> int:
    """Print the total to ask for."""
    options.say_reading(scenario)
    from ..reports.answer_sentences import asked_sentences
    from ..whatif.ask import ask as total_to_ask

    loaded = options.load(scenario)
    with options.runs_done() as progress:
        found = total_to_ask(
            loaded, _accepted(sure), year, options.trials, options.seed, progress=progress, totals_wan=totals
        )
    frames = {"by_year": found.by_year, "split": found.split, "more": found.more}
    tables = [_curve_table(found, found.more), _cut_table(loaded, found)] if found.value is not None else []
    return _tell(found, asked_sentences(found), tables, frames, options)


@command(
    short_help=message("How far one number may go, so that money suffices (求值)."),
    help=message(
        "The smallest or largest value of an adjustable parameter (可调项) of SCENARIO (情景) with which money "
        "suffices in all years, or one, with the probability asked for; with --payment, with which no year's payments "
        "exceed an amount. If there is none, why. changji-sim adjustable lists the names."
    ),
)
@SCENARIO
@click.argument("name", metavar=message("NAME"))
@SURE_OPTION
@YEAR_OPTION
@option("--payment", "payment_wan", type=float, metavar=message("AMOUNT"),
        help=message("What a year's payments may be (万元), instead of that money suffices."))  # fmt: skip
@of_changed_runs
def seek(
    scenario: str, name: str, sure: float, year: int | None, payment_wan: float | None, options: RunOptions
) -> int:
    """Print the value that is enough; the exit code says whether there is one."""
    options.say_reading(scenario)
    from ..reports.answer_sentences import sought_sentences
    from ..whatif.seek import seek as value_to_find

    loaded = options.load(scenario)
    with options.runs_done() as progress:
        found = value_to_find(
            loaded, name, _accepted(sure), year, options.trials, options.seed, progress=progress,
            payment_wan=payment_wan,
        )  # fmt: skip
    tables = [] if found.value is None else [_curve_table(found)]
    tables += [_cut_table(loaded, found)] if len(found.cuts) else []
    return _tell(found, sought_sentences(found), tables, {}, options)


def _accepted(sure: float) -> float:
    """The probability of the opposite, without the dust of binary fractions."""
    return round(1 - sure, 12)


def _tell(
    found: Sought,
    sentences: Iterable[Message],
    tables: Sequence[Any],
    frames: Mapping[str, pd.DataFrame],
    options: RunOptions,
) -> int:
    """Print and write an answer; the exit code says whether there is a value."""
    every = {"curve": found.curve, "cuts": found.cuts, **frames}
    about = _record(found) | {name: records(frame) for name, frame in every.items()}
    options.write({f"{name}.csv": frame for name, frame in every.items()}, about)
    if options.as_json:
        say_json(about, allow_nan=False)
    else:
        print_answer(sentences, *tables)
        options.say_written()
    return FINE if found.value is not None else OWN_FAILURE


def _record(found: Sought) -> dict[str, Any]:
    one = found.parameter
    return {
        "scenario": found.scenario.name,
        "name": one.key,
        "title": one.title,
        "unit": one.unit,
        "years": list(found.years),
        "payment_wan": found.payment_wan,
        f"accepted_{found.missed}": found.most,
        "value": found.value,
        "interval": list(found.interval),
        "is_least": found.is_least,
        "value_now": one.value,
        found.missed: None if found.value is None else found.probability,
        "why": text_of(found.why) or None,
        "trials": found.trials,
        "runs": found.runs,
        "totals_wan": {str(year): total for year, total in found.scenario.envelopes.total_wan.items()},
    }


# --- what is printed --------------------------------------------------------------------------------------------------


def _curve_table(found: Sought, more: pd.DataFrame | None = None) -> Any:
    """The probability at shares of the answer; of a total also at the one now, and what 10万 more change."""
    from ..whatif.seek import CURVE, amount
    from ..wording.amounts import percent, points, signed_wan
    from ..wording.labels import label

    assert found.value is not None
    one, shown, digits = found.parameter, found.curve, 3 if found.parameter.unit == "%" else 0
    wanted = {round(found.value * share, digits) for share in CURVE} | {found.value}
    heads = [message("with"), label(found.missed, reader_language(), "money"), message("95% interval")]
    changes: dict[float, tuple[str, ...]] = {}
    if more is not None:
        heads += [message("10万 more: {what}", what=label(key, reader_language(), of))
                  for key, of in (("probability_short", "money"), ("commitment", "flows"))]  # fmt: skip
        changes = {row["value"]: (text_of(message("{points} points", points=points(row["change_probability"]))),
                                  signed_wan(row["change_commitment_wan"]))
                   for row in more.to_dict("records")}  # fmt: skip
        wanted = set(changes)
    columns = (shown[name].tolist() for name in ("value", "probability", "low", "high"))
    rows = [
        (amount(value, one.unit), percent(chance), f"{percent(low)} – {percent(high)}", *changes.get(value, ()))
        for value, chance, low, high in zip(*columns, strict=True)
        if value in wanted
    ]
    return table(heads, rows, numbers(len(heads)))


def _cut_table(loaded: ScenarioModel, found: Sought) -> Any:
    """What falls off, by item and how it is decided: those that lose most first."""
    from ..whatif.seek import CUTS, amount
    from ..wording.amounts import wan
    from ..wording.labels import label

    titles, rules = titles_of_items(loaded), {item.key: item.when_short for item in loaded.items}
    cuts, say_in = found.cuts, reader_language()
    heads = [message("what falls off, 万元 in all years"), label("when_short", say_in, "parameters")]
    cells, totals = [], cuts.value.unique().tolist()
    for value in totals:
        of_item = cuts[cuts.value == value].set_index("item")
        share = of_item.share.iloc[0]
        less = f"−{round(100 * (1 - share))}%" if share in CUTS else amount(value, found.parameter.unit)
        heads.append(message("{less}: not committed", less=less))
        cells.append(of_item.unfunded_wan)
        if of_item.arrears_wan.sum() >= LEAST_SHOWN:
            heads.append(message("{less}: owed at the end", less=less))
            cells.append(of_item.arrears_wan)
    lost = sum(cells).sort_values(ascending=False)
    rows = [
        (titles[key], label(rules[key], say_in, "choices"), *(wan(float(one[key])) for one in cells))
        for key in lost[lost > 0].index
    ]
    rows.append((text_of(message("total")), "", *(wan(float(one.sum())) for one in cells)))
    return table(heads, rows, ("left", "left", *numbers(len(cells))))
