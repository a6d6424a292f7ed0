"""Backward induction on sets and what it reaches, compiled.

See :mod:`sim.solutions.subgame_perfect` and :mod:`sim.feasibility.reached` for the definitions.

Array convention. Leaves are flattened, the first move moving slowest; outcome payoffs have shape
``(actors, outcomes, batch)``, and inside a block of points arrays have shape ``(leaves, points)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.compiled import BLOCK, compiled
from sim._kernels.tolerance import BoolArray, FloatArray, IntArray

Leaves = tuple[IntArray, IntArray]
Moves = tuple[IntArray, IntArray, IntArray]
Reach = tuple[BoolArray, BoolArray]


@compiled
def reach(
    payoffs: tuple[FloatArray, FloatArray], ratification: FloatArray, leaves: Leaves, moves: Moves
) -> Reach:
    """Which outcomes the subgame perfect equilibria reach, ``(outcomes, batch)``, and where there are any.

    Parameters
    ----------
    payoffs
        The least and the most that every payoff may be, shape ``(actors, outcomes, batch)`` each.
    ratification
        Probability that an outcome's agreement enters into force, shape ``(outcomes, batch)``.
    leaves
        Outcome of every leaf, and the outcome that stands there where ratification surely fails.
    moves
        Per axis its length, who moves, and in which stage.
    """
    outcomes, batch = ratification.shape
    solved = np.ones(batch, dtype=np.bool_)
    present = np.zeros((outcomes, batch), dtype=np.bool_)
    alive = np.empty((len(leaves[0]), BLOCK), dtype=np.bool_)
    keep = np.empty((len(leaves[0]), BLOCK), dtype=np.bool_)
    for start in range(0, batch, BLOCK):
        stop = min(start + BLOCK, batch)
        part = slice(start, stop)
        last = _survivors(payoffs, leaves[0], moves, start, stop, alive, keep, solved[part])
        _present(last, solved[part], ratification, start, leaves, present)
    return present, solved


@compiled
def _survivors(
    payoffs: tuple[FloatArray, FloatArray],
    outcome: IntArray,
    moves: Moves,
    start: int,
    stop: int,
    alive: BoolArray,
    keep: BoolArray,
    solved: BoolArray,
) -> BoolArray:
    """The leaves that survive all stages, from the last to the first; ``alive`` and ``keep`` are room."""
    shape, mover, stage = moves
    low, high = payoffs
    alive[:] = True
    last = len(shape)
    while last > 0:
        first = last - 1
        while first > 0 and stage[first - 1] == stage[last - 1]:
            first -= 1
        for leaf in range(len(outcome)):
            for b in range(BLOCK):
                keep[leaf, b] = alive[leaf, b]
        for axis in range(first, last):
            sizes = (shape[axis], _product(shape[axis + 1 : last]), _product(shape[last:]))
            own = low[mover[axis]], high[mover[axis]]
            _deviate(own, outcome, sizes, start, stop, alive, keep)
        if last - first > 1:
            _require_some(keep, _product(shape[:first]), solved)
        alive, keep = keep, alive
        last = first
    return alive


@compiled
def _product(sizes: IntArray) -> int:
    """The product of some axes' lengths."""
    out = 1
    for size in sizes:
        out *= size
    return out


@compiled
def _deviate(
    payoff: tuple[FloatArray, FloatArray],
    outcome: IntArray,
    sizes: tuple[int, int, int],
    start: int,
    stop: int,
    alive: BoolArray,
    keep: BoolArray,
) -> None:
    """Drop the leaves at which the mover of an axis gets at most less than it can secure at least.

    ``sizes`` has the number of choices on the axis, of choices at the same stage on axes that follow, and
    of continuations after the stage.
    """
    choices, inner, tail = sizes
    low, high = payoff
    size, step = stop - start, inner * tail
    worst, secure = np.empty(BLOCK), np.empty(BLOCK)
    for outer in range(0, len(outcome), choices * step):
        for group in range(outer, outer + step, tail):
            secure[:] = -np.inf
            for first in range(group, group + choices * step, step):
                worst[:] = np.inf
                for leaf in range(first, first + tail):
                    own, mask = low[outcome[leaf], start:stop], alive[leaf]
                    for b in range(size):
                        value = own[b] if mask[b] else np.inf
                        worst[b] = value if value < worst[b] else worst[b]
                for b in range(size):
                    secure[b] = worst[b] if worst[b] > secure[b] else secure[b]
            for first in range(group, group + choices * step, step):
                for leaf in range(first, first + tail):
                    own, mask = high[outcome[leaf], start:stop], keep[leaf]
                    for b in range(size):
                        mask[b] = mask[b] & (own[b] >= secure[b])


@compiled
def _require_some(keep: BoolArray, groups: int, solved: BoolArray) -> None:
    """Mark points at which a simultaneous stage has no pure equilibrium in some subgame."""
    leaves = len(keep) // groups
    some = np.empty(len(solved), dtype=np.bool_)
    for group in range(groups):
        some[:] = False
        for leaf in range(group * leaves, (group + 1) * leaves):
            for b in range(len(solved)):
                some[b] |= keep[leaf, b]
        for b in range(len(solved)):
            solved[b] &= some[b]


@compiled
def _present(
    alive: BoolArray,
    solved: BoolArray,
    ratification: FloatArray,
    start: int,
    leaves: Leaves,
    present: BoolArray,
) -> None:
    """Which outcomes the surviving leaves lead to."""
    outcome, status_quo = leaves
    for leaf in range(len(outcome)):
        row, fallback = outcome[leaf], status_quo[leaf]
        for b in range(len(solved)):
            if alive[leaf, b] and solved[b]:
                present[fallback if ratification[row, start + b] == 0.0 else row, start + b] = True
