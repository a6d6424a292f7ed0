"""The smallest change of levers that move over ranges, with its proof.

Array convention. Points have shape ``(varied,)``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.certified.change.candidates import candidates, of_pairs
from sim.certified.change.change import Change
from sim.certified.change.least_cost import CLOSE, least_cost
from sim.certified.change.levers import Candidate, Proved
from sim.certified.change.options import JUMP, per_agreement, sorted_options
from sim.certified.change.problem import ChangeProblem
from sim.certified.change.single_levers import NARROWEST, alone, nearest
from sim.certified.change.with_commitments import with_commitments


def over_ranges(
    problem: ChangeProblem, before: float, *, singles: bool, pairs: int, limit: int
) -> Change:
    """The cheapest change of the levers of a problem, each within its range.

    Parameters
    ----------
    problem
        Its levers have no levels.
    before
        The margin now, on the wrong side of the target.
    singles, pairs, limit
        As for :func:`sim.certified.smallest_change`.
    """
    if not problem.names:
        return nothing(problem, before, cost=np.inf, bound=np.inf)
    counts = problem.parts.game is not None and len(problem.names) > 1
    single = alone(problem) if singles or counts else []
    extra: dict[str, Any] = {"singles": tuple(sorted_options(problem, single)) if singles else ()}
    if pairs > 1:
        both = sorted_options(problem, of_pairs(problem, most=pairs))
        extra["pairs"] = tuple(option for option in both if len(option.moves) > 1)
    some, found, answering = _searched(problem, single, limit)
    if answering is not None and answering > found.bound:
        extra["answering"] = answering
    if found.candidate is None:
        return nothing(problem, before, cost=np.inf, bound=found.bound, **extra)
    if not problem.others:
        some = [c for c in some if c.cost <= found.candidate.cost * (1 + CLOSE)]
    options = sorted_options(problem, [*some, found.candidate])
    best = options[0]
    proved = found.bound >= best.cost * (1 - 2 * CLOSE)
    return Change(
        breaking=problem.breaking, target=problem.target, before=before,
        moves=best.moves, cost=best.cost, margin=best.margin, agreement=best.agreement,
        bound=min(found.bound, best.cost), status="complete" if proved else "partial",
        note=_note(best.margin, problem.target, None if proved else found.boxes),
        by_agreement=() if problem.breaking else tuple(per_agreement(options)), **extra,
    )  # fmt: skip


def _searched(
    problem: ChangeProblem, single: list[Candidate], limit: int
) -> tuple[list[Candidate], Proved, float | None]:
    """Candidates, the best change with the bound that is proved, and that without commitments."""
    if len(problem.names) == 1:
        return [], nearest(problem, 0, narrowest=NARROWEST), None
    if problem.parts.game is not None:
        both = with_commitments(problem, single, limit)
        return both.some, both.proved, both.answering
    if not problem.breaking:
        some = candidates(problem)
        known = min(some, key=lambda c: c.cost, default=None)
        return some, least_cost(problem, known, limit=limit), None
    from sim.certified.change.cheapest_break import cheapest_break

    found = cheapest_break(problem, limit=limit)
    if found.candidate is None and found.bound < np.inf:
        known = min(alone(problem), key=lambda c: c.cost, default=None)
        found = cheapest_break(problem, limit=limit, known=known)
    return [], found, None


def nothing(
    problem: ChangeProblem,
    before: float,
    *,
    cost: float,
    bound: float,
    agreement: str = "",
    **extra: Any,
) -> Change:
    """No change: none is needed, none was found, or it is proved that there is none."""
    return Change(
        breaking=problem.breaking, target=problem.target, before=before, moves=(), cost=cost,
        margin=before, agreement=agreement, bound=bound,
        status="complete" if cost == bound else "partial", **extra,
    )  # fmt: skip


def _note(margin: float, target: float, boxes: int | None) -> str:
    """Whether the margin jumps over the target, and what to do where the bound leaves a gap."""
    words = []
    if abs(margin - target) > JUMP:
        words.append(f"the margin jumps over {target:g} there, to {margin:+.4g}")
    if boxes is not None:
        looked = "1 box was" if boxes == 1 else f"{boxes:,} boxes were"
        words.append(f"{looked} looked at; a higher limit narrows the gap to what is proved")
    return "; ".join(words)
