"""Where the verdict flips along one parameter, exactly where payoffs are affine.

Definition. Between two certified stretches of different verdict lies an undecided interval that holds
the crossing. Where all rows are affine the margin crosses 0 at the root of a row ``d_0 + d_1 x``; if only
one root lies in the interval, that is the crossing.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.frontier._parts import Parts
from sim.frontier._subdivide import FEASIBLE, INFEASIBLE, KNIFE_EDGE, VERDICTS, Division
from sim.frontier.record import Crossing

WIDE = 1e-6
"""Stretches of margin 0 that are wider than this share of the range are verdicts of their own."""


def crossings_of(parts: Parts, division: Division) -> tuple[Crossing, ...]:
    """The crossings of a division along one parameter, ascending."""
    order = np.argsort(division.boxes.lo[0], kind="stable")
    lo, hi = division.boxes.lo[0, order], division.boxes.hi[0, order]
    verdict = division.verdict[order]
    plateau = (verdict == KNIFE_EDGE) & (hi - lo > WIDE * (hi[-1] - lo[0]))
    decided = np.flatnonzero((verdict == FEASIBLE) | (verdict == INFEASIBLE) | plateau)
    roots = _roots(parts)
    out = []
    for k, m in pairwise(decided):
        if verdict[k] == verdict[m]:
            continue
        first, last = float(hi[k]), float(lo[m])
        inside = roots[(roots >= first) & (roots <= last)]
        at, exact = _only(inside, first, last)
        out.append(
            Crossing(
                lo=first, hi=last, at=at, exact=exact,
                before=VERDICTS[verdict[k]], after=VERDICTS[verdict[m]],
            )
        )  # fmt: skip
    return tuple(out)


def _only(roots: FloatArray, lo: float, hi: float) -> tuple[float, bool]:
    """The one root inside, up to rounding; the middle where there are none or several."""
    middle = lo + 0.5 * (hi - lo)
    if not len(roots):
        return middle, lo == hi
    same = np.ptp(roots) <= 1e-15 * max(1.0, abs(middle))
    return (float(np.median(roots)), True) if same else (middle, False)


def _roots(parts: Parts) -> FloatArray:
    """Where affine rows change sign, regrets where they reach the tolerance; ascending."""
    if not parts.affine:
        return np.zeros(0)
    levels = [(rows, 0.0) for rows in parts.rows]
    regrets = {id(rows) for rows in parts.regrets.rows}
    found = [np.zeros(0)]
    for rows, level in levels:
        level = RELATIVE * rows.scale if id(rows) in regrets else level
        constant, slope = rows.matrix[:, 0], rows.matrix[:, 1]
        moving = slope != 0
        found.append((level - constant[moving]) / slope[moving])
    return np.unique(np.concatenate(found))
