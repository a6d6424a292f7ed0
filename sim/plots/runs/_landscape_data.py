"""The numbers of a landscape: labels by cell, margins, marks, the plausible box and what is feasible of it.

Array convention. Arrays have shape ``(ny, nx)``, rows along ``y``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import AnyArray, BoolArray, FloatArray, IntArray
from sim.errors import UsageError
from sim.labels import labels_of
from sim.plots.data import RunLike, axes_of, check_columns
from sim.plots.drawing.style import KNIFE_EDGE, Style, styles
from sim.plots.runs._labels import coded, run_fills, without_common
from sim.plots.runs._plane import Plane, plane_of
from sim.plots.runs._plausible import Ranges, held
from sim.plots.runs._section import Section, section

AGREEMENTS = ("best_agreement", "predicted_agreement")
COLUMNS = {
    "solution": "members of the solution",
    "predicted_class": "predicted outcome class",
    "predicted_agreement": "predicted agreement",
    "best_agreement": "best treaty",
    "binding": "binding constraint",
    "rung": "first rung that fails",
    "feasible": "treaty feasible",
    "in_every_equilibrium": "same class in every equilibrium",
}


FINE = 20
"""Cells along the shorter side from which on cells standing alone are marked."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LandscapeData(Plane):
    """The numbers of a landscape, beside those of its plane.

    Parameters
    ----------
    column
        The column that colours the cells.
    labels, fills
        The categories present, and how each is filled.
    names, common
        The categories as written in the figure: without what all of them share, which is ``common``.
    codes
        Shape ``(ny, nx)``: index into ``labels``, -1 where the column has no value.
    margin
        Shape ``(ny, nx)``, in payoff spreads; ``nan`` where there is none.
    knife_edge, several
        Shape ``(ny, nx)``: margin 0 within tolerance; equilibria that differ in what the cells show.
    alone
        Shape ``(ny, nx)``: cells of a fine grid with no neighbour of their category, where its area is
        narrower than a cell.
    feasible
        Share of the cells with an answer at which a treaty is feasible.
    plausible_feasible
        Share of the grid points in the plausible box at which a treaty is feasible, ``nan`` where none is.
    """

    column: str
    labels: tuple[str, ...]
    names: tuple[str, ...]
    common: str
    fills: tuple[Style, ...]
    codes: IntArray
    margin: FloatArray
    knife_edge: BoolArray
    several: BoolArray
    alone: BoolArray
    feasible: float
    plausible_feasible: float

    @property
    def predicted(self) -> bool:
        """Whether the cells show the game's prediction."""
        return self.column in ("predicted_class", "predicted_agreement", "in_every_equilibrium")


def landscape_data(
    run: RunLike,
    *,
    x: str | None = None,
    y: str | None = None,
    color_by: str | None = None,
    at: Mapping[str, float] | None = None,
) -> LandscapeData:
    """The numbers behind :func:`landscape`, with the same arguments.

    Raises
    ------
    UsageError
        If a parameter was not varied or the run lacks a column.
    """
    across, up = axes_of(run, "landscape", x, y)
    column = color_by or next(
        (name for name in ("predicted_class", "solution") if name in run.columns), "best_agreement"
    )
    check_columns(run, (column, *(() if column == "solution" else ("margin",))), "landscape")
    if column not in COLUMNS:
        raise UsageError(f"column '{column}' holds no labels; colour by {', '.join(COLUMNS)}")
    cut = section(run, (up, across), at)
    plane = plane_of(cut)
    margin, knife_edge = _margin(cut)
    labels, codes = coded(_texts(cut, column, knife_edge))
    names, common = without_common(labels) if column in AGREEMENTS else (labels, "")
    fills, say = run_fills(run, column), labels_of(run).say
    feasible, plausible_feasible = _shares(cut, plane["plausible"], margin, knife_edge)
    return LandscapeData(
        **plane,
        column=column,
        labels=labels,
        names=tuple(say(name) for name in names),
        common=say(common),
        fills=tuple(fills.get(name) or styles([name])[name] for name in labels),
        codes=codes,
        margin=margin,
        knife_edge=knife_edge,
        several=_several(cut, column),
        alone=alone(codes),
        feasible=feasible,
        plausible_feasible=plausible_feasible,
    )


def _margin(cut: Section) -> tuple[FloatArray, BoolArray]:
    """The margin, and where there is one, and yet the run says neither yes nor no."""
    if "margin" not in cut.run.columns:
        empty = np.full(cut.take("solution").shape, np.nan)
        return empty, np.zeros(empty.shape, dtype=np.bool_)
    margin = cut.numbers("margin")
    if "feasible" not in cut.run.columns:
        return margin, np.zeros(margin.shape, dtype=np.bool_)
    knife_edge = np.asarray(cut.nulls("feasible") & np.isfinite(margin))
    return np.where(knife_edge, 0.0, margin), knife_edge


def _texts(cut: Section, column: str, knife_edge: BoolArray) -> AnyArray:
    texts = cut.texts(column)
    return np.where(knife_edge, KNIFE_EDGE, texts) if column == "feasible" else texts


def _several(cut: Section, column: str) -> BoolArray:
    """Where the equilibria differ in what a column shows of the prediction.

    Classes are compared as classes: several outcomes of one class are one. What the ladder finds does not
    depend on the game's equilibria.
    """
    if column == "predicted_class" and "in_every_equilibrium" in cut.run.columns:
        return np.asarray(cut.texts("in_every_equilibrium") == "no")
    if column in ("predicted_class", "predicted_agreement") and "equilibria" in cut.run.columns:
        return np.asarray(cut.numbers("equilibria") > 1)
    return np.zeros(cut.texts(column).shape, dtype=np.bool_)


def alone(codes: IntArray) -> BoolArray:
    """Cells of a fine grid of which no neighbour to any side has the same category.

    Examples
    --------
    >>> speck = np.zeros((20, 20), dtype=int)
    >>> speck[3, 4] = 1
    >>> np.argwhere(alone(speck)).tolist()
    [[3, 4]]
    """
    out = (codes >= 0) & (min(codes.shape) >= FINE)
    same = codes[:, 1:] == codes[:, :-1]
    out[:, 1:] &= ~same
    out[:, :-1] &= ~same
    same = codes[1:] == codes[:-1]
    out[1:] &= ~same
    out[:-1] &= ~same
    return np.asarray(out)


def _shares(
    cut: Section, ranges: Ranges | None, margin: FloatArray, knife_edge: BoolArray
) -> tuple[float, float]:
    """The shares of the grid, and of the plausible box, at which a treaty is feasible; of all grid values."""
    if cut.drawn:
        cut = cut.whole
        margin, knife_edge = _margin(cut)
    up, across = cut.coordinates()
    return _share(margin, knife_edge, None), _share(margin, knife_edge, _box(ranges, across, up))


def _box(ranges: Ranges | None, x: FloatArray, y: FloatArray) -> BoolArray:
    """The grid points in the plausible box, shape ``(ny, nx)``."""
    if ranges is None:
        return np.zeros((len(y), len(x)), dtype=np.bool_)
    return np.logical_and.outer(held(y, ranges[1]), held(x, ranges[0]))


def _share(margin: FloatArray, knife_edge: BoolArray, among: BoolArray | None) -> float:
    """The share of the cells with an answer, or of those among some, at which a treaty is feasible."""
    here = True if among is None else among
    total = np.count_nonzero(np.isfinite(margin) & here)
    return np.count_nonzero((margin > 0) & ~knife_edge & here) / total if total else float("nan")
