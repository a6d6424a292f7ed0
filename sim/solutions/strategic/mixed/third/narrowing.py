r"""Where the solutions of three actors' supports can be: small cells, found by halving one actor's mix alone.

Definition. Cells of the third actor's mix are ruled out or halved until what is left is small in the others'
mixes too; the products with the simplices in which these lie are where
:mod:`sim.solutions.strategic.mixed.multilinear_roots` begins. No solution is outside.

Array convention. As in :mod:`sim.solutions.strategic.mixed.third.cells`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_lowercase

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.solutions.strategic.mixed.multilinear_bounds import SimplexCells
from sim.solutions.strategic.mixed.third.cells import (
    Rows,
    ThirdCells,
    halves,
    order_of,
    rows_of,
    terms,
    whole_cells,
)
from sim.solutions.strategic.mixed.third.exclusion import (
    lowest_shares,
    not_excluded,
    refuted,
    simplex_above,
)

SMALL = 0.01
"""Size of the others' simplices, beside their faces, at which a cell is handed on."""
DEEPEST = 12
"""Halvings per unknown of the third's mix after which a cell is handed on in any case."""
MOST_OPEN = 60
"""Open cells, times 4 per unknown but one, beyond which a system's are handed on: perhaps a continuum."""
MOST_TERMS = 250
"""Coefficients of an equation up to which this is quicker than halving all three mixes."""
MOST_VALUES = 8_000
"""Coefficients of an equation, in all systems that are treated in one pass, which bounds the memory."""


@dataclass(slots=True, kw_only=True)
class Narrowed:
    """Where to look, and how many cells of the third's mix were examined."""

    cells: list[SimplexCells]
    spent: int


def narrowed(rows: FloatArray, owners: IntArray, equations: int, limit: int) -> Narrowed | None:
    """Cells outside which no system has a solution; ``None`` for supports of other sizes.

    Parameters
    ----------
    rows
        Shape ``(rows, *sizes, batch)``, at most 1 in size.
    owners
        The actor of each row.
    equations
        How many of the rows are equations.
    limit
        Cells of the third's mix after which what is left is handed on.

    Examples
    --------
    >>> one, two, three = np.random.default_rng(1).uniform(-0.5, 0.5, (3, 2, 3, 3))
    >>> parts = [one[:, None], two[:, :, None], three[..., None]]
    >>> rows = np.concatenate([part + np.zeros((2, 3, 3, 3)) for part in parts])[..., None]
    >>> rows -= rows.mean(axis=(1, 2, 3), keepdims=True)  # 0 where all mixes are even
    >>> found = narrowed(rows, np.array([0, 0, 1, 1, 2, 2]), 6, 10_000)
    >>> corners = np.concatenate([cells.corners[0] for cells in found.cells], axis=-1)
    >>> low, high = corners.min(axis=1), corners.max(axis=1)
    >>> bool(((low < 1 / 3) & (high > 1 / 3)).all(axis=0).any())
    True
    """
    active = [actor for actor, size in enumerate(rows.shape[1:-1]) if size > 1]
    used = [rows.shape[1 + actor] for actor in active]
    order = order_of(used)
    if order is None or terms(used, order) > MOST_TERMS:
        return None
    places = np.array([active.index(o) if o in active else -1 for o in owners.tolist()])
    inner = rows.reshape(len(rows), *used, rows.shape[-1])
    actors = [active[place] for place in order]
    found = Narrowed(cells=[], spent=0)
    step = max(1, MOST_VALUES // terms(used, order))
    for start in range(0, rows.shape[-1], step):
        systems = slice(start, start + step)
        parts = rows_of(inner[..., systems], places, order)
        for cells, first, second in _small(parts, found, limit):
            mixes = dict(zip(actors, (first, second, cells.corners), strict=True))
            found.cells.append(_products(rows, equations, cells, mixes, cells.system + start))
    return found


def _small(
    rows: Rows, found: Narrowed, limit: int
) -> Iterator[tuple[ThirdCells, FloatArray, FloatArray]]:
    """Cells that are handed on, with the simplices of the others' mixes."""
    cells = whole_cells(rows)
    while cells.batch:
        found.spent += cells.batch
        cells = cells.take(not_excluded(cells))
        cells = cells.take(~refuted(rows, cells))
        first, second = (simplex_above(lowest_shares(mix)) for mix in (cells.first, cells.second))
        ready = _is_ready(cells, first, second) | (found.spent > limit)
        if ready.any():
            yield cells.take(ready), first[..., ready], second[..., ready]
            cells = cells.take(~ready)
        if cells.batch:
            cells = halves(cells)


def _is_ready(cells: ThirdCells, first: FloatArray, second: FloatArray) -> BoolArray:
    """Which cells are handed on."""
    width = np.maximum(_width(first), _width(second))
    unknowns = cells.corners.shape[1] - 1
    many = np.bincount(cells.system, minlength=1)[cells.system] > MOST_OPEN * 4 ** (unknowns - 1)
    return np.asarray((width < SMALL) | (cells.depth >= DEEPEST * unknowns) | many)


def _width(simplex: FloatArray) -> FloatArray:
    return np.asarray(simplex[0, 0] - simplex[0, 1])


def _products(
    rows: FloatArray,
    equations: int,
    cells: ThirdCells,
    mixes: dict[int, FloatArray],
    system: IntArray,
) -> SimplexCells:
    """Cells of all mixes together."""
    count = rows.ndim - 2
    corners = [np.ones((1, 1, cells.batch))] * count
    for actor, mix in mixes.items():
        corners[actor] = mix
    old, new = ascii_lowercase[:count], ascii_lowercase[count : 2 * count]
    parts = ",".join(f"{a}{b}z" for a, b in zip(old, new, strict=True))
    values = np.einsum(f"y{old}z,{parts}->y{new}z", rows[..., system], *corners, optimize=True)
    return SimplexCells(
        rows=values,
        equations=equations,
        corners=tuple(corners),
        system=system,
        depth=cells.depth * equations // (cells.corners.shape[1] - 1),
    )
