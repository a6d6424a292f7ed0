"""What a design asks of a scenario: the values that its parameters take, and the labels of its points."""

from __future__ import annotations

import numpy as np

from sim.scenario.standing import Asked
from sim.sweeps.designs.base import Design
from sim.sweeps.designs.grid import Grid
from sim.sweeps.designs.listed import Listed
from sim.sweeps.designs.sample import Sample

MOST_VALUES = 10_000
"""Values of an axis that are looked at one by one."""


def asked_of(design: Design) -> dict[str, Asked]:
    """Which values of every varied parameter a design asks for: all of them, or bounds where they are many.

    Examples
    --------
    >>> asked_of(Grid(axes={"a": (0.0, 1.0, 3)}))
    {'a': array([0. , 0.5, 1. ])}
    """
    if isinstance(design, Listed):
        return dict(zip(design.varied, design.values, strict=True))
    if isinstance(design, Grid):
        few = max(design.shape) <= MOST_VALUES
        return {**(design.coordinates() if few else {p: a[:2] for p, a in design.axes.items()})}
    laws = design.laws if isinstance(design, Sample) else {}
    drawn = {path: list(law.levels) or (law.lo, law.hi) for path, law in laws.items()}
    return {path: ends for path, ends in drawn.items() if np.isfinite(ends).all()}


def labels_of(design: Design) -> tuple[str, ...]:
    """Names of the columns that label the points of a list; none of other designs."""
    return tuple(design.labels) if isinstance(design, Listed) else ()
