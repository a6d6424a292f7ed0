r"""Supports on which two actors mix, or three and one of them over two strategies: systems in closed form.

Definition. Where two actors mix over equally many strategies, each one's mix solves linear equations, those
that make the other indifferent; over unequal numbers one of them has more equations than unknowns. Three
actors, one with two strategies: the roots of a polynomial (:mod:`sim.solutions.strategic.mixed.one_share`).

A system is *settled* when what it has is clear: it is clearly regular, and each of its roots clearly lies
inside the face, with every inequality clearly met, or clearly violates one of these. The margins are far
above what rounding can do (``CLEAR``, ``STEEP``); all other systems are left to
:mod:`sim.solutions.strategic.mixed.multilinear_roots`, which also says what is singular.

Array convention. As in :mod:`sim.solutions.strategic.mixed.multilinear_bounds`: ``rows`` of shape
``(rows, *sizes, batch)``, equations first, at most 1 in size.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.solutions.strategic.mixed.multilinear_newton import newton
from sim.solutions.strategic.mixed.multilinear_roots import Root
from sim.solutions.strategic.mixed.one_share import Candidates, by_one_share, has_one_share
from sim.solutions.strategic.mixed.third.too_many_equations import has_too_many, without_solution

CLEAR = 1e-4
"""Probabilities and rows further than this from 0 have a certain sign."""
STEEP = 1e-2
"""Determinants and gaps above this are far enough from 0 to divide by."""
RESIDUAL = 1e-12
"""Largest residual of a root after Newton's method."""

Settled = tuple[list[Root], BoolArray]
"""The roots found, and which systems are settled."""


def settle_few(rows: FloatArray, equations: int) -> Settled:
    """The roots of the systems that have a closed form and are clear.

    Parameters
    ----------
    rows
        Shape ``(rows, *sizes, batch)``.
    equations
        How many of the rows are equations.

    Examples
    --------
    >>> matching = np.array([[[0.5, -0.5], [0.5, -0.5]], [[0.5, 0.5], [-0.25, -0.25]]])[..., None]
    >>> roots, settled = settle_few(matching, 2)
    >>> [mix.round(3).tolist() for mix in roots[0].mixes], settled
    ([[0.333, 0.667], [0.5, 0.5]], array([ True]))
    """
    sizes = rows.shape[1:-1]
    active = [actor for actor, size in enumerate(sizes) if size > 1]
    used = [sizes[actor] for actor in active]
    batch = rows.shape[-1]
    inner = rows.reshape(len(rows), *used, batch)
    if has_one_share(sorted(used)):
        found, settled = by_one_share(inner)
    elif len(used) == 2 and used[0] == used[1]:
        found, settled = _two(inner, used[0])
    elif len(used) == 2:
        return [], _too_many_equations(inner)
    elif has_too_many(sorted(used)):
        return [], without_solution(inner)
    else:
        return [], np.zeros(batch, dtype=np.bool_)
    return _sharp(rows, equations, active, found, settled)


def _two(rows: FloatArray, size: int) -> tuple[Candidates, BoolArray]:
    """Two actors: the mixes that make the other indifferent."""
    second, good_second = _indifferent(rows[: size - 1, 0])
    first, good_first = _indifferent(rows[size - 1 : 2 * size - 2, :, 0])
    less = np.einsum("rklb,kb,lb->rb", rows[2 * size - 2 :], first, second)
    lowest = np.minimum(
        np.where(good_first, first.min(axis=0), 0.0), np.where(good_second, second.min(axis=0), 0.0)
    )
    good = good_first & good_second
    out = (lowest < -CLEAR) | (good & (less.max(axis=0, initial=-1.0) > CLEAR))
    inside = good & (lowest > CLEAR) & (less.max(axis=0, initial=-1.0) < -CLEAR)
    mixes = first[:, inside], second[:, inside]
    return Candidates(system=np.flatnonzero(inside), mixes=mixes), inside | out


def _too_many_equations(rows: FloatArray) -> BoolArray:
    """Systems of two actors with supports of unequal size in which the equations clearly contradict."""
    first, second = rows.shape[1:-1]
    size = min(first, second)
    own = rows[: first - 1, 0] if first > second else rows[first - 1 : first + second - 2, :, 0]
    mix, good = _indifferent(own[: size - 1])
    rest = np.abs(np.einsum("rlb,lb->rb", own[size - 1 :], mix)).max(axis=0)
    outside = mix.min(axis=0) < -CLEAR
    return np.asarray(good & ((rest > CLEAR) | outside))


def _indifferent(equations: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Mixes of shape ``(size, batch)`` that solve equations of shape ``(size - 1, size, batch)``."""
    size, batch = equations.shape[1:]
    if size == 2:
        gap = equations[0, 1] - equations[0, 0]
        good = np.abs(gap) > STEEP
        share = equations[0, 1] / np.where(good, gap, 1.0)
        return np.stack([share, 1 - share]), good
    stacked = np.concatenate([equations, np.ones((1, size, batch))]).transpose(2, 0, 1)
    good = np.abs(np.linalg.det(stacked)) > STEEP
    stacked[~good] = np.eye(size)
    ends = np.zeros((batch, size, 1))
    ends[:, -1] = 1.0
    return np.linalg.solve(stacked, ends)[..., 0].T, good


def _sharp(
    rows: FloatArray,
    equations: int,
    active: Sequence[int],
    found: Candidates,
    settled: BoolArray,
) -> Settled:
    """The clear roots, made sharp by Newton's method; a system with one that is not stays open."""
    chosen = settled[found.system]
    system = found.system[chosen]
    if not len(system):
        return [], settled
    start = [np.ones((1, len(system)))] * (rows.ndim - 2)
    for actor, mix in zip(active, found.mixes, strict=True):
        start[actor] = mix[:, chosen]
    points = newton(rows[..., system], equations, start, hold=False)
    sharp = np.abs(points.values[:equations]).max(axis=0) <= RESIDUAL
    for new, old in zip(points.mixes, start, strict=True):
        sharp &= np.abs(new - old).max(axis=0) < CLEAR / 2
    settled[system[~sharp]] = False
    return [
        Root(
            system=int(own),
            mixes=tuple(m[:, k] for m in points.mixes),
            regular=True,
            singular=False,
        )
        for k, own in enumerate(system)
        if settled[own]
    ], settled
