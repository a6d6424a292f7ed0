"""Which stance profiles are equilibria among the third parties, given what is signed.

Definition. With agreement ``a`` signed (or the status quo), third party ``j`` chooses a stance; a
profile ``s`` is an equilibrium when no third party gains by another stance of its own. Where no
pure equilibrium exists, the profiles of least regret (largest gain from deviating, in units of
``K_j``) stand in and the point is marked as not exact.

Array convention. Masks have shape ``(agreements, profiles, batch)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import RELATIVE, BoolArray, FloatArray
from sim.payoffs import Batch


def stance_equilibria(batch: Batch) -> tuple[BoolArray, BoolArray]:
    """Stance equilibria of every agreement, and where they are equilibria and no stand-ins.

    Returns
    -------
    stable, exact
        Shapes ``(agreements, profiles, batch)`` and ``(agreements, batch)``.
    """
    rows, columns = batch.dispute.shape
    if columns == 1:
        exact = np.ones((rows, batch.size), dtype=np.bool_)
        return exact[:, None, :], exact
    regret = _regret(batch)
    stable = np.broadcast_to(regret <= RELATIVE, (rows, columns, batch.size)).copy()
    empty: BoolArray = ~np.asarray(stable.any(axis=1))
    if empty.any():
        least = np.broadcast_to(
            regret <= regret.min(axis=1, keepdims=True) + RELATIVE, stable.shape
        )
        stable |= least & empty[:, None, :]
    return stable, ~empty


def _regret(batch: Batch) -> FloatArray:
    """Largest gain of a third party from another stance, in its unit; broadcast over agreements."""
    dispute = batch.dispute
    document = dispute.scenario.document
    sizes = [len(document.actors[name].stances) for name in document.third_parties]
    worst: FloatArray = np.zeros((1, 1, 1))
    for axis, actor in enumerate(document.third_parties):
        value = batch.payoff(actor) / dispute.scales[actor]
        if value.shape[1] == 1:
            continue
        cube = value.reshape(value.shape[0], *sizes, value.shape[2])
        regret = cube.max(axis=axis + 1, keepdims=True) - cube
        worst = np.maximum(worst, regret.reshape(value.shape))
    return worst
