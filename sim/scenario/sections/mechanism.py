"""The ``mechanism`` section of a file: what actors know in private, and the outcomes a mediator chooses
among.

Example, a seller and a buyer who do not know each other's reasons::

    mechanism:
      actors:
        seller: {types: {low: {chance: 1/2, cost: 0}, high: {chance: 1/2, cost: 0.8}}}
        buyer: {grid: {worth: {from: 0, to: 1, count: 20}}}      # the middles of 20 equal steps
      outcomes:                        # the first is what happens if somebody refuses
        no trade: {seller: 0, buyer: 0}
        trade: {seller: -seller.cost, buyer: buyer.worth}
      transfers: true                  # they may pay each other, in units of payoff

A type has a chance and any numbers of its own; ``ACTOR.NUMBER`` is that number of an actor's type in an
expression. ``weight`` makes types depend on each other: chances of a profile are in proportion to the
product of its types' chances and this expression. An outcome may stand for many, along a number::

        split: {along: {x: {from: 0, to: 1, steps: 40, also: [p]}}, payoffs: {one: x, two: 1 - x}}

With ``actions`` it is a game that actors play after a mediator has spoken to each; an outcome is then a
profile of actions, ``a, b``, and every profile has one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim.constraints.base import STRICT, Formula

CHANCE = "chance"
MOST_PROFILES = 10_000
"""The most profiles of actions of a game that is played after a mediator has spoken."""


class _Record(BaseModel):
    model_config = ConfigDict(**STRICT, populate_by_name=True)


class TypeGrid(_Record):
    """Equally likely types, at the middles of equal steps from one number to another.

    Parameters
    ----------
    low, high
        ``from`` and ``to`` in a file.
    count
        Number of types.
    """

    low: Formula = Field(alias="from")
    high: Formula = Field(alias="to")
    count: int = Field(ge=1, le=200)


class Steps(_Record):
    """Numbers from one end to the other, both included, and others besides.

    Parameters
    ----------
    low, high
        ``from`` and ``to`` in a file.
    steps
        Number of equal steps between them.
    also
        Further numbers.
    """

    low: Formula = Field(alias="from")
    high: Formula = Field(alias="to")
    steps: int = Field(ge=1, le=2_000)
    also: tuple[Formula, ...] = ()


class MechanismActor(_Record):
    """What an actor may know in private.

    Parameters
    ----------
    types
        By name, each with its ``chance`` and its numbers.
    grid
        One number in equal steps, in place of types.
    """

    types: Mapping[str, Mapping[str, Formula]] = {}
    grid: Mapping[str, TypeGrid] = {}

    @property
    def numbers(self) -> tuple[str, ...]:
        """Names of the numbers that a type has."""
        first = next(iter(self.types.values()), self.grid)
        return tuple(name for name in first if name != CHANCE)

    @property
    def count(self) -> int:
        """How many types there are."""
        return len(self.types) or next(iter(self.grid.values())).count

    @model_validator(mode="after")
    def _whole(self) -> MechanismActor:
        if bool(self.types) == bool(self.grid) or len(self.grid) > 1:
            raise _error("", "an actor needs either 'types' or a 'grid' of one number")
        for name, numbers in self.types.items():
            if CHANCE not in numbers:
                raise _error(f"types.{name}", "a type needs a 'chance'")
            missing = {*self.numbers} ^ ({*numbers} - {CHANCE})
            if missing:
                raise _error(
                    f"types.{name}", f"all types need the same numbers, not {sorted(missing)}"
                )
        return self


class MechanismOutcome(_Record):
    """An outcome, or many along a number.

    Parameters
    ----------
    payoffs
        By actor.
    along
        The number along which it stands for many, with its values.
    """

    payoffs: Mapping[str, Formula]
    along: Mapping[str, Steps] = Field({}, max_length=1)


def _plain_outcome(value: Any) -> Any:
    """An outcome may be written as its payoffs alone."""
    if isinstance(value, Mapping) and "payoffs" not in value and "along" not in value:
        return {"payoffs": value}
    return value


Outcome = Annotated[
    MechanismOutcome,
    BeforeValidator(_plain_outcome),
    WithJsonSchema(
        {"type": "object", "description": "payoffs by actor, or {along: ..., payoffs: ...}"}
    ),
]


class MechanismSection(_Record):
    """Actors with types, and outcomes with what they are worth to each type.

    Parameters
    ----------
    actors
        By name, each with what it may know.
    outcomes
        By name; the first is what happens if somebody refuses.
    actions
        Of every actor, where outcomes are profiles of actions.
    transfers
        Whether actors pay each other.
    weight
        How likely a profile of types is beside the product of its chances.

    Examples
    --------
    >>> section = MechanismSection(
    ...     actors={"a": {"types": {"soft": {"chance": "1/4", "cost": 1},
    ...                             "hard": {"chance": "3/4", "cost": 0}}},
    ...             "b": {"types": {"only": {"chance": 1}}}},
    ...     outcomes={"war": {"a": "-a.cost", "b": -1}, "peace": {"a": 0, "b": 0}})
    >>> sorted(section.names), section.actors["a"].count
    (['a.cost'], 2)
    """

    actors: Mapping[str, MechanismActor] = Field(min_length=1)
    outcomes: Mapping[str, Outcome] = Field(min_length=1)
    actions: Mapping[str, tuple[str, ...]] = {}
    transfers: bool = False
    weight: Formula | None = None

    @property
    def names(self) -> frozenset[str]:
        """Numbers of types and numbers that outcomes run along, which expressions may use."""
        own = {f"{who}.{name}" for who, actor in self.actors.items() for name in actor.numbers}
        return frozenset(own).union(*(outcome.along for outcome in self.outcomes.values()))

    @model_validator(mode="after")
    def _whole(self) -> MechanismSection:
        for name, outcome in self.outcomes.items():
            if set(outcome.payoffs) != set(self.actors):
                raise _error(
                    f"outcomes.{name}", f"payoffs of exactly {_and(self.actors)} are needed"
                )
        if self.actions:
            self._check_actions()
        return self

    def _check_actions(self) -> None:
        if set(self.actions) != set(self.actors):
            raise _error("actions", f"actions of exactly {_and(self.actors)} are needed")
        if self.transfers or any(outcome.along for outcome in self.outcomes.values()):
            raise _error("actions", "a game that is played has neither transfers nor 'along'")
        needed = [", ".join(profile) for profile in self.profiles()]
        if len(needed) > MOST_PROFILES:
            raise _error(
                "actions", f"{len(needed):,} profiles of actions are more than {MOST_PROFILES:,}"
            )
        for profile in needed:
            if profile not in self.outcomes:
                raise _error("outcomes", f"the profile '{profile}' has no payoffs")
        for name in self.outcomes:
            if name not in needed:
                raise _error(f"outcomes.{name}", f"no profile of actions; legal: {needed[0]}, ...")

    def profiles(self) -> Iterator[tuple[str, ...]]:
        """Profiles of actions in the order of actors, the last one's moving fastest."""
        yield from product(*(self.actions[who] for who in self.actors))


def _and(names: Mapping[str, Any]) -> str:
    return " and ".join(names)


def _error(path: str, message: str) -> PydanticCustomError:
    text = f"{path}: {message}" if path else message
    return PydanticCustomError("mechanism", "{text}", {"text": text})
