"""The numbers of a thresholds figure: per parameter the stretches of its range, each with its verdict.

Array convention. Per parameter ``bounds`` has shape ``(stretches + 1,)``, ``verdicts`` one name per stretch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.plots.disputes._tornado_data import FAINT, parameters_of

if TYPE_CHECKING:
    from sim.feasibility import Threshold, Verdict

TURNS = ("feasible", "infeasible")
MOST_STRIPS = 12
"""Parameters that are shown at most, the nearest flip first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strip:
    """The verdict along one parameter.

    Parameters
    ----------
    path, low, high, value
        The parameter, its range and its current value.
    bounds
        Ends of the stretches, from ``low`` to ``high``, in the parameter's own units.
    verdicts
        Of each stretch: ``feasible``, ``infeasible``, ``knife-edge`` or ``undecided``; of each level where
        there are levels.
    levels
        The only values of the parameter; empty where every value of its range counts.
    """

    path: str
    low: float
    high: float
    value: float
    bounds: FloatArray
    verdicts: tuple[str, ...]
    levels: tuple[float, ...] = ()

    @property
    def feasible(self) -> BoolArray:
        """Whether a treaty is feasible on each stretch."""
        return np.array([verdict == "feasible" for verdict in self.verdicts], dtype=np.bool_)

    def share(self, value: float) -> float:
        """A value as a share of the range: 0 at its low end, 1 at its high end."""
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdsData:
    """The numbers of a thresholds figure: strips, how many are left out, flipping or not; if certified."""

    strips: tuple[Strip, ...]
    left_out: int
    left_out_flips: int
    title: str
    certified: bool = False


def thresholds_data(verdict: Verdict, *, most: int = MOST_STRIPS) -> ThresholdsData:
    """The numbers behind :func:`thresholds`, with the same arguments.

    A parameter that neither flips the verdict nor moves the margin by a hundredth of the widest swing is
    left out.

    Raises
    ------
    UsageError
        If the verdict has no treaty, or no parameter has a range.
    """
    found = sorted(parameters_of(verdict, "thresholds"), key=_nearness)
    telling = [t for t in found if t.at or _swing(t) >= FAINT * max(map(_swing, found))]
    strips = tuple(_strip(t) for t in telling[: max(1, most)])
    return ThresholdsData(
        strips=strips,
        left_out=len(found) - len(strips),
        left_out_flips=sum(bool(t.at) for t in telling[len(strips) :]),
        title=verdict.title,
        certified=all(hasattr(t, "stretches") for t in found),
    )


def _nearness(t: Threshold) -> tuple[float, float, str]:
    """How far the nearest flip is, as a share of the range: the easiest lever first, then by swing."""
    gap = min((abs(x - t.value) for x in t.at), default=np.inf)
    return gap / (t.high - t.low), -_swing(t), t.path


def _swing(t: Threshold) -> float:
    swing = abs(t.margin_high - t.margin_low)
    return swing if np.isfinite(swing) else 0.0


def _strip(t: Threshold) -> Strip:
    bounds = np.array([t.low, *t.at, t.high], dtype=np.float64)
    stretches = getattr(t, "stretches", None)
    if stretches is None:
        first = int(t.margin_low < 0)
        names = tuple(TURNS[(first + k) % 2] for k in range(len(bounds) - 1))
    else:
        names = tuple(stretch.verdict for stretch in stretches)
    return Strip(
        path=t.path,
        low=t.low,
        high=t.high,
        value=t.value,
        bounds=bounds,
        verdicts=names,
        levels=tuple(getattr(t, "levels", ())),
    )
