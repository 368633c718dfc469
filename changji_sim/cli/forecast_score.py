"""``changji-sim score``: forecasts kept in a folder, scored by the amounts that came (往年)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..base.messages import message, text_of
from .answer_output import numbers, print_answer, table, titles_of_items
from .command_output import records, say_json, say_start
from .commands import command, option
from .options import FILE, FOLDER, JSON, LANGUAGE, PLUGINS_DIR

if TYPE_CHECKING:
    from ..history.score import Scored


@command(
    short_help=message("Forecasts against what came: were the bands too narrow (预测检验)?"),
    help=message(
        "Score the forecasts of a run kept in DIR by the amounts that came: how many lie in the 80% band, where in "
        "their forecasts they lie, how far off they are, and whether the bands were too narrow.\n\n"
        "The file has a row each year (年度) and item (支持方向) with the amount (实际金额)."
    ),
)
@click.argument("folder", metavar=FOLDER)
@option("--actuals", required=True, metavar=FILE, help=message("The amounts that came."))
@option(
    "--flow", default="payment", show_default=True, metavar="F", help=message("Which flow of budget.csv they are of.")
)
@PLUGINS_DIR
@LANGUAGE
@JSON
def score(folder: str, actuals: str, flow: str, plugins_dir: str | None, as_json: bool) -> None:
    """Score the forecasts and print what that says."""
    if not as_json:
        say_start(message("reading {file} …", file=actuals))
    from ..history.actual_amounts import score_file
    from ..history.score import sentences

    scored = score_file(folder, actuals, flow, plugins_dir)
    said = sentences(scored)
    if as_json:
        answer = {"inside": scored.inside, "total": len(scored.frame), "verdict": scored.verdict}
        rows = {"p_value": scored.p_value, "amounts": records(scored.frame), "sentences": list(map(text_of, said))}
        say_json(answer | rows, allow_nan=False)
        return
    print_answer(said, _table(scored))


def _table(scored: Scored) -> Any:
    from ..budget_year.mid_year import rows_of
    from ..wording.amounts import wan, wan_range

    titles = titles_of_items(scored.scenario) if scored.scenario else {}
    rows = [
        (str(row.year), titles.get(row.item, row.item), wan(row.actual_wan), wan_range(row.p10_wan, row.p90_wan),
         f"{row.pit:.2f}", f"{row.crps_wan:,.2f}")
        for row in rows_of(scored.frame)
    ]  # fmt: skip
    heads = (message("year"), message("item"), message("amount"), message("80% range"), "PIT", "CRPS")
    return table(heads, rows, ("right", "left", *numbers(4)))
