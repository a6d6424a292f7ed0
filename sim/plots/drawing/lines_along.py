"""Numbers of a solution along one parameter: a region on a line as a band, payoffs as lines.

Array convention. Values have shape ``(points,)``, the ends of a region ``(2, points)``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import INK, PALETTE, TEXT, axes_for
from sim.plots.drawing.text import plain, set_labels, set_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.views import EquilibriaAlong

HEIGHT = 3.4
"""Inches of a figure of its own."""

WIDTHS = 3.2, 1.2
"""Width of the first actor's line and of the last one's, in points."""

DASHES = ("-", "--", ":", "-.")
"""Lines of actors beyond the last colour."""


def lines_along(along: EquilibriaAlong, ax: Axes | None = None) -> Axes:
    """Draw the region of a solution on its line, or the payoffs of its first member, by actor.

    Examples
    --------
    >>> from sim.views import EquilibriaAlong
    >>> along = EquilibriaAlong(
    ...     title="T", concept="shapley", path="p", unit="", values=np.array([0.0, 1.0]), own=0.5,
    ...     strategies={}, played={}, count=np.array([1, 1]), payoffs={"a": np.array([1.0, 2.0])},
    ... )
    >>> [line.get_label() for line in lines_along(along).lines]
    ['a', "scenario's value"]
    """
    own = ax is None
    ax = axes_for(ax, 6.0, HEIGHT)
    shown = "payoff of each actor"
    if along.region is not None:
        _band(ax, along)
        shown = "from where to where"
    else:
        _payoffs(ax, along)
    ends = float(along.values.min()), float(along.values.max())
    ax.set_xlim(*ends if ends[0] < ends[1] else (ends[0] - 0.5, ends[1] + 0.5))
    if ends[0] <= along.own <= ends[1]:
        ax.axvline(along.own, color=INK, lw=1.2, ls=":", gid="own", label="scenario's value")
    ax.tick_params(labelsize=TEXT)
    set_labels(ax, f"{along.path} ({along.unit})" if along.unit else along.path)
    several = (
        "" if (along.count <= 1).all() or along.region is not None else ", the first of several"
    )
    set_title(ax, [along.title, f"{along.concept.replace('_', ' ')}: {shown}{several}"])
    legend_beneath(ax, ax.get_legend_handles_labels()[0], HEIGHT if own else None)
    return ax


def _band(ax: Axes, along: EquilibriaAlong) -> None:
    """The points between the two ends; a line where they meet."""
    assert along.region is not None
    low, high = along.region
    look: Any = {"color": PALETTE[0], "lw": 1.4}
    ax.fill_between(along.values, low, high, color=PALETTE[0], alpha=0.25, lw=0, label="solutions")
    ax.plot(along.values, low, **look)
    ax.plot(along.values, high, **look)


def _payoffs(ax: Axes, along: EquilibriaAlong) -> None:
    """A line for each actor, later ones thinner, so that lines that coincide are all seen."""
    thin = np.linspace(*WIDTHS, max(len(along.payoffs), 2))
    for k, (actor, values) in enumerate(along.payoffs.items()):
        steps = np.mean(np.diff(values) == 0.0) > 0.5
        ax.plot(
            along.values,
            np.asarray(values, dtype=np.float64),
            color=PALETTE[k % len(PALETTE)],
            ls=DASHES[k // len(PALETTE) % len(DASHES)],
            drawstyle="steps-mid" if steps else "default",
            lw=thin[k],
            label=plain(actor),
        )
