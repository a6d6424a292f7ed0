"""Samples of a scenario's parameters within their ranges, and what the model says at each.

Definition. Points are a scrambled Sobol sequence over the ranges, uniform in each (or over its levels),
from a fixed seed. At every point the model's *answer* is the predicted outcome class and the actor whose
gain or constraint binds. The robust share is the share of points whose answer is what was observed.

Array convention. ``theta`` has shape ``(parameters, points)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.feasibility.evaluate import Problem, evaluate_all, prepare
from sim.payoffs import structural_parameters
from sim.payoffs.space import derive, holds
from sim.scenario import TREATY, Observed, Parameter, Scenario


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The model's answers at some points, shape ``(points,)`` each.

    Parameters
    ----------
    outcome_class
        Index into the file's classes; -1 where the game is not solved.
    agreed
        Whether the predicted agreement is one that the file says was made; true where it says nothing.
    actor
        Index into ``actors`` of the binding actor.
    margin
        The ladder's margin.
    actors
        Names.
    """

    outcome_class: IntArray
    agreed: BoolArray
    actor: IntArray
    margin: FloatArray
    actors: tuple[str, ...]


def ranged_parameters(scenario: Scenario) -> tuple[str, ...]:
    """Parameters with a range of some width that a sample can vary."""
    fixed = structural_parameters(scenario.document)
    return tuple(
        path
        for path, p in scenario.document.parameters.items()
        if p.range is not None and p.range[0] < p.range[1] and path not in fixed
    )


def sample(scenario: Scenario, paths: Sequence[str], points: int, seed: int) -> FloatArray:
    """Points in the ranges of some parameters, shape ``(len(paths), points)``."""
    from scipy.stats import qmc

    if not paths:
        return np.zeros((0, points))
    size = 1 << max(0, (points - 1).bit_length())
    unit = qmc.Sobol(len(paths), scramble=True, rng=np.random.default_rng(seed)).random(size)
    records = [scenario.document.parameters[path] for path in paths]
    rows = [_spread(p, column) for p, column in zip(records, unit[:points].T, strict=True)]
    return np.ascontiguousarray(rows)


def _spread(parameter: Parameter, unit: FloatArray) -> FloatArray:
    """Numbers in [0, 1) spread evenly over a parameter's levels, or over its range."""
    if parameter.levels is not None:
        levels = np.array(parameter.levels)
        chosen = np.minimum((unit * len(levels)).astype(int), len(levels) - 1)
        return np.asarray(levels[chosen])
    low, high = parameter.range or (parameter.value, parameter.value)
    return low + unit * (high - low)


def answers(scenario: Scenario, paths: Sequence[str], theta: FloatArray) -> Answers:
    """The model's answers with some parameters given values, everything else as it is."""
    problem = prepare(scenario, paths)
    evaluation = evaluate_all(problem, theta)
    ladder = evaluation.ladder
    names = [label.partition(".")[0] for label in ladder.labels]
    actors = tuple(dict.fromkeys(names))
    of = np.array([actors.index(name) for name in names])
    if evaluation.prediction is None:
        outcome, agreement = _from_margin(problem, ladder.margin), ladder.agreement
    else:
        outcome = evaluation.prediction.outcome_class
        agreement = evaluation.prediction.agreement
    agreed = _as_observed(problem)[agreement]
    return Answers(outcome, agreed, of[ladder.binding], ladder.margin, actors)


def _as_observed(problem: Problem) -> BoolArray:
    """Which agreements count as the one that was made, shape ``(agreements,)``."""
    dispute, scenario = problem.dispute, problem.dispute.scenario
    observed = scenario.document.observed
    if observed is None or observed.agreement is None:
        return np.ones(len(dispute.space), dtype=np.bool_)
    env = derive(scenario.document, {**scenario.values, **dispute.space.attributes})
    return holds(observed.agreement, env, len(dispute.space), "observed.agreement")


def _from_margin(problem: Problem, margin: FloatArray) -> IntArray:
    """Without a game a feasible treaty is what the model expects."""
    classes = problem.dispute.scenario.document.classes
    treaty = classes.index(TREATY) if TREATY in classes else -1
    none = classes.index("none")
    return np.where(margin >= 0, treaty, none)


def matches(scenario: Scenario, found: Answers, observed: Observed) -> BoolArray:
    """Where class and, if the file names them, agreement and binding actor are what happened."""
    right = found.outcome_class == scenario.document.classes.index(observed.outcome)
    right = right & found.agreed
    if observed.binding is None:
        return np.asarray(right)
    actor = found.actors.index(observed.binding) if observed.binding in found.actors else -1
    return np.asarray(right & (found.actor == actor))
