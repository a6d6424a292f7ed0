"""The smallest change of the world that makes a treaty feasible, or breaks one that is.

Definition. With levers ``k``, their ranges and costs ``c_k`` per unit (by default one for the whole width
of the range), the smallest change is

    min  sum_k c_k |d_k|   subject to   margin(theta0 + d) >= target,  theta0 + d within the ranges

Where payoffs are affine this is a linear program per treaty; otherwise linear programs are repeated and
a lower bound is proved by branch and bound. A single lever is searched along its whole range. Levers with
levels take these values only: every combination of levels that costs less than the best change known is
looked at (:mod:`sim.certified.change.level_moves`). Whatever is found is evaluated by the ladder itself.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from sim._kernels.tolerance import RELATIVE
from sim.certified.change.change import Change
from sim.certified.change.levers import margin_at
from sim.certified.change.over_ranges import nothing, over_ranges
from sim.certified.change.problem import ChangeProblem, problem_of
from sim.certified.change.reach import Reach, levers_space, prices_of, reach_of
from sim.scenario import Scenario

BOXES = 40
"""Boxes that a proof of the smallest change may look at."""


@np.errstate(all="ignore")
def smallest_change(
    scenario: Scenario,
    *,
    levers: Sequence[str] | None = None,
    costs: Mapping[str, float] | None = None,
    target: float = 0.0,
    breaking: bool | None = None,
    singles: bool = True,
    pairs: int = 0,
    limit: int = BOXES,
    others: bool = True,
) -> Change:
    """The cheapest change of parameters that brings the margin to a target.

    Parameters
    ----------
    scenario
        A dispute.
    levers
        Paths of the parameters that may move, each within its range or among its levels; by default all
        that have either, but for those that decide which agreements exist.
    costs, target
        Per path what one unit costs (1 for the whole width of the range); the margin to reach.
    breaking
        Whether the margin is to come down to it, not up; by default where it is above now.
    singles, pairs, limit, others
        Whether each lever is also tried alone; how many that count most two by two; how many boxes the
        proof may look at (1 gives a bound at once); whether changes for other treaties are told too.

    Raises
    ------
    UsageError
        If a lever is unknown, structural or has no range, or a cost is not positive or not a lever's.

    Examples
    --------
    >>> from sim.loading import loads
    >>> s = loads('''
    ... parameters: {cost: {value: 0.5, range: [0, 1]}, aid: {value: 0, range: [0, 0.1]}}
    ... issues: {peace: {no: {}, yes: {signed: 1}}}
    ... outcomes: {treaty: signed}
    ... actors: {a: {role: principal}, b: {role: principal}}
    ... payoffs: {a: {gain: (0.3 + aid - cost)*signed}, b: {gain: 0.1*signed}}
    ... ''')
    >>> found = smallest_change(s)
    >>> [(m.path, round(m.after, 9)) for m in found.moves], round(found.cost, 9), found.status
    ([('cost', 0.3)], 0.2, 'complete')
    """
    reach = reach_of(scenario, levers)
    prices = prices_of(scenario, reach.names, costs)
    problem = problem_of(scenario, levers_space(scenario, reach.scales, prices), reach.scales)
    before, treaty = margin_at(problem.parts, problem.levers.origin)
    breaking = before > target + RELATIVE if breaking is None else breaking
    problem = replace(problem, target=target, breaking=breaking, others=others)
    if (before <= target) if breaking else (before >= target - RELATIVE):
        label = problem.parts.dispute.space.label(treaty)
        found = nothing(problem, before, cost=0.0, bound=0.0, agreement=label)
    else:
        found = _sought(problem, reach, prices, before, singles, pairs, limit)
    return _told(found, reach, scenario, priced=bool(costs))


def _sought(
    problem: ChangeProblem,
    reach: Reach,
    prices: Mapping[str, float],
    before: float,
    singles: bool,
    pairs: int,
    limit: int,
) -> Change:
    """The change over levels where some parameter has levels, else over ranges."""
    if reach.levels:
        from sim.certified.change.level_moves import over_levels

        return over_levels(
            problem, reach, prices, before, singles=singles, pairs=pairs, limit=limit
        )
    return over_ranges(problem, before, singles=singles, pairs=pairs, limit=limit)


def _told(found: Change, reach: Reach, scenario: Scenario, *, priced: bool) -> Change:
    """The change with what was allowed to move and what was held."""
    found = replace(found, labelled=scenario.labelled, priced=priced)
    return replace(found, over=reach.names, held=reach.held)
