"""The plausible box: the ranges that a file declares for two parameters, as a dashed rectangle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.cells import edges
from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.plots.data import RunLike
from sim.plots.drawing.style import INK

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

Ranges = tuple[tuple[float, float], tuple[float, float]]


def ranges_of(run: RunLike, x: str, y: str) -> Ranges | None:
    """The ranges that the scenario declares for two varied parameters, as the run knows them.

    A parameter without a range is plausible over its whole axis; ``None`` where neither has one.

    Examples
    --------
    >>> from sim.plots.data import GridRun
    >>> told = {"ranges": {"a": [0.2, 0.4]}}
    >>> run = GridRun(title="T", axes={"a": [0, 1], "b": [0, 1]}, values={}, table={}, manifest=told)
    >>> ranges_of(run, "b", "a")
    ((-0.5, 1.5), (0.2, 0.4))
    """
    told = run.manifest.get("ranges", {})
    if x not in told and y not in told:
        return None
    return _ends(run, told.get(x), x), _ends(run, told.get(y), y)


def _ends(run: RunLike, told: Sequence[float] | None, path: str) -> tuple[float, float]:
    if told is None:
        cells = edges(run.coordinates(path))
        return float(cells.min()), float(cells.max())
    return float(told[0]), float(told[1])


def held(values: FloatArray, ends: tuple[float, float]) -> BoolArray:
    """Which grid values lie in a range, ends included as in a run's summary.

    Examples
    --------
    >>> held(np.array([0.1, 0.1 + 0.2, 0.4]), (0.3, 0.4))
    array([False,  True,  True])
    """
    slip = RELATIVE * (ends[1] - ends[0])
    return np.asarray((values >= ends[0] - slip) & (values <= ends[1] + slip))


def plausible_box(ax: Axes, ranges: Ranges) -> None:
    """The rectangle of the ranges that the file declares, clipped to the axes."""
    from matplotlib.patches import Rectangle
    from matplotlib.patheffects import withStroke

    (x0, x1), (y0, y1) = ranges
    box = Rectangle((x0, y0), x1 - x0, y1 - y0, zorder=5, gid="plausible", **_PLAUSIBLE)
    box.set_path_effects([withStroke(linewidth=3.2, foreground="white")])
    ax.add_artist(box)


def plausible_entry() -> Artist:
    """Legend entry of the plausible box."""
    from matplotlib.patches import Patch

    return Patch(label="plausible box: the file's ranges", **_PLAUSIBLE)


_PLAUSIBLE: dict[str, Any] = {"facecolor": "none", "edgecolor": INK, "lw": 1.3, "ls": (0, (4, 1.5))}
