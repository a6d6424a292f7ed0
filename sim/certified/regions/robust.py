"""Robust verdicts: for every value of some parameters in their ranges, or for some value.

Definition. A claim is *robust* when its verdict is the same at every point of a box. That is certified by
bounds over boxes; a single point with the other verdict refutes it, and is reported. Points are tried
first, as boxes of no width.

Array convention. Points have shape ``(varied, points)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim._kernels.shown import Part, Shown
from sim._kernels.tolerance import FloatArray, IntArray
from sim.certified.bounds.boxes import Boxes, box_of
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE, divide
from sim.certified.regions.claims import FrontierClaim, claim_on, compiled
from sim.claims import Claim
from sim.claims.claim import MARGIN_CLAIM
from sim.scenario import Scenario

SAMPLES = 512
"""Random points at which a claim is tried before it is bounded."""
AT_ONCE = 64
"""Points that are tried together."""
NARROWEST = 1e-6
"""Share of a range below which a box is not cut: whether a claim holds for every value stays open there."""
LIMIT = 20_000
"""Boxes that may be bounded where the caller says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Robust(Shown):
    """Whether a claim holds for every value, for some, or for none.

    Parameters
    ----------
    for_every
        ``True``: certified everywhere. ``False``: refuted. ``None``: neither was shown.
    for_some
        ``True``: there is such a point. ``False``: certified that there is none. ``None``: neither.
    feasible_at, infeasible_at
        Points at which the claim holds and fails, by path; empty where none was found.
    claim
        What was asked.
    """

    for_every: bool | None
    for_some: bool | None
    feasible_at: Mapping[str, float]
    infeasible_at: Mapping[str, float]
    claim: Claim = MARGIN_CLAIM

    def to_dict(self) -> dict[str, Any]:
        """The finding as plain data for JSON."""
        return {
            "for_every": self.for_every,
            "for_some": self.for_some,
            "feasible_at": dict(self.feasible_at),
            "infeasible_at": dict(self.infeasible_at),
            "of": self.claim.text,
            "sentence": self.sentence(),
        }

    def parts(self) -> Iterator[Part]:
        """The finding, and the points that show it."""
        yield self.sentence()
        for word, point in (("holds", self.feasible_at), ("fails", self.infeasible_at)):
            if point:
                yield f"it {word} at " + ", ".join(f"{k}={v:.6g}" for k, v in point.items())

    def sentence(self) -> str:
        """The finding in a sentence."""
        what = self.claim.words
        if self.for_every:
            return f"For every value in these ranges {what}: certified."
        if self.for_some is False:
            return f"For no value in these ranges {what}: certified."
        if self.for_some and self.for_every is False:
            return f"For some values in these ranges {what}, for others not."
        if self.for_some:
            return f"For some values in these ranges {what}; whether for every one is undecided."
        return f"Whether for some value in these ranges {what} is undecided; none was found."


@np.errstate(all="ignore")
def robust(
    scenario: Scenario,
    *,
    vary: Mapping[str, Sequence[float] | None],
    of: str | Claim | None = None,
    limit: int = LIMIT,
) -> Robust:
    """Whether a treaty is feasible, or another claim holds, for every value: certified or refuted.

    Parameters
    ----------
    scenario
        A dispute, or a classical game with parameters.
    vary
        Per dotted path ``(lo, hi)``, or ``None`` for the range in the file.
    of
        The claim, as for :func:`sim.certified.frontier`.
    limit
        How many boxes may be bounded.

    Raises
    ------
    UsageError
        As for :func:`sim.certified.frontier`.

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
    asked = claim_on(scenario, of)
    claim = compiled(scenario, list(vary), asked, whole)
    boxes, verdict = _sampled(claim, whole)
    every = False if (verdict == INFEASIBLE).any() else None
    some = True if (verdict == FEASIBLE).any() else None
    shown = _shown(vary, boxes, verdict)
    if every is None or some is None:
        found = divide(claim, whole, tolerance=0.0, narrowest=NARROWEST, limit=limit)
        verdict = found.verdict
        every = _settled(every, (verdict == FEASIBLE).all(), (verdict == INFEASIBLE).any())
        some = _settled(some, (verdict == FEASIBLE).any(), (verdict == INFEASIBLE).all())
        shown = {**_shown(vary, found.boxes, verdict), **shown}
    at = {name: shown.get(name, {}) for name in ("feasible_at", "infeasible_at")}
    return Robust(for_every=every, for_some=some, claim=asked, **at)


def _sampled(claim: FrontierClaim, whole: Boxes) -> tuple[Boxes, IntArray]:
    """Random points and the verdicts at them."""
    share = np.random.default_rng(0).random((len(whole.lo), SAMPLES))
    share[:, :2] = [0.0, 1.0]
    points = whole.lo + share * (whole.hi - whole.lo)
    for k, levels in whole.by_levels:
        points[k] = levels[np.minimum((share[k] * len(levels)).astype(int), len(levels) - 1)]
    scope = claim.scope(whole)
    parts = [points[:, k : k + AT_ONCE] for k in range(0, SAMPLES, AT_ONCE)]
    verdict = [claim.answer(Boxes(part, part), scope).verdict for part in parts]
    return Boxes(points, points), np.concatenate(verdict)


def _shown(
    vary: Mapping[str, object], boxes: Boxes, verdict: IntArray
) -> dict[str, dict[str, float]]:
    """A point at which the claim holds, and one at which it fails, where there are such boxes."""
    out = {}
    for name, code in (("feasible_at", FEASIBLE), ("infeasible_at", INFEASIBLE)):
        some = np.flatnonzero(verdict == code)
        if len(some):
            out[name] = _point(vary, boxes.mid[:, some[0]])
    return out


def _settled(known: bool | None, yes: np.bool_, no: np.bool_) -> bool | None:
    if known is not None:
        return known
    return True if yes else (False if no else None)


def _point(vary: Mapping[str, object], values: FloatArray) -> dict[str, float]:
    return dict(zip(vary, map(float, values), strict=True))
