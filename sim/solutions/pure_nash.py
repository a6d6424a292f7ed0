"""Pure Nash equilibria of games in strategic form.

Definition. A pure profile ``s`` is a Nash equilibrium when no actor gains by changing its own
strategy alone: ``u_i(s) >= u_i(t_i, s_-i)`` for every actor ``i`` and strategy ``t_i`` (Nash
1951).

Array convention. ``payoffs`` has shape ``(actors, *moves, batch)``; masks and regrets have shape
``(*moves, batch)``. Each actor's best payoff is a maximum along its own axis, so a whole batch
takes one pass per actor.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, tolerance
from sim.games.strategic import StrategicGame
from sim.results import Equilibrium, Solution


def pure_nash(game: StrategicGame) -> Solution:
    """All pure Nash equilibria of one game, in lexicographic order of their strategies.

    Parameters
    ----------
    game
        A batch of one.

    Returns
    -------
    Solution
        Always exhaustive. Ties count as equilibria; each member carries its regret.

    Notes
    -----
    Source: [nash1951]_.

    Examples
    --------
    >>> chicken = StrategicGame.from_bimatrix([[0, -1], [1, -9]], [[0, 1], [-1, -9]])
    >>> [e.payoffs for e in pure_nash(chicken).equilibria]
    [{'player 1': -1.0, 'player 2': 1.0}, {'player 1': 1.0, 'player 2': -1.0}]
    """
    table = game.table()
    regrets = profile_regret(game.payoffs)[..., 0]
    members = tuple(
        _member(game, table, regrets, profile)
        for profile in map(tuple, np.argwhere(pure_nash_mask(game.payoffs)[..., 0]))
    )
    note = "" if members else "the game has no pure equilibrium; ask for mixed_nash"
    return Solution(concept="pure_nash", equilibria=members, exhaustive=True, note=note)


def pure_nash_mask(payoffs: FloatArray) -> BoolArray:
    """Which profiles are pure equilibria, for a whole batch.

    Parameters
    ----------
    payoffs
        Shape ``(actors, *moves, batch)``.

    Returns
    -------
    ndarray of bool
        Shape ``(*moves, batch)``.

    Examples
    --------
    >>> dilemma = StrategicGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> pure_nash_mask(dilemma.payoffs)[..., 0]
    array([[False, False],
           [False,  True]])
    """
    slack = tolerance(payoffs)
    mask = np.ones(payoffs.shape[1:], dtype=np.bool_)
    for actor in range(payoffs.shape[0]):
        best = payoffs[actor].max(axis=actor, keepdims=True)
        mask &= payoffs[actor] >= best - slack[actor]
    return mask


def profile_regret(payoffs: FloatArray) -> FloatArray:
    """Every profile's largest gain from a unilateral deviation, shape ``(*moves, batch)``.

    Examples
    --------
    >>> dilemma = StrategicGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> profile_regret(dilemma.payoffs)[..., 0]
    array([[2., 1.],
           [1., 0.]])
    """
    worst = np.zeros(payoffs.shape[1:])
    for actor in range(payoffs.shape[0]):
        best = payoffs[actor].max(axis=actor, keepdims=True)
        np.maximum(worst, best - payoffs[actor], out=worst)
    return worst


def _member(
    game: StrategicGame, table: FloatArray, regrets: FloatArray, profile: tuple[int, ...]
) -> Equilibrium:
    labels = [menu[k] for menu, k in zip(game.strategies, profile, strict=True)]
    return Equilibrium(
        strategies={actor: {label: 1.0} for actor, label in zip(game.actors, labels, strict=True)},
        payoffs={a: float(table[(i, *profile)]) for i, a in enumerate(game.actors)},
        regret=float(regrets[profile]),
    )
