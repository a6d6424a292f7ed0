"""Alternating offers of two actors along a continuous Pareto frontier.

Definition. Positions ``t`` run along the frontier; the first actor's payoff rises and the second's
falls with ``t``. A proposer takes the position that is best for it among those that give the
responder what refusing would (and that are ratified at home). With no last round a stationary
equilibrium is a pair of positions, one per proposer, of which each follows from the other: a fixed
point of an increasing map, found by bracketing; with a concave frontier there is exactly one
(Rubinstein 1982). With a last round, positions follow by backward induction.

Array convention. Payoffs have shape ``(2,)``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray, IntArray
from sim.games.bargaining import BargainingProblem, OfferRules, frontier_vertices
from sim.results import Division
from sim.solutions.bargaining._after_refusal import floor, refusal
from sim.solutions.bargaining._along_a_curve import curve_of, division, root
from sim.solutions.bargaining._gains_over_disagreement import member, named, unit

BEND = 1e-6
"""Rise of a sampled slope, relative to it, that may be rounding where the frontier is concave."""


GRID = 65
"""Positions between which fixed points are bracketed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OffersFrontier:
    """A Pareto frontier of two actors by position.

    Parameters
    ----------
    end
        Positions run from 0 to ``end``.
    payoffs
        Both actors' payoffs at a position.
    locate
        ``locate(responder, level)``: the position best for the other actor at which the responder
        has at least ``level``; the responder's best position if none does.
    concave
        Whether the frontier is concave, so that the stationary equilibrium is unique.
    describe
        The agreement at a position, as a member.
    """

    end: float
    payoffs: Callable[[float], FloatArray]
    locate: Callable[[int, float], float]
    concave: bool
    describe: Callable[[float], Division]


def frontier_of(problem: BargainingProblem, rules: OfferRules) -> OffersFrontier:
    """The frontier that a problem's mode makes feasible."""
    if problem.mode == "split":
        return _curve_frontier(problem)
    utilities, disagreement = problem.one()
    if problem.mode == "transferable":
        best = int(utilities.sum(axis=0).argmax())
        return _transfer_frontier(problem, best, floor(rules, disagreement))
    return _hull_frontier(problem, frontier_vertices(utilities))


def _curve_frontier(problem: BargainingProblem) -> OffersFrontier:
    curve = curve_of(problem)

    def locate(responder: int, level: float) -> float:
        sign = 1.0 if responder == 0 else -1.0
        x = root(lambda x: sign * (float(curve.at(x)[responder]) - level), 0.0, curve.surplus)
        step, best = 1e-16 * curve.surplus, (curve.surplus, 0.0)[responder]
        while curve.at(x)[responder] < level and x != best:
            x, step = float(np.clip(x + sign * step, 0.0, curve.surplus)), 2.0 * step
        return x

    first, second = curve.sample()
    slopes = np.diff(second) / np.where(np.diff(first) > 0.0, np.diff(first), np.inf)
    bend = np.diff(slopes)
    concave = bool((bend <= BEND * np.abs(slopes[1:])).all() and (np.diff(first) > 0.0).all())
    return OffersFrontier(
        end=curve.surplus,
        payoffs=curve.at,
        locate=locate,
        concave=concave,
        describe=lambda x: division(problem, x),
    )


def _hull_frontier(problem: BargainingProblem, index: IntArray) -> OffersFrontier:
    values = problem.one()[0][:, index]

    def describe(t: float) -> Division:
        left = min(int(t), len(index) - 1)
        part = t - left
        weights = {problem.agreements[index[left]]: 1.0 - part}
        if part > 0.0:
            weights[problem.agreements[index[left + 1]]] = part
        return member(problem, _along(values, t), weights)

    return OffersFrontier(
        end=float(len(index) - 1),
        payoffs=lambda t: _along(values, t),
        locate=lambda responder, level: _position(values, responder, level),
        concave=True,
        describe=describe,
    )


def _transfer_frontier(problem: BargainingProblem, best: int, least: FloatArray) -> OffersFrontier:
    utilities, _ = problem.one()
    total = float(utilities[:, best].sum())
    size = float(unit(problem.utilities, problem.disagreement).max())
    pad = max(0.0, float(least.sum()) - total) + size
    low, high = least[0] - pad, total - least[1] + pad
    ends = np.array([[low, high], [total - low, total - high]])

    def describe(t: float) -> Division:
        payoffs = _along(ends, t)
        moved = named(problem, payoffs - utilities[:, best])
        return member(problem, payoffs, problem.agreements[best], transfers=moved)

    return OffersFrontier(
        end=1.0,
        payoffs=lambda t: _along(ends, t),
        locate=lambda responder, level: _position(ends, responder, level),
        concave=True,
        describe=describe,
    )


def _along(values: FloatArray, t: float) -> FloatArray:
    steps = np.arange(values.shape[1])
    return np.array([np.interp(t, steps, row) for row in values])


def _position(values: FloatArray, responder: int, level: float) -> float:
    steps = np.arange(values.shape[1])
    if responder == 0:
        return float(np.interp(level, values[0], steps))
    return float(np.interp(level, values[1][::-1], steps[::-1]))


def agreement_exists(
    problem: BargainingProblem, rules: OfferRules, frontier: OffersFrontier
) -> bool:
    """Whether some agreement gives both actors what they can secure without it."""
    least = floor(rules, problem.one()[1])
    slack = RELATIVE * unit(problem.utilities, problem.disagreement)[:, 0]
    offered = frontier.payoffs(frontier.locate(1, float(least[1])))
    return bool((offered >= least - slack).all())


def demand(
    problem: BargainingProblem, rules: OfferRules, responder: int, after: FloatArray
) -> float:
    """The least payoff at which ``responder`` accepts and its home ratifies."""
    least = float(refusal(rules, responder, after, problem.one()[1]).payoffs[responder])
    return least if rules.minimum is None else max(least, rules.minimum[responder])


def stationary_positions(
    problem: BargainingProblem, rules: OfferRules, frontier: OffersFrontier
) -> list[tuple[float, float]]:
    """Pairs of positions, one per proposer, of which each follows from the other."""

    def answer(proposer: int, t: float) -> float:
        responder = 1 - proposer
        return frontier.locate(responder, demand(problem, rules, responder, frontier.payoffs(t)))

    def excess(t: float) -> float:
        return t - answer(0, answer(1, t))

    if frontier.concave:
        found = [root(excess, 0.0, frontier.end)]
    else:
        grid = np.linspace(0.0, frontier.end, GRID)
        values = np.array([excess(float(t)) for t in grid])
        crossings = np.flatnonzero((values[:-1] <= 0.0) & (values[1:] >= 0.0))
        found = sorted({root(excess, float(grid[k]), float(grid[k + 1])) for k in crossings})
    return [(answer(0, answer(1, t)), answer(1, t)) for t in found]


def induced_positions(
    problem: BargainingProblem, rules: OfferRules, frontier: OffersFrontier
) -> tuple[float, float]:
    """Positions of the first two rounds of a game with a last round, by proposer."""
    assert rules.horizon is not None
    after = problem.one()[1]
    positions = [0.0, 0.0]
    for turn in reversed(range(rules.horizon)):
        proposer = (rules.first + turn) % 2
        level = demand(problem, rules, 1 - proposer, after)
        positions[proposer] = frontier.locate(1 - proposer, level)
        after = frontier.payoffs(positions[proposer])
    return positions[0], positions[1]
