"""Files: where those that ship stand, whether one is there, and writing some whole: all of them or none."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from .faults import Fault, FaultyInput
from .messages import message

SCENARIOS = Path(str(files("changji_scenarios")))  # scenarios, reforms and examples that ship: the folder scenarios/


def check_writable(folder: Path) -> None:
    """Check before a long run that its files can be written.

    Raises:
        FaultyInput: ``folder`` is a file, lies below one, or may not be written to.
    """
    there = folder
    try:
        while not there.exists() and there != there.parent:
            there = there.parent
    except (OSError, ValueError) as error:
        what = message("nothing can be written there: {reason}", reason=_reason(error))
        raise FaultyInput([Fault(f"{str(folder)[:60]}…", what)]) from None
    if not there.is_dir():
        what = message("'{path}' is a file, so nothing can be written into it", path=there)
        raise FaultyInput([Fault(str(folder), what)])
    if not os.access(there, os.W_OK | os.X_OK):
        raise FaultyInput([Fault(str(folder), message("the folder '{path}' may not be written to", path=there))])


def write_whole(path: Path, content: bytes) -> None:
    """Write one file, its folder made if need be: a reader sees either the old one or the new one, never a half.

    Raises:
        FaultyInput: it cannot be written.
    """
    check_writable(path.parent)
    write_together(path.parent, {path.name: content})


def write_together(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files, all of them or none: no reader sees half of one, and if one fails the others are as they were.

    All are written under temporary names first, then renamed in order; what stood there before is kept until the last
    one is in its place.

    Raises:
        FaultyInput: one cannot be written, or another process wrote into the folder at the same time.
    """
    ready: list[tuple[Path, Path]] = []
    kept: list[tuple[Path | None, Path]] = []
    made: list[Path] = []
    try:
        for name, content in contents.items():
            made += _made_folders((folder / name).parent)
            ready.append((_temporary(folder / name, content), folder / name))
        for temporary, target in ready:
            kept.append((_kept(target), target))
            os.replace(temporary, target)
    except BaseException as error:
        _put_back(kept, ready, made)
        if not isinstance(error, OSError):
            raise
        what = message("the files cannot be written, so all are as they were: {reason}", reason=_reason(error))
        raise FaultyInput([Fault(str(folder), what)]) from None
    for old, _ in kept:
        if old is not None:
            old.unlink(missing_ok=True)
    _must_be_ours(folder, contents)


def _must_be_ours(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Two who write into one folder at once may leave files of both: the one that ends last notices."""
    for name, content in contents.items():
        try:
            is_ours = (folder / name).read_bytes() == content
        except OSError:
            is_ours = False
        if not is_ours:
            what = message(
                "{name} is not what was written: another program writes into this folder too; write again alone",
                name=name,
            )
            raise FaultyInput([Fault(str(folder), what)])


def _made_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; which ones there were not."""
    missing = [part for part in (folder, *folder.parents) if not part.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def _kept(target: Path) -> Path | None:
    """What stands at ``target``, under another name as well; None if nothing does."""
    if not target.exists():
        return None
    spare = target.with_name(f".kept-{secrets.token_hex(8)}")
    try:
        os.link(target, spare)
    except OSError:  # a file system without hard links, or no file at all
        shutil.copy2(target, spare)
    return spare


def _put_back(
    kept: Sequence[tuple[Path | None, Path]], ready: Sequence[tuple[Path, Path]], made: Sequence[Path]
) -> None:
    """Undo: old files to their places, new ones and folders that were made away."""
    waiting = {target for temporary, target in ready if temporary.exists()}
    for old, target in kept:
        if old is not None:
            os.replace(old, target)
            old.unlink(missing_ok=True)  # two names of one file are left by a rename
        elif target not in waiting:
            target.unlink(missing_ok=True)
    for temporary, _ in ready:
        temporary.unlink(missing_ok=True)
    for folder in reversed(made):
        with contextlib.suppress(OSError):  # another program's file lies in it
            folder.rmdir()


def _temporary(path: Path, content: bytes) -> Path:
    """The content beside ``path``, for the same people to read: those who may read the old file, or any new one."""
    handle, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~_umask())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


@cache
def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def bytes_of(path: Path) -> bytes:
    """The content of a file.

    Raises:
        FaultyInput: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        what = message("the file cannot be read: {reason}", reason=_reason(error))
        raise FaultyInput([Fault(path.name, what)]) from None


def _reason(error: Exception) -> str:
    """Why the system refused."""
    return getattr(error, "strerror", None) or str(error)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def is_file(path: Path) -> bool:
    """Whether there is such a file; a name no file can have is none."""
    return _answered(path.is_file)


def is_folder(path: Path) -> bool:
    """Whether there is such a folder; a name no folder can have is none."""
    return _answered(path.is_dir)


def is_there(path: Path) -> bool:
    """Whether there is something of that name; a name nothing can have is nothing."""
    return _answered(path.exists)


def _answered(ask: Callable[[], bool]) -> bool:
    try:
        return ask()
    except (OSError, ValueError):  # too long, a null in it, half a character
        return False
