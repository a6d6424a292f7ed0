"""Sentences that qualify a verdict, and the one on what the game predicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.feasibility.evaluate import Evaluation
from sim.payoffs import Dispute

if TYPE_CHECKING:
    from sim.feasibility.verdict import Verdict


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
        in_rounds = prediction.round is not None
        notes.append(
            "no pure equilibrium of the rounds was found; 'sim solve' says more"
            if in_rounds
            else "a simultaneous stage has no pure equilibrium; 'sim solve' plays it mixed"
        )
    return notes


def prediction(verdict: Verdict) -> Iterator[str]:
    """The outcome that stands for the equilibria, how many there are, and when it is signed."""
    p = verdict.predicted
    if p is None:
        return
    count = p["equilibria"]
    sure = "in every equilibrium" if p["in_every_equilibrium"] else "in some equilibria"
    chance = p["ratified_with_probability"]
    odds = f", ratified with probability {chance:.3g}" if 0 < chance < 1 else ""
    kind = "equilibrium" if p.get("rounds", 0) is not None else "stationary equilibrium"
    how = f"one {kind} outcome" if count == 1 else f"{count} {kind} outcomes"
    broken = ", then reneged upon" if p["reneged"] else ""
    what = verdict.labelled.say(p["agreement"])
    when = _when(verdict)
    yield f"The game predicts '{p['outcome_class']}': {what}{broken} ({sure}, {how}{odds}){when}."


def _when(verdict: Verdict) -> str:
    """Of a game in rounds the round of the signature, and what waiting for it costs."""
    p = verdict.predicted or {}
    if "round" not in p:
        return ""
    of = "" if p["rounds"] is None else f" of {p['rounds']}"
    if p["round"] is None:
        return ", and no round ends in an agreement"
    if "delay_costs" not in p:
        return f", signed in round 1{of}: nothing is lost by waiting"
    say = verdict.labelled.actor
    costs = ", ".join(f"{say(actor)} {cost:.3g}" for actor, cost in p["delay_costs"].items())
    return f", signed in round {p['round']}{of}; against signing it at once waiting costs {costs} (payoff)"
