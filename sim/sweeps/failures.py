"""Which points of a chunk have no answer, and why.

A term that is not affine may have no finite value somewhere (a division by zero, the logarithm of a
negative number). Those points are found term by term; what fails otherwise is found by halving.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.errors import SimError
from sim.feasibility import evaluate_all
from sim.feasibility.evaluate import Evaluation, Problem, doubtful, evaluate_answered
from sim.payoffs import Dispute
from sim.payoffs.quantities import Term
from sim.payoffs.slacks import fields


def answered(
    problem: Problem, theta: FloatArray, *, engine: str, keep_going: bool
) -> tuple[Evaluation | None, dict[int, str]]:
    """The points of a chunk that have an answer, solved; and why the others have none, by column.

    Raises
    ------
    SimError
        If a point has no answer and such points are not to be told apart, or none can be named.
    """
    if keep_going:
        return evaluate_answered(problem, theta, without_answer, engine=engine)
    return evaluate_all(problem, theta, engine=engine), {}


def failures(problem: Problem, theta: FloatArray) -> dict[int, str]:
    """Why a point has no answer, by its column of ``theta``.

    Parameters
    ----------
    problem
        A compiled scenario.
    theta
        Shape ``(varied, batch)``.
    """
    points = doubtful(problem, theta)
    return {int(points[k]): why for k, why in without_answer(problem, theta[:, points]).items()}


def without_answer(problem: Problem, theta: FloatArray) -> dict[int, str]:
    """The same of points that the screen leaves."""
    found: dict[int, str] = {}
    for start in range(0, theta.shape[1], problem.chunk()):
        piece = theta[:, start : start + problem.chunk()]
        mine = _undefined(problem, piece)
        rest = np.setdiff1d(np.arange(piece.shape[1]), list(mine))
        mine |= {int(rest[k]): why for k, why in _halved(problem, piece[:, rest], 0)}
        found |= {start + k: why for k, why in mine.items()}
    return dict(sorted(found.items()))


def _undefined(problem: Problem, theta: FloatArray) -> dict[int, str]:
    """Points at which a term has no finite value."""
    env = problem.dispute.frame.env(theta)
    found: dict[int, str] = {}
    for term, parts in _terms(problem.dispute):
        bad = _without_value(problem.dispute, term, env, theta.shape[1])
        if bad.any():
            culprits = [
                (part, _without_value(problem.dispute, part, env, theta.shape[1])) for part in parts
            ]
            for k in np.flatnonzero(bad):
                who = next((part for part, fails in culprits if fails[k]), term)
                found.setdefault(int(k), f"{who.path}: '{who.expression.text}' has no finite value")
    return found


def _without_value(
    dispute: Dispute, term: Term, env: Mapping[str, FloatArray], size: int
) -> BoolArray:
    """The points at which a term has no finite value somewhere, shape ``(size,)``."""
    counts = True if term.mask is None else term.mask != 0
    bad = ~np.isfinite(term.expression.evaluate(env)) & counts
    return np.asarray(np.broadcast_to(bad, (*dispute.shape, size)).any(axis=(0, 1)))


def _terms(dispute: Dispute) -> Iterator[tuple[Term, tuple[Term, ...]]]:
    """Every term that is not affine, and the fields of the constraint that it comes from."""
    for payoff in dispute.payoffs.values():
        yield from ((term, ()) for term in payoff.rest)
    for constraint in dispute.constraints:
        parts = tuple(fields(constraint.asked))
        for quantity in constraint.quantities:
            yield from ((term, parts) for term in quantity.rest)


def _halved(problem: Problem, theta: FloatArray, first: int) -> Iterator[tuple[int, str]]:
    """Points that fail for another reason, by evaluating ever smaller halves."""
    size = theta.shape[1]
    if size == 0:
        return
    try:
        evaluate_all(problem, theta)
    except SimError as error:
        if size == 1:
            yield first, str(error)
            return
        yield from _halved(problem, theta[:, : size // 2], first)
        yield from _halved(problem, theta[:, size // 2 :], first + size // 2)
