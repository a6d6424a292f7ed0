"""From options to states and moves: patterns, what cannot happen and what cannot be undone.

Array convention. With ``m`` options, combination ``c`` of ``2**m`` takes option ``k`` when bit
``k`` of ``c`` is set: the first option of the file changes fastest.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim._kernels.tolerance import BoolArray, IntArray
from sim.errors import UsageError
from sim.scenario.sections.conflict import ConflictSection
from sim.scenario.sections.preference_statements import matching


def derive_moves(section: ConflictSection, states: Mapping[str, str]) -> BoolArray:
    """The moves that actors make by changing their own options, shape ``(actors, states, states)``.

    A state written with ``-`` stands for several combinations: there is a move between two states
    when there is one between any of their combinations.

    Raises
    ------
    UsageError
        If a combination of options belongs to two states, or a state cannot happen.

    Examples
    --------
    >>> section = ConflictSection(
    ...     options={"a": ["quit"], "b": ["stay"]}, irreversible=["quit"],
    ...     states={"in": "NY", "out": "Y-"}, preferences={"a": ["in", "out"], "b": ["in", "out"]},
    ... )
    >>> derive_moves(section, section.states)[0]
    array([[False,  True],
           [False, False]])
    """
    state_of = _state_of_combination(section, states)
    combinations = np.flatnonzero(state_of >= 0)
    moves = np.zeros((len(section.actors), len(states), len(states)), dtype=np.bool_)
    offset = 0
    for i, actor in enumerate(section.actors):
        owned = ((1 << len(section.options[actor])) - 1) << offset
        for setting in range(1 << len(section.options[actor])):
            ends = (combinations & ~owned) | (setting << offset)
            allowed = (state_of[ends] >= 0) & ~_barred(section, combinations, ends)
            moves[i, state_of[combinations[allowed]], state_of[ends[allowed]]] = True
        offset += len(section.options[actor])
    moves[:, np.arange(len(states)), np.arange(len(states))] = False
    return moves


def states_of_choices(section: ConflictSection, states: Mapping[str, str]) -> IntArray:
    """The state of every combination of choices, one axis per actor over its options; -1 where none.

    Examples
    --------
    >>> section = ConflictSection(
    ...     options={"a": ["quit"], "b": ["stay"]},
    ...     states={"in": "NY", "out": "Y-"}, preferences={"a": ["in", "out"], "b": ["in", "out"]},
    ... )
    >>> states_of_choices(section, section.states).tolist()
    [[-1, 0], [1, 1]]
    """
    sizes = [1 << len(owned) for owned in section.options.values()]
    return _state_of_combination(section, states).reshape(sizes, order="F")


def _ruled_out(section: ConflictSection) -> BoolArray:
    combinations = np.arange(1 << len(section.option_names))
    out = np.zeros(combinations.shape, dtype=np.bool_)
    for pattern in section.infeasible:
        out |= matching(pattern, combinations)
    return out


def _state_of_combination(section: ConflictSection, states: Mapping[str, str]) -> IntArray:
    """Index of the state of every combination, -1 where it is none."""
    feasible = ~_ruled_out(section)
    combinations = np.arange(feasible.size)
    state_of = np.full(feasible.size, -1, dtype=np.int64)
    names = list(states)
    for index, (name, pattern) in enumerate(states.items()):
        held = matching(pattern, combinations) & feasible
        if not held.any():
            raise UsageError(f"state '{name}' ({pattern}) is ruled out by infeasible")
        taken = state_of[held].max()
        if taken >= 0:
            raise UsageError(f"states '{names[taken]}' and '{name}' share a combination of options")
        state_of[held] = index
    return state_of


def _barred(section: ConflictSection, starts: IntArray, ends: IntArray) -> BoolArray:
    out = np.zeros(starts.shape, dtype=np.bool_)
    for entry in section.irreversible:
        if isinstance(entry, str):
            (bit,) = section.option_places(entry)
            out |= (starts >> bit & 1) > (ends >> bit & 1)
        else:
            out |= matching(entry.start, starts) & matching(entry.end, ends)
    return out
