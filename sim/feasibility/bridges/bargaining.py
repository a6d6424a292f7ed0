"""A dispute as a bargaining problem among its principals.

Definition. The agreements are those that every constraint at home and abroad lets through (slack >= 0),
each with the payoffs of the principals under the stances that the third parties take once it is signed;
the disagreement point is the status quo under the stances that hold when nothing is signed. Where the
stances have several equilibria the first is taken.

Array convention. ``utilities`` has shape ``(principals, agreements, 1)``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray, IntArray
from sim.agreements import AgreementSpace
from sim.feasibility.stances import stance_equilibria
from sim.games.bargaining import BargainingProblem, Mode
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
        With the status quo first and as the disagreement point; payoffs are transferable where the file
        allows side payments.
    """
    found = signable(scenario)
    mode: Mode = "transferable" if scenario.document.side_payments else "discrete"
    return BargainingProblem(
        actors=scenario.document.principals,
        agreements=tuple(found.space.label(int(k)) for k in found.agreements),
        utilities=found.payoffs[..., None],
        disagreement=found.payoffs[:, :1],
        mode=mode,
        title=scenario.title,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Signable:
    """The agreements that every constraint lets through, the status quo first.

    Parameters
    ----------
    space
        All agreements.
    agreements
        Indices of those that pass, ascending, shape ``(passing,)``.
    payoffs
        Payoffs of the principals there, under the stances that third parties take, shape
        ``(principals, passing)``.
    """

    space: AgreementSpace
    agreements: IntArray
    payoffs: FloatArray


def signable(scenario: Scenario) -> Signable:
    """The agreements of a dispute that every constraint lets through, with the payoffs of the principals."""
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
    utilities = np.stack([u[rows, stances] for u in payoffs])[..., 0]
    passing = np.flatnonzero(allowed)
    return Signable(space=dispute.space, agreements=passing, payoffs=utilities[:, passing])
