"""Which points of a chunk have no answer, and why.

A term that is not affine may have no finite value somewhere (a division by zero, the logarithm of a
negative number). Those points are found term by term; what fails otherwise is found by halving.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import SimError
from sim.feasibility import evaluate_all
from sim.feasibility.evaluate import Problem
from sim.payoffs.quantities import Term


def failures(problem: Problem, theta: FloatArray) -> dict[int, str]:
    """Why a point has no answer, by its column of ``theta``.

    Parameters
    ----------
    problem
        A compiled scenario.
    theta
        Shape ``(varied, batch)``.
    """
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
    for term in _terms(problem):
        value = term.expression.evaluate(env)
        counts = True if term.mask is None else term.mask != 0
        bad = np.broadcast_to(
            ~np.isfinite(value) & counts, (*problem.dispute.shape, theta.shape[1])
        )
        for k in np.flatnonzero(bad.any(axis=(0, 1))):
            found.setdefault(int(k), f"{term.path}: '{term.expression.text}' has no finite value")
    return found


def _terms(problem: Problem) -> Iterator[Term]:
    dispute = problem.dispute
    for payoff in dispute.payoffs.values():
        yield from payoff.rest
    for constraint in dispute.constraints:
        for quantity in constraint.quantities.values():
            yield from quantity.rest


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
