"""Gains over the disagreement point, shared by the axiomatic bargaining concepts.

Definition. An agreement is individually rational when no actor has less than at the disagreement
point. An actor *can gain* when some individually rational agreement gives it more; an actor that
cannot gain is held to individual rationality and leaves the criterion, which would otherwise be 0
everywhere. The *ideal point* has the most that any individually rational agreement gives each actor; the
*opposition* of a problem is the smallest Euclidean distance of such an agreement to it, gains measured as
shares of the ideal gains: 0 where one agreement is everybody's best. With disagreement payoffs of 0 and best
payoffs of 1 it is the distance to complete satisfaction of [baarslag2013]_.

Array convention. ``utilities`` has shape ``(actors, agreements, batch)``, ``disagreement`` has
shape ``(actors, batch)``, masks have shape ``(agreements, batch)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim._kernels.ranks import magnitudes_or
from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, spread, tie_tolerance
from sim.games.bargaining import BargainingProblem, pareto_mask
from sim.results import Division, Solution

NONE_RATIONAL = (
    "no agreement gives every actor at least its disagreement payoff; the status quo stays"
)


def unit(
    utilities: FloatArray, disagreement: FloatArray, among: BoolArray | None = None
) -> FloatArray:
    """Each actor's payoff spread over the agreements that matter, disagreement point included.

    A spread of 0 counts as the largest of the others, or 1 where all are 0, so that sums over actors
    are compared in the units of the problem.

    Parameters
    ----------
    among
        The agreements that matter, shape ``(agreements, batch)``; without it those that no other
        Pareto dominates. One that nobody would choose, however bad, does not stretch the unit.
    """
    counted = pareto_mask(utilities) if among is None else among
    inside = np.where(counted, utilities, disagreement[:, None])
    size = spread(np.concatenate([inside, disagreement[:, None]], axis=1))
    largest = size.max(axis=0)
    return np.where(size > 0.0, size, np.where(largest > 0.0, largest, 1.0))


def rational_mask(utilities: FloatArray, disagreement: FloatArray) -> BoolArray:
    """The agreements that give every actor what it has without one, to within a tie.

    Examples
    --------
    >>> rational_mask(np.array([[[3.0], [0.0]], [[2.0], [-1e9]]]), np.array([[1.0], [1.0]]))[:, 0]
    array([ True, False])
    """
    everything = np.concatenate([disagreement[:, None], utilities], axis=1)
    sizes = magnitudes_or(everything, None)
    slack = tie_tolerance(sizes[:, 1:], sizes[:, :1])
    return np.asarray((utilities >= disagreement[:, None] - slack).all(axis=0))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gains:
    """Gains over the disagreement point, and who can have any.

    Parameters
    ----------
    values
        Gains in units of each actor's spread, shape ``(actors, agreements, batch)``; exactly 0
        where the tolerance cannot tell them from 0.
    rational
        The individually rational agreements, shape ``(agreements, batch)``.
    ideal
        Each actor's largest gain over them, shape ``(actors, batch)``; 0 where there is none.
    size
        Each actor's unit: its payoff spread over them and the disagreement point.
    """

    values: FloatArray
    rational: BoolArray
    ideal: FloatArray
    size: FloatArray


def gains_over(utilities: FloatArray, disagreement: FloatArray) -> Gains:
    """The gains that a finite set of agreements offers.

    Examples
    --------
    >>> gains = gains_over(np.array([[[3.0], [0.0]], [[2.0], [9.0]]]), np.array([[1.0], [1.0]]))
    >>> gains.rational[:, 0], gains.ideal[:, 0]
    (array([ True, False]), array([1., 1.]))
    """
    rational = rational_mask(utilities, disagreement)
    size = unit(utilities, disagreement, rational)
    values = (utilities - disagreement[:, None]) / size[:, None]
    values[np.abs(values) <= RELATIVE] = 0.0
    rational &= (values >= 0.0).all(axis=0)
    ideal = np.where(rational, values, 0.0).max(axis=1)
    return Gains(values=values, rational=rational, ideal=ideal, size=size)


def ideal_and_opposition(
    utilities: FloatArray, disagreement: FloatArray
) -> tuple[FloatArray, float] | None:
    """The ideal point and the opposition of a finite set of agreements; nothing where none is rational.

    Parameters
    ----------
    utilities, disagreement
        Of one problem, shapes ``(actors, agreements)`` and ``(actors,)``.

    Examples
    --------
    A cake of 1: all to one, all to the other, or halves. The halves are nearest to everything for both.

    >>> cake = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.5]])
    >>> ideal, opposition = ideal_and_opposition(cake, np.zeros(2))
    >>> ideal, round(opposition, 6)
    (array([1., 1.]), 0.707107)
    """
    gains = gains_over(utilities[..., None], disagreement[:, None])
    rational = gains.rational[:, 0]
    if not rational.any():
        return None
    best = gains.ideal[:, 0]
    able = best > 0.0
    missed = 1.0 - gains.values[able][:, rational, 0] / best[able, None]
    opposition = float(np.sqrt((missed**2).sum(axis=0)).min())
    return disagreement + best * gains.size[:, 0], opposition


def least(values: FloatArray, counted: BoolArray) -> FloatArray:
    """The smallest value among the counted actors, 0 where none counts."""
    worst = np.where(counted[:, None], values, np.inf).min(axis=0)
    return np.where(np.isinf(worst), 0.0, worst)


def maximisers(score: FloatArray, among: BoolArray, slack: FloatArray | float) -> BoolArray:
    """The agreements of ``among`` whose score is within ``slack`` of the best, ties included."""
    score = np.where(among, score, -np.inf)
    return np.asarray(among & (score >= score.max(axis=0) - slack))


def named(problem: BargainingProblem, values: Sequence[float] | FloatArray) -> dict[str, float]:
    """Numbers by actor."""
    return {actor: float(v) for actor, v in zip(problem.actors, values, strict=True)}


def member(
    problem: BargainingProblem,
    payoffs: FloatArray,
    agreement: str | Mapping[str, float],
    **extra: Any,
) -> Division:
    """One agreement with its payoffs and, in ``extra``, the gains over the disagreement point."""
    gains = named(problem, payoffs - problem.disagreement[:, 0])
    return Division(
        payoffs=named(problem, payoffs), agreement=agreement, extra={"gains": gains, **extra}
    )


def chosen(
    problem: BargainingProblem,
    mask: BoolArray,
    concept: str,
    parameters: Mapping[str, Any],
    *,
    measured: bool = False,
) -> Solution:
    """The solution that consists of the agreements of a mask, shape ``(agreements,)``.

    ``measured`` shows the ideal point beside the payoffs, and with it the opposition.
    """
    utilities, _ = problem.one()
    known = _measures(problem) if measured else {}
    extra = {"by_actor": {"ideal": known["ideal"]}} if known else {}
    members = tuple(
        member(problem, utilities[:, k], problem.agreements[k], **extra)
        for k in np.flatnonzero(mask)
    )
    return solution(concept, members, problem, parameters)


def solution(
    concept: str,
    members: Sequence[Division],
    problem: BargainingProblem,
    parameters: Mapping[str, Any],
    *,
    exhaustive: bool = True,
    note: str = "",
) -> Solution:
    """The record of a bargaining concept; without members the note says why."""
    return Solution(
        concept=concept,
        members=tuple(members),
        status="complete" if exhaustive else "partial",
        exhaustive=exhaustive,
        parameters={
            "mode": problem.mode,
            "disagreement": named(problem, problem.one()[1]),
            **_measures(problem),
            **parameters,
        },
        note=note if members else note or NONE_RATIONAL,
    )


def _measures(problem: BargainingProblem) -> dict[str, Any]:
    """The ideal point and the opposition of agreements without chances or side payments."""
    found = ideal_and_opposition(*problem.one()) if problem.mode == "discrete" else None
    if found is None:
        return {}
    return {"ideal": named(problem, found[0]), "opposition": found[1]}


def divided_total(
    problem: BargainingProblem, concept: str, shares: FloatArray, parameters: Mapping[str, Any]
) -> Solution:
    """Agreements of the largest total payoff, whose gain side payments divide.

    Parameters
    ----------
    shares
        One row per member: how much of the total gain each actor receives, shape
        ``(members, actors)``, rows summing to 1.
    """
    utilities, disagreement = problem.one()
    total = utilities.sum(axis=0)
    sizes = np.abs(utilities).sum(axis=0)
    slack = tie_tolerance(sizes, sizes[total.argmax()])
    surplus = float(total.max() - disagreement.sum())
    if surplus < -tie_tolerance(sizes[total.argmax()], np.abs(disagreement).sum()):
        return solution(concept, (), problem, parameters)
    rows = np.unique(disagreement + shares * max(surplus, 0.0), axis=0)[::-1]
    members = [
        member(
            problem,
            row,
            problem.agreements[k],
            transfers=named(problem, row - utilities[:, k]),
        )
        for row in rows
        for k in np.flatnonzero(total >= total.max() - slack)
    ]
    return solution(concept, members, problem, parameters)
