"""The best of many cells by leximin on numpy arrays; :mod:`sim.engine.leximin` says what it means.

Array convention. Masks and parts have the batch axis last; results have shape ``(batch,)``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import AnyArray, BoolArray, FloatArray, IntArray
from sim.engine.cells import Cells
from sim.engine.leximin import Lines, compared, counted, keys
from sim.rules.arithmetic import ARRAYS


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """Per point the best cell, which of its parts is lowest, that part, and whether that is in doubt."""

    cell: FloatArray
    lowest: FloatArray
    value: FloatArray
    doubt: BoolArray


def best_of(
    cells: Cells,
    place: IntArray,
    point: IntArray,
    found: Mapping[int, AnyArray],
    gap: float,
    size: int,
) -> Best:
    """The best cells.

    Parameters
    ----------
    cells
        Nodes of candidates and parts, per variant.
    place, point
        Pairs at which some variant is a candidate.
    found
        Values of the nodes at these pairs, shape ``(1, 1, pairs or 1)``.
    gap
        What is too close to be told apart.
    size
        Number of points.
    """
    count, pairs = len(cells.masks), len(place)

    def at(node: int) -> AnyArray:
        return np.broadcast_to(found[node].reshape(-1), (pairs,))

    masks = [np.flatnonzero(at(mask)) for mask in cells.masks]
    level = at(cells.level)
    tables = [
        np.stack(counted(ARRAYS, [at(n)[some] for n in parts], cells.levels, level[some]))
        for some, parts in zip(masks, cells.parts, strict=True)
    ]
    table = np.concatenate(tables, axis=1)
    cell = np.concatenate([place[some] * count + k for k, some in enumerate(masks)])
    point = np.concatenate([point[some] for some in masks])
    order = np.lexsort((cell, point))
    cell, point, table = cell[order], point[order], table[:, order]
    order_of = keys(ARRAYS, [*table], cells.summed, _ascending)
    keep, doubt = first_of([(key, 0.0) for key in order_of], point, gap, size)
    out, mine = np.zeros((3, size)), table[:, keep]
    out[:, point[keep]] = cell[keep], mine.argmin(axis=0), mine.min(axis=0, initial=np.inf)
    return Best(out[0], out[1], out[2], doubt)


def _ascending(on: Lines, rows: Sequence[FloatArray]) -> list[FloatArray]:
    return [*np.sort(np.stack(rows), axis=0)]


def first_of(
    keys: Iterable[tuple[FloatArray, FloatArray | float]], point: IntArray, gap: float, size: int
) -> tuple[IntArray, BoolArray]:
    """Per point the first pair with the largest keys, in turn, and where two were too close to tell.

    Parameters
    ----------
    keys
        Of every pair, each with up to what it is known: two that may be equal are.
    point
        Of every pair, ascending.
    gap
        What is too close to be told apart, where keys are known exactly.
    size
        Number of points.
    """
    doubt = np.zeros(size, dtype=np.bool_)
    keep = np.arange(len(point))
    done: list[IntArray] = []
    for key, error in keys:
        starts = np.flatnonzero(np.diff(point[keep], prepend=-1))
        lengths = np.diff(starts, append=len(keep))
        alone = np.repeat(lengths == 1, lengths)
        done.append(keep[alone])
        keep = keep[~alone]
        if not len(keep):
            break
        starts = np.flatnonzero(np.diff(point[keep], prepend=-1))
        lengths = np.diff(starts, append=len(keep))
        known = error[keep] if isinstance(error, np.ndarray) else error
        top = np.repeat(np.maximum.reduceat(key[keep] - known, starts), lengths)
        with np.errstate(invalid="ignore"):
            larger, _, close = compared(ARRAYS, top, key[keep] + known, gap)
        doubt[point[keep[close]]] = True
        keep = keep[~larger]
    starts = np.flatnonzero(np.diff(point[keep], prepend=-1)) if len(keep) else keep
    return np.concatenate([*done, keep[starts] if len(keep) else keep]), doubt
