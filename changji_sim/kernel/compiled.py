"""How the functions of the kernel are compiled: kept on disk, running while Python does something else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from numba import njit
from numba.core import caching, dispatcher
from numba.core.runtime import rtsys


class _KeptCode(caching.FunctionCache):
    """numba's cache of a function; what is in it is read without importing all that numba compiles with.

    That import takes a tenth of a second. numba makes it where something is compiled.
    """

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The code kept for arguments of these types, or None: then it is compiled."""
        rtsys.initialize(target_context)  # what the code calls for its memory
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)


def _kept(compile_it: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A decorator that compiles a function when it is first called, or reads what was compiled before."""

    def decorated(function: Any) -> Any:
        made = compile_it(function)
        if isinstance(made, dispatcher.Dispatcher):  # without the compiler it is the function itself
            made._cache = _KeptCode(function)  # type: ignore[attr-defined]
        return made

    return decorated


# No function of the kernel is handed to C, and an entry for C takes its time to compile.
_OPTIONS: dict[str, Any] = {"nogil": True, "no_cfunc_wrapper": True}
compiled = _kept(njit(**_OPTIONS | {"_nrt": True}))
compiled_in_place = _kept(njit(inline="always", **_OPTIONS))  # in each caller
# Who holds an array is counted by an instruction that locks out the other cores; in a loop over trials, which takes
# slices and hands on named tuples, that was an eighth of a move. Here nothing is counted, so no array can be made.
compiled_uncounted = _kept(njit(**_OPTIONS | {"_nrt": False}))


def in_place(function: Any) -> Any:
    """A compiled function to stand in its callers, where handing its arrays over takes longer than what it does."""
    return compiled_in_place(getattr(function, "py_func", function))  # without the compiler it is what it was


_BLAS = "scipy.linalg.cython_blas"


def _leave_out_blas() -> None:
    """Have numba look whether there is a BLAS, and find none: for that it imports scipy, a sixth of a second.

    No function of the kernel needs it. Other people's do not miss it: numba looks again where a product of matrices is
    compiled, and works out correlations itself.
    """
    if _BLAS in sys.modules:
        return
    sys.modules[_BLAS] = None  # type: ignore[assignment]
    try:
        import_module("numba.np.arraymath")
    finally:
        del sys.modules[_BLAS]


_leave_out_blas()
