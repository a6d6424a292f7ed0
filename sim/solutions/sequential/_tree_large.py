"""What is found of trees whose reduced strategic form is too large to enumerate.

Array convention. As :mod:`sim.solutions.sequential._tree_stage`.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from sim.games.behaviour import Behaviour, completed
from sim.games.tree import Tree
from sim.solutions.sequential._sequence_form import constant_sum, optimal_behaviour
from sim.solutions.sequential._tree_stage import Stage


def stage_of_large(tree: Tree, movers: Sequence[int]) -> Stage:
    """What is found of a stage whose reduced strategic form is too large to enumerate."""
    if len(movers) == 1:
        member = _best_plan(tree, movers[0])
        return _one_of_many(member, "one best plan of many")
    pair = (movers[0], movers[1])
    if len(movers) == 2 and constant_sum(tree, pair):
        try:
            member = optimal_behaviour(tree, pair)
        except ArithmeticError:
            return _nothing("the linear program failed")
        return _one_of_many(
            member,
            "constant-sum: one optimal pair by the sequence form; all others have the same value",
        )
    return _nothing("a subgame is too large: its reduced strategic form exceeds the work limit")


def _one_of_many(member: Behaviour, note: str) -> Stage:
    return Stage(
        members=(member,),
        exhaustive=False,
        continuum=True,
        settled=False,
        determined=False,
        note=note,
    )


def _nothing(note: str) -> Stage:
    return Stage(
        members=(), exhaustive=False, settled=False, determined=False, limited=True, note=note
    )


def _best_plan(tree: Tree, actor: int) -> Behaviour:
    """A best plan of the only actor with a choice, set by set from the last."""
    known = {
        h: (Fraction(1),)
        for h, s in enumerate(tree.sets)
        if s.actor != actor or len(s.actions) == 1
    }
    return completed(tree, known)
