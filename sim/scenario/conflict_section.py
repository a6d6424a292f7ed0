"""The ``conflict`` section of a file: a graph-model conflict by options, states and preferences.

Either the actors' options are listed and their moves follow from them, or the states and every
actor's moves are listed directly. A *pattern* says ``Y`` (taken), ``N`` (not taken) or ``-``
(either) of each option, in the order of the file.

Example::

    conflict:
      options: {us: [air strike, blockade], ussr: [withdraw, escalate]}
      infeasible: [--YY]
      preferences:
        us: [NNYN, [NYYN, YNYN], ...]     # best first; a nested list holds equally good states
        ussr: [...]
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

MAX_OPTIONS = 16
MAX_STATES = 512

_CONFIG = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class BarredChange(BaseModel):
    """A change of options that cannot be made: from one pattern to another."""

    model_config = _CONFIG

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

    model_config = _CONFIG

    options: dict[str, list[str]] = Field(
        default={}, description="per actor the options it alone controls"
    )
    states: dict[str, str] | list[str] = Field(
        default={},
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
    preferences: dict[str, list[str | list[str]]] = Field(
        description="per actor all states, best first; a nested list holds equally good states"
    )

    @property
    def actors(self) -> tuple[str, ...]:
        """The actors, in the order of the file."""
        return tuple(self.options or self.preferences)

    @property
    def option_names(self) -> tuple[str, ...]:
        """All options in the order of the file: the letters of a pattern."""
        return tuple(name for owned in self.options.values() for name in owned)

    def option_places(self, name: str) -> tuple[int, ...]:
        """Places in a pattern of the options called ``name`` or ``actor.name``."""
        owned = [(actor, option) for actor, names in self.options.items() for option in names]
        return tuple(k for k, (a, o) in enumerate(owned) if name in (o, f"{a}.{o}"))

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problems = [*_option_problems(self), *_pattern_problems(self), *_move_problems(self)]
        problems += _preference_problems(self)
        if problems:
            raise PydanticCustomError("conflict", "{problems}", {"problems": "; ".join(problems)})
        return self


def flatten(ranking: list[str | list[str]]) -> list[str]:
    """The states of a ranking, best first, without its groups of equally good states.

    Examples
    --------
    >>> flatten(["a", ["b", "c"]])
    ['a', 'b', 'c']
    """
    return [name for entry in ranking for name in ([entry] if isinstance(entry, str) else entry)]


def _option_problems(section: ConflictSection) -> Iterator[str]:
    names = section.option_names
    if not names and not section.moves:
        yield "options: list every actor's options, or give states and moves"
    if len(names) > MAX_OPTIONS:
        yield f"options: {len(names)} options, at most {MAX_OPTIONS}; list states and moves instead"
    for actor, owned in section.options.items():
        if len(set(owned)) < len(owned):
            yield f"options.{actor}: an option is listed twice"
    if not names and section.irreversible:
        yield "irreversible: needs options; leave the move out of moves instead"


def _pattern_problems(section: ConflictSection) -> Iterator[str]:
    size = len(section.option_names)
    for path, pattern in _patterns(section):
        if set(pattern) - set("YN-") or len(pattern) != size:
            yield f"{path}: '{pattern}' must be {size} letters Y, N or -, one per option"
    for entry in section.irreversible:
        places = section.option_places(entry) if isinstance(entry, str) else (0,)
        if not places:
            legal = ", ".join(section.option_names)
            yield f"irreversible: '{entry}' is no option; options: {legal}"
        if len(places) > 1:
            yield f"irreversible: several actors have an option '{entry}'; write actor.{entry}"
    if isinstance(section.states, list) and section.options and not section.moves:
        yield "states: give every state its pattern of options, or list the moves"


def _patterns(section: ConflictSection) -> Iterator[tuple[str, str]]:
    if isinstance(section.states, dict):
        yield from ((f"states.{name}", pattern) for name, pattern in section.states.items())
    yield from (("infeasible", pattern) for pattern in section.infeasible)
    for entry in section.irreversible:
        if isinstance(entry, BarredChange):
            yield from (("irreversible.from", entry.start), ("irreversible.to", entry.end))


def _move_problems(section: ConflictSection) -> Iterator[str]:
    known = set(section.states)
    if section.moves and not known:
        yield "moves: list the states by name"
    if len(known) > MAX_STATES:
        yield f"states: {len(known)} states, at most {MAX_STATES}"
    for name, times in Counter(list(section.states)).items():
        if times > 1:
            yield f"states: '{name}' is listed {times} times"
    for actor, arcs in section.moves.items():
        if actor not in section.actors:
            yield f"moves: '{actor}' is no actor; actors: {', '.join(section.actors)}"
        for start, ends in arcs.items():
            for name in (start, *ends):
                if name not in known:
                    yield f"moves.{actor}: '{name}' is no state"
            if start in ends:
                yield f"moves.{actor}: a move from '{start}' to itself"


def _preference_problems(section: ConflictSection) -> Iterator[str]:
    for actor in section.actors:
        if actor not in section.preferences:
            yield f"preferences: the ranking of '{actor}' is missing"
    for actor, ranking in section.preferences.items():
        if actor not in section.actors:
            yield f"preferences: '{actor}' is no actor; actors: {', '.join(section.actors)}"
        listed = Counter(flatten(ranking))
        for name, times in listed.items():
            if times > 1:
                yield f"preferences.{actor}: '{name}' is listed {times} times"
        if section.states:
            yield from _ranking_problems(actor, set(listed), section)


def _ranking_problems(actor: str, listed: set[str], section: ConflictSection) -> Iterator[str]:
    known = set(section.states)
    missing = [name for name in section.states if name not in listed]
    for name in sorted(listed - known):
        yield f"preferences.{actor}: '{name}' is no state"
    if missing:
        yield f"preferences.{actor}: states left out: {', '.join(missing)}"
