"""treatysim: when does a treaty become feasible, what does it contain, and what blocks it.

Everything is one import, loaded when first used:

>>> import sim
>>> {"load", "explain", "solve", "sweep"} <= set(sim.__all__)
True
"""

from __future__ import annotations

TYPE_CHECKING = False
"""As in ``typing``, which would take longer to import than all that help needs."""

__version__ = "0.1.0"

if TYPE_CHECKING:
    from typing import Any

    from sim import plots, views
    from sim.certified import frontier, open_frontier, smallest_change
    from sim.citing import cite
    from sim.comparing.compare import compare
    from sim.comparing.diff import diff
    from sim.diagnosing.doctor import doctor
    from sim.dynamics.forecast import forecast
    from sim.dynamics.record import Forecast
    from sim.errors import ScenarioError, SimError
    from sim.explaining import explain
    from sim.explorer import explore
    from sim.explorer.serve import serve
    from sim.feasibility import Verdict
    from sim.library import new
    from sim.loading import load, loads
    from sim.results import Solution
    from sim.scenario import Scenario
    from sim.solving import solve
    from sim.sweeps import Run, open_run, sweep

_HOME = {
    "Forecast": "sim.dynamics",
    "Run": "sim.sweeps",
    "Scenario": "sim.scenario",
    "ScenarioError": "sim.errors",
    "SimError": "sim.errors",
    "Solution": "sim.results",
    "Verdict": "sim.feasibility",
    "cite": "sim.citing",
    "compare": "sim.comparing",
    "diff": "sim.comparing",
    "doctor": "sim.diagnosing",
    "explain": "sim.explaining",
    "explore": "sim.explorer",
    "forecast": "sim.dynamics",
    "frontier": "sim.certified",
    "load": "sim.loading",
    "loads": "sim.loading",
    "new": "sim.library",
    "open_frontier": "sim.certified",
    "open_run": "sim.sweeps",
    "plots": "sim.plots",
    "serve": "sim.explorer",
    "smallest_change": "sim.certified",
    "solve": "sim.solving",
    "sweep": "sim.sweeps",
    "views": "sim.views",
}

__all__ = [
    "Forecast",
    "Run",
    "Scenario",
    "ScenarioError",
    "SimError",
    "Solution",
    "Verdict",
    "cite",
    "compare",
    "diff",
    "doctor",
    "explain",
    "explore",
    "forecast",
    "frontier",
    "load",
    "loads",
    "new",
    "open_frontier",
    "open_run",
    "plots",
    "serve",
    "smallest_change",
    "solve",
    "sweep",
    "views",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    from importlib import import_module

    module = import_module(_HOME[name])
    value = module if _HOME[name] == f"sim.{name}" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
