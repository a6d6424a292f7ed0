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
from functools import cache
from string import ascii_lowercase

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
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

SINGULAR_STEP = 1e-11
"""Singular values below this share of the largest give no Newton step."""


CHUNK_VALUES = 250_000
"""Corner values that are treated in one pass, which bounds the memory."""
FEW_VALUES = 20_000
"""Corner values below which cells are halved twice before they are examined."""
NEWTON_STEPS = 40
"""Steps after which Newton's method has not converged."""
LAST_STEP = 1e-11
"""A step of Newton's method at a regular root after which nothing but rounding is left."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Where Newton's method ended: mixes, and rows and equations' Jacobian there."""

    mixes: tuple[FloatArray, ...]
    values: FloatArray
    slopes: FloatArray

    def take(self, which: BoolArray) -> Points:
        """Some of the points."""
        return Points(
            mixes=tuple(mix[:, which] for mix in self.mixes),
            values=self.values[:, which],
            slopes=self.slopes[..., which],
        )


def isolate(rows: FloatArray, equations: int, limit: int) -> RootSearch:
    """RootSearch the faces of all systems for solutions.

    Parameters
    ----------
    rows
        Shape ``(rows, *sizes, batch)``, at most 1 in size.
    equations
        How many of the rows are equations; as many as there are unknowns.
    limit
        The most cells to examine; beyond it ``finished`` is false.

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
    waiting = [whole_faces(rows, equations)]
    counts = np.zeros(rows.shape[-1], dtype=np.int64)
    while waiting:
        cells = _next_chunk(waiting)
        search.spent += cells.batch
        if search.spent > limit:
            search.finished = False
            break
        np.add.at(counts, cells.system, 1)
        open_cells = _examine(rows, cells, search)
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
    if late.any():
        settled[late] = _set_aside(rows, cells.take(late), search)
    return cells.take(~settled)


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
    tiny = cells.depth > 20 * cells.equations
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


def newton(rows: FloatArray, equations: int, start: Sequence[FloatArray], *, hold: bool) -> Points:
    """Gauss-Newton steps on the equations, each system from its own start.

    Parameters
    ----------
    rows
        Shape ``(rows, *sizes, batch)``.
    equations
        How many of the rows are equations.
    start
        Mixes, shape ``(sizes[i], batch)`` each.
    hold
        Whether to press violated inequalities and negative probabilities to 0 as well, which finds
        some point of a continuum that is cut by inequalities.
    """
    mixes = tuple(start)
    values, slopes = evaluate(rows, mixes)
    for _ in range(NEWTON_STEPS):
        step = _held_step(values, slopes, equations) if hold else _step(values, slopes, equations)
        step /= np.maximum(1.0, np.abs(step).max(axis=0))
        mixes = _moved(mixes, step, 0.0 if hold else -2.0)
        values, slopes = evaluate(rows, mixes)
        if np.abs(step).max() < (1e-16 if hold else LAST_STEP):
            break
    return Points(mixes=mixes, values=values, slopes=slopes)


def _step(values: FloatArray, slopes: FloatArray, equations: int) -> FloatArray:
    """Newton's step on the equations; the shortest one where a Jacobian is singular."""
    stacked, aims = slopes[:equations].transpose(2, 0, 1), values[:equations].T[..., None]
    if stacked.shape[1] == stacked.shape[2]:
        sizes = np.linalg.norm(stacked, axis=2).prod(axis=1)
        if (np.abs(np.linalg.det(stacked)) > FLAT * sizes).all():
            return -np.linalg.solve(stacked, aims)[..., 0].T
    return -(np.linalg.pinv(stacked, rcond=SINGULAR_STEP) @ aims)[..., 0].T


def _held_step(values: FloatArray, slopes: FloatArray, equations: int) -> FloatArray:
    """The shortest step towards the equations and the violated inequalities together."""
    active = values > 0
    active[:equations] = True
    stacked = np.linalg.pinv((slopes * active[:, None]).transpose(2, 0, 1), rcond=SINGULAR_STEP)
    return -(stacked @ (values * active).T[..., None])[..., 0].T


def _moved(mixes: Sequence[FloatArray], step: FloatArray, lowest: float) -> tuple[FloatArray, ...]:
    out, start = [], 0
    for mix in mixes:
        part = step[start : start + len(mix) - 1]
        start += len(mix) - 1
        moved = mix + np.concatenate([-part.sum(axis=0, keepdims=True), part])
        moved = np.clip(moved, lowest, 3.0)
        out.append(moved / moved.sum(axis=0))
    return tuple(out)


def evaluate(rows: FloatArray, mixes: Sequence[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Values and derivatives of rows, shapes ``(rows, batch)`` and ``(rows, unknowns, batch)``.

    Examples
    --------
    >>> values, slopes = evaluate(np.array([[1.0, 3.0]])[..., None], [np.array([[0.5], [0.5]])])
    >>> values.tolist(), slopes.tolist()
    ([[2.0]], [[[2.0]]])
    """
    contractions = _contractions(len(mixes))
    columns, partial = [], rows
    for actor, subscripts in enumerate(contractions):
        others = [mix for other, mix in enumerate(mixes) if other != actor]
        partial = np.einsum(subscripts, rows, *others)
        columns.append(partial[:, 1:] - partial[:, :1])
    return (partial * mixes[-1]).sum(axis=1), np.concatenate(columns, axis=1)


@cache
def _contractions(actors: int) -> tuple[str, ...]:
    """For each actor, rows summed over the mixes of all the others."""
    names = ascii_lowercase[2 : 2 + actors]
    return tuple(
        f"a{names}b,{','.join(f'{x}b' for x in names if x != own)}->a{own}b".replace(",->", "->")
        for own in names
    )


def _is_solution(points: Points, equations: int) -> BoolArray:
    inside = np.array([(mix >= -SLACK).all(axis=0) for mix in points.mixes]).all(axis=0)
    return np.asarray(inside & (points.values[equations:] <= SLACK).all(axis=0))


def _root(points: Points, k: int, system: int, equations: int) -> Root:
    mixes = tuple(mix[:, k] for mix in points.mixes)
    interior = all((mix > SLACK).all() for mix in mixes)
    strict = bool((points.values[equations:, k] < -SLACK).all())
    return Root(system=system, mixes=mixes, regular=interior and strict, singular=False)
