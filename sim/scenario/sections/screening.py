"""The ``screening`` section of a file: an offer to somebody who alone knows a number that nobody else knows.

Example, a demand to an adversary whose cost of war may be anything up to a limit::

    screening:
      proposer: a
      responder: b
      offer: {demand: {from: 0, to: 1}}
      private: {cost: {from: 0, to: cost_max}}     # uniform, without another law
      answers:                                     # payoffs may use the offer and the private number
        accept: {a: demand, b: 1 - demand}
        fight: {a: p - cost_a, b: 1 - p - cost}

In place of ``private`` a parameter of the file may say who knows it: ``cost: {value: 0.1, range: [0, 0.2],
private: b}``. Another law is given by its cumulative chances, straight between the points named:
``cumulative: [[0, 0], [0.1, 1/2], [0.2, 1]]`` in place of ``from`` and ``to``. Or ``from`` and ``to`` have a
``distribution``, as parameters have it: ``{type: beta, a: 2, b: 3}``, ``triangular``, ``{type: normal, sd:
0.1}``; mode and mean are in the middle where they are not given.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.constraints.base import STRICT, Formula
from sim.scenario.distributions import Written


class _Record(BaseModel):
    model_config = ConfigDict(**STRICT, populate_by_name=True)


class Span(_Record):
    """From one number to another.

    Parameters
    ----------
    low, high
        ``from`` and ``to`` in a file.
    """

    low: Formula = Field(alias="from")
    high: Formula = Field(alias="to")


class PrivateLaw(_Record):
    """How likely the values of a private number are: uniform, by cumulative chances, or smooth.

    Parameters
    ----------
    low, high
        ``from`` and ``to`` in a file: uniform between them.
    distribution
        Another law between them.
    cumulative
        Pairs of a value and the chance of no more than it, straight in between.
    """

    low: Formula | None = Field(None, alias="from")
    high: Formula | None = Field(None, alias="to")
    distribution: Written | None = None
    cumulative: tuple[tuple[Formula, Formula], ...] = ()

    @model_validator(mode="after")
    def _one_law(self) -> PrivateLaw:
        ends = (self.low is not None) + (self.high is not None)
        if ends != (0 if self.cumulative else 2) or len(self.cumulative) == 1:
            raise PydanticCustomError(
                "screening",
                "a private number needs 'from' and 'to', or several 'cumulative' points",
            )
        if self.cumulative and self.distribution is not None:
            raise PydanticCustomError(
                "screening",
                "a distribution goes with 'from' and 'to', not with 'cumulative' points",
            )
        return self


class ScreeningSection(_Record):
    """Who offers, who answers, and what answers are worth.

    Parameters
    ----------
    proposer, responder
        The two actors.
    offer
        The number that is offered, by name, with its range.
    private
        The number that only the responder knows, by name, with its law; a parameter where absent.
    answers
        By name, with payoffs of both.

    Examples
    --------
    >>> section = ScreeningSection(
    ...     proposer="a", responder="b", offer={"x": {"from": 0, "to": 1}},
    ...     private={"c": {"from": 0, "to": 0.2}},
    ...     answers={"yes": {"a": "x", "b": "1 - x"}, "no": {"a": 0, "b": "-c"}})
    >>> sorted(section.names)
    ['c', 'x']
    """

    proposer: str
    responder: str
    offer: Mapping[str, Span] = Field(min_length=1, max_length=1)
    private: Mapping[str, PrivateLaw] = Field({}, max_length=1)
    answers: Mapping[str, Mapping[str, Formula]] = Field(min_length=1, max_length=20)

    @property
    def names(self) -> frozenset[str]:
        """The names of the offer and of the private number."""
        return frozenset((*self.offer, *self.private))

    @property
    def knows(self) -> str:
        """Who knows the private number."""
        return self.responder

    @model_validator(mode="after")
    def _whole(self) -> ScreeningSection:
        if self.proposer == self.responder or self.offer.keys() & self.private.keys():
            raise PydanticCustomError(
                "screening", "proposer and responder, and their numbers, need different names"
            )
        for name, payoffs in self.answers.items():
            if set(payoffs) != {self.proposer, self.responder}:
                text = f"answers.{name}: payoffs of exactly {self.proposer} and {self.responder} are needed"
                raise PydanticCustomError("screening", "{text}", {"text": text})
        return self
