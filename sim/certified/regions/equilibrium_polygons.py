"""Exact regions of two parameters where a pure equilibrium has a wanted outcome.

Definition. Where all moves are made at once, ratification is settled in the whole box and payoffs are
affine in two parameters, a profile of moves is an equilibrium on a convex polygon: the box cut by one
half-plane per deviation, ``U_i(profile) >= U_i(deviation)``. The claim holds on the union over the profiles
whose outcome is wanted; an edge carries the name of the deviation that becomes worth making beyond it.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.tolerance import IntArray
from sim.certified.bounds.boxes import Boxes
from sim.certified.games.equilibrium_outcome import EquilibriumOutcome
from sim.certified.games.game_batch import GameBatch
from sim.certified.games.game_payoffs import GamePayoffs
from sim.certified.regions.convex_polygons import Plane, Polygon, cut
from sim.games.stages_conflict import state_names

MOST_PROFILES = 4_000
"""Most profiles with a wanted outcome of which each has a polygon."""


def equilibrium_polygons(claim: EquilibriumOutcome, whole: Boxes) -> tuple[Polygon, ...] | None:
    """The polygons on which a claim on pure equilibria holds; ``None`` where they are not known."""
    payoffs = claim.payoffs
    if claim.every or not payoffs.game.simultaneous or not payoffs.affine:
        return None
    batch = GameBatch(payoffs, whole)
    chance = batch.chance.lo[:, 0]
    if (chance != batch.chance.hi[:, 0]).any():
        return None
    leaf = np.where(chance[payoffs.leaf] == 0, payoffs.fallback(payoffs.leaf), payoffs.leaf)
    wanted = claim.wanted_leaves(batch)[0][:, 0]
    if wanted.sum() > MOST_PROFILES:
        return None
    names = list(state_names(payoffs.game))
    found: dict[bytes, Polygon] = {}
    for profile in np.flatnonzero(wanted).tolist():
        region = cut(whole, payoffs.dispute.varied, _planes(payoffs, leaf, profile))
        if region is None:
            continue
        label = payoffs.dispute.space.label(int(leaf[profile]) // payoffs.columns)
        key = label.encode() + np.round(region[0], 12).tobytes()
        one = Polygon(
            agreement=label, stances=names[profile], corners=region[0], edges=tuple(region[1])
        )
        found.setdefault(key, one)
    return tuple(found.values())


def _planes(payoffs: GamePayoffs, leaf: IntArray, profile: int) -> list[Plane]:
    """A half-plane per deviation from a profile that changes the mover's payoff."""
    shape = payoffs.game.shape
    out: dict[tuple[int, bytes], Plane] = {}
    index = np.arange(len(leaf)).reshape(shape)
    here = np.unravel_index(profile, shape)
    for k, axis in enumerate(payoffs.game.axes):
        matrix, scale = payoffs.payoffs[axis.actor].matrix, payoffs.dispute.scales[axis.actor]
        line = np.moveaxis(index, k, -1)[(*here[:k], *here[k + 1 :])]
        for choice, other in enumerate(line.tolist()):
            row = (matrix[:, leaf[profile]] - matrix[:, leaf[other]]) / scale
            if row.any():
                name = f"{axis.actor}: {axis.labels[int(here[k])]} to {axis.labels[choice]}"
                out.setdefault((k, row.tobytes()), Plane(row, name))
    return list(out.values())
