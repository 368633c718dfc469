"""How the functions of the kernel are compiled: kept on disk, running while Python does something else."""

from __future__ import annotations

from numba import njit

# No function of the kernel is handed to C, and an entry for C takes its time to compile.
compiled = njit(nogil=True, cache=True, no_cfunc_wrapper=True)
compiled_in_place = njit(nogil=True, cache=True, no_cfunc_wrapper=True, inline="always")  # in each caller, by numba
