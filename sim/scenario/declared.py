"""Constraints, and where a file declares them."""

from __future__ import annotations

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
