"""The names that expressions of a scenario may use, and where each comes from.

Four kinds: **parameters** by dotted path; **attributes** that positions give or that are derived;
**positions** as indicators ``issue.position``; **stances** as attributes they give and as
indicators ``actor.stance``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.errors import ExpressionError
from sim.expressions import parse
from sim.scenario.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The legal names of a document by kind."""

    parameters: frozenset[str]
    given: frozenset[str]
    derived: frozenset[str]
    positions: frozenset[str]
    stances: frozenset[str]

    @property
    def of_agreements(self) -> frozenset[str]:
        """What may be read of an agreement before anyone takes a stance."""
        return self.parameters | self.given | self.derived | self.positions

    @property
    def all(self) -> frozenset[str]:
        """Everything that a payoff or a constraint may read."""
        return self.of_agreements | self.stances


def names_of(document: Document) -> Names:
    """The legal names of a document."""
    issues, actors = document.issues, document.actors
    given = {a for options in issues.values() for values in options.values() for a in values}
    stances = {a for actor in actors.values() for values in actor.stances.values() for a in values}
    return Names(
        parameters=frozenset(document.parameters),
        given=frozenset(given),
        derived=frozenset(document.attributes),
        positions=frozenset(f"{i}.{p}" for i, options in issues.items() for p in options),
        stances=frozenset(stances)
        | frozenset(f"{a}.{s}" for a, actor in actors.items() for s in actor.stances),
    )


def is_identifier(name: str) -> bool:
    """Whether a name, dotted or not, can be written in an expression.

    Examples
    --------
    >>> is_identifier("moscow.okhotsk"), is_identifier("air strike"), is_identifier("is")
    (True, False, False)
    >>> is_identifier("min"), is_identifier("true"), is_identifier("_hidden")
    (False, False, False)
    """
    try:
        return parse(name).names == {name}
    except ExpressionError:
        return False


def declared(document: Document) -> Iterator[tuple[str, str, bool]]:
    """Every declared name, the path of its declaration, and whether expressions must be able to read it.

    Positions and stances may have any label; then expressions cannot ask for them by name.
    """
    for path in document.parameters:
        yield path, f"parameters.{path}", True
    for name in document.attributes:
        yield name, f"attributes.{name}", True
    for issue, options in document.issues.items():
        for position, values in options.items():
            yield f"{issue}.{position}", f"issues.{issue}.{position}", False
            yield from ((name, f"issues.{issue}.{position}.{name}", True) for name in values)
    for actor, record in document.actors.items():
        for stance, values in record.stances.items():
            yield f"{actor}.{stance}", f"actors.{actor}.stances.{stance}", False
            yield from ((name, f"actors.{actor}.stances.{stance}.{name}", True) for name in values)
