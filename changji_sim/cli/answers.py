"""``changji-sim ask`` and ``seek``: what to ask for, and how far a number may go (求值)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..base.messages import message, text_of
from .answer_output import RunOptions, numbers, of_changed_runs, print_answer, table, titles_of_items
from .commands import Whole, command, option
from .options import SCENARIO
from .saying import FINE, OWN_FAILURE, records, say_json

if TYPE_CHECKING:
    from ..scenario.model import ScenarioModel
    from ..whatif.seek import Sought

SURE = 0.9  # where none is given
AMOUNTS = ("unfunded_wan", "arrears_wan")
SURE_OPTION = option("-p", "--probability", "sure", type=float, default=SURE, metavar="P", show_default=f"{SURE}",
                     help=message("How sure it must be that money suffices (把握), 0 to 1."))  # fmt: skip
YEAR_OPTION = option("--year", type=Whole(), metavar=message("YEAR"), show_default=message("all years, jointly"),
                     help=message("The year in which money must suffice."))  # fmt: skip


@command(
    short_help=message("What total to ask for, so that money suffices (应报多少)."),
    help=message(
        "The smallest total envelope (总额度) of SCENARIO (情景) with which money suffices in all years, or one, with "
        "the probability asked for; how the probability moves with the total; what falls off, by item, with a tenth "
        "and two tenths less."
    ),
)
@SCENARIO
@SURE_OPTION
@YEAR_OPTION
@of_changed_runs
def ask(scenario: str, sure: float, year: int | None, options: RunOptions) -> int:
    """Print the total to ask for."""
    return _answer(scenario, "envelopes.total", sure, year, options)


@command(
    short_help=message("How far one number may go, so that money suffices (求值)."),
    help=message(
        "The smallest or largest value of an adjustable parameter (可调项) of SCENARIO (情景) with which money "
        "suffices in all years, or one, with the probability asked for; if there is none, why. changji-sim adjustable "
        "lists the names."
    ),
)
@SCENARIO
@click.argument("name", metavar=message("NAME"))
@SURE_OPTION
@YEAR_OPTION
@of_changed_runs
def seek(scenario: str, name: str, sure: float, year: int | None, options: RunOptions) -> int:
    """Print the value that is enough; the exit code says whether there is one."""
    return _answer(scenario, name, sure, year, options)


def _answer(scenario: str, name: str, sure: float, year: int | None, options: RunOptions) -> int:
    options.say_reading(scenario)
    from ..whatif.seek import seek

    loaded = options.load(scenario)
    with options.runs_done() as progress:
        found = seek(loaded, name, round(1 - sure, 12), year, options.trials, options.seed, progress=progress)
    about = _record(loaded, found)
    options.write({"curve.csv": found.curve, "cuts.csv": found.cuts}, about)
    if options.as_json:
        say_json(about, allow_nan=False)
    else:
        _print(loaded, found)
        options.say_written()
    return FINE if found.value is not None else OWN_FAILURE


def _record(loaded: ScenarioModel, found: Sought) -> dict[str, Any]:
    one = found.parameter
    return {
        "scenario": loaded.name,
        "name": one.key,
        "title": one.title,
        "unit": one.unit,
        "years": list(found.years),
        "accepted_probability_short": found.most,
        "value": found.value,
        "interval": list(found.interval),
        "is_least": found.is_least,
        "value_now": one.value,
        "probability_short": None if found.value is None else found.probability,
        "why": text_of(found.why) or None,
        "trials": found.trials,
        "runs": found.runs,
        "totals_wan": {str(year): total for year, total in found.scenario.envelopes.total_wan.items()},
        "curve": records(found.curve),
        "cuts": records(found.cuts),
    }


# --- what is printed --------------------------------------------------------------------------------------------------


def _print(loaded: ScenarioModel, found: Sought) -> None:
    from ..reports.answer_sentences import sought_sentences

    curve = [] if found.value is None else [_curve_table(found)]
    cuts = [_cut_table(loaded, found)] if len(found.cuts) else []
    print_answer(sought_sentences(found), *curve, *cuts)


def _curve_table(found: Sought) -> Any:
    """The probability at the shares of the answer, and at the value now."""
    from ..whatif.seek import CURVE, amount
    from ..wording.amounts import percent

    assert found.value is not None
    one, shown = found.parameter, found.curve
    wanted = {round(found.value * share) if one.unit != "%" else round(found.value * share, 3) for share in CURVE}
    columns = (shown[name].tolist() for name in ("value", "probability", "low", "high"))
    rows = [
        (amount(value, one.unit), percent(chance), f"{percent(low)} – {percent(high)}")
        for value, chance, low, high in zip(*columns, strict=True)
        if value in wanted or value == found.value
    ]
    heads = (message("with"), message("P(short)"), message("95% interval"))
    return table(heads, rows, numbers(3))


def _cut_table(loaded: ScenarioModel, found: Sought) -> Any:
    """What falls off, by item: those that lose most first."""
    from ..wording.amounts import wan

    titles = titles_of_items(loaded)
    cuts, shares = found.cuts, sorted(set(found.cuts.share), reverse=True)
    columns = [column for column in AMOUNTS if float(cuts[column].sum()) > 0]
    lost = cuts.groupby("item")[columns].sum().sum(axis=1).sort_values(ascending=False)
    heads, cells = [message("what falls off, 万元 in all years")], []
    for share in shares:
        less, of_share = f"−{round(100 * (1 - share))}%", cuts[cuts.share == share].set_index("item")
        for column in columns:
            heads.append(message("{less}: not committed", less=less) if column == AMOUNTS[0]
                         else message("{less}: owed at the end", less=less))  # fmt: skip
            cells.append(of_share[column])
    rows = [(titles[key], *(wan(float(one[key])) for one in cells)) for key in lost[lost > 0].index]
    rows.append((text_of(message("total")), *(wan(float(one.sum())) for one in cells)))
    return table(heads, rows, ("left", *numbers(len(cells))))
