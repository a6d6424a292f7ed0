r"""Where the solutions of three actors' supports can be: small cells, found by halving one actor's mix alone.

Definition. Cells of the third actor's mix are ruled out or halved until what is left is small in the others'
mixes too; the products with the simplices in which these lie are where
:mod:`sim.solutions.strategic.mixed.multilinear_roots` begins. No solution is outside.

Array convention. As in :mod:`sim.solutions.strategic.mixed.third.cells`.
"""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.solutions.strategic.mixed.multilinear_bounds import SimplexCells
from sim.solutions.strategic.mixed.third.cells import (
    MOST_TERMS,
    Rows,
    ThirdCells,
    halves,
    order_of,
    rows_of,
    whole_cells,
)
from sim.solutions.strategic.mixed.third.exclusion import (
    lowest_shares,
    not_excluded,
    refuted,
    simplex_above,
)

SMALL = 0.2
"""Size of the others' simplices, beside their faces, at which a cell is handed on."""
DEEPEST = 12
"""Halvings per unknown of the third's mix after which a cell is handed on in any case."""
MOST_OPEN = 200
"""Open cells of a system beyond which all are handed on: there may be a continuum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """Where to look, and how many cells of the third's mix were examined."""

    cells: list[SimplexCells]
    spent: int


def narrowed(rows: FloatArray, owners: IntArray, equations: int) -> Narrowed | None:
    """Cells outside which no system has a solution; ``None`` for supports of other sizes.

    Parameters
    ----------
    rows
        Shape ``(rows, *sizes, batch)``.
    owners
        The actor of each row.
    equations
        How many of the rows are equations.
    """
    active = [actor for actor, size in enumerate(rows.shape[1:-1]) if size > 1]
    order = order_of([rows.shape[1 + actor] for actor in active])
    if order is None:
        return None
    places = np.array([active.index(o) if o in active else -1 for o in owners.tolist()])
    inner = rows.reshape(len(rows), *(rows.shape[1 + actor] for actor in active), rows.shape[-1])
    parts = rows_of(inner, places, order)
    cells = whole_cells(parts)
    if cells.third.coefficients.shape[1] > MOST_TERMS:
        return None
    found, spent = [], 0
    while cells.batch:
        spent += cells.batch
        cells = cells.take(not_excluded(cells))
        cells, first, second = _enclosed(parts, cells)
        ready = _is_ready(cells, first, second)
        if ready.any():
            mixes = [simplex[..., ready] for simplex in (first, second)]
            small = cells.take(ready)
            found.append(_products(rows, equations, small, [mixes[0], mixes[1], small.corners], [active[o] for o in order]))
            cells = cells.take(~ready)
        if cells.batch:
            cells = halves(cells)
    return Narrowed(cells=found, spent=spent)


def _enclosed(rows: Rows, cells: ThirdCells) -> tuple[ThirdCells, FloatArray, FloatArray]:
    """Cells that are not refuted, with the simplices of the others' mixes."""
    first, second = (simplex_above(lowest_shares(mix)) for mix in (cells.first, cells.second))
    kept = ~refuted(rows, cells, first, second)
    return cells.take(kept), first[..., kept], second[..., kept]


def _is_ready(cells: ThirdCells, first: FloatArray, second: FloatArray) -> BoolArray:
    """Which cells are handed on."""
    width = np.maximum(_width(first), _width(second))
    unknowns = cells.corners.shape[1] - 1
    many = np.bincount(cells.system, minlength=1)[cells.system] > MOST_OPEN
    return np.asarray((width < SMALL) | (cells.depth >= DEEPEST * unknowns) | many)


def _width(simplex: FloatArray) -> FloatArray:
    return np.asarray(simplex[0, 0] - simplex[0, 1])


def _products(
    rows: FloatArray,
    equations: int,
    cells: ThirdCells,
    mixes: list[FloatArray],
    actors: list[int],
) -> SimplexCells:
    """Cells of all mixes together."""
    count = rows.ndim - 2
    corners = [np.ones((1, 1, cells.batch))] * count
    for actor, mix in zip(actors, mixes, strict=True):
        corners[actor] = mix
    old, new = ascii_lowercase[:count], ascii_lowercase[count : 2 * count]
    parts = ",".join(f"{a}{b}z" for a, b in zip(old, new, strict=True))
    values = np.einsum(
        f"y{old}z,{parts}->y{new}z", rows[..., cells.system], *corners, optimize=True
    )
    return SimplexCells(
        rows=values,
        equations=equations,
        corners=tuple(corners),
        system=cells.system,
        depth=cells.depth * equations // (cells.corners.shape[1] - 1),
    )
