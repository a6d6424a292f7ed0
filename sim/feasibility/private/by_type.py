"""A dispute with types: the ladder of every type, what its game leads to, and what not knowing costs.

Definition. The ladder of a profile of types is that of the same dispute with everybody knowing it. The
*cost* of private information is what the chance of a treaty, and every principal's expected payoff in units
of its payoff spread, lose against the same game in which everybody knows who is who. Where there are
several equilibrium outcomes, least and greatest values stand for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sim.errors import UsageError
from sim.feasibility.private.mediated import Mediated, mediated
from sim.feasibility.private.signalled import alone, signalled
from sim.feasibility.private.signalled_outcome import Signalled, SignalledOutcome
from sim.feasibility.verdict import Verdict, verdict_of
from sim.games.private.typed_outcomes import TypedGame
from sim.labels import Labels
from sim.scenario import Scenario, require_scenario
from sim.scenario.private.profiles import Profile, known, profiles_of

Span = tuple[float, float]
"""The least and the greatest value over equilibrium outcomes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownType:
    """One profile of types, known to all.

    Parameters
    ----------
    profile
        The types with their chance.
    verdict
        The ladder, with complete information.
    game
        What the game leads to where everybody knows the profile; ``None`` where the file has no game.
    """

    profile: Profile
    verdict: Verdict
    game: Signalled | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateInformation:
    """What a dispute with types comes to.

    Parameters
    ----------
    title
        Of the scenario.
    types
        Every profile that has a chance, in the order of the file.
    prediction
        What the game leads to where types are private; ``None`` where the file has no game.
    principals
        Who signs.
    scales
        Payoff spreads, in the units of payoffs.
    mediated
        The most that a mediator could do; ``None`` where nothing is private.
    """

    title: str
    types: tuple[KnownType, ...]
    prediction: Signalled | None
    principals: tuple[str, ...]
    scales: Mapping[str, float]
    mediated: Mediated | None = None

    @property
    def labelled(self) -> Labels:
        """What people read in place of the file's names."""
        return self.types[0].verdict.labelled

    @property
    def feasible(self) -> float:
        """The chance that the types are such that a treaty is feasible."""
        return sum(one.profile.chance for one in self.types if one.verdict.feasible)

    @property
    def known_treaty(self) -> Span | None:
        """The chance of a treaty where types are known to all."""
        return self._known(lambda outcome: outcome.treaty)

    @property
    def treaty(self) -> Span | None:
        """The chance of a treaty where types are private."""
        return _span(self.prediction, lambda outcome: outcome.treaty)

    def loss(self, actor: str) -> Span | None:
        """What private information costs an actor, in units of its payoff spread: the least and the most."""
        before = self._known(lambda outcome: outcome.payoffs[actor])
        after = _span(self.prediction, lambda outcome: outcome.payoffs[actor])
        if before is None or after is None:
            return None
        scale = self.scales.get(actor, 1.0)
        return (before[0] - after[1]) / scale, (before[1] - after[0]) / scale

    def _known(self, of: Any) -> Span | None:
        spans = [_span(one.game, of) for one in self.types]
        if any(span is None for span in spans):
            return None
        pairs = [(one.profile.chance, span) for one, span in zip(self.types, spans, strict=True)]
        low, high = (sum(p * span[k] for p, span in pairs if span) for k in (0, 1))
        return low, high

    def sentences(self) -> tuple[str, ...]:
        """All of it in plain sentences."""
        from sim.feasibility.private.typed_words import sentences

        return sentences(self)

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        from sim.feasibility.private.typed_data import as_data

        return as_data(self)


def _span(found: Signalled | None, of: Any) -> Span | None:
    if found is None or not found.outcomes:
        return None
    values = [of(outcome) for outcome in found.outcomes]
    return min(values), max(values)


def private_information(scenario: Scenario) -> PrivateInformation:
    """What a dispute with types comes to, at its current values.

    Raises
    ------
    UsageError
        If chances of types are none, or the file is a classical game.
    TooLargeError
        If its game is too large a tree.
    """
    require_scenario(scenario, "explain")
    if not scenario.document.private:
        raise UsageError(f"{scenario.origin}: no actor has types, and none sends messages")
    profiles = profiles_of(scenario)
    verdicts = [verdict_of(known(scenario, profile)) for profile in profiles]
    prediction, games, game = None, [None] * len(profiles), None
    if scenario.document.game is not None:
        game = TypedGame(scenario)
        (typed,) = game.at()
        prediction = signalled(typed, title=scenario.title)
        games = [signalled(alone(typed, t)) for t in range(len(profiles))]  # type: ignore[misc]
    return PrivateInformation(
        title=scenario.title,
        types=tuple(
            KnownType(profile=p, verdict=v, game=g)
            for p, v, g in zip(profiles, verdicts, games, strict=True)
        ),
        prediction=prediction,
        principals=scenario.document.principals,
        scales=verdicts[0].scales,
        mediated=mediated(scenario, game),
    )


LIKELIEST = "gains, slacks and terms are those of the likeliest types, {label}, known to all"


def typed_verdict(scenario: Scenario) -> Verdict:
    """The verdict on a dispute with types: that of its likeliest types, with all of them beside it."""
    found = private_information(scenario)
    likeliest = max(found.types, key=lambda one: one.profile.chance)
    note = LIKELIEST.format(label=likeliest.profile.label or "as given")
    return replace(
        likeliest.verdict,
        title=f"{scenario.title} (as if known to all: {likeliest.profile.label or 'the types'})",
        parameters=dict(scenario.overrides),
        predicted=_predicted(found.prediction),
        difference="",
        private=found,
        notes=(*likeliest.verdict.notes, note),
    )


def _predicted(found: Signalled | None) -> dict[str, Any] | None:
    """The outcome that stands for all: of those with the likeliest treaty, what is likeliest in it."""
    if found is None or not found.outcomes:
        return None
    first: SignalledOutcome = found.outcomes[0]
    likeliest = max(first.classes, key=first.classes.__getitem__)
    agreements: dict[str, float] = {}
    for row in first.agreements.values():
        for label, chance in row.items():
            agreements[label] = agreements.get(label, 0.0) + chance
    return {
        "outcome_class": likeliest,
        "agreement": max(agreements, key=agreements.__getitem__),
        "stances": "",
        "reneged": False,
        "in_every_equilibrium": all(
            max(one.classes, key=one.classes.__getitem__) == likeliest for one in found.outcomes
        ),
        "equilibria": len(found.outcomes),
        "ratified_with_probability": 1.0,
        "chances": dict(first.classes),
    }
