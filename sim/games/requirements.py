"""What a signature needs before the agreement is in force, and who is committed to what when it is signed.

Definition. The ladder asks of a treaty that it passes at *home*, *abroad* and by *enforcement*. Where a move
of the game can break one of these conditions the move plays it: ``ratify`` that at home, ``implement`` that
of enforcement. All others a game *requires*: an agreement that breaks one is not in force, whoever has signed
it. A file may say otherwise (``requires`` under ``game``).

A third party is *committed* to a stance that it takes before, or together with, the last move that decides
what is signed (a reply or a demand): the stance is the same whether or not the agreement is signed. A stance
taken afterwards answers what is signed.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.constraints import Rung
from sim.games.protocols import Stages
from sim.scenario import Game

CONDITIONS: tuple[Rung, ...] = ("home", "abroad", "enforcement")
PLAYED_BY: dict[str, Rung] = {"ratify": "home", "implement": "enforcement"}
DECIDING = ("offer", "reply", "demand")


def required(game: Game, stages: Stages) -> tuple[Rung, ...]:
    """The conditions that an agreement must meet to be in force, besides those that moves play."""
    played = {PLAYED_BY[move.kind] for stage in stages for move in stage if move.kind in PLAYED_BY}
    if game.requires is not None:
        return tuple(c for c in CONDITIONS if c in game.requires and c not in played)
    return tuple(c for c in CONDITIONS if c not in played)


def first_decision(kinds: Sequence[tuple[str, str, int]], principal: str) -> int:
    """The stage of a principal's first move that decides what is signed; moves are (kind, actor, stage)."""
    mine = [stage for kind, actor, stage in kinds if kind in DECIDING and actor == principal]
    return min(mine, default=-1)


def last_decision(kinds: Sequence[tuple[str, str, int]]) -> int:
    """The stage of the last move that decides what is signed."""
    return max((stage for kind, _, stage in kinds if kind in ("reply", "demand")), default=-1)
