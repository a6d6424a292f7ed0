"""What a scoreboard says of the verdict at a scenario's own values."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.backcasting.sampling import own_blocked
from sim.feasibility.blockers import NOTHING
from sim.feasibility.evaluate import prepared
from sim.feasibility.ladder import owners_of
from sim.scenario import NO_OUTCOME, TREATY, Scenario


class OwnVerdict(NamedTuple):
    """A verdict without its reasons: those parts of :class:`sim.feasibility.Verdict` that are counted.

    ``predicted`` is what the ladder expects where no game says more; ``binding`` is the actor of the lowest
    part; both ``margin`` and ``binding`` are ``None`` where the file has no treaty at all.
    """

    predicted: str
    margin: float | None
    binding: str | None
    lifting: str


def own_verdict(scenario: Scenario) -> OwnVerdict:
    """The verdict on a dispute at its own values."""
    problem = prepared(scenario, ())
    ladder, prediction = problem.own.ladder, problem.own.prediction
    margin = float(ladder.margin[0])
    predicted = TREATY if margin > 0 else NO_OUTCOME
    if prediction is not None and prediction.agreement[0] >= 0:
        predicted = scenario.document.classes[int(prediction.outcome_class[0])]
    if not np.isfinite(margin):
        return OwnVerdict(predicted, None, None, NOTHING)
    blocked = own_blocked(scenario)
    return OwnVerdict(
        predicted=predicted,
        margin=margin,
        binding=owners_of(problem.dispute)[int(ladder.binding[0])],
        lifting=blocked.labels[int(blocked.lifting[0])],
    )
