"""What a constraint is: fields of an agreement turned into a slack or a payoff shift.

Definition. A constraint belongs to an actor and has a name. From its fields (expressions over attributes,
stances and parameters) it makes

- a **slack**: satisfied where >= 0, in units of the constraint's own ``scale`` so that slacks compare;
  ``+inf`` where the constraint does not apply to the agreement. It is the best of *alternatives*
  (:mod:`sim.constraints.alternatives`), which the type defines and everything else reads; or
- a **shift**: an expression added to the actor's own payoff, in payoff units.

All shifts are taken before any slack is read, so the order in the file never matters.

Array convention. Values broadcast against ``(agreements, stance profiles, batch)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim._kernels.tolerance import FloatArray
from sim.constraints.alternatives import Alternative, Direct, Legal, best_alternative, is_legal
from sim.constraints.between import Between
from sim.errors import ExpressionError
from sim.expressions import Expression, compose, parse
from sim.labels import Label

Rung = Literal["home", "abroad", "enforcement"]


def _expression(value: Any) -> Expression:
    if isinstance(value, Expression):
        return value
    if not isinstance(value, str | int | float | bool):
        raise PydanticCustomError("expression", "an expression or a number is needed here")
    try:
        return parse(value)
    except ExpressionError as error:
        context = {"message": error.message.replace("{", "("), "offset": error.offset}
        raise PydanticCustomError("expression", "{message}", context) from None


Formula = Annotated[
    Expression,
    BeforeValidator(_expression),
    PlainSerializer(lambda e: e.text, return_type=str),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}, {"type": "boolean"}]}),
]
"""A field that holds an expression; files write it as a text or a number."""

STRICT = ConfigDict(defer_build=True, extra="forbid", frozen=True, arbitrary_types_allowed=True)
"""How records of files that hold formulas are read: an unknown key is an error, and nothing changes later."""


class Constraint(BaseModel):
    """Common fields of every constraint type.

    Parameters
    ----------
    applies_to
        Outcome classes of agreements that the constraint is about; others are not touched by it.
    note, source
        Why it is there and where that was read.
    label, short
        What people read in place of its name.

    Notes
    -----
    A type says of itself: on which rung it stands, whether it has a slack, and between which numbers its
    fields must lie (``between``).
    """

    model_config = STRICT

    rung: ClassVar[Rung] = "home"
    slacks: ClassVar[bool] = True
    between: ClassVar[Mapping[str, Between]] = {}

    applies_to: tuple[str, ...] = Field(("treaty",), min_length=1)
    note: str = ""
    source: str = ""
    label: Label | None = None
    short: Label | None = None

    def alternatives(self) -> tuple[Alternative, ...]:
        """The slack where the constraint applies, as the best of alternatives: its one definition.

        None where the type has no slack, or where :meth:`direct` has to compute it.
        """
        return ()

    def direct(self) -> Direct | None:
        """A slack with too many alternatives to be written out; ``None`` where they are."""
        return None

    def legal(self) -> Legal:
        """What the fields must be, from their limits; elsewhere the slack is not a number."""
        limits = [(f, e, b) for f, e, b in self.limits() if not b.estimated]
        return Legal(
            positive=tuple(compose(f"e - {b.lo!r}", e=e) for _, e, b in limits if b.above),
            not_negative=tuple(part for _, e, b in limits for part in _inside(e, b)),
            words=" and ".join(f"{field} must be {b.words}" for field, _, b in limits),
        )

    def shift(self) -> Expression | None:
        """What is added to the actor's payoff where the constraint applies; ``None`` if nothing is."""
        return None

    def limits(self) -> Iterator[tuple[str, Expression, Between]]:
        """Fields that must lie between two numbers: their path below the constraint's own, and which."""
        for field, legal in self.between.items():
            yield field, getattr(self, field), legal

    def formulas(self) -> dict[str, Expression]:
        """Every field that is an expression, by its path below the constraint's own."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: e for name, e in values.items() if isinstance(e, Expression)}

    def formula(self, template: str) -> Expression:
        """An expression of the constraint's own fields, which the template names."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        usable = {n: v for n, v in values.items() if isinstance(v, Expression | float)}
        return compose(template, **usable)

    def slack(self, env: Mapping[str, ArrayLike]) -> FloatArray:
        """The slack where the constraint applies, from values of all names; satisfied where >= 0.

        Not a number where the fields are not :meth:`legal`.
        """
        direct = self.direct()
        if direct is None:
            value = best_alternative(self.alternatives(), env)
        else:
            value = direct.value({n: e.evaluate(env) for n, e in direct.quantities.items()})
        return np.asarray(np.where(is_legal(self.legal(), env), value, np.nan))


def _inside(field: Expression, legal: Between) -> Iterator[Expression]:
    """What must be at least 0 for a field to lie within its ends."""
    if isfinite(legal.lo) and not legal.above:
        yield compose(f"e - {legal.lo!r}", e=field) if legal.lo else field
    if isfinite(legal.hi):
        yield compose(f"{legal.hi!r} - e", e=field)


def absent(clause: Expression) -> Alternative:
    """What holds where a clause is not there: the slack is infinite.

    Examples
    --------
    >>> absent(parse("c")).conditions[0].text
    '((c) == 0) - 0.5'
    """
    return Alternative((), (compose("(clause == 0) - 0.5", clause=clause),))
