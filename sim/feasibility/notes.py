"""Sentences that qualify a verdict."""

from __future__ import annotations

from sim.feasibility.evaluate import Evaluation
from sim.payoffs import Dispute


def notes_of(dispute: Dispute, evaluation: Evaluation) -> list[str]:
    """What a reader of the verdict at one point should know besides."""
    notes = []
    if not dispute.treaties.any():
        notes.append("no agreement of this file is of class 'treaty', so no treaty can be feasible")
    if not evaluation.ladder.exact[0]:
        notes.append(
            "the third parties have no pure stance equilibrium; the profiles of least regret stand in"
        )
    if evaluation.knife_edge[0]:
        notes.append(
            "knife-edge: the margin is 0 within tolerance, so neither yes nor no is reported"
        )
    some, every = evaluation.ladder.margin[0], evaluation.ladder.margin_in_every[0]
    if some >= 0 > every and not evaluation.ladder.rests[0]:
        notes.append("feasible in some stance equilibria, not in every one")
    prediction = evaluation.prediction
    if prediction is not None and prediction.agreement[0] < 0:
        notes.append("a simultaneous stage has no pure equilibrium; 'sim solve' plays it mixed")
    return notes
