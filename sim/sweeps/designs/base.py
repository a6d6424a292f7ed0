"""What every design offers."""

from __future__ import annotations

from typing import Any, Protocol

from sim._kernels.tolerance import FloatArray

MAX_POINTS = 10**12
"""Most points of a design."""
PROBES = 512
"""Points that are tried before a sweep begins."""


class Design(Protocol):
    """A finite list of points, addressed by index; frozen, small to pickle, and seeded."""

    @property
    def varied(self) -> tuple[str, ...]:
        """Paths of the varied parameters."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Points along every axis of a grid; ``(size,)`` for other designs."""

    @property
    def size(self) -> int:
        """Number of points."""

    def points(self, start: int, stop: int) -> FloatArray:
        """The points with indices ``start`` to ``stop - 1``, shape ``(varied, stop - start)``."""

    def part(self, start: int, stop: int) -> Design:
        """A design that answers for these indices; what a worker is sent."""

    def probes(self) -> FloatArray:
        """A few points of the design where trouble would show first, shape ``(varied, probes)``."""

    def to_dict(self) -> dict[str, Any]:
        """The design as plain data for a manifest."""
