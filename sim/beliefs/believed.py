"""What beliefs say of one dispute: how often a treaty is feasible, and what blocks.

Definition. Parameters that were drawn take their drawn values unless they are set; all else is as in the
file. Beside that stands the share with everything else that has a range drawn too, by its law: how the
dispute itself is coded is as uncertain as how the record is. What blocks is found by lifting
(:mod:`sim.feasibility.blockers`), each draw with its weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.beliefs.record_beliefs import Beliefs
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
    share, error = weighted(w, margins > 0)
    no = margins < 0
    blocked: dict[str, float] = {}
    alone: dict[str, float] = {}
    if no.any():
        lifted = lifted_all(problem, theta[:, no])
        shares = np.bincount(lifted.lifting, w[no], len(lifted.labels)).astype(np.float64)
        blocked = _ordered(lifted.labels, shares)
        alone = _ordered(lifted.parts, lifted.alone @ w[no])
    others = _others(beliefs, scenario)
    states = None
    if others:
        _, _, again = _answered(beliefs, scenario, others)
        states = weighted(w, again > 0)
    return Believed(
        share=share,
        error=error,
        unfitted=None if beliefs.start is not None else float(beliefs.prior @ (margins > 0)),
        states=None if states is None else states[0],
        states_error=None if states is None else states[1],
        below=None if margin is None else float(w @ (margins < margin)),
        blocked=blocked,
        alone=alone,
        episodes=len(beliefs.episodes),
        effective=beliefs.effective,
    )


def weighted(weights: FloatArray, claim: BoolArray) -> tuple[float, float]:
    """The believed share of a claim, and its standard error.

    Examples
    --------
    >>> weighted(np.full(4, 0.25), np.array([True, False, False, False]))[0]
    0.25
    """
    p = float(weights @ claim)
    return p, float(np.sqrt((weights**2 * (claim - p) ** 2).sum()))


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
    rows = [k for k, p in enumerate(beliefs.declared) if p not in scenario.overrides]
    paths = [p for p in beliefs.declared if p not in scenario.overrides]
    theta = np.concatenate([beliefs.points[rows], *(x[None] for x in others.values())])
    problem = prepare(scenario, [*paths, *others])
    return problem, theta, evaluate_all(problem, theta).ladder.margin


def _ordered(labels: Sequence[str], shares: FloatArray) -> dict[str, float]:
    pairs = sorted(zip(labels, shares.tolist(), strict=True), key=lambda pair: -pair[1])
    return {k: x for k, x in pairs if x > 0}
