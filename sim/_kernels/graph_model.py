"""Moves and sanctions in the graph model of a conflict, for many preference profiles at once.

Definition. Actor ``i`` can move alone from state ``s`` to the states ``R_i(s)``; those it prefers
strictly to ``s`` are its unilateral improvements ``R_i+(s)``. A group ``H`` reaches the states that
end a legal sequence of its members' moves: of any length, in which nobody moves twice in a row
(Fang, Hipel & Kilgour 1993).

Array convention. ``moves`` is boolean ``(actors, states, states)`` or, when it depends on the
preference profile, ``(actors, states, states, batch)``: ``[i, s, t]`` says that ``i`` can move from
``s`` to ``t``. ``ranks`` is ``(actors, states, batch)``, higher is better. Batch axis last.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim._kernels.ranks import ranks_of
from sim._kernels.tolerance import AnyArray, BoolArray, FloatArray, IntArray


def improvements(moves: BoolArray, ranks: AnyArray) -> BoolArray:
    """Every actor's unilateral improvements, shape ``(actors, states, states, batch)``.

    Examples
    --------
    >>> moves = np.array([[[False, True], [True, False]]])
    >>> improvements(moves, np.array([[[1], [2]]]))[0, :, :, 0]
    array([[False,  True],
           [False, False]])
    """
    better = ranks[:, None, :, :] > ranks[:, :, None, :]
    return np.asarray(better & moves[..., None])


def joint_moves(moves: BoolArray, members: Sequence[int]) -> BoolArray:
    """The states a group reaches by legal sequences of its members' moves.

    Parameters
    ----------
    moves
        Shape ``(actors, states, states)`` or ``(actors, states, states, batch)``.
    members
        Indices of the group's actors.

    Returns
    -------
    ndarray of bool
        Shape ``moves.shape[1:]``; a state counts as reached from itself only by a sequence.

    Examples
    --------
    >>> first, second = np.zeros((2, 3, 3), dtype=bool)
    >>> first[0, 1] = first[1, 2] = True           # one actor alone cannot move twice in a row
    >>> joint_moves(np.array([first, second]), [0, 1])[0]
    array([False,  True, False])
    """
    reached = {k: moves[k].copy() for k in members}
    fresh = {k: moves[k].copy() for k in members}
    while any(new.any() for new in fresh.values()):
        fresh = {k: _next_moves(moves, fresh, k) & ~reached[k] for k in members}
        for k in members:
            reached[k] |= fresh[k]
    nothing: BoolArray = np.zeros(moves.shape[1:], dtype=np.bool_)
    return np.asarray(np.logical_or.reduce([nothing, *reached.values()]))


def _next_moves(moves: BoolArray, fresh: dict[int, BoolArray], mover: int) -> BoolArray:
    """States that ``mover`` reaches by one move from where somebody else has just moved."""
    nothing: BoolArray = np.zeros(moves.shape[1:], dtype=np.bool_)
    others = [states for other, states in fresh.items() if other != mover]
    if not others:
        return nothing
    return compose(np.asarray(np.logical_or.reduce([nothing, *others])), moves[mover])


def compose(first: BoolArray, second: BoolArray) -> BoolArray:
    """Whether some state ``u`` has both ``first[s, u]`` and ``second[u, t]``.

    Parameters
    ----------
    first, second
        Shape ``(states, states)`` or ``(states, states, batch)``, both with a batch axis or
        neither.

    Returns
    -------
    ndarray of bool
        Shape ``(states, states)`` or ``(states, states, batch)``.

    Examples
    --------
    >>> forth = np.array([[False, True], [False, False]])
    >>> compose(forth, forth.T)
    array([[ True, False],
           [False, False]])
    """
    shape = np.broadcast_shapes(first.shape, second.shape)
    if shape[2:] in ((), (1,)):  # one conflict: a product of matrices counts the middles exactly
        left, right = (x.reshape(x.shape[:2]).astype(np.float32) for x in (first, second))
        return np.asarray((left @ right > 0).reshape(shape))
    out: BoolArray = np.zeros(shape, dtype=np.bool_)
    for middle in range(first.shape[1]):
        out |= first[:, middle, None] & second[None, middle]
    return out


def not_better(ranks: AnyArray, actor: int) -> BoolArray:
    """Whether an actor does not prefer ``t`` to ``s`` (ties count): ``(states, states, batch)``.

    Examples
    --------
    >>> not_better(np.array([[[1], [1], [2]]]), 0)[0, :, 0]
    array([ True,  True, False])
    """
    return np.asarray(ranks[actor][None, :, :] <= ranks[actor][:, None, :])


def ordinal_ranks(payoffs: FloatArray, magnitudes: FloatArray | None = None) -> IntArray:
    """Ranks of states from payoffs: 1 for an actor's worst, payoffs that tie share a rank.

    Parameters
    ----------
    payoffs
        Shape ``(actors, states, batch)``.
    magnitudes
        What they were added up from, same shape.

    Returns
    -------
    ndarray of int
        Same shape.

    Examples
    --------
    >>> ordinal_ranks(np.array([[[0.5], [-3.0], [0.5]]]))[0, :, 0]
    array([2, 1, 2])
    """
    return ranks_of(payoffs, magnitudes) + 1
