"""Points of a design drawn in the memory of a graphics card.

Grids are, and Sobol points of laws that need no special function; other designs are drawn here and copied.
The points are those that :meth:`sim.sweeps.designs.base.Design.points` gives, to the last bit or the one
before it.
"""

from __future__ import annotations

from sim._kernels.tolerance import AnyArray
from sim.engine.cuda.card import Device
from sim.scenario.distributions import Triangular, Uniform
from sim.sweeps.designs.base import Design
from sim.sweeps.designs.grid import Grid
from sim.sweeps.designs.laws import transform
from sim.sweeps.designs.sample import Sample
from sim.sweeps.designs.sobol import sobol_at, tables


def points_there(device: Device, design: Design, start: int, stop: int) -> AnyArray:
    """The points with indices ``start`` to ``stop - 1`` there, shape ``(varied, stop - start)``."""
    if isinstance(design, Grid) and not design.values:
        return design.at(device.count(start, stop))
    if isinstance(design, Sample) and _plain(design):
        parts, bits = tables(len(design.laws), design.size, design.seed)
        there = [device.there(part) for part in parts]
        return transform(sobol_at(device.count(start, stop), there, bits), design.laws)
    return device.there(design.points(start, stop))


def _plain(design: Sample) -> bool:
    """Whether a sample is a Sobol sequence whose quantiles are sums, products and roots."""
    laws = design.laws.values()
    written = all(isinstance(law.distribution, Uniform | Triangular) for law in laws)
    return (
        design.kind == "sobol"
        and not design.correlation
        and written
        and not any(law.levels for law in laws)
    )
