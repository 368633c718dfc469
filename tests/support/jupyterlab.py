"""A JupyterLab of its own in a folder, and one notebook of it in a browser, held to this machine."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, build_opener

import nbformat.v4
import pytest

STARTS, RUNS = 120, 240  # seconds, on a busy machine: until the server answers, until a cell has run
HERE = "127.0.0.1"
SETTINGS = {  # it would ask the world for news and for a newer JupyterLab
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
}


@contextmanager
def lab(folder: Path) -> Iterator[str]:
    """JupyterLab on a free port, its own files beside the notebooks' folder; gives its address."""
    pytest.importorskip("jupyterlab", reason="jupyterlab is not installed")
    notebooks, own = folder / "notebooks", folder / "jupyter"
    for name, settings in SETTINGS.items():
        file = own / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(settings), encoding="utf-8")
    with socket.socket() as probe:
        probe.bind((HERE, 0))
        port = probe.getsockname()[1]
    folders = {"CONFIG_DIR": "config", "DATA_DIR": "data", "RUNTIME_DIR": "runtime"}
    environment = {
        **os.environ, **{f"JUPYTER_{key}": str(own / name) for key, name in folders.items()},
        "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
        "IPYTHONDIR": str(own / "ipython"), "no_proxy": "*",
    }  # fmt: skip
    words = [
        "--no-browser", "--allow-root", f"--ServerApp.ip={HERE}", f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0", "--IdentityProvider.token=", f"--ServerApp.root_dir={notebooks}",
        "--LabApp.extension_manager=readonly",
    ]  # fmt: skip
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *words], env=environment, cwd=notebooks, stdout=log, stderr=log
        )
        try:
            _wait_for(f"http://{HERE}:{port}/api", server, folder / "log")
            yield f"http://{HERE}:{port}"
        finally:
            server.terminate()  # it ends its kernels
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    ask = build_opener(ProxyHandler({}))
    until = time.monotonic() + STARTS
    while time.monotonic() < until and server.poll() is None:
        try:
            ask.open(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(f"JupyterLab did not start:\n{log.read_text()}")


@contextmanager
def notebook_in_lab(chromium: Any, folder: Path, cells: Sequence[str]) -> Iterator[tuple[Any, list[str]]]:
    """A notebook with these cells, open in a browser and its kernel ready; and what its page asked for elsewhere, or
    got wrong.
    """
    (folder / "notebooks").mkdir()
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(made, folder / "notebooks" / "made.ipynb")
    trouble: list[str] = []
    with lab(folder) as address:

        def hold(route: Any) -> None:
            if route.request.url.startswith((f"{address}/", "data:", "blob:")):
                route.continue_()
            else:
                trouble.append(f"asked for {route.request.url}")
                route.abort()

        def hold_socket(socket: Any) -> None:
            if not socket.url.startswith(address.replace("http", "ws", 1) + "/"):
                trouble.append(f"opened a socket to {socket.url}")

        context = chromium.new_context(viewport={"width": 1500, "height": 1200})
        page = context.new_page()
        page.set_default_timeout(RUNS * 1000)
        page.route("**/*", hold)
        page.on("websocket", hold_socket)
        page.on("pageerror", lambda error: trouble.append(f"script error: {error}"))
        page.goto(f"{address}/lab/tree/made.ipynb")
        dialog = page.locator(".jp-Dialog")  # "Select Kernel": the notebook names none
        dialog.get_by_role("button", name="Select", exact=False).last.click()
        dialog.wait_for(state="detached")
        page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for()
        yield page, trouble
        context.close()


def run_cell(page: Any, number: int) -> Any:
    """Run a cell, from 0 on, and wait until it is through; gives its output."""
    cell = page.locator(".jp-Notebook .jp-CodeCell").nth(number)
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")
    prompt = cell.locator(".jp-InputPrompt").get_by_text(f"[{number + 1}]:", exact=True)
    prompt.wait_for()
    output = cell.locator(".jp-OutputArea").first
    assert not output.locator("[data-mime-type='application/vnd.jupyter.stderr']").count(), output.inner_text()
    return output
