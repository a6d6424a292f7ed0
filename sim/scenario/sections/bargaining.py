"""The ``bargaining`` section of a file: what can be agreed, and what holds without agreement.

One of five ways to say what can be agreed. Agreements by name, with everybody's payoff::

    bargaining:
      actors: [bill, jack]
      disagreement: {bill: 1, jack: 1}
      agreements:
        a: {bill: 4, jack: 1}
        b: {bill: 1, jack: 4}
      mode: lottery          # discrete (the default), lottery, or transferable (side payments)

The corners of a frontier, payoffs in the order of the actors, chances between corners allowed::

      frontier: [[0, 1], [0.75, 0.75], [1, 0]]

A surplus of which the first actor gets ``x``, utilities as expressions in ``x`` and ``surplus``::

      split: {surplus: 1, utilities: {a: x, b: sqrt(surplus - x)}}

Goods that may change hands; payoffs are gains over the first holdings, so no ``disagreement`` is
given::

      goods:
        book: {owner: bill, values: {bill: 2, jack: 4}}

Issues, each with what its values are worth to everybody; payoffs are sums over the issues::

      issues:
        price: {low: {bill: 0, jack: 4}, high: {bill: 3, jack: 0}}
        delivery: {soon: {bill: 0, jack: 2}, late: {bill: 1, jack: 0}}

Besides: ``weights`` (bargaining power) and ``offers`` (rules of offers in turn)::

      weights: {bill: 2, jack: 1}
      offers:
        discount: {bill: 0.9, jack: 0.8}      # or one number for all
        first: bill                           # who offers first; the first actor without this line
        horizon: 3                            # last round; none without this line
        outside: {bill: 0, jack: 0.3}         # payoffs when an actor refuses and leaves
        breakdown: {probability: 0.1, payoffs: {bill: 0.2, jack: 0.1}}
        minimum: {bill: 0.5, jack: 0}         # least payoffs that are ratified at home
        quota: 2                              # votes that pass an offer (baron_ferejohn)
        recognition: {bill: 0.6, jack: 0.4}   # chances to propose (baron_ferejohn); equal without it

Every number may be an expression in the file's parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from sim.constraints.base import STRICT, Formula
from sim.expressions import Expression

Payoffs = Mapping[str, Formula]
Mode = Literal["discrete", "lottery", "transferable"]
SOURCES = ("agreements", "frontier", "split", "goods", "issues")


class _Record(BaseModel):
    model_config = STRICT


class Split(_Record):
    """A surplus that two actors divide: the first gets ``x``, from 0 to ``surplus``.

    Parameters
    ----------
    surplus
        The amount divided.
    utilities
        Both actors' utilities in ``x``; without them ``x`` and ``surplus - x``.
    """

    surplus: Formula
    utilities: Payoffs = {}


class Good(_Record):
    """Something that may change hands: who has it, and what it is worth to everybody.

    Parameters
    ----------
    owner
        Who has it at first.
    values
        Per actor what it is worth.
    """

    owner: str
    values: Payoffs


class Breakdown(_Record):
    """A chance that the talks end after a refusal, and what everybody has then.

    Parameters
    ----------
    probability
        After every refusal.
    payoffs
        Per actor; the disagreement payoffs where absent.
    """

    probability: Formula
    payoffs: Payoffs = {}


class Offers(_Record):
    """Rules of offers in turn; see the module.

    Parameters
    ----------
    discount
        What a round later is worth, per actor or one number for all.
    first
        Who offers first; the first actor where absent.
    horizon
        The last round; without end where absent.
    outside
        Per actor what it has when it refuses and leaves.
    breakdown
        A chance that the talks end after a refusal.
    minimum
        Per actor the least payoff that is ratified at home.
    quota
        Votes that pass an offer (``baron_ferejohn``).
    recognition
        Per actor the chance to propose (``baron_ferejohn``); equal where absent.
    """

    discount: Payoffs | Formula
    first: str | None = None
    horizon: Annotated[StrictInt, Field(ge=1)] | None = None
    outside: Payoffs = {}
    breakdown: Breakdown | None = None
    minimum: Payoffs = {}
    quota: Annotated[StrictInt, Field(ge=1)] | None = None
    recognition: Payoffs = {}


class BargainingSection(_Record):
    """Actors, what they can agree on, and what they have if they do not.

    Parameters
    ----------
    actors
        In the order in which payoffs are written.
    disagreement
        Per actor its payoff without agreement; 0 where absent.
    agreements
        Agreements by name, each with every actor's payoff.
    frontier
        Corners of the frontier, payoffs in the order of the actors; chances between corners are allowed.
    split
        A surplus to be divided between two actors.
    goods
        Goods that may change hands; payoffs are gains over the first holdings.
    issues
        Per issue and value of it what that is worth to every actor; payoffs are sums over the issues.
    mode
        What may be agreed: ``discrete`` agreements, a ``lottery`` over them, or ``transferable`` payoffs.
    weights
        Per actor its bargaining power.
    offers
        Rules of offers in turn.

    Examples
    --------
    >>> section = BargainingSection(
    ...     actors=("a", "b"), disagreement={"a": 0, "b": 0}, split={"surplus": 1}
    ... )
    >>> section.kind
    'split'
    """

    actors: tuple[str, ...] = Field(min_length=2)
    disagreement: Payoffs = {}
    agreements: Mapping[str, Payoffs] = {}
    frontier: tuple[tuple[Formula, ...], ...] = ()
    split: Split | None = None
    goods: Mapping[str, Good] = {}
    issues: Mapping[str, Annotated[Mapping[str, Payoffs], Field(min_length=1)]] = {}
    mode: Mode | None = None
    weights: Payoffs = {}
    offers: Offers | None = None

    @property
    def kind(self) -> str:
        """Which of the five ways says what can be agreed."""
        return next(name for name in SOURCES if getattr(self, name))

    @model_validator(mode="after")
    def _whole(self) -> BargainingSection:
        given = [name for name in SOURCES if getattr(self, name)]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            raise _error("", f"exactly one of {', '.join(SOURCES)} is needed, found {found}")
        if len(set(self.actors)) != len(self.actors):
            raise _error("actors", "an actor is named twice")
        for path, names in self._named():
            _check_names(path, names, self.actors)
        self._check_kind()
        return self

    def _named(self) -> Iterator[tuple[str, Iterable[str]]]:
        if not self.goods or self.disagreement:
            yield "disagreement", self.disagreement
        for label, payoffs in self.agreements.items():
            yield f"agreements.{label}", payoffs
        for label, good in self.goods.items():
            yield f"goods.{label}.values", good.values
        for issue, values in self.issues.items():
            for value, worth in values.items():
                yield f"issues.{issue}.{value}", worth
        if self.split is not None and self.split.utilities:
            yield "split.utilities", self.split.utilities
        if self.weights:
            yield "weights", self.weights
        if self.offers is not None:
            yield from _named_offers(self.offers)

    def _check_kind(self) -> None:
        if self.split is not None and self.mode is not None:
            raise _error("mode", "a split is a curve of its own; leave mode out")
        if self.split is not None and len(self.actors) != 2:
            raise _error("split", "a split is between two actors")
        if self.goods and self.disagreement:
            raise _error("disagreement", "with goods it is the first holdings; leave it out")
        for k, corner in enumerate(self.frontier):
            if len(corner) != len(self.actors):
                raise _error(f"frontier[{k}]", f"{len(self.actors)} payoffs are needed")
        people = [(f"goods.{label}.owner", good.owner) for label, good in self.goods.items()]
        if self.offers is not None and self.offers.first is not None:
            people.append(("offers.first", self.offers.first))
        for path, name in people:
            if name not in self.actors:
                raise _error(path, f"unknown actor '{name}'; legal: {', '.join(self.actors)}")


def _named_offers(offers: Offers) -> Iterator[tuple[str, Iterable[str]]]:
    groups = {
        "discount": offers.discount if not isinstance(offers.discount, Expression) else {},
        "outside": offers.outside,
        "minimum": offers.minimum,
        "recognition": offers.recognition,
        "breakdown.payoffs": offers.breakdown.payoffs if offers.breakdown is not None else {},
    }
    for key, values in groups.items():
        if values:
            yield f"offers.{key}", values


def _check_names(path: str, names: Iterable[str], actors: tuple[str, ...]) -> None:
    found = list(names)
    missing = [name for name in actors if name not in found]
    unknown = [name for name in found if name not in actors]
    if unknown:
        raise _error(path, f"unknown actor '{unknown[0]}'; legal: {', '.join(actors)}")
    if missing:
        raise _error(path, f"a number for '{missing[0]}' is missing")


def _error(path: str, message: str) -> PydanticCustomError:
    text = f"{path}: {message}" if path else message
    return PydanticCustomError("bargaining", "{text}", {"text": text})
