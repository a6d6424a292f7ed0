"""A classical strategic game by payoff tables, as a section of a file.

For two actors, one row of cells per strategy of the first actor; a cell lists one payoff per
actor::

    strategic:
      actors:
        row: [cooperate, defect]
        column: [cooperate, defect]
      payoffs:
        - [[3, 3], [0, 5]]
        - [[5, 0], [1, 1]]

For more actors the nesting goes on, one level per actor. A payoff is a number or a fraction
``1/3``, taken exactly (``0.1`` is one tenth), or an expression in the file's parameters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike
from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from sim._kernels.tolerance import FloatArray
from sim.constraints.base import STRICT
from sim.expressions import Expression
from sim.scenario.amounts import evaluated, exact_amount, is_rational, read_amount

MAX_PAYOFFS = 10_000_000
"""Most payoffs of a table."""


def _read(node: Any, where: str = "payoffs") -> Any:
    """Nested cells with fractions and expressions for their texts."""
    if isinstance(node, list | tuple):
        return tuple(_read(child, f"{where}[{k}]") for k, child in enumerate(node))
    try:
        return read_amount(node)
    except PydanticCustomError as error:
        if error.type == "amount" or not isinstance(node, str):
            text = f"{where}: '{node}' is not a finite number"
        else:
            text = f"{where}: '{node}': {error.message()}"
        raise PydanticCustomError("table", "{text}", {"text": text}) from None


Cells = Annotated[
    tuple[Any, ...],
    BeforeValidator(_read),
    WithJsonSchema({"type": "array", "items": {}}),
]


class StrategicSection(BaseModel):
    """Actors with their strategies, and nested payoff cells.

    Parameters
    ----------
    actors
        Per actor its strategies, in order.
    payoffs
        Rows of cells, one level of nesting an actor; a cell lists one payoff per actor.

    Examples
    --------
    >>> game = StrategicSection(actors={"row": ["a"], "column": ["l", "r"]},
    ...                         payoffs=[[[1, 2], ["1/3", 0]]])
    >>> game.tables()[0]
    array([[Fraction(1, 1), Fraction(1, 3)]], dtype=object)
    """

    model_config = STRICT

    actors: Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(min_length=1)
    payoffs: Cells

    @model_validator(mode="after")
    def _shaped(self) -> StrategicSection:
        for actor, menu in self.actors.items():
            for label, times in Counter(menu).items():
                if times > 1:
                    text = f"actors.{actor}: '{label}' is listed {times} times"
                    raise PydanticCustomError("label", "{text}", {"text": text})
        sizes = [*map(len, self.actors.values()), len(self.actors)]
        if np.prod([float(size) for size in sizes]) > MAX_PAYOFFS:
            raise PydanticCustomError("size", f"the table has more than {MAX_PAYOFFS:,} payoffs")
        _check(self.payoffs, sizes, [*self.actors, "payoffs of one cell"], "payoffs")
        return self

    def expressions(self) -> tuple[Expression, ...]:
        """The payoffs that depend on parameters, or are written as if they did."""
        return tuple(cell for cell in self._cells().flat if isinstance(cell, Expression))

    def tables(self, values: Mapping[str, float] | None = None) -> np.ndarray[Any, np.dtype[Any]]:
        """Payoffs as fractions, shape ``(actors, *moves)``, at some values of the parameters."""
        known, out = values or {}, self._cells()
        for place in self._written(out):
            out[place] = exact_amount(out[place], known, _path(place))
        return np.asarray(np.moveaxis(out, -1, 0))

    def batch(self, values: Mapping[str, ArrayLike]) -> FloatArray:
        """Payoffs at a whole batch of parameter values, shape ``(actors, *moves, batch)``."""
        size = max((np.size(value) for value in values.values()), default=1)
        cells = self._cells()
        written = self._written(cells)
        plain = cells.copy()
        for place in written:
            plain[place] = 0
        out = np.repeat(plain.astype(np.float64)[..., None], size, axis=-1)
        for place in written:
            out[place] = evaluated(cells[place], values, _path(place))
        return np.moveaxis(out, -2, 0)

    def rational(self, values: Mapping[str, float]) -> bool:
        """Whether every payoff has an exact value at these parameters."""
        return all(is_rational(cell, values) for cell in self.expressions())

    def _cells(self) -> np.ndarray[Any, np.dtype[Any]]:
        """The cells as they are, shape ``(*moves, actors)``."""
        out = np.empty((*map(len, self.actors.values()), len(self.actors)), dtype=object)
        for place in np.ndindex(*out.shape[:-1]):
            cell: Any = self.payoffs
            for k in place:
                cell = cell[k]
            out[place] = cell
        return out

    @staticmethod
    def _written(cells: np.ndarray[Any, np.dtype[Any]]) -> list[tuple[int, ...]]:
        """The places of expressions among the cells."""
        return [place for place, cell in np.ndenumerate(cells) if isinstance(cell, Expression)]


def _path(place: tuple[int, ...]) -> str:
    return "strategic.payoffs" + "".join(f"[{k}]" for k in place)


def _check(node: Any, sizes: list[int], names: list[str], where: str) -> None:
    if not sizes:
        if isinstance(node, list | tuple):
            raise PydanticCustomError("table", f"{where}: a payoff is needed, found a list")
        return
    if not isinstance(node, list | tuple) or len(node) != sizes[0]:
        found = len(node) if isinstance(node, list | tuple) else "no list"
        raise PydanticCustomError(
            "table", f"{where}: {sizes[0]} entries needed for {names[0]}, found {found}"
        )
    for k, child in enumerate(node):
        _check(child, sizes[1:], names[1:], f"{where}[{k}]")
