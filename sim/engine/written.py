"""An expression as nodes, one per operation, in the order in which it is written.

Definition. As :mod:`sim.expressions.evaluate` computes it: the same operations on the same arguments, so that
numbers are equal to the last bit. Nothing is factored out; sums of products that matter for speed are made by
:mod:`sim.engine.forms`.

Array convention. Values of names have shape ``()`` or ``(agreements or 1, profiles or 1, 1)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.engine.emit import AGREEMENT
from sim.engine.graph import Graph
from sim.engine.operations import EXPRESSION
from sim.expressions import Expression
from sim.expressions.tree import fold


class Written:
    """Expressions as nodes under one stance profile.

    Parameters
    ----------
    graph
        Where nodes go.
    varied
        The parameters that are the rows of ``theta``.
    fixed
        Values of other names.
    derived
        Further names as expressions.
    profile
        The stance profile.
    """

    def __init__(
        self,
        graph: Graph,
        varied: Sequence[str],
        fixed: Mapping[str, FloatArray],
        derived: Mapping[str, Expression],
        profile: int,
    ) -> None:
        self.graph, self.fixed, self.derived, self.profile = graph, fixed, derived, profile
        self._names = {path: graph.theta(row) for row, path in enumerate(varied)}

    def of(self, expression: Expression) -> int:
        """The node of an expression."""
        number = self.graph.constant
        return fold(expression.tree, number=number, name=self._name, apply=self._apply)

    def _name(self, name: str) -> int:
        if name not in self._names:
            known = name in self.derived
            self._names[name] = self.of(self.derived[name]) if known else self._fixed(name)
        return self._names[name]

    def _fixed(self, name: str) -> int:
        table = np.asarray(self.fixed[name])
        if table.ndim < 3:
            return self.graph.constant(table.reshape(()))
        column = table[:, min(self.profile, table.shape[1] - 1), 0]
        return self.graph.constant(column, (AGREEMENT,)) if len(column) > 1 else self._one(column)

    def _one(self, column: FloatArray) -> int:
        return self.graph.constant(column[0])

    def _apply(self, symbol: str, arguments: list[int]) -> int:
        if symbol == "**" and self.graph.scalar(arguments[1]) == 2.0:
            return self.graph.apply("mul", arguments[0], arguments[0])
        return self.graph.apply(EXPRESSION + symbol, *arguments)
