"""``changji-sim effects``: what each article of a change does, so that the effects add up (各条贡献)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..base.messages import message
from .answer_output import RunOptions, numbers, of_changed_runs, print_answer, reader, table
from .command_output import records, say_json
from .commands import command, option
from .options import SCENARIO

if TYPE_CHECKING:
    from ..whatif.article_effects import Effects

MOST_CROSSES = 8  # on a screen


@command(
    short_help=message("What each article of a reform, and each value set, does (各条贡献)."),
    help=message(
        "What each article that --reform changes, and each value that --set sets, does to one flow of SCENARIO (情景), "
        "all years together: alone, with its share of the cross effects (Shapley), and in the order given. The effects "
        "add up to the whole difference, to the fen, in every trial."
    ),
)
@SCENARIO
@option("--flow", default="commitment", show_default=message("commitments"), metavar=message("FLOW"),
        help=message("Of which flow (资金流), by key or title: commitment, payment, entitlement."))  # fmt: skip
@of_changed_runs
def effects(scenario: str, flow: str, options: RunOptions) -> None:
    """Print what each change does."""
    if not (options.settings or options.reform):
        raise click.UsageError(
            message("effects of what? give --reform NAME or --set NAME=VALUE, each as often as needed")
        )
    options.say_reading(scenario)
    from ..adjustable.set_values import settings_of
    from ..whatif.article_effects import article_effects

    loaded = options.load_unchanged(scenario)
    with options.runs_done() as done:
        given = settings_of(options.settings)
        found = article_effects(
            loaded, options.reform, given, _flow_key(flow), options.trials, options.seed, options.beyond_law,
            progress=done,
        )  # fmt: skip
    frame, crosses = found.frame(), found.crosses()
    options.write({"effects.csv": frame, "crosses.csv": crosses})
    if options.as_json:
        about = {"scenario": loaded.name, "flow": found.flow, "trials": options.trials, "seed": options.seed}
        say_json(about | {"effects": records(frame), "crosses": records(crosses)}, allow_nan=False)
        return
    _print(found)
    options.say_written()


def _flow_key(word: str) -> str:
    """The key of a flow, from its key or its title in either language."""
    from ..base.spelling import identity
    from ..kernel.ledger import FLOWS
    from ..wording.labels import titles

    return next((key for key in FLOWS if identity(word) in map(identity, (key, *titles(key)))), word)


def _print(found: Effects) -> None:
    crosses = [_cross_table(found)] if len(found.crosses()) else []
    from ..reports.run_sentences import effect_sentences

    print_answer(effect_sentences(found), _effect_table(found), *crosses)


def _effect_table(found: Effects) -> Any:
    from ..wording.amounts import signed_wan
    from ..wording.language import cited

    say, rows = reader(), []
    for row in found.frame().to_dict("records"):
        spread = f"{signed_wan(row['low_wan'])} – {signed_wan(row['high_wan'])}"
        cells = [signed_wan(row["effect_wan"]), spread, *(signed_wan(row[key]) for key in ("alone_wan", "cross_wan"))]
        if row["is_same"]:
            cells = ["0", "0", "0", "0"]
        last = signed_wan(row["in_order_wan"])
        rows.append((cited(say(row["title"], row["title_en"]), say), *cells, last))
    heads = (
        message("change"), message("effect, 万元 in all years"), message("95% interval"), message("alone"),
        message("share of cross effects"), message("added in this order"),
    )  # fmt: skip
    return table(heads, rows, ("left", *numbers(5)))


def _cross_table(found: Effects) -> Any:
    """The largest cross effects."""
    from ..wording.amounts import signed_wan
    from ..wording.language import cited

    say = reader()
    names = {part.key: cited(say(part.title, part.title_en), say) for part in found.parts}
    rows = [
        (" × ".join(names[part] for part in row["parts"].split(" × ")), signed_wan(row["mean_wan"]),
         f"{signed_wan(row['low_wan'])} – {signed_wan(row['high_wan'])}")
        for row in found.crosses().head(MOST_CROSSES).to_dict("records")
    ]  # fmt: skip
    return table(
        (message("cross effect"), message("万元 in all years"), message("95% interval")), rows, ("left", *numbers(2))
    )
