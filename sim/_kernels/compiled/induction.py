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
Moves = tuple[IntArray, IntArray, IntArray, FloatArray]
Kinds = tuple[IntArray, IntArray, BoolArray]
Reach = tuple[BoolArray, IntArray, IntArray, BoolArray, BoolArray]


@compiled
def reach(
    payoffs: FloatArray, ratification: FloatArray, leaves: Leaves, moves: Moves, kinds: Kinds
) -> Reach:
    """What the subgame perfect equilibria reach: solved, representative, count, in every, kept treaty.

    Parameters
    ----------
    payoffs
        Shape ``(actors, outcomes, batch)``.
    ratification
        Probability that an outcome's agreement enters into force, shape ``(outcomes, batch)``.
    leaves
        Outcome of every leaf, and the outcome that stands there where ratification surely fails.
    moves
        Per axis its length, who moves, in which stage, and what counts as equal for the mover.
    kinds
        The outcomes in order of their classes, those classes, and which are treaties that are kept.
    """
    outcomes, batch = ratification.shape
    solved = np.ones(batch, dtype=np.bool_)
    chosen, count = np.empty(batch, dtype=np.int64), np.empty(batch, dtype=np.int64)
    in_every, treaty = np.empty(batch, dtype=np.bool_), np.empty(batch, dtype=np.bool_)
    alive = np.empty((len(leaves[0]), BLOCK), dtype=np.bool_)
    keep = np.empty((len(leaves[0]), BLOCK), dtype=np.bool_)
    present = np.empty((outcomes, BLOCK), dtype=np.bool_)
    for start in range(0, batch, BLOCK):
        stop = min(start + BLOCK, batch)
        part = slice(start, stop)
        last = _survivors(payoffs, leaves[0], moves, start, stop, alive, keep, solved[part])
        _present(last, solved[part], ratification, start, leaves, present)
        _sum_up(present, kinds, chosen[part], count[part], in_every[part], treaty[part])
    return solved, chosen, count, in_every, treaty


@compiled
def _survivors(
    payoffs: FloatArray,
    outcome: IntArray,
    moves: Moves,
    start: int,
    stop: int,
    alive: BoolArray,
    keep: BoolArray,
    solved: BoolArray,
) -> BoolArray:
    """The leaves that survive all stages, from the last to the first; ``alive`` and ``keep`` are room."""
    shape, mover, stage, tolerance = moves
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
            own = payoffs[mover[axis]]
            _deviate(own, outcome, sizes, start, stop, tolerance[axis], alive, keep)
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
    payoff: FloatArray,
    outcome: IntArray,
    sizes: tuple[int, int, int],
    start: int,
    stop: int,
    tolerance: float,
    alive: BoolArray,
    keep: BoolArray,
) -> None:
    """Drop the leaves at which the mover of an axis gets less than it can secure by choosing on it.

    ``sizes`` has the number of choices on the axis, of choices at the same stage on axes that follow, and
    of continuations after the stage.
    """
    choices, inner, tail = sizes
    size, step = stop - start, inner * tail
    worst, secure = np.empty(BLOCK), np.empty(BLOCK)
    for outer in range(0, len(outcome), choices * step):
        for group in range(outer, outer + step, tail):
            secure[:] = -np.inf
            for first in range(group, group + choices * step, step):
                worst[:] = np.inf
                for leaf in range(first, first + tail):
                    own, mask = payoff[outcome[leaf], start:stop], alive[leaf]
                    for b in range(size):
                        value = own[b] if mask[b] else np.inf
                        worst[b] = value if value < worst[b] else worst[b]
                for b in range(size):
                    secure[b] = worst[b] if worst[b] > secure[b] else secure[b]
            for b in range(size):
                secure[b] -= tolerance
            for first in range(group, group + choices * step, step):
                for leaf in range(first, first + tail):
                    own, mask = payoff[outcome[leaf], start:stop], keep[leaf]
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
    present[:] = False
    outcome, status_quo = leaves
    for leaf in range(len(outcome)):
        row, fallback = outcome[leaf], status_quo[leaf]
        for b in range(len(solved)):
            if alive[leaf, b] and solved[b]:
                present[fallback if ratification[row, start + b] == 0.0 else row, b] = True


@compiled
def _sum_up(
    present: BoolArray,
    kinds: Kinds,
    chosen: IntArray,
    count: IntArray,
    in_every: BoolArray,
    treaty: BoolArray,
) -> None:
    """The representative of the outcomes that are present, and what can be said of all."""
    order, classes, kept_treaty = kinds
    chosen[:], count[:], in_every[:], treaty[:] = order[0], 0, False, False
    for place in range(len(order)):
        row = order[place]
        for b in range(len(chosen)):
            if present[row, b]:
                if count[b] == 0:
                    chosen[b], in_every[b] = row, True
                count[b] += 1
                in_every[b] &= classes[row] == classes[chosen[b]]
                treaty[b] |= kept_treaty[row]
