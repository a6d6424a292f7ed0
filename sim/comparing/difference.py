"""The record of what differs between two scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sim._kernels.shown import Heading, Part, Shown, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One part that differs.

    Parameters
    ----------
    path
        Of the part, as in the file.
    before, after
        How it stands in the first and in the second scenario; empty where it is not there.
    source_before, source_after
        Of a parameter: where its value was read.
    """

    path: str
    before: str
    after: str
    source_before: str = ""
    source_after: str = ""

    def to_dict(self) -> dict[str, str]:
        """The change as plain data for JSON."""
        return {
            "path": self.path,
            "before": self.before,
            "after": self.after,
            "source_before": self.source_before,
            "source_after": self.source_after,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference(Shown):
    """What differs between two scenarios: numbers with their sources, then what is written.

    Parameters
    ----------
    names
        What the two are called.
    parameters
        Parameters whose value or range differs, or that only one of them has.
    formulas
        Payoff terms, attributes, outcome classes and what is ruled out.
    constraints
        At home and abroad.
    others
        Everything else: actors, issues, the game, time.
    """

    names: tuple[str, str]
    parameters: tuple[Changed, ...]
    formulas: tuple[Changed, ...]
    constraints: tuple[Changed, ...]
    others: tuple[Changed, ...]

    def __bool__(self) -> bool:
        return bool(self.parameters or self.formulas or self.constraints or self.others)

    def __repr__(self) -> str:
        count = len(self.parameters)
        return f"<Difference of {self.names[0]} and {self.names[1]}: {count} parameters>"

    def parts(self) -> Iterator[Part]:
        """What differs, in tables."""
        first, second = self.names
        yield Heading(f"From {first} to {second}")
        if not self:
            yield "They say the same of actors, issues, numbers, formulas, constraints, game and time."
            return
        yield Table(
            ("parameter", f"{first}|r", f"{second}|r", "source of the second"),
            [(c.path, c.before, c.after, c.source_after) for c in self.parameters],
            heading=f"Parameters ({len(self.parameters)})",
        )
        for heading, found in (
            ("Formulas", self.formulas),
            ("Constraints", self.constraints),
            ("Everything else", self.others),
        ):
            rows = [(c.path, c.before or "not there", c.after or "not there") for c in found]
            yield Table(("", first, second), rows, heading=f"{heading} ({len(rows)})")

    def to_dict(self) -> dict[str, Any]:
        """The difference as plain data for JSON."""
        return {
            "names": list(self.names),
            "parameters": [c.to_dict() for c in self.parameters],
            "formulas": [c.to_dict() for c in self.formulas],
            "constraints": [c.to_dict() for c in self.constraints],
            "others": [c.to_dict() for c in self.others],
        }
