"""Bounds of single boxes that several questions ask for one after the other.

Array convention. As in :mod:`sim.certified.bounds.box_batch`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sim._kernels.tolerance import IntArray
from sim.certified.bounds.box_batch import BoxBatch
from sim.certified.bounds.boxes import Boxes
from sim.payoffs.quantities import Frame

KEPT = 6
"""Boxes whose bounds are kept for the next question about them."""


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """One box of a dispute, equal to another one that has the same numbers."""

    frame: Frame
    boxes: Boxes
    agreements: IntArray | None

    @property
    def content(self) -> tuple[object, ...]:
        """What tells it from others."""
        some = None if self.agreements is None else self.agreements.tobytes()
        return id(self.frame), self.boxes.lo.tobytes(), self.boxes.hi.tobytes(), some

    def __hash__(self) -> int:
        return hash(self.content)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.content == other.content


def shared_batch(frame: Frame, boxes: Boxes, agreements: IntArray | None = None) -> BoxBatch:
    """The batch of some boxes; that of one box is kept for whoever asks for the same next.

    Candidates, bounds and their proofs look at the same few boxes one after the other, and lines at the
    point where they meet.
    """
    if boxes.along is not None and len(boxes):
        here = boxes.meeting[:, None]
        point = _kept(_Asked(frame, Boxes(here, here), agreements))
        return BoxBatch(frame, boxes, agreements, here=point)
    if len(boxes) != 1 or boxes.levels:
        return BoxBatch(frame, boxes, agreements)
    return _kept(_Asked(frame, boxes, agreements))


@lru_cache(maxsize=KEPT)
def _kept(asked: _Asked) -> BoxBatch:
    return BoxBatch(asked.frame, asked.boxes, asked.agreements)
