"""What a change costs at least, by boxes alone: the proof where no linear program knows what the game plays.

Definition. A box in which the claim certainly fails (for a change that breaks a treaty: certainly holds)
contains no change. The others are divided, that nearest to the present values first; the least that it costs
to enter one of them is a lower bound.

Array convention. One box at a time.
"""

from __future__ import annotations

import heapq
from itertools import count
from typing import Any

import numpy as np

from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.division import FEASIBLE, INFEASIBLE, OverBoxes
from sim.certified.change.least_cost import CLOSE
from sim.certified.change.levers import Levers

NARROWEST = 2.0**-30
"""Share of a range below which a box is not cut."""


def least_by_boxes(
    claim: OverBoxes,
    levers: Levers,
    budget: float,
    *,
    breaking: bool,
    limit: int,
    known: float = 0.0,
) -> float:
    """A proved lower bound, at most the budget, of what a change costs by which the claim turns.

    Parameters
    ----------
    claim
        About the points of the levers.
    levers
        Where they are and how far they may go.
    budget
        What the best change known costs.
    breaking
        Whether the claim is to fail, not to hold.
    limit
        How many boxes may be looked at.
    known
        A bound that is proved already: boxes are not looked at where they cannot raise it.
    """
    whole = levers.box(budget)
    floor, order = whole.narrow(NARROWEST), count()
    without = FEASIBLE if breaking else INFEASIBLE
    heap: list[tuple[float, int, Boxes, Any]] = [(0.0, next(order), whole, claim.scope(whole))]
    for looked in range(1, limit + 1):
        if not heap or heap[0][0] >= budget * (1 - CLOSE):
            break
        least, number, box, scope = heapq.heappop(heap)
        answer = claim.answer(box, scope)
        if answer.verdict[0] == without:
            continue
        beyond = [least, _farthest_half(levers, box), *(cost for cost, *_ in heap)]
        if (
            _highest(beyond, limit - looked, budget) <= known
            or (box.hi - box.lo <= floor).all()  # its parts begin where it does
        ):
            heapq.heappush(heap, (least, number, box, scope))
            break
        further = answer.further(np.ones(1, dtype=np.bool_), floor)
        halves = box.halved(further.along)
        for k in range(len(halves)):
            half = halves.pick(np.array([k]))
            near = np.clip(levers.origin, half.lo[:, 0], half.hi[:, 0])
            heapq.heappush(heap, (levers.cost(near), next(order), half, further.scope))
    return min(heap[0][0], budget) if heap else budget


def _farthest_half(levers: Levers, box: Boxes) -> float:
    """The most that it may cost to enter the dearer half of a box, whichever lever it is cut along."""
    lo, mid, hi = box.lo[:, 0], box.mid[:, 0], box.hi[:, 0]
    near = np.clip(levers.origin, lo, hi)
    return levers.cost(near) + float((levers.costs * np.abs(mid - near)).max())


def _highest(costs: list[float], looks: int, budget: float) -> float:
    """What the bound may come to at most, if each further look rules out the cheapest box that is left."""
    return sorted(costs)[looks] if 0 < looks < len(costs) else 0.0 if looks < 1 else budget
