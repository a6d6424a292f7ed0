"""What is proved about whole boxes of parameters, not sampled.

Each question has a room of its own, a room imports only from those below it:

``regions``
    Where does a claim hold? Thresholds, regions, boxes; for every value or for some.
``change``, ``games``
    What is the cheapest change, and why is there none? What do equilibria of the game lead to?
``ladder``
    What is the margin of the treaty ladder over a box?
``bounds``
    What can be said of expressions and payoffs over a box?
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim._kernels.lazily import from_modules

if TYPE_CHECKING:
    from sim.certified.change.change import Change
    from sim.certified.change.moves import Move, Option
    from sim.certified.change.never import Never, never
    from sim.certified.change.smallest_change import smallest_change
    from sim.certified.regions.convex_polygons import Polygon
    from sim.certified.regions.edges import Crossing, Edge
    from sim.certified.regions.frontier import frontier
    from sim.certified.regions.of_run import thresholds_of_run
    from sim.certified.regions.outline import outline
    from sim.certified.regions.polygons import polygons
    from sim.certified.regions.record import Frontier
    from sim.certified.regions.robust import Robust, robust
    from sim.certified.regions.separation import separation
    from sim.certified.regions.separation_record import Separation
    from sim.certified.regions.store import open_frontier, store_frontier
    from sim.certified.regions.strips import Strips, strips
    from sim.feasibility.thresholds import Segment, Threshold

_HOME = {
    "Change": "sim.certified.change.change",
    "Crossing": "sim.certified.regions.edges",
    "Edge": "sim.certified.regions.edges",
    "Frontier": "sim.certified.regions.record",
    "Move": "sim.certified.change.moves",
    "Never": "sim.certified.change.never",
    "Option": "sim.certified.change.moves",
    "Polygon": "sim.certified.regions.convex_polygons",
    "Robust": "sim.certified.regions.robust",
    "Separation": "sim.certified.regions.separation_record",
    "Segment": "sim.feasibility.thresholds",
    "Strips": "sim.certified.regions.strips",
    "Threshold": "sim.feasibility.thresholds",
    "frontier": "sim.certified.regions.frontier",
    "never": "sim.certified.change.never",
    "open_frontier": "sim.certified.regions.store",
    "outline": "sim.certified.regions.outline",
    "polygons": "sim.certified.regions.polygons",
    "robust": "sim.certified.regions.robust",
    "separation": "sim.certified.regions.separation",
    "smallest_change": "sim.certified.change.smallest_change",
    "store_frontier": "sim.certified.regions.store",
    "strips": "sim.certified.regions.strips",
    "thresholds_of_run": "sim.certified.regions.of_run",
}
"""Where each name is; a command that asks one question need not import what answers the others."""

__all__ = [
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
    "Separation",
    "Strips",
    "Threshold",
    "frontier",
    "never",
    "open_frontier",
    "outline",
    "polygons",
    "robust",
    "separation",
    "smallest_change",
    "store_frontier",
    "strips",
    "thresholds_of_run",
]

__getattr__ = from_modules(__name__, _HOME)
