r"""The equations of every support profile of a game with many actors.

Definition. On the open face where each actor ``i`` uses exactly the strategies ``S_i``, a profile
is an equilibrium when ``u_i(s) - u_i(s_i0) = 0`` for the other ``s`` in ``S_i`` and
``u_i(t) - u_i(s_i0) <= 0`` for ``t`` outside. Each of these rows is linear in every single actor's
mix, and free of the mix of the actor it belongs to. A support is dropped at once when one of its
strategies is weakly dominated by any strategy of the same actor against the others' supports: on
the open face that dominance is strict [porter2008]_.

Array convention. A batch of supports of the same sizes ``(k_0, ..., k_n-1)``: the rows have shape
``(rows, *sizes, batch)``, equations first, one value per pure profile inside the support; the
supports themselves are one integer array of shape ``(k_i, batch)`` per actor.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray, IntArray

CHUNK_VALUES = 1_000_000
"""Corner values that are treated in one pass, which bounds the memory."""
LARGEST_SHIFT = 8
"""Binary places by which small rows are enlarged at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Systems:
    """The rows of a batch of supports of equal sizes.

    Parameters
    ----------
    supports
        Per actor, shape ``(k_i, batch)``.
    rows
        Shape ``(rows, *sizes, batch)``, each scaled by a power of two to at most 1 in size.
    equations
        How many of the rows, the first ones, are equations; the others are ``<= 0``.
    owners
        The actor of each row.
    """

    supports: tuple[IntArray, ...]
    rows: FloatArray
    equations: int
    owners: IntArray

    def take(self, which: BoolArray) -> Systems:
        """Some of the systems."""
        return Systems(
            supports=tuple(support[:, which] for support in self.supports),
            rows=self.rows[..., which],
            equations=self.equations,
            owners=self.owners,
        )


def signatures(menus: Sequence[int]) -> list[tuple[int, ...]]:
    """All sizes that the supports can have, small supports first.

    Examples
    --------
    >>> signatures((2, 1, 2))
    [(1, 1, 1), (1, 1, 2), (2, 1, 1), (2, 1, 2)]
    """
    return sorted(product(*(range(1, size + 1) for size in menus)), key=lambda k: (sum(k), k))


def systems(table: FloatArray, sizes: Sequence[int]) -> Iterator[Systems]:
    """The systems of all supports of the given sizes that survive conditional dominance.

    Parameters
    ----------
    table
        Payoffs of one game in units of each actor's spread, shape ``(actors, *moves)``.
    sizes
        Number of strategies in each actor's support.

    Yields
    ------
    Systems
        In chunks of bounded size.

    Examples
    --------
    >>> pennies = np.array([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
    >>> [found.rows[:, :, :, 0].tolist() for found in systems(pennies, (2, 2))]
    [[[[-0.5, 0.5], [-0.5, 0.5]], [[0.5, 0.5], [-0.5, -0.5]]]]
    """
    choices = [list(combinations(range(m), k)) for m, k in zip(table.shape[1:], sizes, strict=True)]
    profiles = product(*choices)
    size = 1 + CHUNK_VALUES // (math.prod(sizes) * sum(table.shape[1:]))
    while chunk := list(islice(profiles, size)):
        supports = tuple(np.array(part).T for part in zip(*chunk, strict=True))
        own = [_own_payoffs(table[i], supports, i) for i in range(len(sizes))]
        alive = np.logical_and.reduce(
            [_undominated(values, support) for values, support in zip(own, supports, strict=True)]
        )
        if alive.any():
            yield _assemble(own, supports, alive)


def _own_payoffs(payoffs: FloatArray, supports: Sequence[IntArray], actor: int) -> FloatArray:
    """All strategies of one actor against the others' supports, own axis first, then the profile's.

    The result has shape ``(m_i, k_0, ..., 1, ..., k_n-1, batch)`` with 1 at the actor's own place.
    """
    number = len(supports)
    index = []
    for other, support in enumerate(supports):
        place = [1] * (number + 2)
        if other == actor:
            place[0] = payoffs.shape[actor]
            index.append(np.arange(payoffs.shape[actor]).reshape(place))
        else:
            place[other + 1], place[-1] = support.shape
            index.append(support.reshape(place))
    return np.asarray(payoffs[tuple(index)])


def _undominated(values: FloatArray, support: IntArray) -> BoolArray:
    menu, batch = values.shape[0], values.shape[-1]
    flat = values.reshape(menu, -1, batch)
    alive = np.ones(batch, dtype=np.bool_)
    profile, place = np.arange(flat.shape[1])[:, None], np.arange(batch)
    for strategy in support:
        gain = flat - flat[strategy, profile, place]
        alive &= ~((gain.min(axis=1) >= 0) & (gain.max(axis=1) > 0)).any(axis=0)
    return alive


def _assemble(own: list[FloatArray], supports: tuple[IntArray, ...], alive: BoolArray) -> Systems:
    kept = tuple(support[:, alive] for support in supports)
    sizes = tuple(len(support) for support in kept)
    equal, less = [], []
    for values, support in zip(own, kept, strict=True):
        differences = _differences(values[..., alive], support)
        shape = (differences.shape[0], *sizes, differences.shape[-1])
        differences = np.broadcast_to(differences, shape)
        equal.append(differences[: len(support) - 1])
        less.append(differences[len(support) - 1 :])
    rows = np.concatenate([*equal, *less])
    rows = _scaled(_without_factors(rows))
    used, menus = np.array(sizes), np.array([len(values) for values in own])
    actors = np.arange(len(own))
    return Systems(
        supports=kept,
        rows=rows,
        equations=sum(sizes) - len(sizes),
        owners=np.concatenate([actors.repeat(used - 1), actors.repeat(menus - used)]),
    )


def _differences(values: FloatArray, support: IntArray) -> FloatArray:
    """Payoffs less that of the support's first strategy: rest of the support, then the others."""
    menu, batch = values.shape[0], values.shape[-1]
    inside = np.zeros((menu, batch), dtype=np.bool_)
    np.put_along_axis(inside, support, True, axis=0)
    order = np.argsort(~inside, axis=0, kind="stable")
    flat = values.reshape(menu, -1, batch)
    ordered = flat[order[:, None], np.arange(flat.shape[1])[:, None], np.arange(batch)]
    return np.asarray(ordered[1:] - ordered[:1]).reshape(menu - 1, *values.shape[1:])


def _without_factors(rows: FloatArray) -> FloatArray:
    """Rows divided by any single probability that is a factor: it is positive on the open face."""
    for axis in range(1, rows.ndim - 1):
        size = rows.shape[axis]
        others = tuple(a for a in range(1, rows.ndim - 1) if a != axis)
        used = (rows != 0).any(axis=others, keepdims=True)
        factor = used.sum(axis=axis, keepdims=True) == 1
        if size > 1 and factor.any():
            chosen = np.take_along_axis(rows, used.argmax(axis=axis, keepdims=True), axis=axis)
            rows = np.where(factor, chosen, rows)
    return rows


def _scaled(rows: FloatArray) -> FloatArray:
    """Rows times a power of two, limited so that rounding errors of the payoffs stay small."""
    size = np.abs(rows).max(axis=tuple(range(1, rows.ndim - 1)), keepdims=True)
    return np.asarray(np.ldexp(rows, np.minimum(-np.frexp(size)[1], LARGEST_SHIFT)))
