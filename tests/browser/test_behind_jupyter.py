"""The desk below a user's server of JupyterHub: path, host and socket are those that jupyter-server-proxy hands on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from browsing import visiting
from served_desk import Served, free_port

USER = "user/li"
SECONDS = 60  # until Jupyter serves


@pytest.fixture(params=["proxy", "proxy/absolute"])
def behind(request, tmp_path):
    """A desk whose address is that of Jupyter, which takes its own path away, or not."""
    pytest.importorskip("jupyter_server_proxy", reason="to run this test: pip install jupyter-server-proxy")
    front, back = free_port(), free_port()
    path = f"{USER}/{request.param}/{back}"
    prefix = ["--prefix", path] if "absolute" in path else []
    desk = Served(tmp_path, "baseline", *prefix, "--known-as", f"localhost:{front}", port=back)
    desk.url = f"http://localhost:{front}/{path}/"
    options = {"port": front, "base_url": f"/{USER}/", "root_dir": tmp_path, "open_browser": False, "allow_root": True}
    options |= {"log_level": "ERROR", "jpserver_extensions": "{'jupyter_server_proxy': True}"}
    command = [sys.executable, "-m", "jupyter_server", "--IdentityProvider.token="]
    command += [f"--ServerApp.{name}={value}" for name, value in options.items()]
    own = {"JUPYTER_CONFIG_DIR": str(tmp_path), "JUPYTER_RUNTIME_DIR": str(tmp_path)}
    jupyter = subprocess.Popen(command, env=os.environ | own, cwd=tmp_path, stderr=subprocess.DEVNULL)
    wait_for(f"http://localhost:{front}/{USER}/api")
    yield desk
    jupyter.terminate()
    jupyter.wait(20)
    desk.stop()


def wait_for(url):
    """Until something answers there."""
    until = time.monotonic() + SECONDS
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.URLError:
            assert time.monotonic() < until, f"nothing answers at {url}"
            time.sleep(0.3)


def test_the_desk_opens_in_a_user_s_server(chromium, behind):
    """Its page, its socket and its address; a value that is set is there after a reload."""
    with visiting(chromium, behind) as visitor:
        visitor.open().go("caps")
        field = visitor.page.get_by_role("textbox", name="总额度（万元）").first
        field.click()
        visitor.settle()
        field.fill("7200")
        field.press("Enter")
        visitor.wait_until(lambda: visitor.page.url, f"{behind.url}?envelopes.total=7200&page=caps")
        visitor.reload()
        assert visitor.look("says", "已改")
