"""Designs: which points a sweep visits, addressed by their index.

Definition. A design maps an index ``0 <= k < size`` to a point, independently of every other index, so
that a chunk of a sweep is two integers and any worker generates its points by itself.

``DESIGNS`` is the visible table. ``grid`` crosses equally spaced values; ``sobol``, ``latin``,
``monte_carlo`` and ``saltelli`` draw from the parameters' distributions; ``listed`` reads a table.

Array convention. ``points(start, stop)`` has shape ``(varied, stop - start)``, the batch axis last.
"""

from sim.sweeps.designs.base import MAX_POINTS, Design
from sim.sweeps.designs.grid import Axis, Grid, grid, stored_grid
from sim.sweeps.designs.listed import Listed, listed
from sim.sweeps.designs.sample import SAMPLERS, Sample, sample, sampler

DESIGNS: dict[str, str] = {
    "grid": "every combination of equally spaced values",
    "sobol": "scrambled Sobol sequence: random points that fill the space evenly",
    "latin": "Latin hypercube: every parameter's values spread evenly over its distribution",
    "monte_carlo": "independent pseudo-random draws from the parameters' distributions",
    "saltelli": "pairs of Sobol points with single parameters exchanged, for Sobol indices",
    "listed": "the points of a CSV or Parquet file",
}

__all__ = [
    "DESIGNS",
    "MAX_POINTS",
    "SAMPLERS",
    "Axis",
    "Design",
    "Grid",
    "Listed",
    "Sample",
    "grid",
    "listed",
    "sample",
    "sampler",
    "stored_grid",
]
