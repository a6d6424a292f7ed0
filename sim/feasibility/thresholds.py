"""Records of what one parameter alone does to the verdict, the others where they are.

They are certified along the whole range (:mod:`sim.certified.regions.strips`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch of one parameter with one verdict."""

    lo: float
    hi: float
    verdict: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The verdict along one parameter.

    Parameters
    ----------
    path, value, low, high
        The parameter, its present value and its range.
    at
        Where the verdict flips; of a parameter with levels, every level whose verdict differs from that of
        its neighbour towards the present value.
    margin_low, margin_high
        The margin at both ends of the range.
    margin_inside_low, margin_inside_high
        The margin a hair inside of the ends: it differs where the margin jumps at the end point itself.
        ``None`` of a parameter with levels, which has no values there.
    stretches
        From ``low`` to ``high``, each with its certain verdict, ``knife-edge`` or ``undecided``; of a
        parameter with levels one of no width per level.
    levels
        The only values it can take; empty where every value of its range counts.
    """

    path: str
    value: float
    low: float
    high: float
    at: tuple[float, ...]
    margin_low: float
    margin_high: float
    stretches: tuple[Segment, ...] = ()
    levels: tuple[float, ...] = ()
    margin_inside_low: float | None = None
    margin_inside_high: float | None = None

    @property
    def nearest(self) -> float | None:
        """The flip nearest to the current value, if there is one."""
        return min(self.at, key=lambda x: abs(x - self.value), default=None)

    @property
    def swing(self) -> float:
        """How far the margin moves from one end of the range to the other."""
        return abs(self.margin_high - self.margin_low)
