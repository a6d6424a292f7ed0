"""What a constraint is: named quantities of an agreement turned into a slack or a payoff shift.

Definition. A constraint belongs to an actor and has a name. From a few *quantities* (expressions
over attributes, stances and parameters) it computes

- a **slack**: satisfied where >= 0, in units of the constraint's own ``scale`` so that slacks compare;
  ``+inf`` where the constraint does not apply to the agreement; or
- a **shift**: an expression added to the actor's own payoff, in payoff units.

All shifts are taken before any slack is read, so the order in the file never matters.

Array convention. Quantities broadcast against ``(agreements, stance profiles, batch)``.

Bounds. ``monotone`` says for every quantity whether the slack rises (+1) or falls (-1) with it,
so that bounds on quantities give bounds on the slack; 0 means neither, and then a bound needs its
point value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from sim._kernels.tolerance import FloatArray
from sim.constraints.between import Between
from sim.errors import ExpressionError
from sim.expressions import Expression, parse

Rung = Literal["home", "abroad", "enforcement"]
Quantities = Mapping[str, FloatArray]


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


class Constraint(BaseModel):
    """Common fields of every constraint type.

    Parameters
    ----------
    applies_to
        Outcome classes of agreements that the constraint is about; others are not touched by it.
    note, source
        Why it is there and where that was read.

    Notes
    -----
    A type says of itself: on which rung it stands, whether it has a slack, how that moves with each of its
    quantities (``monotone``), and between which numbers its fields must lie (``between``).
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    rung: ClassVar[Rung] = "home"
    slacks: ClassVar[bool] = True
    monotone: ClassVar[Mapping[str, int]] = {}
    domain: ClassVar[str] = ""
    between: ClassVar[Mapping[str, Between]] = {}

    applies_to: tuple[str, ...] = Field(("treaty",), min_length=1)
    note: str = ""
    source: str = ""

    def quantities(self) -> dict[str, Expression]:
        """The expressions that the slack reads, by name."""
        raise NotImplementedError

    def slack(self, q: Quantities) -> FloatArray:
        """Slack where the constraint applies, in units of its scale; satisfied where >= 0.

        Not a number outside of ``domain``, the sentence that says which quantities are legal.
        """
        raise NotImplementedError(f"{type(self).__name__} has no slack")

    def shift(self) -> Expression | None:
        """What is added to the actor's payoff where the constraint applies; ``None`` if nothing is."""
        return None

    def limits(self) -> Iterator[tuple[str, Expression, Between]]:
        """Fields that must lie between two numbers: their path below the constraint's own, and which."""
        for field, legal in self.between.items():
            yield field, getattr(self, field), legal

    def direction(self, quantity: str) -> int:
        """How the slack moves with a quantity: +1, -1, or 0 where neither."""
        return self.monotone.get(quantity, 0)
