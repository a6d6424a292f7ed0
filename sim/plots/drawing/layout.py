"""Lay a figure out: every axes at the place where a drawing would put it.

The layout alone, without drawing: to draw a figure, even onto nothing, only to measure texts on it takes
twice as long.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from sim.plots.drawing.style import root_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def renderer_for(figure: Any) -> Any:
    """What measures the texts of a figure."""
    from sim.plots.drawing.snug import Snug, ruler

    if isinstance(figure.get_layout_engine(), Snug):
        return ruler(figure.dpi)
    return figure._get_renderer()


def lay_out(figure: Figure, renderer: Any, *, height: bool = True) -> bool:
    """Every axes where a drawing would put it; whether it is certain that they would stay there.

    Without ``height`` only from where to where the axes reach from left to right need be right.
    """
    from sim.plots.drawing.snug import Snug

    engine = figure.get_layout_engine()
    if isinstance(engine, Snug):
        engine.settle(figure, height=height)
        return True
    _apply_aspects(figure, renderer)
    if engine is not None:
        engine.execute(figure)
        _apply_aspects(figure, renderer)
    return False


def above_and_beneath(figure: Figure) -> AbstractContextManager[None]:
    """While something changes that stands above or beneath the axes and is no wider than they are."""
    from sim.plots.drawing.snug import Snug

    engine = figure.get_layout_engine()
    return engine.above_and_beneath(figure) if isinstance(engine, Snug) else nullcontext()


def unmoved(figure: Figure) -> AbstractContextManager[None]:
    """While something is looked at, or drawn inside the axes, that does not move them."""
    from sim.plots.drawing.snug import Snug

    engine = figure.get_layout_engine()
    return engine.unmoved(figure) if isinstance(engine, Snug) else nullcontext()


def reach(ax: Axes, renderer: Any) -> tuple[float, float]:
    """From where to where axes and what stands beside them reach, in pixels; the figure is laid out."""
    from sim.plots.drawing.snug import Snug

    figure = root_figure(ax)
    engine = figure.get_layout_engine()
    if isinstance(engine, Snug) and len(figure.axes) == 1:
        return engine.reach(figure)
    frame, whole = ax.get_window_extent(), ax.get_tightbbox(renderer)
    if whole is None:
        return float(frame.x0), float(frame.x1)
    return float(min(frame.x0, whole.x0)), float(max(frame.x1, whole.x1))


def _apply_aspects(figure: Figure, renderer: Any) -> None:
    for axes in figure.get_axes():
        locator: Any = axes.get_axes_locator()  # None where nothing places these axes
        axes.apply_aspect(locator(axes, renderer) if locator else None)
