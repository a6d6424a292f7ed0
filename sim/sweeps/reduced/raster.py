"""A raster: the rectangle of two parameters in equal cells, and what was counted in each as a run.

Definition. A cell holds the points whose two parameters lie in it, whatever the others are. As a run on the
grid of the cells' middles its labels are the most frequent ones (the first in the file where several are),
its margin is the mean, ``feasible_share`` the share of its points at which a treaty is feasible. A cell
without a point that has an answer is ``failed``.

Array convention. Cells are counted row by row, the second parameter moving fastest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import AnyArray, FloatArray, IntArray
from sim.errors import UsageError, suggest
from sim.sweeps.columns import STATUS, Coded, arrow_table
from sim.sweeps.designs import Design, Grid, Sample
from sim.sweeps.designs.grid import Axis

if TYPE_CHECKING:
    import pyarrow as pa

USUAL, MOST_CELLS = 200, 2000
"""Cells a side where the user says nothing, and at most."""
LABELS = ("rung", "binding", "predicted_class")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a raster: a parameter from the lowest edge to the highest, in some cells.

    ``points`` are the lowest and the highest value of a grid that has one for every cell.
    """

    path: str
    low: float
    high: float
    cells: int
    points: tuple[float, float] | None = None

    @property
    def axis(self) -> Axis:
        """The middles of the cells, as a grid's axis."""
        half = (self.high - self.low) / self.cells / 2
        return *(self.points or (self.low + half, self.high - half)), self.cells

    def places(self, x: FloatArray) -> IntArray:
        """In which cell values lie; those at the edges or beyond in the outermost."""
        share = (x - self.low) / (self.high - self.low)
        return np.clip(np.floor(share * self.cells), 0, self.cells - 1).astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raster:
    """Two sides.

    Examples
    --------
    >>> x, y = (Side(path=p, low=0.0, high=1.0, cells=2) for p in "ab")
    >>> Raster(sides=(x, y)).cells(("b", "a"), np.array([[0.1, 0.9], [0.7, 1.0]])).tolist()
    [2, 3]
    """

    sides: tuple[Side, Side]

    @property
    def size(self) -> int:
        """Number of cells."""
        return self.sides[0].cells * self.sides[1].cells

    def cells(self, varied: Sequence[str], theta: FloatArray) -> IntArray:
        """In which cell points lie, shape ``(batch,)``."""
        first, second = (side.places(theta[varied.index(side.path)]) for side in self.sides)
        return first * self.sides[1].cells + second

    def grid(self) -> Grid:
        """The middles of the cells."""
        return Grid(axes={side.path: side.axis for side in self.sides})


def raster_of(
    design: Design, x: str | None = None, y: str | None = None, cells: tuple[int, int] | None = None
) -> Raster:
    """The raster over two varied parameters of a design: the first two where none are named.

    Raises
    ------
    UsageError
        If fewer than two are varied, one is not, it has no bounds, or the cells make no sense.
    """
    if len(design.varied) < 2:
        raise UsageError("a raster needs two varied parameters")
    for path in (x, y):
        if path is not None and path not in design.varied:
            raise UsageError(f"'{path}' is not varied{suggest(path, design.varied)}")
    others = [path for path in design.varied if path not in (x, y)]
    first = x or others.pop(0)
    second = y or others.pop(0)
    if first == second:
        raise UsageError(f"a raster of '{first}' over itself: two parameters are needed")
    wanted = cells or (USUAL, USUAL)
    if min(wanted) < 1 or max(wanted) > MOST_CELLS:
        raise UsageError(
            f"a raster of {wanted[0]} x {wanted[1]} cells: 1 to {MOST_CELLS} a side can be"
        )
    return Raster(sides=(_side(design, first, wanted[0]), _side(design, second, wanted[1])))


def _side(design: Design, path: str, cells: int) -> Side:
    """A side: around the points of a grid's axis, between the bounds of a law."""
    if isinstance(design, Grid) and path not in design.values:
        lo, hi, n = design.axes[path]
        half = (hi - lo) / (n - 1) / 2 if n > 1 else 0.5
        points = (lo, hi) if n <= cells else None
        return Side(path=path, low=lo - half, high=hi + half, cells=min(cells, n), points=points)
    if isinstance(design, Sample):
        lo, hi = design.laws[path].lo, design.laws[path].hi
    else:
        values = design.probes()[design.varied.index(path)]
        lo, hi = float(values.min()), float(values.max())
    if not (np.isfinite([lo, hi]).all() and lo < hi):
        raise UsageError(f"{path} has no bounds for a raster; give --vary {path}=LO:HI")
    return Side(path=path, low=lo, high=hi, cells=cells)


def columns_of(labels: Mapping[str, Sequence[str]]) -> list[str]:
    """The names of a raster's columns but its two parameters."""
    named = [name for name in LABELS if name in labels]
    return ["status", "feasible", "margin", "feasible_share", "points", *named]


def table_of(
    raster: Raster, tally: Mapping[str, AnyArray], labels: Mapping[str, Sequence[str]]
) -> pa.Table:
    """What was counted, as the rows of a run on the raster's grid."""
    no, yes, edge = tally["cells feasible"]
    answered = no + yes + edge
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = tally["cells margin"] / tally["cells margins"]
        share = yes / answered
    grid = raster.grid()
    points = grid.points(0, grid.size)
    columns: dict[str, Any] = dict(zip(grid.varied, points, strict=True))
    columns["status"] = Coded(np.where(answered > 0, 0, 1), STATUS)
    tie = (edge * 2 > answered) | (answered == 0)
    columns["feasible"] = np.ma.masked_array(yes > no, mask=tie)
    columns["margin"] = np.ma.masked_invalid(np.where(tie & (answered > 0), 0.0, mean))
    columns["feasible_share"] = np.ma.masked_invalid(share)
    columns["points"] = answered
    for name in LABELS:
        if name in labels:
            counts = tally[f"cells {name}"]
            codes = np.where(counts.sum(axis=0) > 0, counts.argmax(axis=0), -1)
            columns[name] = Coded(codes, tuple(labels[name]))
    return arrow_table(columns)
