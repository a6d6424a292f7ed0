"""Where the verdict flips along one parameter, exactly where payoffs are affine.

Definition. Between two certified stretches of different verdict lies an undecided interval that holds
the crossing. Where all rows are affine a claim turns where a row ``d_0 + d_1 x`` is 0; if only one such
root lies in the interval, that is the crossing. Claims on equilibria count payoffs within the tolerance
as tied, so there the flip may be off the tie by as much as the tolerance moves it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE, KNIFE_EDGE, Divided
from sim.certified.regions.edges import Crossing

WIDE = 1e-6
"""Stretches of margin 0 that are wider than this share of the range are verdicts of their own."""


def crossings_of(
    division: Divided, ties: tuple[FloatArray, FloatArray], words: Sequence[str]
) -> tuple[Crossing, ...]:
    """The crossings of a division along one parameter, ascending.

    Parameters
    ----------
    division
        Boxes along one parameter with their verdicts.
    ties
        Roots of the rows that decide, ascending, and how far the tolerance moves each.
    words
        Names of the verdicts.
    """
    order = np.argsort(division.boxes.lo[0], kind="stable")
    lo, hi = division.boxes.lo[0, order], division.boxes.hi[0, order]
    verdict = division.verdict[order]
    plateau = _plateaus(lo, hi, verdict == KNIFE_EDGE)
    decided = np.flatnonzero((verdict == FEASIBLE) | (verdict == INFEASIBLE) | plateau)
    roots, reach = ties
    out = []
    for k, m in pairwise(decided):
        if verdict[k] == verdict[m]:
            continue
        first, last = float(hi[k]), float(lo[m])
        inside = roots[(roots + reach >= first) & (roots - reach <= last)]
        at, exact = _only(inside, first, last)
        out.append(
            Crossing(
                lo=first, hi=last, at=at, exact=exact,
                before=words[verdict[k]], after=words[verdict[m]],
            )
        )  # fmt: skip
    return tuple(out)


def _plateaus(lo: FloatArray, hi: FloatArray, flat: BoolArray) -> BoolArray:
    """The boxes on the knife-edge that, with their neighbours on it, are wider than a threshold."""
    run = np.cumsum(np.diff(flat, prepend=False) & flat) * flat
    width = np.bincount(run, hi - lo)
    return np.asarray(flat & (width[run] > WIDE * (hi[-1] - lo[0])))


def _only(roots: FloatArray, lo: float, hi: float) -> tuple[float, bool]:
    """The one root inside, up to rounding; the middle where there are none or several."""
    middle = lo + 0.5 * (hi - lo)
    if not len(roots):
        return middle, False
    same = np.ptp(roots) <= 1e-15 * max(1.0, abs(middle))
    return (_median(roots), True) if same else (middle, False)


def _median(roots: FloatArray) -> float:
    """As ``numpy.median``, which loads masked arrays to see that there are none."""
    ordered, half = np.sort(roots), len(roots) // 2
    return float(ordered[half] if len(roots) % 2 else ordered[half - 1 : half + 1].mean())
