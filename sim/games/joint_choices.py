"""What several actors of a conflict reach together when they change their own choices at once.

Definition. Where states are made from choices, each actor having its own, a *simultaneous change* from a
state sets the changed choices of several actors together and leaves those of the others. The outcome is
the state of that combination, if it can happen. It is not what the actors reach by moving in turn: every
change is judged by what it would have done alone.

Array convention. ``state_of`` has one axis per actor, over its choices; it holds the number of the state
that a combination belongs to, -1 where it cannot happen. Several combinations may belong to one state.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim._kernels.tolerance import BoolArray, IntArray


def simultaneous_outcomes(
    state_of: IntArray, improving: BoolArray, actor: int, state: int
) -> BoolArray:
    """What an actor's improvements come to when others improve at the same moment.

    Parameters
    ----------
    state_of
        The state of every combination of choices, one axis per actor.
    improving
        Boolean, shape ``(actors, states, states)``: unilateral improvements.
    actor, state
        Who moves, and from where.

    Returns
    -------
    ndarray of bool
        Shape ``(states, states)``: ``[t, u]`` says that the actor's improvement to ``t``, made together
        with an improvement of at least one other actor, ends in ``u``.

    Examples
    --------
    >>> both = np.array([[0, 1], [2, 3]])
    >>> improving = np.zeros((2, 4, 4), dtype=bool)
    >>> improving[0, 0, 2] = improving[1, 0, 1] = True
    >>> np.argwhere(simultaneous_outcomes(both, improving, 0, 0)).tolist()
    [[2, 3]]
    """
    size = improving.shape[1]
    out: BoolArray = np.zeros((size, size), dtype=np.bool_)
    for place in np.argwhere(state_of == state):
        changes = [_improved(state_of, improving, k, place, state) for k in range(place.size)]
        mine = changes[actor]
        if not mine.size:
            continue
        ends = state_of[_along(place, actor)][mine]
        choices = [np.append(own, new) for own, new in zip(place, changes, strict=True)]
        choices[actor] = mine
        reached = np.moveaxis(state_of[np.ix_(*choices)], actor, 0).reshape(mine.size, -1)[:, 1:]
        row, column = np.nonzero(reached >= 0)
        out[ends[row], reached[row, column]] = True
    return out


def _along(place: Sequence[int] | IntArray, actor: int) -> tuple[int | slice, ...]:
    """The index of all combinations that differ from a given one in one actor's choice."""
    return tuple(slice(None) if k == actor else int(own) for k, own in enumerate(place))


def _improved(
    state_of: IntArray, improving: BoolArray, actor: int, place: IntArray, state: int
) -> IntArray:
    """The choices of an actor that, changed alone, take it to a state that it prefers."""
    ends = state_of[_along(place, actor)]
    return np.flatnonzero((ends >= 0) & improving[actor, state, ends])
