"""Spatial games: actors with ideal points on one dimension.

Definition. Actor ``i`` with ideal point ``x_i`` values a point ``x`` at ``-|x - x_i|``: symmetric
single-peaked preferences. The status quo ``q`` holds unless it is replaced. An actor may instead be
described by the interval of points it accepts.

Array convention. One game: positions have shape ``(actors,)``, intervals ``(actors, 2)``. There is
no batch axis.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import RELATIVE, FloatArray
from sim.errors import UsageError
from sim.games.files.finite import finite
from sim.scenario.sections.spatial import SpatialSection


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpatialGame:
    """Actors on a line.

    Parameters
    ----------
    actors
        Names, in order.
    positions
        Ideal points, shape ``(actors,)``; NaN for an actor known by its interval alone.
    status_quo
        The point that holds without agreement, or ``None``.
    weights
        Influence per actor, for example capability times salience; shape ``(actors,)``, not
        negative.
    accepts
        Interval that an actor accepts, shape ``(actors, 2)``; NaN where its ideal point says it.
    veto
        Indices of the actors whose consent is needed; all of them if empty.
    setter
        Index of the actor that makes the proposal, or ``None``.
    quota
        Votes that pass a proposal, or ``None``: a majority.
    bounds
        Ends of the dimension; infinite if it has none.
    capability
        Influence per actor without salience, where the file gives it apart; shape ``(actors,)``.
    title
        For messages.

    Raises
    ------
    UsageError
        If a shape, a weight, an interval or an index makes no sense.

    Examples
    --------
    >>> game = SpatialGame.on_line([0.2, 0.8], status_quo=0.9)
    >>> game.payoffs(0.5)
    {'actor 1': -0.3, 'actor 2': -0.30000000000000004}
    """

    actors: tuple[str, ...]
    positions: FloatArray
    status_quo: float | None
    weights: FloatArray
    accepts: FloatArray
    veto: tuple[int, ...] = ()
    setter: int | None = None
    quota: int | None = None
    bounds: tuple[float, float] = (-np.inf, np.inf)
    capability: FloatArray | None = None
    title: str = ""

    def __post_init__(self) -> None:
        size = len(self.actors)
        shapes = (self.positions.shape, self.weights.shape, self.accepts.shape)
        if not size or shapes != ((size,), (size,), (size, 2)):
            raise UsageError(f"arrays of shapes {shapes} do not fit {size} actors")
        if np.isinf(self.positions).any() or np.isinf(self.accepts).any():
            raise UsageError("a position is not finite")
        if not (np.isfinite(self.weights).all() and (self.weights >= 0.0).all()):
            raise UsageError("weights must be finite and not negative")
        if (self.accepts[:, 0] > self.accepts[:, 1]).any() or self.bounds[0] > self.bounds[1]:
            raise UsageError("an interval runs from its lower to its upper end")
        if self.quota is not None and self.quota < 1:
            raise UsageError("the quota must be at least one vote")

    @classmethod
    def on_line(
        cls,
        positions: list[float],
        *,
        actors: tuple[str, ...] = (),
        status_quo: float | None = None,
        weights: list[float] | None = None,
        setter: int | None = None,
        quota: int | None = None,
    ) -> SpatialGame:
        """A game from ideal points alone."""
        size = len(positions)
        return cls(
            actors=actors or tuple(f"actor {i + 1}" for i in range(size)),
            positions=np.array(positions, dtype=np.float64),
            status_quo=status_quo,
            weights=np.ones(size) if weights is None else np.array(weights, dtype=np.float64),
            accepts=np.full((size, 2), np.nan),
            setter=setter,
            quota=quota,
        )

    @property
    def slack(self) -> float:
        """The largest difference of positions that counts as none."""
        known = np.concatenate([self.positions, self.accepts.ravel(), [self.start]])
        return RELATIVE * float(np.nanmax(known) - np.nanmin(known))

    @property
    def start(self) -> float:
        """The status quo, NaN where there is none."""
        return np.nan if self.status_quo is None else self.status_quo

    def ideals(self, who: tuple[int, ...] = ()) -> FloatArray:
        """Ideal points of some actors (all if none are named); each must have one."""
        points = self.positions[list(who)] if who else self.positions
        if np.isnan(points).any():
            raise UsageError("this concept needs the ideal point (position) of every actor in it")
        return points

    def base(self) -> float:
        """The status quo, which must be given."""
        if self.status_quo is None:
            raise UsageError("this concept needs a status quo: add `status_quo:`")
        return float(self.status_quo)

    def payoffs(self, x: float) -> dict[str, float]:
        """Every actor's payoff at a point, those without an ideal point left out."""
        pairs = zip(self.actors, self.positions, strict=True)
        return {actor: -abs(float(x - p)) for actor, p in pairs if not np.isnan(p)}


def spatial_game(
    section: SpatialSection, values: Mapping[str, float] | None = None, *, title: str = ""
) -> SpatialGame:
    """The game that a ``spatial`` section of a file describes.

    Parameters
    ----------
    section
        The section.
    values
        The file's parameters by dotted path, for numbers written as expressions.

    Raises
    ------
    UsageError
        If an expression names an unknown parameter; the message has the path.

    Examples
    --------
    >>> section = SpatialSection(actors={"a": {"position": "low"}, "b": {"position": 0.8}})
    >>> spatial_game(section, {"low": 0.2}).positions
    array([0.2, 0.8])
    """
    known = known_numbers(section, dict(values or {}))
    names = tuple(section.actors)
    size = len(names)
    of = {name: f"actors.{name}" for name in names}
    return SpatialGame(
        actors=names,
        positions=np.array([known.get(f"{of[n]}.position", np.nan) for n in names]),
        status_quo=known.get("status_quo"),
        weights=np.array(
            [
                known.get(f"{of[n]}.capability", 1.0) * known.get(f"{of[n]}.salience", 1.0)
                for n in names
            ]
        ),
        accepts=np.array(
            [[known.get(f"{of[n]}.accepts.{k}", np.nan) for k in (0, 1)] for n in names]
        ).reshape(size, 2),
        capability=np.array([known.get(f"{of[n]}.capability", 1.0) for n in names]),
        veto=tuple(map(names.index, section.veto)),
        setter=None if section.setter is None else names.index(section.setter),
        quota=section.quota,
        bounds=(known.get("scale.0", -np.inf), known.get("scale.1", np.inf)),
        title=title,
    )


def known_numbers(section: SpatialSection, values: Mapping[str, float]) -> dict[str, float]:
    """The numbers of a section by their path below ``spatial``, evaluated."""
    numbers = section.numbers()
    return {path: float(finite(formula, values, f"spatial.{path}")) for path, formula in numbers}
