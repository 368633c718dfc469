"""The kernel: named random streams, claims, caps, the year, the ledger. No item and no mode is known by name."""

from contextlib import suppress
from pathlib import Path


def _forget_what_was_compiled_before_a_change() -> None:
    """Have everything compiled anew after any file here has changed.

    The compiler checks of a cached function only whether the function's own file has changed, though functions of
    other files that it calls were compiled into it.
    """
    here = Path(__file__).parent
    changed = max(file.stat().st_mtime for file in here.glob("*.py"))
    with suppress(OSError):  # a folder without write access: what is compiled there belongs to the files there
        for kept in (here / "__pycache__").glob("*.nbi"):
            if kept.stat().st_mtime < changed:
                kept.unlink(missing_ok=True)


_forget_what_was_compiled_before_a_change()
