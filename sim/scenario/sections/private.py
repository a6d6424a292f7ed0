"""Private information in a file: the types of an actor, how they hang together, and messages.

Example, a leader who is resolute or not, and who may vow in public::

    actors:
      moscow:
        role: principal
        types:                             # drawn first; only moscow learns its own
          hard: {chance: moscow.hardliners, set: {moscow.red_line: 0.2}}
          soft: {chance: 1 - moscow.hardliners, set: {moscow.red_line: 0.45}}
    game:
      - {signal: moscow, messages: {silent: {}, public vow: {vowed: 1}}}
      - {offer: tokyo}
      - {reply: moscow}

A message gives values to parameters, which everybody sees; ``by`` says which types can send it, all of
them where it is absent. Where the types of several actors hang together, ``prior`` gives the chance of every
combination in place of ``chance``::

    prior:
      - {moscow: hard, tokyo: eager, chance: 0.3}
      - {moscow: soft, tokyo: eager, chance: 0.2}
      - {moscow: soft, tokyo: patient, chance: 0.5}
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, Field, WithJsonSchema, model_validator

from sim.constraints import Formula
from sim.constraints.base import STRICT

BY = "by"
"""The key of a message that is not a parameter."""


class _Frozen(BaseModel):
    model_config = STRICT


class ActorType(_Frozen):
    """What an actor may be; it alone knows which of its types it is.

    Parameters
    ----------
    chance
        Probability of this type, an expression in parameters; absent where ``prior`` gives it.
    set
        Per parameter its value for this type, an expression in parameters.
    """

    chance: Formula | None = None
    set: Mapping[str, Formula] = {}
    note: str = ""
    source: str = ""


class PriorRow(_Frozen):
    """One combination of types with its chance; combinations that are left out never occur.

    Parameters
    ----------
    types
        Per actor with types the one that it is.
    chance
        Probability of the combination, an expression in parameters.
    """

    types: Mapping[str, str]
    chance: Formula

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, node: Any) -> Any:
        if isinstance(node, Mapping) and "types" not in node:
            return {
                "types": {key: value for key, value in node.items() if key != "chance"},
                **({"chance": node["chance"]} if "chance" in node else {}),
            }
        return node


class Message(_Frozen):
    """What an actor may say or show before others move.

    Parameters
    ----------
    set
        Per parameter the value that the message gives it, for everybody to see.
    by
        The types that can send it; all where absent.
    """

    set: Mapping[str, Formula] = {}
    by: tuple[str, ...] | None = None

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, node: Any) -> Any:
        if node is None:
            return {}
        if not isinstance(node, Mapping) or "set" in node:
            return node
        given = {key: value for key, value in node.items() if key != BY}
        return {"set": given, **({BY: node[BY]} if BY in node else {})}


MessagesField = Annotated[
    Mapping[str, Message],
    Field(min_length=1),
    WithJsonSchema(
        {
            "type": "object",
            "description": "per message the parameters that it sets; 'by': the types that can send it",
        }
    ),
]
PriorField = Annotated[
    tuple[PriorRow, ...],
    WithJsonSchema(
        {
            "type": "array",
            "items": {"type": "object"},
            "description": "rows {ACTOR: TYPE, OTHER: TYPE, chance: EXPRESSION}",
        }
    ),
]
