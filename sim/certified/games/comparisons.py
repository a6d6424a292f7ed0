"""The moves of a stage game as comparisons of outcomes with subgames.

Definition. A mover compares what it has at a leaf with the subgames that its other choices lead to.
Subgames with the same table of outcomes are one subgame, so comparisons are made per pair of an outcome
and a subgame, not per pair of leaves.

Array convention. Leaves are numbered in the order of the game's axes, the last one fastest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim._kernels.numbering import occurring
from sim._kernels.tolerance import IntArray
from sim.certified.games.game_payoffs import GamePayoffs
from sim.errors import TooLargeError

MAX_CHOICES = 1 << 23
"""Most pairs of a leaf and a choice that are compared."""
SPARSE = 16
"""How many possible keys a key may have room for where they are numbered without sorting."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One move, as comparisons of outcomes with subgames.

    Parameters
    ----------
    actor
        Who moves.
    axis
        Number of the move.
    size
        Number of choices.
    step
        By how many leaves neighbouring choices are apart.
    inner
        Number of leaves of the subgame after the stage.
    outcome, subgame
        Of every comparison: an outcome's number, and the first leaf of a subgame.
    pair, without
        Comparison of every leaf with every choice, and of what holds there if its agreement does not
        enter into force, shape ``(leaves, choices)``.
    """

    actor: str
    axis: int
    size: int
    step: int
    inner: int
    outcome: IntArray
    subgame: IntArray
    pair: IntArray
    without: IntArray

    def own(self, leaf: IntArray) -> IntArray:
        """The choice that leads to a leaf."""
        return leaf // self.step % self.size


def steps_of(payoffs: GamePayoffs) -> tuple[tuple[Step, ...], ...]:
    """The comparisons of every stage, in order of play.

    Raises
    ------
    TooLargeError
        If leaves times choices exceed ``MAX_CHOICES``.
    """
    shape = payoffs.game.shape
    most = len(payoffs.leaf) * max(shape)
    if most > MAX_CHOICES:
        raise TooLargeError(
            f"the game has {most:,} pairs of a leaf and a choice, the limit for certified outcomes "
            f"is {MAX_CHOICES:,}; narrow the menu of an offer or demand (menu: EXPRESSION)"
        )
    return tuple(
        tuple(_step(payoffs, k, stage[-1]) for k in stage) for stage in payoffs.game.stages
    )


def _step(payoffs: GamePayoffs, axis: int, last: int) -> Step:
    mine = np.stack([payoffs.leaf, payoffs.fallback(payoffs.leaf)])
    shape = payoffs.game.shape
    return _compared(mine.tobytes(), mine.shape, shape, axis, last, payoffs.game.axes[axis].actor)


@lru_cache(maxsize=16)
def _compared(
    content: bytes, size: tuple[int, ...], shape: tuple[int, ...], axis: int, last: int, actor: str
) -> Step:
    """A step, from the outcomes of all leaves and what they fall back to; the last few are kept."""
    mine = np.frombuffer(content, dtype=np.int64).reshape(size)
    leaf = mine[0]
    step, inner = (int(np.prod(shape[k + 1 :], dtype=np.int64)) for k in (axis, last))
    first, name = _subgames(leaf, inner)
    index = np.arange(len(leaf))
    base = index - index // step % shape[axis] * step
    targets = (base[:, None] + np.arange(shape[axis]) * step) // inner
    key = mine[:, :, None] * len(first) + name[targets]
    keys, pair = _numbered(key.reshape(-1), int(mine.max(initial=0) + 1) * len(first))
    pair, without = pair.reshape(key.shape).astype(np.int32)
    return Step(
        actor=actor,
        axis=axis,
        size=shape[axis],
        step=step,
        inner=inner,
        outcome=keys // len(first),
        subgame=first[keys % len(first)],
        pair=pair,
        without=without,
    )


def _numbered(key: IntArray, size: int) -> tuple[IntArray, IntArray]:
    """Which keys below a size occur, ascending, and the place of each: sorted only where few of many do."""
    if size <= SPARSE * len(key):
        return occurring(key, size)
    keys, place = np.unique(key, return_inverse=True)
    return keys, place.reshape(-1)


def _subgames(leaf: IntArray, inner: int) -> tuple[IntArray, IntArray]:
    """Different tables of outcomes: the first leaf of each, and which one every subgame has."""
    table = leaf.reshape(-1, inner)
    _, first, name = np.unique(table, axis=0, return_index=True, return_inverse=True)
    return first * inner, name.reshape(-1)
