"""How the functions of the kernel are compiled: kept on disk, running while Python does something else."""

from __future__ import annotations

from typing import Any

from numba import njit

# No function of the kernel is handed to C, and an entry for C takes its time to compile.
_OPTIONS: dict[str, Any] = {"nogil": True, "cache": True, "no_cfunc_wrapper": True}
compiled = njit(**_OPTIONS)
compiled_in_place = njit(inline="always", **_OPTIONS)  # in each caller


def in_place(function: Any) -> Any:
    """A compiled function to stand in its callers, where handing its arrays over takes longer than what it does."""
    return compiled_in_place(getattr(function, "py_func", function))  # without the compiler it is what it was
