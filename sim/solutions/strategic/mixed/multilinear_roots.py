r"""All solutions of a batch of multilinear systems, isolated by subdivision.

Definition. A system is a set of equations ``f = 0`` and inequalities ``g <= 0`` on a product of
simplices. SimplexCells are discarded when they are proven to hold no solution, settled when they are
proven to hold at most one root of the equations and Newton's method finds it in the (widened) cell,
and halved otherwise. When no cell is left every root has been found and is regular.

A cell in which Newton's method ends at a root with a singular Jacobian, on a continuum or at a
degenerate root, cannot be settled in this way: it is set aside with that point, and its system is
counted as singular.

Array convention. As in :mod:`sim.solutions.strategic.mixed.multilinear_bounds`; mixes have shape
``(strategies, batch)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.solutions.strategic.mixed.multilinear_bounds import (
    INFLATE,
    SimplexCells,
    at_most_one_root,
    bisect,
    excluded_by_newton,
    excluded_by_sign,
    join,
    precondition,
    solved_everywhere,
    whole_faces,
)
from sim.solutions.strategic.mixed.multilinear_newton import Points, newton

CHUNK_VALUES = 250_000
"""Corner values that are treated in one pass, which bounds the memory."""
FEW_VALUES = 20_000
"""Corner values below which cells are halved twice before they are examined."""
ASKED = 16
"""Late cells of which it is asked first whether they are at a singular root, spread over all."""
TINY = 20
"""Bisections per unknown after which a cell is given up."""
RESIDUAL = 1e-12
"""Largest residual of a root; rows are at most 1 in size."""
SLACK = 1e-10
"""Probabilities and inequalities may miss 0 by this much."""
FLAT = 1e-7
"""Ratio of singular values below which the Jacobian at a root counts as singular."""
SINGULAR_CELLS = 400
"""SimplexCells that a singular system may cost before the rest of its face is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A solution of one system; ``regular``: isolated, interior, and no inequality is tight."""

    system: int
    mixes: tuple[FloatArray, ...]
    regular: bool
    singular: bool


@dataclass(slots=True, kw_only=True)
class RootSearch:
    """What has been found so far, and what it cost; a root on a border is found on both sides."""

    roots: list[Root] = field(default_factory=list)
    singular: set[int] = field(default_factory=set)
    spent: int = 0
    finished: bool = True


def isolate(
    rows: FloatArray, equations: int, limit: int, start: Sequence[SimplexCells] | None = None
) -> RootSearch:
    """RootSearch the faces of all systems for solutions.

    Parameters
    ----------
    rows
        Shape ``(rows, *sizes, batch)``, at most 1 in size.
    equations
        How many of the rows are equations; as many as there are unknowns.
    limit
        The most cells to examine; beyond it ``finished`` is false.
    start
        Cells outside which there is no solution; the whole faces if they are not given.

    Returns
    -------
    RootSearch
        When it is finished and no system is singular, ``roots`` are all solutions.

    Examples
    --------
    >>> matching = np.array([[[0.5, -0.5], [0.5, -0.5]], [[0.5, 0.5], [-0.25, -0.25]]])[..., None]
    >>> [[mix.round(3).tolist() for mix in r.mixes] for r in isolate(matching, 2, 100).roots]
    [[[0.333, 0.667], [0.5, 0.5]]]
    """
    search = RootSearch()
    waiting = [whole_faces(rows, equations)] if start is None else list(start)
    counts = np.zeros(rows.shape[-1], dtype=np.int64)
    while waiting:
        cells = _next_chunk(waiting)
        search.spent += cells.batch
        if search.spent > limit:
            search.finished = False
            break
        np.add.at(counts, cells.system, 1)
        open_cells = _examine(rows, cells, search)
        if search.singular:
            hopeless = np.isin(open_cells.system, list(search.singular))
            open_cells = open_cells.take(~(hopeless & (counts[open_cells.system] > SINGULAR_CELLS)))
        if open_cells.batch:
            waiting.append(_parts(open_cells))
    return search


def _parts(cells: SimplexCells) -> SimplexCells:
    """Halves; quarters where these are so few that the calls cost more than the numbers."""
    halves = bisect(cells)
    if halves.values[..., 0].size * halves.batch > FEW_VALUES:
        return halves
    kept = halves.take(~excluded_by_sign(halves))
    return bisect(kept) if kept.batch else halves


def _next_chunk(waiting: list[SimplexCells]) -> SimplexCells:
    """The cells to examine next: the newest ones, in pieces of bounded size."""
    cells = waiting.pop()
    size = 1 + CHUNK_VALUES // (cells.rows[..., 0].size + 1)
    while waiting and waiting[-1].batch + cells.batch <= size:
        cells = join([waiting.pop(), cells])
    if cells.batch > size:
        waiting.append(cells.take(slice(size, None)))
        cells = cells.take(slice(size))
    return cells


def _examine(rows: FloatArray, cells: SimplexCells, search: RootSearch) -> SimplexCells:
    """Discard and settle what can be; the cells that must be halved."""
    cells = cells.take(~excluded_by_sign(cells))
    flat = solved_everywhere(cells)
    if flat.any():
        _set_aside(rows, cells.take(flat), search)
        cells = cells.take(~flat)
    if not cells.batch:
        return cells
    form = precondition(cells)
    alive = ~excluded_by_newton(form)
    if not alive.any():
        return cells.take(alive)
    form, cells = form.take(alive), cells.take(alive)
    single, doubtful = at_most_one_root(form), ~form.regular
    settled = np.zeros(cells.batch, dtype=np.bool_)
    if single.any():
        settled[single] = _settle(rows, cells.take(single), search)
    late = ~single & _is_late(cells, doubtful)
    if late.any() and _worth_asking(rows, cells, np.flatnonzero(late), search):
        settled[late] = _set_aside(rows, cells.take(late), search)
    return cells.take(~settled)


def _worth_asking(
    rows: FloatArray, cells: SimplexCells, late: IntArray, search: RootSearch
) -> bool:
    """Whether some of many late cells are at a singular root: then it is worth asking of all."""
    if len(late) <= ASKED or (cells.depth[late] > TINY * cells.equations).any():
        return True
    some = late[:: -(-len(late) // ASKED)]
    return bool(_set_aside(rows, cells.take(some), search).any())


def _is_late(cells: SimplexCells, doubtful: BoolArray) -> BoolArray:
    """Whether a cell is small enough to ask if a singular root is what keeps it open."""
    patience = min(2 * cells.equations, 6)
    return np.where(doubtful, cells.depth >= patience, cells.depth >= 5 * cells.equations)


def _settle(rows: FloatArray, cells: SimplexCells, search: RootSearch) -> BoolArray:
    """Find the one root of each cell, if it is there; which cells are settled."""
    points, inside = _roots_inside(rows, cells, hold=False)
    found = points.take(inside)
    good = _is_solution(found, cells.equations)
    for k, system in enumerate(cells.system[inside]):
        if good[k]:
            search.roots.append(_root(found, k, int(system), cells.equations))
    return inside


def _set_aside(rows: FloatArray, cells: SimplexCells, search: RootSearch) -> BoolArray:
    """Find singular roots; which cells hold one, or are too small to go on with."""
    points, inside = _roots_inside(rows, cells, hold=True)
    good = inside & _is_solution(points, cells.equations)
    slopes = np.moveaxis(points.slopes[: cells.equations], -1, 0)
    size = np.linalg.svd(slopes, compute_uv=False)
    singular = good & (size[:, -1] <= FLAT * np.maximum(size[:, 0], FLAT))
    for k in np.flatnonzero(singular):
        if int(cells.system[k]) not in search.singular:
            mixes = tuple(mix[:, k] for mix in points.mixes)
            search.roots.append(
                Root(system=int(cells.system[k]), mixes=mixes, regular=False, singular=True)
            )
            search.singular.add(int(cells.system[k]))
    tiny = cells.depth > TINY * cells.equations
    search.singular.update(map(int, cells.system[tiny]))
    return np.asarray(singular | tiny)


def _roots_inside(rows: FloatArray, cells: SimplexCells, *, hold: bool) -> tuple[Points, BoolArray]:
    """Newton's method from every centre, and whether it ended at a root in the widened cell."""
    own = rows[..., cells.system]
    start = [corner.mean(axis=1) for corner in cells.corners]
    points = newton(own, cells.equations, start, hold=hold)
    inside = np.abs(points.values[: cells.equations]).max(axis=0) <= RESIDUAL
    for corner, mix in zip(cells.corners, points.mixes, strict=True):
        weights = np.linalg.solve(np.moveaxis(corner, -1, 0), mix.T[..., None])[..., 0]
        inside &= (weights >= -0.99 * INFLATE / mix.shape[0]).all(axis=1)
    return points, inside


def _is_solution(points: Points, equations: int) -> BoolArray:
    inside = np.array([(mix >= -SLACK).all(axis=0) for mix in points.mixes]).all(axis=0)
    return np.asarray(inside & (points.values[equations:] <= SLACK).all(axis=0))


def _root(points: Points, k: int, system: int, equations: int) -> Root:
    mixes = tuple(mix[:, k] for mix in points.mixes)
    interior = all((mix > SLACK).all() for mix in mixes)
    strict = bool((points.values[equations:, k] < -SLACK).all())
    return Root(system=system, mixes=mixes, regular=interior and strict, singular=False)
