"""Terms without finite bounds over some box: which, and where."""

from __future__ import annotations

import numpy as np

from sim.frontier._enclose import BoxBatch
from sim.frontier._parts import Parts
from sim.frontier.boxes import Boxes

MOST = 3


def unbounded(parts: Parts, boxes: Boxes) -> list[str]:
    """A sentence per term that has no finite bounds over some of the boxes, with one such box."""
    largest = np.argsort(-np.prod(boxes.hi - boxes.lo, axis=0))[:64]
    batch = BoxBatch(parts.dispute.frame, boxes.pick(largest))
    out: dict[str, str] = {}
    for rows in parts.rows:
        for term in rows.quantity.rest:
            inside = batch.term(term)
            bad = ~np.isfinite(inside.lo) | ~np.isfinite(inside.hi)
            if bad.any() and term.path not in out:
                box = int(np.argwhere(bad.any(axis=(0, 1)))[0, 0])
                out[term.path] = _sentence(parts, term.path, term.expression.text, batch, box)
        if len(out) >= MOST:
            break
    return list(out.values())


def _sentence(parts: Parts, path: str, text: str, batch: BoxBatch, box: int) -> str:
    ends = zip(parts.dispute.varied, batch.boxes.lo[:, box], batch.boxes.hi[:, box], strict=True)
    where = ", ".join(f"{name} in [{lo:.6g}, {hi:.6g}]" for name, lo, hi in ends)
    return f"{path}: '{text}' has no finite bounds for {where}"
