"""Whose preferences must change, and how, for a state of a conflict to become stable.

Definition. A *statement* is "actor ``i`` prefers ``u`` to ``s``". State ``s`` becomes stable for
``i`` when enough such statements are withdrawn (``u`` is then at best as good as ``s``): for
every improvement ``t`` either ``t`` itself is no longer preferred, or the others have a sanction
that no longer tempts. An answer holds the fewest statements; there may be several. The other
actors keep their preferences.

Array convention. As in :mod:`sim.solutions.conflict._stable_states`; one conflict at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import BoolArray, IntArray
from sim.errors import UsageError, suggest
from sim.games.conflict import Conflict
from sim.solutions.conflict._stable_states import SANCTIONS

LIMIT = 5_000
"""Most partial answers kept; beyond it the shortest are kept and the search is not finished."""

States = frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class StabilisingChange:
    """What one actor must change for a state to be stable for it.

    Parameters
    ----------
    actor, state
        Whose preferences, and which state.
    alternatives
        Each the fewest states that the actor must cease to prefer to ``state``; any one of them
        will do. One empty alternative when the state is stable already.
    finished
        Whether the search ran to its end; otherwise there may be shorter or further alternatives.
    """

    actor: str
    state: str
    alternatives: tuple[tuple[str, ...], ...]
    finished: bool = True

    @property
    def stable(self) -> bool:
        """Whether nothing has to change."""
        return self.alternatives == ((),)

    def __str__(self) -> str:
        if self.stable:
            return f"{self.state} is stable for {self.actor}"
        ways = " or ".join(" and ".join(names) for names in self.alternatives)
        return f"{self.actor} must cease to prefer to {self.state}: {ways}"


def stabilising_changes(
    conflict: Conflict, state: str, concept: str
) -> tuple[StabilisingChange, ...]:
    """Per actor, the fewest preference statements to withdraw for a state to be stable.

    Parameters
    ----------
    conflict
        A batch of one.
    state
        Name of the state to stabilise.
    concept
        ``gmcr_nash``, ``gmr``, ``smr`` or ``seq``.

    Returns
    -------
    tuple of StabilisingChange
        One per actor, in order.

    Raises
    ------
    UsageError
        If the state or the concept is unknown.

    Examples
    --------
    >>> row, column = [[2], [3], [0], [1]], [[1], [0], [3], [2]]
    >>> dilemma = Conflict.from_lists(
    ...     ["row", "column"], ["CC", "CD", "DC", "DD"],
    ...     [[[k in to for k in range(4)] for to in actor] for actor in (row, column)],
    ...     [["DC", "CC", "DD", "CD"], ["CD", "CC", "DD", "DC"]],
    ... )
    >>> for change in stabilising_changes(dilemma, "CC", "gmcr_nash"):
    ...     print(change)
    row must cease to prefer to CC: DC
    column must cease to prefer to CC: CD
    """
    if concept not in SANCTIONS:
        raise UsageError(f"unknown stability concept '{concept}'{suggest(concept, SANCTIONS)}")
    place = conflict.state(state)
    profile = conflict.profile()
    out = []
    for i, actor in enumerate(conflict.actors):
        choices = _choices(conflict, profile, i, place, concept)
        sets, finished = _fewest(choices)
        named = tuple(tuple(conflict.states[u] for u in sorted(found)) for found in sets)
        out.append(
            StabilisingChange(actor=actor, state=state, alternatives=named, finished=finished)
        )
    return tuple(out)


def _choices(
    conflict: Conflict, profile: IntArray, actor: int, state: int, concept: str
) -> list[set[States]]:
    """Per improvement, the sets of statements whose withdrawal would deter or undo it."""
    moves: BoolArray = conflict.moves
    better = profile[actor] > profile[actor, state]
    answers = SANCTIONS[concept](moves, conflict.ranks, (actor,))[0][..., 0]
    escapes = moves[actor] if concept == "smr" else np.zeros_like(moves[actor])
    withdrawn = [
        frozenset(map(int, np.flatnonzero(better & (escapes[u] | (np.arange(better.size) == u)))))
        for u in range(better.size)
    ]
    return [
        {frozenset({int(t)}), *(withdrawn[u] for u in np.flatnonzero(answers[t]))}
        for t in np.flatnonzero(moves[actor, state] & better)
    ]


def _fewest(choices: Iterable[set[States]]) -> tuple[list[States], bool]:
    """The smallest unions that hold one set of every choice, in order; whether all were looked at."""
    partial: set[States] = {frozenset()}
    finished = True
    for options in choices:
        partial = {
            union
            for done in partial
            for union in (
                [done] if any(o <= done for o in options) else [done | o for o in options]
            )
        }
        kept = _minimal(partial)
        if len(kept) > LIMIT:
            kept, finished = kept[:LIMIT], False
        partial = set(kept)
    least = min(map(len, partial))
    return sorted((s for s in partial if len(s) == least), key=sorted), finished


def _minimal(sets: set[States]) -> list[States]:
    """The sets that hold no other, shortest first."""
    out: list[States] = []
    for candidate in sorted(sets, key=lambda s: (len(s), sorted(s))):
        if not any(known <= candidate for known in out):
            out.append(candidate)
    return out
