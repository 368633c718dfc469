"""Files that users have saved or brought, shared by the processes of a desk through a folder."""

from __future__ import annotations

import json
import os
import re
import secrets
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

SAVED, BROUGHT = "saved", "brought"
LENGTH = 24  # characters of a digest in an address
DIGEST = re.compile(f"[0-9a-f]{{{LENGTH}}}")  # an address may say anything in its place


def digest_of(text: str) -> str:
    """Names a file that was brought by its content."""
    return sha256(text.encode()).hexdigest()[:LENGTH]


class SharedFiles:
    """Saved files by name, brought ones by digest. Any process and thread may write and read at any time.

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

    def share_brought(self, path: Path, text: str, most: int) -> None:
        """A file was brought; the oldest of more than ``most`` are forgotten."""
        _write(self._brought_in / digest_of(text), json.dumps([str(path), text]))
        found = []
        for file in self._brought_in.iterdir():
            with suppress(FileNotFoundError):  # another process has forgotten it
                if DIGEST.fullmatch(file.name):
                    found.append((file.stat().st_mtime_ns, file))
        for _, file in sorted(found)[:-most]:
            file.unlink(missing_ok=True)

    def brought(self, digest: str) -> tuple[Path, str] | None:
        """The path that a brought file was given, and its text; None where no file of this content is there."""
        if not DIGEST.fullmatch(digest):
            return None
        try:
            path, text = json.loads((self._brought_in / digest).read_bytes())
        except (OSError, ValueError):
            return None
        return (Path(path), text) if digest_of(text) == digest else None


def _write(path: Path, text: str) -> None:
    """Write a file whole: others may read it, or write it too, meanwhile."""
    beside = path.parent / f".{secrets.token_hex(8)}"
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
