"""A stochastic game, as a section of a file: states, what can be done in each, payoffs, and where it leads.

A repeated game is one with a single state::

    stochastic:
      actors: [row, column]
      discount: 0.9
      states:
        always:
          actions: {row: [restrain, arm], column: [restrain, arm]}
          outcomes:
            restrain, restrain: {payoffs: {row: 3, column: 3}}
            restrain, arm: {payoffs: {row: 0, column: 4}}
            arm, restrain: {payoffs: {row: 4, column: 0}}
            arm, arm: {payoffs: {row: 1, column: 1}}

``then`` gives the chances of the next state, ``{war: 0.1, peace: 0.9}``; where it is absent the state stays.
An actor that ``actions`` does not name has nothing to choose in that state.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from math import prod
from typing import Annotated

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.constraints import Formula
from sim.constraints.base import STRICT
from sim.errors import suggest

MOST_PROFILES = 100_000
"""Most profiles of actions in all states together."""


class StochasticOutcome(BaseModel):
    """What a profile of actions brings, and where it leads.

    Parameters
    ----------
    payoffs
        Per actor its payoff in this period; what is not named is 0.
    then
        Chances of the next state.
    """

    model_config = STRICT

    payoffs: Mapping[str, Formula]
    then: Mapping[str, Formula] = {}


class StochasticState(BaseModel):
    """One state of a stochastic game.

    Parameters
    ----------
    actions
        Per actor that chooses here its actions.
    outcomes
        Per profile of actions, in the order of ``actions`` and separated by commas, what it brings.
    """

    model_config = STRICT

    actions: Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]]
    outcomes: Mapping[str, StochasticOutcome] = Field(min_length=1)


class StochasticSection(BaseModel):
    """A stochastic game.

    Parameters
    ----------
    actors
        Who plays.
    discount
        The discount factor per period, of all or per actor.
    start
        The state at the start; the first where absent.
    states
        The states in order.
    """

    model_config = STRICT

    actors: tuple[str, ...] = Field(min_length=1)
    discount: Formula | Mapping[str, Formula]
    start: str | None = None
    states: Mapping[str, StochasticState] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> StochasticSection:
        if len(set(self.actors)) < len(self.actors):
            _refuse("actors: an actor is listed twice")
        if self.start is not None and self.start not in self.states:
            _refuse(f"start: unknown state '{self.start}'{suggest(self.start, self.states)}")
        if isinstance(self.discount, Mapping):
            for actor in self.actors:
                if actor not in self.discount:
                    _refuse(f"discount: that of '{actor}' is missing")
            _known("discount", self.discount, self.actors, "actor")
        count = sum(prod(map(len, s.actions.values())) for s in self.states.values())
        if count > MOST_PROFILES:
            _refuse(f"states: {count:,} profiles of actions, the limit is {MOST_PROFILES:,}")
        for name, state in self.states.items():
            self._state(f"states.{name}", state)
        return self

    def _state(self, path: str, state: StochasticState) -> None:
        _known(f"{path}.actions", state.actions, self.actors, "actor")
        profiles = {", ".join(profile) for profile in product(*state.actions.values())}
        for key in state.outcomes:
            if key not in profiles:
                _refuse(f"{path}.outcomes: '{key}' is not a profile{suggest(key, profiles)}")
        for profile in sorted(profiles):
            if profile not in state.outcomes:
                _refuse(f"{path}.outcomes: '{profile}' is missing")
        for key, outcome in state.outcomes.items():
            _known(f"{path}.outcomes.{key}.payoffs", outcome.payoffs, self.actors, "actor")
            _known(f"{path}.outcomes.{key}.then", outcome.then, self.states, "state")


def _known(
    path: str, given: Mapping[str, object], legal: Mapping[str, object] | tuple[str, ...], what: str
) -> None:
    for name in given:
        if name not in legal:
            _refuse(f"{path}: unknown {what} '{name}'{suggest(name, [*legal])}")


def _refuse(text: str) -> None:
    raise PydanticCustomError("stochastic", "{text}", {"text": text})
