"""``changji-sim explain``: the applications of one future, or the story of one of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
from rich.table import Table
from rich.text import Text

from ..wording.labels import label
from .options import JSON, PLUGINS_DIR, REFORM, console

if TYPE_CHECKING:
    from ..story.explanation import Story

LAST_TRIAL = 9_999_999
HEADERS = (  # key and section of the table of labels
    ("year", "columns"), ("item", "columns"), ("number", "columns"), ("applicant", "columns"), ("asked", "flows"),
    ("entitlement", "flows"), ("commitment", "flows"), ("payment", "flows"), ("outcome", "columns"),
)  # fmt: skip


@click.command(short_help="Tell one application of one future (来龙去脉).")
@click.argument("scenario", default="baseline")
@click.option("--trial", type=click.IntRange(0, LAST_TRIAL), default=0, show_default=True, metavar="T",
              help="Which future (试验), counted from 0.")  # fmt: skip
@click.option("--item", metavar="I", help="The support direction (支持方向): exchange or 科技交流活动.")
@click.option("--year", type=int, metavar="Y", help="Year of application (申报年度).")
@click.option("--application", type=int, metavar="N", help="Number in the year's order of submission, from 1.")
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, metavar="S",
              help="That of the run (随机种子).")  # fmt: skip
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@REFORM
@PLUGINS_DIR
@JSON
def explain(
    scenario: str,
    trial: int,
    item: str | None,
    year: int | None,
    application: int | None,
    seed: int,
    language: str,
    reform: str | None,
    plugins_dir: str | None,
    as_json: bool,
) -> None:
    """Tell the story of one application (申报) in one future of SCENARIO: each step, its article, the money it cut.

    Without --application it lists the future's applications, of all items and years or of those given, with what they
    asked and got, to choose from. Trial T with seed S is the T-th future of `changji-sim run --seed S`.
    """
    if application is not None and (item is None or year is None):
        raise click.UsageError("--application needs --item and --year: numbers count an item's applications of a year")
    from ..scenario_file.load import load_scenario
    from ..story.explanation import OneTrial, tell
    from ..story.trial import check_item_year

    loaded = load_scenario(scenario, reform, plugins_dir)
    item = next((one.key for one in loaded.items if item in (one.key, one.title)), item)
    check_item_year(loaded, item, year)
    future = OneTrial(loaded, seed, trial)
    if application is not None and item is not None and year is not None:
        _show(tell(future, item, year, application, language), as_json)
        return
    frame = future.applications(item, year)
    if as_json:
        click.echo(json.dumps(frame.to_dict("records"), ensure_ascii=False))
        return
    _list(frame, language)
    click.echo("Tell one: add --item, --year and --application with its number.")


def _show(story: Story, as_json: bool) -> None:
    if as_json:
        steps = story.steps.to_dict("records")
        about = {"title": story.title, "item": story.item, "year": story.year, "application": story.application}
        click.echo(json.dumps({**about, "trial": story.trial, "steps": steps}, ensure_ascii=False))
        return
    console().print(Text(story.text()))


def _list(frame: Any, language: str) -> None:
    table = Table(box=None, caption="万元", caption_justify="left")
    for n, header in enumerate(label(key, language, of) for key, of in HEADERS):
        table.add_column(header, justify="right" if n == 2 or 4 <= n <= 7 else "left", no_wrap=n != 1)
    for row in frame.itertuples(index=False):
        title, state = (row.title, row.state_zh) if language == "zh" else (row.title_en, row.state_en)
        amounts = (row.asked_wan, row.entitlement_wan, row.commitment_wan, row.paid_wan)
        cells = [str(row.year), f"{title} {row.item}", str(row.application), row.applicant]
        table.add_row(*map(Text, [*cells, *(f"{amount:,.4f}" for amount in amounts), state]))
    console().print(table)
