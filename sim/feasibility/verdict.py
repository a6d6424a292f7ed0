"""The verdict on one scenario, with its reasons: what ``explain`` reports.

Every verdict names the first rung of the ladder that fails, the best agreement there, the binding
constraint with its actor and by how much; every gain and slack of that agreement; the payoff
terms of each principal under the status quo and under the agreement; and for every parameter
where the verdict flips.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim._kernels.shown import Part, Shown
from sim._kernels.tolerance import RELATIVE
from sim.errors import UsageError
from sim.feasibility import words
from sim.feasibility.blockers import Blockers, blockers
from sim.feasibility.brief import brief
from sim.feasibility.commitments import rests_on, views_of
from sim.feasibility.difference import difference
from sim.feasibility.evaluate import Evaluation, Problem, prepared, rung_names
from sim.feasibility.ladder import Ladder
from sim.feasibility.levels import View
from sim.feasibility.notes import notes_of
from sim.feasibility.prediction import Prediction
from sim.feasibility.share import Share
from sim.feasibility.thresholds import Threshold
from sim.feasibility.ties import best_by_rung, tied_agreements
from sim.labels import NO_LABELS, Labels
from sim.payoffs import Dispute
from sim.rules.ladder import RUNG_OF, RUNGS
from sim.scenario import Scenario, require_scenario

if TYPE_CHECKING:
    from sim.feasibility.bridges.power import BodyPower
    from sim.feasibility.private.by_type import PrivateInformation


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
        The first rung that fails, or ``feasible and predicted`` (``feasible`` where there is no game).
    best_agreement, stances, ties
        Best treaty at that rung, the stances it meets, and the treaties that tie with it.
    blockers
        What blocks, by lifting what actors need; ``None`` where the file has no treaty at all.
    binding
        The lowest gain or slack there: which one that is depends on the units of slacks.
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
        ``None`` where the scenario has no game. Of a game in rounds also the round (from 1) in which it is
        signed, how many there are, and what waiting costs each principal.
    rests_on
        Stances of third parties without which the best treaty would not pass.
    difference
        Why the prediction and the verdict differ; empty where they do not.
    thresholds
        Per parameter where the verdict flips.
    parameters
        The values that were set to differ from the file's.
    assumed
        Paths of parameters whose value is assumed.
    power
        The bodies that ratify as voting games (:func:`sim.explain` adds them).
    notes
        Sentences that qualify the verdict.
    labelled
        What people read in place of the file's names.
    share
        How often a treaty is feasible over the file's own ranges; ``None`` where nobody counted.
    private
        Of a dispute with types all of them, the rest being about the likeliest; ``None`` elsewhere.
    """

    title: str
    feasible: bool | None
    margin: float | None
    margin_in_every: float | None
    rung: str
    best_agreement: str | None
    stances: str
    ties: tuple[str, ...]
    blockers: Blockers | None
    binding: Step | None
    steps: tuple[Step, ...]
    best_by_rung: Mapping[str, tuple[float, str]]
    terms: Mapping[str, Mapping[str, tuple[float, float]]]
    scales: Mapping[str, float]
    predicted: Mapping[str, Any] | None
    rests_on: tuple[str, ...]
    difference: str
    thresholds: tuple[Threshold, ...]
    parameters: Mapping[str, float]
    assumed: tuple[str, ...]
    notes: tuple[str, ...]
    share: Share | None = None
    labelled: Labels = NO_LABELS
    power: tuple[BodyPower, ...] = ()
    private: PrivateInformation | None = None

    def __repr__(self) -> str:
        return f"<Verdict {self.title!r}: {words.answer(self)}>"

    def headline(self) -> Iterator[Part]:
        """The verdict in a few sentences."""
        return words.headline(self)

    def parts(
        self, *, full: bool = False, terms: bool = False, all_slacks: bool = False
    ) -> Iterator[Part]:
        """What ``sim explain`` prints of it: in some twenty lines, or more of it.

        Parameters
        ----------
        full
            All of it: every rung, gain, slack, payoff term and threshold, and what is assumed.
        terms, all_slacks
            Beside the few lines the payoff terms, or every gain and slack.
        """
        if full:
            return words.parts(self)
        return brief(self, terms=terms, all_slacks=all_slacks)

    def _repr_html_(self) -> str:
        """The verdict as sentences and tables for a notebook."""
        return words.as_html(self)

    def to_dict(self) -> dict[str, Any]:
        """The verdict as plain data for JSON; an infinite slack is null."""
        from sim.feasibility.as_data import as_data

        return as_data(self)


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def verdict_of(scenario: Scenario) -> Verdict:
    """The verdict on a scenario at its current values, with its reasons but without thresholds.

    Parameters
    ----------
    scenario
        A dispute.

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
    problem = prepared(scenario, ())
    evaluation = problem.own
    ladder, dispute = evaluation.ladder, problem.dispute
    margin = _finite(float(ladder.margin[0]))
    best = None if margin is None else int(ladder.agreement[0])
    steps = () if best is None else _steps(dispute, ladder)
    views = views_of(problem.game, dispute.at(dispute.point()))
    return Verdict(
        title=scenario.title,
        labelled=scenario.labelled,
        feasible=False if margin is None else (None if margin == 0 else margin > 0),
        margin=margin,
        margin_in_every=_finite(float(ladder.margin_in_every[0])),
        rung=rung_names(problem.played)[int(evaluation.rung[0])],
        best_agreement=None if best is None else dispute.space.label(best),
        stances=dispute.profile_label(int(ladder.profile[0])),
        ties=_ties(dispute, views, ladder),
        blockers=None if best is None else blockers(problem, views),
        binding=steps[int(ladder.binding[0])] if steps else None,
        steps=steps,
        best_by_rung={} if best is None else _best_by_rung(dispute, views),
        terms={} if best is None else _terms(dispute, ladder),
        scales=dict(dispute.scales),
        predicted=_predicted(problem, evaluation.prediction),
        rests_on=_rests_on(problem, ladder),
        difference=_difference(problem, evaluation),
        thresholds=(),
        parameters=dict(scenario.overrides),
        assumed=tuple(p for p, record in scenario.document.parameters.items() if record.assumed),
        notes=tuple(notes_of(dispute, evaluation)),
    )


def _steps(dispute: Dispute, ladder: Ladder) -> tuple[Step, ...]:
    a, s = int(ladder.agreement[0]), int(ladder.profile[0])
    batch = dispute.at(dispute.point())
    out = []
    for actor in dispute.scenario.document.principals:
        u = np.broadcast_to(batch.payoff(actor), (*dispute.shape, 1))
        s0 = int(ladder.against[actor][0])
        gain = float((u[a, s, 0] - u[0, s0, 0]) / dispute.scales[actor])
        error = float(dispute.error(actor)[a, s, 0] + dispute.error(actor)[0, s0, 0])
        gain = 0.0 if abs(gain) <= error / dispute.scales[actor] else gain
        out.append(Step(rung=RUNGS[0], actor=actor, constraint="gain", slack=gain))
    for c in dispute.constraints:
        slack = np.broadcast_to(batch.slack(c), (*dispute.shape, 1))
        value = float(slack[a, s, 0])
        value = 0.0 if abs(value) <= RELATIVE else value
        out.append(Step(rung=RUNGS[RUNG_OF[c.rung]], actor=c.actor, constraint=c.name, slack=value))
    return tuple(out)


def _terms(dispute: Dispute, ladder: Ladder) -> dict[str, dict[str, tuple[float, float]]]:
    a, s = int(ladder.agreement[0]), int(ladder.profile[0])
    return {
        actor: {
            term: (float(value[0, int(ladder.against[actor][0])]), float(value[a, s]))
            for term, value in dispute.terms(actor).items()
        }
        for actor in dispute.scenario.document.principals
    }


def _best_by_rung(dispute: Dispute, views: Sequence[View]) -> dict[str, tuple[float, str]]:
    found = best_by_rung(views[0].cells.batch, views)
    return {RUNGS[k]: (value, dispute.space.label(a)) for k, (value, a) in enumerate(found)}


def _ties(dispute: Dispute, views: Sequence[View], ladder: Ladder) -> tuple[str, ...]:
    if int(ladder.ties[0]) <= 1:
        return ()
    found = tied_agreements(views[0].cells.batch, views, int(ladder.rung[0]))
    return tuple(dispute.space.label(k) for k in found)


def _predicted(problem: Problem, prediction: Prediction | None) -> dict[str, Any] | None:
    if prediction is None or prediction.agreement[0] < 0:
        return None
    document, space = problem.dispute.scenario.document, problem.dispute.space
    found = {
        "outcome_class": document.classes[int(prediction.outcome_class[0])],
        "agreement": space.label(int(prediction.agreement[0])),
        "stances": problem.dispute.profile_label(int(prediction.profile[0])),
        "reneged": bool(prediction.reneged[0]),
        "in_every_equilibrium": bool(prediction.in_every[0]),
        "equilibria": int(prediction.count[0]),
        "ratified_with_probability": float(prediction.chance[0]),
    }
    if problem.rounds is None:
        return found
    from sim.feasibility.in_rounds import in_round

    return found | in_round(problem.rounds, prediction)


def _rests_on(problem: Problem, ladder: Ladder) -> tuple[str, ...]:
    if problem.game is None:
        return ()
    return rests_on(problem.game, problem.dispute.at(problem.dispute.point()), ladder)


def _difference(problem: Problem, evaluation: Evaluation) -> str:
    if problem.rounds is not None and evaluation.prediction is not None:
        from sim.feasibility.in_rounds import difference_in_rounds

        return difference_in_rounds(problem.rounds, evaluation.ladder, evaluation.prediction)
    if problem.game is None or evaluation.prediction is None:
        return ""
    batch = problem.dispute.at(problem.dispute.point())
    return difference(problem.game, batch, evaluation.ladder, evaluation.prediction)
