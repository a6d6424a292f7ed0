"""The ``spatial`` section of a file: actors with positions on one dimension.

Example::

    spatial:
      dimension: years of delay before the standards apply
      scale: [4, 10]
      actors:
        netherlands: {position: 4, capability: 0.08, salience: 0.8}
        france: {position: 10, capability: 0.16, salience: 0.6}
      status_quo: 10
      veto: [netherlands, france]     # whose consent is needed (veto_winset, veto_core: everybody's
                                      # without this line)
      setter: netherlands             # who makes the proposal (agenda_setter)
      quota: 2                        # votes that pass it; without this line a majority, or only
                                      # the consent of the veto players where there are some

An actor may have ``accepts: [low, high]`` instead of, or besides, a position. A number may be an
expression in the file's parameters.

In several dimensions every position is a list, and so are the status quo, a salience by dimension,
the names under ``dimension`` and the ends under ``scale``::

      dimension: [islands, economy]
      scale: [[0, 100], [0, 100]]
      actors:
        tokyo: {position: [80, 40], capability: 60, salience: [50, 20]}
      status_quo: [0, 10]

A table beside the file may hold the actors (:mod:`sim.loading.actors_csv`)::

      actors: blocs.csv
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from sim.constraints.base import STRICT, Formula
from sim.expressions import Expression

Point = tuple[Formula, ...] | Formula
"""A number, or one for each dimension."""


class SpatialActor(BaseModel):
    """One actor on the dimension.

    Parameters
    ----------
    position
        Its ideal point.
    accepts
        The points it accepts, from the lowest to the highest, if known.
    capability, salience
        Influence it has, and the share of it that it spends on this issue; their product weighs it.
    note, source
        For people.
    """

    model_config = STRICT

    position: Point | None = None
    accepts: tuple[Formula, Formula] | None = None
    capability: Formula | None = None
    salience: Point | None = None
    note: str = ""
    source: str = ""

    @model_validator(mode="after")
    def _placed(self) -> SpatialActor:
        if self.position is None and self.accepts is None:
            raise PydanticCustomError(
                "position", "an actor needs a position or accepts: [low, high]"
            )
        return self


class SpatialSection(BaseModel):
    """Actors on a line, with a status quo and a rule of decision where there is one.

    Parameters
    ----------
    actors
        By name, each with its position.
    dimension
        What is measured; a list of names in several dimensions.
    scale
        From where to where; a pair for each dimension.
    status_quo
        What holds if nothing is decided.
    veto
        Whose consent is needed (``veto_winset``, ``veto_core``: everybody's where absent).
    setter
        Who makes the proposal (``agenda_setter``).
    quota
        Votes that pass it; a majority where absent, or only the consent of those with a veto.

    Examples
    --------
    >>> section = SpatialSection(actors={"a": {"position": 0.2}}, status_quo=0.5)
    >>> [path for path, number in section.numbers()]
    ['status_quo', 'actors.a.position']
    """

    model_config = STRICT

    actors: Mapping[str, SpatialActor] = Field(min_length=1)
    dimension: str | tuple[str, ...] = ""
    scale: tuple[tuple[Formula, Formula], ...] | tuple[Formula, Formula] | None = None
    status_quo: Point | None = None
    veto: tuple[str, ...] = ()
    setter: str | None = None
    quota: StrictInt | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _known(self) -> SpatialSection:
        for path, name in [("setter", self.setter), *(("veto", name) for name in self.veto)]:
            if name is not None and name not in self.actors:
                raise PydanticCustomError(
                    "actor", "{path}: unknown actor '{name}'", {"path": path, "name": name}
                )
        return self

    @model_validator(mode="after")
    def _same_dimensions(self) -> SpatialSection:
        size = self.dimensions
        points = {"status_quo": self.status_quo} | {
            f"actors.{name}.{key}": getattr(actor, key)
            for name, actor in self.actors.items()
            for key in ("position", "salience")
        }
        for path, point in points.items():
            found = 1 if isinstance(point, Expression) else len(point or ())
            if size == 1 and isinstance(point, tuple):
                raise _wrong(path, "a number is needed: there is one dimension")
            shared = path.endswith("salience") and isinstance(point, Expression)
            if point is not None and not shared and found != size:
                raise _wrong(path, f"{size} numbers are needed, one for each dimension")
        nested = self.scale is not None and isinstance(self.scale[0], tuple)
        if self.scale is not None and (
            nested != (size > 1) or (nested and len(self.scale) != size)
        ):
            raise _wrong("scale", "the ends [low, high] of each dimension are needed")
        if not isinstance(self.dimension, str) and len(self.dimension) != size:
            raise _wrong("dimension", f"{size} names are needed, one for each dimension")
        return self

    @property
    def dimensions(self) -> int:
        """Number of dimensions: that of the first position."""
        first = next((a.position for a in self.actors.values() if a.position is not None), None)
        return len(first) if isinstance(first, tuple) else 1

    def numbers(self) -> Iterator[tuple[str, Expression]]:
        """Every number of the section by its path below ``spatial``."""
        yield from _numbered("scale", self.scale)
        yield from _numbered("status_quo", self.status_quo)
        for name, actor in self.actors.items():
            for key in ("position", "capability", "salience", "accepts"):
                yield from _numbered(f"actors.{name}.{key}", getattr(actor, key))


def _numbered(path: str, node: Any) -> Iterator[tuple[str, Expression]]:
    if isinstance(node, Expression):
        yield path, node
        return
    for k, inner in enumerate(node or ()):
        yield from _numbered(f"{path}.{k}", inner)


def _wrong(path: str, message: str) -> PydanticCustomError:
    return PydanticCustomError("spatial", "{text}", {"text": f"{path}: {message}"})
