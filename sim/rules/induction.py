"""Backward induction on sets of leaves, as a rule.

Definition. As in :mod:`sim.solutions.sequential.subgame_perfect`: a leaf survives a stage where every mover
has at least, at the most, what it can secure by another choice against the worst continuation that survives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sim.rules.arithmetic import Tables, Value


def survivors(
    on: Tables,
    stages: Sequence[Sequence[int]],
    ends: Callable[[int], tuple[Value, Value]],
    alive: Value,
    *,
    moves: int,
    seen: Callable[[Value, Value], None] | None = None,
    settle: Callable[[Value], None],
) -> Value:
    """The leaves that some subgame perfect equilibrium in pure strategies reaches.

    Parameters
    ----------
    on
        An arithmetic of tables, one axis per move.
    stages
        Numbers of moves by stage, in order of play.
    ends
        Per move the least and the most that its mover may have at every leaf.
    alive
        All leaves.
    moves
        How many there are.
    seen
        Told what a mover can secure and what it has, stage by stage.
    settle
        Told, per stage of several moves, where some leaf of it survives.
    """
    for stage in reversed(stages):
        later = tuple(range(stage[-1] + 1, moves))
        barred = on.barred(alive) if later else None
        keep = alive
        for axis in stage:
            least, most = ends(axis)
            worst = on.over("least", on.held(least, barred), later) if later else least
            secure = on.over("most", worst, (axis,))
            keep = on.apply("and", keep, on.apply("ge", most, secure))
            if seen is not None:
                seen(secure, most)
        if len(stage) > 1:
            settle(on.over("any", keep, tuple(range(stage[0], moves))))
        alive = keep
    return alive
