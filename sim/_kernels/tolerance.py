"""The one tolerance of the program.

A payoff is known up to ``RELATIVE`` times the magnitude of what it was added up from (the sum of the absolute
values of its terms; at least its own absolute value). Two payoffs *tie* where the two intervals meet, that
is, where they differ by at most ``RELATIVE * (magnitude_x + magnitude_y)``: only the magnitudes that are
compared count, so that an outcome that nobody would choose, however bad, changes no comparison of others,
and ``0.1 + 0.2 - 0.3`` ties with 0.

Where a concept has not moved to that yet it uses one tolerance for a whole game:

Two payoffs of an actor count as equal when they differ by at most ``RELATIVE`` times that actor's
payoff spread (largest less smallest payoff in the game). Rescaling an actor's payoffs by a positive
factor, or adding a constant, therefore changes no comparison. Margins of the treaty ladder are
already in units of spread and are compared with ``RELATIVE`` directly.

Array convention: payoffs have shape ``(actors, *moves, batch)``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

ROUNDING = 1e-12
"""Room for rounding, no tolerance of meaning: more than sums of a few hundred doubles lose, relatively."""
RELATIVE = 1e-9
"""The one tolerance: up to this share of what it was added up from a payoff is known."""

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
AnyArray = NDArray[Any]


def spread(payoffs: FloatArray) -> FloatArray:
    """Each actor's payoff spread per game.

    Parameters
    ----------
    payoffs
        Shape ``(actors, *moves, batch)``.

    Returns
    -------
    ndarray
        Shape ``(actors, batch)``, in payoff units.

    Examples
    --------
    >>> spread(np.array([[[1.0], [4.0]], [[2.0], [2.0]]]))
    array([[3.],
           [0.]])
    """
    moves = tuple(range(1, payoffs.ndim - 1))
    return np.asarray(payoffs.max(axis=moves) - payoffs.min(axis=moves))


def tolerance(payoffs: FloatArray) -> FloatArray:
    """The largest difference that counts as equal, per actor and game: ``RELATIVE * spread``.

    Examples
    --------
    >>> tolerance(np.array([[[1.0], [4.0]], [[2.0], [2.0]]]))[:, 0]
    array([3.e-09, 0.e+00])
    """
    return RELATIVE * spread(payoffs)


def tie_tolerance(x: FloatArray | float, y: FloatArray | float) -> FloatArray:
    """The largest difference of two payoffs that counts as a tie, from their magnitudes.

    Parameters
    ----------
    x, y
        Magnitudes: what each payoff was added up from, in absolute values; a payoff that was read from a file
        has its own absolute value.

    Examples
    --------
    >>> bool(abs(0.1 + 0.2 - 0.3 - 0.0) <= tie_tolerance(0.1 + 0.2 + 0.3, 0.0))
    True
    >>> bool(0.5 <= tie_tolerance(1.0, 1.5)), bool(0.5 <= tie_tolerance(1.0, 1e9))
    (False, True)
    """
    return np.asarray(RELATIVE * (np.asarray(x) + np.asarray(y)))
