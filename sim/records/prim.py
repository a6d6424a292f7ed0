"""What peeling found: a record of boxes of parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sim.labels import NO_LABELS, Labels
from sim.records.boxes import Box, Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Prim:
    """What peeling found.

    Parameters
    ----------
    target, words
        Which points are of interest, as asked for and in words.
    share
        How many of all points are.
    best
        The pruned box with the largest harmonic mean of coverage and gain, or the widest with the
        density asked for.
    boxes
        All boxes on the way, from all points to the smallest.
    more
        Further boxes, each among the points outside the earlier ones: coverage is of all points of
        interest and mass of all points, so that they add up.
    note
        What stands in the way, if anything does.
    missed
        That no box has the density asked for, and the highest that there is; empty otherwise.
    labelled
        What people read in place of names.
    """

    target: str
    words: str
    share: float
    best: Box
    boxes: tuple[Box, ...]
    more: tuple[Box, ...]
    note: str
    missed: str = ""
    labelled: Labels = field(default=NO_LABELS, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data; of the boxes on the way the limits are pairs by path."""
        return {
            "target": self.target,
            "words": self.words,
            "share": self.share,
            "best": self.best.to_dict(),
            "more": [box.to_dict() for box in self.more],
            "boxes": [
                {
                    "coverage": box.coverage,
                    "density": box.density,
                    "mass": box.mass,
                    "limits": {limit.path: _pair(limit) for limit in box.limits},
                }
                for box in self.boxes
            ],
            "note": self.note,
            "missed": self.missed,
        }


def _pair(limit: Limit) -> list[float] | dict[str, list[float]]:
    """A limit as a pair of ends, or the levels that are kept."""
    return {"in": list(limit.levels)} if limit.levels else [limit.low, limit.high]
