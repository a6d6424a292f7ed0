"""Shares of variance that parameters explain: a record of first-order and total indices."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sim.labels import NO_LABELS, Labels

LEVEL = 0.95
"""Share of the resamples that an interval holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Both indices of one parameter, each with its interval."""

    path: str
    first: float
    first_low: float
    first_high: float
    total: float
    total_low: float
    total_high: float

    @property
    def within_noise(self) -> bool:
        """Whether the interval of the total index holds 0: nothing shows that the parameter matters."""
        return not self.total_low > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SobolIndices:
    """The indices of all parameters, the largest total index first.

    Parameters
    ----------
    column
        The result.
    variance
        Its variance; where it is 0 the indices are nan.
    blocks, dropped
        Blocks that were used, and that were left out since a point in them has no finite result (of a
        run that is not finished, only whole blocks count).
    indices
        One per parameter.
    note
        What stands in the way of reading them, if anything does.
    labelled
        What people read in place of names.
    """

    column: str
    variance: float
    blocks: int
    dropped: int
    indices: tuple[Index, ...]
    note: str
    labelled: Labels = field(default=NO_LABELS, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data."""
        rows = [
            {
                "path": i.path,
                "first": i.first,
                "first_interval": [i.first_low, i.first_high],
                "total": i.total,
                "total_interval": [i.total_low, i.total_high],
                "within_noise": i.within_noise,
            }
            for i in self.indices
        ]
        counts = {"blocks": self.blocks, "dropped": self.dropped}
        head = {"column": self.column, "variance": self.variance, **counts}
        return {**head, "level": LEVEL, "indices": rows, "note": self.note}
