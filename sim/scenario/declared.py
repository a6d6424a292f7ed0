"""Constraints, and where a file declares them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sim.constraints import AnyConstraint

SECTIONS = ("domestic", "abroad")
"""Where constraints are declared."""


class Declared(NamedTuple):
    """A constraint, and where it is declared."""

    section: str
    actor: str
    name: str
    constraint: AnyConstraint

    @property
    def path(self) -> str:
        """Its dotted path in the file."""
        return f"{self.section}.{self.actor}.{self.name}"


def declared_in(
    sections: Mapping[str, Mapping[str, Mapping[str, AnyConstraint]]],
) -> Iterator[Declared]:
    """Every constraint of some sections by actor and name."""
    for section, actors in sections.items():
        for actor, named in actors.items():
            for name, constraint in named.items():
                yield Declared(section, actor, name, constraint)
