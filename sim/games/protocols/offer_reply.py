"""Offer and reply: stances, an offer by a chosen proposer, replies, ratification at home."""

from __future__ import annotations

from sim.games.protocols.ultimatum import ultimatum
from sim.scenario import Document, Move


def offer_reply(document: Document) -> tuple[tuple[Move, ...], ...]:
    """Third parties commit to stances at once, one principal offers, the others reply, homes ratify.

    Settings of ``game``: ``proposer``, ``responders``, and ``noise`` for ratification by chance.

    Notes
    -----
    Source: [putnam1988]_ for ratification after the international bargain.
    """
    stances = tuple(Move(kind="stance", actor=actor) for actor in document.third_parties)
    noise = document.game.noise if document.game else None
    ratify = (Move(kind="ratify", noise=noise),)
    return (*((stances,) if stances else ()), *ultimatum(document), ratify)
