"""Stances under which a quantity of the status quo is the same whatever the parameters are.

Definition. At one agreement and one stance profile the attributes are numbers. What is left of an expression
when these are put in, products with 0, sums with 0 and products with 1 being worked out, is its *remainder*:
a number, or a formula in varied parameters. Profiles with equal remainders of all terms have equal values,
exactly. Where the remainders differ nothing is claimed.

Array convention. Attributes broadcast against ``(agreements, profiles, batch)``.
"""

from __future__ import annotations

import math
from collections.abc import Hashable

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.expressions.evaluate import OPERATIONS
from sim.expressions.tree import Node, fold
from sim.payoffs.quantities import Frame, Quantity, Term

Remainder = float | tuple[Hashable, ...]


def first_alike(frame: Frame, quantity: Quantity, profiles: int) -> list[int]:
    """Per profile the first one under which the status quo is worth the same.

    Parameters
    ----------
    frame, quantity
        Of a compiled dispute.
    profiles
        How many stance profiles there are.

    Examples
    --------
    >>> import sim
    >>> from sim.payoffs import compile_dispute
    >>> s = sim.loads(
    ...     "{parameters: {p: {value: 1, range: [0, 2]}}, issues: {peace: {no: {}, yes: {signed: 1}}},"
    ...     " outcomes: {treaty: signed}, actors: {a: {role: principal}, b: {role: principal},"
    ...     " c: {role: third party, stances: {calm: {}, press: {push: 1}}}},"
    ...     " payoffs: {a: {x: p**3*push*signed}, b: {x: p**3*push}, c: {x: push}}}"
    ... )
    >>> d = compile_dispute(s, ["p"])
    >>> [first_alike(d.frame, d.payoffs[actor], 2) for actor in ("a", "b")]
    [[0, 0], [0, 1]]
    """
    columns = quantity.shape[1]
    known: dict[tuple[Hashable, ...], int] = {}
    out = []
    for s in range(profiles):
        reader = _Reader(frame, s)
        affine = quantity.matrix[min(s, columns - 1)].tobytes()
        key = (affine, *(reader.of(term) for term in quantity.rest))
        out.append(known.setdefault(key, s))
    return out


class _Reader:
    """Remainders at the status quo under one profile."""

    def __init__(self, frame: Frame, profile: int) -> None:
        self.frame, self.profile = frame, profile
        self.known: dict[str, Remainder] = {name: (name,) for name in frame.varied}

    def of(self, term: Term) -> Remainder:
        """The remainder of a term where it counts."""
        weight = 1.0 if term.mask is None else self._number(term.mask)
        return _apply("*", [weight, self._folded(term.expression.tree)]) if weight else 0.0

    def _folded(self, tree: Node) -> Remainder:
        return fold(tree, number=float, name=self._name, apply=_apply)

    def _name(self, name: str) -> Remainder:
        if name not in self.known:
            if name in self.frame.fixed:
                self.known[name] = self._number(self.frame.fixed[name])
            else:
                self.known[name] = self._folded(self.frame.document.attributes[name].tree)
        return self.known[name]

    def _number(self, value: FloatArray) -> float:
        rows = value.reshape((1, 1, 1, *value.shape)[-3:])
        return float(rows[0, min(self.profile, rows.shape[1] - 1), 0])


def _apply(symbol: str, arguments: list[Remainder]) -> Remainder:
    numbers = [a for a in arguments if isinstance(a, float)]
    if len(numbers) == len(arguments):
        with np.errstate(all="ignore"):
            value = float(OPERATIONS[symbol](*(np.asarray(a) for a in numbers)))
        return value if not math.isnan(value) else ("nan", *map(str, arguments))
    if symbol == "*" and 0.0 in arguments:
        return 0.0
    if len(arguments) == 2:
        first, second = arguments
        if (symbol, second) in (("+", 0.0), ("-", 0.0), ("*", 1.0), ("/", 1.0)):
            return first
        if (symbol, first) in (("+", 0.0), ("*", 1.0)):
            return second
        if (symbol, first) == ("/", 0.0):
            return 0.0
    if symbol == "neg" and arguments[0] == 0.0:
        return 0.0
    return (symbol, *arguments)
