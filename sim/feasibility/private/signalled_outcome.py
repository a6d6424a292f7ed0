"""What a dispute with types leads to, as records: outcomes, messages, beliefs, how the game ends.

Definition. In an equilibrium a sender *separates* where no two of its types send the same message, *pools*
where all its types send each message equally often, and is *semi-separating* otherwise. A message off the
path is one that no type sends; what is believed after it is what the equilibrium was proved with, one
belief of perhaps many (``believable``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.results import Solution, StrategyProfile
from sim.scenario import TREATY

SEPARATING, POOLING, SEMI = "separating", "pooling", "semi-separating"
LEAST = 1e-12
"""Probabilities below it are rounding of sums and count as 0."""

Chances = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What a message does.

    Parameters
    ----------
    sender, message
        Whose it is, and which.
    chance
        How often it is sent; 0 off the path.
    beliefs
        What the others then believe of the sender, by type; empty where it makes no difference to anybody.
    answers
        What is offered or demanded then, by whom and how often.
    accepted
        How often each of these offers is then accepted; empty off the path, and where offers are countered.
    believable
        Off the path, by type: from which to which probability what is believed could as well be, all
        strategies unchanged; empty where that is one point.
    """

    sender: str
    message: str
    chance: float
    beliefs: Chances
    answers: Mapping[str, Chances]
    accepted: Mapping[str, Chances] = field(default_factory=dict)
    believable: Mapping[str, Sequence[float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """One way in which the game ends, and how often.

    Parameters
    ----------
    profile
        The types.
    messages
        Per sender what it said.
    agreement
        What is in force; the status quo where nothing is.
    chance
        Its probability, that of the types included.
    """

    profile: str
    messages: Mapping[str, str]
    agreement: str
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalledOutcome:
    """One perfect Bayesian equilibrium outcome.

    Parameters
    ----------
    kinds
        Per sender with types whether it separates, pools or does a part of both.
    classes
        The chance of every outcome class; ``by_type`` the same for every profile of types.
    plays
        How the game ends: types, messages, and the agreement in force.
    messages
        Per sender and type what it sends.
    offers
        What is offered or demanded, by whom and how often.
    after
        Per message what it does.
    payoffs
        Per actor, expected; ``payoffs_by_type`` per profile.
    member
        The equilibrium as the concept found it.
    """

    kinds: Mapping[str, str]
    classes: Chances
    by_type: Mapping[str, Chances]
    plays: tuple[Play, ...]
    messages: Mapping[str, Mapping[str, Chances]]
    offers: Mapping[str, Chances]
    after: tuple[After, ...]
    payoffs: Chances
    payoffs_by_type: Mapping[str, Chances]
    member: StrategyProfile

    @property
    def agreements(self) -> dict[str, dict[str, float]]:
        """Per profile the agreements in force with their chances, given the profile."""
        out: dict[str, dict[str, float]] = {label: {} for label in self.by_type}
        for play in self.plays:
            row = out[play.profile]
            row[play.agreement] = row.get(play.agreement, 0.0) + play.chance
        return {t: {a: p / sum(row.values()) for a, p in row.items()} for t, row in out.items()}

    @property
    def treaty(self) -> float:
        """The chance of a treaty."""
        return self.classes.get(TREATY, 0.0)

    @property
    def kind(self) -> str:
        """The kind where there is one sender; all kinds with their senders otherwise."""
        if len(self.kinds) == 1:
            return next(iter(self.kinds.values()))
        return ", ".join(f"{actor} {kind}" for actor, kind in self.kinds.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Signalled:
    """All outcomes that were found, the likeliest treaty first, and how far they are all.

    Parameters
    ----------
    outcomes
        Empty where none was found.
    solution
        What the concept says.
    """

    outcomes: tuple[SignalledOutcome, ...]
    solution: Solution

    def spread(self, of: str = TREATY) -> tuple[float, float]:
        """The least and the greatest chance of an outcome class; nan where nothing was found."""
        found = [one.classes.get(of, 0.0) for one in self.outcomes]
        return (min(found), max(found)) if found else (np.nan, np.nan)


def kind_of(messages: Mapping[str, Chances]) -> str:
    """Whether types send different messages, the same ones, or a part of both.

    Examples
    --------
    >>> kind_of({"hard": {"vow": 1.0}, "soft": {"silent": 1.0}})
    'separating'
    >>> kind_of({"hard": {"vow": 1.0}, "soft": {"vow": 1.0}})
    'pooling'
    >>> kind_of({"hard": {"vow": 1.0}, "soft": {"silent": 0.5, "vow": 0.5}})
    'semi-separating'
    """
    rows = list(messages.values())
    names = {name for row in rows for name in row}
    if all(sum(name in row for row in rows) == 1 for name in names):
        return SEPARATING
    first = rows[0]
    alike = all(abs(row.get(n, 0.0) - first.get(n, 0.0)) <= LEAST for row in rows for n in names)
    return POOLING if alike else SEMI
