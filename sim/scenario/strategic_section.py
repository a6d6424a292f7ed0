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
``1/3``, taken exactly: ``0.1`` is one tenth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

MAX_PAYOFFS = 10_000_000


class StrategicSection(BaseModel):
    """Actors with their strategies, and nested payoff cells.

    Examples
    --------
    >>> game = StrategicSection(actors={"row": ["a"], "column": ["l", "r"]},
    ...                         payoffs=[[[1, 2], ["1/3", 0]]])
    >>> game.tables()[0]
    array([[Fraction(1, 1), Fraction(1, 3)]], dtype=object)
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    actors: Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]] = Field(min_length=1)
    payoffs: list[Any]

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

    def tables(self) -> np.ndarray[Any, np.dtype[Any]]:
        """Payoffs as fractions, shape ``(actors, *moves)``."""
        raw = np.array(self.payoffs, dtype=object)
        exact = np.vectorize(_exact, otypes=[object])(raw)
        return np.asarray(np.moveaxis(exact, -1, 0))


def _exact(cell: Any) -> Fraction:
    """A payoff at the decimal that the file gives, not at the double nearest to it."""
    return Fraction(str(cell) if isinstance(cell, float) else cell)


def _check(node: Any, sizes: list[int], names: list[str], where: str) -> None:
    if not sizes:
        _check_number(node, where)
        return
    if not isinstance(node, list | tuple) or len(node) != sizes[0]:
        found = len(node) if isinstance(node, list | tuple) else "no list"
        raise PydanticCustomError(
            "table", f"{where}: {sizes[0]} entries needed for {names[0]}, found {found}"
        )
    for k, child in enumerate(node):
        _check(child, sizes[1:], names[1:], f"{where}[{k}]")


def _check_number(node: Any, where: str) -> None:
    try:
        _exact(node)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        raise PydanticCustomError("table", f"{where}: '{node}' is no finite number") from None
