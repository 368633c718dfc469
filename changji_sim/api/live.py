"""`Live` of a notebook: runs of a scenario after changes, whose results have all methods."""

from __future__ import annotations

from typing import Any

from ..whatif.incremental import IncrementalRun
from .result import Result


class Live(IncrementalRun):
    __doc__ = IncrementalRun.__doc__
    result_class: Any = Result
