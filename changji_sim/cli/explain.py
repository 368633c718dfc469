"""``changji-sim explain``: the applications of one future, or the story of one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..base.messages import message, reader_language
from .command_output import say, say_json, say_start
from .commands import Whole, command, option
from .item_names import item_key
from .options import JSON, LANGUAGE, LARGEST_SEED, PLUGINS_DIR, REFORM, console

if TYPE_CHECKING:
    from ..scenario.model import ScenarioModel
    from ..story.explanation import Story

LAST_TRIAL = 9_999_999
HEADERS = (  # key and section of the table of labels
    ("year", "columns"), ("item", "columns"), ("number", "columns"), ("applicant", "columns"), ("asked", "flows"),
    ("entitlement", "flows"), ("commitment", "flows"), ("payment", "flows"), ("outcome", "columns"),
)  # fmt: skip


@command(
    short_help=message("Explain one application of one trial (来龙去脉)."),
    help=message(
        "Explain one application (申报) in one trial of SCENARIO: each step, its article, the money it cut."
        "\n\n"
        "Without --application it lists the future's applications, of all items and years or of those given, with what "
        "they asked and got, to choose from. Trial T with seed S is the T-th future of changji-sim run --seed S."
    ),
)
@click.argument("scenario", default="baseline", metavar=message("[SCENARIO]"))
@option("--trial", type=Whole(0, LAST_TRIAL), default=0, show_default=True, metavar="T",
        help=message("Which trial (模拟次数中的一次), counted from 0."))  # fmt: skip
@option("--item", metavar=message("ITEM"),
        help=message("The item (支持方向): exchange or 科技交流活动, or how it begins."))  # fmt: skip
@option("--year", type=Whole(), metavar=message("YEAR"), help=message("Year of application (申报年度)."))
@option("--application", type=Whole(), metavar="N",
        help=message("Number in the year's order of submission, from 1."))  # fmt: skip
@option("--seed", type=Whole(0, LARGEST_SEED), default=0, show_default=True, metavar="S",
        help=message("That of the run (随机种子)."))  # fmt: skip
@REFORM
@PLUGINS_DIR
@LANGUAGE
@JSON
def explain(
    scenario: str,
    trial: int,
    item: str | None,
    year: int | None,
    application: int | None,
    seed: int,
    reform: tuple[str, ...],
    plugins_dir: str | None,
    as_json: bool,
) -> None:
    """List the applications of one trial, or tell what became of one of them."""
    if application is not None and (item is None or year is None):
        what = message("--application needs --item and --year: numbers count an item's applications of a year")
        raise click.UsageError(what)
    if not as_json:
        say_start(message("reading {scenario} and simulating trial {trial} …", scenario=scenario, trial=trial))
    from ..scenario_file.load import load_scenario
    from ..story.explanation import OneTrial, tell
    from ..story.trial import check_item_year

    loaded = load_scenario(scenario, reform, plugins_dir)
    key = None if item is None else item_key(loaded, item)
    check_item_year(loaded, key, year)
    future = OneTrial(loaded, seed, trial)
    if application is not None and key is not None and year is not None:
        _show(tell(future, key, year, application, reader_language()), as_json)
        return
    frame = future.applications(key, year)
    if as_json:
        say_json(frame.to_dict("records"))
    elif frame.empty:
        say(message("there are no applications of this item in this year, in this trial"))
    else:
        _list(frame, loaded)
        say(message("To see one of them, add --item, --year and --application with its number."))


def _show(story: Story, as_json: bool) -> None:
    if as_json:
        steps = story.steps.to_dict("records")
        about = {"title": story.title, "item": story.item, "year": story.year, "application": story.application}
        say_json({**about, "trial": story.trial, "steps": steps})
        return
    say(story.text())


def _list(frame: Any, scenario: ScenarioModel) -> None:
    from rich.table import Table
    from rich.text import Text

    from ..wording.amounts import decimal
    from ..wording.labels import label
    from ..wording.language import Translator, item_titles

    language = reader_language()
    titles = item_titles(scenario, Translator(language))
    table = Table(box=None, caption="万元", caption_justify="left")
    for n, header in enumerate(label(key, language, of) for key, of in HEADERS):
        table.add_column(header, justify="right" if n == 2 or 4 <= n <= 7 else "left", no_wrap=n != 1)
    for row in frame.itertuples(index=False):
        state = row.state_zh if language == "zh" else row.state_en
        amounts = (row.asked_wan, row.entitlement_wan, row.commitment_wan, row.paid_wan)
        cells = [str(row.year), f"{titles[row.item]} {row.item}", str(row.application), row.applicant]
        table.add_row(*map(Text, [*cells, *(decimal(amount, 4) for amount in amounts), state]))
    console().print(table)
