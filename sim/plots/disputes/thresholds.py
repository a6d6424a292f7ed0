"""Where the verdict flips: for every parameter a strip over its range, feasible and not.

Every range is drawn from 0 (its low end) to 1 (its high end), so that all parameters fit one page; the ends
and the values at which the margin crosses 0 are written in the parameter's own units. The diamond is the
current value. All other parameters stay at the scenario's values. Strips of
``sim.certified.strips`` are certified: every point of a stretch has its verdict; light grey with a
hatch is neither yes nor no.

A parameter with levels has no strip but a mark at each level.

Array convention. Per parameter ``bounds`` has shape ``(stretches + 1,)``, ``verdicts`` one name per stretch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from sim.labels import labels_of
from sim.plots.disputes._thresholds_data import MOST_STRIPS, Strip, ThresholdsData, thresholds_data
from sim.plots.drawing.layout import unmoved
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import (
    INK,
    NO,
    NOT_COMPUTED_HATCH,
    PALE,
    TEXT,
    YES,
    Style,
    axes_for,
    patch,
    root_figure,
)
from sim.plots.drawing.text import (
    Box,
    around,
    frame_of,
    overlaps,
    renderer_of,
    row_size,
    rows_that_fit,
    set_labels,
    set_title,
    size_rows,
    text_size,
    wrapped,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.feasibility import Verdict

FEASIBLE, INFEASIBLE = YES, NO
UNSURE = Style(PALE, NOT_COMPUTED_HATCH)
FILLS = {"feasible": FEASIBLE, "infeasible": INFEASIBLE}
LEVEL = 0.012
"""Half the width of the mark of a level, as a share of the range."""


__all__ = ["Strip", "ThresholdsData", "thresholds", "thresholds_data"]


def thresholds(verdict: Verdict, *, most: int | None = None, ax: Axes | None = None) -> Axes:
    r"""Draw where the verdict flips along each parameter's range, the nearest flip on top.

    Parameters
    ----------
    verdict
        What :func:`sim.explain` returns, with its thresholds.
    most
        How many parameters are shown at most; as many as are legible where absent.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If the verdict has no treaty, or no parameter has a range.

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> one = Record(path="a", value=5, low=0, high=10, at=(4.0,), margin_low=0.1, margin_high=-1.0)
    >>> verdict = Record(title="T", margin=-0.2, thresholds=(one,))
    >>> from sim.plots.disputes.thresholds import thresholds_data
    >>> thresholds_data(verdict).strips[0].feasible
    array([ True, False])
    >>> thresholds(verdict).get_title()
    'T\nwhere the verdict flips'
    """
    data = thresholds_data(
        verdict, most=rows_that_fit(ax, 0.32, MOST_STRIPS) if most is None else most
    )
    height = 1.2 + 0.45 * len(data.strips)
    own = ax is None
    ax = axes_for(ax, 6.0, height)
    for k, strip in enumerate(data.strips):
        _draw(ax, strip, -float(k))
    ax.set_yticks(
        range(0, -len(data.strips), -1),
        [wrapped(labels_of(verdict).parameter(s.path), 28) for s in data.strips],
        parse_math=False,
    )
    ax.tick_params(axis="y", length=0, labelsize=TEXT)
    ax.set_ylim(-len(data.strips) + 0.45, 0.75)
    ax.set_xlim(-0.02, 1.02)
    ax.set_xticks([0, 1], ["low end", "high end"], fontsize=TEXT)
    set_title(ax, [data.title, _what(data), _rest(data)])
    set_labels(ax, "parameter over its range")
    _legend(ax, data, height if own else None)
    size_rows(ax, row_size(ax, len(data.strips)))
    renderer_of(ax)
    with unmoved(root_figure(ax)):
        _values(ax, data)
    return ax


def _what(data: ThresholdsData) -> str:
    return "where the verdict flips" + (", certified along every range" if data.certified else "")


def _rest(data: ThresholdsData) -> str:
    if not data.left_out:
        return ""
    flips = f"{data.left_out_flips} of them flip it" if data.left_out_flips else "none flips it"
    if data.left_out == 1:
        flips = "it flips it" if data.left_out_flips else "it does not flip it"
    return f"{data.left_out} more parameter{'s' * (data.left_out > 1)}: {flips} alone"


def _pieces(strip: Strip) -> list[tuple[float, float, str]]:
    """Left and right ends of what is drawn, as shares of the range, and its verdict."""
    if strip.levels:
        middles = map(strip.share, strip.levels)
        return [(x - LEVEL, x + LEVEL, v) for x, v in zip(middles, strip.verdicts, strict=True)]
    ends = [strip.share(float(x)) for x in strip.bounds]
    return list(zip(ends[:-1], ends[1:], strip.verdicts, strict=True))


def _draw(ax: Axes, strip: Strip, y: float) -> None:
    for a, b, verdict in _pieces(strip):
        fill = FILLS.get(verdict, UNSURE)
        ax.barh(
            y,
            b - a,
            left=a,
            height=0.34,
            **fill.look,
            zorder=2,
        )
    for x in () if strip.levels else strip.bounds[1:-1]:
        share = strip.share(float(x))
        ax.plot([share, share], [y - 0.24, y + 0.24], color=INK, lw=2.0, zorder=3)
    if strip.low <= strip.value <= strip.high:
        ax.plot(
            strip.share(strip.value),
            y,
            ls="",
            marker="D",
            ms=6.5,
            mfc="white",
            mec=INK,
            mew=1.4,
            zorder=4,
            clip_on=False,
        )


def _values(ax: Axes, data: ThresholdsData) -> None:
    """Ends and crossings above each strip, in its own units; a crossing without room near it is left out."""
    renderer = renderer_of(ax)
    frame = frame_of(ax)
    for k, strip in enumerate(data.strips):
        taken: list[Box] = []
        inner = strip.bounds[1:-1].tolist()
        for value in dict.fromkeys((strip.low, strip.high, *strip.levels, *inner)):
            text = f"{value:.4g}"
            width, height = text_size(ax, text, TEXT, renderer)
            x, y = ax.transData.transform((strip.share(float(value)), -k + 0.26))
            place = (float(x), float(y), width, height)
            box = next((b for b in _places(place, frame, taken) if not overlaps(b, taken)), None)
            if box is None:
                continue
            taken.append(box)
            middle = ((box[0] + box[2]) / 2, box[1])
            across, up = ax.transData.inverted().transform(middle)
            ax.text(
                across,
                up,
                text,
                fontsize=TEXT,
                ha="center",
                va="bottom",
                weight="bold" if value in inner else "normal",
            )


def _places(
    place: tuple[float, float, float, float], frame: Box, taken: Sequence[Box]
) -> Iterator[Box]:
    """Where a value may be written: above its place, or beside what is written there already."""
    x, y, width, height = place
    beside = [at for b in taken for at in (b[2] + width / 2 + 1, b[0] - width / 2 - 1)]
    for at in (x, *sorted((b for b in beside if abs(b - x) <= width), key=lambda b: abs(b - x))):
        within = min(max(at, frame[0] + width / 2), frame[2] - width / 2)
        yield around(within, y + height / 2, width, height)


def _legend(ax: Axes, data: ThresholdsData, height: float | None) -> None:
    from matplotlib.lines import Line2D

    seen = {verdict for strip in data.strips for verdict in strip.verdicts}
    handles = [patch(FEASIBLE, "treaty feasible")] if "feasible" in seen else []
    if "infeasible" in seen:
        handles.append(patch(INFEASIBLE, "not feasible"))
    if seen - set(FILLS):
        handles.append(patch(UNSURE, "neither is certain"))
    mark = Line2D(
        [], [], ls="", marker="D", mfc="white", mec=INK, mew=1.3, ms=5.5, label="current value"
    )
    legend_beneath(ax, [*handles, mark], height)
