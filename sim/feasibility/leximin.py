"""The best of many cells by leximin on numpy arrays; see :mod:`sim.engine.choosing` for what it means.

Array convention. Masks and parts have the batch axis last; results have shape ``(batch,)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce

import numpy as np

from sim._kernels.tolerance import AnyArray, BoolArray, FloatArray, IntArray
from sim.engine.choosing import Cells


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
    level, tables = at(cells.level), []
    for some, parts in zip(masks, cells.parts, strict=True):
        rows = [
            at(n)[some] if k == 0 else np.where(level[some] >= k, at(n)[some], np.inf)
            for n, k in zip(parts, cells.levels, strict=True)
        ]
        tables.append(np.stack(rows))
    table = np.concatenate(tables, axis=1)
    cell = np.concatenate([place[some] * count + k for k, some in enumerate(masks)])
    point = np.concatenate([point[some] for some in masks])
    order = np.lexsort((cell, point))
    cell, point, table = cell[order], point[order], table[:, order]
    total = reduce(np.add, table[: cells.summed])
    keep, doubt = _told(np.concatenate([np.sort(table, axis=0), total[None]]), point, gap, size)
    out, mine = np.zeros((3, size)), table[:, keep]
    out[:, point[keep]] = cell[keep], mine.argmin(axis=0), mine.min(axis=0, initial=np.inf)
    return Best(out[0], out[1], out[2], doubt)


def _told(keys: FloatArray, point: IntArray, gap: float, size: int) -> tuple[IntArray, BoolArray]:
    """Per point the first pair with the largest keys, in turn, and where two were too close to tell."""
    doubt = np.zeros(size, dtype=np.bool_)
    keep = np.arange(len(point))
    done: list[IntArray] = []
    for key in keys:
        starts = np.flatnonzero(np.diff(point[keep], prepend=-1))
        lengths = np.diff(starts, append=len(keep))
        alone = np.repeat(lengths == 1, lengths)
        done.append(keep[alone])
        keep = keep[~alone]
        if not len(keep):
            break
        starts = np.flatnonzero(np.diff(point[keep], prepend=-1))
        lengths = np.diff(starts, append=len(keep))
        value = key[keep]
        top = np.repeat(np.maximum.reduceat(value, starts), lengths)
        with np.errstate(invalid="ignore"):
            close = (value != top) & (value + gap >= top)
        doubt[point[keep[close]]] = True
        keep = keep[value == top]
    starts = np.flatnonzero(np.diff(point[keep], prepend=-1)) if len(keep) else keep
    return np.concatenate([*done, keep[starts] if len(keep) else keep]), doubt
