"""The weighted median forecast.

Definition. With weights ``w_i`` (capability times salience), a point is a weighted median when
neither the actors strictly to its left nor those strictly to its right hold more than half of the
weight. It beats every other point in pairwise votes weighted by ``w`` (Black 1948), and is the
baseline against which spatial forecasting models are judged (Bueno de Mesquita and Stokman 1994).

Array convention. One game: positions and weights have shape ``(actors,)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import RELATIVE
from sim.games.spatial import SpatialGame
from sim.results import Solution
from sim.solutions.spatial._intervals_on_a_line import interval_solution, require_line, weighted


def weighted_median(game: SpatialGame) -> Solution:
    """The position at which the weight on either side is at most one half.

    Parameters
    ----------
    game
        Ideal points of all actors; weights that do not sum to 0.

    Returns
    -------
    Solution
        One point, or the ends of an interval where the weight splits in exact halves.

    Raises
    ------
    UsageError
        If an actor has no ideal point or all weights are 0.

    Notes
    -----
    Source: [black1948]_, [bdm1994]_.

    Examples
    --------
    >>> game = SpatialGame.on_line([4, 7, 10], weights=[0.248, 0.093, 0.336])
    >>> [e.agreement for e in weighted_median(game).equilibria]
    ['7']
    """
    require_line(game, "weighted_median")
    positions, weights = weighted(game)
    half, slack = 0.5 * weights.sum(), RELATIVE * weights.sum()
    kept = weights > 0.0
    positions, below = positions[kept], np.cumsum(weights[kept])
    low = positions[np.flatnonzero(below >= half - slack)[0]]
    high = positions[np.flatnonzero(below > half + slack)[0]]
    return interval_solution(game, "weighted_median", float(low), float(high), empty="")
