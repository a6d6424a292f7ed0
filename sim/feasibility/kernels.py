"""What computes the ladder and the prediction: functions on arrays, of which there are two sets.

``NUMPY`` needs nothing more. The other set is compiled (:mod:`sim.feasibility.compiled`, extra ``fast``).
Both compare the same numbers, so their answers are the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.feasibility.levels import Heights, Values, heights
from sim.feasibility.reached import Reached, reach
from sim.feasibility.stances import stance_equilibria
from sim.games.outcomes import Outcomes
from sim.games.stages import StageGame
from sim.payoffs import Batch


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernels:
    """One set of functions.

    Parameters
    ----------
    name
        ``numpy`` or ``fast``.
    stances, heights, reach
        As :func:`sim.feasibility.stances.stance_equilibria`, :func:`sim.feasibility.levels.heights` and
        :func:`sim.feasibility.reached.reach`.
    cells
        How many cells (agreements by stance profiles, or leaves) times points suit the cache.
    """

    name: str
    stances: Callable[[Batch], tuple[BoolArray, BoolArray]]
    heights: Callable[[Values, Sequence[FloatArray], BoolArray], Heights]
    reach: Callable[[StageGame, Outcomes], Reached]
    cells: int


NUMPY = Kernels(
    name="numpy", stances=stance_equilibria, heights=heights, reach=reach, cells=1 << 18
)
