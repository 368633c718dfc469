"""Files that users have saved or brought, shared by the processes of a desk through a folder."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

SAVED, BROUGHT = "saved", "brought"
DIGEST = re.compile("[0-9a-f]{1,64}")  # an address may say anything in its place


class SharedFiles:
    """Saved files by name, brought ones by digest.

    Args:
        folder: of this desk alone.
    """

    def __init__(self, folder: Path):
        self._saved_in, self._brought_in = folder / SAVED, folder / BROUGHT
        for one in (self._saved_in, self._brought_in):
            one.mkdir(exist_ok=True)
        self._saved: dict[str, Path] = {}

    def share_saved(self, name: str, path: Path) -> None:
        """A scenario was saved under a name, whose path is the same each time."""
        _write(self._saved_in / name, str(path.absolute()))

    def saved(self) -> dict[str, Path]:
        """All saved scenarios by name."""
        for name in os.listdir(self._saved_in):
            if name not in self._saved and not name.startswith("."):
                self._saved[name] = Path((self._saved_in / name).read_text(encoding="utf-8"))
        return self._saved

    def share_brought(self, digest: str, path: Path, text: str, most: int) -> None:
        """A file was brought; the oldest of more than ``most`` are forgotten."""
        _write(self._brought_in / digest, json.dumps([str(path), text]))
        files = [file for file in self._brought_in.iterdir() if DIGEST.fullmatch(file.name)]
        for file in sorted(files, key=lambda one: one.stat().st_mtime_ns)[:-most]:
            file.unlink(missing_ok=True)

    def brought(self, digest: str) -> tuple[Path, str] | None:
        """The path that a brought file was given, and its text; None where it is not there."""
        if not DIGEST.fullmatch(digest):
            return None
        try:
            path, text = json.loads((self._brought_in / digest).read_bytes())
        except OSError:
            return None
        return Path(path), text


def _write(path: Path, text: str) -> None:
    """Write a file whole: another process may read it meanwhile."""
    beside = path.parent / f".{os.getpid()}"
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
