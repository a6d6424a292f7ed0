"""The logit response map of games in strategic form, and its derivatives.

Definition. With ``p_i = exp(y_i)``, a logit equilibrium at precision ``lam`` is a zero of

    F_ij(y, lam) = y_ij - lam * u_ij(p_-i) + log sum_k exp(lam * u_ik(p_-i)),

where ``u_ij`` is actor ``i``'s expected payoff of its strategy ``j`` [mckelvey1995]_.

Array convention. ``payoffs`` has shape ``(actors, *moves, batch)``, each mix ``(moves_i, batch)``,
points ``x = (y, lam)`` shape ``(strategies of all actors + 1, batch)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_letters

import numpy as np

from sim._kernels.tolerance import FloatArray

HIGHEST = 1.0
"""Logarithms of probabilities are cut here: they are at most 0 on the branch, and exp must not overflow."""


RARE = 1e-6
"""Probability below which a strategy no longer sets the scale, unless it is one of the two likeliest."""


def relative_regret(payoffs: FloatArray, mixes: Sequence[FloatArray]) -> FloatArray:
    """Largest regret of any actor, in units of what is at stake for it, shape ``(batch,)``."""
    width = stakes(payoffs, mixes)
    gains = [
        (value.max(axis=0) - (value * mix).sum(axis=0)) / np.where(wide > 0.0, wide, 1.0)
        for value, mix, wide in zip(deviations(payoffs, mixes), mixes, width, strict=True)
    ]
    return np.asarray(np.max(gains, axis=0))


def stakes(payoffs: FloatArray, mixes: Sequence[FloatArray]) -> FloatArray:
    """Each actor's payoff spread over the strategies that are played at all, shape ``(actors, batch)``.

    A strategy that nobody plays any more, however badly it pays, leaves the scale; every actor's two
    likeliest strategies stay.

    Examples
    --------
    >>> table = np.array([[[0.0], [-0.5], [-9e9]]])
    >>> stakes(table, [np.array([[0.9], [0.1], [0.0]])])
    array([[0.5]])
    """
    played = np.ones(payoffs.shape[1:], dtype=np.bool_)
    for actor, mix in enumerate(mixes):
        second = np.sort(mix, axis=0)[-2] if len(mix) > 1 else mix[0]
        shape = [1] * len(mixes)
        shape[actor] = len(mix)
        played &= ((mix >= RARE) | (mix >= second)).reshape(*shape, -1)
    axes = tuple(range(1, payoffs.ndim - 1))
    high = np.where(played, payoffs, -np.inf).max(axis=axes)
    return np.asarray(high - np.where(played, payoffs, np.inf).min(axis=axes))


def mixes_of(payoffs: FloatArray, point: FloatArray) -> list[FloatArray]:
    """Each actor's probabilities at a point, shape ``(moves_i, batch)``, normalised."""
    cuts = np.cumsum(payoffs.shape[1:-1])[:-1]
    parts = [np.exp(np.minimum(part, HIGHEST)) for part in np.split(point[:-1], cuts)]
    return [part / part.sum(axis=0) for part in parts]


def system(payoffs: FloatArray, point: FloatArray) -> tuple[FloatArray, FloatArray]:
    """``F``, shape ``(size, batch)``, and its derivatives in ``x``, ``(size, size + 1, batch)``.

    ``F`` is zero where ``a_ij - sum_k p_ik a_ik + log z_i`` is, with ``a_ij = y_ij - lam * u_ij``
    and ``z_i = sum_k exp(y_ik)``. That form is far closer to linear, and is used. Its weights
    ``p_ik`` count as constants, since their changes cancel wherever ``F`` is zero.
    """
    lam, mixes = point[-1], mixes_of(payoffs, point)
    ends = np.cumsum((0, *payoffs.shape[1:-1]))
    residual = np.empty((ends[-1], lam.size))
    matrix = np.zeros((ends[-1], ends[-1] + 1, lam.size))
    matrix[np.arange(ends[-1]), np.arange(ends[-1])] = 1.0
    for actor, mix in enumerate(mixes):
        rows = slice(ends[actor], ends[actor + 1])
        slopes, value = cross_effects(payoffs[actor], mixes, actor)
        value = value - average(mix, value)
        distance = point[rows] - lam * value
        total = np.log(np.exp(np.minimum(point[rows], HIGHEST)).sum(axis=0))
        residual[rows] = distance - average(mix, distance) + total
        matrix[rows, -1] = -value
        for other, effect in slopes.items():
            centred = effect - average(mix, effect)
            centred -= np.einsum("klz,lz->kz", centred, mixes[other])[:, None]
            matrix[rows, ends[other] : ends[other + 1]] = -lam * centred * mixes[other]
    return residual, matrix


def average(mix: FloatArray, values: FloatArray) -> FloatArray:
    """Mean over the first axis with the weights of a mix, shape of ``values`` without that axis."""
    return np.asarray(np.einsum("kz,k...z->...z", mix, values))


def cross_effects(
    table: FloatArray, mixes: Sequence[FloatArray], actor: int
) -> tuple[dict[int, FloatArray], FloatArray]:
    """Payoff of each own strategy against each single strategy of each other actor, and its value.

    Returns
    -------
    dict
        By other actor, shape ``(moves_actor, moves_other, batch)``: the rest play their mixes.
    ndarray
        Expected payoff of each own strategy, shape ``(moves_actor, batch)``.
    """
    actors = range(len(mixes))
    slopes = {}
    for other in actors:
        if other != actor:
            effect = contract(table, mixes, {actor, other})
            slopes[other] = effect if actor < other else np.swapaxes(effect, 0, 1)
    if not slopes:
        return {}, table
    other = next(iter(slopes))
    return slopes, np.asarray(np.einsum("klz,lz->kz", slopes[other], mixes[other]))


def contract(table: FloatArray, mixes: Sequence[FloatArray], free: set[int]) -> FloatArray:
    """Expectation over the mixes of actors that are not free, shape ``(*free moves, batch)``."""
    axes, batch = ascii_letters[: len(mixes)], ascii_letters[len(mixes)]
    for actor in reversed(range(len(mixes))):
        if actor not in free:
            axis, left = ascii_letters[actor], axes.replace(ascii_letters[actor], "")
            table = np.einsum(f"{axes}{batch},{axis}{batch}->{left}{batch}", table, mixes[actor])
            axes = left
    return table


def deviations(payoffs: FloatArray, mixes: Sequence[FloatArray]) -> list[FloatArray]:
    """Each actor's expected payoff of each of its strategies, shape ``(moves_i, batch)``.

    Examples
    --------
    >>> table = np.array([[[[3.0], [0.0]], [[5.0], [1.0]]], [[[3.0], [5.0]], [[0.0], [1.0]]]])
    >>> half = np.full((2, 1), 0.5)
    >>> deviations(table, [half, half])[0][:, 0]
    array([1.5, 3. ])
    """
    return [contract(payoffs[actor], mixes, {actor}) for actor in range(payoffs.shape[0])]
