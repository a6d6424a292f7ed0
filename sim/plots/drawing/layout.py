"""Lay a figure out: every axes at the place where a drawing would put it.

The layout alone, without drawing: to draw a figure, even onto nothing, only to measure texts on it takes
twice as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def lay_out(figure: Figure, renderer: Any) -> None:
    """Every axes where a drawing would put it."""
    _apply_aspects(figure, renderer)
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
        _apply_aspects(figure, renderer)


def _apply_aspects(figure: Figure, renderer: Any) -> None:
    for axes in figure.get_axes():
        locator: Any = axes.get_axes_locator()  # None where nothing places these axes
        axes.apply_aspect(locator(axes, renderer) if locator else None)
