"""What beliefs say of one dispute: how often a treaty is feasible, and what blocks.

Definition. Parameters that were drawn take their drawn values unless they are set; all else is as in the
file. Beside that stands the share with everything else that has a range drawn too, by its law: how the
dispute itself is coded is as uncertain as how the record is. What blocks is found by lifting
(:mod:`sim.feasibility.blockers`), each draw with its weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.beliefs.record_beliefs import Beliefs
from sim.beliefs.weighted_draws import moments
from sim.feasibility import Believed, evaluate_all, prepare
from sim.feasibility.blockers import lifted_all
from sim.feasibility.evaluate import Problem
from sim.scenario import Scenario
from sim.sweeps.designs.sample import sample


def believed(beliefs: Beliefs, scenario: Scenario, *, margin: float | None = None) -> Believed:
    """What weights that fit a record say of a dispute.

    Parameters
    ----------
    beliefs
        The draws.
    scenario
        A dispute with the parameters of the draws, declared as they were.
    margin
        The one at the scenario's own values, to say how they stand among the draws.

    Raises
    ------
    UsageError
        If the scenario lacks a parameter of the draws, or declares another range for it.
    """
    beliefs.require_same(scenario)
    w = beliefs.weights
    problem, theta, margins = _answered(beliefs, scenario, {})
    share, _, error = moments(w, margins > 0)
    no = margins < 0
    blocked: dict[str, float] = {}
    alone: dict[str, float] = {}
    if no.any():
        lifted = lifted_all(problem, theta[:, no])
        shares = np.bincount(lifted.lifting, w[no], len(lifted.labels)).astype(np.float64)
        blocked = _ordered(lifted.labels, shares)
        alone = _ordered(lifted.parts, lifted.alone @ w[no])
    others = _others(beliefs, scenario)
    states, states_error = None, None
    if others:
        _, _, again = _answered(beliefs, scenario, others)
        states, _, states_error = moments(w, again > 0)
    return Believed(
        share=share,
        error=error,
        unfitted=None if beliefs.start is not None else float(beliefs.prior @ (margins > 0)),
        states=states,
        states_error=states_error,
        below=None if margin is None else float(w @ (margins < margin)),
        blocked=blocked,
        alone=alone,
        episodes=len(beliefs.episodes),
        effective=beliefs.effective,
    )


def _others(beliefs: Beliefs, scenario: Scenario) -> dict[str, FloatArray]:
    """Draws of everything with a range that the beliefs did not draw and nobody set."""
    paths = [
        p for p in scenario.movable() if p not in beliefs.declared and p not in scenario.overrides
    ]
    if not paths:
        return {}
    size = beliefs.points.shape[1]
    seed = int(beliefs.manifest.get("seed", 0)) + 1
    design = sample(scenario, "monte_carlo", dict.fromkeys(paths), points=size, seed=seed)
    return dict(zip(paths, design.points(0, size), strict=True))


def _answered(
    beliefs: Beliefs, scenario: Scenario, others: Mapping[str, FloatArray]
) -> tuple[Problem, FloatArray, FloatArray]:
    """The problem that varies what was drawn, the draws, and the margin at each."""
    paths, rows = beliefs.but(scenario.overrides)
    theta = np.concatenate([beliefs.points[rows], *(x[None] for x in others.values())])
    problem = prepare(scenario, [*paths, *others])
    return problem, theta, evaluate_all(problem, theta).ladder.margin


def _ordered(labels: Sequence[str], shares: FloatArray) -> dict[str, float]:
    pairs = sorted(zip(labels, shares.tolist(), strict=True), key=lambda pair: -pair[1])
    return {k: x for k, x in pairs if x > 0}
