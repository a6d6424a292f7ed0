"""Contours of the margin: thin labelled lines, and the line of margin 0 drawn thick.

Array convention. A margin has shape ``(ny, nx)``, ``nan`` where there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.plots.drawing.layout import unmoved
from sim.plots.drawing.style import TEXT, root_figure
from sim.plots.drawing.text import PLATE, Box, around, frame_of, inside, overlaps, text_size

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RIM = 2.0
"""Width of the line at margin 0, in points."""
SPECK = 1e-3
"""Share of the plane below which a piece of the line is a point."""
_LABEL: dict[str, Any] = {
    "ha": "center",
    "va": "center",
    "bbox": PLATE,
    "zorder": 5,
    "clip_on": True,
}
_ALONG = (0.5, 0.38, 0.62, 0.26, 0.74, 0.14, 0.86, 0.07, 0.93)
"""Where along a line its label is tried, as shares of its length."""


def crosses_zero(margin: FloatArray) -> bool:
    """Whether a margin takes both signs, so that a line of margin 0 exists."""
    known = margin[np.isfinite(margin)]
    return bool(known.size and known.min() < 0 < known.max())


def zero_line(ax: Axes, x: FloatArray, y: FloatArray, margin: FloatArray) -> None:
    """The rim of the feasible region: margin 0, thick, with a pale halo and ticks on the feasible side."""
    if not crosses_zero(margin) or min(margin.shape) < 2:
        return
    lines = _contour(ax, x, y, margin, [0.0], linewidths=RIM, colors="black", zorder=4)
    _without_specks(lines, float(np.ptp(x)), float(np.ptp(y)))
    lines.set_path_effects(rim())


def _without_specks(lines: Any, wide: float, tall: float) -> None:
    """Drop pieces without a length, where margin 0 is met at one point only: they bear no tick."""
    from matplotlib.path import Path

    parts = [
        part
        for part in lines.allsegs[0]
        if np.max(np.ptp(part, axis=0) / (wide, tall), initial=0.0) > SPECK
    ]
    lines.set_paths([Path.make_compound_path(*map(Path, parts))])


def rim() -> list[Any]:
    """How the rim of the feasible region is drawn.

    Contours have what is higher to their left, as they are seen: axes run as the grid does.
    """
    from matplotlib.patheffects import Normal, Stroke, TickedStroke

    ticks: Any = {"spacing": 5.0, "length": 0.75, "angle": 90.0}
    pale: Any = {"linewidth": 2.6, "foreground": "white"}
    black: Any = {"linewidth": 1.1}
    return [
        Stroke(linewidth=RIM + 1.4, foreground="white"),
        TickedStroke(**ticks, **pale),
        TickedStroke(**ticks, **black),
        Normal(),
    ]


def near_zero(margin: FloatArray) -> BoolArray:
    """Cells beside the line of margin 0."""
    sign = np.where(np.isfinite(margin), np.sign(margin), 0)
    out = np.zeros(margin.shape, dtype=bool)
    across, along = sign[:, 1:] * sign[:, :-1] < 0, sign[1:] * sign[:-1] < 0
    out[:, 1:] |= across
    out[:, :-1] |= across
    out[1:] |= along
    out[:-1] |= along
    return out


def levels_of(margin: FloatArray, count: int = 6) -> list[float]:
    """Round levels between a margin's smallest and largest value, 0 left out.

    Examples
    --------
    >>> levels_of(np.array([[-0.25, 0.45]]), 4)
    [-0.2, 0.2, 0.4]
    """
    from matplotlib.ticker import MaxNLocator

    known = margin[np.isfinite(margin)]
    if not known.size or known.min() == known.max():
        return []
    low, high = float(known.min()), float(known.max())
    edge = 0.02 * (high - low)
    found = MaxNLocator(count).tick_values(low, high)
    step = float(np.diff(found).min())
    kept = (float(v) for v in found if low + edge < v < high - edge and abs(v) > step / 2)
    return [float(f"{v:.12g}") for v in kept]


def thin_lines(
    ax: Axes, x: FloatArray, y: FloatArray, margin: FloatArray, levels: Sequence[float]
) -> Any:
    """Thin contours, dashed where the margin is negative; ``None`` where there is no level."""
    if not levels or min(margin.shape) < 2:
        return None
    dashes = ["--" if level < 0 else "-" for level in levels]
    return _contour(
        ax, x, y, margin, levels, linewidths=0.7, colors="#222222", linestyles=dashes, zorder=3
    )


def _contour(
    ax: Axes,
    x: FloatArray,
    y: FloatArray,
    margin: FloatArray,
    levels: Sequence[float],
    **style: Any,
) -> Any:
    return ax.contour(x, y, np.ma.masked_invalid(margin), levels=list(levels), **style)


def label_lines(ax: Axes, lines: Any, taken: Sequence[Box], renderer: Any) -> list[Box]:
    """Write each level on its longest line where there is room; the boxes of what was written."""
    boxes: list[Box] = []
    if lines is None:
        return boxes
    for level, parts in zip(lines.levels, lines.allsegs, strict=True):
        text = f"{level:+.3g}".replace("-", "\N{MINUS SIGN}")
        size = text_size(ax, text, TEXT, renderer)
        spot = _spot(ax, parts, size, [*taken, *boxes])
        if spot is None:
            continue
        x, y, box = spot
        with unmoved(root_figure(ax)):
            ax.text(x, y, text, fontsize=TEXT, **_LABEL)
        boxes.append(box)
    return boxes


def _spot(
    ax: Axes, parts: Sequence[FloatArray], size: tuple[float, float], taken: Sequence[Box]
) -> tuple[float, float, Box] | None:
    """A point on one of the lines at which a box of this size is free, the longest line first."""
    frame = frame_of(ax)
    shown = sorted((p for p in parts if len(p) > 1), key=len, reverse=True)
    for part in shown:
        for share in _ALONG:
            x, y = part[int(share * (len(part) - 1))]
            px, py = ax.transData.transform((x, y))
            box = around(float(px), float(py), *size)
            if inside(box, frame) and not overlaps(box, taken):
                return float(x), float(y), box
    return None
