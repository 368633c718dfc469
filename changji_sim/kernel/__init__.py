"""The kernel: named random streams, claims, caps, the year, the ledger. It knows no item and no mode by name."""

from contextlib import suppress
from pathlib import Path


def _forget_what_was_compiled_before_a_change() -> None:
    """Have everything compiled anew after any file here has changed.

    The compiler asks of a function it has kept only whether the function's own file is as it was, though what the
    function calls, in another file, was compiled into it.
    """
    here = Path(__file__).parent
    changed = max(file.stat().st_mtime for file in here.glob("*.py"))
    with suppress(OSError):  # a folder that nobody may write to: what is there was compiled from what is there
        for kept in (here / "__pycache__").glob("*.nbi"):
            if kept.stat().st_mtime < changed:
                kept.unlink(missing_ok=True)


_forget_what_was_compiled_before_a_change()
