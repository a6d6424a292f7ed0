"""The monopoly agenda setter (Romer and Rosenthal 1978).

Definition. One actor proposes a point under a closed rule; it replaces the status quo ``q`` when
every veto player, and at least ``k`` voters where a number of votes is asked for, like it at least
as much. With symmetric single-peaked preferences on a line the points that ``k`` voters would pass
are an interval around ``q``: up to the mirror image ``2 x - q`` of the ``k``-th highest voter's
ideal point if that lies above ``q``, and likewise below; a veto player accepts the interval from
``q`` to its own mirror image. The setter takes the point of the intersection that is nearest to its
ideal, or leaves ``q`` in place; voters who are indifferent vote for its proposal. In several
dimensions an actor accepts the ball around its ideal point through ``q``, and the setter takes the
nearest point of the balls of all veto players and of some ``k`` voters.

Array convention. One game: ideal points have shape ``(actors,)``.
"""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np

from sim._kernels.balls import nearest
from sim._kernels.tolerance import RELATIVE
from sim.errors import TooLargeError, UsageError
from sim.games.spatial import SpatialGame
from sim.games.spatial_field import SpatialField
from sim.results import Solution
from sim.solutions.spatial._intervals_on_a_line import (
    accepted_balls,
    accepted_interval,
    interval_solution,
    point_solution,
)

MOST_COALITIONS = 5_000
"""Smallest winning coalitions that are tried in a space of several dimensions."""


def agenda_setter(game: SpatialGame | SpatialField) -> Solution:
    """The point that a monopoly agenda setter proposes and the voters accept.

    Parameters
    ----------
    game
        With a setter and a status quo. The consent of every actor named under ``veto`` is needed
        (Tsebelis); a quota counts the votes of all actors but the setter. Without either, a
        majority of them passes a proposal.

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
    Sources: [romer1978]_; veto players: [tsebelis2002]_.

    Examples
    --------
    >>> game = SpatialGame.on_line([1, 0.3], actors=("setter", "voter"), status_quo=0, setter=0)
    >>> [e.agreement for e in agenda_setter(game).equilibria]
    ['0.6']
    """
    if game.setter is None:
        raise UsageError("agenda_setter needs to know who proposes: add `setter:`")
    if isinstance(game, SpatialField):
        return _in_space(game, game.setter)
    low, high = passing(game)
    ideal = float(game.ideals((game.setter,))[0])
    point = min(max(ideal, low), high)
    if low > high or abs(point - ideal) > abs(game.base() - ideal):
        point = game.base()
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
    if not others:
        raise UsageError("agenda_setter needs at least one voter besides the setter")
    start = game.base()
    low, high = min(game.bounds[0], start), max(game.bounds[1], start)
    intervals = [accepted_interval(game, actor) for actor in game.veto if actor != game.setter]
    if game.quota is not None or not intervals:
        intervals.append(_voted(game, others, game.quota or len(others) // 2 + 1))
    return max(low, *(i[0] for i in intervals)), min(high, *(i[1] for i in intervals))


def _voted(game: SpatialGame, voters: tuple[int, ...], votes: int) -> tuple[float, float]:
    """The points that at least so many voters like as much as the status quo."""
    if votes > len(voters):
        raise UsageError(f"a quota of {votes} votes exceeds the {len(voters)} voters")
    ideals, start = np.sort(game.ideals(voters)), game.base()
    high = max(start, 2.0 * float(ideals[len(voters) - votes]) - start)
    low = min(start, 2.0 * float(ideals[votes - 1]) - start)
    return low, high


def _in_space(field: SpatialField, setter: int) -> Solution:
    others = [i for i in range(len(field.actors)) if i != setter]
    if not others:
        raise UsageError("agenda_setter needs at least one voter besides the setter")
    veto = [i for i in field.veto if i != setter]
    votes = field.quota or (0 if veto else len(others) // 2 + 1)
    if votes > len(others):
        raise UsageError(f"a quota of {votes} votes exceeds the {len(others)} voters")
    ideal, best = field.ideals[setter], field.base()
    for coalition in _coalitions(others, veto, votes):
        point = nearest(*accepted_balls(field, coalition), ideal)
        if point is not None and np.linalg.norm(point - ideal) < np.linalg.norm(best - ideal):
            best = point
    same = bool(np.allclose(best, field.base(), rtol=0.0, atol=RELATIVE * float(field.span.max())))
    note = "one point" + ("; the status quo stays" if same else "")
    return point_solution(field, "agenda_setter", [best], note, setter=field.actors[setter])


def _coalitions(others: list[int], veto: list[int], votes: int) -> list[tuple[int, ...]]:
    """The smallest sets of actors whose consent passes a proposal."""
    free = [i for i in others if i not in veto]
    needed = max(votes - len(veto), 0)
    if comb(len(free), needed) > MOST_COALITIONS:
        raise TooLargeError(
            f"{needed} of {len(free)} voters make {comb(len(free), needed):,} coalitions, the limit is "
            f"{MOST_COALITIONS:,}; merge voters that stand close together"
        )
    return [(*veto, *chosen) for chosen in combinations(free, needed)]
