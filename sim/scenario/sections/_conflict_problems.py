"""What is wrong with a ``conflict`` section: every problem as a sentence, field by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sim.errors import suggest

if TYPE_CHECKING:
    from sim.scenario.sections.conflict import ConflictSection

MAX_OPTIONS, MAX_STATES = 16, 512
"""Most options of all actors together, and most states."""


def flatten(ranking: list[str | list[str]]) -> list[str]:
    """The states of a ranking, best first, without its groups of equally good states."""
    return [name for entry in ranking for name in ([entry] if isinstance(entry, str) else entry)]


def option_problems(section: ConflictSection) -> Iterator[str]:
    """Of the options."""
    names = section.option_names
    if len(names) > MAX_OPTIONS:
        yield f"{len(names)} options, at most {MAX_OPTIONS}; list states and moves instead"
    for actor, owned in section.options.items():
        if len(set(owned)) < len(owned):
            yield f"'{actor}' has an option twice"


def state_problems(section: ConflictSection) -> Iterator[str]:
    """Of the states."""
    if isinstance(section.states, dict):
        for pattern in section.states.values():
            yield from _pattern_problems(section, pattern)
        return
    for name, times in Counter(section.states).items():
        if times > 1:
            yield f"'{name}' is listed {times} times"


def infeasible_problems(section: ConflictSection) -> Iterator[str]:
    """Of what cannot happen."""
    for pattern in section.infeasible:
        yield from _pattern_problems(section, pattern)


def irreversible_problems(section: ConflictSection) -> Iterator[str]:
    """Of what cannot be undone."""
    for entry in section.irreversible:
        if not isinstance(entry, str):
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


def move_problems(section: ConflictSection) -> Iterator[str]:
    """Of listed moves."""
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


def payoff_problems(section: ConflictSection) -> Iterator[str]:
    """Of payoffs."""
    for actor, worth in section.payoffs.items():
        if section.options and actor not in section.options:
            yield f"'{actor}' is not an actor{suggest(actor, section.options)}"
        elif section.states or section.options:
            yield from _ranking_problems(actor, worth, section.state_patterns)


def statement_problems(section: ConflictSection) -> Iterator[str]:
    """Of the preference statements."""
    patterns = section.state_patterns if section.options or section.states else {}
    if section.statements and not all(patterns.values() or [""]):
        yield "statements need states that are made of options"
        return
    many = len(patterns) > MAX_STATES
    for actor, statements in section.statements.items():
        if section.options and actor not in section.options:
            yield f"'{actor}' is not an actor{suggest(actor, section.options)}"
        elif actor in section.payoffs:
            yield f"'{actor}' has statements and payoffs; one of them says it all"
        elif not statements:
            yield f"'{actor}' has no statement"
        elif not many:
            try:
                section.ranking(actor)
            except ValueError as error:
                yield f"{actor}: {error}"


def preference_problems(section: ConflictSection) -> Iterator[str]:
    """Of the rankings, and of the section as a whole."""
    yield from _form_problems(section)
    for actor in section.actors:
        said = actor in section.payoffs or actor in section.statements
        if actor not in section.preferences and not said:
            yield f"the ranking of '{actor}' is missing"
        if actor in section.preferences and actor in section.payoffs:
            yield f"'{actor}' has a ranking and payoffs; one of them says it all"
        if actor in section.preferences and actor in section.statements:
            yield f"'{actor}' has a ranking and statements; one of them says it all"
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
