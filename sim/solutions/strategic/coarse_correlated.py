"""Coarse correlated equilibria of games in strategic form: signing up before any recommendation.

Definition. A joint distribution ``pi`` over profiles is a coarse correlated equilibrium when no
actor gains by deciding, before the mediator tells it anything, to play one strategy whatever is
drawn: for every actor ``i`` and strategy ``k``,

    sum over s of pi(s) * [u_i(k, s_-i) - u_i(s)] <= 0

[moulin1978]_. These are fewer conditions than for a correlated equilibrium, so the polytope is
larger: actors bind themselves to follow the mediator at the outset.

Array convention. Payoffs ``(actors, *moves, batch)``, a batch of one; ``pi`` flat over profiles.
"""

from __future__ import annotations

from typing import Any

from sim._kernels.tolerance import FloatArray
from sim.games.strategic import StrategicGame
from sim.results import Solution
from sim.solutions.strategic._mediated_play import OBJECTIVE, Mediation, extremes

OPTIONS = (OBJECTIVE,)


def coarse_correlated(game: StrategicGame, *, objective: str | None = None) -> Solution:
    """The coarse correlated equilibria of highest and lowest welfare, and those best for an actor.

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
        expected gain of one actor that commits to a single strategy instead.

    Raises
    ------
    UsageError
        If the objective is unknown.
    TooLargeError
        Above 100,000 profiles.

    Notes
    -----
    Source: [moulin1978]_.

    Examples
    --------
    >>> chicken = StrategicGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> coarse_correlated(chicken, objective="welfare max").equilibria[0].extra["value"]
    10.5
    """
    return extremes(game, MEDIATION, objective)


def _rows(gain: FloatArray, actor: int) -> Any:
    """One condition per strategy: its gains over whatever is drawn."""
    from scipy.sparse import csr_array

    return csr_array(gain.reshape(gain.shape[0], -1))


def _gain(weighted: FloatArray, actor: int) -> float:
    """Best single strategy against the draw."""
    return float(weighted.reshape(weighted.shape[0], -1).sum(axis=1).max())


MEDIATION = Mediation(concept="coarse_correlated", rows=_rows, gain=_gain)
