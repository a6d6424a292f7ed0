"""Protocols of negotiation by name: who moves when.

``PROTOCOLS`` is the room's visible table: a new protocol is one new file and one line here. A
protocol turns the document's settings into stages.
"""

from __future__ import annotations

from collections.abc import Callable

from sim.games.protocols.demand import demand
from sim.games.protocols.offer_reply import offer_reply
from sim.games.protocols.strategic import strategic
from sim.games.protocols.ultimatum import ultimatum
from sim.scenario import Document, Move

Stages = tuple[tuple[Move, ...], ...]

PROTOCOLS: dict[str, Callable[[Document], Stages]] = {
    "demand": demand,
    "offer_reply": offer_reply,
    "strategic": strategic,
    "ultimatum": ultimatum,
}

__all__ = ["PROTOCOLS", "Stages"]
