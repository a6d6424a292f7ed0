"""The game of a scenario: an ordered list of stages, each a set of moves made at the same time.

Files write a stage as

- ``moscow.offer``, ``tokyo.reply``, ``washington.stance``, ``tokyo.demand``: one move;
- ``[washington.stance, beijing.stance]``: moves made at the same time;
- ``{offer: moscow, menu: EXPRESSION}``, ``{reply: tokyo}``, ``{reply: [tokyo, seoul]}``;
- ``{signal: moscow, messages: {silent: {}, vow: {vowed: 1}}}``: a message that others see, with what
  it sets;
- ``ratify`` or ``{ratify: {noise: EXPRESSION}}``: certain from the slacks, or by chance;
- ``{implement: moscow, reneging: {moscow: EXPRESSION, tokyo: EXPRESSION}}``: comply or renege, with what
  reneging adds to each actor's payoff; once in a game;

and the whole game also as the name of a protocol, or ``{protocol: NAME, proposer: ACTOR, ...}``, or
``{stages: [...], requires: [home, abroad]}``; or in rounds, each of which is tried where the one before ended
without an agreement:

- ``{rounds: [{offer: tokyo}, {reply: moscow}, {offer: moscow}, {reply: tokyo}], discount: {tokyo:
  EXPRESSION, ...}}``;
- ``{rounds: {turns: [tokyo, moscow], times: 6}, discount: ...}``, or ``for_ever: true`` for ``times``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel, model_validator
from pydantic_core import PydanticCustomError

from sim.constraints import Formula, Rung
from sim.constraints.base import STRICT
from sim.errors import nearest
from sim.scenario.sections.private import MessagesField

Kind = Literal["stance", "offer", "demand", "reply", "ratify", "implement", "signal"]
KINDS = ("stance", "offer", "demand", "reply", "ratify", "implement", "signal")


class Move(BaseModel):
    """One move of one actor (``ratify`` has none: the bodies at home move).

    Parameters
    ----------
    kind
        What is chosen: a stance, an agreement to offer or demand, accept or reject, comply or
        renege.
    actor
        Who chooses.
    menu
        For offers and demands: holds for the agreements that may be named; all where absent.
    noise
        For ``ratify``: standard deviation of the noise on the lowest slack; certain where absent.
    reneging
        For ``implement``: payoff change of each actor when the mover reneges; nothing for those left out.
    messages
        For ``signal``: what can be said, each with the parameters that it sets and the types that can send
        it.
    """

    model_config = STRICT

    kind: Kind
    actor: str = ""
    menu: Formula | None = None
    noise: Formula | None = None
    reneging: Mapping[str, Formula] = {}
    messages: MessagesField | None = None


class Rounds(BaseModel):
    """Offers made in turn, a round each.

    Parameters
    ----------
    stages
        As the file lists them: offers with their replies; stances and ratification at the end are of every
        round.
    turns
        Instead of stages: who offers in the first round, the second, and so on; everybody else replies.
    times
        How many rounds there are, turns being taken again; one for each of the turns where absent.
    for_ever
        Whether turns are taken for ever.
    """

    model_config = STRICT

    stages: tuple[tuple[Move, ...], ...] = ()
    turns: tuple[str, ...] = ()
    times: int | None = None
    for_ever: bool = False


class Game(BaseModel):
    """Stages in order, or a protocol by name with its settings.

    Parameters
    ----------
    protocol, proposer, responders, noise
        The protocol's name and its settings.
    stages
        Moves made at the same time, stage by stage.
    requires
        Conditions of the ladder without which an agreement is not in force: those that no move plays, where
        absent.
    rounds, discount
        Offers in turn, and per principal what a payoff counts that comes a round later.
    """

    model_config = STRICT

    protocol: str | None = None
    proposer: str | None = None
    responders: tuple[str, ...] | None = None
    noise: Formula | None = None
    stages: tuple[tuple[Move, ...], ...] = ()
    requires: tuple[Rung, ...] | None = None
    rounds: Rounds | None = None
    discount: Mapping[str, Formula] = {}

    def placed(self) -> Iterator[tuple[str, tuple[Move, ...]]]:
        """Every stage that the file lists, those of rounds included, with its path."""
        for k, stage in enumerate(self.stages):
            yield f"game.{k}", stage
        for k, stage in enumerate(() if self.rounds is None else self.rounds.stages):
            yield f"game.rounds.{k}", stage

    @model_validator(mode="before")
    @classmethod
    def _read(cls, node: Any) -> Any:
        if isinstance(node, str):
            return {"protocol": node}
        if isinstance(node, list | tuple):
            return {"stages": [_placed(k, stage) for k, stage in enumerate(node)]}
        if isinstance(node, Mapping) and isinstance(node.get("stages"), list | tuple):
            return {**node, "stages": [_placed(k, stage) for k, stage in enumerate(node["stages"])]}
        if isinstance(node, Mapping) and isinstance(node.get("rounds"), list | tuple):
            read = [_placed(f"rounds.{k}", stage) for k, stage in enumerate(node["rounds"])]
            return {**node, "rounds": {"stages": read}}
        return node


_FORMULA = {"anyOf": [{"type": "string"}, {"type": "number"}]}
_NAMES = {"type": "array", "items": {"type": "string"}}
GAME_SCHEMA: dict[str, Any] = {
    "description": "a protocol's name, {protocol, proposer, ...}, a list of stages, or {rounds: ...}",
    "anyOf": [
        {"type": "string"},
        {"type": "array"},
        {
            "type": "object",
            "properties": {
                "rounds": {
                    "description": "offers in turn: a list of offers with their replies, or whose turn it is",
                    "anyOf": [
                        {"type": "array"},
                        {
                            "type": "object",
                            "properties": {
                                "turns": _NAMES | {"description": "who offers, round by round"},
                                "times": {
                                    "type": "integer",
                                    "minimum": 1,
                                    "description": "how many rounds; one for each turn where absent",
                                },
                                "for_ever": {
                                    "type": "boolean",
                                    "description": "whether turns are taken for ever",
                                },
                            },
                            "additionalProperties": False,
                        },
                    ],
                },
                "discount": {
                    "description": "by principal what a payoff counts that comes a round later",
                    "type": "object",
                    "additionalProperties": _FORMULA,
                },
            },
        },
    ],
}
"""How editors complete the game of a file."""


def _placed(number: int | str, stage: Any) -> list[Any]:
    """A stage read; what is wrong with it says which one it is."""
    try:
        return read_stage(stage)
    except PydanticCustomError as error:
        raise PydanticCustomError(
            "stage", "{words}", {"words": error.message(), "inner": number}
        ) from None


def read_stage(stage: Any) -> list[Any]:
    """A stage as written in a file, as a list of raw moves.

    Examples
    --------
    >>> read_stage(["washington.stance", "beijing.stance"])
    [{'kind': 'stance', 'actor': 'washington'}, {'kind': 'stance', 'actor': 'beijing'}]
    >>> read_stage({"reply": ["tokyo", "seoul"]})
    [{'kind': 'reply', 'actor': 'tokyo'}, {'kind': 'reply', 'actor': 'seoul'}]
    >>> read_stage("ratify")
    [{'kind': 'ratify'}]
    """
    if isinstance(stage, list | tuple):
        return [move for item in stage for move in read_stage(item)]
    if isinstance(stage, str):
        return [_read_word(stage)]
    if isinstance(stage, Mapping):
        return _read_mapping(dict(stage))
    raise _illegal(stage)


def _read_word(word: str) -> dict[str, Any]:
    if word == "ratify":
        return {"kind": "ratify"}
    if word in KINDS:
        raise _without_actor(word)
    actor, _, kind = word.rpartition(".")
    if not actor or kind not in KINDS:
        raise _illegal(word)
    return {"kind": kind, "actor": actor}


def _read_mapping(stage: dict[str, Any]) -> list[Any]:
    kinds = [kind for kind in KINDS if kind in stage]
    if len(kinds) != 1:
        raise _illegal(stage)
    who = stage.pop(kinds[0])
    if who is None and kinds[0] != "ratify":
        raise _without_actor(kinds[0])
    if kinds[0] == "ratify":
        if not isinstance(who, Mapping | None):
            raise _illegal({f"ratify: {who}": None})
        return [{"kind": "ratify", **(who or {}), **stage}]
    actors = who if isinstance(who, list | tuple) else [who]
    return [{"kind": kinds[0], "actor": actor, **stage} for actor in actors]


HOW = {
    "offer": "offer: ACTOR",
    "reply": "reply: ACTOR",
    "stance": "ACTOR.stance",
    "demand": "ACTOR.demand",
    "implement": "{implement: ACTOR, reneging: {ACTOR: what reneging adds to its payoff, ...}}",
    "signal": "{signal: ACTOR, messages: {MESSAGE: {PARAMETER: VALUE, ...}, ...}}",
}
"""How a file writes each move that an actor makes."""


def _without_actor(kind: str) -> PydanticCustomError:
    words = f"'{kind}' does not say who moves; write {HOW[kind]}"
    return PydanticCustomError("stage", "{words}", {"words": words})


def _illegal(stage: Any) -> PydanticCustomError:
    """An error that suggests the nearest kind of move, where a word of the stage resembles one."""
    words = [str(key) for key in stage] if isinstance(stage, Mapping) else [str(stage)]
    settings = [*Move.model_fields]
    words = [word for word in words if word not in settings] or words
    near = [close for w in words for close in nearest(w.rpartition(".")[2], KINDS, n=1)]
    known = (
        f"; did you mean '{near[0]}'?"
        if near
        else "; legal: ACTOR.stance, ACTOR.demand, offer: ACTOR, reply: ACTOR, ratify, "
        "implement: ACTOR, signal: ACTOR, or a list of moves made at the same time"
    )
    shown = ", ".join(words)[:60]
    return PydanticCustomError("stage", "{words}", {"words": f"'{shown}' is not a stage{known}"})
