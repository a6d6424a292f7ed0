"""Which parameters a verdict hinges on."""

from __future__ import annotations

from sim.feasibility import Verdict


def hinges(verdict: Verdict, count: int = 3) -> tuple[str, ...]:
    """Parameters that a verdict hinges on: nearest threshold first, as a share of the range."""
    near = sorted(
        (abs(t.nearest - t.value) / (t.high - t.low), t.path)
        for t in verdict.thresholds
        if t.nearest is not None
    )
    if near:
        return tuple(path for _, path in near[:count])
    return tuple(t.path for t in verdict.thresholds[:count])
