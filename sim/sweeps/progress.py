"""How far a sweep has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The state of a sweep after a chunk.

    Parameters
    ----------
    done, total
        Points that are finished, those of an earlier session included, and all points.
    fresh
        Points that were computed since this process began.
    seconds
        Time since this process began.
    feasible
        Of the fresh points, how many are feasible.

    Examples
    --------
    >>> state = Progress(done=600, total=1000, fresh=400, seconds=2.0, feasible=100)
    >>> state.rate, state.left, state.feasible_share
    (200.0, 2.0, 0.25)
    """

    done: int
    total: int
    fresh: int
    seconds: float
    feasible: int

    @property
    def rate(self) -> float:
        """Points per second since this process began."""
        return self.fresh / self.seconds if self.seconds > 0 else 0.0

    @property
    def left(self) -> float:
        """Seconds that the rest will take at this rate."""
        return (self.total - self.done) / self.rate if self.rate > 0 else float("inf")

    @property
    def feasible_share(self) -> float:
        """Share of the fresh points that are feasible."""
        return self.feasible / self.fresh if self.fresh else 0.0


Watch = Callable[[Progress], None]
