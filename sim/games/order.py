"""Stages of a scenario's game in order: protocols expanded, missing stances added, the order checked.

Of a game in rounds the stages of every round, which are played where no round before ended in an agreement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sim.errors import NotDefinedError, ScenarioError, UsageError, suggest
from sim.games.protocols import PROTOCOLS, Stages
from sim.scenario import Document, Move, Scenario
from sim.scenario.rounds_checks import discount_faults

Fault = tuple[str, str]
"""Where in the file, and what is wrong."""


def stages_of(scenario: Scenario) -> Stages:
    """The stages of a scenario's game, protocols expanded and missing stances added.

    Raises
    ------
    UsageError
        If the scenario has no game.
    NotDefinedError
        If it has several rounds, which are no stages of one another (:func:`rounds_of`).
    ScenarioError
        If its protocol is unknown, or its moves are in no possible order.
    """
    document, game = scenario.document, scenario.document.game
    if game is None:
        raise UsageError(f"{scenario.origin}: the scenario has no 'game', so none can be solved")
    if game.rounds is not None:
        raise NotDefinedError(
            f"{scenario.origin}: this is not defined of a game in rounds; give its moves as stages, or ask "
            "'sim solve', 'sim explain', 'sim sweep' or 'sim forecast'"
        )
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
    game = scenario.document.game
    if game is not None and game.rounds is not None:
        rounds_of(scenario)
    elif game is not None:
        stages_of(scenario)


@dataclass(frozen=True, slots=True)
class RoundStages:
    """The stages of every round of a game in rounds.

    Parameters
    ----------
    kinds
        The stages of each round that differs from others.
    order
        Which of them is played in every round; where rounds have no last one, over and over.
    for_ever
        Whether they have none.
    """

    kinds: tuple[Stages, ...]
    order: tuple[int, ...]
    for_ever: bool


def rounds_of(scenario: Scenario) -> RoundStages:
    """The rounds of a scenario's game, every one with the stances and the ratification that follow.

    Raises
    ------
    ScenarioError
        If an offer has no reply, or a discount factor is none.
    """
    document, game = scenario.document, scenario.document.game
    assert game is not None
    assert game.rounds is not None
    rounds = game.rounds
    faults = [*discount_faults(game, scenario.values)]
    if rounds.stages:
        faults += [*_replies(rounds.stages, document.principals, "game.rounds")]
        faults += [*_round_tail(rounds.stages)]
    if faults:
        raise ScenarioError(scenario.problem(*fault) for fault in faults)
    listed = _listed(rounds.stages) if rounds.stages else _by_turns(rounds.turns, document)
    times = len(listed) if rounds.times is None else rounds.times
    played = listed if rounds.for_ever else [listed[k % len(listed)] for k in range(times)]
    whole = [_with_stances(stages, document.third_parties) for stages in played]
    kinds = [stages for k, stages in enumerate(whole) if stages not in whole[:k]]
    return RoundStages(tuple(kinds), tuple(map(kinds.index, whole)), rounds.for_ever)


def _listed(stages: Stages) -> list[Stages]:
    """Listed stages cut before every offer, with what stands after the last reply added to each."""
    starts = [k for k, stage in enumerate(stages) if stage[0].kind == "offer"]
    end = 1 + max(k for k, stage in enumerate(stages) if stage[0].kind == "reply")
    cuts = zip(starts, [*starts[1:], end], strict=True)
    return [(*stages[start:stop], *stages[end:]) for start, stop in cuts]


def _by_turns(turns: Sequence[str], document: Document) -> list[Stages]:
    """An offer of each in turn, to which all others reply one after the other."""
    return [
        tuple(
            (Move(kind="offer" if actor == first else "reply", actor=actor),)
            for actor in (first, *(name for name in document.principals if name != first))
        )
        for first in turns
    ]


def _round_tail(stages: Stages) -> Iterator[Fault]:
    """What is of every round: stances before ratification, which is a stage of its own."""
    kinds = [move.kind for stage in stages for move in stage]
    if "offer" not in kinds:
        yield "game.rounds", "nobody makes an offer"
    if kinds.count("ratify") > 1:
        yield "game.rounds", "'ratify' may occur once; it is of every round"
    if "ratify" in kinds and kinds[-1] != "ratify":
        yield "game.rounds", "nothing may follow 'ratify'"
    if any(len(stage) > 1 and any(m.kind == "ratify" for m in stage) for stage in stages):
        yield "game.rounds", "'ratify' must be a stage of its own"


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


def _replies(stages: Stages, principals: Sequence[str], path: str = "game") -> Iterator[Fault]:
    """Every offer is answered by every other principal before the next one; everybody demands."""
    waiting: list[str] | None = None
    proposer = ""
    for k, stage in enumerate(stages):
        for move in stage:
            if move.kind == "offer":
                if waiting:
                    yield f"{path}.{k}", f"the offer before needs a reply of {', '.join(waiting)}"
                waiting = [actor for actor in principals if actor != move.actor]
                proposer = move.actor
            elif move.kind == "reply":
                if waiting is None or move.actor not in waiting:
                    own = "; it made this one" if move.actor == proposer else ""
                    yield f"{path}.{k}", f"'{move.actor}' has no offer to reply to{own}"
                else:
                    waiting.remove(move.actor)
    if waiting:
        yield path, f"an offer needs a reply of {', '.join(waiting)}"
    demanding = {move.actor for stage in stages for move in stage if move.kind == "demand"}
    if demanding and demanding != set(principals):
        silent = ", ".join(actor for actor in principals if actor not in demanding)
        yield "game", f"every principal must make a demand; {silent} makes none"
