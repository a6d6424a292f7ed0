"""Stance equilibria among third parties, compiled; see :mod:`sim.feasibility.stances`.

Array convention. Payoffs and regrets have shape ``(agreements, profiles, batch)``.
"""

from __future__ import annotations

import numpy as np

from sim._kernels.compiled import compiled
from sim._kernels.tolerance import BoolArray, FloatArray


@compiled
def raise_regrets(
    worst: FloatArray, payoff: FloatArray, scale: float, stances: int, step: int
) -> None:
    """Raise ``worst`` to what one third party gains by its best stance, in its unit.

    Parameters
    ----------
    worst
        The largest regret so far, changed in place.
    payoff
        The third party's, shape ``(agreements or 1, profiles, batch)``.
    scale, stances, step
        Its unit, how many stances it has, and how far apart they are among the profiles.
    """
    agreements, profiles, batch = worst.shape
    best = np.empty(batch)
    for a in range(agreements):
        own = payoff[a if payoff.shape[0] > 1 else 0]
        for first in range(profiles):
            if first // step % stances != 0:
                continue
            best[:] = own[first]
            for k in range(1, stances):
                for b in range(batch):
                    other = own[first + k * step, b]
                    best[b] = other if other > best[b] else best[b]
            for k in range(stances):
                s = first + k * step
                for b in range(batch):
                    regret = best[b] / scale - own[s, b] / scale
                    worst[a, s, b] = regret if regret > worst[a, s, b] else worst[a, s, b]


@compiled
def settle(worst: FloatArray, tolerance: float) -> tuple[BoolArray, BoolArray]:
    """The profiles without regret, those of least regret where there is none, and where there is one."""
    agreements, profiles, batch = worst.shape
    stable = np.empty(worst.shape, dtype=np.bool_)
    exact = np.zeros((agreements, batch), dtype=np.bool_)
    for a in range(agreements):
        for s in range(profiles):
            for b in range(batch):
                stable[a, s, b] = worst[a, s, b] <= tolerance
                exact[a, b] |= stable[a, s, b]
        if exact[a].all():
            continue
        for b in range(batch):
            if not exact[a, b]:
                least = worst[a, :, b].min()
                for s in range(profiles):
                    stable[a, s, b] = worst[a, s, b] <= least + tolerance
    return stable, exact
