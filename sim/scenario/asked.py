"""What a file says of what happened, and what it asks: the record, tests of signs, named sweeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from sim.constraints import Formula
from sim.constraints.base import STRICT

TREATY = "treaty"


class Record(BaseModel):
    """Common settings: unknown keys are errors and nothing changes after loading."""

    model_config = STRICT


class Observed(Record):
    """What happened: the outcome class and the actor whose constraint was binding.

    Parameters
    ----------
    outcome
        An outcome class of the file.
    binding
        The actor whose gain or constraint blocked a treaty; none where one was signed.
    agreement
        Holds for the agreements that count as the one that was made: an expression.
    required
        Whether a backcast that gets it wrong has failed.
    """

    outcome: str
    binding: str | None = None
    agreement: Formula | None = None
    required: bool = True
    source: str = ""
    note: str = ""


Expectation = Literal["up", "down", "same", "feasible", "infeasible"]
_WORDS = {"enum": ["up", "down", "same", "feasible", "infeasible"]}
Expectations = Annotated[
    tuple[Expectation, ...],
    BeforeValidator(lambda node: [node] if isinstance(node, str) else node),
    WithJsonSchema({"anyOf": [_WORDS, {"type": "array", "items": _WORDS}]}),
]


class SignTest(Record):
    """A counterfactual with a known sign: set some parameters, and something must move.

    Parameters
    ----------
    set
        Parameter values by dotted path.
    expect
        What must hold of the measure: ``up``, ``down`` or ``same`` against the file's own values,
        ``feasible`` or ``infeasible`` for the margin after the change.
    predicted
        The outcome class that the game must predict after the change.
    of
        Whose margin is meant: the class of the agreements that climb the ladder.
    among
        Which agreements of that class climb: an expression; all where absent.
    measure
        An expression at the predicted outcome, instead of the margin.
    less_than
        Values of another change, by dotted path, that must move the measure further.
    """

    set: Mapping[str, float] = Field(min_length=1)
    expect: Expectations = ()
    predicted: str | None = None
    of: str = TREATY
    among: Formula | None = None
    measure: Formula | None = None
    less_than: Mapping[str, float] | None = None
    note: str = ""
    source: str = ""

    @model_validator(mode="after")
    def _asks_something(self) -> SignTest:
        if not self.expect and self.predicted is None:
            raise PydanticCustomError("sign_test", "a sign test needs 'expect' or 'predicted'")
        return self


class Sweep(Record):
    """A named sweep: for every varied path ``[lo, hi, points]``.

    Parameters
    ----------
    vary
        Per path ``[lo, hi, points]``.
    x, y
        The axes of its picture; the first two varied paths where absent.
    note
        For people.
    """

    vary: Mapping[str, tuple[float, float, int]] = Field(min_length=1)
    x: str | None = None
    y: str | None = None
    note: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Sweep:
        for path, (lo, hi, points) in self.vary.items():
            if lo > hi:
                raise PydanticCustomError(
                    "vary", f"{path} runs from {lo:g} to {hi:g}; lo <= hi is needed"
                )
            if points < 1:
                raise PydanticCustomError(
                    "vary", f"{path} asks for {points} points; at least 1 is needed"
                )
        return self
