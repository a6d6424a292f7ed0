"""From forms to nodes: sums over agreements first, what depends on stances added to them.

Definition. A form is emitted as ``A(a) + sum over g of y_g(a) * v_g(s)``: everything that does not depend on
stances is summed once per agreement, and terms whose tables change with the stances in one pattern ``v_g``
are summed before they are spread over stances. Tables that are multiples of one another are one term.

Array convention. As in :mod:`sim.engine.forms`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.engine.forms import Factors, Form, Forms
from sim.engine.operations import EXPRESSION

AGREEMENT, PROFILE = "agreement", "profile"
WRITTEN = {"*": "mul", "min": "min", "max": "max", "abs": "abs"}
"""Operations on blocks that are the same on every machine."""
NEAR = 4 * np.finfo(np.float64).eps

Part = tuple[Factors, int, FloatArray]


class Emitter:
    """Forms as nodes, for stance profiles one by one or as an axis.

    Parameters
    ----------
    forms
        The forms and their graph.
    profiles
        How many stance profiles there are; 0 where they are an axis of the graph.
    """

    def __init__(self, forms: Forms, profiles: int) -> None:
        self.forms, self.graph = forms, forms.graph
        self.profiles = range(profiles) if profiles else (None,)
        self.checked: dict[int, None] = {}
        self._blocks: dict[tuple[int, int | None], int] = {}
        self._done: dict[tuple[object, ...], list[int]] = {}

    def nodes(self, form: Form) -> list[int]:
        """The node of a form per stance profile, or the one that has them as an axis."""
        if form.content not in self._done:
            flat, bent = self._split(self._merged(form))
            base, groups = self._sum(flat, None), list(self._groups(bent))
            self._done[form.content] = [self._at(base, groups, bent, s) for s in self.profiles]
        return self._done[form.content]

    def _split(self, parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
        """Parts that do not depend on stances, and those that do."""
        bent = [p for p in parts if p[2].shape[1] > 1 or self._bends(p[1])]
        return [p for p in parts if not any(p is b for b in bent)], bent

    def _bends(self, block: int) -> bool:
        """Whether a block depends on stances."""
        found = self.forms.blocks[block]
        return found is not None and any(
            t.shape[1] > 1 or self._bends(o)
            for form in found.arguments
            for (_, o), t in form.parts.items()
        )

    def _merged(self, form: Form) -> list[Part]:
        """The parts of a form, tables that are multiples of one another together."""
        groups: dict[tuple[object, ...], tuple[int, FloatArray, list[tuple[Factors, float]]]] = {}
        for (factors, block), table in form.parts.items():
            flat = table.ravel()
            lead = float(flat[np.flatnonzero(flat)[0]])
            unit = table / lead
            key: tuple[object, ...] = (block, unit.shape, np.round(unit, 12).tobytes())
            known = groups.get(key)
            if known is not None and not _near(known[1], unit):
                key = (*key, factors)
            groups.setdefault(key, (block, unit, []))[2].append((factors, lead))
        out: list[Part] = []
        for block, unit, terms in groups.values():
            if len(terms) == 1:
                out.append((terms[0][0], block, unit * terms[0][1]))
            else:
                out.append(((self.forms.linear(terms),), block, unit))
        return out

    def _sum(self, parts: Sequence[Part], profile: int | None) -> int:
        graph = self.graph
        scalars = [(f, float(t.item())) for f, block, t in parts if t.size == 1 and not block]
        total: int | None = None
        for factors, block, table in parts:
            if table.size == 1 and not block:
                continue
            node = self._term(factors, block, table, profile)
            total = node if total is None else graph.apply("add", total, node)
        scalar = self._finite(self.forms.linear(scalars))
        return scalar if total is None else graph.apply("add", total, scalar)

    def _finite(self, node: int) -> int:
        """A value that must be finite."""
        if self.graph[node].op != "constant":
            self.checked[node] = None
        return node

    def _term(self, factors: Factors, block: int, table: FloatArray, profile: int | None) -> int:
        axes = (AGREEMENT, PROFILE)
        column = table if profile is None else table[:, [min(profile, table.shape[1] - 1)]]
        kept = tuple(a for a, size in zip(axes, column.shape, strict=True) if size > 1)
        shape = tuple(size for size in column.shape if size > 1)
        node = self.graph.constant(column.reshape(shape), kept)
        node = self.graph.apply("mul", self._finite(self.forms.product(factors)), node)
        if not block:
            return node
        whole = self.graph.apply("mul", node, self._block(block, profile))
        if not column.all():
            counts = self.graph.constant(column.reshape(shape) != 0, kept)
            whole = self.graph.apply("where", counts, whole, self.graph.constant(0.0))
        return self._finite(whole)

    def _block(self, block: int, profile: int | None) -> int:
        at = profile if self._bends(block) else None
        if (block, at) not in self._blocks:
            found = self.forms.blocks[block]
            assert found is not None
            place = 0 if at is None else at
            arguments = [
                nodes[min(place, len(nodes) - 1)] for nodes in map(self.nodes, found.arguments)
            ]
            self._blocks[block, at] = self._applied(found.symbol, arguments)
        return self._blocks[block, at]

    def _applied(self, symbol: str, arguments: Sequence[int]) -> int:
        if symbol not in WRITTEN:
            return self.graph.apply(EXPRESSION + symbol, *arguments)
        out = arguments[0]
        if len(arguments) == 1:
            return self.graph.apply(WRITTEN[symbol], out)
        for argument in arguments[1:]:
            out = self.graph.apply(WRITTEN[symbol], out, argument)
        return out

    def _groups(self, parts: Sequence[Part]) -> Iterator[tuple[FloatArray, int]]:
        """Patterns over stances, and what is multiplied with each, for parts without a bent block."""
        groups: dict[bytes, tuple[FloatArray, list[Part]]] = {}
        for factors, block, table in parts:
            if not self._bends(block):
                for pattern, column in _patterns(table):
                    mine = groups.setdefault(np.round(pattern, 12).tobytes(), (pattern, []))
                    mine[1].append((factors, block, column))
        for pattern, members in groups.values():
            yield pattern, self._sum(members, None)

    def _at(
        self,
        base: int,
        groups: Sequence[tuple[FloatArray, int]],
        bent: Sequence[Part],
        profile: int | None,
    ) -> int:
        graph = self.graph
        total = base
        for pattern, node in groups:
            if profile is None:
                weight = graph.constant(pattern, (PROFILE,))
                total = graph.apply("add", total, graph.apply("mul", weight, node))
            elif pattern[profile] == -1.0:
                total = graph.apply("sub", total, node)
            elif pattern[profile]:
                weight = graph.constant(pattern[profile])
                total = graph.apply("add", total, graph.apply("mul", weight, node))
        for factors, block, table in bent:
            if self._bends(block):
                total = graph.apply("add", total, self._term(factors, block, table, profile))
        return total


def _near(a: FloatArray, b: FloatArray) -> bool:
    return bool((np.abs(a - b) <= NEAR * np.abs(b)).all())


def _patterns(table: FloatArray) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Patterns over stances and columns over agreements whose products add up to a table.

    Examples
    --------
    >>> [(p.tolist(), c.tolist()) for p, c in _patterns(np.array([[1.0, 2.0], [3.0, 6.0]]))]
    [([0.5, 1.0], [[2.0], [6.0]])]
    """
    i, j = np.unravel_index(np.abs(table).argmax(), table.shape)
    pattern, column = table[i] / table[i, j], table[:, [int(j)]]
    if _near(column * pattern, table):
        yield pattern, column
        return
    kinds, which = np.unique(table, axis=1, return_inverse=True)
    for k in range(kinds.shape[1]):
        if kinds[:, k].any():
            yield (which.reshape(-1) == k).astype(np.float64), kinds[:, [k]]
