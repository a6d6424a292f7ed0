"""A dispute as a bargaining problem among its principals.

Definition. The agreements are those that every constraint at home and abroad lets through (slack >= 0),
each with the payoffs of the principals under the stances that the third parties take once it is signed;
the disagreement point is the status quo under the stances that hold when nothing is signed. Where the
stances have several equilibria the first is taken.

Array convention. ``utilities`` has shape ``(principals, agreements, 1)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import RELATIVE
from sim.feasibility.stances import stance_equilibria
from sim.games.bargaining import BargainingProblem
from sim.payoffs import compile_dispute
from sim.scenario import Scenario


def bargaining_of(scenario: Scenario) -> BargainingProblem:
    """The bargaining problem of a dispute at its current values.

    Parameters
    ----------
    scenario
        A dispute.

    Returns
    -------
    BargainingProblem
        With the status quo first and as the disagreement point.
    """
    dispute = compile_dispute(scenario)
    batch = dispute.at(dispute.point())
    stable, _ = stance_equilibria(batch)
    stances = stable[..., 0].argmax(axis=1)
    rows = np.arange(dispute.shape[0])
    allowed = np.ones(dispute.shape[0], dtype=np.bool_)
    for constraint in dispute.constraints:
        slack = np.broadcast_to(batch.slack(constraint), (*dispute.shape, 1))
        allowed &= slack[rows, stances, 0] >= -RELATIVE
    allowed[0] = True
    principals = scenario.document.principals
    payoffs = [np.broadcast_to(batch.payoff(i), (*dispute.shape, 1)) for i in principals]
    utilities = np.stack([u[rows, stances] for u in payoffs])[:, allowed]
    return BargainingProblem(
        actors=principals,
        agreements=tuple(dispute.space.label(int(k)) for k in np.flatnonzero(allowed)),
        utilities=utilities,
        disagreement=utilities[:, 0],
        title=scenario.title,
    )
