"""Constraint types, good and bad, and a protocol."""

from typing import Literal

from sim.constraints import Alternative, Constraint, Formula
from sim.scenario import Document, Move


class SpendingCap(Constraint):
    """A budget that an agreement must not exceed."""

    type: Literal["spending_cap"] = "spending_cap"
    cost: Formula
    budget: Formula

    def alternatives(self) -> tuple[Alternative, ...]:
        """What is left of the budget."""
        return (Alternative((self.formula("budget - cost"),)),)


class Nameless(Constraint):
    """A type that does not say its name."""

    amount: Formula


def open_table(document: Document) -> tuple[tuple[Move, ...], ...]:
    """All principals make demands at once."""
    return (tuple(Move(kind="demand", actor=actor) for actor in document.principals),)
