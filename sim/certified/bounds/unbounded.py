"""Terms without finite bounds over some box: which, and where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.boxes import Boxes
from sim.payoffs import Dispute
from sim.payoffs.quantities import Quantity

MOST_NAMED = 3
"""Terms without finite bounds that are named."""
CHUNK = 256
"""Boxes whose terms are bounded at once."""


def unbounded(dispute: Dispute, quantities: Sequence[Quantity], boxes: Boxes) -> list[str]:
    """A sentence per term that has no finite bounds over some of the boxes, with one such box."""
    out: dict[str, str] = {}
    if not any(q.rest for q in quantities):
        return []
    for start in range(0, len(boxes), CHUNK):
        some = boxes.pick(slice(start, start + CHUNK))
        _collect(dispute, quantities, BoxBatch(dispute.frame, some), out)
    return list(out.values())[:MOST_NAMED]


def _collect(
    dispute: Dispute, quantities: Sequence[Quantity], batch: BoxBatch, out: dict[str, str]
) -> None:
    for quantity in {id(q): q for q in quantities}.values():
        for term in quantity.rest:
            if term.path in out:
                continue
            inside = batch.term(term)
            bad = ~np.isfinite(inside.lo) | ~np.isfinite(inside.hi)
            if bad.any():
                box = int(np.argwhere(bad.any(axis=(0, 1)))[0, 0])
                out[term.path] = _sentence(dispute, term.path, term.expression.text, batch, box)


def _sentence(dispute: Dispute, path: str, text: str, batch: BoxBatch, box: int) -> str:
    ends = zip(dispute.varied, batch.boxes.lo[:, box], batch.boxes.hi[:, box], strict=True)
    where = ", ".join(f"{name} in [{lo:.6g}, {hi:.6g}]" for name, lo, hi in ends)
    return f"{path}: '{text}' has no finite bounds for {where}"
