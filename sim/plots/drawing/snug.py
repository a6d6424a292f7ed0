"""Layout of a figure of its own: one axes, as large as what stands around it leaves room for.

Definition. Around the axes stand the numbers and names along its sides, its title, its legend, and whatever
is drawn beyond it; their extent is measured once, and the axes fill the figure up to it and a narrow rim.
They are measured again only where a change of the axes' size can change them: where another number of ticks
fits along a side, or where something beyond the axes hangs from it in shares of its size.

matplotlib's constrained layout does the same for any number of axes, by a system of constraints; it measures
everything twice at every turn, and the outlines of the axes with it, which takes several times as long.
Figures with several axes are left to it.

Array convention. Boxes are ``(x0, y0, x1, y1)`` in pixels.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from math import isfinite
from typing import Any

from matplotlib.backend_bases import RendererBase
from matplotlib.layout_engine import ConstrainedLayoutEngine, LayoutEngine
from matplotlib.spines import Spine

RIM = 3 / 72
"""Empty rim of a figure, in inches."""
ROUNDS = 4
"""How often at most a layout is measured; by then it stands still, or moves to and fro."""
STILL = 0.5
"""Pixels that an edge may move and yet stand still."""
TOO_SMALL = "a figure is too small for the texts around its axes"
MOST_TICKS = 9
"""Ticks beyond which matplotlib asks for no more, however much room there is."""


class Ruler(RendererBase):
    """What measures texts at a resolution and draws nothing.

    Letters are as wide as their outlines, as they are drawn in SVG and PDF at any resolution; an image whose
    letters are fitted to its pixels differs from that by less than a pixel.

    Examples
    --------
    >>> Ruler(144).points_to_pixels(5)
    10.0
    """

    def __init__(self, dpi: float) -> None:
        super().__init__()
        self.dpi = dpi

    def points_to_pixels(self, points: Any) -> Any:
        """Lengths in pixels."""
        return points * self.dpi / 72


@lru_cache(maxsize=4)
def ruler(dpi: float) -> Ruler:
    """What measures texts at a resolution, the same for all figures, so that it knows most texts already."""
    return Ruler(dpi)


class Snug(LayoutEngine):
    """One axes, as large as what stands around it leaves room for.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(3, 2), layout=Snug()).add_subplot()
    >>> _ = ax.set_xticks([])
    >>> ax.figure.draw_without_rendering()
    >>> round(float(ax.get_window_extent().x1))
    295
    """

    _adjust_compatible = True
    _colorbar_gridspec = False

    def __init__(self) -> None:
        super().__init__()
        self._several = ConstrainedLayoutEngine(w_pad=RIM, h_pad=RIM)
        self._rests = self._taller = False
        self._fits = True

    def set(self, **given: Any) -> None:
        """What a layout of several axes is told."""
        self._several.set(**given)

    def execute(self, fig: Any) -> None:
        """Put the axes in their place."""
        if self._rests:
            return
        if len(fig.axes) != 1:
            self._several.execute(fig)
            return
        self._fill(fig, fig.axes[0])
        fig.stale = self._taller = False

    def settle(self, fig: Any, *, height: bool = True) -> None:
        """Put the axes in their place where something has changed since; without ``height``, in width."""
        if fig.stale or (height and self._taller):
            self.execute(fig)

    @contextmanager
    def above_and_beneath(self, fig: Any) -> Iterator[None]:
        """While something changes that stands above or beneath the axes and is no wider than they are."""
        before = fig.stale
        yield
        if not before:
            fig.stale, self._taller = False, True

    @contextmanager
    def unmoved(self, fig: Any) -> Iterator[None]:
        """While something is looked at, or drawn inside the axes, that does not move them."""
        before = fig.stale
        yield
        fig.stale = before

    def reach(self, fig: Any) -> tuple[float, float]:
        """From where to where one axes and what stands beside them reach, when they are laid out."""
        rim = RIM * fig.dpi
        return rim, float(fig.bbox.width) - rim

    @contextmanager
    def at_rest(self) -> Iterator[None]:
        """While a figure is drawn as it is laid out, though at another resolution."""
        self._rests = True
        try:
            yield
        finally:
            self._rests = False

    def covered(self, fig: Any) -> tuple[float, ...]:
        """What a figure covers when it is laid out: its page, and what of title and labels is longer."""
        self.settle(fig)
        if len(fig.axes) != 1 or not self._fits:
            return tuple(fig.dpi * float(edge) for edge in fig.get_tightbbox().extents)
        ax, rim = fig.axes[0], RIM * fig.dpi
        page = (rim, rim, float(fig.bbox.width) - rim, float(fig.bbox.height) - rim)
        x0, y0, x1, y1 = page
        for text in (ax.title, ax.xaxis.label):
            box = text.get_window_extent(ruler(fig.dpi))
            x0, x1 = min(x0, float(box.x0)), max(x1, float(box.x1))
        box = ax.yaxis.label.get_window_extent(ruler(fig.dpi))
        return x0, min(y0, float(box.y0)), x1, max(y1, float(box.y1))

    def _fill(self, fig: Any, ax: Any) -> None:
        renderer = ruler(fig.dpi)
        beside: tuple[float, ...] | None = None
        for _ in range(ROUNDS):
            before, ticks = _extent(ax), _ticks(ax)
            sides = _sides(ax, renderer) if beside is None else _sum(before, beside)
            whole = _union(sides, [a.get_tightbbox(renderer) for a in _others(ax)])
            self._fits = self._place(fig, ax, before, whole)
            if not self._fits:
                warnings.warn(TOO_SMALL, stacklevel=2)
                return
            after = _extent(ax)
            wider = abs(after[2] - after[0] - before[2] + before[0]) >= STILL
            taller = abs(after[3] - after[1] - before[3] + before[1]) >= STILL
            hanging = (wider and whole[::2] != sides[::2]) or (
                taller and whole[1::2] != sides[1::2]
            )
            if ticks == _ticks(ax) and not hanging:
                return
            beside = None if ticks != _ticks(ax) else _sum(sides, tuple(-x for x in before))

    @staticmethod
    def _place(fig: Any, ax: Any, before: tuple[float, ...], extent: tuple[float, ...]) -> bool:
        """Move the axes' edges inwards by what stood around them; whether there is room."""
        rim = RIM * fig.dpi
        x0, y0 = before[0] - extent[0] + rim, before[1] - extent[1] + rim
        x1 = fig.bbox.width - (extent[2] - before[2]) - rim
        y1 = fig.bbox.height - (extent[3] - before[3]) - rim
        if x1 - x0 < 1 or y1 - y0 < 1:
            return False
        wide, tall = fig.bbox.width, fig.bbox.height
        ax.set_position((x0 / wide, y0 / tall, (x1 - x0) / wide, (y1 - y0) / tall), "original")
        ax.set_in_layout(True)  # matplotlib takes it that whoever gives a place wants no layout
        ax.apply_aspect()
        return True


def _extent(ax: Any) -> tuple[float, ...]:
    """The rectangle of the axes."""
    return tuple(map(float, ax.bbox.extents))


def _sum(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _ticks(ax: Any) -> tuple[int, int]:
    """How many ticks fit along the sides, as far as that counts."""
    return tuple(min(axis.get_tick_space(), MOST_TICKS) for axis in (ax.xaxis, ax.yaxis))


def _sides(ax: Any, renderer: Any) -> tuple[float, ...]:
    """The axes with ticks, labels, title and legend; of a title and of labels, not their length."""
    ax.apply_aspect()
    legend = [] if ax.get_legend() is None else [ax.get_legend()]
    axes = [axis for axis in (ax.xaxis, ax.yaxis) if ax.axison and axis.get_visible()]
    boxes = [axis.get_tightbbox(renderer, for_layout_only=True) for axis in axes]
    out = 0.5 * max(_width(spine, renderer) for spine in ax.spines.values())
    x0, y0, x1, y1 = _extent(ax)
    frame = (x0 - out, y0 - out, x1 + out, y1 + out)
    if _title_moves(ax):
        whole = ax.get_tightbbox(renderer, bbox_extra_artists=legend, for_layout_only=True)
        return _union(frame, [whole])
    found = _union(frame, [*boxes, *(part.get_tightbbox(renderer) for part in legend)])
    if ax.get_title():
        top = float(ax.title.get_window_extent(renderer).y1)
        return (*found[:3], max(found[3], top))
    return found


def _title_moves(ax: Any) -> bool:
    """Whether something stands above the axes that a title gives way to."""
    return any(
        one.xaxis.get_ticks_position() in ("top", "unknown")
        or one.xaxis.get_label_position() == "top"
        or one.yaxis.offsetText.get_text()
        for one in (ax, *ax.child_axes)
    )


def _others(ax: Any) -> list[Any]:
    """What may stick out of the axes, apart from their sides and their legend."""
    legend = ax.get_legend()
    return [
        artist
        for artist in ax.get_default_bbox_extra_artists()
        if artist is not legend and artist is not ax.patch and not isinstance(artist, Spine)
    ]


def _union(box: tuple[float, ...], others: Iterable[Any]) -> tuple[float, ...]:
    """A box and what finite boxes there are beside it."""
    x0, y0, x1, y1 = box
    for other in others:
        if other is None or not (other.width or other.height):
            continue
        a, b, c, d = map(float, other.extents)
        if isfinite(a + b + c + d):
            x0, y0, x1, y1 = min(x0, a), min(y0, b), max(x1, c), max(y1, d)
    return x0, y0, x1, y1


def _width(spine: Any, renderer: Any) -> float:
    return float(renderer.points_to_pixels(spine.get_linewidth())) if spine.get_visible() else 0.0
