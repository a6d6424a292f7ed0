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
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, product
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from sim.constraints.base import STRICT
from sim.errors import suggest
from sim.scenario.amounts import Amount

T = TypeVar("T")

MAX_OPTIONS, MAX_STATES = 16, 512
"""Most options of all actors together, and most states."""


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
    preferences: dict[str, list[str | list[str]]] = Field(
        default={},
        validate_default=True,
        description="per actor all states, best first; a nested list holds equally good states",
    )

    @property
    def actors(self) -> tuple[str, ...]:
        """The actors, in the order of the file."""
        return tuple(self.options or {**self.preferences, **self.payoffs})

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

    @field_validator("options")
    @classmethod
    def _options(cls, value: dict[str, list[str]], info: ValidationInfo) -> dict[str, list[str]]:
        return _checked(cls, value, info, _option_problems)

    @field_validator("states")
    @classmethod
    def _states(cls, value: dict[str, str] | list[str], info: ValidationInfo) -> Any:
        return _checked(cls, value, info, _state_problems)

    @field_validator("infeasible")
    @classmethod
    def _infeasible(cls, value: list[str], info: ValidationInfo) -> list[str]:
        return _checked(cls, value, info, _infeasible_problems)

    @field_validator("irreversible")
    @classmethod
    def _irreversible(cls, value: list[Any], info: ValidationInfo) -> list[Any]:
        return _checked(cls, value, info, _irreversible_problems)

    @field_validator("moves")
    @classmethod
    def _moves(cls, value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        return _checked(cls, value, info, _move_problems)

    @field_validator("payoffs")
    @classmethod
    def _payoffs(cls, value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        return _checked(cls, value, info, _payoff_problems)

    @field_validator("preferences")
    @classmethod
    def _preferences(cls, value: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        return _checked(cls, value, info, _preference_problems)


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
            **{"payoffs": {}, "preferences": {}, **info.data, str(info.field_name): value}
        )
        found = list(problems(so_far))
        if found:
            raise PydanticCustomError("conflict", "{problems}", {"problems": "; ".join(found)})
    return value


def _fits(pattern: str, barred: str) -> bool:
    return all(b in ("-", letter) for letter, b in zip(pattern, barred, strict=True))


def flatten(ranking: list[str | list[str]]) -> list[str]:
    """The states of a ranking, best first, without its groups of equally good states."""
    return [name for entry in ranking for name in ([entry] if isinstance(entry, str) else entry)]


def _option_problems(section: ConflictSection) -> Iterator[str]:
    names = section.option_names
    if len(names) > MAX_OPTIONS:
        yield f"{len(names)} options, at most {MAX_OPTIONS}; list states and moves instead"
    for actor, owned in section.options.items():
        if len(set(owned)) < len(owned):
            yield f"'{actor}' has an option twice"


def _state_problems(section: ConflictSection) -> Iterator[str]:
    if isinstance(section.states, dict):
        for pattern in section.states.values():
            yield from _pattern_problems(section, pattern)
        return
    for name, times in Counter(section.states).items():
        if times > 1:
            yield f"'{name}' is listed {times} times"


def _infeasible_problems(section: ConflictSection) -> Iterator[str]:
    for pattern in section.infeasible:
        yield from _pattern_problems(section, pattern)


def _irreversible_problems(section: ConflictSection) -> Iterator[str]:
    for entry in section.irreversible:
        if isinstance(entry, BarredChange):
            yield from _pattern_problems(section, entry.start)
            yield from _pattern_problems(section, entry.end)
            continue
        places = section.option_places(entry)
        if not places:
            yield f"'{entry}' is not an option{suggest(entry, section.option_names)}"
        if len(places) > 1:
            yield f"several actors have an option '{entry}'; write actor.{entry}"


def _pattern_problems(section: ConflictSection, pattern: str) -> Iterator[str]:
    size = len(section.option_names)
    if set(pattern) - set("YN-") or len(pattern) != size:
        yield f"'{pattern}' must be {size} letters Y, N or -, one per option"


def _move_problems(section: ConflictSection) -> Iterator[str]:
    if section.moves and not section.states:
        yield "name the states when moves are listed"
    for actor, arcs in section.moves.items():
        if section.options and actor not in section.options:
            yield f"'{actor}' is not an actor{suggest(actor, section.options)}"
        for start, ends in arcs.items():
            for name in (start, *ends):
                if name not in section.states:
                    yield f"{actor}: '{name}' is not a state{suggest(name, section.states)}"
            if start in ends:
                yield f"{actor}: a move from '{start}' to itself"


def _payoff_problems(section: ConflictSection) -> Iterator[str]:
    for actor, worth in section.payoffs.items():
        if section.options and actor not in section.options:
            yield f"'{actor}' is not an actor{suggest(actor, section.options)}"
        elif section.states or section.options:
            yield from _ranking_problems(actor, worth, section.state_patterns)


def _preference_problems(section: ConflictSection) -> Iterator[str]:
    yield from _form_problems(section)
    for actor in section.actors:
        if actor not in section.preferences and actor not in section.payoffs:
            yield f"the ranking of '{actor}' is missing"
        if actor in section.preferences and actor in section.payoffs:
            yield f"'{actor}' has a ranking and payoffs; one of them says it all"
    for actor, ranking in section.preferences.items():
        if actor not in section.actors:
            yield f"'{actor}' is not an actor{suggest(actor, section.actors)}"
            continue
        for name, times in Counter(flatten(ranking)).items():
            if times > 1:
                yield f"{actor}: '{name}' is listed {times} times"
        if section.states or section.options:
            yield from _ranking_problems(actor, flatten(ranking), section.state_patterns)


def _form_problems(section: ConflictSection) -> Iterator[str]:
    if not section.options and not section.moves:
        yield "a conflict needs options, or states and moves"
    if len(section.state_patterns) > MAX_STATES:
        yield (
            f"the options make more than {MAX_STATES} feasible states; rule more out under "
            "infeasible, or list the states"
        )
    unmoved = section.options and not section.moves
    if unmoved and isinstance(section.states, list) and section.states:
        yield "states need patterns of options, or list the moves"
    for actor in section.moves:
        if actor not in section.actors:
            yield f"'{actor}' has moves and no ranking"


def _ranking_problems(actor: str, ranking: Iterable[str], states: Iterable[str]) -> Iterator[str]:
    listed, known = set(ranking), list(states)
    missing = [name for name in known if name not in listed]
    for name in sorted(listed - set(known)):
        yield f"{actor}: '{name}' is not a state{suggest(name, known)}"
    if missing:
        more = f" and {len(missing) - 12} more" if len(missing) > 12 else ""
        yield f"{actor}: states left out: {', '.join(missing[:12])}{more}"
