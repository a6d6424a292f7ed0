"""The ``conflict`` section of a file: a graph-model conflict by options, states and preferences.

Either the actors' options are listed and their moves follow from them, or the states and every actor's moves
are listed directly. A *pattern* says ``Y``, ``N`` or ``-`` (either) of each option, in the order of the file.

Example::

    conflict:
      options: {us: [air strike, blockade], ussr: [withdraw, escalate]}
      infeasible: [--YY]
      preferences:
        us: [NNYN, [NYYN, YNYN], ...]     # best first; a nested list holds equally good states
        ussr: [...]

Instead of a ranking an actor may have ``payoffs``: a number for every state, or an expression in the
file's parameters; states that come out equal are equally good::

      payoffs: {us: {NNNN: 0, NNYN: 2 - us.cost, ...}}

Or ``statements``, in order of priority, that rank all states
(:mod:`sim.scenario.sections.preference_statements`)::

      statements: {us: [withdraw, not escalate, air strike if escalate]}
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, product
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from sim.constraints.base import STRICT
from sim.errors import suggest
from sim.scenario.amounts import Amount
from sim.scenario.sections._conflict_problems import (
    MAX_OPTIONS,
    MAX_STATES,
    infeasible_problems,
    irreversible_problems,
    move_problems,
    option_problems,
    payoff_problems,
    preference_problems,
    state_problems,
    statement_problems,
)
from sim.scenario.sections.preference_statements import matching, ranked, truth

T = TypeVar("T")

__all__ = ["MAX_OPTIONS", "MAX_STATES", "BarredChange", "ConflictSection"]


class BarredChange(BaseModel):
    """A change of options that cannot be made: from one pattern to another."""

    model_config = ConfigDict(**STRICT, coerce_numbers_to_str=True)

    start: str = Field(alias="from", description="pattern before the change")
    end: str = Field(alias="to", description="pattern after the change")


class ConflictSection(BaseModel):
    """A conflict in graph form, as written in a file.

    Examples
    --------
    >>> section = ConflictSection(
    ...     options={"row": ["cooperate"], "column": ["cooperate"]},
    ...     preferences={"row": ["NY", "YY", "NN", "YN"], "column": ["YN", "YY", "NN", "NY"]},
    ... )
    >>> section.actors
    ('row', 'column')
    """

    model_config = ConfigDict(**STRICT, coerce_numbers_to_str=True)

    options: dict[str, list[str]] = Field(
        default={}, description="per actor the options it alone controls"
    )
    states: dict[str, str] | list[str] = Field(
        default={},
        max_length=MAX_STATES,
        description="state names with their patterns, or names alone when the moves are listed; "
        "without it every feasible combination of options is a state, named by its pattern",
    )
    infeasible: list[str] = Field(default=[], description="patterns that cannot happen")
    irreversible: list[str | BarredChange] = Field(
        default=[],
        description="options that, once taken, cannot be undone; or {from: pattern, to: pattern}",
    )
    moves: dict[str, dict[str, list[str]]] = Field(
        default={},
        description="per actor and state the states it can move to alone; replaces derived moves",
    )
    payoffs: dict[str, dict[str, Amount]] = Field(
        default={}, description="per actor the worth of every state; replaces its ranking"
    )
    statements: dict[str, list[str]] = Field(
        default={},
        description="per actor logical statements about options, most important first, that rank the "
        "states; replaces its ranking",
    )
    preferences: dict[str, list[str | list[str]]] = Field(
        default={},
        validate_default=True,
        description="per actor all states, best first; a nested list holds equally good states",
    )

    @property
    def actors(self) -> tuple[str, ...]:
        """The actors, in the order of the file."""
        return tuple(self.options or {**self.preferences, **self.payoffs, **self.statements})

    @property
    def option_names(self) -> tuple[str, ...]:
        """All options in the order of the file: the letters of a pattern."""
        return tuple(name for owned in self.options.values() for name in owned)

    @property
    def state_patterns(self) -> dict[str, str]:
        """State names with their patterns; an empty pattern where only names are given.

        Without ``states`` every feasible combination of options, the first option changing fastest;
        at most one more than ``MAX_STATES`` of them.
        """
        if isinstance(self.states, dict) and self.states:
            return self.states
        if self.states:
            return dict.fromkeys(self.states, "")
        every = map("".join, product("NY", repeat=len(self.option_names)))
        forward = (pattern[::-1] for pattern in every)
        feasible = (p for p in forward if not any(_fits(p, barred) for barred in self.infeasible))
        return {pattern: pattern for pattern in islice(feasible, MAX_STATES + 1)}

    def option_places(self, name: str) -> tuple[int, ...]:
        """Places in a pattern of the options called ``name`` or ``actor.name``."""
        owned = [(actor, option) for actor, names in self.options.items() for option in names]
        return tuple(k for k, (a, o) in enumerate(owned) if name in (o, f"{a}.{o}"))

    def ranking(self, actor: str) -> Sequence[str | list[str]]:
        """An actor's ranking of all states, best first, as it is listed or its statements imply it.

        Raises
        ------
        ValueError
            If statements are none, or leave the place of a state open.

        Examples
        --------
        >>> arms = ConflictSection(options={"a": ["arm"], "b": ["arm"]},
        ...                        statements={"a": ["not b.arm", "a.arm"], "b": ["not a.arm"]})
        >>> arms.ranking("a"), arms.ranking("b")
        ([['YN'], ['NN'], ['YY'], ['NY']], [['NN', 'NY'], ['YN', 'YY']])
        """
        if actor in self.preferences:
            return self.preferences[actor]
        every = np.arange(1 << len(self.option_names))
        barred = [matching(pattern, every) for pattern in self.infeasible]
        feasible = every[~np.logical_or.reduce([every < 0, *barred])]
        states = {name: matching(p, feasible) for name, p in self.state_patterns.items()}
        said = {text: truth(text, self._place, feasible) for text in self.statements[actor]}
        return list(ranked(said, states))

    def _place(self, option: str) -> int:
        """The place of an option that a statement names."""
        places = self.option_places(option)
        if not places:
            raise ValueError(f"'{option}' is not an option{suggest(option, self.option_names)}")
        if len(places) > 1:
            raise ValueError(f"several actors have an option '{option}'; write actor.{option}")
        return places[0]

    @field_validator("options")
    @classmethod
    def _options(cls, value: dict[str, list[str]], info: ValidationInfo) -> dict[str, list[str]]:
        return _checked(cls, value, info, option_problems)

    @field_validator("states")
    @classmethod
    def _states(cls, value: dict[str, str] | list[str], info: ValidationInfo) -> Any:
        return _checked(cls, value, info, state_problems)

    @field_validator("infeasible")
    @classmethod
    def _infeasible(cls, value: list[str], info: ValidationInfo) -> list[str]:
        return _checked(cls, value, info, infeasible_problems)

    @field_validator("irreversible")
    @classmethod
    def _irreversible(cls, value: list[Any], info: ValidationInfo) -> list[Any]:
        return _checked(cls, value, info, irreversible_problems)

    @field_validator("moves")
    @classmethod
    def _moves(cls, value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        return _checked(cls, value, info, move_problems)

    @field_validator("payoffs")
    @classmethod
    def _payoffs(cls, value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        return _checked(cls, value, info, payoff_problems)

    @field_validator("statements")
    @classmethod
    def _statements(cls, value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        return _checked(cls, value, info, statement_problems)

    @field_validator("preferences")
    @classmethod
    def _preferences(cls, value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        return _checked(cls, value, info, preference_problems)


def _checked(
    cls: type[ConflictSection],
    value: T,
    info: ValidationInfo,
    problems: Callable[[ConflictSection], Iterator[str]],
) -> T:
    """The value of a field, if it fits the fields before it (where those are in order)."""
    fields = list(cls.model_fields)
    before = fields[: fields.index(info.field_name or "")]
    if all(name in info.data for name in before):
        so_far = cls.model_construct(
            **{
                "payoffs": {},
                "statements": {},
                "preferences": {},
                **info.data,
                str(info.field_name): value,
            }
        )
        found = list(problems(so_far))
        if found:
            raise PydanticCustomError("conflict", "{problems}", {"problems": "; ".join(found)})
    return value


def _fits(pattern: str, barred: str) -> bool:
    return all(b in ("-", letter) for letter, b in zip(pattern, barred, strict=True))
