"""What computes the prediction: functions on arrays, of which there are two sets.

``NUMPY`` needs nothing more. The other set is compiled (:mod:`sim.feasibility.compiled`, extra ``fast``).
Both compare the same numbers, so their answers are the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim._kernels.tolerance import BoolArray
from sim.feasibility.reached import reach
from sim.games.outcomes import Outcomes
from sim.games.stages import StageGame


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernels:
    """One set of functions.

    Parameters
    ----------
    name
        ``numpy`` or ``fast``.
    reach
        As :func:`sim.feasibility.reached.reach`.
    cells
        How many cells (agreements by stance profiles, or leaves) times points suit the cache.
    """

    name: str
    reach: Callable[[StageGame, Outcomes], tuple[BoolArray, BoolArray]]
    cells: int


NUMPY = Kernels(name="numpy", reach=reach, cells=1 << 18)
