"""Ultimatum: one principal offers, the others take it or leave it; nobody is asked at home."""

from __future__ import annotations

from sim.scenario import Document, Move


def ultimatum(document: Document) -> tuple[tuple[Move, ...], ...]:
    """Offer, then a reply of every other principal in turn; third parties take their stances last.

    The proposer is ``game.proposer``, or the first principal of the file.

    Notes
    -----
    Source: [romer1978]_ for the take-it-or-leave-it offer against a status quo.
    """
    proposer, responders = roles(document)
    offer = (Move(kind="offer", actor=proposer),)
    return (offer, *((Move(kind="reply", actor=actor),) for actor in responders))


def roles(document: Document) -> tuple[str, tuple[str, ...]]:
    """The proposer and the responders: as the file says, or in the order of its principals."""
    game = document.game
    proposer = (game.proposer if game else None) or document.principals[0]
    others = tuple(actor for actor in document.principals if actor != proposer)
    return proposer, (game.responders if game else None) or others
