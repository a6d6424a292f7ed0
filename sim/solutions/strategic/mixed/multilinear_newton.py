r"""Newton's method on multilinear equations of many supports at once.

Definition. Rows are linear in every single actor's mix. Their values at some mixes, and their derivatives
along the edges from each simplex's corner 0, are sums over all combinations of strategies; a step solves the
linearised equations.

Array convention. As in :mod:`sim.solutions.strategic.mixed.multilinear_bounds`; mixes have shape
``(strategies, batch)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from string import ascii_lowercase

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray

SINGULAR_STEP = 1e-11
"""Singular values below this share of the largest give no step."""
NEWTON_STEPS = 40
"""Steps after which the method has not converged."""
LAST_STEP, LAST_HELD_STEP = 1e-11, 1e-16
"""Steps after which nothing but rounding is left, at a regular root and where inequalities press."""
FLATTEST = 1e-7
"""Determinants beneath this, beside the product of the rows' lengths, are not divided by."""


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
        if np.abs(step).max() < (LAST_HELD_STEP if hold else LAST_STEP):
            break
    return Points(mixes=mixes, values=values, slopes=slopes)


def _step(values: FloatArray, slopes: FloatArray, equations: int) -> FloatArray:
    """Newton's step on the equations; the shortest one where a Jacobian is singular."""
    stacked, aims = slopes[:equations].transpose(2, 0, 1), values[:equations].T[..., None]
    if stacked.shape[1] == stacked.shape[2]:
        sizes = np.linalg.norm(stacked, axis=2).prod(axis=1)
        if (np.abs(np.linalg.det(stacked)) > FLATTEST * sizes).all():
            return np.asarray(-np.linalg.solve(stacked, aims)[..., 0].T, dtype=np.float64)
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
