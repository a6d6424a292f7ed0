"""What must hold between a scenario's game and its actors: who may move, and with which settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sim.errors import suggest
from sim.scenario.document import Document
from sim.scenario.findings import Finding
from sim.scenario.moves import HOW, Move
from sim.scenario.rounds_checks import check_rounds

_SETTINGS = {
    "menu": ("offer", "demand"),
    "noise": ("ratify",),
    "reneging": ("implement",),
    "messages": ("signal",),
}


def check_game(document: Document) -> Iterator[Finding]:
    """Everything that is wrong between the game and the actors."""
    game = document.game
    if game is None:
        return
    if game.protocol is not None and game.stages:
        yield Finding(path="game", message="give a protocol or stages, not both")
    for field in ("proposer", "responders"):
        value = getattr(game, field)
        for name in [value] if isinstance(value, str) else value or ():
            if name not in document.principals:
                yield _no_principal(document, name, f"game.{field}")
    for path, stage in game.placed():
        if not stage:
            yield Finding(path=path, message="a stage without moves")
        for move in stage:
            yield from _move(document, move, path)
    yield from _repeated(game.stages)
    yield from check_rounds(document)


def _move(document: Document, move: Move, path: str) -> Iterator[Finding]:
    for setting, kinds in _SETTINGS.items():
        if getattr(move, setting) and move.kind not in kinds:
            message = f"'{setting}' belongs to {' and '.join(kinds)}, not to {move.kind}"
            yield Finding(path=path, message=message)
    for actor in move.reneging:
        if actor not in document.payoffs:
            near = suggest(actor, document.payoffs)
            message = f"reneging: '{actor}' is not an actor with payoffs{near}"
            yield Finding(path=path, message=message, needs="payoffs")
    if move.kind == "implement" and not move.reneging:
        message = (
            f"'reneging' is missing: what {move.actor} and others gain or lose when it reneges; "
            f"write {HOW['implement']}"
        )
        yield Finding(path=path, message=message)
    if move.kind == "stance" and move.actor not in document.third_parties:
        near = suggest(move.actor, document.third_parties)
        message = f"'{move.actor}' is not a third party with stances{near}"
        yield Finding(path=path, message=message, needs="actors", name=move.actor)
    elif move.kind == "signal":
        if move.actor not in document.actors:
            near = suggest(move.actor, document.actors)
            message = f"'{move.actor}' is not an actor{near}"
            yield Finding(path=path, message=message, needs="actors", name=move.actor)
        if move.messages is None:
            message = f"'messages' is missing: what {move.actor} can say; write {HOW['signal']}"
            yield Finding(path=path, message=message)
    elif move.kind not in ("stance", "ratify") and move.actor not in document.principals:
        yield _no_principal(document, move.actor, path)


def _repeated(stages: tuple[tuple[Move, ...], ...]) -> Iterator[Finding]:
    """Moves that can be made only once: a stance, a demand of each actor, and the implementation."""
    seen: Counter[tuple[str, str]] = Counter()
    implementing: list[str] = []
    for k, stage in enumerate(stages):
        for move in stage:
            seen[move.kind, move.actor] += 1
            if move.kind in ("stance", "demand", "signal") and seen[move.kind, move.actor] == 2:
                message = f"'{move.actor}.{move.kind}' occurs twice"
                yield Finding(path=f"game.{k}", message=message)
            implementing += [move.actor] if move.kind == "implement" else []
            if move.kind == "implement" and len(implementing) > 1:
                message = (
                    "'implement' may occur once: one actor complies or reneges, and "
                    f"{implementing[0]} does already"
                )
                yield Finding(path=f"game.{k}", message=message)


def _no_principal(document: Document, name: str, path: str) -> Finding:
    message = f"'{name}' is not a principal{suggest(name, document.principals)}"
    return Finding(path=path, message=message, needs="actors", name=name)
