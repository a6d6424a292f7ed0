"""The smallest change where the game may commit third parties to stances that answer nothing.

Definition. The ladder with commitments is never lower than that under the stance equilibria. So a change that
makes a treaty feasible under these does it, but others may cost less; and what breaking a treaty costs at
least under these, it costs at least. Cheaper changes are sought along each lever, where the claim is
certified with the game, and under stances that are all open (:mod:`sim.certified.change.relaxed_stances`),
which also gives a lower bound; another comes from boxes. Every change is evaluated with the game.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.certified.change.candidates import candidates
from sim.certified.change.least_by_boxes import least_by_boxes
from sim.certified.change.least_cost import least_cost
from sim.certified.change.levers import Candidate, Proved, cheaper
from sim.certified.change.problem import ChangeProblem
from sim.certified.change.random_restarts import scattered
from sim.certified.change.relaxed_stances import relaxed_stances
from sim.certified.games.supported_treaty import margin_claim


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Candidates, the best with its bound, and what is proved under the stance equilibria alone."""

    some: list[Candidate]
    proved: Proved
    answering: float | None = None


def with_commitments(problem: ChangeProblem, single: list[Candidate], limit: int) -> Found:
    """The cheapest change found, and what every change costs at least, commitments included.

    ``single`` are the changes of one lever that do it.
    """
    answering = replace(problem, parts=replace(problem.parts, game=None))
    found = (
        _breaking(problem, answering, single, limit)
        if problem.breaking
        else _making(problem, answering, single, limit)
    )
    best = found.proved.candidate
    budget = np.inf if best is None else best.cost
    claim = margin_claim(problem.parts, problem.target)
    if claim is None or found.proved.bound >= budget:
        return found
    boxes = least_by_boxes(
        claim,
        problem.levers,
        budget,
        breaking=problem.breaking,
        limit=max(2, limit),
        known=found.proved.bound,
    )
    bound = max(found.proved.bound, boxes)
    return replace(found, proved=replace(found.proved, bound=bound))


def _making(
    problem: ChangeProblem, answering: ChangeProblem, single: list[Candidate], limit: int
) -> Found:
    some = [*candidates(answering, _cheapest(single)), *single]
    parts = relaxed_stances(problem.parts, problem.levers.box())
    if parts is None:
        first = least_cost(answering, _cheapest(some), limit=limit)
        best = cheaper(_cheapest(some), first.candidate)
        return Found(some, Proved(best, 0.0, first.boxes), first.bound)
    first = least_cost(answering, _cheapest(some), limit=1)
    known = cheaper(_cheapest(some), first.candidate)
    found = least_cost(replace(problem, parts=parts, relaxed=True), known, limit=limit)
    if found.bound >= first.bound:
        return Found(some, found)
    first = least_cost(answering, found.candidate, limit=limit)
    best = cheaper(found.candidate, first.candidate)
    return Found(some, replace(found, candidate=best), first.bound)


def _breaking(
    problem: ChangeProblem, answering: ChangeProblem, single: list[Candidate], limit: int
) -> Found:
    least, boxes, some = 0.0, 0, list(single)
    if answering.margin(problem.levers.origin) > problem.level:
        from sim.certified.change.cheapest_break import cheapest_break

        first = cheapest_break(answering, limit=limit)
        least, boxes = first.bound, first.boxes
        some += [c for c in (first.candidate,) if c is not None and _does(problem, c)]
    best = _cheapest(some)
    if least < (np.inf if best is None else best.cost):
        found = scattered(problem.parts, problem.levers, problem.level, best, rising=False)
        best = cheaper(best, found)
    return Found(some, Proved(best, least, boxes))


def _does(problem: ChangeProblem, found: Candidate) -> bool:
    return problem.reached(problem.margin(found.point))


def _cheapest(some: list[Candidate]) -> Candidate | None:
    return min(some, key=lambda c: c.cost, default=None)
