"""What a sweep has done so far, on the disk: a line a setting, so that a run broken off can go on."""

from __future__ import annotations

import hashlib
import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..base.faults import Fault, FaultyInput
from ..base.files import check_writable
from ..base.messages import message

if TYPE_CHECKING:
    from .sweep import Rows, Sweep, Why


def plan_key(sweep: Sweep) -> str:
    """A key of all that decides what a sweep gives: scenario and its files, reform, settings, trials, seed, version."""
    scenario = sweep.scenario
    hashes = {path.name: digest for path, digest in scenario.read_hashes.items()}
    about = (
        scenario.raw, scenario.reform_text, scenario.changes, hashes,
        [one.key for one in sweep.settings.parameters], sweep.settings.rows, sweep.trials, sweep.seed,
        sweep.is_beyond_law, [item.key for item in scenario.items], version("changji-sim"),
    )  # fmt: skip
    text = json.dumps(about, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


class Journal:
    """The settings done so far; a last line that was not written whole is dropped.

    Args:
        path: the file; made with the first setting.
        key: that of the sweep.

    Raises:
        FaultyInput: the file holds another sweep, or none; it cannot be read or written.
    """

    def __init__(self, path: str | os.PathLike[str], key: str):
        self.path, self.key = Path(path), key
        self.outcomes: dict[int, tuple[Rows, Why]] = {}
        self._is_begun = False
        check_writable(self.path.parent)
        if self.path.exists():
            self._read()

    def _read(self) -> None:
        content = self.path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        lines = whole.splitlines()
        if not lines:
            return
        try:
            about, *done = map(json.loads, lines)
            is_ours = about["sweep"] == self.key
        except (ValueError, KeyError, TypeError):
            what = message("this is no journal of a sweep; remove it, or choose another folder")
            raise FaultyInput([Fault(str(self.path), what)]) from None
        if not is_ours:
            what = message("here stands a sweep that was begun with other settings, another scenario, other trials or "
                           "another version; remove the file, or choose another folder")  # fmt: skip
            raise FaultyInput([Fault(str(self.path), what)])
        self.outcomes = {one["setting"]: (one["rows"], tuple(one["why"])) for one in done}
        self._is_begun = True
        if len(whole) < len(content):
            os.truncate(self.path, len(whole))

    def add(self, number: int, rows: Rows, why: Why) -> None:
        """Keep one setting."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lines: list[Any] = [] if self._is_begun else [{"sweep": self.key}]
        lines.append({"setting": number, "rows": rows, "why": why})
        text = "".join(json.dumps(line, ensure_ascii=False, allow_nan=False) + "\n" for line in lines)
        with self.path.open("ab" if self._is_begun else "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        self._is_begun = True
        self.outcomes[number] = rows, why
