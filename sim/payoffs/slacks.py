"""Constraints compiled for some varied parameters: the alternatives of their slacks as quantities.

Definition. As in :mod:`sim.constraints.alternatives`. An alternative whose conditions depend on no varied
parameter is *open* at some agreements and stance profiles and shut at the others; what is open nowhere,
or asks more than another alternative wherever it is open, is left out.

Array convention. As in :mod:`sim.payoffs.dispute`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np

from sim._kernels.tolerance import BoolArray, FloatArray
from sim.constraints import Alternative, Constraint, Direct, Legal, Rung
from sim.expressions import Expression
from sim.payoffs.not_finite import NotFiniteError
from sim.payoffs.quantities import Frame, Quantity, Term, fold, term_value

Value = Callable[[Quantity], FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One alternative of a slack.

    Parameters
    ----------
    members
        Of which the lowest counts; ``+inf`` where there are none.
    conditions
        Those that varied parameters move: they must be >= 0 for the alternative to count.
    open
        Where no other condition shuts it, shape ``(agreements or 1, profiles or 1, 1)``.
    """

    members: tuple[Quantity, ...]
    conditions: tuple[Quantity, ...]
    open: BoolArray


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A constraint of a scenario with its definition, for any choice of varied parameters."""

    path: str
    actor: str
    name: str
    constraint: Constraint
    applies: BoolArray
    alternatives: tuple[Alternative, ...]
    direct: Direct | None
    legal: Legal

    @classmethod
    def of(cls, path: str, constraint: Constraint, applies: BoolArray) -> Asked:
        """A constraint at its place in the file."""
        _, actor, name = path.split(".", 2)
        made = constraint.alternatives(), constraint.direct(), constraint.legal()
        return cls(path, actor, name, constraint, applies, *made)


@dataclass(frozen=True, eq=False)
class CompiledConstraint:
    """A constraint compiled for some varied parameters.

    Parameters
    ----------
    asked
        What it is.
    choices
        Its alternatives.
    direct
        The quantities of a slack without alternatives, by name.
    positive, not_negative
        What has to be so for the slack to mean anything, as far as it is not settled.
    """

    asked: Asked
    choices: tuple[Choice, ...]
    direct: Mapping[str, Quantity]
    positive: tuple[Quantity, ...]
    not_negative: tuple[Quantity, ...]

    @property
    def path(self) -> str:
        """Where in the file it stands."""
        return self.asked.path

    @property
    def actor(self) -> str:
        """Whose constraint it is."""
        return self.asked.actor

    @property
    def name(self) -> str:
        """Its name in the file."""
        return self.asked.name

    @property
    def constraint(self) -> Constraint:
        """What the file says."""
        return self.asked.constraint

    @property
    def rung(self) -> Rung:
        """The rung of the ladder that it belongs to."""
        return self.asked.constraint.rung

    @property
    def applies(self) -> BoolArray:
        """The agreements that it applies to, shape ``(agreements,)``."""
        return self.asked.applies

    @property
    def label(self) -> str:
        """How results name it: ``actor.constraint``."""
        return f"{self.actor}.{self.name}"

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Everything that the slack is computed from, each once."""
        parts = [q for c in self.choices for q in (*c.members, *c.conditions)]
        parts += [*self.direct.values(), *self.positive, *self.not_negative]
        return tuple({id(q): q for q in parts}.values())

    def slack(self, value: Value) -> FloatArray:
        """The slack from the values of its quantities, also where it does not apply.

        Not a number where the constraint means nothing.
        """
        known: dict[int, FloatArray] = {}

        def of(quantity: Quantity) -> FloatArray:
            if id(quantity) not in known:
                known[id(quantity)] = value(quantity)
            return known[id(quantity)]

        legal = [of(q) > 0 for q in self.positive] + [of(q) >= 0 for q in self.not_negative]
        if self.asked.direct is not None:
            slack = self.asked.direct.value({name: of(q) for name, q in self.direct.items()})
        else:
            slack = reduce(np.maximum, [_worth(c, of) for c in self.choices], np.array(-np.inf))
        if all(part.all() for part in legal):
            return np.asarray(slack)
        return np.where(reduce(np.logical_and, legal), slack, np.nan)


def _worth(choice: Choice, of: Value) -> FloatArray:
    """What an alternative is worth, ``-inf`` where it does not count."""
    lowest = reduce(np.minimum, [of(q) for q in choice.members], np.full((1, 1, 1), np.inf))
    counts = reduce(np.logical_and, [of(q) >= 0 for q in choice.conditions], choice.open)
    return lowest if counts.all() else np.where(counts, lowest, -np.inf)


def compile_constraint(asked: Asked, frame: Frame) -> CompiledConstraint:
    """A constraint for the varied parameters of a frame.

    Raises
    ------
    NotFiniteError
        If a field has no finite value whatever the varied parameters are.
    """
    known: dict[str, Quantity] = {}

    def part(expression: Expression) -> Quantity:
        if expression.text not in known:
            term = Term(asked.path, expression)
            known[expression.text] = fold([term], frame, asked.path)
        return known[expression.text]

    try:
        positive = [part(e) for e in asked.legal.positive]
        not_negative = [part(e) for e in asked.legal.not_negative]
        quantities = {} if asked.direct is None else asked.direct.quantities
        return CompiledConstraint(
            asked,
            tuple(_needed([c for a in asked.alternatives if (c := _choice(a, part)) is not None])),
            {name: part(e) for name, e in quantities.items()},
            tuple(q for q in positive if not q.constant or (q.matrix[:, 0] <= 0).any()),
            tuple(q for q in not_negative if not q.constant or (q.matrix[:, 0] < 0).any()),
        )
    except NotFiniteError as error:
        for term in fields(asked):
            fold([term], frame, term.path)
        raise error


def _choice(alternative: Alternative, part: Callable[[Expression], Quantity]) -> Choice | None:
    """An alternative; ``None`` where it is open nowhere."""
    opened: BoolArray = np.ones((1, 1, 1), dtype=np.bool_)
    varying = []
    for condition in (part(e) for e in alternative.conditions):
        if condition.constant:
            opened = opened & (condition.matrix[:, 0].reshape(*condition.shape, 1) >= 0)
        else:
            varying.append(condition)
    if not opened.any():
        return None
    return Choice(tuple(part(e) for e in alternative.members), tuple(varying), opened)


def _needed(choices: Sequence[Choice]) -> Iterator[Choice]:
    """Alternatives without those that ask more than another one does wherever they are open."""
    free = [(c, {id(q) for q in c.members}) for c in choices if not c.conditions]
    for choice in choices:
        mine = {id(q) for q in choice.members}
        if not any(less < mine and (c.open >= choice.open).all() for c, less in free):
            yield choice


def fields(asked: Asked) -> Iterator[Term]:
    """The fields of a constraint as terms, for messages that name the one that has no value."""
    for name, expression in asked.constraint.formulas().items():
        yield Term(f"{asked.path}.{name}", expression)


def name_field(asked: Asked, env: Mapping[str, FloatArray]) -> None:
    """Raise for the first field of a constraint that has no finite value; pass where all have.

    Raises
    ------
    NotFiniteError
        With the field.
    """
    for term in fields(asked):
        term_value(term, env)
