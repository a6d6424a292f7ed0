"""Backward induction on sets of leaves, on arrays.

Definition. As in :mod:`sim.rules.induction` and :mod:`sim.solutions.sequential.subgame_perfect`.

Array convention. Leaf payoffs have shape ``(*moves, batch)``, one axis per move, the batch axis last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.rules.arithmetic import ARRAYS
from sim.rules.induction import survivors


@dataclass(frozen=True, slots=True, eq=False)
class Induction:
    """The outcome of backward induction on sets.

    Parameters
    ----------
    survivors
        Leaves that some subgame perfect equilibrium in pure strategies reaches, ``(*moves,
        batch)``.
    solved
        Whether every simultaneous stage had a pure equilibrium, ``(batch,)``.
    regret
        Per leaf the largest shortfall below what a mover could secure on the path; 0 for survivors.
    """

    survivors: BoolArray
    solved: BoolArray
    regret: FloatArray


def backward_induction(
    payoffs: Sequence[FloatArray],
    stages: Sequence[Sequence[int]],
    scales: Sequence[float],
    *,
    most: Sequence[FloatArray] | None = None,
    certificate: bool = False,
    alive: BoolArray | None = None,
) -> Induction:
    """All leaves that are reached by a subgame perfect equilibrium in pure strategies.

    Parameters
    ----------
    payoffs
        Per axis the payoff of its mover at every leaf, shape ``(*moves, batch)``.
    stages
        Axis numbers by stage, in order of play.
    scales
        Per axis its mover's payoff unit; ties are within ``RELATIVE`` of it, unless ``most`` is given.
    most
        Per axis the most that its mover's payoffs may be, where ``payoffs`` has the least; two payoffs tie
        where the intervals meet.
    certificate
        Whether to compute ``regret``.
    alive
        Which leaves there are; all by default. Axes beyond those of the stages are nobody's move.

    Notes
    -----
    Source: [selten1975]_.

    Examples
    --------
    An ultimatum over 0, 1 or 2 of a pie of 2: accepting nothing is a tie, so two outcomes survive.

    >>> share = np.array([0.0, 1.0, 2.0])[:, None, None]
    >>> accept = np.array([1.0, 0.0])[None, :, None]
    >>> result = backward_induction([(2 - share) * accept, share * accept], [[0], [1]], [2.0, 2.0])
    >>> np.argwhere(result.survivors[..., 0]).tolist()
    [[0, 0], [1, 0]]
    """
    shape = payoffs[0].shape
    there, moves = np.ones(shape, dtype=np.bool_) if alive is None else alive, len(shape) - 1
    solved = np.ones(shape[-1], dtype=np.bool_)
    regret = np.zeros(shape if certificate else (1,))

    def ends(axis: int) -> tuple[FloatArray, FloatArray]:
        least = payoffs[axis]
        return least, least + RELATIVE * scales[axis] if most is None else most[axis]

    def seen(secure: FloatArray, own: FloatArray) -> None:
        np.maximum(regret, secure - own, out=regret)

    def settle(some: BoolArray) -> None:
        np.logical_and(solved, some.reshape(-1, solved.size).all(axis=0), out=solved)

    found = survivors(
        ARRAYS, stages, ends, there, moves=moves, seen=seen if certificate else None, settle=settle
    )
    return Induction(found, solved, regret)
