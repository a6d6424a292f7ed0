"""What must hold of types, the prior and messages; and what is legal but says nothing.

Definition. A parameter that an actor's types set is *private*: that actor alone knows it. Payoffs of others
may read it (they have what they have, and learn of it later); constraints of others may not, since whoever
decides there would have to know it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sim.errors import suggest
from sim.expressions import Expression
from sim.scenario.findings import Finding
from sim.scenario.private.formulas import (
    messages_of,
    private_formulas,
    set_by_messages,
    set_by_types,
)

if TYPE_CHECKING:
    from sim.scenario.document import Document
    from sim.scenario.sections.private import PriorRow

ADD_UP = 1e-9
"""How far chances may be from adding up to 1, which leaves room for decimals such as 0.3333333333."""


def check_private(document: Document) -> Iterator[Finding]:
    """Everything that is wrong with types, the prior and messages."""
    yield from _set_paths(document)
    yield from _chances(document)
    yield from _prior(document)
    yield from _messages(document)
    yield from _set_twice(document)
    yield from _read_too_early(document)
    if document.private and document.dynamics is not None:
        message = (
            "types and messages belong to a game that is played once; a forecast knows neither, so "
            "remove 'dynamics', or the types and messages"
        )
        yield Finding(path="dynamics", message=message)


def _set_paths(document: Document) -> Iterator[Finding]:
    """Types and messages may set every parameter but those that decide which agreements exist."""
    from sim.scenario.structural import structural_parameters

    structural = structural_parameters(document) if document.private else frozenset()
    for path, name in _set_here(document):
        if name not in document.parameters:
            message = f"unknown parameter '{name}'{suggest(name, document.parameters)}"
            yield Finding(path=path, message=message, needs="parameters", name=name)
        elif name in structural:
            what = "decides which agreements exist or how they are classed"
            message = f"'{name}' {what}; it must be known to all"
            yield Finding(path=path, message=message)


def _set_here(document: Document) -> Iterator[tuple[str, str]]:
    for actor, record in document.actors.items():
        for kind, one in record.types.items():
            yield from ((f"actors.{actor}.types.{kind}.set.{name}", name) for name in one.set)
    for path, message in messages_of(document):
        yield from ((f"{path}.{name}", name) for name in message.set)


def _chances(document: Document) -> Iterator[Finding]:
    """Chances by type, where no prior gives those of combinations."""
    for actor in document.typed:
        types, path = document.actors[actor].types, f"actors.{actor}.types"
        given = {name: one.chance for name, one in types.items() if one.chance is not None}
        if document.prior:
            for name in given:
                message = "'prior' gives the chances already; write them in one place"
                yield Finding(path=f"{path}.{name}.chance", message=message)
            continue
        for name in types:
            if name not in given:
                message = (
                    "its 'chance' is missing (or a 'prior' with the chances of all combinations)"
                )
                yield Finding(path=f"{path}.{name}", message=message)
        if len(given) == len(types):
            yield from _add_up(document, given, path, f"the chances of {actor}'s types")


def _add_up(
    document: Document, chances: Mapping[str, Expression | None], path: str, whose: str
) -> Iterator[Finding]:
    here = {name: p.value for name, p in document.parameters.items()}
    known = {k: e for k, e in chances.items() if e is not None and e.names <= set(here)}
    values = {k: float(e.evaluate(here)) for k, e in known.items()}
    for k, value in values.items():
        if not 0 <= value <= 1:
            message = f"{value:.6g} is not a probability: it must be between 0 and 1"
            yield Finding(path=f"{path}.{k}.chance", message=message)
            return
    total = sum(values.values())
    if len(known) == len(chances) and not abs(total - 1) <= ADD_UP:
        yield Finding(path=path, message=f"{whose} add up to {total:.10g}, not to 1")


def _prior(document: Document) -> Iterator[Finding]:
    seen: set[tuple[str, ...]] = set()
    for k, row in enumerate(document.prior):
        found = [*_row(document, row, f"prior.{k}")]
        yield from found
        key = tuple(row.types.get(actor, "") for actor in document.typed)
        if key in seen and not found:
            yield Finding(path=f"prior.{k}", message="this combination stands above already")
        seen.add(key)
    if document.prior:
        chances: dict[str, Expression | None] = {
            str(k): row.chance for k, row in enumerate(document.prior)
        }
        yield from _add_up(document, chances, "prior", "the chances of the prior")


def _row(document: Document, row: PriorRow, path: str) -> Iterator[Finding]:
    typed = document.typed
    for actor, name in row.types.items():
        if actor not in typed:
            message = f"'{actor}' has no types{suggest(actor, typed)}"
            yield Finding(path=path, message=message, needs="actors")
        elif name not in document.actors[actor].types:
            legal = document.actors[actor].types
            message = f"'{name}' is not a type of {actor}{suggest(name, legal)}"
            yield Finding(path=path, message=message, needs="actors")
    for actor in typed:
        if actor not in row.types:
            message = f"it does not say which type {actor} is"
            yield Finding(path=path, message=message)


def _messages(document: Document) -> Iterator[Finding]:
    """Messages that nobody can send, and types that can send none."""
    for k, stage in enumerate(() if document.game is None else document.game.stages):
        for move in stage:
            if move.messages is None or move.actor not in document.actors:
                continue
            types, silent = (
                document.actors[move.actor].types,
                set(document.actors[move.actor].types),
            )
            for name, message in move.messages.items():
                path = f"game.{k}.messages.{name}"
                senders = set(types) if message.by is None else set(message.by)
                silent -= senders
                if message.by is not None and not message.by:
                    yield Finding(path=path, message="nobody can send it: 'by' names no type")
                for other in sorted(senders - set(types)):
                    words = f"'{other}' is not a type of {move.actor}{suggest(other, types)}"
                    yield Finding(path=path, message=f"by: {words}", needs="actors")
            for name in sorted(silent):
                silence = f"{move.actor} of type '{name}' can send none of these messages"
                yield Finding(path=f"game.{k}", message=silence)


def _set_twice(document: Document) -> Iterator[Finding]:
    owners: dict[str, str] = {}
    for actor, record in document.actors.items():
        for name in {name for one in record.types.values() for name in one.set}:
            other = owners.setdefault(name, actor)
            if other != actor:
                message = f"'{name}' is set by the types of {other} and of {actor}"
                yield Finding(path=f"actors.{actor}.types", message=message)
    for name in set_by_messages(document):
        if name in owners:
            message = (
                f"'{name}' is set by a message, which all see, and by the types of {owners[name]}, "
                "which others do not; use two parameters"
            )
            yield Finding(path="game", message=message)
    for path, formula, _ in private_formulas(document):
        for name in sorted(formula.names & set(owners)):
            message = f"it reads '{name}', which the types of {owners[name]} set"
            yield Finding(path=path, message=message)


def _read_too_early(document: Document) -> Iterator[Finding]:
    """Constraints that read what only another actor knows when they are judged."""
    from sim.scenario.structural import parameters_read

    owners = set_by_types(document)
    if not owners:
        return
    for one in document.constraints():
        for field, formula in one.constraint.formulas().items():
            for name in sorted(parameters_read(document, formula) & set(owners)):
                if owners[name] != one.actor and one.constraint.slacks:
                    yield Finding(
                        path=f"{one.path}.{field}", message=_early(one.actor, name, owners)
                    )


def _early(actor: str, name: str, owners: Mapping[str, str]) -> str:
    return (
        f"reads '{name}', which only {owners[name]} knows when this is judged, nothing having revealed it; "
        f"let a payoff of {actor} read it, or a parameter that messages set"
    )
