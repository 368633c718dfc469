"""What a science fund's rules will cost, and how sure that is (昌吉州科技专项资金).

>>> import changji_sim as cs
>>> baseline = cs.load_scenario("baseline")
>>> result = baseline.run(trials=1_000, seed=7)     # doctest: +SKIP

A plugin needs `SupportMode`, `Column`, `Cap` and `hookimpl` (and, for hints, the tables its methods get);
`alike` numbers rows that a formula need not go through one by one.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .base.faults import Fault, FaultyInput
from .modes.hookspecs import hookimpl
from .modes.support_mode import NEVER, Applications, Cap, Column, Commitments, Holdings, SupportMode

if TYPE_CHECKING:
    from .api.live import Live
    from .api.result import Result
    from .api.scenario import Scenario, load_scenario
    from .kernel.alike import alike
    from .measure import load_measure, load_reform
    from .reports.notebook_html import notebook
    from .results.shortfall import compare

# Imported when first asked for: a plugin that only needs a base class must not wait for pandas and the kernel.
_LATER = {
    "Live": "api.live",
    "Result": "api.result",
    "Scenario": "api.scenario",
    "alike": "kernel.alike",
    "compare": "results.shortfall",
    "load_measure": "measure",
    "load_reform": "measure",
    "load_scenario": "api.scenario",
    "notebook": "reports.notebook_html",
}

__all__ = [
    "NEVER",
    "Applications",
    "Cap",
    "Column",
    "Commitments",
    "Fault",
    "FaultyInput",
    "Holdings",
    "Live",
    "Result",
    "Scenario",
    "SupportMode",
    "alike",
    "compare",
    "hookimpl",
    "load_measure",
    "load_reform",
    "load_scenario",
    "notebook",
]


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(f".{_LATER[name]}", __name__), name)
    if name == "__version__":
        return import_module("importlib.metadata").version("changji-sim")
    raise AttributeError(f"module '{__name__}' has no '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
