"""The verdict on a scenario with how sure it is and what is certified around it.

Beside the verdict at the scenario's values stand the share of draws over the file's own ranges in which a
treaty is feasible, and where one parameter alone flips it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.beliefs.own_ranges import own_ranges
from sim.feasibility import Verdict, verdict_of
from sim.scenario import Scenario, require_scenario

if TYPE_CHECKING:
    from sim.beliefs import Beliefs

TOLD = 12
"""Decimals of a swing by which thresholds are ordered."""
NO_RANGE = "no parameter has a range, so no threshold was sought"


def explain(
    scenario: Scenario,
    *,
    with_thresholds: bool = True,
    draws: int | None = None,
    seed: int = 0,
    beliefs: Beliefs | None = None,
) -> Verdict:
    """The verdict on a scenario: how sure it is, what it is at its current values, and why.

    Parameters
    ----------
    scenario
        A dispute.
    with_thresholds
        Whether to certify, for every parameter alone, where the verdict flips; the one that moves the
        margin most comes first.
    draws, seed
        Of the parameters over the file's own ranges: how many (by default 2,000, fewer where a dispute is
        large; 0: no share is counted), and their seed.
    beliefs
        Draws that fit a record (:func:`sim.beliefs.open_beliefs`), whose share then comes first.

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
    >>> print(verdict.share.sentence())
    In 30 % (± 1.0) of 2,000 draws over the file's own ranges a treaty is feasible.
    """
    verdict = judged(scenario, draws=draws, seed=seed, beliefs=beliefs)
    return flipped(verdict, scenario) if with_thresholds else verdict


def judged(
    scenario: Scenario,
    *,
    draws: int | None = None,
    seed: int = 0,
    beliefs: Beliefs | None = None,
    power: bool = True,
) -> Verdict:
    """The verdict with its share, before thresholds are certified; arguments as for :func:`explain`.

    The ``power`` of blocs, which takes a while to count, may be left out. Of a dispute with types neither
    share nor thresholds are sought.
    """
    require_scenario(scenario, "explain")
    if scenario.document.private:
        from sim.feasibility.private.by_type import typed_verdict

        return typed_verdict(scenario)
    verdict = verdict_of(scenario)
    if power:
        from sim.feasibility.bridges.power import power_of

        verdict = replace(verdict, power=power_of(scenario))
    if draws != 0 and verdict.margin is not None:
        share = own_ranges(scenario, margin=verdict.margin, draws=draws, seed=seed)
        if beliefs is not None:
            from sim.beliefs.believed import believed

            share = replace(share, believed=believed(beliefs, scenario, margin=verdict.margin))
        verdict = replace(verdict, share=share)
    return verdict


def flipped(verdict: Verdict, scenario: Scenario, *, ends: bool = True) -> Verdict:
    """The verdict with its certified thresholds, those by which the margin moves most first.

    Without ``ends`` the margin at the ends of ranges is not worked out: who prints where the verdict flips
    does not need it.
    """
    if verdict.best_agreement is None or verdict.private is not None:
        return verdict
    from sim.certified.regions.strips import thresholds_of

    found = thresholds_of(scenario, ends=ends)
    notes = verdict.notes if found else (*verdict.notes, NO_RANGE)
    ordered = sorted(found, key=lambda threshold: widest_first(threshold.swing))
    return replace(verdict, thresholds=tuple(ordered), notes=notes)


def widest_first(swing: float) -> float:
    """What sorts the widest swing of the margin first; swings that differ by rounding are one."""
    return -round(swing, TOLD) if np.isfinite(swing) else 0.0
