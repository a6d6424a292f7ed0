"""Intervals of a line as solutions.

Definition. A concept on one dimension is an interval (or a point); its ends are the members.

Array convention. Points are plain numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.errors import NotDefinedError, UsageError
from sim.games.spatial import SpatialGame
from sim.games.spatial_field import SpatialField
from sim.results import Region, Solution


def require_line(game: object, concept: str) -> None:
    """Refuse a space of several dimensions.

    Raises
    ------
    NotDefinedError
        If the game is not on a line.
    """
    if not isinstance(game, SpatialGame):
        raise NotDefinedError(
            f"{concept} is defined on one dimension; in several ask for condorcet_election, "
            "veto_winset or agenda_setter"
        )


def interval_solution(
    game: SpatialGame,
    concept: str,
    low: float,
    high: float,
    *,
    empty: str,
    parameters: Mapping[str, Any] | None = None,
) -> Solution:
    """The interval ``[low, high]`` by its ends; one member if they are equal, none if reversed."""
    asked = {} if game.status_quo is None else {"status_quo": game.status_quo}
    members: tuple[Region, ...] = ()
    if low <= high + game.slack:
        ends = (low,) if high - low <= game.slack else (low, high)
        members = tuple(_point(game, x, low, max(low, high)) for x in ends)
    return Solution(
        concept=concept,
        members=members,
        exhaustive=True,
        parameters={**asked, **(parameters or {})},
        note=_note(game, members, low, high, empty),
    )


def _note(
    game: SpatialGame, members: tuple[Region, ...], low: float, high: float, empty: str
) -> str:
    if not members:
        return empty
    where = ""
    if game.status_quo is not None:
        inside = low - game.slack <= game.status_quo <= high + game.slack
        where = f"; the status quo is {'inside' if inside else 'outside'}"
    ends = f"from {low:.12g} to {high:.12g}"
    return f"every point {ends}{where}" if len(members) == 2 else f"one point{where}"


def _point(game: SpatialGame, x: float, low: float, high: float) -> Region:
    return Region(
        payoffs=game.payoffs(x),
        agreement=f"{x:.12g}",
        extra={"position": float(x), "interval": [float(low), float(high)]},
    )


def accepted_interval(game: SpatialGame, actor: int) -> tuple[float, float]:
    """The points that an actor likes at least as much as the status quo, or that it states."""
    stated = game.accepts[actor]
    if not np.isnan(stated).any():
        return float(stated[0]), float(stated[1])
    ideal = float(game.ideals((actor,))[0])
    mirror = 2.0 * ideal - game.base()
    return min(game.base(), mirror), max(game.base(), mirror)


def weighted(game: SpatialGame) -> tuple[FloatArray, FloatArray]:
    """Ideal points in ascending order and their weights."""
    if game.weights.sum() <= 0.0:
        raise UsageError("the weights (capability times salience) sum to 0")
    order = np.argsort(game.ideals(), kind="stable")
    return game.positions[order], game.weights[order]


def point_solution(
    field: SpatialField, concept: str, points: Sequence[FloatArray], note: str, **asked: Any
) -> Solution:
    """Points of a space of several dimensions as a solution."""
    members = tuple(
        Region(
            payoffs=field.payoffs(x),
            agreement=f"({', '.join(f'{c + 0.0:.6g}' for c in x)})",
            extra={"position": [float(c) for c in x]},
        )
        for x in points
    )
    return Solution(
        concept=concept,
        members=members,
        exhaustive=True,
        parameters={"status_quo": field.base().tolist(), **asked},
        note=note,
    )


def accepted_balls(field: SpatialField, who: Sequence[int]) -> tuple[FloatArray, FloatArray]:
    """What some actors like at least as much as the status quo: centres and radii of balls."""
    centres = field.ideals[list(who)]
    return centres, np.linalg.norm(centres - field.base(), axis=1)
