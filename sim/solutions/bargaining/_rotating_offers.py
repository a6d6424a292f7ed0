"""Alternating offers of any number of actors who divide a total, unanimity required.

Definition. Proposers take turns in the order of the actors. In a stationary equilibrium every
other actor receives what waiting for its own turn would give: if it is ``k`` rounds ahead,
``delta_i ** k`` times what it keeps as proposer. The shares of every proposal sum to the total,
which is one linear equation per proposer.

Array convention. Gains over the disagreement point, shape ``(actors,)``; proposals by proposer in
rows.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import FloatArray


def rotating_proposals(discount: FloatArray, surplus: float) -> FloatArray:
    """Every proposer's stationary proposal: gains per actor, shape ``(proposers, actors)``.

    Examples
    --------
    >>> rotating_proposals(np.array([0.9, 0.9]), 1.0).round(6)
    array([[0.526316, 0.473684],
           [0.473684, 0.526316]])
    """
    turns = np.arange(len(discount))
    ahead = (turns[None, :] - turns[:, None]) % len(discount)
    shrunk = discount[None, :] ** ahead
    kept = np.linalg.solve(shrunk, np.full(len(discount), surplus))
    return np.asarray(shrunk * kept)


def rotating_induction(
    discount: FloatArray, surplus: float, horizon: int, first: int
) -> FloatArray:
    """The first round's proposal when nothing is left after the last round, shape ``(actors,)``.

    Examples
    --------
    >>> rotating_induction(np.array([0.9, 0.9]), 1.0, 3, 0).round(6)
    array([0.91, 0.09])
    """
    gains = np.zeros(len(discount))
    for turn in reversed(range(horizon)):
        proposer = (first + turn) % len(discount)
        gains = discount * gains
        gains[proposer] += surplus - gains.sum()
    return gains
