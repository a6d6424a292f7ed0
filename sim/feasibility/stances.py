"""Which stance profiles are equilibria among the third parties, given what is signed.

Definition. With agreement ``a`` signed (or the status quo), third party ``j`` chooses a stance; a
profile ``s`` is an equilibrium when no third party gains by another stance of its own: when its *regret*,
by how much the best other payoff exceeds its own beyond what both are known, is not above 0. Where no pure
equilibrium exists, the profiles of least regret (in units of ``K_j``) stand in and the point is marked as
not exact. Only some third parties may be looked at: the others are committed to their stances.

Array convention. Masks have shape ``(agreements, profiles, batch)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray, IntArray
from sim.payoffs import Batch, Dispute
from sim.rules import stances as rules
from sim.rules.arithmetic import Arrays


def stance_equilibria(
    batch: Batch, movers: Sequence[str] | None = None
) -> tuple[BoolArray, BoolArray]:
    """Stance equilibria of every agreement, and where they are equilibria and no stand-ins.

    Parameters
    ----------
    batch
        A dispute at some points.
    movers
        The third parties that choose; all by default. With fewer, there are equilibria for every choice of
        the others.

    Returns
    -------
    stable, exact
        Shapes ``(agreements, profiles, batch)`` and ``(agreements, batch)``.
    """
    rows, columns = batch.dispute.shape
    if columns == 1:
        exact = np.ones((rows, batch.size), dtype=np.bool_)
        return exact[:, None, :], exact
    stable = np.broadcast_to(_stable(batch, movers), (rows, columns, batch.size)).copy()
    group = _groups(batch, movers)
    exact = np.ones((rows, batch.size), dtype=np.bool_)
    for own in group:
        empty: BoolArray = ~np.asarray(stable[:, own].any(axis=1))
        if empty.any():
            whole = stance_regret(batch, movers, exact=True)
            some = np.broadcast_to(whole, stable.shape)[:, own]
            least = some <= some.min(axis=1, keepdims=True) + RELATIVE
            stable[:, own] |= least & empty[:, None, :]
            exact &= ~empty
    return stable, exact


def _stable(batch: Batch, movers: Sequence[str] | None) -> BoolArray:
    """Where profiles are equilibria, broadcast over agreements."""
    sizes = batch.dispute.scenario.document.stance_counts
    found: BoolArray = rules.stable(Arrays(lead=1), np.True_, _parties(batch, movers))
    if found.ndim == 0:
        return np.ones((1, 1, 1), dtype=np.bool_)
    return found.reshape(len(found), int(np.prod(sizes)), -1)


def _parties(
    batch: Batch, movers: Sequence[str] | None, *, exact: bool = False
) -> Iterator[tuple[int, FloatArray, FloatArray]]:
    """Per third party that chooses, where its stance matters: its axis, the least and the most that it has.

    Shapes are ``(agreements or 1, *stances, batch or 1)``.
    """
    dispute = batch.dispute
    document = dispute.scenario.document
    for axis, actor in enumerate(document.third_parties):
        value = batch.payoff(actor)
        if value.shape[1] == 1 or (movers is not None and actor not in movers):
            continue
        error = dispute.error(actor) * (not exact)
        rows = max(value.shape[0], 1 if _same(error) else len(error))
        error = error[: rows if rows > 1 else 1]
        low, high = value - error, value + error
        shape = (low.shape[0], *document.stance_counts, low.shape[2])
        yield axis, low.reshape(shape), high.reshape(shape)


def _groups(batch: Batch, movers: Sequence[str] | None) -> list[IntArray]:
    """Profiles that agree in the stances of all who do not choose."""
    third = batch.dispute.scenario.document.third_parties
    fixed = [k for k, actor in enumerate(third) if movers is not None and actor not in movers]
    if not fixed:
        return [np.arange(batch.dispute.shape[1])]
    return profiles_by(batch.dispute, fixed)


def profiles_by(dispute: Dispute, parties: Sequence[int]) -> list[IntArray]:
    """The profiles in groups that agree in the stances of some third parties, given by their numbers."""
    _, group = np.unique(dispute.profiles[:, list(parties)], axis=0, return_inverse=True)
    group = group.reshape(-1)
    return [np.flatnonzero(group == k) for k in range(int(group.max()) + 1)]


def stance_regret(
    batch: Batch, movers: Sequence[str] | None = None, *, exact: bool = False
) -> FloatArray:
    """How far the best other stance of a third party is ahead, in its unit; broadcast over agreements.

    ``exact`` takes payoffs as they are, not up to what they are known.
    """
    dispute = batch.dispute
    third = dispute.scenario.document.third_parties
    worst: FloatArray = np.full((1, 1, 1), -np.inf)
    for axis, low, high in _parties(batch, movers, exact=exact):
        regret = low.max(axis=axis + 1, keepdims=True) - high
        flat = regret.reshape(low.shape[0], -1, low.shape[-1])
        worst = np.maximum(worst, flat / dispute.scales[third[axis]])
    return worst


def _same(error: FloatArray) -> bool:
    """Whether nothing depends on the agreement."""
    return bool((error == error[:1]).all())
