"""The prediction from compiled functions: the same answers as numpy's, sooner.

Array convention. As in the functions that these stand in for: ``(outcomes, batch)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.compiled import induction
from sim._kernels.tolerance import BoolArray
from sim.feasibility.kernels import Kernels
from sim.games.outcomes import Outcomes
from sim.games.stages import StageGame


def reach(game: StageGame, outcomes: Outcomes) -> tuple[BoolArray, BoolArray]:
    """As :func:`sim.feasibility.reached.reach`."""
    moves = (
        np.array(game.shape),
        np.array([outcomes.actors.index(axis.actor) for axis in game.axes]),
        np.array([axis.stage for axis in game.axes]),
    )
    found: tuple[BoolArray, BoolArray] = induction.reach(
        (outcomes.filled(-1), outcomes.filled(1)),
        outcomes.ratification,
        (outcomes.leaf.reshape(-1), game.leaf_profile.reshape(-1)),
        moves,
    )
    return found


FAST = Kernels(name="fast", reach=reach, cells=1 << 18)
