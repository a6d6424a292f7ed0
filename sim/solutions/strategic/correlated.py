"""Correlated equilibria of games in strategic form: what a mediator can recommend.

Definition. A mediator draws a profile from a joint distribution ``pi`` known to all, and tells each
actor in private its own part. ``pi`` is a correlated equilibrium when obeying is best: for every
actor ``i`` and strategies ``j, k``,

    sum over s_-i of pi(j, s_-i) * [u_i(k, s_-i) - u_i(j, s_-i)] <= 0

[aumann1974]_. The equilibria are a polytope that contains every Nash equilibrium.

Array convention. Payoffs ``(actors, *moves, batch)``, a batch of one; ``pi`` flat over profiles.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.games.strategic import StrategicGame
from sim.results import Solution
from sim.solutions.strategic._mediated_play import OBJECTIVE, Mediation, extremes

OPTIONS = (OBJECTIVE,)


def correlated(game: StrategicGame, *, objective: str | None = None) -> Solution:
    """The correlated equilibria with the highest and lowest welfare, and those best for an actor.

    Parameters
    ----------
    game
        A batch of one, any number of actors.
    objective
        ``"welfare max"``, ``"welfare min"`` (welfare is the sum of all payoffs) or an actor's name;
        ``None`` asks for all of them, in that order.

    Returns
    -------
    Solution
        One member for each objective: the joint distribution as ``agreement``, by
        ``"(label, label)"``; the objective and its value in ``extra``. Regret is the largest
        expected gain of one actor that may deviate from each recommendation as it likes.

    Raises
    ------
    UsageError
        If the objective is unknown.
    TooLargeError
        Above 100,000 profiles.

    Notes
    -----
    Source: [aumann1974]_.

    Examples
    --------
    >>> chicken = StrategicGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> best = correlated(chicken, objective="welfare max").equilibria[0]
    >>> best.agreement, best.extra["value"]
    ({'(1, 1)': 0.5, '(1, 2)': 0.25, '(2, 1)': 0.25}, 10.5)
    """
    return extremes(game, MEDIATION, objective)


def _rows(gain: FloatArray, actor: int) -> Any:
    """One condition per recommendation and other strategy: gains of that deviation, told so."""
    from scipy.sparse import csr_array, vstack

    size = gain.shape[0]
    told = np.indices(gain.shape[1:])[actor].ravel()
    flat = gain.reshape(size, -1)
    blocks = [
        csr_array((flat[k] * (told == j))[None]) for j in range(size) for k in range(size) if k != j
    ]
    return vstack(blocks, format="csr") if blocks else csr_array((0, told.size))


def _gain(weighted: FloatArray, actor: int) -> float:
    """Best reply to each recommendation, summed over recommendations."""
    others = tuple(axis for axis in range(1, weighted.ndim) if axis != actor + 1)
    return float(weighted.sum(axis=others).max(axis=0).sum())


MEDIATION = Mediation(concept="correlated", rows=_rows, gain=_gain)
