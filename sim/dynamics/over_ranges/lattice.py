"""Where a function of one or two numbers crosses a level: a lattice that is refined beside the crossing.

Definition. The function is known at the corners of a coarse grid. A cell whose corners lie on both sides of
the level is cut in half along each of its sides, the function is asked at the new corners, and so on down
to the finest lattice. Elsewhere it is interpolated between corners that are known. Nothing is proved of what
lies between corners: a crossing that no two neighbouring corners of the coarse grid see is missed.

Array convention. Values have one axis per number, ``(n,)`` or ``(n, n)``, all of the finest lattice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray

Ask = Callable[[IntArray], tuple[FloatArray, FloatArray]]
"""Values and their errors, ``(points,)``, at points of the finest lattice, ``(numbers, points)``."""
Told = Callable[[int], object]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lattice:
    """A function on a lattice.

    Parameters
    ----------
    value, error
        It, and its standard error.
    asked
        Where it was asked for; elsewhere both are interpolated.
    """

    value: FloatArray
    error: FloatArray
    asked: BoolArray


def refined(
    ask: Ask, axes: int, *, cells: int, halvings: int, level: float, told: Told | None = None
) -> Lattice:
    """Ask for a function on a coarse grid, and again beside where it crosses a level.

    Parameters
    ----------
    ask
        The function.
    axes
        Of how many numbers.
    cells, halvings
        Cells of the coarse grid along each axis, and how many times one is halved.
    level
        What is crossed.
    told
        Hears how many points were asked for.

    Examples
    --------
    Along a line every halving asks for one more point:

    >>> found = refined(lambda k: (k[0] / 64, 0.0 * k[0]), 1, cells=4, halvings=4, level=0.3)
    >>> int(found.asked.sum()), float(np.abs(found.value - np.arange(65) / 64).max())
    (9, 0.0)
    """
    size, step = cells * 2**halvings + 1, 2**halvings
    shape = (size,) * axes
    value, error = np.full(shape, np.nan), np.full(shape, np.nan)
    asked = np.zeros(shape, dtype=np.bool_)

    def fill(wanted: BoolArray) -> None:
        places = np.argwhere(wanted & ~asked)
        if len(places):
            at = tuple(places.T)
            value[at], error[at] = ask(places.T)
            asked[at] = True
            if told is not None:
                told(int(asked.sum()))

    coarse = np.zeros(shape, dtype=np.bool_)
    coarse[(slice(None, None, step),) * axes] = True
    fill(coarse)
    while step > 1:
        wanted = _beside(value, asked, step, level)
        step //= 2
        fill(wanted)
        for table in (value, error):
            _between(table, asked, step)
    return Lattice(value=value, error=error, asked=asked)


def _beside(value: FloatArray, asked: BoolArray, step: int, level: float) -> BoolArray:
    """The corners of the halves of every cell that the level crosses and whose corners were asked for."""
    wanted = np.zeros(value.shape, dtype=np.bool_)
    for cell in cells_of(value.shape, step):
        corners, known = value[cell][_ends(value.ndim, step)], asked[cell][_ends(value.ndim, step)]
        if known.all() and mixed(corners, level):
            wanted[cell][(slice(None, None, step // 2),) * value.ndim] = True
    return wanted


def mixed(corners: FloatArray, level: float) -> bool:
    """Whether a cell's corners lie on both sides of a level, or some have no value and others do."""
    above = corners >= level
    known = np.isfinite(corners)
    return bool(above.any() and not above.all()) or bool(known.any() and not known.all())


def cells_of(shape: tuple[int, ...], step: int) -> Iterator[tuple[slice, ...]]:
    """The cells of a lattice of some step, with their corners."""
    starts = [range(0, n - step, step) for n in shape]
    for corner in product(*starts):
        yield tuple(slice(k, k + step + 1) for k in corner)


def _ends(axes: int, step: int) -> tuple[slice, ...]:
    return (slice(None, None, step),) * axes


def _between(table: FloatArray, asked: BoolArray, step: int) -> None:
    """Fill what was not asked for on a lattice of some step between neighbours, one axis after the other."""
    place = _ends(table.ndim, step)
    for axis in range(table.ndim):
        rows, known = np.moveaxis(table[place], axis, 0), np.moveaxis(asked[place], axis, 0)
        middle = (rows[:-2:2] + rows[2::2]) / 2
        rows[1::2] = np.where(known[1::2] | ~np.isnan(rows[1::2]), rows[1::2], middle)
