"""The core of a q-rule on a line.

Definition. With single-peaked preferences a point ``x`` is in the core of the rule "``q`` of ``n``
votes pass" when fewer than ``q`` ideal points lie to its left and fewer than ``q`` to its right:
the interval from the ``(n-q+1)``-th to the ``q``-th smallest ideal point. With a majority of an
odd number it is the median (Black 1948); below a majority it may be empty.

Array convention. One game: ideal points have shape ``(actors,)``.
"""

from __future__ import annotations

import numpy as np

from sim.errors import UsageError
from sim.games.spatial import SpatialGame
from sim.results import Solution
from sim.solutions.options import Option
from sim.solutions.spatial._intervals_on_a_line import interval_solution, require_line

OPTIONS = (
    Option(
        name="quota",
        kind="integer",
        low=1,
        unit="votes",
        meaning="Votes that pass a proposal; the file's, or a majority, without it.",
    ),
)


def qrule_core(game: SpatialGame, *, quota: int | None = None) -> Solution:
    """The points that no coalition of ``quota`` voters would leave.

    Parameters
    ----------
    game
        Ideal points of all actors, one vote each.
    quota
        Votes that pass a proposal; without it the game's own, or a majority.

    Returns
    -------
    Solution
        The ends of the interval; empty, with a note, where there is no core.

    Raises
    ------
    UsageError
        If the quota is not between 1 and the number of actors.

    Notes
    -----
    Source: [black1948]_.

    Examples
    --------
    >>> game = SpatialGame.on_line([0, 0.2, 0.4, 0.6, 1])
    >>> [e.agreement for e in qrule_core(game, quota=4).equilibria]
    ['0.2', '0.6']
    """
    require_line(game, "qrule_core")
    ideals = np.sort(game.ideals())
    size = len(ideals)
    votes = quota or game.quota or size // 2 + 1
    if not 1 <= votes <= size:
        raise UsageError(f"a quota of {votes} votes cannot be met or missed by {size} actors")
    return interval_solution(
        game,
        "qrule_core",
        float(ideals[size - votes]),
        float(ideals[votes - 1]),
        empty=f"the core is empty: two coalitions of {votes} can each pass what they like",
        parameters={"quota": votes},
    )
