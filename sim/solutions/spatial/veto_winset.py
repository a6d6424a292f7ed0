"""The win-set of the status quo under unanimity of veto players.

Definition. A veto player accepts the points that it likes at least as much as the status quo
``q``: on one dimension with symmetric preferences the interval from ``q`` to its mirror image ``2
x_i - q`` in the ideal point, or the interval that the file states. The win-set is the intersection
(Tsebelis 2002; two governments with ratifying legislatures: Putnam 1988). If it is ``q`` alone,
nothing changes.

Array convention. One game: intervals have shape ``(actors, 2)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.balls import furthest
from sim.games.spatial import SpatialGame
from sim.games.spatial_field import SpatialField
from sim.results import Solution
from sim.solutions.spatial._intervals_on_a_line import (
    accepted_balls,
    accepted_interval,
    interval_solution,
    point_solution,
)


def veto_winset(game: SpatialGame | SpatialField) -> Solution:
    """The points that every veto player accepts.

    Parameters
    ----------
    game
        For every veto player an ideal point and a status quo, or the interval it accepts.

    Returns
    -------
    Solution
        The ends of the interval; empty, with a note, where stated intervals do not meet. In several
        dimensions the points of the win-set that are lowest and highest on each.

    Raises
    ------
    UsageError
        If a veto player has neither an interval nor an ideal point with a status quo.

    Notes
    -----
    Source: [tsebelis2002]_, [putnam1988]_.

    Examples
    --------
    >>> game = SpatialGame.on_line([0.2, 0.8], status_quo=0.9)
    >>> [e.agreement for e in veto_winset(game).equilibria]
    ['0.7', '0.9']
    """
    if isinstance(game, SpatialField):
        return _in_space(game)
    veto = game.veto or tuple(range(len(game.actors)))
    lows, highs = zip(*(accepted_interval(game, actor) for actor in veto), strict=True)
    return interval_solution(
        game,
        "veto_winset",
        max(*lows, game.bounds[0]),
        min(*highs, game.bounds[1]),
        empty="no point is accepted by every veto player: the win-sets do not meet",
        parameters={"veto": [game.actors[i] for i in veto]},
    )


def _in_space(field: SpatialField) -> Solution:
    veto = field.veto or tuple(range(len(field.actors)))
    centres, radii = accepted_balls(field, veto)
    ends = [
        point
        for axis in np.eye(field.dimensions)
        for sign in (-1.0, 1.0)
        if (point := furthest(centres, radii, sign * axis)) is not None
    ]
    points = list({tuple(np.round(point, 9)): point for point in ends}.values())
    alone = len(points) == 1
    note = "the status quo alone" if alone else "its lowest and highest points on each dimension"
    return point_solution(field, "veto_winset", points, note, veto=[field.actors[i] for i in veto])
