"""Every expression of types, of the prior and of messages, with its path; and who sets which parameter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.expressions import Expression

if TYPE_CHECKING:
    from sim.scenario.document import Document
    from sim.scenario.sections.private import Message


def private_formulas(document: Document) -> Iterator[tuple[str, Expression, str]]:
    """Every expression with its path and its scope, which is ``parameters``."""
    for actor, record in document.actors.items():
        for name, one in record.types.items():
            path = f"actors.{actor}.types.{name}"
            if one.chance is not None:
                yield f"{path}.chance", one.chance, "parameters"
            for parameter, formula in one.set.items():
                yield f"{path}.set.{parameter}", formula, "parameters"
    for k, row in enumerate(document.prior):
        yield f"prior.{k}.chance", row.chance, "parameters"
    for path, message in messages_of(document):
        for parameter, formula in message.set.items():
            yield f"{path}.{parameter}", formula, "parameters"


def messages_of(document: Document) -> Iterator[tuple[str, Message]]:
    """Every message with its path."""
    for k, stage in enumerate(() if document.game is None else document.game.stages):
        for move in stage:
            for name, message in (move.messages or {}).items():
                yield f"game.{k}.messages.{name}", message


def set_by_types(document: Document) -> dict[str, str]:
    """Per parameter that types set the actor that knows it."""
    return {
        parameter: actor
        for actor, record in document.actors.items()
        for one in record.types.values()
        for parameter in one.set
    }


def set_by_messages(document: Document) -> tuple[str, ...]:
    """The parameters that messages set."""
    found = [parameter for _, message in messages_of(document) for parameter in message.set]
    return tuple(dict.fromkeys(found))
