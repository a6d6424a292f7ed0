"""A conflict in graph form: its states, the moves, which are improvements, and which states are stable.

Array convention. Moves have shape ``(actors, states, states)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim._kernels.tolerance import BoolArray, IntArray
from sim.errors import UsageError
from sim.scenario import Scenario
from sim.scenario.sections.conflict import ConflictSection
from sim.solving import game_of, solve

STABILITY = ("gmcr_nash", "smr", "seq", "gmr")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ConflictGraph:
    """A conflict with its moves and stable states.

    Parameters
    ----------
    title, actors, states
        Names.
    meanings
        Per state the options that are taken in it; empty texts where the file lists no options.
    moves
        ``[i, s, t]``: actor ``i`` can move alone from ``s`` to ``t``.
    improvements
        Those moves that lead to a state that the mover ranks higher.
    ranks
        Shape ``(actors, states)``, higher is better.
    stable
        Per stability concept the states that are equilibria.
    """

    title: str
    actors: tuple[str, ...]
    states: tuple[str, ...]
    meanings: tuple[str, ...]
    moves: BoolArray
    improvements: BoolArray
    ranks: IntArray
    stable: Mapping[str, tuple[str, ...]]


def conflict_graph(scenario: Scenario) -> ConflictGraph:
    """The graph of a conflict with its stable states.

    Raises
    ------
    UsageError
        If the scenario is not a conflict in graph form.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "conflict: {options: {a: [arm], b: [arm]}, states: {calm: NN, a: YN, b: NY, race: YY},"
    ...     " preferences: {a: [a, calm, race, b], b: [b, calm, race, a]}}"
    ... )
    >>> conflict_graph(s).stable["gmcr_nash"]
    ('race',)
    >>> conflict_graph(s).meanings
    ('no option taken', 'a arm', 'b arm', 'a arm; b arm')
    """
    if scenario.document.conflict is None:
        raise UsageError(f"{scenario.origin} is not a conflict in graph form")
    conflict = game_of(scenario, "conflict")
    ranks = conflict.profile()
    better = ranks[:, None, :] > ranks[:, :, None]
    return ConflictGraph(
        title=scenario.title,
        actors=conflict.actors,
        states=conflict.states,
        meanings=tuple(_meaning(scenario.document.conflict, state) for state in conflict.states),
        moves=conflict.moves,
        improvements=conflict.moves & better,
        ranks=ranks,
        stable={
            s.concept: tuple(m.outcome for m in s.equilibria if m.outcome is not None)
            for s in solve(scenario, STABILITY)
        },
    )


def _meaning(section: ConflictSection, state: str) -> str:
    """The options taken in a state, by actor, and those that may be either."""
    pattern = section.state_patterns.get(state, "")
    if not pattern:
        return ""
    letters = iter(pattern)
    told = [
        (actor, [(next(letters), option) for option in options])
        for actor, options in section.options.items()
    ]
    taken = [
        f"{actor} {', '.join(names)}"
        for actor, read in told
        if (names := [option for letter, option in read if letter == "Y"])
    ]
    either = ["all else either way"] if "-" in pattern else []
    return "; ".join(taken + either) or "no option taken"
