"""treatysim: when does a treaty become feasible, what does it contain, and what blocks it.

Everything is one import, loaded when first used. The verbs of the command are functions of the same names,
with the same options as keywords; each returns a record whose ``str`` is what the command prints (``plot``
returns the axes it drew on, ``schema`` plain data):

>>> import sim
>>> {"load", "check", "explain", "solve", "sweep", "backcast", "report"} <= set(sim.__all__)
True
>>> print(sim.check("classics/chicken"))
classics/chicken: ok

Beside the verbs stand what reads files and folders (``load``, ``loads``, ``open_run``, ``open_frontier``,
``open_forecast``, ``open_beliefs``), ``smallest_change``, ``forecast_over``, ``explore`` for notebooks, the
rooms ``plots``, ``views`` and ``testing``, the records that come back most, and the errors. Nothing else is
promised to stay as it is.
"""

from __future__ import annotations

TYPE_CHECKING = False
"""As in ``typing``, which would take longer to import than all that help needs."""

__version__ = "0.1.0"

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from sim import plots, testing, views
    from sim.beliefs import open_beliefs
    from sim.certified import Frontier, frontier, open_frontier, smallest_change
    from sim.citing import cite
    from sim.cli.analyse import analyse
    from sim.cli.backcast import backcast
    from sim.cli.baserate import baserate
    from sim.cli.calibrate import calibrate
    from sim.cli.check import check
    from sim.cli.export import export
    from sim.cli.list import listing as list
    from sim.cli.plot import plot
    from sim.cli.report import report
    from sim.comparing.compare import compare
    from sim.comparing.diff import diff
    from sim.diagnosing.doctor import doctor
    from sim.dynamics.forecast import forecast
    from sim.dynamics.over_ranges.forecast_over import forecast_over
    from sim.dynamics.record import Forecast
    from sim.dynamics.reopened import open_forecast
    from sim.errors import ScenarioError, SimError, UsageError
    from sim.explaining import explain
    from sim.explorer import explore
    from sim.explorer.serve import serve
    from sim.feasibility import Verdict
    from sim.loading import load, loads, new
    from sim.loading.schema import schema
    from sim.results import Solution
    from sim.scenario import Scenario
    from sim.solving import solve
    from sim.sweeps import Run, open_run, sweep

_HOME = {
    "Forecast": "sim.dynamics",
    "Frontier": "sim.certified",
    "Run": "sim.sweeps",
    "Scenario": "sim.scenario",
    "ScenarioError": "sim.errors",
    "SimError": "sim.errors",
    "Solution": "sim.results",
    "UsageError": "sim.errors",
    "Verdict": "sim.feasibility",
    "analyse": "sim.cli.analyse",
    "backcast": "sim.cli.backcast",
    "baserate": "sim.cli.baserate",
    "calibrate": "sim.cli.calibrate",
    "check": "sim.cli.check",
    "cite": "sim.citing",
    "compare": "sim.comparing",
    "diff": "sim.comparing",
    "doctor": "sim.diagnosing",
    "explain": "sim.explaining",
    "explore": "sim.explorer",
    "export": "sim.cli.export",
    "forecast": "sim.dynamics",
    "forecast_over": "sim.dynamics.over_ranges.forecast_over",
    "frontier": "sim.certified",
    "list": "sim.cli.list",
    "load": "sim.loading",
    "loads": "sim.loading",
    "new": "sim.loading",
    "open_beliefs": "sim.beliefs",
    "open_forecast": "sim.dynamics.reopened",
    "open_frontier": "sim.certified",
    "open_run": "sim.sweeps",
    "plot": "sim.cli.plot",
    "plots": "sim.plots",
    "report": "sim.cli.report",
    "schema": "sim.loading",
    "serve": "sim.explorer",
    "smallest_change": "sim.certified",
    "solve": "sim.solving",
    "sweep": "sim.sweeps",
    "testing": "sim.testing",
    "views": "sim.views",
}
"""Where each name is found, which is imported when it is first used."""

_CALLED = {"list": "listing"}
"""Names that are another one in their own file."""

__all__ = [
    "Forecast",
    "Frontier",
    "Run",
    "Scenario",
    "ScenarioError",
    "SimError",
    "Solution",
    "UsageError",
    "Verdict",
    "analyse",
    "backcast",
    "baserate",
    "calibrate",
    "check",
    "cite",
    "compare",
    "diff",
    "doctor",
    "explain",
    "explore",
    "export",
    "forecast",
    "forecast_over",
    "frontier",
    "list",
    "load",
    "loads",
    "new",
    "open_beliefs",
    "open_forecast",
    "open_frontier",
    "open_run",
    "plot",
    "plots",
    "report",
    "schema",
    "serve",
    "smallest_change",
    "solve",
    "sweep",
    "testing",
    "views",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    from importlib import import_module

    module = import_module(_HOME[name])
    value = module if _HOME[name] == f"sim.{name}" else getattr(module, _CALLED.get(name, name))
    globals()[name] = value
    return value


def __dir__() -> Sequence[str]:
    return [*__all__, "__version__"]
