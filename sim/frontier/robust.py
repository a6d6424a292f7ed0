"""Robust verdicts: for every value of some parameters in their ranges, or for some value.

Definition. A verdict is *robust* when it is the same at every point of a box. It is certified by bounds over
boxes; a single point with the other verdict refutes it, and is reported.

Array convention. Points have shape ``(varied, points)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE
from sim.feasibility.thresholds import margins
from sim.frontier._best_treaty import BestTreaty
from sim.frontier._parts import parts_of
from sim.frontier._subdivide import FEASIBLE, INFEASIBLE, divide
from sim.frontier.boxes import box_of
from sim.payoffs import compile_dispute
from sim.scenario import Scenario

SAMPLES = 512
LIMIT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Robust:
    """Whether a treaty is feasible for every value, for some, or for none.

    Parameters
    ----------
    for_every
        ``True``: certified everywhere. ``False``: refuted. ``None``: neither was shown.
    for_some
        ``True``: there is such a point. ``False``: certified that there is none. ``None``: neither.
    feasible_at, infeasible_at
        Points that show it, by path; empty where none was found.
    """

    for_every: bool | None
    for_some: bool | None
    feasible_at: Mapping[str, float]
    infeasible_at: Mapping[str, float]

    def sentence(self) -> str:
        """The finding in a sentence."""
        if self.for_every:
            return "A treaty is feasible for every value in these ranges: certified."
        if self.for_some is False:
            return "No treaty is feasible for any value in these ranges: certified."
        if self.for_some and self.for_every is False:
            return "A treaty is feasible for some values in these ranges and not for others."
        if self.for_some:
            return "A treaty is feasible for some values; whether for every one is undecided."
        return "Whether a treaty is feasible for some value is undecided; none was found."


def robust(
    scenario: Scenario, *, vary: Mapping[str, Sequence[float] | None], limit: int = LIMIT
) -> Robust:
    """Whether a treaty is feasible for every value of some parameters, certified or refuted.

    Parameters
    ----------
    scenario
        A dispute.
    vary
        Per dotted path ``(lo, hi)``, or ``None`` for the range in the file.
    limit
        How many boxes may be bounded.

    Examples
    --------
    >>> from sim.loading import loads
    >>> s = loads('''
    ... parameters: {cost: {value: 0.5, range: [0, 1]}}
    ... issues: {peace: {no: {}, yes: {signed: 1}}}
    ... outcomes: {treaty: signed}
    ... actors: {a: {role: principal}, b: {role: principal}}
    ... payoffs: {a: {gain: (0.3 - cost)*signed}, b: {gain: 0.1*signed}}
    ... ''')
    >>> robust(s, vary={"cost": (0, 0.2)}).for_every, robust(s, vary={"cost": (0.4, 1)}).for_some
    (True, False)
    """
    whole = box_of(scenario, vary)
    dispute = compile_dispute(scenario, list(vary))
    share = np.random.default_rng(0).random((len(vary), SAMPLES))
    share[:, :2] = [0.0, 1.0]
    points = whole.lo + share * (whole.hi - whole.lo)
    margin = margins(dispute, points)
    yes, no = np.flatnonzero(margin > RELATIVE), np.flatnonzero(margin < -RELATIVE)
    every = False if len(no) else None
    some = True if len(yes) else None
    shown = {
        "feasible_at": _point(vary, points[:, yes[0]]) if len(yes) else {},
        "infeasible_at": _point(vary, points[:, no[0]]) if len(no) else {},
    }
    if every is None or some is None:
        found = divide(
            BestTreaty(parts_of(dispute)), whole, tolerance=0.0, narrowest=1e-6, limit=limit
        )
        verdict = found.verdict
        every = _settled(every, (verdict == FEASIBLE).all(), (verdict == INFEASIBLE).any())
        some = _settled(some, (verdict == FEASIBLE).any(), (verdict == INFEASIBLE).all())
        for name, code in (("feasible_at", FEASIBLE), ("infeasible_at", INFEASIBLE)):
            boxes = np.flatnonzero(verdict == code)
            if len(boxes) and not shown[name]:
                shown[name] = _point(vary, found.boxes.mid[:, boxes[0]])
    return Robust(for_every=every, for_some=some, **shown)


def _settled(known: bool | None, yes: np.bool_, no: np.bool_) -> bool | None:
    if known is not None:
        return known
    return True if yes else (False if no else None)


def _point(
    vary: Mapping[str, object], values: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> dict[str, float]:
    return dict(zip(vary, map(float, values), strict=True))
