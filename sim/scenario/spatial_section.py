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
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel, ConfigDict, Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from sim.constraints.base import Formula
from sim.expressions import Expression


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

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    position: Formula | None = None
    accepts: tuple[Formula, Formula] | None = None
    capability: Formula | None = None
    salience: Formula | None = None
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

    Examples
    --------
    >>> section = SpatialSection(actors={"a": {"position": 0.2}}, status_quo=0.5)
    >>> [path for path, number in section.numbers()]
    ['status_quo', 'actors.a.position']
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    actors: Mapping[str, SpatialActor] = Field(min_length=1)
    dimension: str = ""
    scale: tuple[Formula, Formula] | None = None
    status_quo: Formula | None = None
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

    def numbers(self) -> Iterator[tuple[str, Expression]]:
        """Every number of the section by its path below ``spatial``."""
        yield from _numbered("scale", self.scale)
        if self.status_quo is not None:
            yield "status_quo", self.status_quo
        for name, actor in self.actors.items():
            for key in ("position", "capability", "salience"):
                formula = getattr(actor, key)
                if formula is not None:
                    yield f"actors.{name}.{key}", formula
            yield from _numbered(f"actors.{name}.accepts", actor.accepts)


def _numbered(
    path: str, pair: tuple[Expression, Expression] | None
) -> Iterator[tuple[str, Expression]]:
    for k, formula in enumerate(pair or ()):
        yield f"{path}.{k}", formula
