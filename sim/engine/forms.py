"""Expressions as sums of products: a factor of parameters alone, times a table, times what is neither.

Definition. With ``theta`` the varied parameters, an expression over agreements and stances is written as

    sum over k of  p_k(theta) * T_k(agreement, stances) * o_k(theta, agreement, stances)

with ``p_k`` a product of parameter-only subexpressions, each computed once per point whatever the number of
agreements, ``T_k`` a table and ``o_k`` mostly 1. Sums, products, quotients by parameters and choices by
tables keep the form; other operations on what is not of parameters alone become an ``o``, a *block*.

Array convention. Tables have shape ``(agreements or 1, profiles or 1)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.engine.graph import Graph
from sim.engine.operations import EXPRESSION
from sim.expressions import Expression
from sim.expressions.evaluate import OPERATIONS
from sim.expressions.tree import fold

Factors = tuple[int, ...]
"""Numbers of parameter-only nodes that are multiplied, ascending."""
Key = tuple[Factors, int]
"""Factors, and the number of a block (0 for none)."""
MOST_PRODUCTS = 48
"""A product of sums that would have more terms than this is not written out."""
ONE: Key = ((), 0)


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """Tables by factors and block; an empty form is 0."""

    parts: Mapping[Key, FloatArray]

    @property
    def fixed(self) -> bool:
        """Whether no parameter moves it."""
        return all(key == ONE for key in self.parts)

    @property
    def plain(self) -> bool:
        """Whether it depends on parameters alone."""
        return all(key[1] == 0 and table.size == 1 for key, table in self.parts.items())

    def table(self) -> FloatArray:
        """Its values, where no parameter moves it."""
        return self.parts.get(ONE, np.zeros((1, 1)))

    @property
    def content(self) -> tuple[object, ...]:
        """What tells it from others."""
        return tuple(sorted((k, t.shape, t.tobytes()) for k, t in self.parts.items()))


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """An operation on forms that is not a sum of products."""

    symbol: str
    arguments: tuple[Form, ...]


def shrunk(table: FloatArray) -> FloatArray:
    """A table without the axes along which it does not change.

    Examples
    --------
    >>> shrunk(np.array([[1.0, 1.0], [2.0, 2.0]])).tolist()
    [[1.0], [2.0]]
    """
    table = np.asarray(table, dtype=np.float64)
    if table.ndim < 2:
        table = table.reshape((1,) * (2 - table.ndim) + table.shape)
    rows, columns = table.shape
    if rows > 1 and table.item(0) == table.item(-columns) and (table == table[:1]).all():
        table = table[:1]
    if columns > 1 and table.item(0) == table.item(columns - 1) and (table == table[:, :1]).all():
        table = table[:, :1]
    return table


def some(table: FloatArray) -> bool:
    """Whether anything of a table is not 0."""
    return table.item() != 0.0 if table.size == 1 else bool(table.any())


class Forms:
    """The forms of names and of expressions on them, and the parameter-only nodes in a graph.

    Parameters
    ----------
    graph
        Where parameter-only nodes go.
    varied
        The parameters that are the rows of ``theta``.
    fixed
        Values of all other names, shape ``()`` or ``(agreements or 1, profiles or 1, 1)``.
    derived
        Further names as expressions, each after those that it reads.
    """

    def __init__(
        self,
        graph: Graph,
        varied: Sequence[str],
        fixed: Mapping[str, FloatArray],
        derived: Mapping[str, Expression],
    ) -> None:
        self.graph = graph
        self.blocks: list[Block | None] = [None]
        self._numbers: dict[tuple[object, ...], int] = {}
        self._known: dict[str, Form] = {}
        self._names: dict[str, Form] = {}
        for row, path in enumerate(varied):
            self._names[path] = Form({((graph.theta(row),), 0): np.ones((1, 1))})
        self._fixed = fixed
        for name, expression in derived.items():
            self._names[name] = self.of(expression)

    def of(self, expression: Expression) -> Form:
        """The form of an expression."""
        if expression.text not in self._known:
            self._known[expression.text] = fold(
                expression.tree, number=_fixed, name=self._name, apply=self.apply
            )
        return self._known[expression.text]

    def _name(self, name: str) -> Form:
        if name not in self._names:
            value = self._fixed[name]
            self._names[name] = _fixed(value[..., 0] if value.ndim == 3 else value)
        return self._names[name]

    def apply(self, symbol: str, arguments: list[Form]) -> Form:
        """An operation of the expression language on forms."""
        if all(a.fixed for a in arguments):
            with np.errstate(all="ignore"):
                return _fixed(OPERATIONS[symbol](*(a.table() for a in arguments)))
        rule = RULES.get(symbol)
        found = None if rule is None else rule(self, *arguments)
        if found is not None:
            return found
        if all(a.plain for a in arguments):
            nodes = [self.scalar(a) for a in arguments]
            return self._of_node(self.graph.apply(EXPRESSION + symbol, *nodes))
        if symbol == "clip":
            value, low, high = arguments
            return self.apply("min", [self.apply("max", [value, low]), high])
        return self._of_block(Block(symbol, tuple(arguments)))

    def _of_node(self, node: int) -> Form:
        return Form({((node,), 0): np.ones((1, 1))})

    def _of_block(self, block: Block) -> Form:
        content = (block.symbol, *(a.content for a in block.arguments))
        if content not in self._numbers:
            self._numbers[content] = len(self.blocks)
            self.blocks.append(block)
        return Form({((), self._numbers[content]): np.ones((1, 1))})

    def scalar(self, form: Form) -> int:
        """The node of a form that depends on parameters alone."""
        return self.linear((key[0], float(t.item())) for key, t in form.parts.items())

    def linear(self, terms: Iterable[tuple[Factors, float]]) -> int:
        """The node of a weighted sum of products of parameter-only nodes."""
        graph, total = self.graph, self.graph.constant(0.0)
        for factors, weight in sorted(terms):
            if weight:
                part = self.product(factors)
                if weight == -1.0:
                    total = graph.apply("sub", total, part)
                else:
                    total = graph.apply(
                        "add", total, graph.apply("mul", graph.constant(weight), part)
                    )
        return total

    def product(self, factors: Factors) -> int:
        """The node of a product of parameter-only nodes."""
        out = self.graph.constant(1.0)
        for factor in factors:
            out = self.graph.apply("mul", out, factor)
        return out

    def sum(self, parts: Iterable[tuple[Key, FloatArray]]) -> Form:
        """A form from parts, those of one key added; of parameters alone it becomes one factor."""
        total: dict[Key, FloatArray] = {}
        for key, table in parts:
            total[key] = total[key] + table if key in total else table
        small = ((key, shrunk(table)) for key, table in total.items())
        kept = {key: table for key, table in small if some(table)}
        form = Form(kept)
        if len(kept) > 1 and form.plain:
            return self._of_node(self.scalar(form))
        return form

    def times(self, a: Form, b: Form) -> Form | None:
        """The product written out; ``None`` where it has too many terms."""
        if len(a.parts) * len(b.parts) > MOST_PRODUCTS:
            return None
        parts = []
        for (p, o), t in a.parts.items():
            for (q, r), u in b.parts.items():
                block = o or r
                if o and r:
                    pair = tuple(Form({((), k): np.ones((1, 1))}) for k in sorted((o, r)))
                    block = next(iter(self._of_block(Block("*", pair)).parts))[1]
                parts.append(((tuple(sorted(p + q)), block), t * u))
        return self.sum(parts)


def _fixed(value: object) -> Form:
    table = shrunk(np.asarray(value))
    return Form({ONE: table} if some(table) else {})


def _plus(forms: Forms, a: Form, b: Form) -> Form:
    return forms.sum([*a.parts.items(), *b.parts.items()])


def _minus(forms: Forms, a: Form, b: Form) -> Form:
    return forms.sum([*a.parts.items(), *((k, -t) for k, t in b.parts.items())])


def _quotient(forms: Forms, a: Form, b: Form) -> Form | None:
    if b.fixed:
        with np.errstate(all="ignore"):
            return forms.sum((k, OPERATIONS["/"](t, b.table())) for k, t in a.parts.items())
    if not b.plain or a.plain:
        return None
    one = forms.graph.constant(1.0)
    inverse = forms.graph.apply(EXPRESSION + "/", one, forms.scalar(b))
    return forms.times(a, forms._of_node(inverse))


def _power(forms: Forms, a: Form, b: Form) -> Form | None:
    square = b.fixed and b.table().size == 1 and b.table().item() == 2.0
    return forms.times(a, a) if square else None


def _choice(forms: Forms, c: Form, a: Form, b: Form) -> Form | None:
    if c.fixed:
        here = c.table() != 0
        parts = [(k, np.where(here, t, 0.0)) for k, t in a.parts.items()]
        return forms.sum([*parts, *((k, np.where(here, 0.0, t)) for k, t in b.parts.items())])
    if not c.plain or (a.plain and b.plain):
        return None
    yes = forms.apply("truth", [c])
    no = forms.apply("-", [_fixed(1.0), yes])
    first, second = forms.times(yes, a), forms.times(no, b)
    return None if first is None or second is None else _plus(forms, first, second)


RULES: Mapping[str, Callable[..., Form | None]] = {
    "+": _plus,
    "-": _minus,
    "neg": lambda forms, a: forms.sum((k, -t) for k, t in a.parts.items()),
    "*": lambda forms, a, b: forms.times(a, b),
    "/": _quotient,
    "**": _power,
    "where": _choice,
}
"""Operations that keep the form where they can; ``None`` says that they cannot."""
