"""Sign tests: move some parameters, and the margin (or another measure) must move the stated way.

Definition. A sign test sets parameters and compares a *measure* before and after. The measure is the
ladder's margin over the agreements the test names (all treaties by default), commitments of third parties
included, or an expression at the predicted outcome. ``up`` and ``down`` ask for a change by more than the
tolerance, ``same`` for none; ``feasible`` and ``infeasible`` ask for the sign of the margin after the change;
``predicted`` asks which outcome class the game predicts then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray
from sim.errors import UsageError
from sim.feasibility import climb, evaluate
from sim.feasibility.commitments import with_commitments
from sim.feasibility.evaluate import Problem, prepared
from sim.payoffs.space import derive, holds
from sim.scenario import Scenario, SignTest


@dataclass(frozen=True, slots=True, kw_only=True)
class SignResult:
    """What a sign test found.

    Parameters
    ----------
    set
        The values that were set.
    expect
        What had to hold.
    before, after
        The measure; ``-inf`` where no agreement climbs the ladder.
    passed
        Whether everything expected held.
    """

    set: Mapping[str, float]
    expect: tuple[str, ...]
    before: float
    after: float
    passed: bool


def sign_test(scenario: Scenario, test: SignTest) -> SignResult:
    """The result of one sign test on a scenario.

    Raises
    ------
    UsageError
        If the measure is an expression and the scenario has no game that predicts an outcome.
    """
    before = _measure(scenario, test)
    after = _measure(scenario.at(test.set), test)
    passed = all(_holds(kind, before, after) for kind in test.expect)
    if test.predicted is not None:
        passed = passed and _predicted(scenario.at(test.set)) == test.predicted
    if test.less_than is not None:
        further = _measure(scenario.at(test.less_than), test)
        passed = passed and abs(after - before) < abs(further - before)
    wanted = (*test.expect, *((f"predicted {test.predicted}",) if test.predicted else ()))
    return SignResult(set=dict(test.set), expect=wanted, before=before, after=after, passed=passed)


def _predicted(scenario: Scenario) -> str | None:
    """The outcome class that a scenario's game predicts."""
    problem = prepared(scenario, ())
    found = evaluate(problem, problem.dispute.point()).prediction
    if found is None or found.agreement[0] < 0:
        return None
    return scenario.document.classes[int(found.outcome_class[0])]


def _holds(kind: str, before: float, after: float) -> bool:
    moved = 0.0 if before == after else after - before
    return {
        "up": moved > RELATIVE,
        "down": moved < -RELATIVE,
        "same": abs(moved) <= RELATIVE,
        "feasible": after >= -RELATIVE,
        "infeasible": after < -RELATIVE,
    }[kind]


def _measure(scenario: Scenario, test: SignTest) -> float:
    problem = prepared(scenario, ())
    if test.measure is not None:
        return _at_prediction(problem, test)
    batch, wanted = problem.dispute.at(problem.dispute.point()), _candidates(problem, test)
    ladder = climb(batch, wanted)
    if problem.game is not None:
        ladder = with_commitments(problem.game, batch, ladder, candidates=wanted)
    return float(ladder.margin[0])


def _candidates(problem: Problem, test: SignTest) -> BoolArray:
    dispute, scenario = problem.dispute, problem.dispute.scenario
    classes = scenario.document.classes
    wanted = dispute.classes == (classes.index(test.of) if test.of in classes else -1)
    if test.among is None:
        return np.asarray(wanted)
    env = derive(scenario.document, {**scenario.values, **dispute.space.attributes})
    return np.asarray(wanted & holds(test.among, env, len(dispute.space), "sign_tests: among"))


def _at_prediction(problem: Problem, test: SignTest) -> float:
    assert test.measure is not None
    found = evaluate(problem, problem.dispute.point()).prediction
    if found is None or found.agreement[0] < 0:
        raise UsageError(
            f"{problem.dispute.scenario.origin}: a sign test with 'measure' needs a game that predicts"
        )
    value = np.broadcast_to(
        test.measure.evaluate(problem.dispute.frame.env(problem.dispute.point())),
        (*problem.dispute.shape, 1),
    )
    return float(value[found.agreement[0], found.profile[0], 0])
