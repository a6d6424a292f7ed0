"""Pure Nash equilibria of games in strategic form.

Definition. A pure profile ``s`` is a Nash equilibrium when no actor gains by changing its own
strategy alone: ``u_i(s) >= u_i(t_i, s_-i)`` for every actor ``i`` and strategy ``t_i`` (Nash
1951). Payoffs that are known exactly are compared exactly; floats tie within what their own
magnitudes leave uncertain, so that a payoff elsewhere, however large, changes no comparison.

Array convention. ``payoffs`` has shape ``(actors, *moves, batch)``; masks and regrets have shape
``(*moves, batch)``. Each actor's best payoff is a maximum along its own axis, so a whole batch
takes one pass per actor.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.ranks import magnitudes_or
from sim._kernels.tolerance import AnyArray, BoolArray, FloatArray, tie_tolerance
from sim.games.strategic import StrategicGame
from sim.results import Solution, StrategyProfile


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
        for profile in map(tuple, np.argwhere(_mask(game, table)))
    )
    note = "" if members else "the game has no pure equilibrium; ask for mixed_nash"
    return Solution(concept="pure_nash", members=members, exhaustive=True, note=note)


def _mask(game: StrategicGame, table: FloatArray) -> BoolArray:
    if game.exact is None:
        return np.asarray(pure_nash_mask(game.payoffs, game.magnitudes)[..., 0])
    return exact_pure_nash_mask(game.exact, table)


def exact_pure_nash_mask(exact: AnyArray, table: FloatArray) -> BoolArray:
    """Which profiles of one game with exact payoffs are pure equilibria.

    Rounding keeps order, so that only the profiles that are equilibria of the rounded payoffs are
    compared exactly.

    Parameters
    ----------
    exact
        Fractions, shape ``(actors, *moves)``.
    table
        The same in floats.

    Examples
    --------
    >>> from fractions import Fraction
    >>> tiny = np.array([[Fraction(1), 1 + Fraction(1, 10**30)]], dtype=object).reshape(1, 2)
    >>> exact_pure_nash_mask(tiny, tiny.astype(float))
    array([False,  True])
    """
    mask = np.ones(table.shape[1:], dtype=np.bool_)
    for actor in range(table.shape[0]):
        mask &= table[actor] >= table[actor].max(axis=actor, keepdims=True)
    for profile in map(tuple, np.argwhere(mask)):
        mask[profile] = all(
            exact[(i, *profile)] >= max(exact[(i, *profile[:i], slice(None), *profile[i + 1 :])])
            for i in range(table.shape[0])
        )
    return mask


def pure_nash_mask(payoffs: FloatArray, magnitudes: FloatArray | None = None) -> BoolArray:
    """Which profiles are pure equilibria, for a whole batch.

    Parameters
    ----------
    payoffs
        Shape ``(actors, *moves, batch)``.
    magnitudes
        What the payoffs were added up from, same shape (:mod:`sim._kernels.ranks`).

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
    sizes = magnitudes_or(payoffs, magnitudes)
    mask = np.ones(payoffs.shape[1:], dtype=np.bool_)
    for actor in range(payoffs.shape[0]):
        own, size = payoffs[actor], sizes[actor]
        place = np.expand_dims(own.argmax(axis=actor), actor)
        best = np.take_along_axis(own, place, axis=actor)
        slack = tie_tolerance(size, np.take_along_axis(size, place, axis=actor))
        mask &= own >= best - slack
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
) -> StrategyProfile:
    labels = [menu[k] for menu, k in zip(game.strategies, profile, strict=True)]
    return StrategyProfile(
        strategies={actor: {label: 1.0} for actor, label in zip(game.actors, labels, strict=True)},
        payoffs={a: float(table[(i, *profile)]) for i, a in enumerate(game.actors)},
        regret=float(regrets[profile]),
    )
