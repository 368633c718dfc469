"""A desk served in a process of its own."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

START = 240  # seconds: the first start compiles the kernel
TRIALS, SEED = 200, 7
NO_OTHER_MACHINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
ENDED = "a session has ended"
SAYS_ENDS = f"""
import sys
from bokeh.server.session import ServerSession
destroy = ServerSession.destroy
def destroy_and_say(session):
    destroy(session)
    print({ENDED!r}, file=sys.stderr, flush=True)
ServerSession.destroy = destroy_and_say
"""  # Python for a desk to run first


def free_port() -> int:
    """A port of this machine that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """A desk in a process of its own: where it is, and what it says.

    Args:
        before: Python that is run there first.
        port: 0 is any free one.
    """

    def __init__(self, folder: Path, *arguments: str, before: str = "", port: int = 0):
        self.log = folder / "desk.log"
        command = [sys.executable, "-c", f"{before}\nfrom changji_sim.cli import main; main()", "desk", *arguments]
        command += ["--port", str(port), "--no-open", "--trials", str(TRIALS), "--seed", str(SEED)]
        command += [] if "--language" in arguments else ["--language", "zh"]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8")
        self.url, is_said = "", threading.Event()
        threading.Thread(target=self._read, args=(is_said,), daemon=True).start()
        is_said.wait(START)
        if not self.url:
            self.process.kill()
            pytest.fail(f"the desk did not start: {self.log.read_text(encoding='utf-8', errors='replace')}")

    def _read(self, is_said: threading.Event) -> None:
        """Until the desk says where it is, or ends."""
        for line in self.process.stdout or ():
            self.url = next((word for word in line.split() if word.startswith("http://")), "")
            if self.url:
                break
        is_said.set()

    def faults(self, since: int = 0) -> str:
        """Tracebacks and errors that the server has said."""
        said = self.log.read_text(encoding="utf-8", errors="replace")[since:]
        return said if "Traceback" in said or "ERROR" in said else ""

    def stop(self) -> int:
        """As Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return -1
