"""An axis of calendar years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim._kernels.tolerance import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def unit_of(found: Any) -> str:
    """What the axis counts: years, or periods of a world without a calendar."""
    return str(getattr(found, "unit", "year"))


def year_axis(ax: Axes, years: FloatArray) -> None:
    """Let the horizontal axis run over years, ticks at whole ones."""
    from matplotlib.ticker import MaxNLocator

    first, last = float(years[0]), float(years[-1])
    ax.set_xlim(first, last if last > first else last + 1)
    ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))
