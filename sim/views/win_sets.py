"""Win-sets: which treaties each principal gains from and can bring home.

Definition. Every agreement is taken under one stance profile of the third parties: of their equilibria
once it is signed, the one where the lowest gain or slack is highest. What the game commits third parties
to is left out, and said. Its *gain* for a principal is the payoff above the status quo, in units of
payoff spread. A principal's *win-set* [putnam1988]_ holds the treaties with a gain and all own slacks at
home of at least 0; the win-sets overlap in the treaties that all accept.

Array convention. Gains and slacks have shape ``(principals, agreements)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.errors import UsageError
from sim.feasibility import climb, evaluate, prepare
from sim.feasibility.commitments import rests_on
from sim.feasibility.stances import stance_equilibria
from sim.labels import NO_LABELS, Labels
from sim.payoffs import Batch, Dispute, compile_dispute
from sim.scenario import TREATY, Scenario


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WinSets:
    """Every agreement with what each principal gains and what its home says.

    Parameters
    ----------
    title
        Of the scenario.
    principals, agreements
        Names and labels.
    classes
        Outcome class of every agreement.
    issues
        Per issue its positions.
    positions
        Shape ``(agreements, issues)``: which position each agreement takes.
    gains
        Shape ``(principals, agreements)``, in units of payoff spread.
    home
        Same shape: the lowest of a principal's gain and its slacks at home.
    abroad
        Shape ``(agreements,)``: the lowest slack abroad, infinite where nothing is engaged.
    stances
        In a clause which stances of third parties these are, and which the verdict rests on instead; empty
        where third parties have no choice.
    """

    title: str
    principals: tuple[str, ...]
    agreements: tuple[str, ...]
    classes: tuple[str, ...]
    issues: Mapping[str, tuple[str, ...]]
    positions: IntArray
    gains: FloatArray
    home: FloatArray
    abroad: FloatArray
    stances: str = ""
    labelled: Labels = NO_LABELS

    @property
    def treaties(self) -> BoolArray:
        """Which agreements are treaties, shape ``(agreements,)``."""
        return np.array([name == TREATY for name in self.classes], dtype=np.bool_)


def win_sets(scenario: Scenario) -> WinSets:
    """Every agreement of a dispute with each principal's gain and the lowest slack of its home.

    Raises
    ------
    UsageError
        If the scenario is not a dispute.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "{issues: {peace: {no: {}, yes: {signed: 1}}}, outcomes: {treaty: signed},"
    ...     " actors: {a: {role: principal}, b: {role: principal}},"
    ...     " payoffs: {a: {x: 2*signed}, b: {x: -signed}}}"
    ... )
    >>> win_sets(s).home[:, 1]
    array([ 1., -1.])

    Notes
    -----
    Source: [putnam1988]_.
    """
    if scenario.document.form != "dispute":
        raise UsageError(f"{scenario.origin}: a classical game has no win-sets")
    dispute = compile_dispute(scenario)
    batch = dispute.at(dispute.point())
    base = int(climb(batch).base_profile[0])
    gains, home, abroad = _parts(dispute, batch, base)
    lowest = np.minimum(home.min(axis=0), abroad)
    stable, _ = stance_equilibria(batch)
    profile = np.where(stable[..., 0], lowest, -np.inf).argmax(axis=1)
    rows = np.arange(dispute.shape[0])
    names = scenario.document.classes
    return WinSets(
        title=scenario.title,
        principals=scenario.document.principals,
        agreements=dispute.space.labels,
        classes=tuple(names[int(k)] for k in dispute.classes),
        issues=dispute.space.issues,
        positions=dispute.space.positions,
        gains=gains[:, rows, profile],
        home=home[:, rows, profile],
        abroad=abroad[rows, profile],
        stances=_stances(scenario),
        labelled=scenario.labelled,
    )


def _stances(scenario: Scenario) -> str:
    problem = prepare(scenario)
    if problem.dispute.shape[1] == 1:
        return ""
    words = "third parties' stances answer what is signed"
    if problem.game is not None:
        point = problem.dispute.point()
        batch, ladder = problem.dispute.at(point), evaluate(problem, point).ladder
        if chosen := rests_on(problem.game, batch, ladder):
            return f"{words}; the verdict rests on {', '.join(chosen)}"
    return words


def _parts(dispute: Dispute, batch: Batch, base: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Gains and slacks of all agreements under all stances, ``(principals, agreements, profiles)``."""
    principals = dispute.scenario.document.principals
    payoffs = [np.broadcast_to(batch.payoff(i), (*dispute.shape, 1))[..., 0] for i in principals]
    gains = np.stack(
        [(u - u[0, base]) / dispute.scales[i] for i, u in zip(principals, payoffs, strict=True)]
    )
    home, abroad = gains.copy(), np.full(dispute.shape, np.inf)
    for constraint in dispute.constraints:
        slack = np.broadcast_to(batch.slack(constraint), (*dispute.shape, 1))[..., 0]
        if constraint.rung == "home" and constraint.actor in principals:
            row = principals.index(constraint.actor)
            home[row] = np.minimum(home[row], slack)
        else:
            abroad = np.minimum(abroad, slack)
    return gains, home, abroad
