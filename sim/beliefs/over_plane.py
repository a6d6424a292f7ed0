"""Over two parameters, in what share of draws of all others a treaty is feasible.

Definition. At every point of a grid over two parameters all other parameters with a range are drawn, the same
draws at each point: those that a record was fitted to from the draws that fit it, the others by the file's
own laws; what the scenario sets stays where it is set. The share is that of the draws with a margin above 0.
Where one draw has a sharp line between yes and no, the shares show how far that line moves.

Array convention. Shares have shape ``(ny, nx)``, rows along ``y``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim._kernels.tolerance import FloatArray
from sim.beliefs.drawn_points import drawn_points
from sim.beliefs.record_beliefs import Beliefs
from sim.feasibility import evaluate_all, prepare
from sim.feasibility.evaluate import Problem
from sim.scenario import Scenario

POINTS = 1 << 16
"""Points that are solved at a time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlaneShare:
    """Over two parameters the share of draws in which a treaty is feasible.

    Parameters
    ----------
    x, y
        Dotted paths of the two parameters.
    x_values, y_values
        Grid values, shapes ``(nx,)`` and ``(ny,)``.
    share
        Shape ``(ny, nx)``.
    draws
        How many there are.
    fitted
        Whether the draws fit a record.
    """

    x: str
    y: str
    x_values: FloatArray
    y_values: FloatArray
    share: FloatArray
    draws: int
    fitted: bool


def over_plane(
    scenario: Scenario,
    x: str,
    y: str,
    *,
    x_values: Sequence[float] | FloatArray,
    y_values: Sequence[float] | FloatArray,
    draws: int = 128,
    seed: int = 0,
    beliefs: Beliefs | None = None,
) -> PlaneShare:
    """In what share of draws of all other parameters a treaty is feasible, over two parameters.

    Parameters
    ----------
    scenario
        A dispute.
    x, y
        Dotted paths of the two parameters.
    x_values, y_values
        Where along them.
    draws, seed
        How many draws of the others, and their seed.
    beliefs
        Draws that fit a record, for the parameters that it moves.

    Raises
    ------
    UsageError
        If a path is unknown or decides which agreements exist, or the beliefs are of other parameters.

    Examples
    --------
    >>> import sim
    >>> s = sim.loads(
    ...     "{parameters: {p: {value: 1, range: [0, 1]}, q: 0, r: 0},"
    ...     " issues: {peace: {no: {}, yes: {signed: 1}}}, outcomes: {treaty: signed},"
    ...     " actors: {a: {role: principal}, b: {role: principal}},"
    ...     " payoffs: {a: {x: (q - p)*signed}, b: {x: (1 + r)*signed}}}"
    ... )
    >>> found = over_plane(s, "q", "r", x_values=[-1, 0.5, 2], y_values=[0, 1])
    >>> found.share[:, [0, 2]].tolist(), bool(abs(found.share[0, 1] - 0.5) < 0.1)
    ([[0.0, 1.0], [0.0, 1.0]], True)
    """
    across, up = np.asarray(x_values, dtype=np.float64), np.asarray(y_values, dtype=np.float64)
    paths, drawn = drawn_beside(scenario, (x, y), draws, seed, beliefs)
    problem = prepare(scenario, [x, y, *paths])
    grid = np.stack([np.tile(across, len(up)), np.repeat(up, len(across))])
    share = feasible_share(problem, grid, drawn).reshape(len(up), len(across))
    return PlaneShare(
        x=x,
        y=y,
        x_values=across,
        y_values=up,
        share=share,
        draws=draws,
        fitted=beliefs is not None,
    )


def feasible_share(problem: Problem, grid: FloatArray, drawn: FloatArray) -> FloatArray:
    """At every point of a grid, ``(parameters, points)``, the share of draws with a margin above 0."""
    yes = np.zeros(grid.shape[1])
    step = max(1, POINTS // grid.shape[1])
    for first in range(0, drawn.shape[1], step):
        some = drawn[:, first : first + step]
        theta = np.concatenate(
            [np.tile(grid, some.shape[1]), np.repeat(some, grid.shape[1], axis=1)]
        )
        margin = evaluate_all(problem, theta).ladder.margin
        yes += (margin > 0).reshape(some.shape[1], -1).sum(axis=0)
    return np.asarray(yes / drawn.shape[1])


def drawn_beside(
    scenario: Scenario, axes: Sequence[str], draws: int, seed: int, beliefs: Beliefs | None
) -> tuple[list[str], FloatArray]:
    """The paths of everything that is drawn, and the draws, shape ``(paths, draws)``."""
    if beliefs is not None:
        beliefs.require_same(scenario)
    paths, points = drawn_points(scenario, axes, draws, seed, beliefs)
    return list(paths), points(0, draws)
