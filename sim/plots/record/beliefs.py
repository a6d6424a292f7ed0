"""What weights that fit a record say of every dispute: how often a treaty is feasible, and who blocks.

One row per dispute: the shares of the believed draws in which a treaty is feasible, and in which lifting what
one side needs, or only several together, would make it so. They add up to 1, knife-edges aside. A black line
marks the feasible share before the record is looked at, a bar two standard errors of the believed one.

Array convention. ``shares`` has shape ``(what, rows)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.plots.drawing.legend import legend_beneath
from sim.plots.drawing.style import BLUE, INK, TEXT, Style, axes_for, patch, styles
from sim.plots.drawing.text import plain, row_size, set_labels, set_title, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.feasibility import Believed

FEASIBLE, BEFORE = "a treaty is feasible", "feasible before the record"
WIDTH = 6.4
"""Inches."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BeliefsData:
    """The numbers of the figure.

    Parameters
    ----------
    names
        Of the disputes.
    what
        Feasible first, then what blocks.
    shares
        Of the believed draws.
    unfitted, error
        The feasible share before the record (nan: not known), and the standard error of the believed one.
    """

    names: tuple[str, ...]
    what: tuple[str, ...]
    shares: FloatArray
    unfitted: FloatArray
    error: FloatArray


def beliefs_data(found: Mapping[str, Believed]) -> BeliefsData:
    """The numbers behind :func:`beliefs`.

    Raises
    ------
    UsageError
        If there is no dispute.
    """
    if not found:
        raise UsageError("figure 'beliefs' needs disputes that have the parameters of the beliefs")
    weight: dict[str, float] = {}
    for one in found.values():
        for side, share in one.blocked.items():
            weight[side] = weight.get(side, 0.0) + share
    sides = sorted(weight, key=lambda side: -weight[side])
    rows = [[one.share for one in found.values()]]
    rows += [[one.blocked.get(side, 0.0) for one in found.values()] for side in sides]
    before = [one.unfitted for one in found.values()]
    return BeliefsData(
        names=tuple(plain(name.removesuffix(".yaml")) for name in found),
        what=(FEASIBLE, *(plain(_words(side)) for side in sides)),
        shares=np.array(rows),
        unfitted=np.array([np.nan if x is None else x for x in before]),
        error=np.array([one.error for one in found.values()]),
    )


def _words(side: str) -> str:
    """What blocks, as a legend says it."""
    told = {"either": "either side blocks", "both needed": "both sides block"}
    return told.get(side, f"{side.removeprefix('only ')} alone blocks")


def beliefs(found: Mapping[str, Believed], *, ax: Axes | None = None) -> Axes:
    """Draw how often a treaty is feasible in the weights that fit a record, and who blocks.

    Parameters
    ----------
    found
        Per dispute what :func:`sim.beliefs.believed.believed` returns.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If there is no dispute.

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> one = Record(share=0.2, error=0.01, unfitted=0.3, blocked={"either": 0.8})
    >>> beliefs({"2018": one}).get_xlabel()
    'share of the weights that fit the record'
    """
    data = beliefs_data(found)
    height = 1.3 + 0.3 * len(data.names)
    own = ax is None
    ax = axes_for(ax, WIDTH, height)
    rows = -np.arange(len(data.names), dtype=np.float64)
    fills = {FEASIBLE: Style(BLUE, ""), **styles(data.what[1:])}
    left = np.zeros(len(rows))
    for what, share in zip(data.what, data.shares, strict=True):
        ax.barh(rows, share, left=left, height=0.62, **fills[what].look)
        left += share
    ax.errorbar(data.shares[0], rows, xerr=2 * data.error, fmt="none", ecolor=INK, elinewidth=1.2)
    known = np.isfinite(data.unfitted)
    mark = ax.vlines(
        data.unfitted[known], rows[known] - 0.42, rows[known] + 0.42, color=INK, lw=2, label=BEFORE
    )
    ax.set_yticks(rows, [wrapped(name, 28) for name in data.names], parse_math=False)
    ax.tick_params(axis="y", length=0, labelsize=row_size(ax, len(data.names)))
    ax.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"], fontsize=TEXT)
    ax.set_xlim(0, 1)
    ax.set_ylim(-len(data.names) + 0.4, 0.6)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    set_labels(ax, "share of the weights that fit the record")
    set_title(ax, ["How often a treaty is feasible, and who blocks"])
    handles = [patch(fills[what], what) for what in data.what]
    legend_beneath(ax, [*handles, *([mark] if known.any() else [])], height if own else None)
    return ax
