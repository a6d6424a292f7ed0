"""When a deal is signed, from the states in which it is.

Array convention. As in :mod:`sim.games.in_time.markov_bargaining`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.games.in_time.markov_bargaining import MarkovBargaining


def chance_signed(
    game: MarkovBargaining,
    signs: BoolArray | FloatArray,
    start: int,
    periods: int,
    moves: Sequence[FloatArray] = (),
) -> tuple[FloatArray, FloatArray]:
    """Probability of a signature by the end of each period, and where the world is before it without one.

    Parameters
    ----------
    game
        Its recognition and transition.
    signs
        Whether, or with which chance, a signature enters into force: ``(periods, proposers, states,
        batch)``, or one period's that is played for ever.
    start
        The state of the first period.
    periods
        How many.
    moves
        Chances to move after each period, the last for ever, where they are not the game's.

    Returns
    -------
    by, before
        ``(periods, batch)`` and ``(periods, states, batch)``.
    """
    at = np.zeros((game.states, game.batch))
    at[start] = 1.0
    done = np.zeros(game.batch)
    by, before = np.empty((periods, game.batch)), np.empty((periods, game.states, game.batch))
    for t in range(periods):
        before[t] = at
        chosen = signs if signs.ndim == 3 else signs[t]
        signed = at * (game.recognition * chosen).sum(axis=0)
        done = done + signed.sum(axis=0)
        at = _moved(moves[min(t, len(moves) - 1)] if moves else game.transition, at - signed)
        by[t] = done
    return by, before


def _moved(transition: FloatArray, at: FloatArray) -> FloatArray:
    """Where the world is a period later."""
    if transition.shape[2] == 1:
        return np.asarray(transition[..., 0].T @ at)
    return np.asarray(np.einsum("sb,stb->tb", at, transition))
