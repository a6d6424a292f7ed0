r"""Exact payoffs for the solution concepts that compute in fractions.

Definition. Payoffs from tables and Gambit files are exact. Payoffs known only as floats are taken at
their exact binary value, except that values of one actor within ``ROUNDING`` of its payoff spread
count as one: such gaps are what the rounding of equal terms leaves behind, and taking them at their
word would break ties.

Array convention. One game; the result has shape ``(actors, *moves)`` and holds fractions.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import AnyArray, FloatArray
from sim.games.strategic import StrategicGame, as_fractions

ROUNDING = 1e-12
"""Largest gap, in units of the actor's spread, between floats that count as one value."""


def exact_payoffs(game: StrategicGame) -> AnyArray:
    """The payoffs of one game as fractions, floats that differ by rounding made equal.

    Examples
    --------
    >>> noisy = StrategicGame(
    ...     actors=("a",), strategies=(("x", "y", "z"),), payoffs=np.array([[[0.3], [0.1 + 0.2], [1]]])
    ... )
    >>> len(set(exact_payoffs(noisy)[0]))
    2
    """
    if game.exact is not None:
        return game.exact
    return as_fractions([merged(own) for own in game.table()])


def merged(own: FloatArray) -> FloatArray:
    """One actor's payoffs with each run of values within ``ROUNDING`` set to its smallest."""
    values, place = np.unique(own, return_inverse=True)
    gap = ROUNDING * (values[-1] - values[0])
    for k in range(1, len(values)):
        if values[k] - values[k - 1] <= gap:
            values[k] = values[k - 1]
    return values[place].reshape(own.shape)
