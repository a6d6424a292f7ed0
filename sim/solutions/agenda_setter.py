"""The monopoly agenda setter (Romer and Rosenthal 1978).

Definition. One actor proposes a point under a closed rule; it replaces the status quo ``q`` when
at least ``k`` voters like it at least as much. With symmetric single-peaked preferences on a line
the points that pass are an interval around ``q``: up to the mirror image ``2 x - q`` of the
``k``-th highest voter's ideal point if that lies above ``q``, and likewise below. The setter takes
the point of the interval that is nearest to its own ideal; voters who are indifferent vote for it.

Array convention. One game: ideal points have shape ``(actors,)``.
"""

from __future__ import annotations

import numpy as np

from sim.errors import UsageError
from sim.games.spatial import SpatialGame
from sim.results import Solution
from sim.solutions._spatial import interval_solution


def agenda_setter(game: SpatialGame) -> Solution:
    """The point that a monopoly agenda setter proposes and the voters accept.

    Parameters
    ----------
    game
        With a setter and a status quo. The voters are the actors named under ``veto`` (all the
        others if none are); the quota counts them alone, a majority of them without it.

    Returns
    -------
    Solution
        One point; ``parameters`` holds the interval that would pass.

    Raises
    ------
    UsageError
        If there is no setter, status quo or voter, or the quota exceeds the voters.

    Notes
    -----
    Source: [romer1978]_.

    Examples
    --------
    >>> game = SpatialGame.on_line([1, 0.3], actors=("setter", "voter"), status_quo=0, setter=0)
    >>> [e.agreement for e in agenda_setter(game).equilibria]
    ['0.6']
    """
    if game.setter is None:
        raise UsageError("agenda_setter needs to know who proposes: add `setter:`")
    low, high = passing(game)
    ideal = float(game.ideals((game.setter,))[0])
    point = min(max(ideal, low), high)
    return interval_solution(
        game,
        "agenda_setter",
        point,
        point,
        empty="",
        parameters={"setter": game.actors[game.setter], "passes": [low, high]},
    )


def passing(game: SpatialGame) -> tuple[float, float]:
    """The interval of points that the voters would put in place of the status quo.

    Examples
    --------
    >>> game = SpatialGame.on_line([1, 0.3, 0.4, 0.9], status_quo=0, setter=0, quota=2)
    >>> passing(game)
    (0.0, 0.8)
    """
    others = tuple(i for i in range(len(game.actors)) if i != game.setter)
    voters = game.veto or others
    if not voters:
        raise UsageError("agenda_setter needs at least one voter besides the setter")
    ideals, start = np.sort(game.ideals(voters)), game.base()
    votes = game.quota or len(voters) // 2 + 1
    if votes > len(voters):
        raise UsageError(f"a quota of {votes} votes exceeds the {len(voters)} voters")
    high = max(start, 2.0 * float(ideals[len(voters) - votes]) - start)
    low = min(start, 2.0 * float(ideals[votes - 1]) - start)
    return max(low, min(game.bounds[0], start)), min(high, max(game.bounds[1], start))
