"""Demand: every principal names an agreement at once; it stands if all name the same one (Nash 1953)."""

from __future__ import annotations

from sim.scenario import Document, Move


def demand(document: Document) -> tuple[tuple[Move, ...], ...]:
    """One stage in which all principals make demands; third parties take their stances afterwards.

    Notes
    -----
    Source: [nash1953]_.
    """
    return (tuple(Move(kind="demand", actor=actor) for actor in document.principals),)
