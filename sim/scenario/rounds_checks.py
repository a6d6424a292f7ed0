"""What must hold of a game in rounds: who may offer and reply, and what waiting costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import TYPE_CHECKING

from sim.errors import suggest
from sim.scenario.findings import Finding
from sim.scenario.moves import Game, Rounds

if TYPE_CHECKING:
    from sim.scenario.document import Document

MOST_ROUNDS, MOST_TURNS = 500, 32
"""Most rounds of a game with a last one, and most turns after which one without begins again."""


def check_rounds(document: Document) -> Iterator[Finding]:
    """Everything that is wrong with the rounds of a game, moves apart."""
    game = document.game
    if game is None:
        return
    if game.rounds is None:
        if game.discount:
            yield Finding(
                path="game.discount", message="'discount' belongs to 'rounds'", needs="game.rounds"
            )
        return
    yield from _beside(document, game)
    yield from _how_many(game.rounds)
    yield from _turns(document, game.rounds)
    yield from _kinds(game.rounds)
    yield from _discount(document, game)


def _beside(document: Document, game: Game) -> Iterator[Finding]:
    """What cannot be said of a game in rounds."""
    if game.protocol is not None or game.stages:
        yield Finding(path="game", message="give rounds, or a protocol, or stages, not two of them")
    for field in ("proposer", "responders"):
        if getattr(game, field) is not None:
            yield Finding(path=f"game.{field}", message=f"'rounds' say who moves; remove '{field}'")
    if game.noise is not None:
        message = "in rounds what is signed is ratified for certain; remove 'noise'"
        yield Finding(path="game.noise", message=message)
    if document.private:
        message = "rounds know no private information; remove 'types' and signals, or 'rounds'"
        yield Finding(path="game.rounds", message=message)
    if document.dynamics is not None and game.rounds is not None and game.rounds.for_ever:
        message = "a period of 'dynamics' holds a number of rounds; write 'times: N' for 'for_ever'"
        yield Finding(path="game.rounds.for_ever", message=message)


def _how_many(rounds: Rounds) -> Iterator[Finding]:
    if not rounds.stages and not rounds.turns:
        message = (
            "'rounds' needs offers with their replies, or 'turns'; write [{offer: A}, {reply: B}, "
            "{offer: B}, {reply: A}], or {turns: [A, B], times: N}"
        )
        yield Finding(path="game.rounds", message=message)
    if rounds.times is not None and rounds.for_ever:
        yield Finding(path="game.rounds", message="give 'times' or 'for_ever: true', not both")
    if rounds.times is not None and not 1 <= rounds.times <= MOST_ROUNDS:
        message = f"{rounds.times:,} rounds; 1 to {MOST_ROUNDS} are possible, or 'for_ever: true'"
        yield Finding(path="game.rounds.times", message=message)
    offers = sum(move.kind == "offer" for stage in rounds.stages for move in stage)
    if offers > MOST_ROUNDS:
        message = (
            f"{offers:,} rounds, the limit is {MOST_ROUNDS}; write 'turns' with 'for_ever: true'"
        )
        yield Finding(path="game.rounds", message=message)
    if len(rounds.turns) > MOST_TURNS:
        message = f"{len(rounds.turns)} turns, the limit is {MOST_TURNS}; 'times' takes them again"
        yield Finding(path="game.rounds.turns", message=message)


def _turns(document: Document, rounds: Rounds) -> Iterator[Finding]:
    for k, name in enumerate(rounds.turns):
        if name not in document.principals:
            message = f"'{name}' is not a principal{suggest(name, document.principals)}"
            yield Finding(path=f"game.rounds.turns.{k}", message=message, needs="actors", name=name)


def _kinds(rounds: Rounds) -> Iterator[Finding]:
    """Only offers and replies differ from round to round; what comes after the last is of each."""
    replies = [k for k, stage in enumerate(rounds.stages) if any(m.kind == "reply" for m in stage)]
    last = max(replies, default=-1)
    for k, stage in enumerate(rounds.stages):
        path = f"game.rounds.{k}"
        for move in stage:
            if move.kind in ("demand", "implement", "signal"):
                message = (
                    f"rounds are offers with their replies; '{move.kind}' is not played in them"
                )
                yield Finding(path=path, message=message)
            elif move.kind in ("stance", "ratify") and k <= last:
                message = (
                    f"'{move.kind}' stands after the last reply and is of every round: in rounds third "
                    "parties answer what is signed"
                )
                yield Finding(path=path, message=message)
            if move.kind == "offer" and len(stage) > 1:
                yield Finding(path=path, message="an offer is a stage of its own")
            if move.noise is not None:
                message = "in rounds what is signed is ratified for certain; remove 'noise'"
                yield Finding(path=path, message=message)


def _discount(document: Document, game: Game) -> Iterator[Finding]:
    for actor in document.principals:
        if actor not in game.discount:
            message = (
                f"'discount' needs '{actor}': what a payoff of it counts that comes a round later, "
                "above 0 and at most 1"
            )
            yield Finding(path="game", message=message, lacks=actor)
    for actor in game.discount:
        if actor not in document.principals:
            message = f"'{actor}' is not a principal{suggest(actor, document.principals)}"
            yield Finding(
                path=f"game.discount.{actor}", message=message, needs="actors", name=actor
            )


def discount_faults(game: Game, values: Mapping[str, float]) -> Iterator[tuple[str, str]]:
    """Discount factors that are none at some values: path and message."""
    for_ever = game.rounds is not None and game.rounds.for_ever
    for actor, formula in game.discount.items():
        value = float(formula.evaluate(values))
        if not isfinite(value) or not 0 < value <= 1:
            yield (
                f"game.discount.{actor}",
                f"{value:.6g} is not a discount factor of rounds; it lies above 0 and is at most 1",
            )
        elif for_ever and value == 1:
            yield (
                f"game.discount.{actor}",
                "a discount factor of rounds for ever lies below 1: at 1 nothing is lost by waiting",
            )
