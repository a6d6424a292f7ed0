"""What a concept returns, one typed record for each kind of answer.

A :class:`StrategyProfile` says what everybody plays, a :class:`JointPlan` what a mediator
recommends, a :class:`StrategySet` what may still be played; a :class:`StableState` is where a
conflict may rest, a :class:`Division` what is agreed and what everybody has of it, an
:class:`Allocation` a value for each actor, a :class:`Region` a whole set of points. All are
:class:`Member` and may be asked for ``payoffs``, ``strategies``, ``regret``, ``outcome`` and
``agreement``; what a kind does not have is empty or ``None``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sim.results import solution_parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What every member of a solution has.

    Parameters
    ----------
    payoffs
        Each actor's (expected) payoff or value, in the units of the game.
    extra
        Concept-specific numbers (an interval, a multiplier, ...), by name.
    """

    kind: ClassVar[str] = "member"

    payoffs: Mapping[str, float]
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def strategies(self) -> Mapping[str, Mapping[str, float]]:
        """Per actor the probability of each strategy label; labels with probability 0 are left out."""
        return {}

    @property
    def regret(self) -> float | None:
        """The largest gain that any one actor could make by a deviation of its own: the certificate."""
        return None

    @property
    def outcome(self) -> str | None:
        """Label of the outcome that results."""
        return None

    @property
    def agreement(self) -> str | Mapping[str, float] | None:
        """What is agreed: a label, or weights by label."""
        return None

    @property
    def words(self) -> str:
        """What it comes to: its outcome or agreement, else what each actor plays, else its numbers."""
        for result in (self.outcome, self.agreement):
            if result is not None:
                return result if isinstance(result, str) else solution_parts.mixture(result)
        plays = "; ".join(
            f"{actor}: {solution_parts.mixture(mix)}" for actor, mix in self.strategies.items()
        )
        if plays or self.payoffs:
            return plays
        return "; ".join(f"{name}: {_short(value)}" for name, value in self.extra.items())

    @property
    def payoff_words(self) -> str:
        """Each actor's payoff, in four digits."""
        return ", ".join(f"{actor} {value + 0.0:.4g}" for actor, value in self.payoffs.items())

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data for JSON."""
        data: dict[str, Any] = {
            "strategies": {actor: dict(mix) for actor, mix in self.strategies.items()},
            "payoffs": dict(self.payoffs),
            "regret": self.regret,
            "outcome": self.outcome,
        }
        agreed = self.agreement
        if agreed is not None:
            data["agreement"] = agreed if isinstance(agreed, str) else dict(agreed)
        if self.extra:
            data["extra"] = dict(self.extra)
        return data


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyProfile(Member):
    """What every actor plays, and what it could gain by playing otherwise.

    Parameters
    ----------
    strategies
        Per actor the probability of each strategy label; labels with probability 0 are left out.
    regret
        The largest gain that any one actor could make by a deviation of its own, computed from the
        original payoffs: the certificate. ``None`` where the concept has no deviations.
    outcome
        Label of the outcome that results (scenarios and trees), or ``None``.

    Examples
    --------
    >>> profile = StrategyProfile(payoffs={"row": 1.0}, strategies={"row": {"C": 1.0}}, regret=0.0)
    >>> profile.to_dict()
    {'strategies': {'row': {'C': 1.0}}, 'payoffs': {'row': 1.0}, 'regret': 0.0, 'outcome': None}
    >>> StrategyProfile(payoffs={"a": 1.0}, strategies={"a": {"x": 0.25, "y": 0.75}}).words
    'a: x 0.25, y 0.75'
    """

    kind: ClassVar[str] = "strategy profile"

    strategies: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    regret: float | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JointPlan(Member):
    """A probability for every profile of strategies, from which a mediator draws and recommends.

    Parameters
    ----------
    agreement
        Profiles with their probabilities; those with probability 0 are left out.
    regret
        The largest gain that any one actor could make by not doing what it is told.
    """

    kind: ClassVar[str] = "joint plan"

    agreement: Mapping[str, float] = field()
    regret: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategySet(Member):
    """The strategies that remain for every actor, under ``survivors`` in ``extra``."""

    kind: ClassVar[str] = "set of strategies"

    @property
    def survivors(self) -> Mapping[str, list[str]]:
        """Per actor the strategies that it may still play."""
        found: Mapping[str, list[str]] = self.extra["survivors"]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class StableState(Member):
    """A state that no actor leaves; payoffs are ranks, 1 being an actor's worst.

    Parameters
    ----------
    outcome
        The state's name.

    Examples
    --------
    >>> state = StableState(payoffs={"us": 3.0}, outcome="peace", extra={"sanctions": {}})
    >>> state.words, state.sanctions
    ('peace', {})
    """

    kind: ClassVar[str] = "stable state"

    outcome: str = field()

    @property
    def sanctions(self) -> Mapping[str, Mapping[str, str]]:
        """Per actor, each improvement that it has with a sanction that deters it."""
        found: Mapping[str, Mapping[str, str]] = self.extra["sanctions"]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Division(Member):
    """What is agreed, and what everybody has of it.

    Parameters
    ----------
    agreement
        A label, or weights by label: chances of a lottery, shares of items.
    regret
        The largest gain from one deviation where offers are made in turn, else ``None``.

    Examples
    --------
    >>> Division(payoffs={"a": 1.0, "b": 2.0}, agreement={"east": 0.25, "west": 0.75}).words
    'east 0.25, west 0.75'
    """

    kind: ClassVar[str] = "division"

    agreement: str | Mapping[str, float] = field()
    regret: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation(Member):
    """A value for each actor: what it is worth to a coalition, its power, its share.

    Examples
    --------
    >>> Allocation(payoffs={"a": 2 / 3, "b": 1 / 3}).payoff_words
    'a 0.6667, b 0.3333'
    """

    kind: ClassVar[str] = "allocation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region(Member):
    """A set of points, by one of its points, its ends or its corners.

    Parameters
    ----------
    agreement
        The point that stands for it here, in words; ``None`` where a point is its payoffs.

    Notes
    -----
    On a line ``extra["interval"]`` has the ends of the set; of a core ``extra["bounds"]`` has the least and
    the most that each player gets.
    """

    kind: ClassVar[str] = "region"

    agreement: str | Mapping[str, float] | None = None


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_short(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return " ".join(map(_short, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)
