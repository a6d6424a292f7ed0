"""Conflicts in graph form: states, moves that actors can make alone, ordinal preferences.

Definition. A conflict has actors ``i``, states ``s``, for every actor a directed graph ``R_i`` of
the moves it can make alone, and for every actor a weak order of the states (Fang, Hipel & Kilgour
1993). States are usually made from *options*: each option belongs to one actor and is taken
(``Y``) or not (``N``); a state is a pattern over all options, and an actor moves by changing its
own.

Array convention. ``moves`` has shape ``(actors, states, states)``; ``ranks`` has shape
``(actors, states, batch)``, whole numbers, higher is better, the batch axis last: many preference
profiles on one graph. One conflict is a batch of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from sim._kernels.graph_model import joint_moves, ordinal_ranks
from sim._kernels.tolerance import BoolArray, FloatArray, IntArray
from sim.errors import UsageError, suggest
from sim.games._states_from_options import derive_moves, states_of_choices
from sim.scenario.amounts import evaluated
from sim.scenario.sections.conflict import ConflictSection


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Conflict:
    """A conflict in graph form, with one or many preference profiles.

    Parameters
    ----------
    actors, states
        Names, in order.
    moves
        Boolean, shape ``(actors, states, states)``: ``[i, s, t]`` says that ``i`` can move alone
        from ``s`` to ``t``. The diagonal is False.
    ranks
        Shape ``(actors, states, batch)``, whole numbers; a higher rank is better, equal is
        indifferent.
    title
        For messages and exports.
    state_of
        Where states are made from choices: the state of every combination, one axis per actor over its
        choices, -1 where it cannot happen; ``None`` where moves are listed.

    Raises
    ------
    UsageError
        If the shapes do not match the names, or a move leads from a state to itself.

    Examples
    --------
    >>> moves = [[[False, True], [True, False]]]
    >>> Conflict.from_lists(["a"], ["war", "peace"], moves, [["peace", "war"]]).ranks[0, :, 0]
    array([1, 2])
    """

    actors: tuple[str, ...]
    states: tuple[str, ...]
    moves: BoolArray
    ranks: IntArray
    title: str = ""
    state_of: IntArray | None = None

    def __post_init__(self) -> None:
        n, m = len(self.actors), len(self.states)
        if self.moves.shape != (n, m, m):
            raise UsageError(f"moves have shape {self.moves.shape}, names say {(n, m, m)}")
        if self.ranks.ndim != 3 or self.ranks.shape[:2] != (n, m):
            raise UsageError(f"ranks have shape {self.ranks.shape}, names say {(n, m, 'batch')}")
        if self.moves.diagonal(axis1=1, axis2=2).any():
            raise UsageError("a move leads from a state to itself")

    @property
    def batch(self) -> int:
        """Number of preference profiles."""
        return int(self.ranks.shape[-1])

    def profile(self) -> IntArray:
        """The ranks of a batch of one without the batch axis, shape ``(actors, states)``."""
        if self.batch != 1:
            raise UsageError(f"one preference profile expected, the batch holds {self.batch}")
        return self.ranks[..., 0]

    def with_payoffs(self, payoffs: FloatArray) -> Conflict:
        """The same graph with preferences read from payoffs, shape ``(actors, states, batch)``."""
        return replace(self, ranks=ordinal_ranks(payoffs))

    def state(self, name: str) -> int:
        """Index of a state.

        Raises
        ------
        UsageError
            If no state has that name.
        """
        return _place("state", name, self.states)

    def actor(self, name: str) -> int:
        """Index of an actor.

        Raises
        ------
        UsageError
            If no actor has that name.
        """
        return _place("actor", name, self.actors)

    @classmethod
    def from_lists(
        cls,
        actors: Sequence[str],
        states: Sequence[str],
        moves: object,
        preferences: Sequence[Sequence[str | Sequence[str]]],
        *,
        title: str = "",
    ) -> Conflict:
        """A conflict from nested lists: moves per actor, and per actor its states best first."""
        ranks = np.array([rank_numbers(states, ranking) for ranking in preferences])
        return cls(
            actors=tuple(actors),
            states=tuple(states),
            moves=np.array(moves, dtype=np.bool_),
            ranks=ranks[..., None].astype(np.int64),
            title=title,
        )


def _place(kind: str, name: str, names: tuple[str, ...]) -> int:
    """Where a name stands, with a word for what is not there."""
    if name not in names:
        raise UsageError(f"unknown {kind} '{name}'{suggest(name, names)}")
    return names.index(name)


def rank_numbers(states: Sequence[str], ranking: Sequence[str | Sequence[str]]) -> list[int]:
    """Rank of every state from a ranking, best first; 1 is the worst, a nested list is a tie.

    Raises
    ------
    UsageError
        If a state is unknown, missing or ranked twice.

    Examples
    --------
    >>> rank_numbers(["x", "y", "z"], ["z", ["x", "y"]])
    [1, 1, 2]
    """
    groups = [[entry] if isinstance(entry, str) else list(entry) for entry in ranking]
    named = [name for group in groups for name in group]
    if sorted(named) != sorted(states):
        wrong = sorted((set(named) ^ set(states)) | {n for n in named if named.count(n) > 1})
        raise UsageError(f"a ranking must hold every state once; look at: {', '.join(wrong)}")
    rank = {name: len(groups) - k for k, group in enumerate(groups) for name in group}
    return [rank[name] for name in states]


def from_section(
    section: ConflictSection, values: Mapping[str, ArrayLike] | None = None, *, title: str = ""
) -> Conflict:
    """The conflict that a file describes.

    Parameters
    ----------
    section
        The section.
    values
        The file's parameters by dotted path: numbers, or arrays of one length for a batch.

    Raises
    ------
    UsageError
        If two states share a combination of options, or ``infeasible`` rules a state out.

    Examples
    --------
    >>> section = ConflictSection(
    ...     options={"row": ["arm"], "column": ["arm"]},
    ...     preferences={"row": ["YN", "NN", "YY", "NY"], "column": ["NY", "NN", "YY", "YN"]},
    ... )
    >>> from_section(section).states
    ('NN', 'YN', 'NY', 'YY')
    """
    states = section.state_patterns
    moves = _listed_moves(section, states) if section.moves else derive_moves(section, states)
    ranks = [_ranks(section, actor, tuple(states), values or {}) for actor in section.actors]
    size = max(rank.shape[-1] for rank in ranks)
    return Conflict(
        actors=section.actors,
        states=tuple(states),
        moves=np.array(moves, dtype=np.bool_),
        ranks=np.stack([np.broadcast_to(rank, (len(states), size)) for rank in ranks]).copy(),
        title=title,
        state_of=None if section.moves else states_of_choices(section, states),
    )


def _ranks(
    section: ConflictSection, actor: str, states: tuple[str, ...], values: Mapping[str, ArrayLike]
) -> IntArray:
    """An actor's ranks of all states, from its ranking or its payoffs, shape ``(states, batch)``."""
    if actor not in section.payoffs:
        return np.array(rank_numbers(states, section.ranking(actor)), dtype=np.int64)[:, None]
    worth = section.payoffs[actor]
    rows = [evaluated(worth[s], values, f"conflict.payoffs.{actor}.{s}") for s in states]
    payoffs = np.stack(np.broadcast_arrays(*map(np.atleast_1d, rows)))
    return np.asarray(ordinal_ranks(payoffs[None])[0])


def _listed_moves(section: ConflictSection, states: Mapping[str, str]) -> BoolArray:
    index = {name: k for k, name in enumerate(states)}
    moves = np.zeros((len(section.actors), len(states), len(states)), dtype=np.bool_)
    for i, actor in enumerate(section.actors):
        for start, ends in section.moves.get(actor, {}).items():
            moves[i, index[start], [index[end] for end in ends]] = True
    return moves


def coalition_improvements(
    conflict: Conflict, coalition: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """Per state, the states a coalition can reach together that all its members prefer.

    Parameters
    ----------
    conflict
        A batch of one.
    coalition
        Names of its members.

    Returns
    -------
    mapping of str to tuple of str
        The members move in any legal sequence (nobody twice in a row); only the end must be better
        than the start, and for every member.

    Notes
    -----
    Source: [kilgour2001]_.

    Examples
    --------
    >>> section = ConflictSection(
    ...     options={"row": ["cooperate"], "column": ["cooperate"]},
    ...     preferences={"row": ["NY", "YY", "NN", "YN"], "column": ["YN", "YY", "NN", "NY"]},
    ... )
    >>> coalition_improvements(from_section(section), ["row", "column"])["NN"]
    ('YY',)
    """
    members = [conflict.actor(name) for name in coalition]
    ranks = conflict.profile()[members]
    better = (ranks[:, None, :] > ranks[:, :, None]).all(axis=0)
    gains = joint_moves(conflict.moves, members) & better
    return {
        name: tuple(conflict.states[t] for t in np.flatnonzero(gains[s]))
        for s, name in enumerate(conflict.states)
    }
