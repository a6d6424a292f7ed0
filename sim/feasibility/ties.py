"""What the ladder says beside its best treaty at one point: the best of every rung, and all that tie."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.feasibility.choice import chosen_of
from sim.feasibility.ladder import candidates_at, heights_of
from sim.feasibility.levels import View
from sim.payoffs import Batch
from sim.rules.ladder import RUNGS


def best_by_rung(batch: Batch, views: Sequence[View]) -> list[tuple[float, int]]:
    """Per rung the best value over all treaties up to that rung, and the treaty that stands for it.

    ``batch`` is one point, ``views`` are those of its ladder.
    """
    tops = heights_of(batch, views).tops
    principals = len(batch.dispute.scenario.document.principals)
    out = []
    for k in range(len(RUNGS)):
        best = chosen_of(candidates_at(batch, views, tops, np.array([k])), principals)
        out.append((float(tops[k, 0]), int(best.agreement[0])))
    return out


def tied_agreements(batch: Batch, views: Sequence[View], rung: int) -> list[int]:
    """All treaties that share the best value at a rung, at one point."""
    tops = heights_of(batch, views).tops
    found = candidates_at(batch, views, tops, np.array([rung]))
    return sorted({int(a) for a in found.agreement[found.near()]})
