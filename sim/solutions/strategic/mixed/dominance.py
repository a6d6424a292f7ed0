r"""Iterated elimination of strictly dominated strategies, as a reduction before enumeration.

Definition. A strategy is strictly dominated by another pure strategy when it pays less against
every profile of the others. Such a strategy has probability 0 in every equilibrium, so the
equilibria of the reduced game are those of the game.

Array convention. Payoffs of one game, shape ``(actors, *moves)``, floats or exact fractions; the
comparison is strict and exact.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import AnyArray, IntArray


def undominated(payoffs: AnyArray) -> tuple[IntArray, ...]:
    """Per actor the strategies that survive iterated strict dominance by pure strategies.

    Examples
    --------
    >>> dilemma = np.array([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> undominated(dilemma)
    (array([1]), array([1]))
    """
    kept = tuple(np.arange(size) for size in payoffs.shape[1:])
    while True:
        reduced = restrict(payoffs, kept)
        survivors = tuple(
            menu[_survive(np.moveaxis(reduced[actor], actor, 0))] for actor, menu in enumerate(kept)
        )
        if all(len(new) == len(old) for new, old in zip(survivors, kept, strict=True)):
            return kept
        kept = survivors


def restrict(payoffs: AnyArray, menus: tuple[IntArray, ...]) -> AnyArray:
    """The payoffs of the game in which each actor has only the strategies in ``menus``."""
    return payoffs[np.ix_(np.arange(payoffs.shape[0]), *menus)]


def _survive(own: AnyArray) -> list[bool]:
    rows = own.reshape(own.shape[0], -1)
    return [
        not any(bool((other > row).all()) for k, other in enumerate(rows) if k != r)
        for r, row in enumerate(rows)
    ]
