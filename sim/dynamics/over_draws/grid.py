"""How often a treaty is signed in each state of the world, with foresight and without.

Array convention. Shares have one axis per factor, in the order of the file: ``(levels, levels, ...)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.dynamics.over_draws.totals import Totals
from sim.dynamics.world import World


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grid:
    """The states of a world as a grid of its factors.

    Parameters
    ----------
    factors
        Per factor its levels, both in the order of the file.
    signs, static
        Mean chance over draws that a treaty is signed in a state: in equilibrium, and in the static game.
    reached
        Whether play comes to a state in some draw before a treaty is signed.
    start
        Number of the level at the start, per factor.
    """

    factors: Mapping[str, tuple[str, ...]]
    signs: FloatArray
    static: FloatArray
    reached: BoolArray
    start: tuple[int, ...]


def grid_of(world: World, start: int, totals: Totals) -> Grid:
    """The grid of a world, from the sums over its draws."""
    factors = {name: tuple(world.dynamics.world[name].levels) for name in world.factors}
    shape = tuple(len(levels) for levels in factors.values())
    return Grid(
        factors=factors,
        signs=np.asarray(totals.signs / totals.draws).reshape(shape),
        static=np.asarray(totals.static / totals.draws).reshape(shape),
        reached=np.asarray(totals.seen).reshape(shape),
        start=tuple(int(k) for k in np.unravel_index(start, shape)),
    )
