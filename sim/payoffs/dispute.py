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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.agreements import AgreementSpace
from sim.constraints import Constraint, Rung
from sim.errors import SimError, UsageError
from sim.payoffs.quantities import Frame, NotFiniteError, Quantity, Term, fold, term_value
from sim.payoffs.space import (
    classes_of,
    space_of,
    stance_attributes,
    stance_profiles,
    structural_parameters,
)
from sim.scenario import TREATY, Scenario


@dataclass(frozen=True, slots=True, eq=False)
class CompiledConstraint:
    """A constraint with its quantities folded, and the agreements that it applies to."""

    actor: str
    name: str
    rung: Rung
    constraint: Constraint
    quantities: Mapping[str, Quantity]
    applies: BoolArray

    @property
    def label(self) -> str:
        """How results name it: ``actor.constraint``."""
        return f"{self.actor}.{self.name}"


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
    """

    scenario: Scenario
    space: AgreementSpace
    classes: IntArray
    profiles: IntArray
    frame: Frame
    payoffs: Mapping[str, Quantity]
    constraints: tuple[CompiledConstraint, ...]
    scales: Mapping[str, float]

    @property
    def varied(self) -> tuple[str, ...]:
        """Paths of the varied parameters."""
        return self.frame.varied

    @property
    def treaties(self) -> BoolArray:
        """Which agreements are treaties, shape ``(agreements,)``."""
        names = self.scenario.document.classes
        return np.asarray(self.classes == (names.index(TREATY) if TREATY in names else -1))

    @property
    def shape(self) -> tuple[int, int]:
        """Number of agreements and of stance profiles."""
        return len(self.space), len(self.profiles)

    @cached_property
    def affine(self) -> bool:
        """Whether every payoff and every quantity of a constraint is affine in the varied parameters."""
        parts = [*self.payoffs.values()]
        parts += [q for c in self.constraints for q in c.quantities.values()]
        return not any(part.rest for part in parts)

    def at(self, theta: FloatArray) -> Batch:
        """Payoffs and slacks at a chunk of points, each computed once when first asked for."""
        return Batch(self, theta)

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
        out = {}
        for term in payoff_terms(self.scenario, actor, self.classes):
            value = np.broadcast_to(term_value(term, env), (*self.shape, 1))
            out[term.path.rpartition(".")[2]] = value[..., 0]
        return out

    def point(self) -> FloatArray:
        """The current values of the varied parameters as a batch of one, shape ``(varied, 1)``."""
        return np.array([self.scenario.values[path] for path in self.varied]).reshape(-1, 1)

    def profile_label(self, profile: int) -> str:
        """How a stance profile is written."""
        document = self.scenario.document
        words = [
            f"{actor}={list(document.actors[actor].stances)[k]}"
            for actor, k in zip(document.third_parties, self.profiles[profile], strict=True)
        ]
        return ", ".join(words)


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

    @cached_property
    def env(self) -> Mapping[str, FloatArray] | None:
        """Values of all names; ``None`` where every quantity is affine and nothing needs them."""
        return None if self.dispute.affine else self.dispute.frame.env(self.theta)

    def payoff(self, actor: str) -> FloatArray:
        """``U_i``, shape ``(agreements or 1, profiles or 1, batch)``; not to be written to."""
        if actor not in self._payoffs:
            with _InWords(self.dispute, self.theta):
                value = self.dispute.payoffs[actor].evaluate(self.theta, self.env)
            self._payoffs[actor] = value
        return self._payoffs[actor]

    def slack(self, constraint: CompiledConstraint) -> FloatArray:
        """A constraint's slack, ``+inf`` where it does not apply; not to be written to."""
        if constraint.label not in self._slacks:
            self._slacks[constraint.label] = self._slack(constraint)
        return self._slacks[constraint.label]

    def _slack(self, constraint: CompiledConstraint) -> FloatArray:
        with _InWords(self.dispute, self.theta):
            q = {
                name: part.evaluate(self.theta, self.env)
                for name, part in constraint.quantities.items()
            }
        value = constraint.constraint.slack(q)
        if constraint.applies.all():
            return value
        return np.where(constraint.applies[:, None, None], value, np.inf)


class _InWords:
    """Turns an index into the words of the file when a term has no finite value."""

    def __init__(self, dispute: Dispute, theta: FloatArray) -> None:
        self.dispute, self.theta = dispute, theta

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, NotFiniteError) and "\x00" in str(error):
            raise NotFiniteError(describe(str(error), self.dispute, self.theta)) from None


def describe(message: str, dispute: Dispute, theta: FloatArray | None) -> str:
    """A message of :class:`NotFiniteError` with agreement, stances and point in words."""
    words, _, index = message.partition("\x00")
    numbers = [int(k) for k in index.split(",") if k]
    place = [0] * (3 - len(numbers)) + numbers
    parts = [f"agreement '{dispute.space.label(place[0])}'"]
    if dispute.profiles.shape[1]:
        parts.append(dispute.profile_label(place[1]))
    if theta is not None and theta.size:
        column = place[2] if place[2] < theta.shape[1] else 0
        parts += [f"{p}={theta[k, column]:.6g}" for k, p in enumerate(dispute.varied)]
    return f"{words} at {', '.join(parts)}"


def payoff_terms(scenario: Scenario, actor: str, classes: IntArray) -> list[Term]:
    """An actor's payoff terms and the shifts of its constraints."""
    document = scenario.document
    terms = [
        Term(f"payoffs.{actor}.{name}", expression)
        for name, expression in document.payoffs.get(actor, {}).items()
    ]
    for section in ("domestic", "abroad"):
        for name, constraint in getattr(document, section).get(actor, {}).items():
            shift = constraint.shift()
            if shift is not None:
                mask = _applies(scenario, constraint, classes)[:, None, None].astype(np.float64)
                terms.append(Term(f"{section}.{actor}.{name}", shift, mask))
    return terms


def compile_dispute(
    scenario: Scenario, varied: Sequence[str] = (), *, like: Dispute | None = None
) -> Dispute:
    """A scenario compiled for some varied parameters.

    Parameters
    ----------
    scenario
        A dispute.
    varied
        Dotted paths of the parameters that points will give values to.
    like
        The same scenario compiled for other varied parameters, to share what does not depend on
        them.

    Raises
    ------
    UsageError
        If a varied path is unknown, or decides which agreements exist.
    NotFiniteError
        If a payoff has no finite value whatever the varied parameters are.
    """
    for path in varied:
        scenario.require(path)
    _refuse_structural(scenario, varied)
    base = _empty(scenario) if like is None else like
    scales = _scales(scenario, base) if like is None else like.scales
    return replace(_compile(base, tuple(varied)), scales=scales)


def _refuse_structural(scenario: Scenario, varied: Sequence[str]) -> None:
    fixed = structural_parameters(scenario.document) & set(varied)
    if fixed:
        raise UsageError(
            f"{min(fixed)}: decides which agreements exist or how they are classed; "
            "it can be set (--set), but not varied"
        )


def _empty(scenario: Scenario) -> Dispute:
    """Agreements, classes and stances, before any payoff is compiled."""
    space = space_of(scenario)
    profiles = stance_profiles(scenario.document)
    frame = _frame(scenario, space, profiles, ())
    return Dispute(scenario, space, classes_of(scenario, space), profiles, frame, {}, (), {})


def _compile(base: Dispute, varied: tuple[str, ...]) -> Dispute:
    """Payoffs and constraints of a dispute folded for some varied parameters."""
    scenario, classes = base.scenario, base.classes
    frame = _frame(scenario, base.space, base.profiles, varied)
    try:
        payoffs = {
            actor: fold(payoff_terms(scenario, actor, classes), frame)
            for actor in scenario.document.payoffs
        }
        constraints = tuple(_constraints(scenario, classes, frame))
    except NotFiniteError as error:
        raise NotFiniteError(describe(str(error), base, None)) from None
    return replace(base, frame=frame, payoffs=payoffs, constraints=constraints)


def _frame(
    scenario: Scenario, space: AgreementSpace, profiles: IntArray, varied: tuple[str, ...]
) -> Frame:
    fixed: dict[str, FloatArray] = {
        path: np.asarray(value) for path, value in scenario.values.items() if path not in varied
    }
    fixed |= {name: a[:, None, None] for name, a in space.attributes.items()}
    stances = stance_attributes(scenario.document, profiles)
    fixed |= {name: a[None, :, None] for name, a in stances.items()}
    return Frame(scenario.document, fixed, varied)


def _constraints(
    scenario: Scenario, classes: IntArray, frame: Frame
) -> Sequence[CompiledConstraint]:
    out = []
    for section in ("domestic", "abroad"):
        for actor, constraints in getattr(scenario.document, section).items():
            for name, constraint in constraints.items():
                if not constraint.slacks:
                    continue
                path = f"{section}.{actor}.{name}"
                parts = {
                    q: fold([Term(f"{path}.{q}", expression)], frame)
                    for q, expression in constraint.quantities().items()
                }
                applies = _applies(scenario, constraint, classes)
                out.append(
                    CompiledConstraint(actor, name, constraint.rung, constraint, parts, applies)
                )
    return out


def _applies(scenario: Scenario, constraint: Constraint, classes: IntArray) -> BoolArray:
    names = scenario.document.classes
    wanted = [names.index(name) for name in constraint.applies_to if name in names]
    return np.isin(classes, wanted)


def _scales(scenario: Scenario, base: Dispute) -> dict[str, float]:
    """``K_i`` at the file's own values; 1 for an actor that is indifferent everywhere."""
    try:
        own = base if not scenario.overrides else _empty(replace(scenario, overrides={}))
        dispute = _compile(own, ())
    except SimError as error:
        raise type(error)(f"at the file's own values: {error}") from None
    batch = dispute.at(np.zeros((0, 1)))
    out = {}
    for actor in dispute.payoffs:
        value = batch.payoff(actor)
        spread = float(value.max() - value.min())
        out[actor] = spread if spread > 0 else 1.0
    return out
