"""Stages of a scenario's game in order: protocols expanded, missing stances added, the order checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.errors import ScenarioError, UsageError, suggest
from sim.games.protocols import PROTOCOLS, Stages
from sim.scenario import Move, Scenario

Fault = tuple[str, str]
"""Where in the file, and what is wrong."""


def stages_of(scenario: Scenario) -> Stages:
    """The stages of a scenario's game, protocols expanded and missing stances added.

    Raises
    ------
    UsageError
        If the scenario has no game.
    ScenarioError
        If its protocol is unknown, or its moves are in no possible order.
    """
    document, game = scenario.document, scenario.document.game
    if game is None:
        raise UsageError(f"{scenario.origin}: the scenario has no 'game', so none can be solved")
    if game.protocol is not None and game.protocol not in PROTOCOLS:
        message = f"unknown protocol '{game.protocol}'{suggest(game.protocol, PROTOCOLS)}"
        raise ScenarioError([scenario.problem("game", message)])
    stages = game.stages if game.protocol is None else PROTOCOLS[game.protocol](document)
    faults = [*_unused(scenario, stages), *_order(stages), *_replies(stages, document.principals)]
    if faults:
        raise ScenarioError(scenario.problem(*fault) for fault in faults)
    return _with_stances(stages, document.third_parties)


def check_stages(scenario: Scenario) -> None:
    """Refuse a game whose moves are in no possible order; a scenario without a game passes."""
    if scenario.document.game is not None:
        stages_of(scenario)


def _with_stances(stages: Stages, third_parties: Sequence[str]) -> Stages:
    moved = {move.actor for stage in stages for move in stage if move.kind == "stance"}
    missing = tuple(Move(kind="stance", actor=a) for a in third_parties if a not in moved)
    if not missing:
        return stages
    at = next((k for k, stage in enumerate(stages) if stage[0].kind == "ratify"), len(stages))
    return (*stages[:at], missing, *stages[at:])


def _unused(scenario: Scenario, stages: Stages) -> Iterator[Fault]:
    """Settings that a protocol does not read."""
    game = scenario.document.game
    assert game is not None
    moves = [move for stage in stages for move in stage]
    if game.noise is not None and not any(move.noise is not None for move in moves):
        yield "game.noise", "nothing is ratified by chance in this game; remove 'noise'"
    for field in ("proposer", "responders"):
        if getattr(game, field) is not None and not any(move.kind == "offer" for move in moves):
            yield f"game.{field}", f"nobody makes an offer in this game; remove '{field}'"


def _order(stages: Stages) -> Iterator[Fault]:
    kinds = [move.kind for stage in stages for move in stage]
    if not any(kind in ("offer", "demand") for kind in kinds):
        yield "game", "nobody makes an offer or a demand"
    if kinds.count("ratify") > 1:
        yield "game", "'ratify' may occur once"
    if "ratify" in kinds and set(kinds[kinds.index("ratify") + 1 :]) - {"implement"}:
        yield "game", "only 'implement' may follow 'ratify'"
    if "implement" in kinds and set(kinds[kinds.index("implement") :]) & {
        "offer",
        "demand",
        "reply",
    }:
        yield "game", "'implement' must come after every offer, demand and reply"
    if any(len(stage) > 1 and any(m.kind == "ratify" for m in stage) for stage in stages):
        yield "game", "'ratify' must be a stage of its own"
    if "demand" in kinds and "offer" in kinds:
        yield "game", "use offers or demands, not both"


def _replies(stages: Stages, principals: Sequence[str]) -> Iterator[Fault]:
    """Every offer is answered by every other principal before the next one; everybody demands."""
    waiting: list[str] | None = None
    for k, stage in enumerate(stages):
        for move in stage:
            if move.kind == "offer":
                if waiting:
                    yield f"game.{k}", f"the offer before needs a reply of {', '.join(waiting)}"
                waiting = [actor for actor in principals if actor != move.actor]
            elif move.kind == "reply":
                if waiting is None or move.actor not in waiting:
                    yield f"game.{k}", f"'{move.actor}' has no offer to reply to"
                else:
                    waiting.remove(move.actor)
    if waiting:
        yield "game", f"an offer needs a reply of {', '.join(waiting)}"
    demanding = {move.actor for stage in stages for move in stage if move.kind == "demand"}
    if demanding and demanding != set(principals):
        silent = ", ".join(actor for actor in principals if actor not in demanding)
        yield "game", f"every principal must make a demand; {silent} makes none"
