"""Colours, hatches and sizes that all figures share.

Categories take the Okabe-Ito colours [okabe2008]_: outcome classes and rungs have fixed ones, any other
label keeps a preferred colour that depends on its text alone, and moves to the next free one only where
two labels of the same set prefer the same. Light grey with a hatch is reserved for "not computed".
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure
    from matplotlib.patches import Patch

BLUE, ORANGE, GREEN, PINK = "#0072B2", "#E69F00", "#009E73", "#CC79A7"
SKY, VERMILLION, YELLOW = "#56B4E9", "#D55E00", "#F0E442"
INK, GREY, PALE = "#000000", "#555555", "#E3E3E3"
NOT_COMPUTED_HATCH = "////"

PALETTE = (BLUE, ORANGE, GREEN, PINK, SKY, VERMILLION, YELLOW)
HATCHES = ("", "\\\\", "..", "xx", "--", "||", "++")
SMALL, TINY = "small", "x-small"
DENSE = 5000

_FIXED = {
    "treaty": (BLUE, ""),
    "interim": (ORANGE, "\\\\"),
    "none": (GREEN, ".."),
    "feasible and predicted": (BLUE, ""),
    "predicted": (SKY, "--"),
    "self-enforcing": (GREEN, ".."),
    "accepted abroad": (YELLOW, "++"),
    "ratifiable at home": (ORANGE, "\\\\"),
    "mutual gain": (VERMILLION, "xx"),
    "status quo": (GREEN, ".."),
    "other": ("#BBBBBB", ""),
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
    """The first fill from the label's own place on whose colour is least used so far."""
    n = len(PALETTE)
    start = zlib.crc32(name.encode()) % n
    used = [sum(colour == c for colour, _ in taken) for c in PALETTE]
    lowest = min(used)
    k = next((start + j) % n for j in range(n) if used[(start + j) % n] == lowest)
    return PALETTE[k], HATCHES[(k + lowest) % len(HATCHES)]


def _shade(colour: str) -> str:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    dark = 0.299 * red + 0.587 * green + 0.114 * blue < 120
    mixed = [c + (255 - c) * 0.25 if dark else c * 0.86 for c in (red, green, blue)]
    return "#" + "".join(f"{round(c):02X}" for c in mixed)


def axes_for(ax: Axes | None, width: float, height: float) -> Axes:
    """The axes given, or new ones on a figure of its own that needs no display."""
    if ax is not None:
        return ax
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot()


def root_figure(artist: Axes | Figure | SubFigure) -> Any:
    """The whole figure that an artist belongs to."""
    parent: Any = artist
    while parent.figure is not None and parent.figure is not parent:
        parent = parent.figure
    return parent


def patch(style: Style, label: str) -> Patch:
    """A legend entry for a category."""
    from matplotlib.patches import Patch

    return Patch(
        facecolor=style.colour, hatch=style.hatch, edgecolor=style.hatch_colour, lw=0, label=label
    )


def not_computed_patch(label: str) -> Patch:
    """The legend entry for cells without a result."""
    from matplotlib.patches import Patch

    return Patch(facecolor=PALE, hatch=NOT_COMPUTED_HATCH, edgecolor=GREY, lw=0, label=label)
