"""A dispute ready for computing: payoffs and slacks of every agreement under every stance profile.

Definition. With agreement ``a`` and the third parties' stance profile ``s``,

- ``U_i(a, s)`` is actor ``i``'s payoff: the sum of its named terms and of the payoff shifts of its
  constraints (shifts first);
- ``slack_c(a, s)`` is the slack of constraint ``c`` (then slacks), ``+inf`` where it does not apply;
- ``K_i`` is the spread of ``U_i`` over all ``(a, s)`` at the file's own parameter values: actor ``i``'s
  unit. It is fixed, so that a margin means the same at every point of a sweep.

Array convention. ``theta`` has shape ``(varied, batch)``; payoffs and slacks broadcast against
``(agreements, profiles, batch)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import TYPE_CHECKING

import numpy as np

from sim._kernels.tolerance import RELATIVE, AnyArray, BoolArray, FloatArray, IntArray
from sim.agreements import AgreementSpace
from sim.constraints import Rung
from sim.payoffs.not_finite import NotFiniteError, require_finite
from sim.payoffs.not_finite_words import InWords
from sim.payoffs.quantities import Frame, Quantity, Term, term_value
from sim.payoffs.slacks import Asked, CompiledConstraint, name_field
from sim.scenario import TREATY, Scenario

if TYPE_CHECKING:
    from sim.engine.numpy_run import Plan
    from sim.payoffs.program import Program


@dataclass(frozen=True, eq=False)
class Dispute:
    """A scenario compiled for one choice of varied parameters.

    Parameters
    ----------
    scenario
        Where it comes from.
    space
        The agreements.
    classes
        Outcome class of each agreement, shape ``(agreements,)``.
    profiles
        Stance profiles, shape ``(profiles, third parties)``.
    frame
        Names and values.
    payoffs
        Per actor its payoff.
    constraints
        Those that have a slack.
    scales
        ``K_i`` per actor, in payoff units.
    terms_of
        Per actor its payoff terms and the shifts of its constraints.
    asked
        The constraints that have a slack, whatever is varied.
    magnitudes
        Per actor what its payoffs are added up from, shape ``(agreements or 1, profiles or 1, 1)``.
    scale_rows
        Where points of several scenarios are screened together: per actor the row of ``theta``, after those
        of the varied parameters, that holds ``K_i``; ``scales`` are then the least ones.
    """

    scenario: Scenario
    space: AgreementSpace
    classes: IntArray
    profiles: IntArray
    frame: Frame
    payoffs: Mapping[str, Quantity]
    constraints: tuple[CompiledConstraint, ...]
    scales: Mapping[str, float]
    terms_of: Mapping[str, tuple[Term, ...]]
    asked: tuple[Asked, ...]
    magnitudes: Mapping[str, FloatArray]
    scale_rows: Mapping[str, int] = field(default_factory=dict)

    def __getstate__(self) -> dict[str, object]:
        """Without what can be computed again."""
        computed = ("affine", "program", "plan")
        return {name: value for name, value in self.__dict__.items() if name not in computed}

    @property
    def varied(self) -> tuple[str, ...]:
        """Paths of the varied parameters."""
        return self.frame.varied

    @property
    def treaties(self) -> BoolArray:
        """Which agreements are treaties, shape ``(agreements,)``."""
        return np.asarray(self.classes == self.scenario.document.class_of(TREATY))

    @property
    def shape(self) -> tuple[int, int]:
        """Number of agreements and of stance profiles."""
        return len(self.space), len(self.profiles)

    @cached_property
    def affine(self) -> bool:
        """Whether every payoff and every quantity of a constraint is affine in the varied parameters."""
        parts = [*self.payoffs.values()]
        parts += [q for c in self.constraints for q in c.quantities]
        return not any(part.rest for part in parts)

    def error(self, actor: str) -> FloatArray:
        """Up to what an actor's payoffs are known, in payoff units, shape ``(agreements, profiles, 1)``.

        Two payoffs tie where they differ by no more than the sum of both.
        """
        return np.broadcast_to(RELATIVE * self.magnitudes[actor], (*self.shape, 1))

    def at(self, theta: FloatArray) -> Batch:
        """Payoffs and slacks at a chunk of points, each computed once when first asked for."""
        return Batch(self, theta)

    @cached_property
    def program(self) -> Program:
        """Payoffs and slacks for many points."""
        from sim.payoffs.program import program_of

        return program_of(self.frame, self.terms_of, self.asked, self.shape)

    @cached_property
    def plan(self) -> Plan:
        """How the numpy back end computes all of them."""
        from sim.engine.numpy_run import Plan

        program = self.program
        parts = (program.payoffs, program.slacks, program.legal)
        return Plan(program.graph, [n for part in parts for nodes in part.values() for n in nodes])

    def many(self, theta: FloatArray) -> ManyPoints:
        """Like :meth:`at`, sooner at many points; numbers differ by rounding."""
        return ManyPoints(self, theta)

    def payoff(self, actor: str, theta: FloatArray) -> FloatArray:
        """``U_i`` at a chunk of points, shape ``(agreements or 1, profiles or 1, batch)``."""
        return self.at(theta).payoff(actor)

    def slack(self, constraint: CompiledConstraint, theta: FloatArray) -> FloatArray:
        """A constraint's slack at a chunk of points, ``+inf`` where it does not apply."""
        return self.at(theta).slack(constraint)

    def terms(self, actor: str) -> dict[str, FloatArray]:
        """An actor's payoff terms and shifts at the current values, shape ``(agreements, profiles)``."""
        env = self.frame.env(
            np.array([[self.scenario.values[p]] for p in self.varied]).reshape(-1, 1)
        )
        out: dict[str, FloatArray] = {}
        for term in self.terms_of[actor]:
            value = np.broadcast_to(term_value(term, env), (*self.shape, 1))
            section, _, name = term.path.split(".", 2)
            out[f"{name} ({section})" if name in out else name] = value[..., 0]
        return out

    def point(self) -> FloatArray:
        """The current values of the varied parameters as a batch of one, shape ``(varied, 1)``."""
        return np.array([self.scenario.values[path] for path in self.varied]).reshape(-1, 1)

    def profile_label(self, profile: int) -> str:
        """How a stance profile is written."""
        chosen = zip(self.scenario.document.stances.items(), self.profiles[profile], strict=True)
        return ", ".join(f"{actor}={stances[k]}" for (actor, stances), k in chosen)


class Batch:
    """A dispute at a chunk of points: payoffs and slacks, each computed once.

    Parameters
    ----------
    dispute
        Compiled for the varied parameters.
    theta
        Shape ``(varied, batch)``.
    """

    def __init__(self, dispute: Dispute, theta: FloatArray) -> None:
        self.dispute, self.theta = dispute, theta
        self._payoffs: dict[str, FloatArray] = {}
        self._slacks: dict[str, FloatArray] = {}

    @property
    def size(self) -> int:
        """Number of points."""
        return int(self.theta.shape[1])

    def pick(self, points: IntArray) -> Batch:
        """The dispute at some of the points, from what is computed here already, to the last bit."""
        out = Batch(self.dispute, self.theta[:, points])
        out._payoffs = {name: at_points(self.payoff(name), points) for name in self.dispute.payoffs}
        out._slacks = {c.path: at_points(self.slack(c), points) for c in self.dispute.constraints}
        return out

    @cached_property
    def env(self) -> Mapping[str, FloatArray] | None:
        """Values of all names; ``None`` where every quantity is affine and nothing needs them."""
        return None if self.dispute.affine else self.dispute.frame.env(self.theta)

    def payoff(self, actor: str) -> FloatArray:
        """``U_i``, shape ``(agreements or 1, profiles or 1, batch)``; not to be written to."""
        if actor not in self._payoffs:
            with InWords(self.dispute, self.theta):
                value = self.dispute.payoffs[actor].evaluate(self.theta, self.env)
            self._payoffs[actor] = value
        return self._payoffs[actor]

    def slack(self, constraint: CompiledConstraint) -> FloatArray:
        """A constraint's slack, ``+inf`` where it does not apply; not to be written to."""
        if constraint.path not in self._slacks:
            self._slacks[constraint.path] = self._slack(constraint)
        return self._slacks[constraint.path]

    def lowest(self, rung: Rung) -> FloatArray | None:
        """The lowest slack of a rung on the smallest shape it needs; ``None`` where it has no constraint."""
        mine = [self.slack(c) for c in self.dispute.constraints if c.rung == rung]
        return reduce(np.minimum, sorted(mine, key=np.size)) if mine else None

    def _slack(self, constraint: CompiledConstraint) -> FloatArray:
        with InWords(self.dispute, self.theta):
            try:
                value = constraint.slack(lambda part: part.evaluate(self.theta, self.env))
            except NotFiniteError as error:
                name_field(constraint.asked, self.dispute.frame.env(self.theta))
                raise error
        if np.isnan(value.min()):
            self._refuse(constraint, value)
        if constraint.applies.all():
            return value
        return np.where(constraint.applies[:, None, None], value, np.inf)

    def _refuse(self, constraint: CompiledConstraint, value: FloatArray) -> None:
        with InWords(self.dispute, self.theta):
            known = np.where(constraint.applies[:, None, None] & np.isnan(value), np.nan, 0.0)
            require_finite(known, constraint.path, f"{constraint.asked.legal.words}: its slack")


def at_points(value: FloatArray, points: IntArray) -> FloatArray:
    """A quantity at some of its points, the last axis; as it is where it does not depend on them."""
    return np.asarray(value[..., points]) if value.shape[-1] > 1 else value


class ManyPoints(Batch):
    """A dispute at many points, computed by its program.

    Where that finds no finite value, terms are evaluated one by one, which says what has none.
    """

    @cached_property
    def _found(self) -> dict[int, AnyArray]:
        return self.dispute.plan.run(self.theta)

    def payoff(self, actor: str) -> FloatArray:
        """``U_i``, shape ``(agreements or 1, profiles or 1, batch or 1)``; not to be written to."""
        if actor not in self._payoffs:
            value = self._found[self.dispute.program.payoffs[actor][0]]
            if np.isfinite(value).all():
                self._payoffs[actor] = value
        return super().payoff(actor)

    def _slack(self, constraint: CompiledConstraint) -> FloatArray:
        program, path = self.dispute.program, constraint.path
        if path in program.slacks and self._found[program.legal[path][0]].all():
            value = self._found[program.slacks[path][0]]
            if not np.isnan(value).any():
                return value
        return super()._slack(constraint)
