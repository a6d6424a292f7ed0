"""Sign tests: move some parameters, and the margin (or another measure) must move the stated way.

Definition. A sign test sets parameters and compares a *measure* before and after. The measure is the
ladder's margin over the agreements the test names (all treaties by default), commitments of third parties
included, or an expression at the predicted outcome. ``up`` and ``down`` ask for a change by more than the
tolerance, ``same`` for none; ``feasible`` and ``infeasible`` ask for the sign of the margin after the change;
``predicted`` asks which outcome class the game predicts then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.errors import UsageError
from sim.feasibility import climb
from sim.feasibility.commitments import with_commitments
from sim.feasibility.evaluate import Problem, prepared
from sim.payoffs.dispute import Batch, Dispute
from sim.payoffs.space import derive, holds
from sim.scenario import Scenario, SignTest
from sim.scenario.structural import structural_parameters


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
    return sign_tests(scenario, (test,))[0]


def sign_tests(scenario: Scenario, tests: Sequence[SignTest]) -> tuple[SignResult, ...]:
    """The results of some sign tests on a scenario; errors as for :func:`sign_test`.

    The dispute is compiled once for all that they set, but for what decides which agreements exist.
    """
    changes = _Changes(scenario, tests)
    return tuple(_result(changes, test) for test in tests)


class _Changes:
    """A scenario with everything that some tests set, the points of one compiled problem.

    Points that set what decides which agreements exist are compiled by themselves.
    """

    def __init__(self, scenario: Scenario, tests: Sequence[SignTest]) -> None:
        fixed = structural_parameters(scenario.document)
        asked = [test.set for test in tests] + [t.less_than for t in tests if t.less_than]
        sets: list[Mapping[str, float]] = [{}, *asked]
        together = [changed for changed in sets if not fixed & changed.keys()]
        self.scenario = scenario
        self.varied = tuple(dict.fromkeys(path for changed in together for path in changed))
        self.columns = {_key(changed): k for k, changed in enumerate(together)}
        self.points = [scenario.at(changed) for changed in together]
        self.known: dict[bytes, FloatArray] = {}

    @cached_property
    def problem(self) -> Problem:
        """The scenario compiled for all that is set."""
        return prepared(self.scenario, self.varied)

    @cached_property
    def batch(self) -> Batch:
        """The dispute at all the points."""
        values = [[point.values[path] for point in self.points] for path in self.varied]
        return self.problem.dispute.at(np.array(values).reshape(len(values), len(self.points)))

    def measure(self, changed: Mapping[str, float], test: SignTest) -> float:
        """What a test measures with some values set."""
        column = self.columns.get(_key(changed))
        if column is None or test.measure is not None:
            return _measure(prepared(self.scenario.at(changed), ()), test)
        wanted = _candidates(self.problem.dispute, self.points[column], test)
        if (key := wanted.tobytes()) not in self.known:
            self.known[key] = _margins(self.problem, self.batch, wanted)
        return float(self.known[key][column])


def _key(changed: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(changed.items()))


def _result(changes: _Changes, test: SignTest) -> SignResult:
    """The result of one of the tests."""
    before, after = changes.measure({}, test), changes.measure(test.set, test)
    passed = all(_holds(kind, before, after) for kind in test.expect)
    if test.predicted is not None:
        passed = passed and _predicted(changes.scenario.at(test.set)) == test.predicted
    if test.less_than is not None:
        further = changes.measure(test.less_than, test)
        passed = passed and abs(after - before) < abs(further - before)
    wanted = (*test.expect, *((f"predicted {test.predicted}",) if test.predicted else ()))
    return SignResult(set=dict(test.set), expect=wanted, before=before, after=after, passed=passed)


def _predicted(scenario: Scenario) -> str | None:
    """The outcome class that a scenario's game predicts."""
    found = prepared(scenario, ()).own.prediction
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


def _measure(problem: Problem, test: SignTest) -> float:
    """What a test measures at a scenario's own values."""
    if test.measure is not None:
        return _at_prediction(problem, test)
    dispute = problem.dispute
    wanted = _candidates(dispute, dispute.scenario, test)
    return float(_margins(problem, dispute.at(dispute.point()), wanted)[0])


def _margins(problem: Problem, batch: Batch, wanted: BoolArray) -> FloatArray:
    """The ladder's margins over some agreements, commitments of third parties included."""
    ladder = climb(batch, wanted)
    if problem.game is not None:
        ladder = with_commitments(problem.game, batch, ladder, candidates=wanted)
    return ladder.margin


def _candidates(dispute: Dispute, scenario: Scenario, test: SignTest) -> BoolArray:
    """The agreements that climb, by the values of a scenario."""
    classes = scenario.document.classes
    wanted = dispute.classes == (classes.index(test.of) if test.of in classes else -1)
    if test.among is None:
        return np.asarray(wanted)
    env = derive(scenario.document, {**scenario.values, **dispute.space.attributes})
    return np.asarray(wanted & holds(test.among, env, len(dispute.space), "sign_tests: among"))


def _at_prediction(problem: Problem, test: SignTest) -> float:
    assert test.measure is not None
    found = problem.own.prediction
    if found is None or found.agreement[0] < 0:
        raise UsageError(
            f"{problem.dispute.scenario.origin}: a sign test with 'measure' needs a game that predicts"
        )
    value = np.broadcast_to(
        test.measure.evaluate(problem.dispute.frame.env(problem.dispute.point())),
        (*problem.dispute.shape, 1),
    )
    return float(value[found.agreement[0], found.profile[0], 0])
