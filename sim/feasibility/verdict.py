"""The verdict on one scenario, with its reasons: what ``explain`` reports.

Every verdict names the first rung of the ladder that fails, the best agreement there, the binding
constraint with its actor and by how much; every gain and slack of that agreement; the payoff
terms of each principal under the status quo and under the agreement; and for every parameter
where the verdict flips.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim._kernels.shown import Part, Shown
from sim._kernels.tolerance import RELATIVE
from sim.errors import UsageError
from sim.feasibility import words
from sim.feasibility.evaluate import RUNG_NAMES, Evaluation, Problem, evaluate, prepare
from sim.feasibility.ladder import Ladder
from sim.feasibility.levels import RUNG_OF, RUNGS
from sim.feasibility.prediction import Prediction
from sim.feasibility.thresholds import Threshold, thresholds
from sim.feasibility.ties import best_by_rung, tied_agreements
from sim.payoffs import Dispute
from sim.scenario import Scenario, require_scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One gain or slack of the best agreement: its rung, actor, name and value."""

    rung: str
    actor: str
    constraint: str
    slack: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict(Shown):
    """Whether a treaty is feasible, what it contains and what blocks it.

    Parameters
    ----------
    title
        Of the scenario.
    feasible
        ``True``, ``False``, or ``None`` on the knife-edge (margin within tolerance of 0).
    margin, margin_in_every
        In some and in every stance equilibrium; ``None`` where the file has no treaty at all.
    rung
        The first rung that fails, or ``feasible and predicted``.
    best_agreement, stances, ties
        Best treaty at that rung, the stances it meets, and the treaties that tie with it.
    binding
        The lowest gain or slack there.
    steps
        Every gain and slack of the best agreement, ladder order.
    best_by_rung
        Per rung its best value over all treaties, and that treaty.
    terms
        Per principal its payoff terms: ``{term: (status quo, best agreement)}``, in payoff units.
    scales
        Each actor's payoff spread ``K_i`` at the file's own values.
    predicted
        Outcome class, agreement, whether in every equilibrium, number of equilibrium outcomes;
        ``None`` where the scenario has no game.
    thresholds
        Per parameter where the verdict flips.
    parameters
        The values that were set to differ from the file's.
    assumed
        Paths of parameters whose value is assumed.
    notes
        Sentences that qualify the verdict.
    """

    title: str
    feasible: bool | None
    margin: float | None
    margin_in_every: float | None
    rung: str
    best_agreement: str | None
    stances: str
    ties: tuple[str, ...]
    binding: Step | None
    steps: tuple[Step, ...]
    best_by_rung: Mapping[str, tuple[float, str]]
    terms: Mapping[str, Mapping[str, tuple[float, float]]]
    scales: Mapping[str, float]
    predicted: Mapping[str, Any] | None
    thresholds: tuple[Threshold, ...]
    parameters: Mapping[str, float]
    assumed: tuple[str, ...]
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Verdict {self.title!r}: {words.answer(self)}>"

    def headline(self) -> Iterator[Part]:
        """The verdict in a few sentences."""
        return words.headline(self)

    def parts(self) -> Iterator[Part]:
        """What ``sim explain`` prints of it: sentences, the ladder, payoff terms and thresholds."""
        return words.parts(self)

    def _repr_html_(self) -> str:
        """The verdict as sentences and tables for a notebook."""
        return words.as_html(self)

    def to_dict(self) -> dict[str, Any]:
        """The verdict as plain data for JSON; an infinite slack is null."""
        binding = None if self.binding is None else _step(self.binding)
        return {
            "feasible": self.feasible,
            "knife_edge": self.feasible is None and self.margin is not None,
            "margin": self.margin,
            "margin_in_every_equilibrium": self.margin_in_every,
            "rung": self.rung,
            "best_agreement": self.best_agreement,
            "stances": self.stances,
            "ties": list(self.ties),
            "binding": binding,
            "predicted": None if self.predicted is None else dict(self.predicted),
            "ladder": [_step(step) for step in self.steps],
            "best_by_rung": {
                rung: {"value": _finite(value), "agreement": label}
                for rung, (value, label) in self.best_by_rung.items()
            },
            "terms": {
                actor: {term: list(pair) for term, pair in terms.items()}
                for actor, terms in self.terms.items()
            },
            "scales": dict(self.scales),
            "thresholds": [_threshold(t) for t in self.thresholds],
            "assumed": list(self.assumed),
            "notes": list(self.notes),
        }


def _step(step: Step) -> dict[str, Any]:
    return {
        "rung": step.rung,
        "actor": step.actor,
        "constraint": step.constraint,
        "slack": _finite(step.slack),
    }


def _threshold(t: Threshold) -> dict[str, Any]:
    ends = [_finite(t.margin_low), _finite(t.margin_high)]
    return {
        "path": t.path,
        "value": t.value,
        "range": [t.low, t.high],
        "at": list(t.at),
        "margin_at_ends": ends,
    }


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def explain(scenario: Scenario, *, with_thresholds: bool = True) -> Verdict:
    """The verdict on a scenario at its current values, with its reasons.

    Parameters
    ----------
    scenario
        A dispute.
    with_thresholds
        Whether to look for each parameter's thresholds (one small sweep per parameter).

    Raises
    ------
    UsageError
        If the file is a classical game: those have no treaty.
    """
    require_scenario(scenario, "explain")
    if scenario.document.form != "dispute":
        raise UsageError(
            f"{scenario.origin}: a classical game has no treaty ladder; use 'sim solve'"
        )
    problem = prepare(scenario)
    evaluation = evaluate(problem, np.zeros((0, 1)))
    ladder, dispute = evaluation.ladder, problem.dispute
    margin = _finite(float(ladder.margin[0]))
    best = None if margin is None else int(ladder.agreement[0])
    found = thresholds(scenario) if with_thresholds and best is not None else ()
    steps = () if best is None else _steps(dispute, ladder)
    return Verdict(
        title=scenario.title,
        feasible=False if margin is None else _answer(margin),
        margin=margin,
        margin_in_every=_finite(float(ladder.margin_in_every[0])),
        rung=RUNG_NAMES[int(evaluation.rung[0])],
        best_agreement=None if best is None else dispute.space.label(best),
        stances=dispute.profile_label(int(ladder.profile[0])),
        ties=_ties(dispute, ladder),
        binding=steps[int(ladder.binding[0])] if steps else None,
        steps=steps,
        best_by_rung={} if best is None else _best_by_rung(dispute, ladder),
        terms={} if best is None else _terms(dispute, ladder),
        scales=dict(dispute.scales),
        predicted=_predicted(problem, evaluation.prediction),
        thresholds=found,
        parameters=dict(scenario.overrides),
        assumed=tuple(p for p, record in scenario.document.parameters.items() if record.assumed),
        notes=tuple(_notes(dispute, evaluation)),
    )


def _answer(margin: float) -> bool | None:
    return None if abs(margin) <= RELATIVE else margin > 0


def _steps(dispute: Dispute, ladder: Ladder) -> tuple[Step, ...]:
    a, s, s0 = (int(x[0]) for x in (ladder.agreement, ladder.profile, ladder.base_profile))
    batch = dispute.at(dispute.point())
    out = []
    for actor in dispute.scenario.document.principals:
        u = np.broadcast_to(batch.payoff(actor), (*dispute.shape, 1))
        gain = float((u[a, s, 0] - u[0, s0, 0]) / dispute.scales[actor])
        out.append(Step(rung=RUNGS[0], actor=actor, constraint="gain", slack=gain))
    for c in dispute.constraints:
        slack = np.broadcast_to(batch.slack(c), (*dispute.shape, 1))
        value = float(slack[a, s, 0])
        out.append(Step(rung=RUNGS[RUNG_OF[c.rung]], actor=c.actor, constraint=c.name, slack=value))
    return tuple(out)


def _best_by_rung(dispute: Dispute, ladder: Ladder) -> dict[str, tuple[float, str]]:
    batch, base = dispute.at(dispute.point()), int(ladder.base_profile[0])
    return {
        RUNGS[k]: (value, dispute.space.label(agreement))
        for k, (value, agreement) in enumerate(best_by_rung(batch, base))
    }


def _terms(dispute: Dispute, ladder: Ladder) -> dict[str, dict[str, tuple[float, float]]]:
    a, s, s0 = (int(x[0]) for x in (ladder.agreement, ladder.profile, ladder.base_profile))
    return {
        actor: {
            term: (float(value[0, s0]), float(value[a, s]))
            for term, value in dispute.terms(actor).items()
        }
        for actor in dispute.scenario.document.principals
    }


def _ties(dispute: Dispute, ladder: Ladder) -> tuple[str, ...]:
    if int(ladder.ties[0]) <= 1:
        return ()
    found = tied_agreements(dispute.at(dispute.point()), ladder)
    return tuple(dispute.space.label(k) for k in found)


def _predicted(problem: Problem, prediction: Prediction | None) -> dict[str, Any] | None:
    if prediction is None or prediction.agreement[0] < 0:
        return None
    document, space = problem.dispute.scenario.document, problem.dispute.space
    return {
        "outcome_class": document.classes[int(prediction.outcome_class[0])],
        "agreement": space.label(int(prediction.agreement[0])),
        "stances": problem.dispute.profile_label(int(prediction.profile[0])),
        "reneged": bool(prediction.reneged[0]),
        "in_every_equilibrium": bool(prediction.in_every[0]),
        "equilibria": int(prediction.count[0]),
        "ratified_with_probability": float(prediction.chance[0]),
    }


def _notes(dispute: Dispute, evaluation: Evaluation) -> list[str]:
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
    if some >= -RELATIVE and every < -RELATIVE:
        notes.append("feasible in some stance equilibria, not in every one")
    prediction = evaluation.prediction
    if prediction is not None and prediction.agreement[0] < 0:
        notes.append("a simultaneous stage has no pure equilibrium; 'sim solve' plays it mixed")
    return notes
