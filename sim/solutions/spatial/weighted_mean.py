"""The weighted mean forecast.

Definition. ``sum_i w_i x_i / sum_i w_i`` with weights ``w_i`` (capability times salience): the
compromise to which every actor contributes by its weight, a baseline for spatial forecasting models
(Bueno de Mesquita and Stokman 1994).

Array convention. One game: positions and weights have shape ``(actors,)``.
"""

from __future__ import annotations

from sim.games.spatial import SpatialGame
from sim.results import Solution
from sim.solutions.spatial._intervals_on_a_line import interval_solution, require_line, weighted


def weighted_mean(game: SpatialGame) -> Solution:
    """The average position, every actor weighted by capability and salience.

    Parameters
    ----------
    game
        Ideal points of all actors; weights that do not sum to 0.

    Returns
    -------
    Solution
        One point.

    Raises
    ------
    UsageError
        If an actor has no ideal point or all weights are 0.

    Notes
    -----
    Source: [bdm1994]_.

    Examples
    --------
    >>> game = SpatialGame.on_line([0, 1], weights=[1, 3])
    >>> [e.agreement for e in weighted_mean(game).equilibria]
    ['0.75']
    """
    require_line(game, "weighted_mean")
    positions, weights = weighted(game)
    mean = float(weights @ positions / weights.sum())
    return interval_solution(game, "weighted_mean", mean, mean, empty="")
