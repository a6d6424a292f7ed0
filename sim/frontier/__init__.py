"""The certified frontier: what is proved about whole boxes of parameters.

The room can be called: ``sim.frontier(scenario, vary=...)`` is :func:`sim.frontier.frontier.frontier`.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from sim.frontier._cutting import Polygon
from sim.frontier._store import open_frontier, store_frontier
from sim.frontier.change import Change, Move, Option
from sim.frontier.frontier import frontier
from sim.frontier.never import Never, never
from sim.frontier.outline import outline
from sim.frontier.polygons import polygons
from sim.frontier.record import Crossing, Edge, Frontier, Segment
from sim.frontier.robust import Robust, robust
from sim.frontier.smallest_change import smallest_change
from sim.frontier.strips import Along, Strips, strips

__all__ = [
    "Along",
    "Change",
    "Crossing",
    "Edge",
    "Frontier",
    "Move",
    "Never",
    "Option",
    "Polygon",
    "Robust",
    "Segment",
    "Strips",
    "frontier",
    "never",
    "open_frontier",
    "outline",
    "polygons",
    "robust",
    "smallest_change",
    "store_frontier",
    "strips",
]


class _Room(ModuleType):
    """The package, which is also its main function."""

    def __call__(self, *args: Any, **options: Any) -> Frontier:
        return frontier(*args, **options)


sys.modules[__name__].__class__ = _Room
