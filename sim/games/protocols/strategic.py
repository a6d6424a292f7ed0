"""Strategic: demands and stances all at once, the normal form of a dispute."""

from __future__ import annotations

from sim.scenario import Document, Move


def strategic(document: Document) -> tuple[tuple[Move, ...], ...]:
    """One simultaneous stage with every principal's demand and every third party's stance.

    Notes
    -----
    Source: [nash1951]_.
    """
    demands = [Move(kind="demand", actor=actor) for actor in document.principals]
    stances = [Move(kind="stance", actor=actor) for actor in document.third_parties]
    return (tuple(demands + stances),)
