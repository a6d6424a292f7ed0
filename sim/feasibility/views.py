"""What the gains of treaties are measured against: the status quo under each of its stance equilibria.

Definition. A view pairs the treaties under their stance equilibria with one stance equilibrium ``s0`` of the
status quo. A view whose principals have less under ``s0`` than in another one, all of them and wherever
that one counts, is as good for every treaty; the other can be left out, except for what holds in every
equilibrium.

Array convention. As in :mod:`sim.feasibility.levels`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim._kernels.tolerance import BoolArray
from sim.feasibility.levels import Cells, View, cells_of
from sim.payoffs import Batch


def static_views(batch: Batch, stable: BoolArray, wanted: BoolArray) -> list[View]:
    """One view per stance equilibrium of the status quo that matters.

    Parameters
    ----------
    batch
        A dispute at some points.
    stable
        Stance equilibria, shape ``(agreements, profiles, batch)``.
    wanted
        Agreements that climb, shape ``(agreements,)``.
    """
    cells = cells_of(batch, stable & wanted[:, None, None])
    profiles = np.flatnonzero(stable[0].any(axis=-1))
    return needed([view_against(cells, int(s0), stable[0, s0]) for s0 in profiles])


def view_against(cells: Cells, s0: int, possible: BoolArray, *, rests: bool = False) -> View:
    """The view against the status quo under one stance profile."""
    principals = len(cells.payoffs)
    against = np.full((principals, cells.batch.size), s0)
    return View(cells, against, possible, rests)


def needed(views: Sequence[View]) -> list[View]:
    """Views without those between two others, one of them as good and one as bad for every principal.

    Where third parties are indifferent at the status quo there are as many views as stance profiles; the
    ends of what they are worth to the principals are few.
    """
    if len(views) <= 1:
        return list(views)
    size = views[0].cells.batch.size
    table = np.stack(
        [
            [np.broadcast_to(view.base(k), (size,)) for k in range(len(view.cells.payoffs))]
            for view in views
        ]
    )
    possible = np.stack([view.possible for view in views])
    low, high = _ends(table, possible), _ends(-table, possible)
    return [view for view, a, b in zip(views, low, high, strict=True) if a or b]


def _ends(table: np.ndarray, possible: BoolArray) -> list[bool]:
    """Which views have, somewhere, no other view below them for every principal, nor an earlier equal one.

    So which of two that are equal at a point is kept does not depend on the other points of the batch.
    """
    kept: list[int] = []
    order = np.argsort(table.sum(axis=(1, 2)), kind="stable")
    for k in order:
        covered = np.zeros_like(possible[k])
        for j in kept:
            below = (table[j] <= table[k]).all(axis=0) & possible[j]
            covered |= below if j < k else below & (table[j] < table[k]).any(axis=0)
        if (possible[k] & ~covered).any():
            kept.append(int(k))
    return [k in kept for k in range(len(table))]
