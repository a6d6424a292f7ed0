"""What every claim on a dispute tells of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from sim.certified.bounds.boxes import Boxes
from sim.certified.bounds.unbounded import unbounded
from sim.feasibility.evaluate import RUNG_NAMES
from sim.feasibility.ladder import ladder_labels
from sim.payoffs import Dispute
from sim.payoffs.quantities import Quantity


class _Rests(Protocol):
    @property
    def dispute(self) -> Dispute: ...

    @property
    def quantities(self) -> Sequence[Quantity]: ...


class AboutDispute:
    """Mixin of claims that have a dispute and the quantities that they rest on."""

    __slots__ = ()

    @property
    def varied(self: _Rests) -> tuple[str, ...]:
        """Paths of the varied parameters."""
        return self.dispute.varied

    @property
    def labels(self: _Rests) -> Mapping[str, tuple[str, ...]]:
        """The names that a certified part may carry, by kind."""
        return {
            "rung": (*RUNG_NAMES[:-2], "feasible"),
            "agreement": self.dispute.space.labels,
            "binding": ladder_labels(self.dispute),
        }

    def unbounded(self: _Rests, boxes: Boxes) -> list[str]:
        """A sentence per term that has no finite bounds over some of the boxes."""
        return unbounded(self.dispute, self.quantities, boxes)
