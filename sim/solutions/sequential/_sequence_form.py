r"""Two-actor zero-sum trees by the sequence form.

Definition. A *sequence* of an actor is a list of its own choices that leads to one of its information sets,
with a choice there; the empty one is a sequence too. A *realisation plan* gives every sequence the
probability that its own choices come to it: 1 for the empty one, and at every information set the
probabilities of the choices add up to that of the sequence before it. With ``A`` the payoffs by pairs of
sequences, an optimal plan ``x`` and the value solve the linear program

    maximise p_0  subject to  A' x - F' p >= 0,  E x = e,  x >= 0

whose size grows with the tree and not with the number of plans [vonstengel1996]_. Both programs are
solved in floats; the probabilities found are taken to the nearest simple fractions, and where both actors'
best replies to them are worth exactly the same, value and optimality are proved.

Array convention. Payoffs by sequences have shape ``(own sequences, other's sequences)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.games.behaviour import (
    Behaviour,
    Chances,
    Memory,
    completed,
    memory_of,
    reach,
)
from sim.games.tree import END, Tree

REACHED = 1e-9
"""Weight of a plan in doubles from which on its own moves come there."""


DENOMINATORS = (1_000, 1_000_000)
"""Probabilities are taken to the nearest fraction with at most these denominators."""


def constant_sum(tree: Tree, pair: tuple[int, int]) -> bool:
    """Whether the payoffs of two actors add up to the same at every end."""
    first, second = pair
    sums = {tree.nodes[k].amounts[first] + tree.nodes[k].amounts[second] for k in tree.ends}
    return len(sums) == 1


def optimal_behaviour(tree: Tree, pair: tuple[int, int]) -> Behaviour:
    """Optimal behaviour of both actors of a constant-sum tree with perfect recall.

    Parameters
    ----------
    tree
        Two actors move, besides chance.
    pair
        Their positions.

    Raises
    ------
    ArithmeticError
        If the linear program cannot be solved in floats.

    Notes
    -----
    Source: [vonstengel1996]_.

    Examples
    --------
    Matching pennies, the second actor not seeing the first one's coin.

    >>> from sim.games.files.tree import tree_game
    >>> from sim.scenario.sections.tree import TreeSection
    >>> tree = tree_game(TreeSection(actors=("a", "b"), nodes={
    ...     "a": {"player": "a", "actions": {"h": "b", "t": "c"}},
    ...     "b": {"player": "b", "information": "i", "actions": {"h": [1, -1], "t": [-1, 1]}},
    ...     "c": {"player": "b", "information": "i", "actions": {"h": [-1, 1], "t": [1, -1]}}}))
    >>> [[str(p) for p in chances] for chances in optimal_behaviour(tree, (0, 1))]
    [['1/2', '1/2'], ['1/2', '1/2']]
    """
    memory = memory_of(tree)
    first, second = pair
    plans = [_plan(tree, memory, one, other) for one, other in ((first, second), (second, first))]
    raw = [_chances(tree, memory, actor, plan) for actor, plan in zip(pair, plans, strict=True)]
    exact = Fraction(0)
    found: Behaviour = ()
    for denominator in DENOMINATORS:
        known = {h: _simple(chances, denominator) for own in raw for h, chances in own.items()}
        found = completed(tree, known)
        exact = _gap(tree, found, pair, memory)
        if exact == 0:
            break
    return found


def _gap(tree: Tree, behaviour: Behaviour, pair: tuple[int, int], memory: Memory) -> Fraction:
    """By how much the two best replies together exceed the constant sum; 0: both are optimal."""
    from sim.games.behaviour import best_value

    end = tree.nodes[tree.ends[0]].amounts
    best = sum((best_value(tree, behaviour, i, memory) for i in pair), Fraction(0))
    return Fraction(best - end[pair[0]] - end[pair[1]])


def _simple(chances: Sequence[float], denominator: int) -> Chances:
    near = [Fraction(p).limit_denominator(denominator) for p in chances]
    return tuple(p / sum(near) for p in near)


def _sequences(tree: Tree, memory: Memory, actor: int) -> dict[int, int]:
    """Rows of an actor's sequences by the number of their last choice; -1 is the empty one."""
    out = {-1: 0}
    for h, s in enumerate(tree.sets):
        if s.actor == actor:
            for a in range(len(s.actions)):
                out[memory.first[h] + a] = len(out)
    return out


def _flow(tree: Tree, memory: Memory, actor: int, rows: dict[int, int]) -> Any:
    """The matrix that says that choices at a set add up to the sequence before it."""
    from scipy.sparse import lil_array

    own = [h for h, s in enumerate(tree.sets) if s.actor == actor]
    out = lil_array((len(own) + 1, len(rows)))
    out[0, 0] = 1
    for line, h in enumerate(own, start=1):
        s = tree.sets[h]
        out[line, rows[memory.last[s.nodes[0]][actor]]] = -1
        for a in range(len(s.actions)):
            out[line, rows[memory.first[h] + a]] = 1
    return out.tocsr()


def _payoffs(tree: Tree, memory: Memory, actor: int, other: int) -> Any:
    """The actor's expected payoffs by pairs of sequences, sparse."""
    from scipy.sparse import coo_array

    mine, theirs = (_sequences(tree, memory, i) for i in (actor, other))
    uniform = tuple((Fraction(1),) * len(s.actions) for s in tree.sets)
    chance = reach(tree, uniform)
    ends = [k for k in tree.ends if tree.nodes[k].mover == END and chance[k]]
    data = [float(chance[k] * tree.nodes[k].amounts[actor]) for k in ends]
    places = (
        [mine[memory.last[k][actor]] for k in ends],
        [theirs[memory.last[k][other]] for k in ends],
    )
    return coo_array((data, places), shape=(len(mine), len(theirs))).tocsr()


def _plan(tree: Tree, memory: Memory, actor: int, other: int) -> FloatArray:
    """An optimal realisation plan of ``actor``, from HiGHS."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, hstack

    matrix = _payoffs(tree, memory, actor, other)
    scale = float(np.abs(matrix.data).max(initial=0)) or 1.0
    mine = _flow(tree, memory, actor, _sequences(tree, memory, actor))
    theirs = _flow(tree, memory, other, _sequences(tree, memory, other))
    own, dual = matrix.shape[0], theirs.shape[0]
    cost = np.zeros(own + dual)
    cost[own] = -1.0
    level = np.zeros(mine.shape[0])
    level[0] = 1.0
    found: Any = linprog(
        cost,
        A_ub=hstack([-matrix.T / scale, theirs.T]).tocsr(),
        b_ub=np.zeros(matrix.shape[1]),
        A_eq=hstack([mine, csr_array((mine.shape[0], dual))]).tocsr(),
        b_eq=level,
        bounds=[(0, None)] * own + [(None, None)] * dual,
        method="highs-ds",
    )
    if found.status != 0:
        raise ArithmeticError(f"HiGHS: {found.message}")
    return np.asarray(found.x[:own])


def _chances(
    tree: Tree, memory: Memory, actor: int, plan: FloatArray
) -> dict[int, tuple[float, ...]]:
    """The probabilities at the sets that a realisation plan comes to."""
    rows = _sequences(tree, memory, actor)
    out = {}
    for h, s in enumerate(tree.sets):
        if s.actor != actor:
            continue
        own = [max(0.0, float(plan[rows[memory.first[h] + a]])) for a in range(len(s.actions))]
        if sum(own) > REACHED:
            out[h] = tuple(p / sum(own) for p in own)
    return out
