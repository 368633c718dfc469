"""``changji-sim desk``: scenarios in a browser."""

from __future__ import annotations

from pathlib import Path

import click

from ..base.faults import DESK_EXTRA
from .options import PLUGINS_DIR
from .stages import Clock, Stages

NO_DESK = "the desk needs more than is installed here ({missing}); {how}"


@click.command(short_help="Open scenarios in a browser, with sliders (看板).")
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...")
@click.option("--port", type=click.IntRange(0, 65535), default=5006, show_default=True, help="0 takes any free one.")
@click.option("--address", default="localhost", show_default=True, help="0.0.0.0 lets the whole network in.")
@click.option("--password-file", type=click.Path(), metavar="FILE", help="One password, or a name:password a line.")
@click.option("--known-as", multiple=True, metavar="HOST", help="Another name under which browsers reach this machine.")
@click.option("--trials", type=click.IntRange(1, 10**7), default=10_000, show_default=True, help="Futures (试验次数).")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="As for run (随机种子).")
@click.option("--save-to", type=click.Path(path_type=Path), metavar="DIR", help="Let people save scenarios there.")
@click.option("--open/--no-open", "opens", default=True, help="Open the browser.  [default: open]")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="To begin with.")
@PLUGINS_DIR
def desk(
    scenarios: tuple[str, ...],
    port: int,
    address: str,
    password_file: str | None,
    known_as: tuple[str, ...],
    trials: int,
    seed: int,
    save_to: Path | None,
    opens: bool,
    language: str,
    plugins_dir: str | None,
) -> None:
    """Open SCENARIOs (情景, files or names; baseline if none is given) in a browser (看板). Ctrl-C ends it.

    Nothing is fetched from outside, and only this machine gets in unless --address says otherwise.
    """
    try:
        from ..desk.server.server import DeskServer
        from ..desk.state.session import desk_state_from
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("changji_sim"):
            raise
        raise click.UsageError(NO_DESK.format(missing=error.name, how=DESK_EXTRA)) from None
    desk_state = desk_state_from(scenarios or ("baseline",), trials, seed, plugins_dir, save_to)
    server = DeskServer(desk_state, port, address, password_file, known_as, language)
    if server.is_open_to_all:
        click.echo(
            f"warning: whoever reaches port {server.port} gets in; --password-file asks for a password", err=True
        )
    stages = Stages(Clock(), is_silent=False)
    first = next(iter(desk_state.paths))
    stages.compile(desk_state.draft(first).original)
    with stages.progress(trials) as progress:
        desk_state.first_result(first, progress)
    click.echo(f"Open {server.urls[0]}  (Ctrl-C ends)")
    for url in server.urls[1:]:
        click.echo(f"  or {url}")
    if opens:
        click.launch(server.local_url)
    server.run()
