"""The ``division`` section of a file: points that two actors put on the items in dispute.

Example::

    division:
      actors: [israel, egypt]
      items:
        sinai: {israel: 35, egypt: 55}
        jerusalem: {israel: 65, egypt: 45}

Each actor's points must have the same sum. A number may be an expression in the file's parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from sim.constraints.base import STRICT, Formula
from sim.expressions import Expression


class DivisionSection(BaseModel):
    """Two actors and what each item is worth to them.

    Parameters
    ----------
    actors
        The two of them.
    items
        Per item the points that each actor gives it.

    Examples
    --------
    >>> section = DivisionSection(actors=("a", "b"), items={"land": {"a": 100, "b": 100}})
    >>> [path for path, number in section.numbers()]
    ['items.land.a', 'items.land.b']
    """

    model_config = STRICT

    actors: tuple[str, ...] = Field(min_length=2, max_length=2)
    items: Mapping[str, Mapping[str, Formula]] = Field(min_length=1)

    @model_validator(mode="after")
    def _complete(self) -> DivisionSection:
        for item, points in self.items.items():
            if set(points) != set(self.actors):
                raise PydanticCustomError(
                    "points",
                    "items.{item}: points of exactly {actors} are needed",
                    {"item": item, "actors": " and ".join(self.actors)},
                )
        return self

    def numbers(self) -> Iterator[tuple[str, Expression]]:
        """Every number of the section by its path below ``division``."""
        for item, points in self.items.items():
            for actor in self.actors:
                yield f"items.{item}.{actor}", points[actor]
