"""The numbers of a tornado, from a verdict or from a run.

From a verdict: the margin at both ends of every parameter's range, all others at the scenario's values. From
a run: a result's means over the draws with a parameter's lowest and highest values, all others as they vary,
and the parameter's total Sobol index where there is one.

A margin may jump at the very end of a range and nowhere before it, as where a chance of exactly 1 lifts a
condition. Then the bar ends where the margin is a hair before the end, and the jump is a number of its own.

Array convention. Arrays have shape ``(bars,)``, the widest swing first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.errors import UsageError
from sim.records import Bar, Tornado

if TYPE_CHECKING:
    from sim.feasibility import Threshold, Verdict

MOST_BARS = 15
"""Bars that are shown at most, the widest first."""
FAINT = 0.01
"""Bars below this share of the widest are left out."""
STILL = 1e-12
"""Moves of the margin below this are none, but for rounding."""
JUMP = 0.01
"""Share of a reach from which on the difference between an end and the points next to it is a jump."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TornadoData:
    """The numbers of a tornado.

    Parameters
    ----------
    paths
        Parameters, the widest swing first.
    low, high
        Ends of their ranges.
    at_low, at_high
        The result there: of the margin, in payoff spreads. Where it jumps at the end point, the one before.
    jump_low, jump_high
        The result at the end point alone, nan where it does not jump there.
    middle
        The margin at the scenario's values; of a run, the result's mean over all draws.
    total
        Total Sobol indices, nan where there is none.
    error, noise
        Standard errors of the swings, nan where there is none, and whether chance would do as much.
    left_out
        How many parameters are not shown: more than asked for, or under a hundredth of the widest.
    unmoved
        How many of these move the result not at all.
    title, column
        The scenario's title and the result.
    sampled
        Whether these are means over the draws of a run.
    """

    paths: tuple[str, ...]
    low: FloatArray
    high: FloatArray
    at_low: FloatArray
    at_high: FloatArray
    jump_low: FloatArray
    jump_high: FloatArray
    middle: float
    total: FloatArray
    error: FloatArray
    noise: BoolArray
    left_out: int
    unmoved: int
    title: str
    column: str
    sampled: bool

    @property
    def swing(self) -> FloatArray:
        """How far the result reaches, the middle included, the very ends not where it jumps there."""
        ends = np.stack([self.at_low, self.at_high, np.full(len(self.paths), self.middle)])
        return np.asarray(np.ptp(ends, axis=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bar:
    path: str
    low: float
    high: float
    at_low: float
    at_high: float
    jump_low: float = np.nan
    jump_high: float = np.nan
    total: float | None = None
    standard_error: float | None = None
    within_noise: bool = False


def parameters_of(verdict: Verdict, figure: str) -> Sequence[Threshold]:
    """The per-parameter records of a verdict.

    Raises
    ------
    UsageError
        If it has none.
    """
    if verdict.margin is None:
        raise UsageError(f"figure '{figure}' shows the margin, and this file has no treaty")
    if not verdict.thresholds:
        raise UsageError(
            f"figure '{figure}' needs parameters with a range, and no parameter has a range or levels: "
            "write 'range: [lo, hi]' in the file"
        )
    return verdict.thresholds


def tornado_data(found: Verdict | Tornado, *, most: int = MOST_BARS) -> TornadoData:
    """The numbers behind :func:`tornado`, with the same arguments.

    Raises
    ------
    UsageError
        If the verdict has no treaty, or no parameter has a range.
    """
    if isinstance(found, Tornado):
        return _data(found.bars, found.mean, most, found.title, found.column, sampled=True)
    middle = float(found.margin or 0.0)
    bars = [_bar(t, middle) for t in parameters_of(found, "tornado")]
    return _data(bars, middle, most, found.title, "margin", sampled=False)


def _bar(t: Threshold, middle: float) -> _Bar:
    """The bar of one parameter: up to its ends, or up to where the margin jumps there."""
    ends = (t.margin_low, t.margin_high)
    inside = (getattr(t, "margin_inside_low", None), getattr(t, "margin_inside_high", None))
    reach = np.ptp([*ends, middle])
    at: list[float] = []
    jump: list[float] = []
    for end, near in zip(ends, inside, strict=True):
        before = end if near is None else near
        jumps = abs(end - before) > max(JUMP * reach, STILL)
        at.append(before if jumps else end)
        jump.append(end if jumps else np.nan)
    return _Bar(
        path=t.path,
        low=t.low,
        high=t.high,
        at_low=at[0],
        at_high=at[1],
        jump_low=jump[0],
        jump_high=jump[1],
    )


def _jumps(bar: Bar | _Bar) -> tuple[float, ...]:
    """The result at end points at which it jumps."""
    ends = (getattr(bar, "jump_low", np.nan), getattr(bar, "jump_high", np.nan))
    return tuple(end for end in ends if np.isfinite(end))


def _data(
    found: Sequence[Bar | _Bar], middle: float, most: int, title: str, column: str, *, sampled: bool
) -> TornadoData:
    def solid(bar: Bar | _Bar) -> float:
        return float(np.ptp([bar.at_low, bar.at_high, middle]))

    def reach(bar: Bar | _Bar) -> float:
        return float(np.ptp([bar.at_low, bar.at_high, middle, *_jumps(bar)]))

    known = [bar for bar in found if np.isfinite([bar.at_low, bar.at_high]).all()]
    known.sort(key=lambda bar: (bar.within_noise, -solid(bar), -reach(bar), bar.path))
    widest = max(map(reach, known), default=0.0)
    shown = [bar for bar in known if reach(bar) >= FAINT * widest][: max(1, most)]
    still = sum(bar not in shown and reach(bar) <= STILL for bar in known)
    return TornadoData(
        paths=tuple(bar.path for bar in shown),
        low=_array(bar.low for bar in shown),
        high=_array(bar.high for bar in shown),
        at_low=_array(bar.at_low for bar in shown),
        at_high=_array(bar.at_high for bar in shown),
        jump_low=_array(getattr(bar, "jump_low", np.nan) for bar in shown),
        jump_high=_array(getattr(bar, "jump_high", np.nan) for bar in shown),
        middle=middle,
        total=_array(_known(bar.total) for bar in shown),
        error=_array(_known(bar.standard_error) for bar in shown),
        noise=np.array([bar.within_noise for bar in shown], dtype=np.bool_),
        left_out=len(found) - len(shown),
        unmoved=still,
        title=title,
        column=column,
        sampled=sampled,
    )


def _known(value: float | None) -> float:
    return np.nan if value is None else value


def _array(values: Iterable[float]) -> FloatArray:
    return np.array(list(values), dtype=np.float64)
