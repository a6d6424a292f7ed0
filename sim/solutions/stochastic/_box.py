"""A box that holds the values of every subgame perfect equilibrium of a stochastic game, pure or mixed.

Definition. Let the continuation values of every equilibrium lie in ``[lower, upper]``. An action is *surely
bettered* when another one gives its actor more against everything that the others may still do, at the worst
continuation of the one and the best of the other; no equilibrium plays it. Nobody gets less than what it can
secure against what remains, at its worst continuations, and nobody more than the best that remains. Repeating
this keeps every equilibrium inside, whatever its strategies remember and however they mix.

Array convention. Bounds have shape ``(actors, states)``; ``alive`` has per state and actor a mask of actions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.games.in_time.stochastic import StochasticGame

MOST_ROUNDS, STILL = 2_000, 1e-12
"""Rounds of narrowing at most, and the narrowing, in payoff units, that counts as none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StochasticBox:
    """Bounds on the values of all subgame perfect equilibria, and the actions that some may play."""

    lower: FloatArray
    upper: FloatArray
    alive: tuple[tuple[BoolArray, ...], ...]
    settled: bool


def box_of(game: StochasticGame, *, most: int = MOST_ROUNDS) -> StochasticBox:
    """Tighten bounds until they repeat.

    Examples
    --------
    >>> box = box_of(StochasticGame.repeated([[3, 0], [4, 1]], [[3, 4], [0, 1]], 0.1))
    >>> box.lower[:, 0], box.upper[:, 0]
    (array([1., 1.]), array([1., 1.]))
    """
    flat = np.concatenate([p.reshape(len(game.actors), -1) for p in game.payoffs], axis=1)
    shape = (len(game.actors), len(game.states))
    lower = np.broadcast_to(flat.min(axis=1)[:, None], shape).copy()
    upper = np.broadcast_to(flat.max(axis=1)[:, None], shape).copy()
    alive = [[np.ones(n, dtype=np.bool_) for n in game.shape(s)] for s in range(shape[1])]
    unit = STILL * game.scales[:, None]
    for _ in range(most):
        low, high, fewer = _tighten(game, lower, upper, alive)
        low, high = np.maximum(low, lower), np.minimum(high, upper)
        still = (low - lower <= unit).all() and (upper - high <= unit).all() and not fewer
        lower, upper = low, high
        if still:
            break
    frozen = tuple(tuple(row) for row in alive)
    return StochasticBox(lower=lower, upper=upper, alive=frozen, settled=bool(still))


def _tighten(
    game: StochasticGame, lower: FloatArray, upper: FloatArray, alive: list[list[BoolArray]]
) -> tuple[FloatArray, FloatArray, bool]:
    """New bounds, and whether some action was struck out."""
    low, high, fewer = np.empty_like(lower), np.empty_like(upper), False
    for s in range(lower.shape[1]):
        for i in range(len(game.actors)):
            slack = RELATIVE * game.scales[i]
            worst, best = (_against(game, i, s, bound[i], alive[s]) for bound in (lower, upper))
            secured = worst[alive[s][i]].min(axis=1).max()
            bettered = (worst[alive[s][i]][:, None] > best[None] + slack).all(axis=2).any(axis=0)
            out = alive[s][i] & (bettered | (best.max(axis=1) < secured - slack))
            if out.any() and not out[alive[s][i]].all():
                alive[s][i] = alive[s][i] & ~out
                fewer = True
            low[i, s] = secured
            high[i, s] = best[alive[s][i]].max()
    return low, high, fewer


def _against(
    game: StochasticGame, i: int, s: int, values: FloatArray, alive: list[BoolArray]
) -> FloatArray:
    """What each action is worth against every live profile of the others, ``(actions, profiles)``."""
    worth = game.worth(i, s, values)
    for k, mask in enumerate(alive):
        if k != i:
            worth = np.compress(mask, worth, axis=k)
    return np.moveaxis(worth, i, 0).reshape(worth.shape[i], -1)
