"""Spatial games in several dimensions: ideal points, influence, salience by dimension.

Definition. Actor ``i`` with ideal point ``x_i`` likes a point the better the nearer it is, by Euclidean
distance; a forecast weighs each dimension by the actor's salience and measures it in units of the
dimension's scale. The status quo holds unless it is replaced.

Array convention. One game: points have shape ``(dimensions,)``, ideal points and salience
``(actors, dimensions)``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import UsageError
from sim.games.spatial import SpatialGame, known_numbers
from sim.scenario.sections.spatial import SpatialSection


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpatialField:
    """Actors in a space of one or more dimensions.

    Parameters
    ----------
    actors
        Names, in order.
    ideals
        Ideal points, shape ``(actors, dimensions)``.
    capability
        Influence per actor, shape ``(actors,)``, not negative.
    salience
        Weight that an actor gives to each dimension, shape ``(actors, dimensions)``.
    span
        Length of each dimension's scale, shape ``(dimensions,)``, positive.
    status_quo
        The point that holds without agreement, or ``None``.
    veto, setter, quota
        As in :class:`sim.games.spatial.SpatialGame`.
    title
        For messages.

    Raises
    ------
    UsageError
        If a shape or a number makes no sense.
    """

    actors: tuple[str, ...]
    ideals: FloatArray
    capability: FloatArray
    salience: FloatArray
    span: FloatArray
    status_quo: FloatArray | None = None
    veto: tuple[int, ...] = ()
    setter: int | None = None
    quota: int | None = None
    title: str = ""

    def __post_init__(self) -> None:
        if self.salience.shape != self.ideals.shape or len(self.actors) != len(self.ideals):
            raise UsageError("every actor needs a number for each dimension")
        numbers = (self.ideals, self.capability, self.salience, self.span)
        if not all(np.isfinite(part).all() for part in numbers):
            raise UsageError("a number of the space is not finite")
        if (self.capability < 0.0).any() or (self.salience < 0.0).any():
            raise UsageError("capability and salience must not be negative")
        if not self.capability.sum() > 0.0 or not (self.salience.sum(axis=1) > 0.0).all():
            raise UsageError("some capability, and some salience of every actor, must be above 0")

    @property
    def dimensions(self) -> int:
        """Number of dimensions."""
        return int(self.ideals.shape[1])

    def base(self) -> FloatArray:
        """The status quo, which must be given."""
        if self.status_quo is None:
            raise UsageError("this concept needs a status quo: add `status_quo:`")
        return self.status_quo

    def payoffs(self, point: FloatArray) -> dict[str, float]:
        """Every actor's payoff at a point: less its distance."""
        far = np.linalg.norm(self.ideals - point, axis=1)
        return {actor: -float(d) for actor, d in zip(self.actors, far, strict=True)}


def spatial_field(
    section: SpatialSection, values: Mapping[str, float] | None = None, *, title: str = ""
) -> SpatialField:
    """The space that a ``spatial`` section of a file describes.

    Examples
    --------
    >>> section = SpatialSection(actors={"a": {"position": [0, 1]}, "b": {"position": [2, 1]}})
    >>> spatial_field(section).ideals
    array([[0., 1.],
           [2., 1.]])
    """
    known = known_numbers(section, dict(values or {}))
    names, size = tuple(section.actors), section.dimensions
    for name in names:
        if section.actors[name].accepts is not None:
            raise UsageError(f"spatial.actors.{name}: `accepts` belongs to one dimension")

    def numbers(path: str, otherwise: float) -> list[float]:
        if size == 1:
            return [known.get(path, otherwise)]
        shared = known.get(path, otherwise)
        return [known.get(f"{path}.{k}", shared) for k in range(size)]

    ideals = np.array([numbers(f"actors.{n}.position", np.nan) for n in names])
    low, high = (
        [known.get(f"scale.{k}.{end}" if size > 1 else f"scale.{end}", np.nan) for k in range(size)]
        for end in (0, 1)
    )
    span = np.array(high) - np.array(low)
    widest = np.ptp(ideals, axis=0)
    start = numbers("status_quo", np.nan)
    return SpatialField(
        actors=names,
        ideals=ideals,
        capability=np.array([known.get(f"actors.{n}.capability", 1.0) for n in names]),
        salience=np.array([numbers(f"actors.{n}.salience", 1.0) for n in names]),
        span=np.where(np.isnan(span), np.where(widest > 0.0, widest, 1.0), span),
        status_quo=None if np.isnan(start).any() else np.array(start),
        veto=tuple(map(names.index, section.veto)),
        setter=None if section.setter is None else names.index(section.setter),
        quota=section.quota,
        title=title,
    )


def as_field(game: SpatialGame | SpatialField) -> SpatialField:
    """A game on a line as a space of one dimension."""
    if isinstance(game, SpatialField):
        return game
    width = game.bounds[1] - game.bounds[0]
    spread = float(np.ptp(game.ideals()))
    return SpatialField(
        actors=game.actors,
        ideals=game.ideals()[:, None],
        capability=game.weights if game.capability is None else game.capability,
        salience=np.ones((len(game.actors), 1)),
        span=np.array([width if np.isfinite(width) and width > 0.0 else spread or 1.0]),
        status_quo=None if game.status_quo is None else np.array([game.status_quo]),
        veto=game.veto,
        setter=game.setter,
        quota=game.quota,
        title=game.title,
    )
