"""In which box of parameters a treaty is feasible: the trade of coverage for density.

Every mark is one box that peeling passed through: how many of the points of interest it holds (coverage,
to the right) and how pure it is (density, upwards); the colour says how many parameters it restricts. The
ringed mark is the chosen box, whose limits stand in the corner, in the parameters' own units.

Array convention. Arrays have shape ``(boxes,)``, from all points to the smallest box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.tolerance import FloatArray, IntArray
from sim.errors import UsageError
from sim.labels import labels_of
from sim.plots.drawing.legend import labels_and_legend
from sim.plots.drawing.style import BLUE, GREY, INK, TEXT, VERMILLION, axes_for
from sim.plots.drawing.text import (
    PLATE,
    fitted_lines,
    frame_of,
    plain,
    renderer_of,
    set_labels,
    set_title,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

    from sim.records import Prim

MOST_LIMITS = 6
"""Restrictions of a box that are written out."""
HEIGHT = 4.6
"""Height of a figure of its own, in inches."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DiscoveryData:
    """The numbers of the figure.

    Parameters
    ----------
    target, words, share
        Which points are of interest, the same in words, and how many of all points are.
    coverage, density, restricted
        Of every box; ``restricted`` counts its parameters.
    best
        Coverage and density of the chosen box.
    limits
        Its restrictions in words, in the parameters' units.
    """

    target: str
    words: str
    share: float
    coverage: FloatArray
    density: FloatArray
    restricted: IntArray
    best: tuple[float, float]
    limits: tuple[str, ...]


def discovery_data(found: Prim) -> DiscoveryData:
    """The numbers behind :func:`discovery`.

    Raises
    ------
    UsageError
        If all points are of interest, or none.
    """
    if found.share in (0.0, 1.0):
        every = "every" if found.share else "no"
        where = f"at {every} point of the run {found.words}"
        raise UsageError(f"{where} ({every} point is {found.target}): no box tells them apart")
    book = labels_of(found)
    return DiscoveryData(
        target=found.target,
        words=book.prose(found.words),
        share=found.share,
        coverage=np.array([box.coverage for box in found.boxes]),
        density=np.array([box.density for box in found.boxes]),
        restricted=np.array([len(box.limits) for box in found.boxes]),
        best=(found.best.coverage, found.best.density),
        limits=tuple(k.said(book.parameter(k.path)) for k in found.best.limits),
    )


def discovery(found: Prim, *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw the trade-off of the boxes that hold a treaty, and the limits of the chosen one.

    Parameters
    ----------
    found
        What ``sim.sweeps.analyses.prim_of_run`` returns.
    title
        The scenario's title.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If all points are of interest, or none.

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> whole = Record(limits=(), coverage=1.0, density=0.3)
    >>> limit = Record(path="a", said=lambda name: f"{name} at least 0.5 (share)")
    >>> box = Record(limits=(limit,), coverage=0.9, density=0.8)
    >>> found = Record(target="feasible", words="a treaty is feasible",
    ...     share=0.3, best=box, boxes=(whole, box))
    >>> discovery_data(found).limits
    ('a at least 0.5 (share)',)
    >>> discovery(found).get_xlabel()
    'coverage: share of the feasible points that the box holds'
    """
    data = discovery_data(found)
    own = ax is None
    ax = axes_for(ax, 5.6, HEIGHT)
    handles = _curve(ax, data)
    ax.set_xlim(0, 1.03)
    ax.set_ylim(0, 1.03)
    shown = [plain(text) for text in data.limits[:MOST_LIMITS]]
    if data.limits[MOST_LIMITS:]:
        shown.append(f"and {len(data.limits) - MOST_LIMITS} more limits")
    box = f"chosen box: coverage {data.best[0]:.0%}, density {data.best[1]:.0%}"
    set_title(ax, [title, f"where {data.words}"])
    labels = (
        f"coverage: share of the {data.target} points that the box holds",
        f"density: share of its points that are {data.target}",
    )
    set_labels(ax, *labels)
    labels_and_legend(ax, labels, handles, HEIGHT if own else None)
    _limits(ax, [box, *shown])
    return ax


def _limits(ax: Axes, lines: Sequence[str]) -> None:
    """What the chosen box asks for, written into the corner that small and poor boxes leave empty."""
    renderer = renderer_of(ax)
    x0, _, x1, _ = frame_of(ax)
    written = ax.text(
        0.02,
        0.03,
        fitted_lines(ax, lines, 0.94 * (x1 - x0), renderer),
        transform=ax.transAxes,
        ha="left",
        va="bottom",
        fontsize=TEXT,
        parse_math=False,
        bbox=PLATE,
        zorder=4,
        gid="limits",
    )
    written.set_in_layout(False)


def _curve(ax: Axes, data: DiscoveryData) -> list[Artist]:
    """The boxes along the peeling, shaded by their restrictions, and the chosen one ringed."""
    from matplotlib.colors import LinearSegmentedColormap

    ax.plot(data.coverage, data.density, color=GREY, lw=0.8, zorder=1)
    most = max(int(data.restricted.max()), 1)
    shades = LinearSegmentedColormap.from_list("restricted", ["#D9E8F5", BLUE, "#00243D"])
    handles: list[Artist] = []
    counts = np.unique(data.restricted)
    told = {int(counts[0]), int(counts[len(counts) // 2]), int(counts[-1])}
    for count in counts:
        at = data.restricted == count
        word = "parameter" if count == 1 else "parameters"
        marks = ax.scatter(data.coverage[at], data.density[at], s=26, color=shades(count / most))
        marks.set(zorder=2, edgecolors=INK, linewidths=0.4, label=f"{count} {word} restricted")
        if count in told:
            handles.append(marks)
    ring = ax.scatter(*data.best, s=120, facecolors="none", edgecolors=VERMILLION, linewidths=2.2)
    ring.set(zorder=3, label="chosen box")
    handles.append(ring)
    base = ax.axhline(data.share, color=INK, lw=1.0, ls=":", label="share of all points")
    return [*handles, base]
