"""Whether what was called likely came: reliability of the forecasts of a record, with its score taken apart.

A dot is a bin of forecasts: how likely labels were called, and how often they came, with an interval of 95 %
(Wilson) that is wide because episodes are few. On the line forecasts are calibrated. The Brier score is
reliability (distance from the line; lower is better) - resolution (distance from the mean) + uncertainty.

Array convention. Arrays have shape ``(bins,)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.plots.drawing.legend import labels_and_legend
from sim.plots.drawing.style import BLUE, GREY, ORANGE, TEXT, axes_for
from sim.plots.drawing.text import plain, set_labels, set_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.beliefs.scoring import Reliability

WIDTH, HEIGHT = 4.6, 4.6
"""Inches."""
NORMAL = 1.96
"""Standard errors of an interval of 95 %."""
COLOURS = (BLUE, ORANGE, GREY)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CalibrationData:
    """The numbers of one forecaster.

    Parameters
    ----------
    said, came, low, high
        Per bin: mean forecast, how often the label came, and the interval of that.
    words
        The score taken apart.
    """

    said: FloatArray
    came: FloatArray
    low: FloatArray
    high: FloatArray
    words: str


def calibration_data(found: Mapping[str, Reliability]) -> dict[str, CalibrationData]:
    """The numbers behind :func:`calibration`, per forecaster.

    Raises
    ------
    UsageError
        If there is no forecaster.
    """
    if not found:
        raise UsageError("figure 'calibration' needs at least three episodes of one dispute")
    return {name: _data(one) for name, one in found.items()}


def _data(one: Reliability) -> CalibrationData:
    came, n = np.array(one.came), np.array(one.count, dtype=np.float64)
    middle = (came + NORMAL**2 / (2 * n)) / (1 + NORMAL**2 / n)
    half = NORMAL / (1 + NORMAL**2 / n) * np.sqrt(came * (1 - came) / n + NORMAL**2 / (4 * n**2))
    return CalibrationData(
        said=np.array(one.said),
        came=came,
        low=middle - half,
        high=middle + half,
        words=(
            f"{one.reliability:.3f} \N{MINUS SIGN} {one.resolution:.3f} + {one.uncertainty:.3f}"
        ),
    )


def calibration(found: Mapping[str, Reliability], *, ax: Axes | None = None) -> Axes:
    """Draw how often labels came against how likely they were called.

    Parameters
    ----------
    found
        Per forecaster what :func:`sim.beliefs.scoring.reliability` returns.
    ax
        Axes to draw on; new ones where absent.

    Returns
    -------
    Axes

    Raises
    ------
    UsageError
        If there is no forecaster.

    Examples
    --------
    >>> from types import SimpleNamespace as Record
    >>> one = Record(said=(0.2, 0.8), came=(0.25, 0.75), count=(8, 4), reliability=0.0025,
    ...              resolution=0.05, uncertainty=0.24)
    >>> calibration({"fitted": one}).get_ylabel()
    'how often it came'
    """
    data = calibration_data(found)
    own = ax is None
    ax = axes_for(ax, WIDTH, HEIGHT)
    ax.plot([0, 1], [0, 1], color=GREY, lw=0.8, zorder=0)
    handles = [_forecaster(ax, k, name, one) for k, (name, one) in enumerate(data.items())]
    ticks, words = [0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"]
    ax.set_xticks(ticks, words, fontsize=TEXT)
    ax.set_yticks(ticks, words, fontsize=TEXT)
    ax.set_xlim(0, 1)
    ax.set_ylim(-0.02, 1.02)
    labels = ("how likely a label was called", "how often it came")
    set_labels(ax, *labels)
    set_title(
        ax,
        [
            "Did what was called likely come?",
            "Brier score = reliability \N{MINUS SIGN} resolution + uncertainty",
        ],
    )
    labels_and_legend(ax, labels, handles, HEIGHT if own else None)
    return ax


def _forecaster(ax: Axes, k: int, name: str, one: CalibrationData) -> Any:
    """The bins of one forecaster, a little beside those of others."""
    return ax.errorbar(
        one.said + 0.008 * k,
        one.came,
        yerr=np.maximum(np.abs(np.array([one.low, one.high]) - one.came), 0),
        fmt="os^"[k % 3],
        color=COLOURS[k % len(COLOURS)],
        ms=5,
        lw=1,
        label=f"{plain(name)}: {one.words}",
    )
