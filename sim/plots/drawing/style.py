"""Colours, hatches and the one size of letters that all figures share.

Every text of a figure of its own has ``TEXT`` points: at the width of a page that is what a journal prints.
On axes that were given, rows that are too low for such letters get smaller ones.

Categories take the Okabe-Ito colours [okabe2008]_: outcome classes and rungs have fixed ones, any other
label keeps a preferred colour that depends on its text alone, and moves to the next free one only where
two labels of the same set prefer the same. No agreement is plain light grey; near-white with a grey hatch
is reserved for "not computed".
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.plots.drawing import undocumented

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure
    from matplotlib.patches import Patch

BLUE, ORANGE, GREEN, PINK = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
SKY, VERMILLION, YELLOW = "#56B4E9", "#D55E00", "#F0E442"
INK, GREY, PALE, NONE = "#000000", "#555555", "#F2F2F2", "#D0D0D0"
NOT_COMPUTED_HATCH = "////"

PALETTE = (BLUE, ORANGE, GREEN, PINK, SKY, VERMILLION, YELLOW)
HATCHES = ("", "\\\\", "..", "xx", "--", "||", "++")
TEXT = 8.0
"""Size of every text of a figure of its own, in points."""
DENSE = 5000
"""Points from which on a layer is drawn as a raster."""
KNIFE_EDGE = "knife-edge"

_FIXED = {
    "treaty": (BLUE, ""),
    "interim": (ORANGE, "\\\\"),
    "none": (NONE, ""),
    "feasible and predicted": (BLUE, ""),
    "predicted": (SKY, "--"),
    "self-enforcing": (GREEN, ".."),
    "accepted abroad": (YELLOW, "++"),
    "ratifiable at home": (ORANGE, "\\\\"),
    "mutual gain": (VERMILLION, "xx"),
    "status quo": (GREEN, ".."),
    "other": ("#BBBBBB", ""),
    KNIFE_EDGE: ("#FFFFFF", "**"),
    "yes": (BLUE, ""),
    "no": (VERMILLION, "xx"),
}


@dataclass(frozen=True, slots=True)
class Style:
    """How a category is filled: its colour, and the hatch that tells it apart in print."""

    colour: str
    hatch: str

    @property
    def hatch_colour(self) -> str:
        """The colour darkened, or lightened where it is dark already."""
        return _shade(self.colour)

    @property
    def look(self) -> dict[str, Any]:
        """The fill as keywords of a patch without an outline."""
        edge = self.hatch_colour
        return {"facecolor": self.colour, "hatch": self.hatch, "edgecolor": edge, "linewidth": 0}


YES, NO = Style(BLUE, ""), Style(VERMILLION, "xx")
"""Where something holds, and where it does not: the same in every figure."""


def styles(labels: Iterable[str]) -> dict[str, Style]:
    """The fill of every label of a set; where two prefer the same, the earlier one takes it.

    Examples
    --------
    >>> styles(["treaty", "none"])["treaty"].colour
    '#0072B2'
    >>> both = styles(["two islands", "four islands"])
    >>> styles(["four islands"])["four islands"] == both["four islands"]
    True
    """
    names = list(dict.fromkeys(labels))
    taken = {_FIXED[name] for name in names if name in _FIXED}
    out = {}
    for name in names:
        fill = _FIXED.get(name) or _free(name, taken)
        taken.add(fill)
        out[name] = Style(*fill)
    return out


def _free(name: str, taken: set[tuple[str, str]]) -> tuple[str, str]:
    """The first fill from the label's own place on whose colour is least used so far.

    A colour that is used for the second time is darkened.
    """
    n = len(PALETTE)
    start = zlib.crc32(name.encode()) % n
    used = [sum(colour in (c, _mixed(c, 0, 0.35)) for colour, _ in taken) for c in PALETTE]
    lowest = min(used)
    k = next((start + j) % n for j in range(n) if used[(start + j) % n] == lowest)
    colour = PALETTE[k] if lowest % 2 == 0 else _mixed(PALETTE[k], 0, 0.35)
    return colour, HATCHES[(k + lowest) % len(HATCHES)]


def _shade(colour: str) -> str:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    dark = 0.299 * red + 0.587 * green + 0.114 * blue < 120
    return _mixed(colour, 255, 0.4) if dark else _mixed(colour, 0, 0.3)


def _mixed(colour: str, towards: int, share: float) -> str:
    """A colour moved by a share towards black, 0, or white, 255."""
    parts = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return "#" + "".join(f"{round(c + (towards - c) * share):02X}" for c in parts)


def axes_for(ax: Axes | None, width: float, height: float) -> Axes:
    """The axes given, or new ones on a figure of its own that needs no display."""
    if ax is not None:
        ax.tick_params(labelsize=TEXT)
        return ax
    undocumented.load()
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from sim.plots.drawing.snug import Snug

    figure = Figure(figsize=(width, height), layout=Snug())
    FigureCanvasAgg(figure)
    made = figure.add_subplot()
    made.tick_params(labelsize=TEXT)
    return made


def root_figure(artist: Axes | Figure | SubFigure) -> Any:
    """The whole figure that an artist belongs to."""
    parent: Any = artist
    while parent.figure is not None and parent.figure is not parent:
        parent = parent.figure
    return parent


def patch(style: Style, label: str) -> Patch:
    """A legend entry for a category."""
    from matplotlib.patches import Patch

    return Patch(label=label, **style.look)


def nothing_there(margin: FloatArray) -> str:
    """What a margin without a value means: which treaties exist does not depend on the point."""
    return "no answer" if np.isfinite(margin).any() else "no treaty exists"


def not_computed_patch(label: str) -> Patch:
    """The legend entry for cells without a result."""
    from matplotlib.patches import Patch

    return Patch(facecolor=PALE, hatch=NOT_COMPUTED_HATCH, edgecolor=GREY, lw=0, label=label)
