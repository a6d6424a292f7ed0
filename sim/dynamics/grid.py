"""How often a treaty is signed in each state of the world, with foresight and without.

Array convention. Shares have one axis per factor, in the order of the file: ``(levels, levels, ...)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.dynamics.world import World

REACHED = 1e-12
"""States in which less time is spent are not reached: what rounding leaves of none."""


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


def grid_of(
    world: World, start: int, signs: FloatArray, static: FloatArray, spent: FloatArray
) -> Grid:
    """The grid of a world; chances to sign and periods spent have shape ``(states, draws)``."""
    factors = {name: tuple(world.dynamics.world[name].levels) for name in world.factors}
    shape = tuple(len(levels) for levels in factors.values())
    return Grid(
        factors=factors,
        signs=signs.mean(axis=1).reshape(shape),
        static=static.mean(axis=1).reshape(shape),
        reached=np.asarray((spent > REACHED).any(axis=1)).reshape(shape),
        start=tuple(int(k) for k in np.unravel_index(start, shape)),
    )
