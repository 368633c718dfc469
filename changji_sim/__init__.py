"""What a science fund's rules will cost, and how sure that is (昌吉州科技专项资金).

>>> import changji_sim as cs
>>> baseline = cs.load_scenario("baseline")
>>> result = baseline.run(trials=1_000, seed=7)     # doctest: +SKIP

A plugin needs `SupportMode`, `Column`, `Cap` and `hookimpl` (and, for hints, the tables its methods get);
`alike` numbers rows that a formula need not go through one by one, `named` is a sentence in two languages.
"""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .base.faults import Fault, FaultyInput
from .base.garbage_collector import no_collection

if TYPE_CHECKING:
    from .api.live import Live
    from .api.result import Result
    from .api.scenario import Scenario, load_scenario
    from .base.messages import named
    from .kernel.alike import alike
    from .measure import load_measure, load_reform
    from .modes.hookspecs import hookimpl
    from .modes.support_mode import NEVER, Applications, Cap, Column, Commitments, Holdings, SupportMode
    from .reports.notebook_html import notebook
    from .results.compare import compare

# Imported when first asked for: a plugin that only needs a base class must not wait for pandas and the kernel, and
# looking up the measure on the command line not for numpy.
_LATER = {
    **dict.fromkeys(
        ("NEVER", "Applications", "Cap", "Column", "Commitments", "Holdings", "SupportMode"), "modes.support_mode"
    ),
    "hookimpl": "modes.hookspecs",
    "Live": "api.live",
    "Result": "api.result",
    "Scenario": "api.scenario",
    "alike": "kernel.alike",
    "compare": "results.compare",
    "load_measure": "measure",
    "load_reform": "measure",
    "load_scenario": "api.scenario",
    "named": "base.messages",
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
    "named",
    "notebook",
]


# Modules that notebooks import by these short names: ``from changji_sim.comparison import comparison``.
_MODULES = {
    "breakdown": "results.breakdown",
    "comparison": "results.side_by_side",
    "plugins": "modes.plugin_loading",
    "ripples": "whatif.side_effects",
    "sentences": "reports.briefing",
}


class _ShortNames:
    """Finds the modules of `_MODULES`: importing one by its short name gives the module itself, not a copy."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        package, _, short = name.rpartition(".")
        return ModuleSpec(name, _ShortNames()) if package == __name__ and short in _MODULES else None  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = import_module(f"{__name__}.{_MODULES[spec.name.rpartition('.')[2]]}")
        self.own_spec = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self.own_spec  # the import system has just replaced it


if not any(finder is _ShortNames for finder in sys.meta_path):
    sys.meta_path.append(_ShortNames)  # type: ignore[arg-type]


def __getattr__(name: str) -> Any:
    if name in _LATER:
        with no_collection():
            return getattr(import_module(f".{_LATER[name]}", __name__), name)
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    if name == "__version__":
        return import_module("importlib.metadata").version("changji-sim")
    raise AttributeError(f"module '{__name__}' has no '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
