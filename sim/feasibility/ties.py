"""What the ladder says beside its best treaty at one point: the best of every rung, and all that tie."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.feasibility.ladder import Ladder
from sim.feasibility.levels import (
    RUNGS,
    base_payoffs,
    best_treaties,
    first_failing,
    levels_of,
    tops_of,
    values_of,
)
from sim.feasibility.stances import stance_equilibria
from sim.payoffs import Batch


@dataclass(frozen=True, slots=True, eq=False)
class _AtPoint:
    """Levels of one point against the status quo under given stances, and their tops."""

    levels: list[FloatArray]
    tops: list[FloatArray]

    @property
    def key(self) -> tuple[float, float, float]:
        """Margin, first rung that fails and the best value there: what two stances are compared by."""
        rung = int(first_failing(self.tops)[0])
        return float(self.tops[-1][0]), float(rung), float(self.tops[min(rung, len(RUNGS) - 1)][0])


def _at_point(batch: Batch, base_profile: int) -> _AtPoint:
    stable, _ = stance_equilibria(batch)
    values = values_of(batch)
    allowed = stable & batch.dispute.treaties[:, None, None]
    levels = levels_of(values, base_payoffs(values, base_profile), allowed)
    return _AtPoint(levels, tops_of(levels))


def best_by_rung(batch: Batch, base_profile: int) -> list[tuple[float, int]]:
    """Per rung the best value over all treaties up to that rung, and the treaty that stands for it.

    ``batch`` is one point; ``base_profile`` the stances under the status quo that the ladder chose.
    """
    here = _at_point(batch, base_profile)
    out = []
    for k, top in enumerate(here.tops):
        agreement, _, _ = best_treaties(here.levels, here.tops, np.array([k]))
        out.append((float(top[0]), int(agreement[0])))
    return out


def tied_agreements(batch: Batch, ladder: Ladder) -> list[int]:
    """All treaties that share the best value at the rung that decides, at one point.

    Status-quo stances under which the ladder is just as good count too.
    """
    k = min(int(ladder.rung[0]), len(RUNGS) - 1)
    chosen = _at_point(batch, int(ladder.base_profile[0]))
    found: set[int] = set()
    for s0 in np.flatnonzero(stance_equilibria(batch)[0][0, :, 0]):
        other = _at_point(batch, int(s0))
        if all(abs(a - b) <= RELATIVE for a, b in zip(chosen.key, other.key, strict=True)):
            near = (other.levels[k] >= other.tops[k] - RELATIVE)[..., 0].any(axis=1)
            found |= {int(a) for a in np.flatnonzero(near)}
    return sorted(found)
