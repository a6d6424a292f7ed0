"""Figures, one per file: each a plain function from data to a matplotlib ``Axes``.

``PLOTS`` is the room's visible table: a new figure is one new file and one line here. A figure named
``x`` of a folder ``f`` is the function ``x`` in ``sim/plots/f/x.py``, and ``x_data`` beside it returns the
numbers that it draws. Modules are imported when asked for, and matplotlib only when something is drawn.

>>> import sim.plots
>>> sim.plots.PLOTS["landscape"].needs
'run'
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from inspect import isfunction
from types import ModuleType
from typing import TYPE_CHECKING, Any, get_args

from sim.errors import UsageError, suggest
from sim.extensions import Table, must
from sim.plots.drawing.plot import Needs, Plot

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.plots.disputes.comparison import comparison, comparison_data
    from sim.plots.disputes.frontier import frontier, frontier_data
    from sim.plots.disputes.ladder import ladder, ladder_data
    from sim.plots.disputes.terms import terms, terms_data
    from sim.plots.disputes.thresholds import thresholds, thresholds_data
    from sim.plots.disputes.tornado import tornado, tornado_data
    from sim.plots.disputes.utility_space import utility_space, utility_space_data
    from sim.plots.disputes.win_sets import win_sets, win_sets_data
    from sim.plots.games.beliefs_along import beliefs_along, beliefs_along_data
    from sim.plots.games.conflict_graph import conflict_graph, conflict_graph_data
    from sim.plots.games.equilibria import equilibria, equilibria_data
    from sim.plots.games.game_tree import game_tree, game_tree_data
    from sim.plots.games.signals import signals, signals_data
    from sim.plots.record.backcast import backcast, backcast_data
    from sim.plots.record.beliefs import beliefs, beliefs_data
    from sim.plots.record.calibration import calibration, calibration_data
    from sim.plots.record.learned import learned, learned_data
    from sim.plots.record.timeline import timeline, timeline_data
    from sim.plots.runs.binding import binding, binding_data
    from sim.plots.runs.cart import cart, cart_data
    from sim.plots.runs.discovery import discovery, discovery_data
    from sim.plots.runs.landscape import landscape, landscape_data
    from sim.plots.runs.margin import margin, margin_data
    from sim.plots.runs.margin_map import margin_map, margin_map_data
    from sim.plots.runs.sensitivity import sensitivity, sensitivity_data
    from sim.plots.save import save
    from sim.plots.time.chain import chain, chain_data
    from sim.plots.time.chance_map import chance_map, chance_map_data
    from sim.plots.time.commitment import commitment, commitment_data
    from sim.plots.time.forecast import forecast, forecast_data
    from sim.plots.time.obstacles import obstacles, obstacles_data
    from sim.plots.time.paths import paths, paths_data
    from sim.plots.time.waiting import waiting, waiting_data
    from sim.plots.time.windows import windows, windows_data

SHIPPED: dict[str, Plot] = {
    "landscape": Plot(
        "runs", "run", "outcome over two parameters, with margin contours and the feasible region"
    ),
    "margin": Plot("runs", "run", "margin along one parameter, with its thresholds"),
    "margin_map": Plot("runs", "run", "margin over two parameters, centred at 0"),
    "sensitivity": Plot("runs", "analysis", "Sobol indices of a result with their intervals"),
    "discovery": Plot(
        "runs", "analysis", "boxes that hold the feasible points: coverage against density"
    ),
    "cart": Plot("runs", "analysis", "a tree of rules that tell feasible points from the others"),
    "binding": Plot("runs", "analysis", "share of points per binding constraint along a parameter"),
    "terms": Plot(
        "disputes", "verdict", "payoff terms: status quo against the best agreement, per actor"
    ),
    "ladder": Plot("disputes", "verdict", "gains and slacks of the best agreement, by rung"),
    "comparison": Plot(
        "disputes", "comparison", "scenarios side by side: gains and slacks of the best treaties"
    ),
    "tornado": Plot(
        "disputes",
        "verdict",
        "how far each parameter moves the margin, widest on top; also of a run",
    ),
    "thresholds": Plot(
        "disputes", "verdict", "where the verdict flips, every parameter over its range"
    ),
    "frontier": Plot(
        "disputes", "frontier", "certified strip or regions, edges named, with the nearest turn"
    ),
    "backcast": Plot(
        "record", "scoreboard", "observed against predicted, with robust shares, right or wrong"
    ),
    "win_sets": Plot(
        "disputes", "win-sets", "what each principal could bring home, and the overlap"
    ),
    "utility_space": Plot(
        "disputes", "utility space", "agreements, Pareto frontiers and bargaining solutions"
    ),
    "equilibria": Plot("games", "equilibria", "what every actor plays along one parameter"),
    "conflict_graph": Plot(
        "games", "conflict", "states of a conflict, improvements by actor, stable states"
    ),
    "game_tree": Plot(
        "games", "tree", "a game in extensive form with the choices of an equilibrium"
    ),
    "signals": Plot(
        "games", "private", "which type sends what, and what each message makes others believe"
    ),
    "beliefs_along": Plot(
        "games", "private along", "what messages make others believe along one parameter"
    ),
    "beliefs": Plot(
        "record",
        "believed",
        "how often a treaty is feasible in the weights that fit the record, and who blocks",
    ),
    "learned": Plot("record", "beliefs", "how far the record moves each drawn number"),
    "calibration": Plot("record", "reliability", "whether what was called likely came"),
    "timeline": Plot(
        "record", "verdicts", "margin through a dispute's episodes and into its futures"
    ),
    "forecast": Plot(
        "time", "forecast", "chance of a treaty by year, the draws without a window apart"
    ),
    "obstacles": Plot("time", "forecast", "what stands in the way of a treaty, stacked by year"),
    "windows": Plot(
        "time",
        "forecast",
        "in which states of the world a treaty is signed, without foresight and with it",
    ),
    "chance_map": Plot(
        "time",
        "forecast over",
        "chance of a treaty by a year over two parameters (--of forecast:YEAR)",
    ),
    "chain": Plot("time", "chain", "how each factor of the world moves, with its rates"),
    "commitment": Plot(
        "time", "forecast", "what becomes of what was signed: handed over, not yet due, broken"
    ),
    "waiting": Plot("time", "waiting", "what signing is worth over waiting, deal by deal"),
    "paths": Plot("time", "histories", "histories that chance drew, with their signatures"),
}


def _admit(name: str, loaded: Any) -> Plot:
    """A figure that an installed package adds: a module with its function and its record.

    Raises
    ------
    UsageError
        If the module does not have them.
    """
    must(isinstance(loaded, ModuleType), "the entry point must name a module, without ':'")
    record = getattr(loaded, "PLOT", None)
    must(isfunction(getattr(loaded, name, None)), f"its module has no function '{name}'")
    must(
        isfunction(getattr(loaded, f"{name}_data", None)),
        f"its module has no function '{name}_data'",
    )
    must(isinstance(record, Plot), "its module has no record PLOT (sim.plots.Plot)")
    assert isinstance(record, Plot)
    must(
        record.needs in get_args(Needs),
        f"it needs '{record.needs}'; legal: {', '.join(get_args(Needs))}",
    )
    return replace(record, module=loaded.__name__)


PLOTS: Table[Plot] = Table("figures", SHIPPED, _admit)
"""What ships, and what installed packages add."""

__all__ = [
    "PLOTS",
    "Plot",
    "backcast",
    "backcast_data",
    "beliefs",
    "beliefs_along",
    "beliefs_along_data",
    "beliefs_data",
    "binding",
    "binding_data",
    "calibration",
    "calibration_data",
    "cart",
    "cart_data",
    "chain",
    "chain_data",
    "chance_map",
    "chance_map_data",
    "commitment",
    "commitment_data",
    "comparison",
    "comparison_data",
    "conflict_graph",
    "conflict_graph_data",
    "discovery",
    "discovery_data",
    "equilibria",
    "equilibria_data",
    "forecast",
    "forecast_data",
    "frontier",
    "frontier_data",
    "game_tree",
    "game_tree_data",
    "get",
    "ladder",
    "ladder_data",
    "landscape",
    "landscape_data",
    "learned",
    "learned_data",
    "margin",
    "margin_data",
    "margin_map",
    "margin_map_data",
    "obstacles",
    "obstacles_data",
    "paths",
    "paths_data",
    "save",
    "sensitivity",
    "sensitivity_data",
    "signals",
    "signals_data",
    "terms",
    "terms_data",
    "thresholds",
    "thresholds_data",
    "timeline",
    "timeline_data",
    "tornado",
    "tornado_data",
    "utility_space",
    "utility_space_data",
    "waiting",
    "waiting_data",
    "win_sets",
    "win_sets_data",
    "windows",
    "windows_data",
]


def get(name: str) -> Callable[..., Axes]:
    """The function of a figure.

    Raises
    ------
    UsageError
        If no figure has that name; the nearest names are suggested.

    Examples
    --------
    >>> get("landscape").__name__
    'landscape'
    >>> get("landscap")
    Traceback (most recent call last):
    sim.errors.UsageError: unknown figure 'landscap'; did you mean 'landscape'?
    """
    if name not in PLOTS:
        raise UsageError(f"unknown figure '{name}'{suggest(name, PLOTS)}")
    function: Callable[..., Axes] = _load(name)
    return function


def _load(name: str) -> Any:
    figure = name.removesuffix("_data")
    if figure not in PLOTS:
        return getattr(import_module(f"{__name__}.{name}"), name)
    plot = PLOTS[figure]
    return getattr(import_module(plot.module or f"{__name__}.{plot.folder}.{figure}"), name)


def __getattr__(name: str) -> Any:
    added = not name.startswith("_") and name.removesuffix("_data") in PLOTS.added()
    if name not in __all__ and not added:
        raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
    return _load(name)


def __dir__() -> list[str]:
    return sorted(__all__)


class _Room(ModuleType):
    """The package itself: ``save`` is the function, also after its module has been imported."""

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(value, ModuleType) and name in __all__:
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Room
