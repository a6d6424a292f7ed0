"""Combinations of types with their chances, and a scenario in which one of them is known to all.

Definition. A *profile* gives every actor with types one of them. Its chance is the product of the types'
chances, or what ``prior`` says. Profiles without a chance are left out: nobody can believe in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from sim.errors import TooLargeError, UsageError
from sim.scenario.private.checks import ADD_UP

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

MOST_PROFILES = 64
"""The most combinations of types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One combination of types.

    Parameters
    ----------
    types
        Per actor with types the one that it is.
    chance
        Its probability.
    set
        The values of the private parameters.
    """

    types: Mapping[str, str]
    chance: float
    set: Mapping[str, float]

    @property
    def label(self) -> str:
        """How it is called: the type alone where one actor has types.

        Examples
        --------
        >>> Profile(types={"a": "hard"}, chance=1.0, set={}).label
        'hard'
        >>> Profile(types={"a": "hard", "b": "poor"}, chance=1.0, set={}).label
        'a hard, b poor'
        """
        if len(self.types) == 1:
            return next(iter(self.types.values()))
        return ", ".join(f"{actor} {name}" for actor, name in self.types.items())


def profiles_of(scenario: Scenario) -> tuple[Profile, ...]:
    """The combinations of types that have a chance at the scenario's values, in the order of the file.

    Raises
    ------
    UsageError
        If the chances are none, or do not add up to 1.
    TooLargeError
        Beyond ``MOST_PROFILES``.
    """
    document, values = scenario.document, scenario.values
    typed = document.typed
    count = prod(len(document.actors[actor].types) for actor in typed)
    if count > MOST_PROFILES:
        raise TooLargeError(f"the types make {count:,} combinations, the limit is {MOST_PROFILES}")
    chances = _from_prior(scenario) if document.prior else _products(scenario)
    wrong = [k for k, p in chances.items() if not 0 <= p <= 1]
    total = sum(chances.values())
    if wrong or abs(total - 1) > ADD_UP:
        what = (
            f"{chances[wrong[0]]:.6g} is not a probability"
            if wrong
            else f"they add up to {total:.10g}"
        )
        path = "prior" if document.prior else f"actors.{typed[0]}.types"
        message = f"chances of types must lie between 0 and 1 and add up to 1: {what}"
        raise UsageError(str(scenario.problem(path, message)))
    found = []
    for names, chance in chances.items():
        types = dict(zip(typed, names, strict=True))
        records = [document.actors[actor].types[name] for actor, name in types.items()]
        given = {p: float(e.evaluate(values)) for one in records for p, e in one.set.items()}
        if chance > 0:
            found.append(Profile(types=types, chance=chance, set=given))
    return tuple(found)


def _products(scenario: Scenario) -> dict[tuple[str, ...], float]:
    document, values = scenario.document, scenario.values
    own = {
        actor: {
            name: 0.0 if one.chance is None else float(one.chance.evaluate(values))
            for name, one in document.actors[actor].types.items()
        }
        for actor in document.typed
    }
    return {
        names: prod(own[actor][name] for actor, name in zip(own, names, strict=True))
        for names in product(*own.values())
    }


def _from_prior(scenario: Scenario) -> dict[tuple[str, ...], float]:
    document, values = scenario.document, scenario.values
    order = list(product(*(document.actors[actor].types for actor in document.typed)))
    given = {
        tuple(row.types[actor] for actor in document.typed): float(row.chance.evaluate(values))
        for row in document.prior
    }
    return {names: given[names] for names in order if names in given}


def known(scenario: Scenario, profile: Profile) -> Scenario:
    """The scenario in which a combination of types is known to all and no message is sent.

    Its payoff spreads are those of the file's own values, as for every other change of values.
    """
    document = scenario.document
    actors = {name: one.model_copy(update={"types": {}}) for name, one in document.actors.items()}
    changed = {"actors": actors, "prior": (), "game": _without_messages(scenario)}
    whole = document.model_copy(update=changed)
    return replace(scenario, document=whole, overrides={**scenario.overrides, **profile.set})


def _without_messages(scenario: Scenario) -> object:
    game = scenario.document.game
    if game is None:
        return None
    stages = [tuple(move for move in stage if move.kind != "signal") for stage in game.stages]
    return game.model_copy(update={"stages": tuple(stage for stage in stages if stage)})
