"""What types say that makes no difference: legal, and probably a slip."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from sim.scenario.findings import Finding
from sim.scenario.private.formulas import messages_of

if TYPE_CHECKING:
    from sim.scenario.document import Document


def alike(document: Document) -> Iterator[Finding]:
    """Types that no one can tell apart: the same values and the same messages."""
    here = {name: p.value for name, p in document.parameters.items()}
    sent = [message.by for _, message in messages_of(document) if message.by is not None]
    for actor in document.typed:
        types = document.actors[actor].types
        told = {
            name: (
                tuple(
                    float(one.set[p].evaluate(here)) if p in one.set else here.get(p)
                    for p in dict.fromkeys(p for other in types.values() for p in other.set)
                ),
                tuple(name in by for by in sent),
            )
            for name, one in types.items()
        }
        for first, second in combinations(types, 2):
            if told[first] == told[second]:
                message = f"no one can tell the types '{first}' and '{second}' apart"
                yield Finding(path=f"actors.{actor}.types.{second}", message=message)
    for actor in document.typed:
        if len(document.actors[actor].types) == 1:
            message = "a single type is not private information"
            yield Finding(path=f"actors.{actor}.types", message=message)
