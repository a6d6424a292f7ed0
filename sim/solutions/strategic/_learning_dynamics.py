"""What the learning and evolutionary dynamics of two actors share.

A dynamic is a story of how play moves, not a solution: where it ends need not be an equilibrium, so
the status is ``partial`` and the regret of the final profile says how far it is from one.

Array convention. Payoff matrices of one game, shape ``(rows, columns)`` each.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from sim._kernels.tolerance import FloatArray, spread
from sim.errors import NotDefinedError, UsageError
from sim.games.strategic import StrategicGame, expected_payoffs, named, regret
from sim.results import Solution, Status, StrategyProfile

LARGEST_WHOLE = 2**53
"""Whole numbers below it are exact in doubles."""


def two_actors(game: StrategicGame, concept: str) -> None:
    """Refuse games with any other number of actors, and name concepts that take them."""
    if len(game.actors) != 2:
        raise NotDefinedError(
            f"{concept} is defined on two actors, the game has {len(game.actors)}; "
            "ask for quantal_response, mixed_nash or correlated"
        )


def at_least(value: float, least: float, name: str) -> None:
    """Refuse an option that is not a number or too small."""
    if not value >= least:
        raise UsageError(f"{name} must be at least {least:g}, not {value}")


def in_spreads(game: StrategicGame) -> tuple[FloatArray, FloatArray]:
    """Both matrices from 0 to 1, so that positive affine rescaling changes nothing.

    Examples
    --------
    >>> in_spreads(StrategicGame.from_bimatrix([[10, 30]], [[5, 5]]))
    (array([[0., 1.]]), array([[0., 0.]]))
    """
    width = spread(game.payoffs)[:, 0]
    row, column = (
        (table - table.min()) / (wide if wide > 0.0 else 1.0)
        for table, wide in zip(game.table(), width, strict=True)
    )
    return row, column


def in_wholes(game: StrategicGame, rounds: int) -> tuple[FloatArray, FloatArray]:
    """Both matrices as whole numbers where they are rational, so that sums of payoffs tie exactly.

    A matrix whose common denominator is too large for exact sums over the rounds is in spreads.

    Examples
    --------
    >>> game = StrategicGame.from_tables([[["1/3", "1/2"]], [[7, 5]]])
    >>> in_wholes(game, 1000)
    (array([[0., 1.]]), array([[2., 0.]]))
    """
    row, column = (
        _whole(exact, rounds, fallback)
        for exact, fallback in zip(game.fractions(), in_spreads(game), strict=True)
    )
    return row, column


def _whole(exact: Any, rounds: int, fallback: FloatArray) -> FloatArray:
    values: list[Fraction] = [Fraction(v) for v in (exact - exact.min()).ravel()]
    common = lcm(*(value.denominator for value in values))
    if max(values) * common * rounds >= LARGEST_WHOLE:
        return fallback
    return np.array([float(value * common) for value in values]).reshape(exact.shape)


def outcome(
    game: StrategicGame,
    concept: str,
    mixes: tuple[FloatArray, FloatArray],
    parameters: Mapping[str, Any],
    *,
    status: Status = "partial",
    note: str,
) -> Solution:
    """The final profile of a dynamic as a solution, with its regret in payoff units."""
    payoffs = expected_payoffs(game, mixes).tolist()
    member = StrategyProfile(
        strategies=named(game, mixes),
        payoffs=dict(zip(game.actors, payoffs, strict=True)),
        regret=regret(game, mixes),
    )
    return Solution(
        concept=concept, members=(member,), status=status, parameters=parameters, note=note
    )
