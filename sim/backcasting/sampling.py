"""Samples of a scenario's parameters within their ranges, and what the model says at each.

Definition. Points are a scrambled Sobol sequence, drawn as the file declares: by the laws of its parameters,
with their correlations, on their levels; from a fixed seed. At every point the model's *answer* is the
predicted outcome class, the best treaty if one is feasible, and who blocks: whose gain and constraints,
lifted alone, make a treaty feasible. Where a treaty was signed, the answer is right if that treaty comes out
best or is predicted; elsewhere if the class is what was observed and, where the file names an actor, that one
blocks, alone or as well as another. The robust share is the share of points whose answer is right.

Array convention. ``theta`` has shape ``(parameters, points)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.backcasting.family import Family, alike
from sim.certified.change.reach import ends_of, reach_of
from sim.feasibility.blockers import Lifted, evaluated_and_lifted, lifted
from sim.feasibility.evaluate import Evaluation, Problem, prepared
from sim.payoffs import Dispute
from sim.payoffs.space import derive, holds
from sim.scenario import NO_OUTCOME, TREATY, Document, Observed, Scenario
from sim.sweeps import designs

KEPT = 64
"""How many answers at a sample are kept: several scores read the same ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """The model's answers at some points, shape ``(points,)`` each.

    Parameters
    ----------
    outcome_class
        Index into the file's classes; -1 where the game is not solved.
    predicted
        Whether class and agreement of the prediction are those that the file says were made; of an
        agreement it may say nothing.
    best
        Whether a treaty is feasible and the best one is one that the file says was made.
    single
        Per actor whether lifting what it needs, and nothing else, makes a treaty feasible where none is,
        shape ``(actors, points)``.
    margin
        The ladder's margin.
    actors
        Names.
    """

    outcome_class: IntArray
    predicted: BoolArray
    best: BoolArray
    single: BoolArray
    margin: FloatArray
    actors: tuple[str, ...]

    def at(self, points: IntArray) -> Answers:
        """The answers at some of the points."""
        return Answers(
            self.outcome_class[points],
            self.predicted[points],
            self.best[points],
            self.single[:, points],
            self.margin[points],
            self.actors,
        )


def sample(scenario: Scenario, paths: Sequence[str], points: int, seed: int) -> FloatArray:
    """Points of some parameters, drawn as the file declares, shape ``(len(paths), points)``."""
    if not paths:
        return np.zeros((0, points))
    design = designs.sample(scenario, "sobol", dict.fromkeys(paths), points=points, seed=seed)
    return design.points(0, points)


def answers(scenario: Scenario, paths: Sequence[str], theta: FloatArray) -> Answers:
    """The model's answers with some parameters given values, everything else as it is."""
    return answers_of(prepared(scenario, tuple(paths)), theta)


def answers_of(problem: Problem, theta: FloatArray, *, engine: str = "auto") -> Answers:
    """The answers of a compiled scenario; ``engine`` as in :func:`sim.feasibility.evaluate.evaluate_all`."""
    return _read(problem.dispute, *evaluated_and_lifted(problem, theta, engine=engine))


def _read(dispute: Dispute, evaluation: Evaluation, blocked: Lifted) -> Answers:
    """The answers that ladder, prediction and blockers give."""
    scenario = dispute.scenario
    ladder = evaluation.ladder
    if evaluation.prediction is None:
        outcome, agreement = _from_margin(scenario.document, ladder.margin), ladder.agreement
    else:
        outcome = evaluation.prediction.outcome_class
        agreement = evaluation.prediction.agreement
    made = _as_observed(dispute)
    predicted = made[agreement] & (outcome == _observed_class(scenario))
    best = made[ladder.agreement] & (ladder.margin >= 0)
    return Answers(outcome, predicted, best, blocked.single, ladder.margin, blocked.actors)


@lru_cache(maxsize=KEPT)
def own_answer(scenario: Scenario) -> Answers:
    """The answer at a scenario's own values, as the only point."""
    problem = prepared(scenario, ())
    return _read(problem.dispute, problem.own, own_blocked(scenario))


@lru_cache(maxsize=KEPT)
def own_blocked(scenario: Scenario) -> Lifted:
    """What blocks at a scenario's own values, as the only point."""
    problem = prepared(scenario, ())
    return lifted(problem, problem.dispute.at(problem.dispute.point()))


class Shared(NamedTuple):
    """The weights that some episodes share, as the first of them has and declares them."""

    members: tuple[Scenario, ...]
    paths: tuple[str, ...]

    @property
    def first(self) -> Scenario:
        """The first episode."""
        return self.members[0]


@lru_cache(maxsize=KEPT)
def all_drawn(scenario: Scenario, points: int, seed: int) -> Answers:
    """The answers with every number of a scenario drawn over its range."""
    paths = scenario.movable()
    return answers(scenario, paths, sample(scenario, paths, points, seed))


@lru_cache(maxsize=1)
def shared_points(shared: Shared, points: int, seed: int) -> FloatArray:
    """Shared weights as the first episode has them, then drawn as it declares them; not to be changed."""
    own = np.array([shared.first.values[path] for path in shared.paths])[:, None]
    return np.concatenate([own, sample(shared.first, shared.paths, points, seed)], axis=1)


@lru_cache(maxsize=KEPT)
def shared_drawn(scenario: Scenario, shared: Shared, points: int, seed: int) -> Answers:
    """The answers at :func:`shared_points`."""
    return answers(scenario, shared.paths, shared_points(shared, points, seed))


class Drawn(NamedTuple):
    """The answers to what is asked of an episode, as :func:`all_drawn` and :func:`shared_drawn` give them.

    ``ends`` are the margins with each parameter that may move in turn at either end of its range, ``(2,
    parameters)``, where they were worked out too.
    """

    every: Answers
    shared: Answers
    ends: FloatArray | None


def drawn(scenario: Scenario, shared: Shared, points: int, seed: int) -> Drawn:
    """What is asked of an episode, in one pass for all episodes of its family that are alike."""
    found = _drawn_together(shared, points, seed)
    if scenario in found:
        return found[scenario]
    every = all_drawn(scenario, points, seed)
    return Drawn(every, shared_drawn(scenario, shared, points, seed), None)


@lru_cache(maxsize=2)
def _drawn_together(shared: Shared, points: int, seed: int) -> dict[Scenario, Drawn]:
    """All that is asked of every episode that is like another one, where points are many enough."""
    weights, out = shared_points(shared, points, seed), {}
    for members in alike(shared.members):
        family = Family(members)
        if len(members) == 1 or not family.pays((points + weights.shape[1]) * len(members)):
            continue
        asked = []
        for s in members:
            every, (names, ends) = s.movable(), points_at_ends(s)
            parts = [(every, sample(s, every, points, seed)), (shared.paths, weights)]
            theta = [family.points(s, paths, some) for paths, some in [*parts, (names, ends)]]
            asked.append((s, np.concatenate(theta, axis=1)))
        for s, found in zip(members, family.answers(asked), strict=True):
            both = _read(replace(family.problem.dispute, scenario=s), *found)
            last = points + weights.shape[1]
            out[s] = Drawn(
                both.at(np.arange(points)),
                both.at(np.arange(points, last)),
                both.margin[last:].reshape(2, -1),
            )
    return out


def points_at_ends(scenario: Scenario) -> tuple[tuple[str, ...], FloatArray]:
    """The parameters that may move, and points with each in turn at the lower, then at the upper end."""
    names = reach_of(scenario, None).names
    own = np.array([scenario.values[path] for path in names]).reshape(-1, 1)
    ends = np.array([ends_of(scenario, path) for path in names]).reshape(-1, 2)
    alone = np.eye(len(names), dtype=np.bool_)
    return names, np.concatenate([np.where(alone, end[:, None], own) for end in ends.T], axis=1)


def _observed_class(scenario: Scenario) -> int:
    """Index of the class that was observed; -2, which is none, where the file says nothing."""
    observed = scenario.document.observed
    return -2 if observed is None else scenario.document.classes.index(observed.outcome)


def _as_observed(dispute: Dispute) -> BoolArray:
    """Which agreements count as the one that was made, shape ``(agreements,)``."""
    scenario = dispute.scenario
    observed = scenario.document.observed
    if observed is None or observed.agreement is None:
        return np.ones(len(dispute.space), dtype=np.bool_)
    env = derive(scenario.document, {**scenario.values, **dispute.space.attributes})
    return holds(observed.agreement, env, len(dispute.space), "observed.agreement")


def _from_margin(document: Document, margin: FloatArray) -> IntArray:
    """Without a game a feasible treaty is what the model expects."""
    return np.where(margin >= 0, document.class_of(TREATY), document.class_of(NO_OUTCOME))


def credit(scenario: Scenario, found: Answers, observed: Observed) -> FloatArray:
    """How far the answers say what was observed, in [0, 1]: one of ``m`` actors that block counts ``1/m``."""
    right = matches(scenario, found, observed)
    if observed.binding is None:
        return right.astype(np.float64)
    return np.where(right, 1 / np.maximum(1, found.single.sum(axis=0)), 0.0)


def matches(scenario: Scenario, found: Answers, observed: Observed) -> BoolArray:
    """Where the answers are right.

    A treaty that was signed must come out best or be predicted. Otherwise class and agreement of the
    prediction must be what happened. Where the file names an actor that blocked, lifting what it needs must
    be enough for a treaty; lifting what another needs may be enough as well.
    """
    right = found.predicted
    if observed.outcome == TREATY:
        right = right | found.best
    if observed.binding is None:
        return np.asarray(right)
    if observed.binding not in found.actors:
        return np.zeros_like(right)
    return np.asarray(right & found.single[found.actors.index(observed.binding)])
