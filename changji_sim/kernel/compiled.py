"""How the functions of the kernel are compiled: kept on disk, running while Python does something else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import partial
from importlib import import_module
from typing import Any

import numba
from llvmlite import binding
from numba import njit
from numba.core import caching, codegen, dispatcher
from numba.core.runtime import rtsys

from ..base.garbage_collector import without_last_collection

TRIED = ("0.68.",)  # versions of numba whose own parts the classes below take over; another one does as it always does


class _ReadCode(codegen.JITCodeLibrary):
    """Machine code that was read from disk; the bitcode beside it is parsed where other code is compiled against it.

    numba parses it at once, for the names that the code defines: more than half of the time that reading takes, and
    most of the memory.
    """

    bitcode = b""

    @classmethod
    def of(cls, maker: Any, name: str, code: bytes, bitcode: bytes, names: Iterable[str]) -> _ReadCode:
        """The code, ready to be called."""
        read = cls(maker, name)
        read.bitcode = bitcode
        read.enable_object_caching()
        read._set_compiled_object(code)
        read._finalize_final_module()
        maker._engine._defined_symbols.update(names)
        return read

    def _get_module_for_linking(self) -> binding.ModuleRef:
        if self._shared_module is None:
            self._shared_module = binding.parse_bitcode(self.bitcode)
        return super()._get_module_for_linking()


def _read_library(maker: Any, state: tuple[Any, ...]) -> codegen.CodeLibrary:
    """What numba's codegen does with a library from disk, which may be one of `_NamedCode`."""
    if isinstance(state[-1], _Names):
        name, _, (code, bitcode), names = state
        return _ReadCode.of(maker, name, code, bitcode, names)
    return type(maker).unserialize_library(maker, state)


class _Names(tuple[str, ...]):
    """The names that a piece of code defines."""


class _NamedCode(caching.CompileResultCacheImpl):
    """How the code of a function is kept: as numba does, with the names that it defines."""

    def get_filename_base(self, fullname: str, abiflags: str) -> str:
        """The first part of the files' names, other than numba's: it could not read what is in them."""
        return f"{super().get_filename_base(fullname, abiflags)}.named"

    def reduce(self, cres: Any) -> tuple[Any, ...]:
        """What is written to disk."""
        library, *rest = super().reduce(cres)
        module = cres.library._get_module_for_linking()
        there = (one for some in (module.functions, module.global_variables) for one in some)
        return (*library, _Names(one.name for one in there if not one.is_declaration)), *rest

    def rebuild(self, target_context: Any, payload: tuple[Any, ...]) -> Any:
        """The function as it was compiled."""
        maker = target_context.codegen()
        maker.unserialize_library = partial(_read_library, maker)
        return super().rebuild(target_context, payload)


class _KeptCode(caching.FunctionCache):
    """numba's cache of a function; what is in it is read without importing all that numba compiles with.

    That import takes a tenth of a second. numba makes it where something is compiled.
    """

    _impl_class = _NamedCode

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The code kept for arguments of these types, or None: then it is compiled."""
        rtsys.initialize(target_context)  # what the code calls for its memory
        with self._guard_against_spurious_io_errors():
            return self._load_overload(sig, target_context)


def _kept(**options: Any) -> Callable[[Any], Any]:
    """A decorator that compiles a function when it is first called, or reads what was compiled before."""

    def decorated(function: Any) -> Any:
        made = njit(**options)(function)
        if isinstance(made, dispatcher.Dispatcher):  # without the compiler it is the function itself
            made._cache = _KeptCode(function)  # type: ignore[attr-defined]
        return made

    return decorated


# No function of the kernel is handed to C, and an entry for C takes its time to compile.
_OPTIONS: dict[str, Any] = {"nogil": True, "no_cfunc_wrapper": True}
if numba.__version__.startswith(TRIED):
    compiled = _kept(**_OPTIONS, _nrt=True)
    compiled_in_place = _kept(**_OPTIONS, inline="always")  # in each caller
    # Who holds an array is counted by an instruction that locks out the other cores; in a loop over trials, which takes
    # slices and hands on named tuples, that was an eighth of a move. Here nothing is counted, so no array can be made.
    compiled_uncounted = _kept(**_OPTIONS, _nrt=False)
else:
    compiled = compiled_uncounted = njit(nogil=True, cache=True)
    compiled_in_place = njit(nogil=True, cache=True, inline="always")


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
without_last_collection()
