r"""Bounds of multilinear equations on products of simplices.

Definition. A cell is a product of one simplex per actor, each inside the actor's face of mixed
strategies. A row that is linear in every actor's mix takes its extreme values on a cell at the
combinations of corners, so a table of the corner values gives its exact range. With ``Y`` an
approximate inverse of the equations' Jacobian at the centre:

- no root: some row of the equations, or of ``Y`` times the equations, has no zero on the cell; or
  an inequality, less its linear part in the equations, is positive on the cell;
- at most one root: ``|I - Y J| < 1`` in the maximum norm for all Jacobians ``J`` on the cell, by
  the mean value theorem (the cell is convex) [moore1966]_, [neumaier1990]_.

Both tests allow for rounding (``MARGIN``), so they are statements about real numbers.

Array convention. ``rows`` has shape ``(rows, *sizes, batch)``: a value per combination of corners,
equations first. Derivatives are taken along the edges from each simplex's corner 0. Arrays for
``numpy.linalg`` have the batch axis first and are named ``stacked``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray

MARGIN = 1e-13
"""Bound on the rounding error of a corner value; rows are at most 1 in size."""
INFLATE = 0.1
"""SimplexCells are widened by this share of their size before the test for at most one root."""
EARLY = 4
"""Bisections per unknown before a cell counts as late."""
SINGULAR = 1e-12
"""A Jacobian's determinant, relative to the product of its rows' lengths, that counts as 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimplexCells:
    """A batch of cells of systems of the same sizes.

    Parameters
    ----------
    rows
        Corner values, shape ``(rows, *sizes, batch)``.
    equations
        How many rows, the first ones, are equations.
    corners
        Per actor, shape ``(strategies, corners, batch)``: each corner as a mix over the support.
    system
        Number of the system that the cell belongs to, shape ``(batch,)``.
    depth
        Bisections since the whole face, shape ``(batch,)``.
    """

    rows: FloatArray
    equations: int
    corners: tuple[FloatArray, ...]
    system: IntArray
    depth: IntArray

    @property
    def sizes(self) -> tuple[int, ...]:
        """Corners per actor."""
        return self.rows.shape[1:-1]

    @property
    def batch(self) -> int:
        """Number of cells."""
        return int(self.rows.shape[-1])

    @property
    def values(self) -> FloatArray:
        """The corner values in one row each, shape ``(rows, combinations, batch)``."""
        return self.rows.reshape(self.rows.shape[0], math.prod(self.sizes), self.batch)

    def take(self, which: BoolArray | IntArray | slice) -> SimplexCells:
        """Some of the cells."""
        return SimplexCells(
            rows=self.rows[..., which],
            equations=self.equations,
            corners=tuple(corner[..., which] for corner in self.corners),
            system=self.system[which],
            depth=self.depth[which],
        )


def whole_faces(rows: FloatArray, equations: int) -> SimplexCells:
    """One cell per system: its whole face."""
    batch = rows.shape[-1]
    return SimplexCells(
        rows=rows,
        equations=equations,
        corners=tuple(np.repeat(np.eye(k)[..., None], batch, axis=-1) for k in rows.shape[1:-1]),
        system=np.arange(batch),
        depth=np.zeros(batch, dtype=np.int64),
    )


def join(parts: Sequence[SimplexCells]) -> SimplexCells:
    """Several batches of cells of the same systems as one."""
    return SimplexCells(
        rows=np.concatenate([part.rows for part in parts], axis=-1),
        equations=parts[0].equations,
        corners=tuple(
            np.concatenate(same, axis=-1)
            for same in zip(*(part.corners for part in parts), strict=True)
        ),
        system=np.concatenate([part.system for part in parts]),
        depth=np.concatenate([part.depth for part in parts]),
    )


def excluded_by_sign(cells: SimplexCells) -> BoolArray:
    """SimplexCells on which an equation keeps its sign or an inequality is violated throughout.

    Examples
    --------
    >>> line = whole_faces(np.array([[[1.0, 1.0, 1.0], [2.0, -1.0, 0.0]]])[0][None], 1)
    >>> excluded_by_sign(line)
    array([ True, False, False])
    """
    values = cells.values
    low, high = values.min(axis=1), values.max(axis=1)
    equal = (low[: cells.equations] > MARGIN) | (high[: cells.equations] < -MARGIN)
    return np.asarray(equal.any(axis=0) | (low[cells.equations :] > MARGIN).any(axis=0))


def solved_everywhere(cells: SimplexCells) -> BoolArray:
    """SimplexCells of which every point solves the system."""
    values = cells.values
    equal = np.abs(values[: cells.equations]).max(axis=1) <= MARGIN
    less = values[cells.equations :].max(axis=1) <= MARGIN
    return np.asarray(equal.all(axis=0) & less.all(axis=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Preconditioned:
    """The rows after multiplication by ``Y``, with the bounds of their rounding errors.

    Parameters
    ----------
    regular
        Whether ``Y`` is the inverse of the central Jacobian (else its pseudo-inverse).
    equal
        ``Y`` times the equations, stacked, shape ``(batch, rows, *sizes)``.
    equal_error
        Shape ``(batch, rows)``.
    less, less_error
        The same for the inequalities less their linear part in the equations.
    """

    regular: BoolArray
    equal: FloatArray
    equal_error: FloatArray
    less: FloatArray
    less_error: FloatArray

    def take(self, which: BoolArray) -> Preconditioned:
        """Some of the cells."""
        return Preconditioned(
            regular=self.regular[which],
            equal=self.equal[which],
            equal_error=self.equal_error[which],
            less=self.less[which],
            less_error=self.less_error[which],
        )


def precondition(cells: SimplexCells) -> Preconditioned:
    """Multiply the equations by an approximate inverse of their Jacobian at the centre."""
    slopes = central_slopes(cells).transpose(2, 0, 1)
    jacobian, others = slopes[:, : cells.equations], slopes[:, cells.equations :]
    regular = _is_regular(jacobian)
    if regular.all():
        inverse = np.linalg.inv(jacobian)
    else:
        inverse = np.empty_like(jacobian)
        inverse[regular] = np.linalg.inv(jacobian[regular])
        inverse[~regular] = np.linalg.pinv(jacobian[~regular], rcond=SINGULAR)
    values = cells.values.transpose(2, 0, 1)
    equal = inverse @ values[:, : cells.equations]
    less = values[:, cells.equations :] - others @ equal
    return Preconditioned(
        regular=regular,
        equal=equal.reshape(*equal.shape[:2], *cells.sizes),
        equal_error=MARGIN * np.abs(inverse).sum(axis=2),
        less=less,
        less_error=MARGIN * (1 + (np.abs(others) @ np.abs(inverse)).sum(axis=2)),
    )


def _is_regular(jacobian: FloatArray) -> BoolArray:
    lengths = np.linalg.norm(jacobian, axis=2).prod(axis=1)
    return np.asarray(np.abs(np.linalg.det(jacobian)) > SINGULAR * lengths)


def central_slopes(cells: SimplexCells) -> FloatArray:
    """Derivatives of all rows at the centres, shape ``(rows, unknowns, batch)``."""
    columns = []
    for actor, size in enumerate(cells.sizes):
        others = tuple(1 + a for a in range(len(cells.sizes)) if a != actor)
        mean = np.add.reduce(cells.rows, axis=others) / (math.prod(cells.sizes) // size)
        columns.append(mean[:, 1:] - mean[:, :1])
    return np.concatenate(columns, axis=1)


def excluded_by_newton(form: Preconditioned) -> BoolArray:
    """SimplexCells on which a preconditioned row rules out a root."""
    equal = form.equal.reshape(*form.equal.shape[:2], -1)
    apart = (equal.min(axis=2) > form.equal_error) | (equal.max(axis=2) < -form.equal_error)
    return np.asarray(apart.any(axis=1) | (form.less.min(axis=2) > form.less_error).any(axis=1))


def at_most_one_root(form: Preconditioned) -> BoolArray:
    """SimplexCells that hold at most one root, even when widened by ``INFLATE``."""
    wide, number = form.equal, form.equal.shape[1]
    for axis in range(2, wide.ndim):
        centre = np.add.reduce(wide, axis=axis, keepdims=True) / wide.shape[axis]
        wide = wide + INFLATE * (wide - centre)
    total = np.zeros(wide.shape[:2])
    unknown = 0
    for axis in range(2, wide.ndim):
        before: tuple[Any, ...] = (slice(None),) * axis
        for end in range(1, wide.shape[axis]):
            gap = wide[(*before, end)] - wide[(*before, 0)]
            slope = gap.reshape(*wide.shape[:2], -1) / (1 + INFLATE)
            slope[:, unknown] -= 1
            total += np.abs(slope).max(axis=2)
            unknown += 1
    error = 4 * number * form.equal_error
    return np.asarray(form.regular & ((total + error).max(axis=1) < 1))


def bisect(cells: SimplexCells) -> SimplexCells:
    """Halve every cell: first where its equations vary most, late across its longest edge.

    The longest edge keeps the shape of cells that close in on a point, so that their number does
    not grow with every halving.
    """
    edges = [
        (actor, a, b)
        for actor, size in enumerate(cells.sizes)
        for a, b in combinations(range(size), 2)
    ]
    chosen = np.stack([_variation(cells, *edge) for edge in edges]).argmax(axis=0)
    late = cells.depth >= EARLY * cells.equations
    if late.any():
        length = np.stack([_length(cells, *edge) for edge in edges])
        chosen = np.where(late, length.argmax(axis=0), chosen)
    numbers = sorted(set(chosen.tolist()))
    return join(
        [
            half
            for number in numbers
            for half in _halves(
                cells if len(numbers) == 1 else cells.take(chosen == number), *edges[number]
            )
        ]
    )


def _length(cells: SimplexCells, actor: int, a: int, b: int) -> FloatArray:
    corner = cells.corners[actor]
    return np.asarray(np.abs(corner[:, a] - corner[:, b]).sum(axis=0))


def _variation(cells: SimplexCells, actor: int, a: int, b: int) -> FloatArray:
    before: tuple[Any, ...] = (slice(cells.equations), *(slice(None),) * actor)
    gap = np.abs(cells.rows[(*before, a)] - cells.rows[(*before, b)])
    size = math.prod(cells.sizes) // cells.sizes[actor]
    return np.asarray(np.add.reduce(gap.reshape(-1, cells.batch), axis=0) / size)


def _halves(cells: SimplexCells, actor: int, a: int, b: int) -> list[SimplexCells]:
    out = []
    for dropped in (a, b):
        rows, corner = cells.rows.copy(), cells.corners[actor].copy()
        before: tuple[Any, ...] = (slice(None),) * (1 + actor)
        rows[(*before, dropped)] = (rows[(*before, a)] + rows[(*before, b)]) / 2
        corner[:, dropped] = (corner[:, a] + corner[:, b]) / 2
        corners = (*cells.corners[:actor], corner, *cells.corners[actor + 1 :])
        out.append(
            SimplexCells(
                rows=rows,
                equations=cells.equations,
                corners=corners,
                system=cells.system,
                depth=cells.depth + 1,
            )
        )
    return out
