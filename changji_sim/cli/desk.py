"""``changji-sim desk``: scenarios in a browser."""

from __future__ import annotations

from pathlib import Path

import click

from ..base.faults import DESK_EXTRA
from ..base.messages import message, reader_language
from .command_output import say, say_start
from .commands import Whole, command, option
from .open_browser import open_browser, open_browser_apart
from .options import FILE, FOLDER, LANGUAGE, LARGEST_SEED, PLUGINS_DIR
from .stages import Clock, Stages

MOST_PROCESSES = 64


@command(
    short_help=message("Open scenarios in a browser, with sliders (看板)."),
    help=message(
        "Open SCENARIOs (情景, files or names; baseline if none is given) in a browser (看板). Ctrl-C ends it.\n\n"
        "Nothing is fetched from outside, and only this machine can open it unless --address names another."
    ),
)
@click.argument("scenarios", nargs=-1, metavar=message("[SCENARIO] …"))
@option("--port", type=Whole(0, 65535), default=5006, show_default=True, metavar=message("PORT"),
        help=message("Port the browser calls; 0 takes any free one."))  # fmt: skip
@option("--address", default="localhost", show_default=True, metavar=message("ADDRESS"),
        help=message("Address the desk listens at; 0.0.0.0 lets the whole network in."))  # fmt: skip
@option("--password-file", type=click.Path(), metavar=FILE,
        help=message("One password, or a name:password a line."))  # fmt: skip
@option("--known-as", multiple=True, metavar=message("HOST"),
        help=message("Another name under which browsers reach this machine, as HOST or HOST:PORT."))  # fmt: skip
@option("--prefix", default="", metavar=message("PATH"),
        help=message("Path under which a proxy serves the desk."))  # fmt: skip
@option("--proxy", "proxies", multiple=True, metavar=message("ADDRESS"),
        help=message("A proxy whose forwarded headers are believed."))  # fmt: skip
@option("--processes", type=Whole(1, MOST_PROCESSES), default=1, show_default=True, metavar="N",
        help=message("Number of server processes (Linux); each browser stays with one of them."))  # fmt: skip
@option("--trials", type=Whole(1, 10**7), default=10_000, show_default=True, metavar="N",
        help=message("Number of trials (模拟次数)."))  # fmt: skip
@option("--seed", type=Whole(0, LARGEST_SEED), default=0, show_default=True, metavar="S",
        help=message("The same seed gives the same numbers (随机种子)."))  # fmt: skip
@option("--save-to", type=click.Path(path_type=Path), metavar=FOLDER, help=message("Let users save scenarios there."))
@option("--open/--no-open", "opens", default=True, show_default="--open", help=message("Open the browser, or do not."))
@PLUGINS_DIR
@LANGUAGE
def desk(
    scenarios: tuple[str, ...],
    port: int,
    address: str,
    password_file: str | None,
    known_as: tuple[str, ...],
    prefix: str,
    proxies: tuple[str, ...],
    processes: int,
    trials: int,
    seed: int,
    save_to: Path | None,
    opens: bool,
    plugins_dir: str | None,
) -> None:
    """Serve the desk until it is interrupted."""
    stages = Stages(Clock(), is_silent=False)
    say_start(message("starting the desk …"))
    try:
        from ..desk.server.server import DeskServer
        from ..desk.state.desk_state import desk_state_from
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("changji_sim"):
            raise
        what = message(
            "the desk needs more than is installed here ({package}); {how}", package=error.name, how=DESK_EXTRA
        )
        raise click.UsageError(what) from None
    desk_state = desk_state_from(scenarios or ("baseline",), trials, seed, plugins_dir, save_to)
    server = DeskServer(
        desk_state, port, address, password_file, known_as, reader_language(), prefix, proxies, processes
    )
    if server.is_open_to_all:
        open_to_all = message(
            "every machine that reaches port {port} can open the desk; --password-file asks for a password",
            port=server.port,
        )
        stages.announce(message("warning: {what}", what=open_to_all))
    first = next(iter(desk_state.paths))
    stages.compile(desk_state.draft(first).original, is_moved=True)
    with stages.progress(trials) as progress:
        desk_state.first_result(first, progress)
    say(message("Open {address}  (Ctrl-C ends)", address=server.urls[0]))
    for url in server.urls[1:]:
        say(message("  or {address}", address=url))
    server.start()
    if opens:
        (open_browser if processes == 1 else open_browser_apart)(server.local_url)
    server.run()
