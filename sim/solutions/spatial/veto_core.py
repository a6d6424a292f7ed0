"""The core under unanimity of veto players.

Definition. A point is in the core when no other point is better for every veto player. On one
dimension with single-peaked preferences it is the interval between the lowest and the highest ideal
point among them (Tsebelis 2002). A status quo inside the core cannot be replaced.

Array convention. One game: ideal points have shape ``(actors,)``.
"""

from __future__ import annotations

from sim.games.spatial import SpatialGame
from sim.results import Solution
from sim.solutions.spatial._intervals_on_a_line import interval_solution, require_line


def veto_core(game: SpatialGame) -> Solution:
    """The points that the veto players together would not leave.

    Parameters
    ----------
    game
        Ideal points of all veto players.

    Returns
    -------
    Solution
        The ends of the interval; the note says whether the status quo is inside.

    Raises
    ------
    UsageError
        If a veto player has no ideal point.

    Notes
    -----
    Source: [tsebelis2002]_.

    Examples
    --------
    >>> game = SpatialGame.on_line([0.2, 0.8], status_quo=0.5)
    >>> veto_core(game).note
    'every point from 0.2 to 0.8; the status quo is inside'
    """
    require_line(game, "veto_core")
    ideals = game.ideals(game.veto)
    return interval_solution(
        game,
        "veto_core",
        float(ideals.min()),
        float(ideals.max()),
        empty="",
        parameters={"veto": [game.actors[i] for i in game.veto or range(len(game.actors))]},
    )
