r"""Equations of three actors' supports in the mix of one alone, the *third*.

Definition. Let the first and second actor mix over ``k`` strategies, or the first over ``k`` and the second
over ``k + 1``. Given the third's mix ``z``, the first's indifference is linear in the second's mix ``y``
(``A(z) y = 0``), the second's in the first's mix ``x`` (``B(z) x = 0``), and the third's is
``x' C_j y = 0``.

- Equally many: ``x`` and ``y`` are multiples of the minors of ``B(z)`` and ``A(z)``, so that ``x' C_j y``,
  with these in their places, is 0.
- One more: the determinant of ``B(z)`` is 0, ``x`` is a multiple of the minors of any ``k - 1`` of its rows,
  and ``y`` solves the equations ``A(z)`` and ``x' C_j``, more than it has unknowns: determinants are 0.

Where equations are dependent their minors are 0, and so is what is made of them: all of this holds at every
solution, and what it rules out is ruled out.

Array convention. ``rows`` of shape ``(rows, k_0, k_1, k_2, batch)`` with ``owners`` the actor of each, as in
:mod:`sim.solutions.strategic.mixed.supports`; forms in ``z`` as in
:mod:`sim.solutions.strategic.mixed.third.bernstein`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.solutions.strategic.mixed.multilinear_bounds import MARGIN
from sim.solutions.strategic.mixed.third.forms import Forms, determinants, minors, stacked, total

FEWEST = 3
"""Strategies of every actor; over two, the third's mix is a share, and the equation has closed roots."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows by actor, each without the actor's own axis: of the first's in ``(y, z)``, and so on."""

    first: FloatArray
    second: FloatArray
    third: FloatArray
    sizes: tuple[int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThirdCells:
    """A batch of cells of the third's mix.

    Parameters
    ----------
    first, second
        What the first's and the second's mix are multiples of, shape ``(choices, k, coefficients, batch)``.
    third
        The third actor's rows, as many equations as ``z`` has unknowns before inequalities.
    first_less, second_less
        Inequalities of the first and of the second actor.
    corners
        Each corner as a mix, shape ``(strategies, corners, batch)``.
    system, depth
        As in :class:`sim.solutions.strategic.mixed.multilinear_bounds.SimplexCells`.
    """

    first: Forms
    second: Forms
    third: Forms
    first_less: Forms
    second_less: Forms
    corners: FloatArray
    system: IntArray
    depth: IntArray

    @property
    def forms(self) -> dict[str, Forms]:
        """The forms by name."""
        names = ("first", "second", "third", "first_less", "second_less")
        return {name: getattr(self, name) for name in names}

    @property
    def batch(self) -> int:
        """Number of cells."""
        return len(self.system)

    def take(self, which: BoolArray | IntArray) -> ThirdCells:
        """Some of the cells."""
        return ThirdCells(
            **{name: form[..., which] for name, form in self.forms.items()},
            corners=self.corners[..., which],
            system=self.system[which],
            depth=self.depth[which],
        )


def order_of(sizes: Sequence[int]) -> tuple[int, int, int] | None:
    """The first, the second and the third actor of three with such supports; ``None`` if there are none.

    Examples
    --------
    >>> order_of((3, 4, 3)), order_of((4, 4, 3)), order_of((2, 2, 4))
    ((2, 1, 0), (0, 1, 2), None)
    """
    if len(sizes) != 3 or min(sizes) < FEWEST:
        return None
    third, first, second = sorted(range(3), key=lambda actor: sizes[actor])
    return (first, second, third) if sizes[second] - sizes[first] <= 1 else None


def terms(sizes: Sequence[int], order: tuple[int, int, int]) -> int:
    """The number of coefficients of an equation.

    Examples
    --------
    >>> terms((4, 4, 4), (1, 2, 0)), terms((3, 4, 3), (2, 1, 0))
    (84, 28)
    """
    k, n, m = (sizes[actor] for actor in order)
    degree = 2 * (k - 1) if k == n else 3 * (k - 1)
    return comb(degree + m - 1, m - 1)


def rows_of(rows: FloatArray, owners: IntArray, order: tuple[int, int, int]) -> Rows:
    """The rows by actor, their axes in the order of first, second and third."""
    ordered = rows.transpose(0, *(1 + actor for actor in order), 4)
    first, second, third = (ordered[owners == actor] for actor in order)
    return Rows(
        first=first[:, 0], second=second[:, :, 0], third=third[:, :, :, 0], sizes=ordered.shape[1:4]
    )


def whole_cells(rows: Rows) -> ThirdCells:
    """One cell per system: the third's whole face."""
    (k, n, m), batch = rows.sizes, rows.first.shape[-1]
    one, two = _linear(rows.first), _linear(rows.second)
    mine = [one[r] for r in range(k - 1)]
    if k == n:
        x = stacked([minors([two[r] for r in range(n - 1)])])
        y = stacked([minors(mine)])
        third = _at(rows.third, x[0], y[0])
    else:
        answers = [two[r] for r in range(n - 1)]
        x = stacked([minors(list(some)) for some in combinations(answers, k - 1)])
        theirs = [_row(rows.third[r], x[0]) for r in range(m - 1)]
        y = stacked([minors([*mine, row]) for row in theirs])
        third = _one_more(rows, answers, [*mine, theirs[0]], theirs[1:], x[0], y[0])
    return ThirdCells(
        first=x,
        second=y,
        third=third,
        first_less=_less(one, k - 1, y[0]),
        second_less=_less(two, n - 1, x[0]),
        corners=np.repeat(np.eye(m)[..., None], batch, axis=-1),
        system=np.arange(batch),
        depth=np.zeros(batch, dtype=np.int64),
    )


def _linear(rows: FloatArray) -> Forms:
    """Rows of one actor as linear forms in the third's mix: their values at its corners."""
    return Forms(coefficients=rows, corners=rows.shape[2], size=1.0, error=MARGIN)


def _row(row: FloatArray, mix: Forms) -> Forms:
    """One row of the third, shape ``(k, l, batch)``, at the first's mix: a form for each of the second's."""
    out = np.einsum("klb,kcb->lcb", row, mix.coefficients)
    size = len(row) * mix.size
    return Forms(
        coefficients=out,
        corners=mix.corners,
        size=size,
        error=2 * (len(row) * mix.error + size * MARGIN),
    )


def _at(rows: FloatArray, first: Forms, second: Forms) -> Forms:
    """The third's rows where the others' mixes are put in."""
    return stacked([_product(_row(row, first), second) for row in rows])


def _product(row: Forms, mix: Forms) -> Forms:
    parts = row * mix
    return total([parts[j] for j in range(len(parts.coefficients))])


def _one_more(
    rows: Rows, answers: list[Forms], known: list[Forms], more: list[Forms], x: Forms, y: Forms
) -> Forms:
    """The equations where the second has one strategy more, and the third's inequalities, of one degree."""
    _, n, m = rows.sizes
    (square,) = determinants(answers).values()
    found = [square, *(determinants([*known, row])[tuple(range(n))] for row in more)]
    found += [_product(_row(row, x), y) for row in rows.third[m - 1 :]]
    degrees = [form.degree for form in found]
    return stacked(
        [form.raised(max(degrees) - degree) for form, degree in zip(found, degrees, strict=True)]
    )


def _less(rows: Forms, start: int, mix: Forms) -> Forms:
    """An actor's inequalities where the other's mix is put in; perhaps none."""
    products = rows[start:] * mix
    return replace(products, coefficients=products.coefficients.sum(axis=1))


def halves(cells: ThirdCells) -> ThirdCells:
    """Every cell halved across its longest edge."""
    number = cells.corners.shape[1]
    edges = list(combinations(range(number), 2))
    lengths = [np.abs(cells.corners[:, p] - cells.corners[:, q]).sum(axis=0) for p, q in edges]
    chosen = np.stack(lengths).argmax(axis=0)
    return joined(
        [
            _half(cells.take(chosen == place), kept, moved)
            for place in sorted(set(chosen.tolist()))
            for kept, moved in (edges[place], edges[place][::-1])
        ]
    )


def _half(cells: ThirdCells, kept: int, moved: int) -> ThirdCells:
    corners = cells.corners.copy()
    corners[:, moved] = (corners[:, kept] + corners[:, moved]) / 2
    return ThirdCells(
        **{name: form.halved(kept, moved) for name, form in cells.forms.items()},
        corners=corners,
        system=cells.system,
        depth=cells.depth + 1,
    )


def joined(parts: Sequence[ThirdCells]) -> ThirdCells:
    """Several batches of cells of the same systems as one."""
    forms = {
        name: replace(
            form,
            coefficients=np.concatenate([part.forms[name].coefficients for part in parts], axis=-1),
        )
        for name, form in parts[0].forms.items()
    }
    return ThirdCells(
        **forms,
        corners=np.concatenate([part.corners for part in parts], axis=-1),
        system=np.concatenate([part.system for part in parts]),
        depth=np.concatenate([part.depth for part in parts]),
    )
