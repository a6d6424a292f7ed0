"""Protocols of negotiation by name: who moves when.

``PROTOCOLS`` is the room's visible table: a new protocol is one new file and one line here. A
protocol turns the document's settings into stages.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import isfunction, signature
from typing import Any

from sim.extensions import Table, must
from sim.games.protocols.demand import demand
from sim.games.protocols.offer_reply import offer_reply
from sim.games.protocols.strategic import strategic
from sim.games.protocols.ultimatum import ultimatum
from sim.scenario import Document, Move

Stages = tuple[tuple[Move, ...], ...]

Protocol = Callable[[Document], Stages]


def _admit(name: str, loaded: Any) -> Protocol:
    """A protocol that an installed package adds.

    Raises
    ------
    UsageError
        If it is not a function of that name from a document to stages.
    """
    must(isfunction(loaded) and loaded.__name__ == name, f"it is not a function called '{name}'")
    must(len(signature(loaded).parameters) == 1, "a protocol takes one argument, the document")
    must(loaded.__doc__, "it has no docstring to say who moves when")
    protocol: Protocol = loaded
    return protocol


PROTOCOLS: Table[Protocol] = Table(
    "protocols",
    {
        "demand": demand,
        "offer_reply": offer_reply,
        "strategic": strategic,
        "ultimatum": ultimatum,
    },
    _admit,
)

__all__ = ["PROTOCOLS", "Protocol", "Stages"]
