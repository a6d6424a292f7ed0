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
            for b in range(batch):
                best[b] = own[first, b]
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
    least = np.empty(batch)
    for a in range(agreements):
        for b in range(batch):
            least[b] = np.inf
        for s in range(profiles):
            for b in range(batch):
                least[b] = worst[a, s, b] if worst[a, s, b] < least[b] else least[b]
        for b in range(batch):
            exact[a, b] = least[b] <= tolerance
            least[b] = tolerance if exact[a, b] else least[b] + tolerance
        for s in range(profiles):
            for b in range(batch):
                stable[a, s, b] = worst[a, s, b] <= least[b]
    return stable, exact
