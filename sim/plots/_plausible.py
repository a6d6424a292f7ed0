"""The plausible box: the ranges that a file declares for two parameters, as a dashed rectangle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.plots._style import INK
from sim.plots.data import RunLike

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

Ranges = tuple[tuple[float, float], tuple[float, float]]


def ranges_of(run: RunLike, x: str, y: str) -> Ranges | None:
    """The ranges that the scenario declares for two varied parameters, where the run knows both.

    Examples
    --------
    >>> from sim.plots.data import GridRun
    >>> told = {"ranges": {"a": [0.2, 0.4], "b": [0, 1]}}
    >>> run = GridRun(title="T", axes={"a": [0, 1]}, values={}, table={}, manifest=told)
    >>> ranges_of(run, "b", "a")
    ((0.0, 1.0), (0.2, 0.4))
    """
    told = run.manifest.get("ranges", {})
    if x not in told or y not in told:
        return None
    (x0, x1), (y0, y1) = (map(float, told[path]) for path in (x, y))
    return (x0, x1), (y0, y1)


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
