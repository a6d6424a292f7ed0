"""What a report says of a scenario's inputs and of its solutions, as texts in rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.errors import NotDefinedError, SimError
from sim.labels import labels_of
from sim.results import Solution
from sim.scenario import Scenario
from sim.solving import default_concepts, fitting_concepts, solve

MOST_MEMBERS = 6
"""Members of a solution that are listed."""
MOST_WEIGHTY = 10
"""How many inputs stand before the others."""
WHOLE = "the dispute"
"""Whose inputs those are that belong to no actor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One parameter as the report shows it.

    Parameters
    ----------
    path, value, range, unit, source, note
        Texts, as in the file.
    label
        What people read in place of the path; empty where the file has none.
    stated
        The source, unless it is the one word that the mark says already.
    assumed
        Whether the value rests on no source.
    changed
        The file's own value where another was set, else an empty text.
    """

    path: str
    label: str
    value: str
    range: str
    unit: str
    source: str
    note: str
    stated: str
    assumed: bool
    changed: str


def inputs(scenario: Scenario) -> tuple[Input, ...]:
    """Every parameter of a scenario, in the order of the file.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "{parameters: {p: {value: 1, range: [0, 2]}}, issues: {peace: {no: {}, yes: {signed: 1}}},"
    ...     " outcomes: {treaty: signed}, actors: {a: {role: principal}, b: {role: principal}},"
    ...     " payoffs: {a: {x: p*signed}, b: {x: signed}}}"
    ... )
    >>> inputs(s)[0].range, inputs(s)[0].assumed
    ('0 to 2', True)
    """
    values, book = scenario.values, labels_of(scenario)
    return tuple(
        Input(
            path=path,
            label=book.at(f"parameters.{path}"),
            value=f"{values[path]:g}",
            range="" if p.range is None else f"{p.range[0]:g} to {p.range[1]:g}",
            unit=p.unit,
            source=p.source,
            note=p.note,
            stated="" if p.source.strip().lower() == "assumed" else p.source,
            assumed=p.assumed,
            changed=f"{p.value:g}" if values[path] != p.value else "",
        )
        for path, p in scenario.document.parameters.items()
    )


def grouped(
    scenario: Scenario, weighty: Sequence[str]
) -> tuple[tuple[Input, ...], dict[str, tuple[Input, ...]]]:
    """The inputs that matter, and all others by actor; within an actor those that matter more first.

    Parameters
    ----------
    scenario
        A dispute or a classical game.
    weighty
        Paths of parameters, the one that moves the margin most first.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "{parameters: {a.p: 1, b.q: 2, r: 3}, issues: {peace: {no: {}, yes: {signed: 1}}},"
    ...     " outcomes: {treaty: signed}, actors: {a: {role: principal}, b: {role: principal}},"
    ...     " payoffs: {a: {x: a.p*signed}, b: {x: b.q*r*signed}}}"
    ... )
    >>> first, rest = grouped(s, ["b.q"])
    >>> [one.path for one in first], {name: [one.path for one in group] for name, group in rest.items()}
    (['b.q'], {'a': ['a.p'], 'the dispute': ['r']})
    """
    order = {path: k for k, path in enumerate(weighty)}
    known = sorted(inputs(scenario), key=lambda one: order.get(one.path, len(order)))
    first = tuple(one for one in known if order.get(one.path, MOST_WEIGHTY) < MOST_WEIGHTY)
    actors, book = scenario.document.actors, labels_of(scenario)
    groups: dict[str, list[Input]] = {book.actor(actor): [] for actor in actors}
    for one in known:
        owner = one.path.partition(".")[0] if "." in one.path else ""
        group = book.actor(owner) if owner in actors else owner or WHOLE
        if one not in first:
            groups.setdefault(group, []).append(one)
    return first, {name: tuple(group) for name, group in groups.items() if group}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one solution concept says, in words.

    Parameters
    ----------
    concept, status
        Its name; whether the members are all there are.
    members
        Outcome, payoffs and regret of each, the first few.
    note
        The concept's own, how many members are left out, or why it has no answer here.
    """

    concept: str
    status: str
    members: tuple[tuple[str, str, str], ...]
    note: str


def answers(scenario: Scenario) -> tuple[Answer, ...]:
    """What every concept that fits the scenario says of it, the usual ones first."""
    names = dict.fromkeys([*default_concepts(scenario), *fitting_concepts(scenario)])
    return tuple(_answer(scenario, name) for name in names)


def _answer(scenario: Scenario, name: str) -> Answer:
    try:
        (solution,) = solve(scenario, [name])
    except NotDefinedError as error:
        return Answer(concept=name, status="not defined", members=(), note=str(error))
    except SimError as error:
        return Answer(concept=name, status="not asked", members=(), note=str(error))
    members = tuple(
        (m.words, m.payoff_words, "" if m.regret is None else f"{m.regret:.2g}")
        for m in solution.equilibria[:MOST_MEMBERS]
    )
    return Answer(concept=name, status=solution.extent, members=members, note=_note(solution))


def _note(solution: Solution) -> str:
    more = len(solution.equilibria) - MOST_MEMBERS
    parts = [solution.note] if solution.note else []
    if more > 0:
        parts.append(f"{more} more not shown")
    return "; ".join(parts)
