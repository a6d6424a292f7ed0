"""The verdict on a scenario with what is certified around it: where one parameter alone flips it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.certified import strips
from sim.feasibility import Threshold, Verdict, verdict_of
from sim.scenario import Scenario

NO_RANGE = "no parameter has a range, so no threshold was sought"


def explain(scenario: Scenario, *, with_thresholds: bool = True) -> Verdict:
    """The verdict on a scenario at its current values, with its reasons.

    Parameters
    ----------
    scenario
        A dispute.
    with_thresholds
        Whether to certify, for every parameter alone, where the verdict flips; the one that moves the
        margin most comes first.

    Raises
    ------
    UsageError
        If the file is a classical game: those have no treaty.

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
    >>> verdict = explain(s)
    >>> verdict.feasible, [(t.path, round(t.at[0], 9)) for t in verdict.thresholds]
    (False, [('cost', 0.3)])
    """
    verdict = verdict_of(scenario)
    if not with_thresholds or verdict.best_agreement is None:
        return verdict
    found = strips(scenario).thresholds
    notes = verdict.notes if found else (*verdict.notes, NO_RANGE)
    return replace(verdict, thresholds=tuple(sorted(found, key=_widest)), notes=notes)


def _widest(threshold: Threshold) -> float:
    return -threshold.swing if np.isfinite(threshold.swing) else 0.0
